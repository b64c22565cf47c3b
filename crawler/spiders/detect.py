"""What a portal is: its platform, its directories of organs and its 年报 columns, from a few pages. Keeps nothing."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import scrapy
from scrapy.http import HtmlResponse, Request, Response, TextResponse

from crawler import challenge, fingerprint, page, walk
from crawler.spider import refuse_in_tests
from crawler.titles import parse_title, refuse

CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
MOST = 25  # pages: enough for home page, directory, a few organs and their columns


class DetectSpider(scrapy.Spider):
    """Walks from `url`; writes what it found to the file `out` as JSON."""

    name = "detect"
    custom_settings = {
        "CLOSESPIDER_PAGECOUNT": MOST,
        "DOWNLOADER_MIDDLEWARES": {"crawler.middleware.RobotsMiddleware": 100},
        "ITEM_PIPELINES": {},
    }

    def __init__(self, url: str, out: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        refuse_in_tests()
        self.url, self.out = url, Path(out)
        self.allowed_domains = [urlsplit(url).hostname or ""]
        self.votes: Counter[str] = Counter()
        self.evidence: dict[str, str] = {}  # mark → address where it was seen
        self.columns: dict[str, int] = {}  # address of a 年报 column → titles of reports on it
        self.directories: dict[str, int] = {}  # address → organs named there
        self.reports: list[str] = []
        self.site: dict[str, str] = {}
        self.trouble: list[str] = []

    async def start(self) -> AsyncIterator[Request]:
        yield Request(self.url, self.look, errback=self.failed, cb_kwargs={"depth": 0})

    def look(self, response: Response, depth: int, inside: bool = False) -> Iterator[Request]:
        """One page: its marks, and where it leads."""
        if kind := challenge.kind(response):
            self.trouble.append(f"{response.url}: blocked ({kind}) — a person must look")
            return
        if response.status != 200 or not isinstance(response, TextResponse):
            self.trouble.append(f"{response.url}: answered {response.status}")
            return
        for platform, what in fingerprint.marks(response.url, response.text):
            self.votes[platform] += 1
            self.evidence.setdefault(f"{platform}: {what}", response.url)
        for name in ("SiteName", "SiteIDCode", "SiteDomain"):
            self.site.setdefault(name, page.meta(response, name) or "")
        # rows that a script will show lie in CDATA sections (Hanweb, TrueCMS)
        hidden = HtmlResponse(response.url, body="".join(CDATA.findall(response.text)) or "<p></p>", encoding="utf-8")
        rows = [*walk.rows(response), *walk.rows(hidden)]
        titled = [row for row in rows if parse_title(row.title) and not refuse(row.title)]
        here = inside or page.meta(response, "ColumnType") == "信息公开年报"
        if titled:
            self.columns[response.url] = len(titled)
            self.reports += [response.urljoin(row.href) for row in titled[:2]]
        leads = list(walk.columns(response, inside=here))
        organs = [text for _, text in leads if walk.ORGAN.search(text)]
        if len(organs) >= walk.MANY:
            self.directories[response.url] = len(organs)
        for url, text in leads[:12] if depth < 4 else ():
            if urlsplit(url).hostname in self.allowed_domains:
                follow = here or bool(walk.COLUMN.search(text))
                yield Request(url, self.look, errback=self.failed, cb_kwargs={"depth": depth + 1, "inside": follow})

    def failed(self, failure: Any) -> None:
        """A page that could not be asked for."""
        self.trouble.append(f"{failure.request.url}: {failure.getErrorMessage()}")

    def closed(self, reason: str) -> None:
        """Writes the findings."""
        order = [platform for platform in fingerprint.ORDER if platform in self.votes]
        found = {
            "url": self.url, "platform": order[0] if order else None, "votes": dict(self.votes), "site": self.site,
            "evidence": self.evidence, "columns": self.columns, "directories": self.directories,
            "reports": self.reports, "trouble": self.trouble,
        }  # fmt: skip
        self.out.write_text(json.dumps(found, ensure_ascii=False, indent=1), encoding="utf-8")
