"""Which lines are one report, and what its id is (DESIGN §4). Works in tables on disk, so memory stays flat.

A reading is one report of one document as it came from one address. Readings of one unit and year are one report where
they say the same (the same report at two addresses) or came from one address one after the other (versions).
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from db import inputs, rows
from db.versions import Reading, Standing, named, standing

_TABLES = """
CREATE TEMP TABLE incoming (
    id INTEGER PRIMARY KEY, digest TEXT, file TEXT, offset INTEGER, owner TEXT, unit TEXT, year INTEGER, title TEXT,
    content TEXT, said TEXT, url TEXT, part INTEGER, parts INTEGER
) STRICT;
CREATE TEMP TABLE carried (reading INTEGER, digest TEXT) STRICT; -- the documents that a reading was made from
"""
# The reports of one document stand in one file with one address, each with its own title or figures.
# Where a document was never fetched (no archive), its line stands for an oldest fetch, in the order of the lines.
_DERIVED = """
UPDATE incoming SET part = p.part, parts = p.parts FROM (
    SELECT id, part, max(part) OVER (PARTITION BY digest, file, url) AS parts FROM (
        SELECT id, digest, file, url, dense_rank() OVER (PARTITION BY digest, file, url ORDER BY begins) AS part FROM (
            SELECT id, digest, file, url, min(offset) OVER (PARTITION BY digest, file, url, title, content) AS begins
            FROM incoming))) AS p
WHERE p.id = incoming.id;
CREATE TEMP TABLE seen AS
    SELECT reading, url, f.id AS moment, fetched FROM carried AS c JOIN fetches AS f ON f.document = c.digest
    UNION ALL
    SELECT id, url, id - 1000000000000, NULL FROM incoming WHERE digest NOT IN (SELECT document FROM fetches);
CREATE INDEX temp.seen_reading ON seen(reading);
CREATE INDEX temp.seen_url ON seen(url);
CREATE INDEX temp.incoming_owner ON incoming(owner);
CREATE INDEX temp.incoming_digest ON incoming(digest);
"""
_FIELDS = "id, digest, file, offset, owner, unit, year, title, content, said, part, parts"
_BESIDE = f"""
SELECT {_FIELDS} FROM incoming WHERE digest = :digest AND id != :id
UNION
SELECT {_FIELDS} FROM incoming WHERE id != :id AND id IN (
    SELECT there.reading FROM seen AS here JOIN seen AS there ON there.url = here.url WHERE here.reading = :id)
"""
# What a person can read in a document. Places and findings are left out: they are ours, not the document's.
_FIGURES = ("disclosures", "applications", "disputes", "statistics")
_SAID = ("title", "year", "scope", "form", "published_on", "contact", *_FIGURES)
_CELL = ("table", "row", "column", "class", "raw", "value")
UNRESOLVED = "x-"


@dataclass(frozen=True, slots=True)
class Group:
    """One report: the reading that stands, all that belongs to it, and the reading that tells its unit."""

    id: str
    standing: Standing
    unit_of: Reading


def groups(connection: sqlite3.Connection, data: Path) -> Iterator[Group]:
    """All reports in order of their owner. Needs the tables documents and fetches."""
    for statement in filter(str.strip, _TABLES.split(";\n")):
        connection.execute(statement)
    for file, offset, record in inputs.lines(data):
        if "error" not in record:
            _take(connection, _incoming(record) | {"file": file, "offset": offset}, record.get("read_with") or ())
    for statement in filter(str.strip, _DERIVED.split(";\n")):
        connection.execute(statement)
    _adopt(connection)
    cursor = connection.cursor().execute(f"SELECT {_FIELDS} FROM incoming ORDER BY owner, id")
    for owner, found in groupby((Reading(*row) for row in cursor), key=lambda reading: reading.owner):
        yield from _of_owner(connection, owner, list(found))


def _of_owner(connection: sqlite3.Connection, owner: str, readings: list[Reading]) -> Iterator[Group]:
    for reading in readings:
        told = connection.execute("SELECT url, moment, fetched FROM seen WHERE reading = ?", [reading.id])
        for url, moment, fetched in told:
            reading.seen.setdefault(url, []).append((moment, fetched))
    readings.sort(key=lambda reading: reading.first[0])
    for number, members in enumerate(_reports(readings), 1):
        found = standing(members)
        id = owner if number == 1 else f"{owner}-{number}"
        if owner.startswith(UNRESOLVED):  # its owner may be the digest of a version that does not stand any more
            id = _unresolved(found.reading.digest, found.reading.part)
        known = [r for r in (found.reading, *reversed(found.replaced), *members) if r.unit and r.year]
        yield Group(id, found, known[0] if known else found.reading)


def _unresolved(digest: str, part: int = 1) -> str:
    return named(UNRESOLVED + digest.removeprefix("sha256:")[:12], part, "-")


def _take(connection: sqlite3.Connection, row: dict[str, Any], read_with: Iterable[str]) -> None:
    marks = ", ".join("?" * len(row))
    cursor = connection.execute(f"INSERT INTO incoming ({', '.join(row)}) VALUES ({marks})", [*row.values()])
    carried = ([cursor.lastrowid, digest] for digest in (row["digest"], *read_with))
    connection.executemany("INSERT INTO carried VALUES (?, ?)", carried)


def _incoming(record: dict[str, Any]) -> dict[str, Any]:
    digest, unit, year = record["document"]["digest"], record["unit"]["id"], record["year"]
    figures = {name: record[name] for name in _FIGURES}
    words = [re.sub(r"\s+", "", section["text"]) for section in record["sections"]]
    cells = [[cell[key] for key in _CELL] for cell in record["cells"]]
    return {
        "digest": digest,
        "owner": f"{unit}-{year}" if unit and year else _unresolved(digest),
        "unit": unit,
        "year": year,
        "title": _title(record["title"]),
        "content": _hash(figures if any(_values(figures)) else [figures, words]),
        "said": _hash([[record[key] for key in _SAID], cells, words]),
        "url": record["document"]["url"],
    }


def _values(figures: Any) -> Iterator[bool]:
    """Whether something was read, figure by figure."""
    if isinstance(figures, dict | list):
        for inner in figures.values() if isinstance(figures, dict) else figures:
            yield from _values(inner)
    else:
        yield figures is not None


def _title(title: str | None) -> str:
    """A title without what differs between a page and its attachment: white space, brackets, width."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", title or ""))


def _hash(value: Any) -> str:
    return hashlib.sha256(rows.text(value).encode()).hexdigest()


def _adopt(connection: sqlite3.Connection) -> None:
    """An unresolved reading goes with the one whose version or copy it is: it has its address, year and title.

    One title may say more than the other (乐清市芙蓉镇2020年… after 芙蓉镇2020年…), never something else; where
    several units could be meant it stays unresolved.
    """
    select = f"SELECT {_FIELDS} FROM incoming WHERE"
    for (id,) in connection.execute("SELECT id FROM incoming WHERE owner GLOB 'x-*' ORDER BY id").fetchall():
        reading = Reading(*connection.execute(f"{select} id = ?", [id]).fetchone())
        beside = connection.execute(_BESIDE, {"digest": reading.digest, "id": id}).fetchall()
        owners = {other.owner for other in (Reading(*row) for row in beside) if _akin(reading, other)}
        known = {owner for owner in owners if not owner.startswith(UNRESOLVED)}
        if len(known) == 1 or (owners and not known):
            owner = known.pop() if known else min(*owners, reading.owner)
            connection.execute("UPDATE incoming SET owner = ? WHERE id = ?", [owner, id])


def _akin(one: Reading, other: Reading) -> bool:
    """Whether two readings from one address are of one report, though not both say whose."""
    if one.digest == other.digest:
        return (one.title, one.content) == (other.title, other.content)
    return one.year == other.year and _titled_alike(one, other)


def _titled_alike(one: Reading, other: Reading) -> bool:
    """Whether one title says no more than the other but for the place above (白溪市石桥镇2022年… and 石桥镇2022年…)."""
    return bool(one.title and other.title) and (one.title.endswith(other.title) or other.title.endswith(one.title))


def _reports(readings: list[Reading]) -> list[list[Reading]]:
    """Readings of one owner as reports, in order of first fetch."""
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
    """The same said twice, or one address at two times; of documents with several reports, titles tell them apart."""
    if one.content == other.content and one.title == other.title:
        return True
    if one.digest == other.digest:
        return False
    if one.content == other.content and _titled_alike(one, other):
        return True
    if not one.addresses & other.addresses:
        return False
    return one.title == other.title or one.parts == other.parts == 1
