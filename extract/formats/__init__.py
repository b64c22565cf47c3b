"""One reader a format, chosen by the bytes themselves, never by a name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import cast

from extract.content import Content
from extract.formats.sniff import REFUSED, sniff
from extract.records import ReportError


@dataclass(frozen=True, slots=True)
class Reader:
    """Where a format's reader is (`module:function`, imported when needed) and how many bytes it takes at most."""

    where: str
    limit: int

    def load(self) -> Callable[[bytes], Content]:
        """The function `bytes → Content`."""
        module, _, name = self.where.partition(":")
        return cast(Callable[[bytes], Content], getattr(import_module(f"extract.formats.{module}"), name))


# Limits in bytes. The longest report seen has 40 kB of text; a page around it can have a few hundred
READERS: dict[str, Reader] = {
    "text/html": Reader("html:read_html", 8_000_000),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": Reader("docx:read_docx", 50_000_000),
    "application/msword": Reader("office:read_office", 50_000_000),
    "application/rtf": Reader("office:read_office", 50_000_000),
    "application/vnd.ms-works": Reader("office:read_office", 50_000_000),
    "application/vnd.oasis.opendocument.text": Reader("office:read_office", 50_000_000),
    "application/x-encrypted-office": Reader("office:refuse_encrypted", 100_000_000),
    "text/plain": Reader("text:read_text", 1_000_000),
    "text/markdown": Reader("markdown:read_markdown", 1_000_000),
    "message/rfc822": Reader("mht:read_mht", 60_000_000),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": Reader("xlsx:read_workbook", 20_000_000),
    "application/vnd.ms-excel.sheet.binary.macroenabled.12": Reader("xlsx:read_workbook", 20_000_000),
    "application/vnd.ms-excel": Reader("xlsx:read_workbook", 20_000_000),
    "application/vnd.oasis.opendocument.spreadsheet": Reader("xlsx:read_workbook", 20_000_000),
    "application/ofd": Reader("ofd:read_ofd", 60_000_000),
    "application/zip": Reader("archives:read_archive", 100_000_000),
    "application/vnd.rar": Reader("archives:read_archive", 100_000_000),
    "application/x-7z-compressed": Reader("archives:read_archive", 100_000_000),
    "application/x-tar": Reader("archives:read_archive", 100_000_000),
    "application/gzip": Reader("archives:read_archive", 100_000_000),
    "application/pdf": Reader("pdf:read_pdf", 60_000_000),
    "image/png": Reader("image:read_image", 60_000_000),
    "image/jpeg": Reader("image:read_image", 60_000_000),
    "image/tiff": Reader("image:read_image", 60_000_000),
    "image/bmp": Reader("image:read_image", 60_000_000),
    "image/webp": Reader("image:read_image", 60_000_000),
    "image/gif": Reader("image:read_image", 60_000_000),
}


def read(body: bytes) -> Content:
    """A document of any known format as Content. Raises ReportError with a remedy where that cannot be."""
    if not body.strip():
        raise ReportError("the file is empty", remedy="fetch it again")
    media_type = sniff(body)
    if media_type in REFUSED:
        raise ReportError(REFUSED[media_type][0], remedy=REFUSED[media_type][1])
    if media_type not in READERS:
        known = ", ".join(sorted(set(READERS) - set(REFUSED)))
        raise ReportError(f"{media_type} cannot be read yet", remedy=f"save it as one of {known} and import it again")
    reader = READERS[media_type]
    if len(body) > reader.limit:
        raise ReportError(f"{len(body):,} bytes are too many for a report", remedy="check that it is the report itself")
    return reader.load()(body)
