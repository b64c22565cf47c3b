"""Archive → data/reports/*.jsonl: one Report a line, one file a WARC, only what is new."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from crawler.archive import Archive
from crawler.items import Document
from extract import register
from extract.records import ReportError
from extract.report import read_report


@dataclass(frozen=True, slots=True)
class Summary:
    """What one extraction did: documents read now, kept from before, and the errors of all documents."""

    read: int
    kept: int
    errors: tuple[str, ...]


@cache
def _code() -> str:
    """Digest of everything in extract/ and of the title grammar: when it changes, documents are read again."""
    here = Path(__file__).parent
    files = [p for p in sorted(here.rglob("*")) if p.suffix in {".py", ".toml", ".csv"}]
    digest = hashlib.sha256()
    for path in [*files, here.parent / "crawler" / "titles.py"]:
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def _key(documents: list[Document], extra: Path) -> str:
    local = [path.read_bytes().hex() for path in sorted(extra.glob("*.csv"))] if extra.is_dir() else []
    return hashlib.sha256(repr((_code(), local, [asdict(d) for d in documents])).encode()).hexdigest()


def extract(data: Path, progress: Callable[[str], None] = lambda name: None) -> Summary:
    """Reads every document of every WARC that changed since the last time. `progress` is told each document's name.

    A document that cannot be read becomes a line with `error`; the run goes on. A file is renamed into place whole.
    """
    archive, folder = Archive(data / "archive"), data / "reports"
    folder.mkdir(parents=True, exist_ok=True)
    read = kept = 0
    errors: list[str] = []
    stems = archive.warcs()
    for stem in stems:
        documents = list(archive.documents(stem))
        path, state = folder / f"{stem}.jsonl", folder / f"{stem}.key"
        key = _key(documents, data / "register")
        if path.exists() and state.exists() and state.read_text() == key:
            kept += len(documents)
            for document in documents:
                progress(document.name or document.url or document.digest)
        else:
            _write(path, _lines(archive, documents, data / "register", progress))
            state.write_text(key)
            read += len(documents)
        errors.extend(_errors(path))
    for orphan in folder.glob("*.jsonl"):
        if orphan.stem not in stems:
            orphan.unlink()
    return Summary(read, kept, tuple(errors))


def _lines(
    archive: Archive, documents: list[Document], extra: Path, progress: Callable[[str], None]
) -> Iterator[dict[str, Any]]:
    places = register.load(extra)
    for document in documents:
        name = document.name or document.url or document.digest
        try:
            for report in read_report(archive.read(document.digest), document, places):
                yield report.to_json()
        except ReportError as error:
            yield _failed(document, str(error.message), error.place, error.remedy)
        except Exception as error:  # one document must not end the run; its type tells where to look
            yield _failed(document, f"{type(error).__name__}: {error}", "", "report this as a bug with the document")
        progress(name)


def _failed(document: Document, message: str, place: str, remedy: str) -> dict[str, Any]:
    return {
        "schema": 1,
        "document": {"digest": document.digest, "media_type": document.media_type, "url": document.url},
        "error": {"name": document.name or document.url, "message": message, "place": place, "remedy": remedy},
    }


def _write(path: Path, records: Iterator[dict[str, Any]]) -> None:
    part = path.with_suffix(".part")
    with part.open("w", encoding="utf-8") as out:
        for record in records:
            out.write(json.dumps(record, ensure_ascii=False) + "\n")
        out.flush()
        os.fsync(out.fileno())
    part.replace(path)


def _errors(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            if error := record.get("error"):
                yield str(
                    ReportError(error["message"], document=error["name"], place=error["place"], remedy=error["remedy"])
                )
