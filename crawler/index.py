"""The lines of index.cdxj: what each record is and where it lies. Each follows from the record alone."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from warcio.archiveiterator import ArchiveIterator

from crawler import warc

SUFFIX = ".warc.gz"
REVISIT_PROFILE = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
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

    def referred(self) -> dict[str, str]:
        """The headers by which a `revisit` record refers to this one (WARC 1.1, 6.7)."""
        return {
            "WARC-Profile": REVISIT_PROFILE,
            "WARC-Refers-To": self.id,
            "WARC-Refers-To-Target-URI": self.url,
            "WARC-Refers-To-Date": self.date,
        }

    def line(self) -> str:
        named = ((field, getattr(self, field)) for field in _FIELDS)
        fields = {field: value for field, value in named if value not in (None, "")}
        stamp = "".join(c for c in self.date if c.isdigit())[:14]
        return f"{self.content or '-'} {stamp} {json.dumps(fields, ensure_ascii=False)}\n"

    @classmethod
    def parse(cls, line: str) -> Entry:
        content, _, fields = line.split(" ", 2)
        empty = {"url": "", "payload": "", "content": "" if content == "-" else content}
        return cls(**(empty | json.loads(fields)))


_FIELDS = ("kind", "filename", "offset", "length", "url", "payload", "document", "date")


def describe(filename: str, offset: int, payloads: Mapping[str, Entry], blob: bytes) -> Entry:
    """The entry of a record, from its bytes; `payloads` are the records that a revisit may refer to."""
    record = next(iter(ArchiveIterator(io.BytesIO(blob))))
    encoded = record.rec_type == "response" and record.http_headers.get_header("Content-Encoding")
    content = _digest(record.content_stream()) if encoded else None
    body = record.content_stream().read() if record.rec_type == "metadata" else b""
    header = record.rec_headers.get_header
    return entry((filename, offset, len(blob)), record.rec_type, header, payloads, body, content)


def entry(
    place: tuple[str, int, int],
    kind: str,
    header: Callable[[str], str | None],
    payloads: Mapping[str, Entry],
    body: bytes,
    decoded: str | None = None,
) -> Entry:
    """The entry of a record that is known already: `place` is its file, offset and length in bytes, `body` needed of
    metadata only, `decoded` the digest of a payload without its Content-Encoding."""
    payload = header("WARC-Payload-Digest") or "" if kind in ("response", "resource", "revisit") else ""
    content, document = decoded or payload, None
    if kind == "revisit" and payload in payloads:
        content = payloads[payload].content
    elif kind == "metadata":
        document = json.loads(body)
        content = document["digest"]
    url, date = header("WARC-Target-URI") or "", header("WARC-Date") or ""
    return Entry(kind, *place, date, url, payload, content, document)


def _digest(stream: BinaryIO) -> str | None:
    sha, size = hashlib.sha256(), 0
    while chunk := stream.read(1 << 16):
        sha.update(chunk)
        size += len(chunk)
        if size > LARGEST:
            return None
    return f"sha256:{sha.hexdigest()}"
