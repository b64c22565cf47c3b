"""Lonsun (龙讯) EX8: an organ's column of type 3 renders the report of the year that is asked for (PORTALS §2.F)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from scrapy.http import Request, Response, TextResponse

from crawler.spider import PlatformSpider

_ORGAN = re.compile(r"/public/column/(\d+)")
_NOTHING = re.compile(r"暂无(?:信息|内容|数据)|没有(?:相关)?(?:信息|内容)")
YEARLY = "/public/column/{organ}?type=3&nav=5&sub=1&timeFrame={year}&hasContent=true"


class LonsunSpider(PlatformSpider):
    """Organs come from the portal's entry and from the pages that link their columns."""

    name = "lonsun"
    selectors = ("#zoom", ".j-fontContent", ".gk_content", ".xxgk_content", ".wzcon", ".contentbox")

    def begin(self) -> Iterator[Request]:
        self.asked: set[str] = set()
        for url in self.portal.start:
            yield self.request(url, self.directory)
        first = urlsplit((self.portal.start + self.portal.seen)[0])
        for organ, unit in self.portal.organs.items():
            yield from self.years(f"{first.scheme}://{first.netloc}", organ, unit)

    def directory(self, response: Response) -> Iterator[Any]:
        """A page that links organs; where it is an organ's own page, it names that one."""
        if not self.usable(response, "column") or not isinstance(response, TextResponse):
            return
        self.recognised(response)
        self.count("lists")
        found = dict.fromkeys(_ORGAN.findall(" ".join([response.url, *response.css("a::attr(href)").getall()])))
        if not found:
            self.problem(f"{response.url}: no organs here", "column")
        for organ in found:
            parts = urlsplit(response.url)
            yield from self.years(f"{parts.scheme}://{parts.netloc}", organ, self.portal.organs.get(organ))
        for row in self.rows(response):
            yield from self.row(response, row.href, row.title, row.date)

    def years(self, base: str, organ: str, unit: str | None) -> Iterator[Request]:
        """One address an organ and year; a report on a year is published in the next."""
        if organ in self.asked:
            return
        self.asked.add(organ)
        for year in range(self.portal.since, datetime.now(UTC).year + 1):
            url = base + YEARLY.format(organ=organ, year=year)
            self.met.add(url)
            headers = self.memory_of(url).conditions if url in self.known else {}
            yield self.request(url, self.yearly, headers=headers, unit=unit)

    def yearly(self, response: Response, unit: str | None) -> Iterator[Any]:
        """The report itself, or a sentence that there is none."""
        if isinstance(response, TextResponse) and response.status == 200 and _NOTHING.search(response.text):
            return
        yield from self.article(response, title=None, unit=unit, expected=False)
