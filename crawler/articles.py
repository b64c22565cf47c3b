"""Pages that are reports or hold one: what all platforms share once a list has led there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urljoin, urlsplit

from scrapy.http import HtmlResponse, Request, Response, TextResponse

from crawler import page
from crawler.archive import digest_of, now
from crawler.items import Document
from crawler.media import media_type_of
from crawler.record import Record, asked
from crawler.titles import parse_title, refuse

ATTACHMENT = re.compile(
    r"downfile\.jsp\?|download\.jsp\?|/download/\d+|\.(?:pdf|docx?|xlsx?|wps|et|ofd|rtf|zip|rar|mht)(?:$|[?&#])",
    re.IGNORECASE,
)
VIEWER = re.compile(r"pdfurl\s*=\s*[\"']([^\"']+)[\"']|viewer\.html\?file=([^\"'&\s]+)", re.IGNORECASE)
BESIDE = frozenset({".fj-a", ".fjxx", ".fj", ".insertfileTag", "#pdfshow"})  # where files stand beside the body
FLOOR = 200  # characters of text; a page with fewer holds its report elsewhere, or none
PICTURE = re.compile(r"\.(?:jpe?g|png|tiff?|bmp)(?:$|\?)", re.IGNORECASE)
TABLES = re.compile(r"第二十条|申请人情况|结果维持")  # words that stand inside the official tables only


class Articles(Record):
    """The part of a platform's spider that reads articles; `PlatformSpider` is the rest."""

    selectors: tuple[str, ...] = ("#zoom",)  # containers of an article's body, the first that is there

    def article(
        self, response: Response, title: str | None, unit: str | None, expected: bool = True
    ) -> Iterator[Document | Request]:
        """A page that should be a report or hold it as an attachment. Not `expected`: an empty shell is an answer."""
        if response.status == 304:
            self.same(response)
            return
        if not self.usable(response):
            return
        if not isinstance(response, TextResponse) or media_type_of(response.body) not in ("text/html", "text/plain"):
            yield self.document(response, unit=unit, title=title, published_on=None, publisher=None)  # a file itself
            return
        body = self.body(response)
        text = page.text(body)
        if len(text) < FLOOR and not expected:
            return
        *headings, head = page.titles(response, None)
        if not any(parse_title(t) for t in (*headings, head)):
            # only the list calls it a report: it may be the home page, which answers for what is not there (§3.4)
            if self.home is None:
                yield self.at_home(response, title=title, unit=unit, expected=expected)
                return
            if self.home == digest_of(response.body):
                self.problem(f"{response.url}: answers with the home page: it is not there", "soft 404")
                return
        named = next((t for t in (*headings, title or "", head) if parse_title(t) and not refuse(t)), None)
        if named is None:
            self.problem(f"{response.url}: no title of a report on this page", "untitled")
            return
        if not any(response.css(css) for css in self.selectors) and self.lists(response):
            yield from self.visit(response, inside=True, title=named)  # a column that is named like a report
            return
        said: dict[str, Any] = page.facts(response) | {"unit": unit, "title": named}
        held = 0
        for url, name in self.attachments(response, body, short=len(text) < FLOOR):
            held += 1
            yield from self.attached(response, url, said | {"name": name})
        for url in self.pictures(response, body, text):
            held += 1
            yield from self.attached(response, url, said | {"name": Path(urlsplit(url).path).name})
        if self.unchanged(response, body):
            self.same(response)
        elif len(text) >= FLOOR:
            yield self.document(response, **said)
        elif not held:
            self.problem(f"{response.url}: {named}: a title without a report", "empty")

    def lists(self, response: TextResponse) -> bool:
        """Whether a page lists reports under other addresses than its own."""
        rows = ((response.urljoin(row.href), row.title) for row in self.rows(response))
        return any(url != response.url and parse_title(title) and not refuse(title) for url, title in rows)

    def body(self, response: TextResponse) -> Any:
        """The article's container; a platform whose pages hold it in a script overrides this."""
        return page.container(response, self.selectors)

    def attached(self, response: Response, url: str, said: dict[str, Any]) -> Iterator[Request]:
        """Asks for a file that hangs on a page, unless it is held and nothing says that it changed."""
        if url in self.met:
            return
        self.met.add(url)
        self.via[url] = asked(response)
        if url not in self.known:
            yield self.request(url, self.attachment, said=said)
        else:
            self.found.add(url)
            if asked(response) in self.again:
                self.again.add(url)
                yield self.request(url, self.attachment, headers=self.memory_of(url).conditions, said=said)

    def attachments(self, response: TextResponse, body: Any, short: bool) -> Iterator[tuple[str, str]]:
        """(address, name) of the files that a page holds: each that is titled like a report, and every one of a page
        without text, also those that only a viewer shows."""
        around = page.marked(response, BESIDE)
        met: set[str] = set()
        for link in (link for part in [*body, *around] for link in part.css("a[href]")):
            href, label = link.attrib["href"].strip(), page.text(link)
            if not ATTACHMENT.search(href):
                continue
            url = response.urljoin(href)
            name = _name(url, label)
            stem = name.rsplit(".", 1)[0]
            if url in met or refuse(stem) or not (short or parse_title(stem)):
                continue
            met.add(url)
            if urlsplit(url).hostname == self.portal.host:
                yield url, name
        if short:
            for url in _viewed(response):
                if url not in met and urlsplit(url).hostname == self.portal.host:
                    met.add(url)
                    yield url, _name(url, "")

    def pictures(self, response: TextResponse, body: Any, text: str) -> Iterator[str]:
        """Images of an article whose tables are missing from its text: the tables are likely in them."""
        if TABLES.search(re.sub(r"\s", "", text)):
            return
        for image in body.css("img[src]"):
            url = response.urljoin(image.attrib["src"].strip())
            if PICTURE.search(url) and urlsplit(url).hostname == self.portal.host:
                yield url

    def attachment(self, response: Response, said: dict[str, Any]) -> Iterator[Document]:
        """A file that is a report; its title and date are those of the page it hangs on."""
        if response.status == 304:
            self.same(response)
            return
        if not self.usable(response):
            return
        if not response.body or media_type_of(response.body) == "text/html" and b"<table" not in response.body:
            self.problem(f"{response.url}: {said['name']}: an attachment that is not there", "empty")
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
        url, digest = asked(response), digest_of(response.body)
        self.remember(response)
        if self.known.get(url) == digest:
            self.count("unchanged")
        elif url in self.known:
            self.count("changed")
        return Document(
            digest=digest, url=url, fetched=now(), media_type=media_type_of(response.body), name=name,
            unit=unit, title=title, portal=self.portal.slug, published_on=published_on, publisher=publisher,
        )  # fmt: skip

    def unchanged(self, response: TextResponse, body: Any) -> bool:
        """True where only the frame around a known report has changed: a visit counter, the time of day."""
        digest = self.known.get(asked(response))
        if digest is None:
            return False
        before = HtmlResponse(response.url, body=self.archive.read(digest), encoding=response.encoding)
        return bool(self.body(before).get() == body.get())

    def same(self, response: Response) -> None:
        """A report that was asked for again and is as it was."""
        self.count("unchanged")
        self.remember(response)


def _name(url: str, label: str) -> str:
    query = parse_qs(urlsplit(url).query)
    given = query.get("showname") or query.get("fileName") or [label or Path(unquote(urlsplit(url).path)).name]
    return given[0]


def _viewed(response: TextResponse) -> Iterator[str]:
    """Files that a viewer in the page shows: Hanweb's pdfurl and #pdfshow, frames, embedded objects, PDF.js."""
    for found in VIEWER.finditer(response.text):
        yield response.urljoin(unquote(found[1] or found[2]))
    for value in response.css("#pdfshow::attr(data-value), object::attr(data)").getall():
        yield response.urljoin(value)
    for source in response.css("iframe::attr(src), embed::attr(src)").getall():
        inner = VIEWER.search(source)
        if inner or ATTACHMENT.search(source):
            yield urljoin(response.url, unquote(inner[1] or inner[2]) if inner else source)
