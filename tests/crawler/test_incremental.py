"""The second crawl: what is asked again, what a changed, replaced or vanished report leaves."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from crawler import memory
from crawler.archive import Archive
from crawler.replica import Answer

Place = Callable[..., Any]


def articles(log: list[tuple[str, str, str]]) -> list[str]:
    return [path for _, _, path in log if "/show/" in path]


def unlist(replica: Any, path: str) -> None:
    """Takes a report's row out of the lists."""
    row = re.compile(rb"<li><a href=\"" + re.escape(path.encode()) + rb"\".*?</li>")
    for name, page in list(replica.pages.items()):
        replica.pages[name] = replace(page, body=row.sub(b"", page.body))


def test_nothing_is_asked_twice(place: Place) -> None:
    replica, crawl = place()
    first, _ = crawl()
    second, proxy = crawl()
    assert first.ok and second.ok and (second.new, second.unchanged, second.changed) == (0, 0, 0)
    assert articles(proxy.log) == []
    lists = [path for path in replica.pages if "/page_" in path]
    assert sorted(p for _, _, p in proxy.log if p != "/robots.txt") == sorted(lists)  # one request a list page


def test_a_recheck_asks_conditionally(place: Place) -> None:
    replica, crawl = place()
    crawl()
    counts, proxy = crawl(recheck=True)
    assert counts.ok and counts.new == counts.changed == 0 and counts.unchanged == len(replica.reports)
    assert sorted(articles(proxy.log)) == sorted(r.path for r in replica.reports)
    assert counts.bytes < 60_000  # 304: no body is sent


def test_a_report_replaced_in_place_is_a_new_version(place: Place, tmp_path: Path) -> None:
    replica, crawl = place()
    crawl()
    path = replica.reports[0].path
    page = replica.pages[path]
    replica.pages[path] = replace(page, body=page.body.replace(b"</div>", "<p>更正：数据有误。</p></div>".encode()))
    unseen, _ = crawl()  # its list row is the same, and it is not a month since it was asked for
    assert (unseen.new, unseen.changed) == (0, 0)
    counts, _ = crawl(recheck=True)
    assert (counts.new, counts.changed) == (1, 1)
    versions = [d for d in Archive(tmp_path / "archive").documents() if d.url.endswith(path)]
    assert len(versions) == len({d.digest for d in versions}) == 2


def test_a_changed_row_is_followed_again(place: Place) -> None:
    replica, crawl = place()
    crawl()
    path, page = next((p, a) for p, a in replica.pages.items() if p.endswith("page_1.html"))
    report = replica.reports[0]
    replica.pages[path] = replace(page, body=page.body.replace(report.day.encode(), b"2026-06-01"))
    counts, proxy = crawl()
    assert articles(proxy.log) == [report.path]
    assert counts.unchanged == 1 and counts.new == 0


def test_young_reports_are_asked_for_again_after_a_month(place: Place, tmp_path: Path) -> None:
    replica, crawl = place()
    crawl()
    path = tmp_path / "memory" / "place.json"
    seen = json.loads(path.read_text())
    url = f"http://www.place.test{replica.reports[0].path}"
    seen[url]["checked"] = "2020-01-01T00:00:00Z"
    path.write_text(json.dumps(seen))
    assert memory.Seen(checked="2026-01-01T00:00:00Z").due("2026-01-01", "2026-01-20", "2026-02-01T00:00:00Z")
    assert not memory.Seen(checked="2026-01-05T00:00:00Z").due("2026-01-01", "2026-01-20", "2026-02-01T00:00:00Z")
    assert not memory.Seen().due("2026-01-01", "2023-01-20", "2026-02-10T00:00:00Z")  # older than 18 months
    # the replica's reports are of 2021 to 2023: none is young
    _, proxy = crawl()
    assert articles(proxy.log) == []


def test_a_vanished_report_is_recorded_with_the_date(place: Place, tmp_path: Path) -> None:
    replica, crawl = place()
    crawl()
    gone = replica.reports[0]
    unlist(replica, gone.path)
    del replica.pages[gone.path]
    counts, _ = crawl()
    assert counts.gone == (f"http://www.place.test{gone.path}",)
    assert memory.load(tmp_path, "place")[counts.gone[0]].gone == counts.started
    again, proxy = crawl()
    assert again.gone == () and gone.path not in articles(proxy.log)  # asked once
    assert any(d.url == counts.gone[0] for d in Archive(tmp_path / "archive").documents())  # what was kept stays


def test_a_delisted_report_that_still_answers_is_not_gone(place: Place) -> None:
    replica, crawl = place()
    crawl()
    hidden = replica.reports[0]
    unlist(replica, hidden.path)
    counts, proxy = crawl()
    assert counts.gone == () and articles(proxy.log) == [hidden.path] and counts.reports == len(replica.reports)


def test_lost_memory_costs_only_requests(place: Place, tmp_path: Path) -> None:
    replica, crawl = place()
    crawl()
    (tmp_path / "memory" / "place.json").write_text("{torn")
    counts, proxy = crawl()
    assert counts.ok and counts.reports == len(replica.reports) and articles(proxy.log) == []


def test_a_drop_of_more_than_a_fifth_is_failing(place: Place) -> None:
    replica, crawl = place()
    assert crawl()[0].failing == ()
    for path, page in list(replica.pages.items()):
        if path.endswith(("page_2.html", "page_3.html", "page_4.html")):
            replica.pages[path] = Answer(page.body[:300] + b"</head><body></body></html>")
    counts, _ = crawl()
    assert any(reason.startswith("listed fell from") for reason in counts.failing)
