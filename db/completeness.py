"""Who published in time, late or not at all: one row of `expected` a unit and year, with what it rests on.

A unit is `missing` only where its portal was read without fault after the deadline, and where nothing that lies unread
there can be its report. Where that cannot be said it is `unreachable` or `found_unread`, or there is no row.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from crawler import portals
from db import deadlines, inputs, unread
from db import decisions as written
from db.measures import register as bundled
from db.publishers import Publisher, expected, held, townships
from extract.register import Register, kinds

STATES = ("required", "not_required", "merged")
# A correction does not make a report late: the first publication of any version counts, never our fetching. Of one
# version the portal's date goes before its own. What is dated before the year had ended is no publication (D02).
_VERSIONS = """
SELECT report, 0 AS version, document, NULL AS record FROM report_documents
UNION ALL SELECT report, position, document, record FROM report_versions"""
_PUBLISHED = f"""
SELECT r.unit, r.year, r.scope, r.id, u.level, u.kind, u.division, min(f.portal),
  min(iif(substr(d.published_on, 1, 10) > r.year || '-12-31', substr(d.published_on, 1, 10), NULL)),
  iif(v.version, json_extract(v.record, '$.published_on'), r.published_on)
FROM reports AS r JOIN units AS u ON u.id = r.unit JOIN ({_VERSIONS}) AS v ON v.report = r.id
JOIN documents AS d ON d.digest = v.document LEFT JOIN fetches AS f ON f.document = d.digest
WHERE r.year IS NOT NULL GROUP BY r.id, v.version ORDER BY r.unit, r.year, r.scope, length(r.id), r.id, v.version"""
# The first report of a unit, year and scope stands for all of them: own and aggregate are published each by itself
_PUBLICATIONS = """CREATE TEMP TABLE publications (
  report TEXT PRIMARY KEY, deadline TEXT, published_on TEXT, days_late INTEGER, basis TEXT
)"""
_PUBLICATION = "INSERT INTO publications VALUES (:report, :deadline, :published_on, :days_late, :basis)"
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
    """Fills `deadlines`, `expected` with what is held, and the temporary table `publications`, scope by scope.

    Needs reports, report_documents, report_versions, units.
    """
    db.table("deadlines").insert_all(bundled("deadlines"))
    db.execute(_PUBLICATIONS)
    for _, scopes in groupby(_published(db.conn), lambda row: (row["unit"], row["year"])):
        found = list(scopes)
        db.conn.executemany(_PUBLICATION, found)
        first = min(found, key=lambda row: (row["published_on"] is None, row["published_on"]))
        db.conn.execute(_EXPECTED, first | {"portal": _least(row["portal"] for row in found)})


def absent(db: Database, data: Path) -> None:
    """Adds to `expected` what is not held. Needs portals, runs, fetches, unit_successions and what is published."""
    divisions = inputs.Divisions(data)
    entered = decisions(data, divisions.register, db.conn)
    known = Known(divisions.register, entered, _ended(db.conn, divisions.register))
    for portal, publisher in _expected(db.conn, known):
        told = {year for (year,) in db.execute("SELECT year FROM expected WHERE unit = ?", [publisher.unit])}
        years = (year for year in range(publisher.since, portal.latest + 1) if year not in told)
        rows = [row for year in years if (row := _absent(publisher, year, portal, known))]
        if rows:
            _take_in(db.conn, divisions, publisher)
            db.conn.executemany(_EXPECTED, rows)


def decisions(data: Path, register: Register, connection: sqlite3.Connection) -> dict[str, list[Decision]]:
    """The lines of registers/expected.csv and of data/expected.csv by unit. Raises BuildError at one of no use."""
    path = data / written.EXPECTED
    lines = [(f"registers/expected.csv:{number}", line) for number, line in enumerate(bundled("expected"), 2)]
    lines += [(f"{path}:{number}", line) for number, line in written.read(path)]
    found = defaultdict(list)
    for where, line in lines:
        try:
            made = _decision(**line)
        except ValueError as error:
            raise inputs.BuildError(f"{where}: {error}") from error
        if not _known(made, register, connection):
            raise inputs.BuildError(f"{where}: no unit {made.unit!r} — it stands in the address of the unit’s page")
        found[made.unit].append(made)
    return dict(found)


def _decision(unit: str, from_year: str, to_year: str | None, state: str, source: str) -> Decision:
    if state not in STATES or not unit or not source:
        raise ValueError(f"a unit, a state ({', '.join(STATES)}) and a source are needed")
    made = Decision(unit, int(from_year), int(to_year or 9999), state, source)
    if not 1900 <= made.from_year <= made.to_year <= 9999:
        raise ValueError(f"from {from_year} to {to_year} there is no year")
    return made


def _known(made: Decision, register: Register, connection: sqlite3.Connection) -> bool:
    """Whether there is such a unit: a place with or without an organ, or one that the database holds."""
    code, _, slug = made.unit.partition("-")
    place = register.divisions.get(code) if made.state == "required" else register.at(code)
    if place and (not slug or any(kind.slug == slug for kind in kinds())):
        return True
    return connection.execute("SELECT 1 FROM units WHERE id = ?", [made.unit]).fetchone() is not None


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
    """A row for each unit, year and scope of which a report is held, through a portal or imported."""
    for (unit, year, _), group in groupby(connection.execute(_PUBLISHED), lambda row: row[:3]):
        versions = list(group)
        report, level, kind, division = versions[0][3:7]
        due = deadlines.find(level, kind, division, year)
        on, dated = min((_dated(year, *row[8:]) for row in versions), key=lambda said: (said[0] is None, said[0]))
        day = due.day(year) if due else None
        late = (date.fromisoformat(on) - date.fromisoformat(day)).days if on and day else None
        state = "late" if late is not None and late > 0 else "published"
        row = {"unit": unit, "year": year, "report": report, "portal": _least(row[7] for row in versions)}
        row |= {"state": state, "deadline": day, "published_on": on, "days_late": late}
        why = f"{dated}; {due.source}" if due else f"{dated}; no deadline is known"
        yield row | {"basis": due.basis if due else None, "evidence": why}


def _dated(year: int, listed: str | None, stated: str | None) -> tuple[str | None, str]:
    """When a version was published, and what says so."""
    if on := _date(listed):
        return on, "date given by the portal"
    if (on := _date(stated and stated[:10])) and on > f"{year}-12-31":
        return on, "date stated in the document"
    return None, "no date is known"


def _least(names: Iterable[str | None]) -> str | None:
    return min(filter(None, names), default=None)


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
