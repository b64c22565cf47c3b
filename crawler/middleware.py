"""Where Scrapy meets the archive: every response is kept before anything reads it."""

from __future__ import annotations

import asyncio
import http
from collections import defaultdict
from typing import Any, Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Headers, Response
from scrapy.robotstxt import RobotParser
from scrapy.utils.httpobj import urlparse_cached

from crawler import challenge
from crawler.archive import Archive
from crawler.items import Document


class RobotsMiddleware(RobotsTxtMiddleware):
    """Scrapy's, made strict: all requests wait for robots.txt; a server that fails to give it forbids everything."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def robot_parser(self, request: Request) -> RobotParser | None:
        # In Scrapy 2.19 only the first of several waiting requests gets the rules: the others get None, and pass.
        async with self._turns[urlparse_cached(request).netloc]:
            return await super().robot_parser(request)

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= 500:  # RFC 9309, 2.3.1.4
            response = response.replace(body=b"User-agent: *\nDisallow: /\n")
        await super()._parse_robots(response, netloc, request)


class ArchiveMiddleware:
    """Keeps request and response as they went over the wire; stands below decompression, redirects and retries."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        archive = _archive(self.crawler)
        if challenge.kind(response) == "cookie-redirect":
            request.meta["dont_redirect"] = True  # following it would be the answer that the firewall asks for
        phrase = http.HTTPStatus(response.status).phrase if response.status in set(http.HTTPStatus) else ""
        try:
            archive.response(
                url=response.url,
                method=request.method,
                request_headers=_pairs(request.headers),
                request_body=request.body,
                status=f"{response.protocol or 'HTTP/1.1'} {response.status} {phrase}".rstrip(),
                headers=_pairs(response.headers),
                body=response.body,
            )
        except OSError as error:  # a full disk: what cannot be kept is not fetched
            spider: Any = self.crawler.spider
            spider.stop(f"the archive cannot be written: {error}")
            raise IgnoreRequest("the archive cannot be written") from error
        return response


class DocumentPipeline:
    """Writes a Document's record; the stats tell new ones from those that were known."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_item(self, item: Document) -> Document:
        spider: Any = self.crawler.spider
        if _archive(self.crawler).add(item, spider.via.get(item.url)):
            self.crawler.stats.inc_value("gongkai/new")
        return item


def _archive(crawler: Crawler) -> Archive:
    spider: Any = crawler.spider
    return spider.archive


def _pairs(headers: Headers) -> list[tuple[str, str]]:
    """Cookies and proxy credentials of a request are ours, not the page's; latin-1 keeps any byte of a header."""
    private = {b"cookie", b"proxy-authorization"}
    lines = ((name, value) for name, values in headers.items() if name.lower() not in private for value in values)
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in lines]
