"""Which lines are one report, and what its id is (DESIGN §4). Works in a table on disk, so memory stays flat."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from db import inputs

_TABLE = """CREATE TEMP TABLE incoming (
    digest TEXT PRIMARY KEY, file TEXT, offset INTEGER, owner TEXT, content TEXT, url TEXT, fetched TEXT
) STRICT"""
_NEWEST_LAST = "SELECT * FROM incoming ORDER BY owner, fetched IS NULL, fetched, digest"


@dataclass(frozen=True, slots=True)
class Reading:
    """One document's reading: where its line stands, and what decides which report it belongs to."""

    digest: str
    file: str
    offset: int
    owner: str  # unit-year, or x-… where the unit or the year is unresolved
    content: str
    url: str | None
    fetched: str | None


@dataclass(frozen=True, slots=True)
class Group:
    """One report: the reading that stands, the documents that carry the same content, the readings it replaced."""

    id: str
    reading: Reading
    documents: tuple[str, ...]
    replaced: tuple[Reading, ...]


def groups(connection: sqlite3.Connection, data: Path) -> Iterator[Group]:
    """All reports in order of their owner. Needs the tables documents and fetches."""
    connection.execute("PRAGMA temp_store = FILE")
    connection.execute(_TABLE)
    connection.executemany(
        "INSERT OR REPLACE INTO incoming VALUES (?, ?, ?, ?, ?, ?,"
        " (SELECT first_fetched FROM documents WHERE digest = ?1))",
        (_incoming(*line) for line in inputs.lines(data) if "error" not in line[2]),
    )
    cursor = connection.cursor().execute(_NEWEST_LAST)
    for owner, rows in groupby((Reading(*row) for row in cursor), key=lambda reading: reading.owner):
        for number, members in enumerate(_reports(list(rows)), 1):
            yield _group(owner if number == 1 else f"{owner}-{number}", members)


def _incoming(file: str, offset: int, record: dict[str, Any]) -> tuple[str, str, int, str, str, str | None]:
    digest, unit, year = record["document"]["digest"], record["unit"]["id"], record["year"]
    owner = f"{unit}-{year}" if unit and year else f"x-{digest.removeprefix('sha256:')[:12]}"
    content = [record[key] for key in ("title", "year", "disclosures", "applications", "disputes", "statistics")]
    printed = json.dumps([owner, *content], ensure_ascii=False, sort_keys=True)
    return digest, file, offset, owner, hashlib.sha256(printed.encode()).hexdigest(), record["document"]["url"]


def _reports(readings: list[Reading]) -> list[list[Reading]]:
    """Readings of one unit and year as reports: same content or same address is one; in order of first fetch."""
    reports: list[list[Reading]] = []
    for reading in readings:
        same = [r for r in reports if any(_same(reading, other) for other in r)]
        if same:
            same[0].append(reading)
            for other in same[1:]:  # this reading joins two that looked different so far
                same[0].extend(other)
                reports.remove(other)
        else:
            reports.append([reading])
    return reports


def _same(one: Reading, other: Reading) -> bool:
    return one.content == other.content or (one.url is not None and one.url == other.url)


def _group(id: str, members: list[Reading]) -> Group:
    newest = max(members, key=lambda reading: (reading.fetched or "", reading.digest))
    alike = [reading for reading in members if reading.content == newest.content]
    stands = alike[0]  # first of them to be fetched: a further address does not change the report
    replaced = tuple(reading for reading in members if reading.content != newest.content)
    return Group(id, stands, tuple(sorted(reading.digest for reading in alike)), replaced)
