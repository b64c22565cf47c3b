"""The bundled entries of real portals crawl replicas under their real addresses: entry pages, and all that was seen."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest

from crawler import fleet
from crawler.archive import Archive
from crawler.portals import Portal, load
from crawler.replica import serve
from crawler.replica.publish import Static, with_seen
from tests.crawler.conftest import FAST, ORGANS

# The element that holds an article on each platform
BOXES = {
    "ucap": 'div id="zoomcon"',
    "trs": 'div class="TRS_Editor"',
    "vsb": 'div id="vsb_content"',
    "openness": 'div class="xxgk_content"',
    "lonsun": 'div class="gk_content"',
    "epoint": 'div class="ewb-article"',
    "gkmlpt": 'div class="news_cont_d_wrap"',
}
NAMED = ("gaoan", "yzq", "jxfc")


def chosen() -> list[Portal]:
    """The hosts of the real reports, then portals of all platforms whose entry is a list: 34 in all."""
    known = load()
    fit = [p for p in known.values() if p.platform in BOXES and p.start and not p.host.endswith(".test")]
    fit = [p for p in fit if not p.start[0].endswith(f"{p.host}/") and len(p.start) == 1]
    by_platform = [[p for p in fit if p.platform == name and p.slug not in NAMED][:9] for name in BOXES]
    return [*(known[slug] for slug in NAMED), *[p for group in by_platform for p in group][:31]]


def replica(portal: Portal) -> Static:
    """The portal's site, made for its own entry page."""
    site = import_module(f"crawler.replica.{portal.platform}").site(portal, ORGANS[:3], years=(2023, 2024))
    return with_seen(portal, site, BOXES[portal.platform])


@pytest.mark.timeout(400)
def test_each_is_harvested_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    portals = chosen()
    assert len(portals) >= 34 and len({p.platform for p in portals}) >= 6
    sites = {portal.host: replica(portal) for portal in portals}
    with serve(sites) as proxy:
        for name, value in proxy.environment.items():
            monkeypatch.setenv(name, value)
        done = fleet.crawl([p.slug for p in portals], tmp_path, at_once=3, settings=FAST)
    assert {c.portal: c.problems for c in done if not c.ok} == {}
    found: dict[str, set[str]] = {}
    for document in Archive(tmp_path / "archive").documents():
        found.setdefault(document.portal or "", set()).add(document.url or "")
    wrong = {p.slug: found.get(p.slug, set()) ^ sites[p.host].addresses for p in portals}
    assert {slug: urls for slug, urls in wrong.items() if urls} == {}  # recall 100 %, false reports 0
    assert all(set(p.seen) <= found[p.slug] for p in portals)
    reports, requests = sum(c.reports for c in done), sum(c.requests for c in done)
    fewest = reports + sum(c.lists + 1 for c in done)  # each report, each list page and robots.txt once
    print(
        f"{len(done)} portals: {requests / reports:.2f} requests a report, at least {fewest / reports:.2f} are needed"
    )
    assert requests <= 1.6 * fewest
