"""Hanweb (大汉) JCMS: lists whose rows lie in a `datastore`, and the module with one address an organ and year."""

from __future__ import annotations

import json
import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from scrapy.http import HtmlResponse, Request, Response, TextResponse
from scrapy.selector import Selector

from crawler import page, walk
from crawler.spider import PlatformSpider

_RECORD = re.compile(r"<record>\s*<!\[CDATA\[(.*?)\]\]>\s*</record>", re.DOTALL)
_NEXT = re.compile(r"<nextgroup>\s*<!\[CDATA\[\s*<a[^>]*href=\"([^\"]*)\"", re.DOTALL)
_TOTAL = re.compile(r"<totalrecord>\s*(\d+)")
_DYNAMIC = re.compile(r"loadDynamic\(\s*['\"]([^'\"]*search\.jsp[^'\"]*)")
_PAGER = re.compile(r"第\s*\d+\s*页\s*/\s*共\s*(\d+)\s*页")
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
    """Classic jpage columns, the xxgk module's search and yearly reports, and the units of JPaaS."""

    name = "hanweb"
    selectors = (
        "#zoom", ".article-body", ".bt_content", ".artile_zw", ".main-fl.bt-left", ".bfr_article_content",
        ".wzzw-article", ".main-txt", "#article",
    )  # fmt: skip

    def begin(self) -> Iterator[Request]:
        self.met |= set(self.portal.start)
        for url in self.portal.start:
            if "/search.jsp" in url:
                yield self.search(url, 1)
            else:
                yield self.request(url, self.visit, entry=True)
        base = f"{urlsplit((self.portal.start + self.portal.seen)[0]).scheme}://{self.portal.host}"
        for area, unit in self.portal.organs.items():
            # a report on a year is published in the next
            for year in range(self.portal.since, datetime.now(UTC).year + 1):
                url = f"{urljoin(base, MODULE)}?area={area}&fbtime={year}"
                self.met.add(url)
                headers = self.memory_of(url).conditions if url in self.known else {}
                yield self.request(url, self.article, headers=headers, title=None, unit=unit, expected=False)

    def visit(self, response: Response, entry: bool = False, **kwargs: Any) -> Iterator[Any]:  # type: ignore[override]
        """A page of the walk; a list hides its rows in a datastore, a unit of JPaaS, or a search of the module."""
        text = response.text if isinstance(response, TextResponse) and response.status == 200 else ""
        unit = response.css('script[src*="unitbuild.js"]') if text else None
        if _RECORD.search(text) or _NEXT.search(text):
            if entry:
                self.recognised(response)
            yield from self.column(response)
        elif unit:
            yield from self.units(response, unit)
        elif dynamic := _DYNAMIC.search(text):
            yield self.search(response.urljoin(dynamic[1].replace("&amp;", "&")), 1)
        else:
            yield from super().visit(response, entry=entry, **kwargs)

    def finish(self) -> None:
        """An organ without a report in any year has another code by now, or never had this one."""
        for area, unit in self.portal.organs.items():
            if not any(f"area={area}&" in url for url in self.found):
                self.problem(f"{self.portal.slug}: organ {area} ({unit}): no report in any year")

    def column(self, response: TextResponse) -> Iterator[Request]:
        """The list page: its first rows are inlined, the rest comes from the address in `nextgroup`."""
        self.count("lists")
        rows = yield from self.records(response, frozenset())
        if not rows:
            self.problem(f"{response.url}: a list without rows", "column")
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
        rows = yield from self.records(response, window.rows)
        stated = _TOTAL.search(response.text)
        total = int(stated[1]) if stated else None
        if total is not None and len(rows) >= total or total is None and rows == window.rows:
            return
        if rows == window.rows and window.by_page:
            self.problem(f"{response.url}: the list ends at {len(rows)} of {total} rows")
            return
        yield self.ask(replace(window, rows=rows, by_page=window.by_page or rows == window.rows), total)

    def records(self, response: TextResponse, known: frozenset[str]) -> Generator[Request, None, frozenset[str]]:
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

    # -- the search of the xxgk module

    def search(self, url: str, number: int) -> Request:
        """Parameters stand in the query and again in the body; without them the whole district comes."""
        address, _, query = url.partition("?")
        given = dict(parse_qsl(query, keep_blank_values=True))
        asked = {"texttype": "0", "fbtime": "-1", "standardXxgk": "1", "isAllList": "1"} | given
        asked |= {"currpage": str(number), "sortfield": ",compaltedate:0"}
        return self.request(
            f"{address}?{urlencode(asked)}", self.searched, "POST", urlencode(asked), origin=url, number=number
        )

    def searched(self, response: Response, origin: str, number: int) -> Iterator[Request]:
        """Rows of 索引号, title and date; the pager says how many pages there are."""
        if not self.usable(response) or not isinstance(response, TextResponse):
            return
        self.count("lists")
        rows = response.css(".tr_main_value_odd, .tr_main_value_even, .zfxxgk_zdgkc li")
        before = len(self.met)
        for row in rows:
            for link in row.css("a[href]")[:1]:
                date = walk.DATE.search(page.text(row).replace(walk.link_title(link), ""))
                yield from self.row(response, link.attrib["href"], walk.link_title(link), date[0] if date else "")
        pager = _PAGER.search(response.text.replace("&nbsp;", ""))
        if not rows and number == 1:
            self.problem(f"{response.url}: a list without rows", "column")
        elif pager and number < int(pager[1]) and len(self.met) > before:
            yield self.search(origin, number + 1)

    # -- JPaaS

    def units(self, response: TextResponse, scripts: Any) -> Iterator[Request]:
        """Each unit of the page is built by the service that its script names."""
        for script in scripts:
            given = dict(re.findall(r"'(\w+)'\s*:\s*'([^']*)'", script.attrib.get("querydata", "")))
            if script.attrib.get("url") and given:
                yield self.unit(response.urljoin(script.attrib["url"]), given, 1)

    def unit(self, service: str, given: dict[str, str], number: int) -> Request:
        """A bare `pageNo` is ignored by some servers: it goes inside `paramJson`."""
        query = urlencode(given | {"paramJson": json.dumps({"pageNo": number, "pageSize": 15})})
        return self.request(f"{service}?{query}", self.built, service=service, given=given, number=number)

    def built(self, response: Response, service: str, given: dict[str, str], number: int) -> Iterator[Request]:
        """One page of rows as HTML inside JSON; ends at an empty or a repeated page."""
        if not self.usable(response) or not isinstance(response, TextResponse):
            return
        try:
            source = response.json()["data"]["html"] or ""
        except (ValueError, KeyError, TypeError):
            self.problem(f"{response.url}: not the answer of JPaaS's list service", "column")
            return
        self.count("lists")
        before = len(self.met)
        inner = HtmlResponse(response.url, body=source, encoding="utf-8")
        for row in walk.rows(inner):
            yield from self.row(response, row.href, row.title, row.date)
        if len(self.met) > before:
            yield self.unit(service, given, number + 1)
        elif number == 1:
            self.problem(f"{response.url}: a list without rows", "column")
