"""What all platforms share: the walk from the portal's entry to its reports, counting, saying what went wrong."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Any, Self
from urllib.parse import urlsplit

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.extensions.throttle import AutoThrottle
from scrapy.http import Request, Response, TextResponse

from crawler import fingerprint, page, walk
from crawler.articles import FLOOR, Articles
from crawler.titles import parse_title, refuse


class PlatformSpider(Articles):
    """A subclass reads one CMS family: it overrides what is special to it — where to begin, rows, further pages."""

    depth = 4  # steps from an entry page to a list: directory → organ → 年报 → year

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        refuse_in_tests()
        spider = super().from_crawler(crawler, *args, **kwargs)
        for name, value in (("DOWNLOAD_DELAY", spider.portal.delay), ("CLOSESPIDER_PAGECOUNT", spider.portal.limit)):
            if value is not None:
                crawler.settings.set(name, value, priority="spider")
        if spider.portal.mobile:  # four portals answer only what calls itself mobile (PORTALS §3.3); we stay who we are
            agent = crawler.settings["USER_AGENT"].replace(" (", " (Mobile; ", 1)
            crawler.settings.set("USER_AGENT", agent, priority="spider")
        crawler.signals.connect(spider.slow_down, signal=signals.robots_parsed)
        crawler.signals.connect(spider.lost, signal=signals.item_error)
        crawler.signals.connect(spider.sweep, signal=signals.spider_idle)
        return spider

    def slow_down(self, robotparser: Any) -> None:
        """Obeys Crawl-delay, which Scrapy reads and ignores."""
        delay = robotparser.rp.crawl_delay(self.settings["USER_AGENT"]) or 0
        throttle = self.crawler.get_extension(AutoThrottle)
        if throttle is not None:
            throttle.mindelay = max(throttle.mindelay, delay)
        for slot in self.crawler.engine.downloader.slots.values():
            slot.delay = max(slot.delay, delay)

    async def start(self) -> AsyncIterator[Request]:
        for request in self.begin():
            yield request
        for url in self.portal.seen:
            for request in self.follow(url, title=None) if url not in self.met else ():
                yield request

    def begin(self) -> Iterable[Request]:
        """The first requests: the entry's pages, and reports whose address follows from organ and year."""
        for url in self.portal.start:
            self.met.add(url)
            yield self.request(url, self.visit, entry=True)

    # -- the walk

    def visit(
        self, response: Response, entry: bool = False, depth: int = 0, inside: bool = False,
        title: str | None = None, further: bool = False,
    ) -> Iterator[Any]:  # fmt: skip
        """A page on the way: itself a report, a list whose rows are followed, a directory whose columns are visited.

        `entry`: it stands in the portal's file. `inside`: it lies under a 年报 column. `further`: page 2 and later.
        """
        if response.status == 304:  # a column that is its only article
            self.same(response)
            return
        if not self.usable(response, "column" if entry else None) or not isinstance(response, TextResponse):
            return
        if entry:
            self.recognised(response)
        if not further and self.is_report(response, title):
            yield from self.article(response, title=title, unit=None)
            return
        rows = [row for row in self.rows(response) if response.urljoin(row.href) not in self.met or entry]
        if rows:
            self.count("lists")
        before = len(self.met)
        for row in rows:
            yield from self.row(response, row.href, row.title, row.date)
        for url in self.pages(response) if not further or len(self.met) > before else ():
            yield from self.visited(url, depth=depth, inside=inside, further=True)
        if depth < self.depth and not further:
            here = inside or bool(walk.SLUG.search(urlsplit(response.url).path) or self.is_column(response))
            for url, text in self.columns(response, inside=here):
                yield from self.visited(url, depth=depth + 1, inside=here or bool(walk.COLUMN.search(text)), title=text)
        if entry and not rows and not self.columns_below(response):
            self.problem(f"{response.url}: neither rows nor columns here", "column")

    def visited(self, url: str, **kwargs: Any) -> Iterator[Request]:
        """Asks for a page of the walk, once a run and on this host only."""
        if urlsplit(url).hostname == self.portal.host and url not in self.met:
            self.met.add(url)
            headers = self.memory_of(url).conditions if url in self.known else {}
            yield self.request(url, self.visit, headers=headers, **kwargs)

    def rows(self, response: TextResponse) -> Iterable[walk.Row]:
        """The rows of a list."""
        return walk.rows(response)

    def pages(self, response: TextResponse) -> Iterable[str]:
        """The further pages of a list."""
        return walk.pages(response)

    def columns(self, response: TextResponse, *, inside: bool) -> Iterable[tuple[str, str]]:
        """(address, text) of what leads on."""
        return walk.columns(response, inside=inside)

    def columns_below(self, response: TextResponse) -> bool:
        return next(iter(self.columns(response, inside=True)), None) is not None

    def is_column(self, response: TextResponse) -> bool:
        """Whether the page says that it is a 年报 column: `ColumnType`, else its name (国办发〔2017〕47号)."""
        return page.meta(response, "ColumnType") == "信息公开年报" or bool(
            walk.COLUMN.search(page.meta(response, "ColumnName") or page.text(response.css("title")))
        )

    def is_report(self, response: TextResponse, title: str | None) -> bool:
        """Whether a page of the walk is itself a report: so it is in columns that hold one article only."""
        named = next((t for t in page.titles(response, title) if parse_title(t) and not refuse(t)), None)
        found = next((c for css in self.selectors if (c := response.css(css))), None)
        return bool(named and found and parse_title(named).year and len(page.text(found)) >= FLOOR * 2)

    def recognised(self, response: TextResponse) -> None:
        """A page that bears marks of other platforms only: the portal was rebuilt."""
        families = [platform for platform, _ in fingerprint.marks(response.url, response.text)]
        if families and self.name not in families and self.name != "generic":
            self.problem(
                f"{response.url}: looks like {families[0]}, not {self.name} — gongkai portals detect", "platform"
            )

    def row(self, response: Response, href: str, title: str, date: str = "") -> Iterator[Request]:
        """One row of a list: follows it where its title is that of a report."""
        url, mark = response.urljoin(href), f"{title} {date}".strip()
        if url in self.portal.seen and url in self.met:  # already asked for, before any list was
            self.memory_of(url).row = mark
        if url in self.met:
            return
        self.met.add(url)
        self.count("listed")
        if refuse(title):
            self.count("refused")
        elif parse_title(title):
            yield from self.follow(url, title, mark=mark)

    def follow(
        self, url: str, title: str | None, unit: str | None = None, mark: str = "", **more: Any
    ) -> Iterator[Request]:
        """Asks for a report's page, unless the archive holds it and nothing says that it changed."""
        if urlsplit(url).hostname != self.portal.host:
            return  # copies on foreign hosts, with replaced words, are real
        self.met.add(url)
        seen = self.memory_of(url)
        held = {url} & self.known.keys() | self.archive.attached(url)
        changed = bool(seen.row and mark and seen.row != mark)
        seen.row, seen.gone = mark or seen.row, ""
        self.found |= held
        fetched, published = self.dates.get(next(iter(held), None), (self.started, None))
        if held and not (changed or self.recheck or seen.due(fetched, published, self.started)):
            return
        if held:
            self.again.add(url)
        headers = seen.conditions if held and not changed else {}
        yield self.request(url, self.article, headers=headers, title=title, unit=unit, **more)


def refuse_in_tests() -> None:
    """In tests no spider may reach a real host: only a replica, which listens on this machine."""
    if os.environ.get("GONGKAI_TEST") != "1":
        return
    for name in ("http_proxy", "https_proxy"):
        if urlsplit(os.environ.get(name, "")).hostname != "127.0.0.1" or os.environ.get("no_proxy"):
            raise RuntimeError(f"a test must crawl a replica: {name} is not on 127.0.0.1 — use crawler.replica.serve()")
