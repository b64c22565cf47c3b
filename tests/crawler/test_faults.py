"""Faults while crawling: the run ends, says what happened, loses nothing archived, and the next run completes it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crawler.archive import Archive
from crawler.portals import HERE, load
from crawler.replica import Answer, Asked, Site, serve
from crawler.verify import verify
from tests.crawler.conftest import FAST, ORGANS, entry

Place = Callable[..., Any]


def whole(folder: Path) -> None:
    """Every digest of the archive is right."""
    assert [fault for checked in verify(folder / "archive") for fault in checked.faults] == []


def faulty(replica: Site, path: str, fault: str) -> Site:
    return lambda asked: replace(replica(asked), fault=fault) if asked.path == path else replica(asked)


@pytest.mark.parametrize(
    ("fault", "settings"),
    [("reset", {}), ("truncated", {}), ("longer", {}), ("drip", {"DOWNLOAD_TIMEOUT": 2})],
)
def test_a_broken_connection(place: Place, tmp_path: Path, fault: str, settings: dict[str, Any]) -> None:
    replica, crawl = place()
    path = replica.reports[3].path
    counts, _ = crawl(faulty(replica, path, fault), settings=settings)
    assert len(counts.problems) == 1 and path in counts.problems[0]
    assert counts.reports == len(replica.reports) - 1
    whole(tmp_path)
    again, _ = crawl()
    assert again.ok and again.new == 1 and again.reports == len(replica.reports)


def test_errors_of_the_server(place: Place, tmp_path: Path) -> None:
    replica, crawl = place()
    paths = {r.path for r in replica.reports[:5]}
    counts, proxy = crawl(
        lambda a: Answer(b"oops", 500) if a.path in paths else replica(a), settings={"RETRY_TIMES": 1}
    )
    assert counts.errors == {"status 500": 5} and not counts.failing
    assert [p for _, _, p in proxy.log].count(min(paths)) == 2  # tried once more, then left for the next run
    again, _ = crawl()
    assert again.ok and again.new == 5
    whole(tmp_path)


def test_pages_without_end(place: Place) -> None:
    """Each page links one more, with the same rows: the walk ends where nothing new comes."""
    replica, crawl = place()

    def endless(asked: Asked) -> Answer:
        number = asked.path.rpartition("page_")[2].removesuffix(".html")
        if not number.isdigit() or int(number) <= 4:
            return replica(asked)
        last = replica.pages["/XxgkContent/showList/9/0/page_4.html"]
        more = f'<a href="/XxgkContent/showList/9/0/page_{int(number) + 1}.html">{int(number) + 1}</a>'
        return replace(last, body=last.body.replace(b"</body>", more.encode() + b"</body>"))

    first = replica.pages["/XxgkContent/showList/9/0/page_1.html"]
    link = b'<a href="/XxgkContent/showList/9/0/page_5.html">5</a></body>'
    replica.pages["/XxgkContent/showList/9/0/page_1.html"] = replace(first, body=first.body.replace(b"</body>", link))
    counts, proxy = crawl(endless)
    assert counts.ok and counts.reports == len(replica.reports)
    assert len([p for _, _, p in proxy.log if "/page_" in p]) <= 8


def test_a_redirect_loop(place: Place) -> None:
    replica, crawl = place()
    a, b = (r.path for r in replica.reports[:2])
    loop = {a: b, b: a}
    counts, proxy = crawl(
        lambda q: Answer(b"", 302, headers={"Location": loop[q.path]}) if q.path in loop else replica(q)
    )
    assert counts.reports == len(replica.reports) - 2 and not counts.ok
    assert len(counts.problems) >= 1 and len(proxy.log) < 120


def test_a_full_disk_ends_the_crawl(place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    replica, crawl = place()
    hook = tmp_path / "hook"
    hook.mkdir()
    lines = (
        "from crawler.archive import Archive",
        "real, left = Archive.response, [8]",
        "def response(self, **kwargs):",
        "    left[0] -= 1",
        "    if left[0] < 0: raise OSError(28, 'No space left on device')",
        "    return real(self, **kwargs)",
        "Archive.response = response",
    )
    (hook / "sitecustomize.py").write_text("\n".join(lines))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(hook), str(HERE.parents[1])]))
    counts, proxy = crawl()
    assert any("No space left" in p for p in counts.problems) and len(proxy.log) < 25  # what was already on its way
    assert "the archive could not be written" in counts.failing
    whole(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(HERE.parents[1]))
    again, _ = crawl()
    assert again.ok and again.reports == len(replica.reports)


def test_kill_and_complete(place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    replica, crawl = place()
    folder = entry(tmp_path / "portals", "openness", "http://www.place.test/XxgkContent/showList/9/0/page_1.html")

    def slow(asked: Asked) -> Answer:
        time.sleep(0.1)
        return replica(asked)

    with serve({"www.place.test": slow}) as proxy:
        environment = os.environ | proxy.environment | {"SCRAPY_SETTINGS_MODULE": "crawler.settings"}
        command = [sys.executable, "-m", "scrapy", "crawl", "openness"]
        command += [
            w for k, v in {"portal": "place", "data": tmp_path, "portals": folder}.items() for w in ("-a", f"{k}={v}")
        ]
        command += [word for key, value in FAST.items() for word in ("-s", f"{key}={value}")]
        process = subprocess.Popen(command, env=environment, cwd=HERE.parents[1])
        while len([p for _, _, p in proxy.log if "/show/" in p]) < 5 and process.poll() is None:
            time.sleep(0.02)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    kept = list(Archive(tmp_path / "archive").documents())
    assert 1 <= len(kept) < len(replica.reports)
    whole(tmp_path)
    counts, after = crawl()
    assert counts.ok and counts.reports == len(replica.reports)
    asked = {path for _, _, path in after.log}
    assert not asked & {d.url.removeprefix("http://www.place.test") for d in kept}  # nothing twice
    assert load(folder)["place"].host == "www.place.test" and ORGANS
