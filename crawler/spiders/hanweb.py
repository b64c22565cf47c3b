"""Hanweb (大汉) JCMS: lists whose rows lie in a `datastore`, and the module with one address an organ and year."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from scrapy.http import Request, Response, TextResponse
from scrapy.selector import Selector

from crawler.spider import PlatformSpider

_RECORD = re.compile(r"<record>\s*<!\[CDATA\[(.*?)\]\]>\s*</record>", re.DOTALL)
_NEXT = re.compile(r"<nextgroup>\s*<!\[CDATA\[\s*<a[^>]*href=\"([^\"]*)\"", re.DOTALL)
_TOTAL = re.compile(r"<totalrecord>\s*(\d+)")
_PER_PAGE = re.compile(r"perpage['\"]?\s*[:=]\s*['\"]?(\d+)", re.IGNORECASE)
MODULE = "/module/xxgk/xxgkAnnualReport.jsp"


@dataclass(frozen=True, slots=True)
class Window:
    """How far a list has been read."""

    proxy: str  # dataproxy.jsp, absolute
    form: tuple[tuple[str, str], ...]
    perpage: int
    rows: frozenset[str] = frozenset()
    by_page: bool = False  # the server ignores startrecord and obeys only `page`

    def request(self, total: int | None) -> tuple[str, str]:
        """Address and form of the next window: three pages, the last clipped to the total; or one page."""
        first, last = len(self.rows) + 1, len(self.rows) + 3 * self.perpage
        query = {"startrecord": first, "endrecord": min(last, total or last), "perpage": self.perpage}
        if self.by_page:
            query = {"page": len(self.rows) // self.perpage + 1, "perpage": self.perpage}
        return f"{self.proxy}?{urlencode(query)}", urlencode(self.form)


class HanwebSpider(PlatformSpider):
    """Classic jpage columns and `xxgkAnnualReport.jsp`."""

    name = "hanweb"
    selectors = (
        "#zoom", ".article-body", ".bt_content", ".artile_zw", ".main-fl.bt-left", ".bfr_article_content",
        ".wzzw-article", ".main-txt", "#article",
    )  # fmt: skip

    def begin(self) -> Iterator[Request]:
        for url in self.portal.start:
            yield self.request(url, self.column)
        base = f"{urlsplit((self.portal.start + self.portal.seen)[0]).scheme}://{self.portal.host}"
        for area, unit in self.portal.organs.items():
            # a report on a year is published in the next
            for year in range(self.portal.since, datetime.now(UTC).year + 1):
                url = f"{urljoin(base, MODULE)}?area={area}&fbtime={year}"
                yield self.request(url, self.article, title=None, unit=unit, expected=False)

    def finish(self) -> None:
        """An organ without a report in any year has another code by now, or never had this one."""
        for area, unit in self.portal.organs.items():
            if not any(f"area={area}&" in url for url in self.found):
                self.problem(f"{self.portal.slug}: organ {area} ({unit}): no report in any year")

    def column(self, response: Response) -> Iterator[Request]:
        """The list page: its first rows are inlined, the rest comes from the address in `nextgroup`."""
        if not self.usable(response) or not isinstance(response, TextResponse):
            return
        self.count("lists")
        rows = yield from self.rows(response, frozenset())
        if not rows:
            self.problem(f"{response.url}: a list without rows")
        following = _NEXT.search(response.text)
        if rows and following:
            proxy, _, query = following[1].replace("&amp;", "&").partition("?")
            given = [(k, v) for k, v in parse_qsl(query, keep_blank_values=True) if k != "page"]
            per_page = _PER_PAGE.search(response.text)
            window = Window(
                response.urljoin(proxy),
                (("col", "1"), *given, ("sourceContentType", "1")),
                int(per_page[1]) if per_page else 15,
                rows,
            )
            total = _TOTAL.search(response.text)
            if total is None or int(total[1]) > len(rows):
                yield self.ask(window, int(total[1]) if total else None)

    def ask(self, window: Window, total: int | None) -> Request:
        url, form = window.request(total)
        return self.request(url, self.window, "POST", form, window=window)

    def window(self, response: Response, window: Window) -> Iterator[Request]:
        """Further rows; goes on until the total that the server states is reached."""
        if not self.usable(response) or not isinstance(response, TextResponse):
            return
        self.count("lists")
        rows = yield from self.rows(response, window.rows)
        stated = _TOTAL.search(response.text)
        total = int(stated[1]) if stated else None
        if total is not None and len(rows) >= total or total is None and rows == window.rows:
            return
        if rows == window.rows and window.by_page:
            self.problem(f"{response.url}: the list ends at {len(rows)} of {total} rows")
            return
        yield self.ask(replace(window, rows=rows, by_page=window.by_page or rows == window.rows), total)

    def rows(self, response: TextResponse, known: frozenset[str]) -> Generator[Request, None, frozenset[str]]:
        """Follows the rows that were not met before; returns the addresses of all."""
        met = set(known)
        for record in _RECORD.findall(response.text):
            link = Selector(text=record).css("a[href]")
            href = link.attrib.get("href", "")
            if link and href not in met:
                met.add(href)
                # the text is cut, `title` is whole
                title = link.attrib.get("title") or "".join(link.css("::text").getall())
                yield from self.row(response, href, title)
        return frozenset(met)
