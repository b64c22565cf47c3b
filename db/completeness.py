"""Who published in time, late or not at all: one row of `expected` a unit and year, with what it rests on.

A unit is `missing` only where its portal was read without fault after the deadline, and where nothing that lies unread
there can be its report. Where that cannot be said it is `unreachable` or `found_unread`, or there is no row.
"""

from __future__ import annotations

import csv
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from crawler import portals
from db import deadlines, inputs, unread
from db.measures import register as bundled
from db.publishers import Publisher, expected, held, townships
from extract.register import Register

STATES = ("required", "not_required", "merged")
# A correction does not make a report late: the first publication of any version counts, never our fetching. What is
# dated before the year had ended is no date of publication (D02).
_PUBLISHED = """
SELECT r.unit, r.year, u.level, u.kind, u.division, min(f.portal),
  min(iif(substr(d.published_on, 1, 10) > r.year || '-12-31', substr(d.published_on, 1, 10), NULL)),
  min(iif(substr(r.published_on, 1, 10) > r.year || '-12-31', substr(r.published_on, 1, 10), NULL))
FROM reports AS r JOIN units AS u ON u.id = r.unit
JOIN (SELECT report, document FROM report_documents UNION SELECT report, document FROM report_versions) AS c
  ON c.report = r.id
JOIN documents AS d ON d.digest = c.document LEFT JOIN fetches AS f ON f.document = d.digest
WHERE r.year IS NOT NULL GROUP BY r.unit, r.year ORDER BY r.unit, r.year"""
_CRAWLED = """
SELECT portal, max(substr(started, 1, 10)), coalesce(max(iif(ok, substr(started, 1, 10), NULL)), '')
FROM runs WHERE portal IS NOT NULL AND started IS NOT NULL GROUP BY portal ORDER BY portal"""
_ENDED = """
SELECT predecessor, happened_on, successor, kind FROM unit_successions
WHERE kind != 'split' AND predecessor != successor AND happened_on IS NOT NULL ORDER BY happened_on, successor"""
_EXPECTED = """
INSERT INTO expected VALUES
  (:unit, :year, :portal, :state, :deadline, :published_on, :days_late, :basis, :evidence)"""


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody looked up about a unit and some years: it is required, it is not, or it was merged."""

    unit: str
    from_year: int
    to_year: int
    state: str
    source: str


@dataclass(frozen=True, slots=True)
class Portal:
    """A portal as it was crawled: the newest run at all, the newest without fault ("" if none), what lies unread."""

    slug: str
    newest: str
    sound: str
    unread: Sequence[unread.Unread]

    @property
    def latest(self) -> int:
        """The last year of which a report can be due when the newest run looked."""
        return int(self.newest[:4]) - 1


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of units beside the portals."""

    register: Register
    decisions: dict[str, list[Decision]]
    ended: dict[str, list[str]]  # unit, or division with all its organs → when, successor, kind


def published(db: Database) -> None:
    """Fills `deadlines`, and `expected` with what is held. Needs reports, report_documents, report_versions, units."""
    db.table("deadlines").insert_all(bundled("deadlines"))
    db.table("expected").insert_all(_published(db.conn))


def absent(db: Database, data: Path) -> None:
    """Adds to `expected` what is not held. Needs portals, runs, fetches, unit_successions and what is published."""
    divisions = inputs.Divisions(data)
    known = Known(divisions.register, decisions(data), _ended(db.conn, divisions.register))
    for portal, publisher in _expected(db.conn, known):
        told = {year for (year,) in db.execute("SELECT year FROM expected WHERE unit = ?", [publisher.unit])}
        years = (year for year in range(publisher.since, portal.latest + 1) if year not in told)
        rows = [row for year in years if (row := _absent(publisher, year, portal, known))]
        if rows:
            _take_in(db.conn, divisions, publisher)
            db.conn.executemany(_EXPECTED, rows)


def decisions(data: Path) -> dict[str, list[Decision]]:
    """The lines of registers/expected.csv and of data/expected.csv by unit. Raises BuildError at one of no use."""
    found = defaultdict(list)
    for where, lines in (("registers", bundled("expected")), ("data", _lines(data / "expected.csv"))):
        for number, line in enumerate(lines, 2):
            try:
                made = _decision(**line)
            except (TypeError, ValueError) as error:
                raise inputs.BuildError(f"{where}/expected.csv:{number}: {error}") from error
            found[made.unit].append(made)
    return dict(found)


def _lines(path: Path) -> Iterator[dict[str, str]]:
    if path.exists():
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from csv.DictReader(file)


def _decision(unit: str, from_year: str, to_year: str | None, state: str, source: str) -> Decision:
    if state not in STATES or not unit or not source:
        raise ValueError(f"a unit, a state ({', '.join(STATES)}) and a source are needed")
    return Decision(unit, int(from_year), int(to_year or 9999), state, source)


def _ended(connection: sqlite3.Connection, register: Register) -> dict[str, list[str]]:
    """Who became part of another. A code of today from which something moved away stands for somebody else today."""
    rows = connection.execute(_ENDED).fetchall()
    return {unit: rest for unit, *rest in rows if rest[2] == "merge" or unit not in register.divisions}


def _expected(connection: sqlite3.Connection, known: Known) -> Iterator[tuple[Portal, Publisher]]:
    """Every publisher of every portal that was crawled."""
    entered = [d for each in known.decisions.values() for d in each if d.state == "required"]
    required = [(d.unit, d.from_year, d.source) for d in entered]
    below = townships(known.register)
    for slug, newest, sound in connection.execute(_CRAWLED).fetchall():
        if place := portals.load().get(slug):  # where its file was removed, nobody knows whose site it was
            portal = Portal(slug, newest, sound, unread.find(connection, slug))
            found = held(connection, slug)
            for publisher in expected(place, found, known.register, below, portal.latest, required):
                yield portal, publisher


def _published(connection: sqlite3.Connection) -> Iterator[dict[str, Any]]:
    """Units and years of which a report is held, through a portal or imported."""
    for unit, year, level, kind, division, portal, listed, stated in connection.execute(_PUBLISHED):
        due = deadlines.find(level, kind, division, year)
        day, on = due.day(year) if due else None, _date(listed) or _date(stated)
        late = (date.fromisoformat(on) - date.fromisoformat(day)).days if on and day else None
        state = "late" if late is not None and late > 0 else "published"
        dated = (
            "date given by the portal" if _date(listed) else "date stated in the document" if on else "no date is known"
        )
        row = {"unit": unit, "year": year, "portal": portal, "state": state, "deadline": day, "published_on": on}
        why = f"{dated}; {due.source}" if due else f"{dated}; no deadline is known"
        yield row | {"days_late": late, "basis": due.basis if due else None, "evidence": why}


def _absent(publisher: Publisher, year: int, portal: Portal, known: Known) -> dict[str, Any] | None:
    """What can be said of a report that is not held; None where nobody looked since it was due, or nothing was due."""
    division = known.register.divisions.get(publisher.division)
    due = deadlines.find(publisher.level, publisher.kind, publisher.division, year)
    if due is None or (division is not None and division.since > f"{year}-12-31"):
        return None
    day = due.day(year)
    said = _excused(publisher, year, due, known)
    if said is None:
        if day is None or portal.newest <= day:
            return None
        said = _judged(publisher, year, day, portal)
    row = {"unit": publisher.unit, "year": year, "portal": portal.slug, "state": said[0], "deadline": day}
    return row | {"published_on": None, "days_late": None, "basis": due.basis, "evidence": said[1]}


def _excused(publisher: Publisher, year: int, due: deadlines.Deadline, known: Known) -> tuple[str, str] | None:
    """Whether no report is owed: merged or not_required, and why."""
    entered = [d for d in known.decisions.get(publisher.unit, ()) if d.from_year <= year <= d.to_year]
    if entered and entered[-1].state != "required":
        return entered[-1].state, entered[-1].source
    if ended := known.ended.get(publisher.unit) or known.ended.get(publisher.unit.partition("-")[0]):
        when, successor, kind = ended
        if when <= (due.day(year) or f"{year}-12-31"):
            return "merged", f"{kind} into {successor} on {when}"
    if due.due is None:
        return "not_required", due.source
    if not publisher.required and not entered:
        return "not_required", f"{publisher.why}; {due.source}"
    return None


def _judged(publisher: Publisher, year: int, day: str, portal: Portal) -> tuple[str, str]:
    """found_unread, missing or unreachable: what the crawls since the deadline allow to say."""
    if open_ends := [u for u in portal.unread if u.may_be(publisher.unit, publisher.name, year)]:
        return "found_unread", f"{len(open_ends)} documents may be its report, first {open_ends[0].digest}"
    if portal.sound > day:
        return "missing", f"{publisher.why}; not among the reports of the portal when it was read on {portal.sound}"
    return "unreachable", f"the portal was asked on {portal.newest}; no crawl since {day} was without fault"


def _take_in(connection: sqlite3.Connection, divisions: inputs.Divisions, publisher: Publisher) -> None:
    """A unit that never published, with its division and what stands above it."""
    divisions.add(publisher.division, {publisher.division: publisher.name})
    chain = [publisher.division]
    while parent := divisions.rows[chain[-1]]["parent"]:
        chain.append(parent)
    for code in reversed(chain):
        row = divisions.rows[code]
        connection.execute(
            "INSERT OR IGNORE INTO divisions (code, name, level, parent) VALUES (:code, :name, :level, :parent)", row
        )
    unit = "INSERT OR IGNORE INTO units (id, name, kind, level, division) VALUES (?, ?, ?, ?, ?)"
    own = (publisher.unit, publisher.name, publisher.kind, publisher.level, publisher.division)
    if not connection.execute(unit, own).rowcount:
        return
    above = [code for code in chain if code != publisher.unit]
    for distance, code in enumerate(above, 1):
        row = divisions.rows[code]
        connection.execute(unit, (code, row["name"], "government", row["level"], code))
        connection.execute("INSERT OR IGNORE INTO unit_relations VALUES (?, ?, ?)", (publisher.unit, code, distance))


def _date(text: str | None) -> str | None:
    """An ISO date, or None for what is none."""
    try:
        return date.fromisoformat(text).isoformat() if text else None
    except ValueError:
        return None
