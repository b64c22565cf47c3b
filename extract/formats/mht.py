"""Web archives (MHT, saved by browsers, Word and WPS, often under the name .doc): the main part, read as a page."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import replace
from email import policy
from email.message import Message
from email.parser import BytesParser
from itertools import islice
from urllib.parse import unquote, urljoin

from extract.content import Content
from extract.formats.charset import decode
from extract.formats.html import CHARSET, read_html
from extract.records import ReportError

MOST_PARTS = 500
MOST_PICTURES = 40_000_000  # bytes of pictures that are put into the page
SOURCE = re.compile(rb"""(<img\b[^<>]{0,2000}?\bsrc\s{0,9}=\s{0,9})(["'])([^<>"']{1,2000})\2""", re.IGNORECASE)
DECLARATION = re.compile(r"(<meta[^>]{0,200}charset\s*=\s*[\"']?\s*)[A-Za-z0-9_-]+", re.IGNORECASE)


def read_mht(body: bytes) -> Content:
    """A web archive → its main part as `read_html` reads it, with the pictures of other parts as data addresses."""
    try:
        message = BytesParser(policy=policy.compat32).parsebytes(body.lstrip(b"\r\n \t\xef\xbb\xbf"))
        parts = [part for part in islice(message.walk(), 2 * MOST_PARTS) if not part.is_multipart()]
    except RecursionError as error:
        raise ReportError("the parts of the web archive are nested too deeply", remedy="check it by hand") from error
    if len(parts) > MOST_PARTS:
        raise ReportError(f"more than {MOST_PARTS} parts are too many for a report", remedy="check it by hand")
    main = _main(message, parts)
    if main is None:
        raise ReportError("the web archive holds no page", remedy="open it in a browser and save it as HTML")
    page = _pictures(_page(main), main, parts)
    return replace(read_html(page), media_type="message/rfc822")


def _main(message: Message, parts: list[Message]) -> Message | None:
    """The page that `start` names, else the one that bears the archive's own address, else the longest."""
    pages = [part for part in parts if part.get_content_type() in ("text/html", "application/xhtml+xml")]
    start = message.get_param("start")
    for wanted, header in ((start, "Content-ID"), (message.get("Content-Location"), "Content-Location")):
        found = [p for p in pages if wanted and str(p.get(header, "")).strip("<> ") == str(wanted).strip("<> ")]
        if found:
            return found[0]
    return max(pages, key=lambda page: len(_payload(page)), default=None)


def _payload(part: Message) -> bytes:
    """A part's bytes; base64 that ends too early gives what there is."""
    try:
        found = part.get_payload(decode=True)
    except (ValueError, binascii.Error, LookupError):
        found = None
    return found if isinstance(found, bytes) else b""


def _page(part: Message) -> bytes:
    """The page in UTF-8, and saying so."""
    body = _payload(part)
    inside = CHARSET.search(body[:4096])
    text = decode(body, part.get_content_charset() or (inside[1].decode("ascii") if inside else None))
    return DECLARATION.sub(r"\1utf-8", text, count=3).encode("utf-8", errors="replace")


def _pictures(page: bytes, main: Message, parts: list[Message]) -> bytes:
    """The page with its pictures' addresses replaced by the pictures."""
    base = str(main.get("Content-Location", ""))
    known: dict[str, Message] = {}
    for part in parts:
        if part.get_content_maintype() == "image":
            if part.get("Content-ID"):
                known["cid:" + str(part["Content-ID"]).strip("<> ")] = part
            if part.get("Content-Location"):
                known[urljoin(base, str(part["Content-Location"]).strip())] = part
    left = MOST_PICTURES

    def put(found: re.Match[bytes]) -> bytes:
        nonlocal left
        address = found[3].decode("utf-8", errors="replace").strip()
        part = known.get(urljoin(base, address)) or known.get(unquote(address)) or known.get(address)
        picture = _payload(part) if part is not None else b""
        left -= len(picture)
        if not picture or left < 0 or part is None:
            return found.group()
        data = f"data:{part.get_content_type()};base64,".encode() + base64.b64encode(picture)
        return found[1] + b'"' + data + b'"'

    return SOURCE.sub(put, page) if known else page
