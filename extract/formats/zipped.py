"""The members of a zip container (DOCX, XLSX, OFD), read with limits: a small file must not become a large one."""

from __future__ import annotations

import io
import zipfile
from struct import error as StructError
from zlib import error as ZlibError

from lxml import etree

from extract.records import ReportError

MAX_ENTRIES = 5_000
MAX_TOTAL = 200_000_000  # bytes unpacked
MAX_RATIO = 200  # unpacked to packed; office XML reaches about 30
SMALL = 1_000_000  # a member of this size cannot hurt, whatever its ratio
DAMAGED = "fetch it again, or open and save it in a word processor"


class Zipped:
    """A zip container that passed the checks of its own directory; every read is capped all the same."""

    def __init__(self, body: bytes) -> None:
        try:
            self._file = zipfile.ZipFile(io.BytesIO(body))
        except (zipfile.BadZipFile, StructError, ValueError, OSError, RuntimeError) as error:
            raise ReportError("the zip container is damaged", remedy=DAMAGED) from error
        entries = self._file.infolist()
        if len(entries) > MAX_ENTRIES:
            raise ReportError(f"{len(entries):,} members are too many", remedy="check that it is the report itself")
        if sum(entry.file_size for entry in entries) > MAX_TOTAL:
            raise ReportError(f"it unpacks to more than {MAX_TOTAL:,} bytes", remedy="check that it is the report")
        self._left = MAX_TOTAL
        self.names = frozenset(entry.filename for entry in entries)

    def read(self, name: str) -> bytes:
        """A member's bytes. Raises ReportError where it is missing, encrypted, damaged or beyond the limits."""
        if name not in self.names:
            raise ReportError(f"the container holds no {name}", remedy=DAMAGED)
        entry = self._file.getinfo(name)
        if entry.flag_bits & 1:
            raise ReportError("the document is encrypted", remedy="ask for a copy without a password")
        if entry.file_size > SMALL and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
            raise ReportError(f"{name} unpacks to {MAX_RATIO} times its size", remedy="leave it out: it is no report")
        try:
            with self._file.open(entry) as member:
                body = member.read(min(entry.file_size, self._left) + 1)
        except (zipfile.BadZipFile, ZlibError, StructError, EOFError, OSError, ValueError, RuntimeError) as error:
            raise ReportError(f"{name} is damaged", remedy=DAMAGED) from error
        if len(body) > min(entry.file_size, self._left):
            raise ReportError(f"{name} is larger than it declares", remedy="leave it out: it is no report")
        self._left -= len(body)
        return body

    def xml(self, name: str) -> etree._Element:
        """A member parsed as XML: no entities, no network, bounded depth."""
        return parse_xml(self.read(name), name)


def parse_xml(body: bytes, name: str) -> etree._Element:
    """XML from an unknown hand. Raises ReportError naming the part that cannot be parsed."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ReportError(f"{name} is not well-formed XML", remedy=DAMAGED) from error
    if root is None:
        raise ReportError(f"{name} is empty", remedy=DAMAGED)
    return root
