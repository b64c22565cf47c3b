"""WARC out, WARC in: every document's bytes, unedited, with how they were fetched, and an index that can be rebuilt.

One file a portal and run. The same bytes are stored once; later copies are `revisit` records. A writer that is killed
loses at most the record that it was writing: the next to open the archive cuts the torn tail off.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from crawler import warc
from crawler.index import SUFFIX, Entry, describe
from crawler.index import entry as entry_of
from crawler.items import Document
from crawler.media import media_type_of
from crawler.warc import ArchiveError, digest_of

__all__ = ["Archive", "ArchiveError", "digest_of", "now"]

INDEX = "index.cdxj"
Headers = Sequence[tuple[str, str]]


def now() -> str:
    """This second, as ISO 8601 in UTC."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Archive:
    """The archive in one folder. Reading needs no more than that; the first write opens a new WARC for `portal`."""

    def __init__(self, folder: Path, portal: str = "import", started: str | None = None) -> None:
        self.folder, self.portal, self.started = Path(folder), portal, started
        self._stem: str | None = None
        self._forget()
        if self.folder.is_dir():
            with self._lock():
                self._sync()

    # -- reading

    def read(self, digest: str) -> bytes:
        """The bytes of a document, checked against their digest."""
        entry = self._stored.get(digest)
        if entry is None:
            raise ArchiveError(f"{self.folder}: no document {digest} — import or crawl it again")
        _, body = warc.record_at(self.folder / entry.filename, entry.offset)
        if digest_of(body) != digest:
            place = f"{self.folder / entry.filename}: byte {entry.offset}"
            raise ArchiveError(f"{place}: the bytes are not those of {digest}")
        return body

    def documents(self, warc: str | None = None) -> Iterator[Document]:
        """All documents, or those of one WARC file (its stem), in order of fetch."""
        found = (d for d in self._documents if warc in (None, d.warc))
        return iter(sorted(found, key=lambda d: (d.fetched, d.warc)))

    def refetched(self) -> Iterator[Document]:
        """Documents whose bytes came again from their address, as of the newest time, in order of fetch."""
        once = {(document.digest, document.url): document for document in self._documents}
        newest = ((document, self._latest.get(key)) for key, document in once.items())
        again = (
            replace(document, fetched=entry.date, warc=entry.filename.removesuffix(SUFFIX))
            for document, entry in newest
            if entry is not None and entry.date > document.fetched
        )
        return iter(sorted(again, key=lambda d: (d.fetched, d.warc)))

    def attached(self, page: str) -> frozenset[str]:
        """Addresses of the Documents that hung on a page."""
        return frozenset(self._attached.get(page, ()))

    def pages(self) -> dict[str, str]:
        """Address of each Document that hung on a page → address of that page."""
        return {url: page for page, urls in self._attached.items() for url in urls}

    def warcs(self) -> list[str]:
        """The stems of all WARC files."""
        return sorted(p.name.removesuffix(SUFFIX) for p in self.folder.glob("*" + SUFFIX))

    # -- writing

    def store(
        self,
        body: bytes,
        *,
        name: str,
        url: str | None = None,
        fetched: str | None = None,
        unit: str | None = None,
        title: str | None = None,
        media_type: str | None = None,
    ) -> str:
        """Keeps an imported file and says that it is a Document; returns its digest. Twice the same changes nothing."""
        digest, media = digest_of(body), media_type or media_type_of(body)
        document = Document(digest, url, fetched or now(), media, name, unit, title, None, None, None)
        with self._lock():
            self._sync()
            if not self._known(document):
                headers = {"WARC-Target-URI": url or "file:///" + quote(Path(name).name), "Content-Type": media}
                entry = self._payload("resource", headers, document.fetched, body)
                self._add_document(document, entry)
        return digest

    def response(
        self,
        *,
        url: str,
        method: str,
        request_headers: Headers,
        request_body: bytes,
        status: str,
        headers: Headers,
        body: bytes,
        fetched: str | None = None,
    ) -> str:
        """Keeps a fetched page as received, with its request; returns the digest of its decoded content.

        `status` is the status line, `HTTP/1.1 200 OK`.
        """
        date = fetched or now()
        parts = urlsplit(url)
        target = (parts.path or "/") + ("?" + parts.query if parts.query else "")
        head = warc.http_head(f"{method} {target} HTTP/1.1", [("Host", parts.netloc), *request_headers], request=True)
        with self._lock():
            self._sync()
            entry = self._payload("response", {"WARC-Target-URI": url}, date, body, warc.http_head(status, headers))
            concurrent = {"WARC-Concurrent-To": entry.id, "WARC-Target-URI": url}
            self._append("request", concurrent, date, request_body, head)
        return entry.content

    def add(self, document: Document, via: str | None = None) -> bool:
        """Says that bytes kept before are a Document; False where it was said before. `via`: the page it hung on."""
        with self._lock():
            self._sync()
            if self._known(document):
                return False
            if document.digest not in self._stored:
                raise ArchiveError(f"{document.url}: its bytes {document.digest} are not in the archive")
            entry = self._latest.get((document.digest, document.url))
            if entry is not None:
                document = replace(document, fetched=entry.date)
            self._add_document(document, entry or self._stored[document.digest], via)
            return True

    # -- records; all of these run under the lock

    def _payload(self, kind: str, headers: dict[str, str], date: str, body: bytes, http: Any = None) -> Entry:
        digest = digest_of(body)
        first = self._payloads.get(digest)
        headers = headers | {"WARC-Payload-Digest": digest}
        if first is None:
            return self._append(kind, headers, date, body, http)
        headers.pop("Content-Type", None)
        return self._append("revisit", headers | first.referred(), date, b"", http)

    def _add_document(self, document: Document, entry: Entry, via: str | None = None) -> None:
        said = {k: v for k, v in asdict(document).items() if k != "warc"} | ({"via": via} if via else {})
        body = json.dumps(said, ensure_ascii=False, indent=1).encode()
        headers = {"WARC-Refers-To": entry.id, "WARC-Target-URI": entry.url, "Content-Type": "application/json"}
        self._append("metadata", headers, document.fetched, body)

    def _append(self, kind: str, headers: dict[str, str], date: str, body: bytes, http: Any = None) -> Entry:
        if self._stem is None:
            self._stem = self._new_file(self.started or date)
            info = b"software: gongkai\r\nformat: WARC File Format 1.1\r\nisPartOf: " + self.portal.encode() + b"\r\n"
            self._append("warcinfo", {"WARC-Filename": self._stem + SUFFIX}, date, info)
        path = self.folder / (self._stem + SUFFIX)
        offset = path.stat().st_size
        fixed = {"WARC-Record-ID": warc.record_id(self._stem, offset), "WARC-Date": date}
        blob = warc.compose(kind, fixed | headers, body, http)
        with path.open("ab") as file:
            file.write(blob)
        if http is not None and http.get_header("Content-Encoding"):
            entry = describe(path.name, offset, self._payloads, blob)
        else:  # what describe() would find, without reading back what was just written
            entry = entry_of((path.name, offset, len(blob)), kind, (fixed | headers).get, self._payloads, body)
        with (self.folder / INDEX).open("a", encoding="utf-8") as index:
            index.write(entry.line())
            index.flush()
            self._read_to = index.tell()
        self._take(entry)
        return entry

    def _new_file(self, started: str) -> str:
        stamp = started.replace("-", "").replace(":", "")
        taken = set(self.warcs())
        names = (f"{self.portal}-{stamp}" + (f"-{n}" if n > 1 else "") for n in range(1, 10_000))
        stem = next(name for name in names if name not in taken)
        (self.folder / (stem + SUFFIX)).touch(exist_ok=False)
        return stem

    # -- the index

    def _take(self, entry: Entry) -> None:
        self._ends[entry.filename] = entry.offset + entry.length
        if entry.kind in ("response", "resource"):
            self._payloads.setdefault(entry.payload, entry)
            self._stored.setdefault(entry.content, entry)
        if entry.kind in ("response", "resource", "revisit"):
            self._latest[entry.content, entry.url] = entry
        if entry.document is not None:
            said = {k: v for k, v in entry.document.items() if k != "via"}
            document = Document(**said, warc=entry.filename.removesuffix(SUFFIX))
            if via := entry.document.get("via"):
                self._attached.setdefault(via, set()).add(document.url or "")
            self._documents.append(document)
            self._keys |= {_key(document), _key(replace(document, title=None))}

    def _known(self, document: Document) -> bool:
        return _key(document) in self._keys

    def _forget(self) -> None:
        self._read_to = 0
        self._inode = 0
        self._ends: dict[str, int] = {}
        self._payloads: dict[str, Entry] = {}
        self._stored: dict[str, Entry] = {}
        self._latest: dict[tuple[str, str | None], Entry] = {}
        self._documents: list[Document] = []
        self._attached: dict[str, set[str]] = {}
        self._keys: set[tuple[str | None, ...]] = set()

    @contextmanager
    def _lock(self) -> Iterator[None]:
        """Held while a record is written or the index is read: several writers take turns by the record."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / ".lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _sync(self) -> None:
        """Takes in what other writers added. The files themselves are looked at once, and again where the index is new
        or torn: there may be thousands, and every record of a crawl comes through here."""
        if self._read_index():
            self._repair()

    def _repair(self) -> None:
        """Mends what a killed writer left. None is at work: we hold the lock."""
        sizes = {p.name: p.stat().st_size for p in sorted(self.folder.glob("*" + SUFFIX))}
        if any(end > sizes.get(name, 0) for name, end in self._ends.items()):
            (self.folder / INDEX).unlink()  # it speaks of records that are not there
            self._read_index()
        for name, size in sizes.items():
            if size > self._ends.get(name, 0):
                self._recover(self.folder / name)

    def _read_index(self) -> bool:
        """Reads on from where we were; True where the index does not continue what we know of it."""
        path = self.folder / INDEX
        if not path.exists():
            path.touch()
        seen = path.stat()
        other = seen.st_ino != self._inode or seen.st_size < self._read_to
        if other:
            self._forget()
            self._inode = seen.st_ino
        if seen.st_size == self._read_to:
            return other
        with path.open("r+b") as file:
            file.seek(self._read_to)
            for line in file:
                try:
                    entry = Entry.parse(line.decode() if line.endswith(b"\n") else "")
                except (ValueError, TypeError):
                    file.truncate(self._read_to)  # what follows is recovered from the WARC files
                    return True
                self._take(entry)
                self._read_to += len(line)
        return other

    def _recover(self, path: Path) -> None:
        start = self._ends.get(path.name, 0)
        warc.repair(path, start)
        found = list(warc.members(path, start))
        with path.open("rb") as file, (self.folder / INDEX).open("ab") as index:
            for offset, length in found:
                file.seek(offset)
                entry = describe(path.name, offset, self._payloads, file.read(length))
                index.write(entry.line().encode())
                self._take(entry)
            index.flush()
            os.fsync(index.fileno())
            self._read_to = index.tell()


def _key(document: Document) -> tuple[str | None, ...]:
    return (document.digest, document.url, document.name, document.unit, document.portal, document.title)
