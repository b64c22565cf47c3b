"""What a crawl keeps of itself: counts, what is remembered for the next time, and what went wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import scrapy
from scrapy.exceptions import DontCloseSpider, IgnoreRequest
from scrapy.http import Request, Response
from twisted.python.failure import Failure

from crawler import challenge, memory, runs
from crawler.archive import Archive, digest_of, now
from crawler.items import Counts, Document
from crawler.portals import Portal, load


class Record(scrapy.Spider):
    """The bookkeeping of a platform's spider: `Articles` reads pages, `PlatformSpider` walks; all are one object."""

    def __init__(
        self, portal: str, data: str = "data", portals: str | None = None, started: str | None = None,
        recheck: str = "", **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(**kwargs)
        known = load(Path(portals) if portals else None)
        if portal not in known:
            raise ValueError(f"no portal {portal!r} — there are {', '.join(known)}")
        self.portal: Portal = known[portal]
        if self.portal.platform != self.name:
            raise ValueError(f"{portal} is a {self.portal.platform} portal: scrapy crawl {self.portal.platform}")
        self.allowed_domains = [self.portal.host]
        self.data, self.started, self.recheck = Path(data), started or now(), bool(recheck)
        self.archive = Archive(self.data / "archive", portal=portal, started=self.started)
        held = [d for d in self.archive.documents() if d.portal == portal]
        self.known = {d.url: d.digest for d in held}
        self.dates = {d.url: (d.fetched, d.published_on) for d in held}
        self.memory = memory.load(self.data, portal)
        self.via: dict[str, str] = {}  # address of an attachment → page it hangs on
        self.met: set[str] = set()  # addresses asked for or seen in a list in this run
        self.again: set[str] = set()  # held reports that are asked for again
        self.found: set[str] = set()
        self.home: str | None = None  # digest of the home page, asked for once where a page does not say what it is
        self.problems: list[str] = []
        self.errors: dict[str, int] = {}
        self.blocked: list[tuple[str, str]] = []
        self.swept = False

    def request(
        self, url: str, callback: Any, method: str = "GET", body: str = "", headers: Mapping[str, str] | None = None,
        json: bool = False, **kwargs: Any,
    ) -> Request:  # fmt: skip
        """A request whose failure is recorded."""
        kind = "application/json" if json else "application/x-www-form-urlencoded"
        sent = dict(headers or {}) | ({"Content-Type": kind} if body else {})
        return Request(
            url,
            callback,
            method=method,
            body=body,
            headers=sent,
            errback=self.failed,
            cb_kwargs=kwargs,
        )

    # -- what is remembered

    def memory_of(self, url: str) -> memory.Seen:
        return self.memory.setdefault(url, memory.Seen())

    def remember(self, response: Response) -> None:
        """A report was seen; its validators make the next question conditional."""
        url = asked(response)
        self.found.add(url)
        seen = self.memory_of(url)
        seen.checked = now()
        if response.status != 304:
            seen.etag = response.headers.get("ETag", b"").decode("latin-1")
            seen.modified = response.headers.get("Last-Modified", b"").decode("latin-1")

    def sweep(self) -> None:
        """When all is read: asks once for each report that a list showed before and no list shows now."""
        missing = [
            u for u, s in self.memory.items() if s.row and not s.gone and u not in self.met and u not in self.found
        ]
        if self.swept or self.problems or self.blocked:  # a list that was not read proves nothing
            return
        self.swept = True
        for url in missing:
            self.crawler.engine.crawl(self.request(url, self.vanished, headers=self.memory[url].conditions))
        if missing:
            raise DontCloseSpider

    def vanished(self, response: Response) -> None:
        """A report that no list shows any more: gone with the date, or still there under its address."""
        url = asked(response)
        if response.status in (404, 410):
            self.memory[url].gone = self.started
        elif response.status in (200, 304):
            self.found.add(url)
            self.memory[url].row = ""  # delisted, not gone

    # -- what went wrong

    def usable(self, response: Response, lost: str | None = None) -> bool:
        """False, and recorded, for an error or a challenge. A challenge is never worked around."""
        kind = challenge.kind(response)
        if kind:
            self.blocked.append((kind, response.url))
            self.logger.error("challenge (%s) at %s: for a person to look at", kind, response.url)
            return False
        if response.status != 200:
            gone = lost if response.status in (404, 410) else None
            self.problem(f"{response.url}: answered {response.status}", gone or f"status {response.status}")
            return False
        return True

    def at_home(self, waiting: Response, **kwargs: Any) -> Request:
        """Asks for the home page, once a crawl; then `waiting` is looked at again beside it."""
        home = f"{urlsplit(waiting.url).scheme}://{self.portal.host}/"
        return self.request(home, self.compared, waiting=waiting, **kwargs)

    def compared(self, response: Response, waiting: Response, **kwargs: Any) -> Iterator[Any]:
        """The home page is here, whatever it is."""
        self.home = digest_of(response.body)
        yield from self.article(waiting, **kwargs)

    def failed(self, failure: Failure) -> Iterator[Any]:
        """A request that got no answer: refused by robots.txt, timed out, not connected."""
        request: Any = getattr(failure, "request", None)
        if request is not None and (waiting := request.cb_kwargs.pop("waiting", None)):  # there is no home page
            self.home = ""
            yield from self.article(waiting, **request.cb_kwargs)
            return
        sentence = failure.getErrorMessage() or failure.type.__name__
        if request is not None and not failure.check(IgnoreRequest) and "switched" not in request.meta:
            # some portals answer on the other scheme only (PORTALS §3.3)
            scheme, rest = request.url.split(":", 1)
            other = "http" if scheme == "https" else "https"
            yield request.replace(url=f"{other}:{rest}", meta=request.meta | {"switched": True})
            return
        kind = "robots" if "robots.txt" in sentence else failure.type.__name__
        self.problem(f"{request.url if request else '?'}: {sentence}", kind)

    def lost(self, item: Document, failure: Failure) -> None:
        """A Document that the archive did not take."""
        self.found.discard(item.url or "")
        self.problem(f"{item.url}: not recorded: {failure.getErrorMessage()}", "archive")

    def stop(self, sentence: str) -> None:
        """Ends the crawl: going on would lose what is fetched. Said once."""
        if not self.errors.get("archive"):
            self.problem(f"{self.portal.slug}: {sentence}", "archive")
            self.crawler.engine.close_spider(self, "archive")

    def problem(self, sentence: str, kind: str = "other") -> None:
        self.problems.append(sentence)
        self.errors[kind] = self.errors.get(kind, 0) + 1
        self.logger.error(sentence)

    def count(self, what: str) -> None:
        self.crawler.stats.inc_value(f"gongkai/{what}")

    def finish(self) -> None:
        """Called when all is read; a subclass adds what only the whole can show."""

    def closed(self, reason: str) -> None:
        """Writes the run's counts. Nothing found is a problem like any other."""
        self.finish()
        if reason != "finished":
            self.problem(f"{self.portal.slug}: ended early: {reason}", "stopped")
        if not self.found:
            self.problem(f"{self.portal.slug}: no report found", "nothing")
        stats = self.crawler.stats
        if errors := stats.get_value("spider_exceptions/count", 0):
            self.problem(f"{self.portal.slug}: {errors} errors in the spider — see the log", "spider")
        names = ("lists", "listed", "refused", "new", "changed", "unchanged")
        figures = {name: stats.get_value(f"gongkai/{name}", 0) for name in names}
        gone = sorted(url for url, seen in self.memory.items() if seen.gone == self.started)
        counts = Counts(
            self.portal.slug, self.started, now(), stats.get_value("downloader/request_count", 0),
            reports=len(self.found), bytes=stats.get_value("downloader/response_bytes", 0), gone=tuple(gone),
            problems=tuple(sorted(self.problems)), errors=self.errors, blocked=tuple(sorted(self.blocked)), **figures,
        )  # fmt: skip
        memory.save(self.data, self.portal.slug, self.memory)
        runs.write(self.data, counts)


def asked(response: Response) -> str:
    """The address that was asked for: after a redirect it is still the one that the list gives the next time."""
    return str(response.meta.get("redirect_urls", [response.url])[0])
