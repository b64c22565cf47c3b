"""TrueCMS: first rows in the page, further ones as JSONP around the same XML as Hanweb's (PORTALS §2.J)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from scrapy.http import Request, Response, TextResponse
from scrapy.selector import Selector

from crawler import walk
from crawler.spider import PlatformSpider

SERVICE = "/truecms/messageController/getMessage.do"
SIZE = 20
_COLUMN = re.compile(r"columnId[\"']?\s*[:=]\s*[\"']?([0-9a-f-]{32,36})")
_RECORD = re.compile(r"<record>\s*<!\[CDATA\[(.*?)\]\]>\s*</record>", re.DOTALL)
_TOTAL = re.compile(r"<totalrecord>\s*(\d+)")
_ONCLICK = re.compile(r"['\"]([^'\"]+\.html?)['\"]")


class TrueCmsSpider(PlatformSpider):
    """Sixty rows a request; some servers want the column as Referer, some hide the address in `onclick`."""

    name = "truecms"
    selectors = ("#zoom", ".article", ".content", "#content", ".main-txt")

    def visit(self, response: Response, **kwargs: Any) -> Iterator[Any]:  # type: ignore[override]
        """A column with #initData is read here; everything else is the common walk's."""
        store = response.css("#initData") if isinstance(response, TextResponse) and response.status == 200 else None
        column = _COLUMN.search(response.text) if store else None
        if not store or not column:
            yield from super().visit(response, **kwargs)
            return
        self.recognised(response)
        yield from self.records(response, store.get(), column[1], response.url, 0)

    def more(self, response: Response, column: str, referer: str, read: int) -> Iterator[Request]:
        """Further rows: JSONP whose `result` is the XML."""
        if not self.usable(response) or not isinstance(response, TextResponse):
            return
        found = re.search(r"\((\{.*\})\)", response.text, re.DOTALL)
        try:
            result = json.loads(found[1])["result"] if found else ""
        except (ValueError, KeyError):
            result = ""
        if not result:
            self.problem(f"{response.url}: no rows in this answer", "list")
            return
        yield from self.records(response, result, column, referer, read)

    def records(self, response: Response, source: str, column: str, referer: str, read: int) -> Iterator[Request]:
        """Follows the rows of one window and asks for the next until the stated total is reached."""
        self.count("lists")
        source = source.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")
        records, before = _RECORD.findall(source), len(self.met)
        for record in records:
            link = Selector(text=record).css("a")[:1]
            hidden = _ONCLICK.search(link.attrib.get("onclick", "")) if link else None
            href = hidden[1] if hidden else link.attrib.get("href", "") if link else ""
            date = walk.DATE.search(record)
            if href:
                yield from self.row(response, href, walk.link_title(link[0]), date[0] if date else "")
        read += len(records)
        total = int(found[1]) if (found := _TOTAL.search(source)) else 0
        if not records and not read:
            self.problem(f"{response.url}: a list without rows", "column")
        if read < total and len(self.met) > before:
            query = {"startrecord": read + 1, "endrecord": min(read + 60, total), "perpage": SIZE}
            url = response.urljoin(f"{SERVICE}?{urlencode(query | {'columnId': column, 'callback': 'cb'})}")
            yield self.request(url, self.more, headers={"Referer": referer}, column=column, referer=referer, read=read)
        elif read < total:
            self.problem(f"{response.url}: the list ends at {read} of {total} rows", "list")
