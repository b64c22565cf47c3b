"""What portals of every platform do (PORTALS §3 and the last item of §7): each kind of wall, lie and oddity once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from scrapy.http import HtmlResponse

from crawler import challenge, page
from crawler.archive import Archive
from crawler.replica import Answer, Asked, Site
from tests.crawler.conftest import ORGANS, Run, entry

Place = Callable[..., Any]
STUB = "<html><script src='/a.js?l=1166'></script>" + " " * 1100 + "</html>"
WALLS = {
    "ruishu": Answer(b"<html><head><meta content='qLzmMD7kQ'></head><script>$_ts={}</script></html>", 412),
    "script": Answer(b"<html><script>$_ts={};</script><script src='/x.js'></script></html>", 202),
    "jiasule": Answer(b"<script>document.cookie='__jsl_clearance_s=1'</script>", 521),
    "waf-468": Answer(b"", 468),
    "throttled": Answer(b"slow down", 429),
    "forbidden": Answer(b"", 403),
    "aliyun": Answer(b"<html><script>var arg1='acw_sc__v2'</script></html>"),
    "yunsuo": Answer(b"<html><script>security_session_verify()</script></html>"),
    "stub": Answer(STUB.encode()),
    "slider": Answer("<html><script></script><p>请拖动滑块完成验证</p></html>".encode()),
    "cookie-redirect": Answer(b"", 302, headers={"Set-Cookie": "a=1", "Location": ""}),
}


def over(site: Site, answers: dict[str, Answer | Callable[[Asked], Answer]]) -> Site:
    """The site with some paths answered otherwise."""

    def answer(asked: Asked) -> Answer:
        found = answers.get(asked.path)
        return site(asked) if found is None else found(asked) if callable(found) else found

    return answer


@pytest.mark.parametrize("kind", WALLS)
def test_each_kind_of_wall_is_known(kind: str) -> None:
    answer = WALLS[kind]
    headers = {name: value for name, value in answer.headers.items() if value} | {"Content-Type": "text/html"}
    if kind == "cookie-redirect":
        headers["Location"] = "/a"
    response = HtmlResponse("http://www.place.test/a", status=answer.status, headers=headers, body=answer.body)
    assert challenge.kind(response) == kind


def test_a_short_page_and_a_list_in_a_script_are_no_walls() -> None:
    short = HtmlResponse(
        "http://a.test/", body="<html><title>公告</title><script>x()</script><p>短</p></html>".encode()
    )
    store = HtmlResponse(
        "http://a.test/", body=b"<html><script type='text/xml'><datastore></datastore></script></html>"
    )
    away = HtmlResponse("http://a.test/", status=302, headers={"Set-Cookie": "a=1", "Location": "/b"})
    assert [challenge.kind(r) for r in (short, store, away)] == [None, None, None]


def test_walls_are_recorded_by_kind_and_asked_once(place: Place, tmp_path: Path) -> None:
    replica, crawl_it = place()
    paths = [r.path for r in replica.reports[:4]]
    itself = Answer(b"", 302, headers={"Set-Cookie": "a=1", "Location": paths[3]})
    walls = dict(zip(paths, [WALLS["jiasule"], WALLS["stub"], WALLS["slider"], itself], strict=True))
    counts, proxy = crawl_it(over(replica, walls))
    assert [kind for kind, _ in counts.blocked] == ["cookie-redirect", "jiasule", "slider", "stub"]
    assert counts.problems == () and not counts.ok and counts.reports == len(replica.reports) - 4
    log = [path for _, _, path in proxy.log]
    assert all(log.count(path) == 1 for path in paths)
    bodies = [a.read(d) for a in [Archive(tmp_path / "archive")] for d in a._stored]  # evidence is kept
    assert STUB.encode() in bodies
    again, _ = crawl_it()  # on another day the portal answers
    assert again.ok and again.new == 4


def test_the_home_page_in_place_of_a_missing_one(place: Place) -> None:
    replica, crawl_it = place()
    lost = replica.reports[2].path
    counts, _ = crawl_it(over(replica, {lost: replica.pages["/"]}))
    assert counts.problems == (f"http://www.place.test{lost}: answers with the home page: it is not there",)
    assert counts.errors == {"soft 404": 1} and counts.reports == len(replica.reports) - 1


@pytest.mark.parametrize("start", ["http", "https"])
def test_the_other_scheme_answers(place: Place, start: str) -> None:
    """Connections on the scheme of the entry are refused; one try on the other is allowed."""
    replica, crawl_it = place(f"{start}://www.place.test/XxgkContent/showList/9/0/page_1.html")

    def one_scheme(asked: Asked) -> Answer:
        return Answer(b"", fault="reset") if asked.scheme == start else replica(asked)

    counts, _ = crawl_it(one_scheme)
    assert counts.reports == len(replica.reports) and counts.problems == ()


def test_a_redirect_to_the_other_scheme_and_to_a_foreign_host(place: Place) -> None:
    replica, crawl_it = place()
    away = Answer(b"", 302, headers={"Location": "http://www.copy.test/XxgkAnnualReport/show/1.html"})

    def answer(asked: Asked) -> Answer:
        if asked.path == replica.reports[0].path:
            return away
        secure = f"https://www.place.test{asked.path}"
        return replica(asked) if asked.scheme == "https" else Answer(b"", 301, headers={"Location": secure})

    counts, proxy = crawl_it(answer)
    assert counts.reports == len(replica.reports) - 1
    assert {host for _, host, _ in proxy.log} == {"www.place.test"}
    again, second = crawl_it(answer)
    assert again.new == 0 and not [p for _, _, p in second.log if "/show/" in p and p != replica.reports[0].path]


def test_a_hijacked_link_is_not_followed(place: Place) -> None:
    replica, crawl_it = place()
    first = next(p for p in replica.pages if p.endswith("page_1.html"))
    row = '<li><a href="http://m.copy.test/show/1.html">湖口县2023年政府信息公开工作年度报告</a>2024-01-02</li>'
    replica.pages[first] = replace(old := replica.pages[first], body=old.body.replace(b"<ul>", b"<ul>" + row.encode()))
    counts, proxy = crawl_it()
    assert counts.ok and {host for _, host, _ in proxy.log} == {"www.place.test"}


def test_gbk_pages_stale_dates_and_wrong_publishers(place: Place, tmp_path: Path) -> None:
    replica, crawl_it = place()
    report = replica.reports[0]
    text = replica.pages[report.path].body.decode()
    text = text.replace('charset="utf-8"', 'charset="gb2312"').replace("<body>", "<body><div>2019年12月3日</div>")
    text = text.replace(f"发布机构：{report.organ}", "发布机构：县融媒体中心")
    body = text.encode("gb18030")
    crawl_it(over(replica, {report.path: Answer(body, content_type="text/html")}))
    document = next(d for d in Archive(tmp_path / "archive").documents() if d.url.endswith(report.path))
    assert (document.title, document.published_on) == (report.title, report.day)  # beside its label, not the header's
    assert document.publisher == "县融媒体中心"  # kept as it is said; who reported is for the reader to decide


def test_generation_time_is_no_date() -> None:
    metas = (
        '<meta name="PubDate" content="2023-08-16 09:12"><meta name="others" content="页面生成时间 2023-08-16 09:12">'
    )
    response = HtmlResponse("http://a.test/a", body=f"<html>{metas}<body>正文</body></html>".encode(), encoding="utf-8")
    assert page.facts(response)["published_on"] is None
    plain = HtmlResponse(
        "http://a.test/a",
        body=b'<meta name="PubDate" content="2017\xe2\x80\x9404\xe2\x80\x9412 21:37">',
        encoding="utf-8",
    )
    assert page.facts(plain)["published_on"] == "2017-04-12"


def test_twin_reports_of_a_county_and_its_office(tmp_path: Path, run: Run) -> None:
    """The county's own report and its office's are two documents with two titles; both are kept."""
    from crawler.portals import load
    from crawler.replica.openness import site

    folder = entry(tmp_path / "portals", "openness", "http://www.place.test/XxgkContent/showList/9/0/page_1.html")
    portal = load(folder)["place"]
    replica = site(portal, [("360429", "湖口县"), ("360429-zfb", "湖口县人民政府办公室")], years=(2023,))
    counts, _ = run("place", {portal.host: replica}, folder)
    titles = {d.title for d in Archive(tmp_path / "archive").documents()}
    assert counts.ok and len(titles) == 2


def test_raw_gbk_in_content_disposition(tmp_path: Path, run: Run) -> None:
    from crawler.portals import load
    from crawler.replica.trs import site

    folder = entry(tmp_path / "portals", "trs", "http://www.place.test/zwgk/zfxxgknb/")
    portal = load(folder)["place"]
    replica = site(portal, ORGANS)
    name = b'attachment; filename="' + "年度报告.doc".encode("gb18030") + b'"'
    for path, answer in list(replica.pages.items()):
        if path.endswith(".doc"):
            replica.pages[path] = replace(answer, headers={"Content-Disposition": name})
    counts, _ = run("place", {portal.host: replica}, folder)
    files = [d for d in Archive(tmp_path / "archive").documents() if d.url.endswith(".doc")]
    assert counts.ok and len(files) == 3 and all(d.name.endswith("年度报告.doc") for d in files)


def test_delay_and_contact_are_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    import importlib

    from crawler import settings

    assert settings.DOWNLOAD_DELAY == 2 and settings.CONCURRENT_REQUESTS_PER_DOMAIN == 1
    assert settings.AUTOTHROTTLE_ENABLED and settings.ROBOTSTXT_OBEY
    monkeypatch.setenv("GONGKAI_CONTACT", "mailto:crawl@news.test")
    assert "+mailto:crawl@news.test" in importlib.reload(settings).USER_AGENT
    monkeypatch.delenv("GONGKAI_CONTACT")
    importlib.reload(settings)


def test_a_mobile_portal_and_a_limit(place: Place, tmp_path: Path) -> None:
    agents: list[str] = []
    replica, crawl_it = place(more="mobile = true\nlimit = 3")

    def answer(asked: Asked) -> Answer:
        agents.append(asked.headers["user-agent"])
        return replica(asked)

    counts, _ = crawl_it(answer)
    assert all(a.startswith("gongkai/") and "Mobile" in a and "+" in a for a in agents)
    assert "stopped" in counts.errors and counts.requests < 12
