"""A portal of the Openness / Xxgk family: showList pages and show pages of two kinds (PORTALS §7 G)."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from crawler.portals import Portal
from crawler.replica import Answer
from crawler.replica.publish import Static, article, home, number, others, page, publish, rows

PER_PAGE = 15
YEARS = (2021, 2022, 2023)


def site(portal: Portal, organs: Sequence[tuple[str, str]], years: Sequence[int] = YEARS) -> Static:
    """All reports in one list; each page shows the numbers around it."""
    entry = urlsplit(portal.start[0]).path
    stem = entry.rpartition("/page_")[0]
    reports = [publish(u, o, y, f"/XxgkAnnualReport/show/{number(u, y)}.html") for u, o in organs for y in years]
    pages: dict[str, Answer] = {"/": home(portal)}
    listed = [(r.path, r.title, r.day) for r in reports]
    listed[3:3] = others(portal, 40, lambda n: f"/OpennessContent/show/{8000 + n}.html")
    count = -(-len(listed) // PER_PAGE)
    for n in range(1, count + 1):
        near = range(max(1, n - 1), min(count, n + 1) + 1)
        numbers = "".join(f'<a href="{stem}/page_{k}.html">{k}</a>' for k in near)
        listing = rows(listed[(n - 1) * PER_PAGE : n * PER_PAGE])
        pages[f"{stem}/page_{n}.html"] = page("信息公开年报", f"<ul>{listing}</ul>{numbers}", site=portal.name)
    for found in reports:
        pages[found.path] = article(portal, found, 'div class="xxgk_content"')
    return Static(portal.host, urlsplit(portal.start[0]).scheme, tuple(reports), pages)
