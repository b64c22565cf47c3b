"""WARC records as bytes: one gzip member each, the same input always giving the same bytes. No index, no policy."""

from __future__ import annotations

import hashlib
import io
import uuid
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from warcio.archiveiterator import ArchiveIterator
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

VERSION = "WARC/1.1"
CHUNK = 1 << 20


class ArchiveError(Exception):
    """An archive that cannot be read as it stands: says which file, where, and what would help."""


def digest_of(body: bytes) -> str:
    """The name by which everything else knows these bytes."""
    return "sha256:" + hashlib.sha256(body).hexdigest()


def record_id(stem: str, offset: int) -> str:
    """An id that follows from the record's place, so that the same inputs give the same file."""
    return f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{stem}/{offset}')}>"


def compose(kind: str, headers: dict[str, str], body: bytes = b"", http: StatusAndHeaders | None = None) -> bytes:
    """One whole record, compressed. `headers` are its WARC headers without type, length and block digest."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True, warc_version=VERSION)
    uri = headers.get("WARC-Target-URI", "")
    record = writer.create_warc_record(
        uri,
        kind,
        payload=io.BytesIO(body),
        length=len(body),
        warc_content_type=headers.get("Content-Type", ""),
        warc_headers_dict=headers,
        http_headers=http,
    )
    writer.write_record(record)
    return out.getvalue()


def http_head(line: str, headers: Sequence[tuple[str, str]], *, request: bool = False) -> StatusAndHeaders:
    """The head of an HTTP message. Hop-by-hop framing is dropped: the body that is kept has none."""
    kept = [(n, v) for n, v in headers if n.lower() not in ("transfer-encoding", "content-length")]
    protocol, _, status = line.partition(" ")
    return StatusAndHeaders(line if request else status, kept, protocol="" if request else protocol)


def members(path: Path, start: int = 0) -> Iterator[tuple[int, int]]:
    """(offset, length) of every whole gzip member from `start`; stops at the first that is not whole."""
    with path.open("rb") as file:
        offset = start
        while (length := _member_length(file, offset)) is not None:
            yield offset, length
            offset += length


def _member_length(file: BinaryIO, offset: int) -> int | None:
    file.seek(offset)
    unzip = zlib.decompressobj(zlib.MAX_WBITS + 16)
    read = 0
    try:
        while not unzip.eof and (chunk := file.read(CHUNK)):
            read += len(chunk)
            unzip.decompress(chunk)
    except zlib.error:
        return None
    return read - len(unzip.unused_data) if unzip.eof else None


def repair(path: Path, start: int = 0) -> int:
    """Cuts off a record that was being written when its writer died; returns the bytes cut.

    Only a tail is ever cut. Damage with whole records after it was not done by a killed writer: that is for a person.
    """
    end = start
    for offset, length in members(path, start):
        end = offset + length
    torn = path.stat().st_size - end
    if torn:
        with path.open("r+b") as file:
            file.seek(end)
            tail = file.read()
            if _holds_record(tail[1:]):
                remedy = "restore it from a copy"
                raise ArchiveError(f"{path}: damaged at byte {end}, with whole records after it — {remedy}")
            file.truncate(end)
    return torn


def _holds_record(tail: bytes) -> bool:
    at = tail.find(b"\x1f\x8b\x08")
    while at >= 0:
        try:
            if zlib.decompressobj(zlib.MAX_WBITS + 16).decompress(tail[at:], 5) == b"WARC/":
                return _member_length(io.BytesIO(tail), at) is not None
        except zlib.error:
            pass
        at = tail.find(b"\x1f\x8b\x08", at + 1)
    return False


def record_at(path: Path, offset: int) -> tuple[ArcWarcRecord, bytes]:
    """The record that begins at `offset`, with its payload (Content-Encoding undone)."""
    with path.open("rb") as file:
        file.seek(offset)
        for record in ArchiveIterator(file):
            return record, record.content_stream().read()
    raise ArchiveError(f"{path}: no record at byte {offset} — delete index.cdxj, it will be rebuilt")
