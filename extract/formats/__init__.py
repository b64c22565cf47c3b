"""One reader a format, chosen by the bytes themselves, never by a name."""

from __future__ import annotations

import re
from collections.abc import Callable

import filetype

from extract.content import Content
from extract.formats.html import read_html
from extract.formats.text import read_text
from extract.records import ReportError

# Bytes. The longest report seen has 40 kB of text; a page around it can have a few hundred
LIMITS = {"text/plain": 1_000_000, "text/html": 8_000_000}
READERS: dict[str, Callable[[bytes], Content]] = {"text/html": read_html, "text/plain": read_text}
MARKUP = re.compile(rb"<(!doctype\s+html|html|head|body|table|div|p|meta|span)[\s>]", re.IGNORECASE)


def sniff(body: bytes) -> str:
    """The media type by magic bytes; markup in the first 4 kB is HTML, anything without NUL is text."""
    known = filetype.guess(body[:8192])
    if known is not None:
        return known.mime
    if MARKUP.search(body[:4096]):
        return "text/html"
    return "text/plain" if b"\0" not in body[:8192] else "application/octet-stream"


def read(body: bytes) -> Content:
    """A document of any known format as Content. Raises ReportError with a remedy where that cannot be."""
    if not body.strip():
        raise ReportError("the file is empty", remedy="fetch it again")
    media_type = sniff(body)
    if media_type not in READERS:
        known = ", ".join(sorted(READERS))
        raise ReportError(f"{media_type} cannot be read yet", remedy=f"save it as one of {known} and import it again")
    if len(body) > LIMITS[media_type]:
        raise ReportError(f"{len(body):,} bytes are too many for a report", remedy="check that it is the report itself")
    return READERS[media_type](body)
