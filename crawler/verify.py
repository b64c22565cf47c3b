"""Reads the whole archive again and computes every digest anew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from crawler.archive import SUFFIX, Archive, ArchiveError


@dataclass(frozen=True, slots=True)
class Checked:
    """One WARC file: how many records it holds, and what is wrong with them."""

    name: str
    records: int
    faults: tuple[str, ...]


def verify(folder: Path) -> Iterator[Checked]:
    """Every WARC of an archive, then its documents: each must be there under its digest."""
    for path in sorted(folder.glob("*" + SUFFIX)):
        yield _file(path)
    yield _documents(folder)


def _file(path: Path) -> Checked:
    records, faults = 0, []
    with path.open("rb") as stream:
        reader = ArchiveIterator(stream, check_digests=True)
        try:
            for record in reader:
                records += 1
                record.content_stream().read()
                checker = record.digest_checker
                if checker is not None and checker.passed is False:
                    where = f"{path.name}: byte {reader.get_record_offset()}"
                    faults.append(f"{where}: {'; '.join(checker.problems)} — restore this file from a copy")
        except (ArchiveLoadFailed, OSError, EOFError) as error:
            faults.append(f"{path.name}: after {records} records: {error} — restore this file from a copy")
    return Checked(path.name, records, tuple(faults))


def _documents(folder: Path) -> Checked:
    archive, faults, count = Archive(folder), [], 0
    for digest in sorted({d.digest for d in archive.documents()}):
        count += 1
        try:
            archive.read(digest)
        except (ArchiveError, ArchiveLoadFailed, OSError, EOFError) as error:
            faults.append(str(error))
    return Checked("documents", count, tuple(faults))
