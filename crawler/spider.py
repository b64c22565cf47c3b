"""What all platforms share: recognising a report, yielding Documents, counting, saying what went wrong."""

from __future__ import annotations

import os
import re
from collections.abc import AsyncIterator, Iterable, Iterator
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qs, unquote, urlsplit

import scrapy
from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.extensions.throttle import AutoThrottle
from scrapy.http import HtmlResponse, Request, Response, TextResponse
from twisted.python.failure import Failure

from crawler import page, runs
from crawler.archive import Archive, digest_of, now
from crawler.items import Counts, Document
from crawler.media import media_type_of
from crawler.portals import Portal, load
from crawler.titles import parse_title, refuse

CHALLENGES = {202, 403, 405, 412, 429, 468, 521}  # what the firewalls in front of these portals answer to a machine
ATTACHMENT = re.compile(r"downfile\.jsp\?|\.(?:pdf|docx?|xlsx?|wps|et|ofd|rtf)(?:$|\?)", re.IGNORECASE)
FLOOR = 200  # characters of text; a page with fewer holds its report elsewhere, or none


class PlatformSpider(scrapy.Spider):
    """A subclass reads one CMS family: it says where to begin, and turns its lists into calls of `row`."""

    selectors: tuple[str, ...] = ("#zoom",)  # containers of an article's body, the first that is there

    def __init__(
        self, portal: str, data: str = "data", portals: str | None = None, started: str | None = None, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        known = load(Path(portals) if portals else None)
        if portal not in known:
            raise ValueError(f"no portal {portal!r} — there are {', '.join(known)}")
        self.portal: Portal = known[portal]
        if self.portal.platform != self.name:
            raise ValueError(f"{portal} is a {self.portal.platform} portal: scrapy crawl {self.portal.platform}")
        self.allowed_domains = [self.portal.host]
        self.data, self.started = Path(data), started or now()
        self.archive = Archive(self.data / "archive", portal=portal, started=self.started)
        self.known = {d.url: d.digest for d in self.archive.documents() if d.portal == portal}
        self.via: dict[str, str] = {}  # address of an attachment → page it hangs on
        self.found: set[str] = set()
        self.problems: list[str] = []
        self.challenged: list[str] = []

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        _refuse_in_tests()
        spider = super().from_crawler(crawler, *args, **kwargs)
        if spider.portal.delay is not None:
            crawler.settings.set("DOWNLOAD_DELAY", spider.portal.delay, priority="spider")
        crawler.signals.connect(spider.slow_down, signal=signals.robots_parsed)
        crawler.signals.connect(spider.lost, signal=signals.item_error)
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
            for request in self.follow(url, title=None):
                yield request

    def begin(self) -> Iterable[Request]:
        """The first requests: list pages, and reports whose address follows from organ and year."""
        raise NotImplementedError

    # -- lists

    def row(self, response: Response, href: str, title: str) -> Iterator[Request]:
        """One row of a list: follows it where its title is that of a report."""
        self.count("listed")
        if refuse(title):
            self.count("refused")
        elif parse_title(title):
            yield from self.follow(response.urljoin(href), title)

    def follow(self, url: str, title: str | None, unit: str | None = None, **more: Any) -> Iterator[Request]:
        """Asks for a report's page, unless it is already in the archive."""
        if urlsplit(url).hostname != self.portal.host:
            return  # copies on foreign hosts, with replaced words, are real
        held = {url} & self.known.keys() | self.archive.attached(url)
        self.found |= held
        if not held:
            yield self.request(url, self.article, title=title, unit=unit, **more)

    def request(self, url: str, callback: Any, method: str = "GET", body: str = "", **kwargs: Any) -> Request:
        """A request whose failure is recorded."""
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        return Request(
            url, callback, method=method, body=body, headers=headers, errback=self.failed, cb_kwargs=kwargs
        )  # fmt: skip

    # -- reports

    def article(
        self, response: Response, title: str | None, unit: str | None, expected: bool = True
    ) -> Iterator[Document | Request]:
        """A page that should be a report or hold it as an attachment. Not `expected`: an empty shell is an answer."""
        if not self.usable(response) or not isinstance(response, TextResponse):
            return
        body = page.container(response, self.selectors)
        text = page.text(body)
        named = next((t for t in page.titles(response, title) if parse_title(t) and not refuse(t)), None)
        if named is None:
            if expected or len(text) >= FLOOR:
                self.problem(f"{response.url}: no title of a report on this page")
            return
        said: dict[str, Any] = page.facts(response) | {"unit": unit, "title": named}
        held = 0
        for url, name in self.attachments(response, body, short=len(text) < FLOOR):
            held += 1
            if url in self.known:
                self.found.add(url)
            else:
                self.via[url] = _asked(response)
                yield self.request(url, self.attachment, said=said | {"name": name})
        if self.unchanged(response, body):
            self.found.add(_asked(response))
        elif len(text) >= FLOOR or (not held and body.css("img")):
            yield self.document(response, **said)
        elif not held:
            self.problem(f"{response.url}: {named}: a title without a report")

    def attachments(self, response: TextResponse, body: Any, short: bool) -> Iterator[tuple[str, str]]:
        """Files that a page holds: each that is titled like a report, and where the page has no text, every one."""
        for link in body.css("a[href]"):
            href, label = link.attrib["href"], page.text(link)
            if not ATTACHMENT.search(href):
                continue
            url = response.urljoin(href)
            query = parse_qs(urlsplit(url).query)
            name = query.get("showname", [label or Path(unquote(urlsplit(url).path)).name])[0]
            stem = name.rsplit(".", 1)[0]
            if refuse(stem) or not (short or parse_title(stem)):
                continue
            if urlsplit(url).hostname == self.portal.host:
                yield url, name

    def attachment(self, response: Response, said: dict[str, Any]) -> Iterator[Document]:
        """A file that is a report; its title and date are those of the page it hangs on."""
        if not self.usable(response):
            return
        if not response.body or media_type_of(response.body) == "text/html" and b"<table" not in response.body:
            self.problem(f"{response.url}: {said['name']}: an attachment that is not there")
            return
        yield self.document(response, **said)

    def document(
        self,
        response: Response,
        *,
        unit: str | None,
        title: str | None,
        published_on: str | None,
        publisher: str | None,
        name: str | None = None,
    ) -> Document:
        """The Document for a response whose bytes the archive holds."""
        url = _asked(response)
        self.found.add(url)
        return Document(
            digest=digest_of(response.body), url=url, fetched=now(), media_type=media_type_of(response.body), name=name,
            unit=unit, title=title, portal=self.portal.slug, published_on=published_on, publisher=publisher,
        )  # fmt: skip

    def unchanged(self, response: TextResponse, body: Any) -> bool:
        """True where only the frame around a known report has changed: a visit counter, the time of day."""
        digest = self.known.get(_asked(response))
        if digest is None:
            return False
        before = HtmlResponse(response.url, body=self.archive.read(digest), encoding=response.encoding)
        return bool(page.container(before, self.selectors).get() == body.get())

    # -- what went wrong

    def usable(self, response: Response) -> bool:
        """False, and recorded, for an error or a challenge. A challenge is never worked around."""
        if response.status in CHALLENGES or page.is_challenge(response):
            self.challenged.append(response.url)
            self.logger.error("challenge (%d) at %s: for a person to look at", response.status, response.url)
            return False
        if response.status != 200:
            self.problem(f"{response.url}: answered {response.status}")
            return False
        return True

    def failed(self, failure: Failure) -> None:
        """A request that got no answer: refused by robots.txt, timed out, not connected."""
        request: Any = getattr(failure, "request", None)
        self.problem(f"{request.url if request else '?'}: {failure.getErrorMessage() or failure.type.__name__}")

    def lost(self, item: Document, failure: Failure) -> None:
        """A Document that the archive did not take."""
        self.found.discard(item.url or "")
        self.problem(f"{item.url}: not recorded: {failure.getErrorMessage()}")

    def problem(self, sentence: str) -> None:
        self.problems.append(sentence)
        self.logger.error(sentence)

    def count(self, what: str) -> None:
        self.crawler.stats.inc_value(f"gongkai/{what}")

    def finish(self) -> None:
        """Called when all is read; a subclass adds what only the whole can show."""

    def closed(self, reason: str) -> None:
        """Writes the run's counts. Nothing found is a problem like any other."""
        self.finish()
        if reason != "finished":
            self.problem(f"{self.portal.slug}: ended early: {reason}")
        if not self.found:
            self.problem(f"{self.portal.slug}: no report found")
        stats = self.crawler.stats
        if errors := stats.get_value("spider_exceptions/count", 0):
            self.problem(f"{self.portal.slug}: {errors} errors in the spider — see the log")
        figures = {k: stats.get_value(f"gongkai/{k}", 0) for k in ("lists", "listed", "refused", "new")}
        requests = stats.get_value("downloader/request_count", 0)
        counts = Counts(
            self.portal.slug, self.started, now(), requests, reports=len(self.found),
            challenged=tuple(sorted(self.challenged)), problems=tuple(sorted(self.problems)), **figures,
        )  # fmt: skip
        runs.write(self.data, counts)


def _asked(response: Response) -> str:
    """The address that was asked for: after a redirect it is still the one that the list gives the next time."""
    return str(response.meta.get("redirect_urls", [response.url])[0])


def _refuse_in_tests() -> None:
    """In tests no spider may reach a real host: only a replica, which listens on this machine."""
    if os.environ.get("GONGKAI_TEST") != "1":
        return
    for name in ("http_proxy", "https_proxy"):
        if urlsplit(os.environ.get(name, "")).hostname != "127.0.0.1" or os.environ.get("no_proxy"):
            raise RuntimeError(f"a test must crawl a replica: {name} is not on 127.0.0.1 — use crawler.replica.serve()")
