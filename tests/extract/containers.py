"""What the tests of formats share: zipped containers made and altered, tables as texts, refusals."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from extract.content import Content
from extract.records import ReportError
from tests.extract.shapes import read_all


def texts(content: Content) -> list[list[list[str]]]:
    """Every table as rows of texts; where a merged cell continues stands `<`."""
    return [[[c.text if c.origin else "<" for c in row] for row in table.rows] for table in content.tables()]


def refused(body: bytes, words: str) -> None:
    with pytest.raises(ReportError, match=words):
        read_all(body)


def packed(**members: bytes | str) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    return out.getvalue()


def rezipped(body: bytes, name: str, change) -> bytes:
    """A container with one part altered."""
    out = BytesIO()
    with ZipFile(BytesIO(body)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for info in old.infolist():
            new.writestr(info.filename, change(old.read(info)) if info.filename == name else old.read(info))
    return out.getvalue()
