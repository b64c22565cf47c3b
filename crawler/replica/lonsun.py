"""A Lonsun portal: a column of type 3 renders the organ's report of the year asked for (PORTALS §7 F)."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from crawler.portals import Portal
from crawler.replica import Answer, Asked
from crawler.replica.publish import Static, article, home, number, page, publish

YEARS = (2021, 2022, 2023)


def site(portal: Portal, organs: Sequence[tuple[str, str]], years: Sequence[int] = YEARS) -> Static:
    """The entry is the directory of organs; a year without a report answers with a sentence."""
    named = {str(number(unit)): (unit, organ) for unit, organ in organs}
    address = "/public/column/{}?type=3&nav=5&sub=1&timeFrame={}&hasContent=true".format
    reports = [publish(u, o, y, address(code, y)) for code, (u, o) in named.items() for y in years]
    pages: dict[str, Answer] = {r.path: article(portal, r, 'div class="gk_content"') for r in reports}
    links = "".join(f'<li><a href="/public/column/{code}?type=4">{o}</a></li>' for code, (_, o) in named.items())
    pages[portal.start[0].partition(portal.host)[2]] = page("信息公开目录", f"<ul>{links}</ul>", site=portal.name)
    pages["/"] = home(portal)

    def other(asked: Asked) -> Answer | None:
        if not asked.path.startswith("/public/column/"):
            return None
        return page(portal.name, '<div class="gk_content">暂无信息</div>', site=portal.name)

    return Static(portal.host, urlsplit(portal.start[0]).scheme, tuple(reports), pages, other)
