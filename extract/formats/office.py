"""DOC, WPS and RTF: LibreOffice makes a DOCX of them and its reader reads that; places are those of the DOCX."""

from __future__ import annotations

from typing import NoReturn

from extract.content import Content
from extract.formats import cfb, soffice
from extract.formats.docx import read_docx
from extract.formats.sniff import sniff
from extract.records import ReportError

SUFFIXES = {
    "application/msword": ".doc",  # Kingsoft's .wps is one too
    "application/rtf": ".rtf",
    "application/vnd.ms-works": ".wps",
    "application/vnd.oasis.opendocument.text": ".odt",
}
WORD, ENCRYPTED = b"\xec\xa5", 0x01  # how Word's FIB begins, and fEncrypted in its byte 11 ([MS-DOC] 2.5.2)


def read_office(body: bytes) -> Content:
    """A word processor's file of another format → paragraphs and grids.

    Raises ReportError where it is encrypted or damaged, and where LibreOffice is missing or fails.
    """
    media_type = sniff(body)
    if body.startswith(cfb.MAGIC) and body[512:514] == WORD and body[523] & ENCRYPTED:
        refuse_encrypted(body)
    return read_docx(soffice.to_docx(body, SUFFIXES[media_type]), media_type)


def refuse_encrypted(body: bytes) -> NoReturn:
    """Office files with a password are compound files around a cipher."""
    raise ReportError("the document is encrypted", remedy="ask for a copy without a password")
