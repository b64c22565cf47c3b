"""The lines of index.cdxj: what each record is and where it lies. Each follows from the record alone."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, BinaryIO

from warcio.archiveiterator import ArchiveIterator

from crawler import warc

SUFFIX = ".warc.gz"
LARGEST = 400 * 1024 * 1024  # bytes of decoded content; what swells to more is no report


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the index: a record, where it lies and what it holds."""

    kind: str
    filename: str
    offset: int
    length: int
    date: str
    url: str
    payload: str  # digest of the payload as received, "" where the record has none
    content: str  # digest after Content-Encoding was undone: the digest of a Document
    document: dict[str, Any] | None = None

    @property
    def id(self) -> str:
        return warc.record_id(self.filename.removesuffix(SUFFIX), self.offset)

    def line(self) -> str:
        fields = {k: v for k, v in asdict(self).items() if v not in (None, "") and k not in ("content", "date")}
        stamp = "".join(c for c in self.date if c.isdigit())[:14]
        return f"{self.content or '-'} {stamp} {json.dumps(fields | {'date': self.date}, ensure_ascii=False)}\n"

    @classmethod
    def parse(cls, line: str) -> Entry:
        content, _, fields = line.split(" ", 2)
        empty = {"url": "", "payload": "", "content": "" if content == "-" else content}
        return cls(**(empty | json.loads(fields)))


def describe(filename: str, offset: int, payloads: Mapping[str, Entry], blob: bytes) -> Entry:
    """The entry of a record, from its bytes; `payloads` are the records that a revisit may refer to."""
    record = next(iter(ArchiveIterator(io.BytesIO(blob))))
    kind, header = record.rec_type, record.rec_headers.get_header
    payload = header("WARC-Payload-Digest") or "" if kind in ("response", "resource", "revisit") else ""
    content, document = payload, None
    if kind == "revisit":
        content = payloads[payload].content if payload in payloads else payload
    elif kind == "response" and record.http_headers.get_header("Content-Encoding"):
        content = _digest(record.content_stream()) or payload
    elif kind == "metadata":
        document = json.loads(record.content_stream().read())
        content = document["digest"]
    url = header("WARC-Target-URI") or ""
    return Entry(kind, filename, offset, len(blob), header("WARC-Date"), url, payload, content, document)


def _digest(stream: BinaryIO) -> str | None:
    sha, size = hashlib.sha256(), 0
    while chunk := stream.read(1 << 16):
        sha.update(chunk)
        size += len(chunk)
        if size > LARGEST:
            return None
    return f"sha256:{sha.hexdigest()}"
