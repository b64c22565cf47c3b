"""What a file is, by its first bytes: names and Content-Type headers on these portals are often wrong."""

from __future__ import annotations

import io
import zipfile

_MAGIC = (
    (b"%PDF", "application/pdf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),  # .doc, .xls, .wps
    (b"{\\rtf", "application/rtf"),
    (b"\x89PNG", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"MIME-Version:", "multipart/related"),
)
_OOXML = "application/vnd.openxmlformats-officedocument."
_INSIDE = (
    ("word/", _OOXML + "wordprocessingml.document"),
    ("xl/", _OOXML + "spreadsheetml.sheet"),
    ("OFD.xml", "application/ofd"),
)


def media_type_of(body: bytes) -> str:
    """The media type; `text/plain` for other text, `application/octet-stream` for the rest."""
    for magic, media in _MAGIC:
        if body.startswith(magic):
            return media
    if body.startswith(b"PK\x03\x04"):
        return _inside_zip(body)
    head = body[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<!doctype html", b"<html")) or any(t in head for t in (b"<html", b"<head", b"<table", b"<p")):
        return "text/html"
    return "application/octet-stream" if b"\0" in body[:4096] else "text/plain"


def _inside_zip(body: bytes) -> str:
    try:
        names = zipfile.ZipFile(io.BytesIO(body)).namelist()
    except zipfile.BadZipFile:
        return "application/octet-stream"
    return next((media for part, media in _INSIDE if any(n.startswith(part) for n in names)), "application/zip")
