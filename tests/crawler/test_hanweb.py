"""Whole crawls of Hanweb portals against their replicas: every report found, nothing else, no real host reached."""

from __future__ import annotations

import os
import subprocess
import sys
import urllib.error
import urllib.request
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.archive import Archive, digest_of
from crawler.portals import HERE, load
from crawler.replica import Answer, Asked, Site, serve
from crawler.replica.demo import demo
from crawler.replica.hanweb import MODULE, Hanweb, Organ, site
from crawler.runs import crawl, last
from tests.crawler.conftest import FAST, Run

YUEQING = (
    Organ("330382-nyncj", "乐清市农业农村局", "001008003013016", (2019, 2020, 2022), attached=frozenset({2022})),
    Organ("330382-fzhgj", "乐清市发展和改革局", None, (2020,), {2020: "/art/2021/1/27/art_1229663596_53214.html"}),
    Organ("330382101", "磐石镇", None, (2023, 2024), {2024: "/art/2025/1/17/art_1229850311_98105.html"}),
)
FURONG = Organ("330382105", "芙蓉镇人民政府", "001008003013995", (2019, 2020, 2023))  # this code is made up


def with_furong(folder: Path) -> Path:
    folder.mkdir()
    text = (HERE / "zhejiang.toml").read_text()
    line = '001008003013016 = "330382-nyncj"'
    assert line in text
    (folder / "zhejiang.toml").write_text(text.replace(line, f'{line}\n{FURONG.area} = "{FURONG.unit}"'))
    return folder


def urls(replica: Hanweb) -> set[str]:
    return {f"https://{replica.portal.host}{path}" for p in replica.reports for path in p.paths}


def test_yueqing_every_report_and_nothing_else(tmp_path: Path, run: Run) -> None:
    portals = with_furong(tmp_path / "portals")
    portal = load(portals)["yueqing"]
    replica = site(portal, [*YUEQING, FURONG], fillers=100)
    assert set(portal.seen) <= urls(replica)  # the addresses that are known to be real
    counts, proxy = run("yueqing", {portal.host: replica}, portals)

    archive = Archive(tmp_path / "archive")
    documents = {d.url: d for d in archive.documents()}
    assert documents.keys() == urls(replica)  # recall 100 %, false reports 0
    assert counts.ok and counts.reports == counts.new == len(documents) == 15
    windows = [path for method, _, path in proxy.log if method == "POST"]
    total = len(replica.columns["1229850311"])
    assert f"/module/web/jpage/dataproxy.jsp?startrecord=91&endrecord={total}&perpage=15" in windows
    assert {host for _, host, _ in proxy.log} == {portal.host}  # the copy on a foreign host was not followed

    for found in replica.reports:
        for path in found.paths:
            document = documents[f"https://{portal.host}{path}"]
            body = archive.read(document.digest)
            assert digest_of(body) == document.digest
            assert found.report.html.encode() in body
            assert (document.title, document.publisher) == (found.report.title, found.organ.name)
            assert document.published_on == found.day
            assert document.unit == (found.organ.unit if path.startswith(MODULE) else None)
            assert document.portal == "yueqing" and document.media_type == "text/html"
    twice = [d for d in documents.values() if d.title == replica.reports[-1].report.title]
    assert len(twice) == 2  # the article and the module's page
    assert documents[f"https://{portal.host}{replica.reports[2].file}"].name.endswith("年度报告.doc")


def test_the_module_in_the_five_forms_of_organ_codes(tmp_path: Path, run: Run) -> None:
    """Hierarchical, credit code, nine characters, legacy with a dash, eighteen figures; three years, one missing."""
    areas = ("001008003013016", "11371082004363095F", "004374579", "01251010-066", "113325000026455663")
    organs = [Organ(f"99010110{n}", f"第{n}镇", area, (2021, 2022, 2023)) for n, area in enumerate(areas)]
    organs[2] = replace(organs[2], years=(2021, 2023))
    swapped = "https://www.qingxi.test/module/xxgk/xxgkAnnualReport.jsp?fbtime=2023&area=004374579&showType=2"
    table = "\n".join(f'"{area}" = "{organ.unit}"' for area, organ in zip(areas, organs, strict=True))
    (tmp_path / "portals").mkdir()
    (tmp_path / "portals" / "demo.toml").write_text(
        '[qingxi]\nname = "清溪县"\ndivision = "990101"\nplatform = "hanweb"\nsince = 2021\n'
        f'start = ["https://www.qingxi.test/col/col1/index.html"]\nseen = ["{swapped}"]\n[qingxi.organs]\n{table}\n'
    )
    portal = load(tmp_path / "portals")["qingxi"]
    replica = site(portal, organs)
    counts, _ = run("qingxi", {portal.host: replica}, tmp_path / "portals")
    assert counts.ok
    documents = {d.url for d in Archive(tmp_path / "archive").documents()}
    assert documents == urls(replica) | {swapped} and len(documents) == 2 * 14 + 1


def test_demo_and_its_second_crawl(tmp_path: Path, run: Run) -> None:
    replica = demo()["www.qingxi.test"]
    counts, first = run("qingxi", {"www.qingxi.test": replica})
    archive = Archive(tmp_path / "archive")
    assert {d.url for d in archive.documents()} == urls(replica)
    assert counts.ok and counts.new == 24 and last(tmp_path, "qingxi") == counts

    again, second = run("qingxi", {"www.qingxi.test": replica})
    assert again.ok and again.new == 0 and again.reports == 24
    asked = [path for _, _, path in second.log if path != "/robots.txt"]
    assert not [p for p in asked if p.startswith("/art/")]  # no report a second time
    assert len(asked) == len(set(asked)) == len(first.log) - 1 - 12  # one request a list page
    assert len(Archive(tmp_path / "archive").warcs()) == 2


def test_a_second_crawl_asks_for_no_page_with_an_attachment(tmp_path: Path, run: Run) -> None:
    portal = load()["yueqing"]
    replica = site(portal, YUEQING)
    first, _ = run("yueqing", {portal.host: replica})
    second, proxy = run("yueqing", {portal.host: replica})
    assert first.ok and second.ok and second.new == 0 and second.reports == first.reports
    assert not [path for _, _, path in proxy.log if path.startswith(("/art/", "/module/download/"))]


def test_a_changed_frame_is_no_new_report_but_a_changed_body_is(tmp_path: Path, run: Run) -> None:
    whole = demo()["www.qingxi.test"]

    def edited(old: bytes, new: bytes) -> Site:
        return lambda asked: replace(answer := whole(asked), body=answer.body.replace(old, new))

    run("qingxi", {"www.qingxi.test": whole})
    frame, _ = run("qingxi", {"www.qingxi.test": edited(b"</body>", "<i>访问 17 次</i></body>".encode())})
    assert frame.ok and frame.new == 0
    body, _ = run("qingxi", {"www.qingxi.test": edited(b'<div id="zoom">', '<div id="zoom"><p>更正</p>'.encode())})
    assert body.new == 12  # the module's pages; articles are not asked for again
    archive = Archive(tmp_path / "archive")
    assert len({d.url for d in archive.documents()}) == 24 and len(list(archive.documents())) == 36


def test_a_server_that_obeys_only_page(tmp_path: Path, run: Run) -> None:
    portal = load()["qingxi"]
    replica = site(
        portal, [Organ("990101101", "双桥镇人民政府", None, tuple(range(2010, 2024)))], fillers=90, obeys_page=True
    )
    folder = tmp_path / "portals"
    folder.mkdir()
    (folder / "demo.toml").write_text((HERE / "demo.toml").read_text().partition("[qingxi.organs]")[0])
    counts, _ = run("qingxi", {portal.host: replica}, folder)
    assert {d.url for d in Archive(tmp_path / "archive").documents()} == urls(replica)
    assert counts.ok


def failing(status: int, body: bytes = b"") -> Site:
    return lambda asked: Answer(body, status)


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (failing(404), "col/col1229000001/index.html: answered 404"),
        (failing(200, b"<html><title>x</title><body>home</body></html>"), "neither rows nor columns here"),
    ],
)
def test_nothing_found_is_a_failure(run: Run, answer: Site, problem: str) -> None:
    counts, _ = run("qingxi", {"www.qingxi.test": answer})
    assert not counts.ok and counts.reports == 0
    assert any(problem in p for p in counts.problems)
    assert "qingxi: no report found" in counts.problems
    assert "qingxi: organ 001099001001101 (990101101): no report in any year" in counts.problems


@pytest.mark.parametrize(
    "answer",
    [
        failing(412),
        failing(521, b"<script>document.cookie='a=1'</script>"),
        failing(200, b"<html><script>go()</script></html>"),
    ],
)
def test_a_challenge_is_recorded_not_worked_around(tmp_path: Path, run: Run, answer: Site) -> None:
    list_page = "/col/col1229000001/index.html"
    whole = demo()["www.qingxi.test"]

    def guarded(asked: Asked) -> Answer:
        return answer(asked) if asked.path == list_page else whole(asked)

    counts, proxy = run("qingxi", {"www.qingxi.test": guarded})
    assert [url for _, url in counts.blocked] == [f"https://www.qingxi.test{list_page}"]
    assert not counts.ok and counts.reports == 12  # the module's pages
    assert [path for _, _, path in proxy.log].count(list_page) == 1


def test_a_document_that_is_not_recorded_is_a_failure(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook = tmp_path / "hook"
    hook.mkdir()
    lines = ["from crawler.archive import Archive", "def add(*a, **k): raise OSError('disk full')", "Archive.add = add"]
    (hook / "sitecustomize.py").write_text("\n".join(lines))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(hook), str(HERE.parents[1])]))
    counts, _ = run("qingxi", demo())
    assert counts.new == counts.reports == 0 and not counts.ok
    assert any("disk full" in p for p in counts.problems)


def test_robots_are_obeyed(run: Run) -> None:
    whole = demo()["www.qingxi.test"]
    rules = Answer(b"User-agent: *\nDisallow: /module/\nCrawl-delay: 0.1\n", content_type="text/plain")

    def ruled(asked: Asked) -> Answer:
        return rules if asked.path == "/robots.txt" else whole(asked)

    counts, proxy = run("qingxi", {"www.qingxi.test": ruled})
    assert not [path for _, _, path in proxy.log if path.startswith("/module/")]
    assert not counts.ok and any("robots.txt" in p for p in counts.problems)


def test_robots_that_fail_forbid_everything(run: Run) -> None:
    whole = demo()["www.qingxi.test"]
    counts, proxy = run(
        "qingxi", {"www.qingxi.test": lambda a: Answer(b"", 503) if a.path == "/robots.txt" else whole(a)}
    )
    assert {path for _, _, path in proxy.log} == {"/robots.txt"} and not counts.ok


def test_a_list_that_shrank_is_said(run: Run) -> None:
    whole = demo()["www.qingxi.test"]
    assert isinstance(whole, Hanweb)
    run("qingxi", {"www.qingxi.test": whole})
    fewer = {column: rows[:20] for column, rows in whole.columns.items()}
    counts, _ = run("qingxi", {"www.qingxi.test": replace(whole, columns=fewer)})
    assert "listed fell from 49 to 20" in counts.failing


def test_without_a_replica_no_spider_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert os.environ["GONGKAI_TEST"] == "1"
    argv = [sys.executable, "-m", "scrapy", "crawl", "hanweb", "-a", "portal=qingxi", "-a", f"data={tmp_path}"]
    done = subprocess.run(argv, cwd=HERE.parents[1], capture_output=True, text=True, check=False)
    assert done.returncode != 0 and "a test must crawl a replica" in done.stderr
    monkeypatch.setenv("http_proxy", "http://proxy.test:80")
    counts = crawl("qingxi", tmp_path, FAST)
    assert not counts.ok and "Scrapy ended with status" in counts.problems[0]
    assert not list((tmp_path).glob("archive/*.warc.gz"))


def test_unknown_hosts_get_502() -> None:

    with serve({}) as replica:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({"http": replica.environment["http_proxy"]}))
        with pytest.raises(urllib.error.HTTPError, match="502"):
            opener.open("http://www.unknown.test/")
