"""Epoint (新点): lists come as JSON from one service, asked with the site's own guid (PORTALS §2.I)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

from scrapy.http import Request, Response, TextResponse

from crawler.spider import PlatformSpider

SERVICE = "/EWB-FRONT/rest/lightfrontaction/getgovinfolist"
SCRIPTS = ("/js/webBuilderCommon.js", "/js/ajaxReq.js")
SIZE = 15
_GUID = re.compile(r"siteGuid[\"']?\s*[:=]\s*[\"']([0-9a-fA-F-]{20,})[\"']")


class EpointSpider(PlatformSpider):
    """A start address carries `categorynum` and, where it is one organ's, `deptcode`."""

    name = "epoint"
    selectors = ("#zoom", ".ewb-article", ".article-content", ".ewb-info-main", "#content")

    def begin(self) -> Iterator[Request]:
        base = self.portal.start[0]
        yield self.request(urljoin(base, SCRIPTS[0]), self.script, base=base, others=SCRIPTS[1:])

    def script(self, response: Response, base: str, others: tuple[str, ...]) -> Iterator[Request]:
        """The script that names the site's guid."""
        found = _GUID.search(response.text) if response.status == 200 and isinstance(response, TextResponse) else None
        if found:
            for url in self.portal.start:
                query = parse_qs(urlsplit(url).query)
                wanted = {"deptcode": query.get("deptcode", [""])[0], "categorynum": query.get("categorynum", [""])[0]}
                yield self.ask(urljoin(base, SERVICE), wanted | {"siteGuid": found[1]}, 0)
        elif others:
            yield self.request(urljoin(base, others[0]), self.script, base=base, others=others[1:])
        elif self.usable(response):
            self.problem(f"{response.url}: no siteGuid in the site's scripts", "column")

    def ask(self, service: str, wanted: dict[str, str], number: int, wrapped: bool = False) -> Request:
        asked: dict[str, Any] = wanted | {"pageIndex": number, "pageSize": SIZE}
        body = json.dumps({"params": asked} if wrapped else asked)
        return self.request(
            service, self.listing, "POST", body, json=True, wanted=wanted, number=number, wrapped=wrapped
        )

    def listing(self, response: Response, wanted: dict[str, str], number: int, wrapped: bool) -> Iterator[Request]:
        """One page of rows; older servers want the question inside `params`."""
        if not self.usable(response) or not isinstance(response, TextResponse):
            return
        try:
            custom = response.json()["custom"]
            rows, total = custom["data"], int(custom["total"])
        except (ValueError, KeyError, TypeError):
            if wrapped:
                self.problem(f"{response.url}: not the answer of Epoint's list service", "column")
            else:
                yield self.ask(response.url, wanted, number, wrapped=True)
            return
        self.count("lists")
        if not rows and number == 0:
            self.problem(f"{response.url}: a list without rows ({wanted['categorynum']})", "column")
        before = len(self.met)
        for row in rows:
            title = row.get("realtitle") or row.get("title") or ""
            yield from self.row(response, row["infourl"], title, str(row.get("infodate", ""))[:10])
        if (number + 1) * SIZE < total:
            if len(self.met) == before:
                self.problem(f"{response.url}: the list repeats itself before its total of {total} rows", "list")
            else:
                yield self.ask(response.url, wanted, number + 1, wrapped)
