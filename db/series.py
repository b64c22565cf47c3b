"""Which report of the year before a report can be compared with: one unit over its names and codes, one scope."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import astuple
from datetime import date
from pathlib import Path

from db import decisions
from db.inputs import BuildError
from extract.register import lineage

FILE, FIELDS = decisions.RELATIONS, decisions.HEADS[decisions.RELATIONS]
_UNIT = re.compile(r"(?:\d{2}|\d{4}|\d{6}|\d{9}|\d{12})(?:-[a-z0-9]+)?")
_KINDS = (*lineage.SAME, "merge", "split")
_COLUMNS = "predecessor, predecessor_name, successor, successor_name, kind, happened_on, source"
_INTO = f"INSERT INTO unit_successions ({_COLUMNS})"
_SUCCESSION = f"{_INTO} VALUES (?, ?, ?, ?, ?, ?, ?)"
# Departments that a reform dissolved, where we hold a report of theirs: merged into the department that took over
_MERGED = f"""{_INTO}
SELECT id, name, substr(id, 1, instr(id, '-')) || ?, NULL, 'merge', ?, ? FROM units
WHERE id LIKE '%-' || ? AND id IN (SELECT unit FROM reports) ORDER BY id"""

# The first report of a unit, year and scope stands for it; a second, different one is R02's matter. What happens to a
# division happens to its departments: `code` is the division in the unit's id, `organ` what stands behind it.
_FIRST = """CREATE TEMP TABLE first_reports AS
SELECT id, unit, year, scope, substr(unit, 1, instr(unit || '-', '-') - 1) AS code,
  substr(unit, instr(unit || '-', '-')) AS organ
FROM (
  SELECT id, unit, year, scope, row_number() OVER (PARTITION BY unit, year, scope ORDER BY length(id), id) AS nth
  FROM reports WHERE unit IS NOT NULL AND year IS NOT NULL
) WHERE nth = 1"""
# After a merger or a split the unit of that name counts other people's requests: the series begins anew, in the
# first year for which the other is no longer heard (merger) or first heard (split); where it is not heard about the
# date, in that year. It begins anew once: a merger heard the year before that date, or a split the year after, is said.
_HEARD = """EXISTS (SELECT 1 FROM first_reports AS o WHERE o.year = now.year - {before} AND o.unit IN (
  CASE s.kind WHEN 'merge' THEN s.predecessor ELSE s.successor END,
  CASE s.kind WHEN 'merge' THEN s.predecessor ELSE s.successor END || now.organ))"""
_NOW, _THEN = _HEARD.format(before=0), _HEARD.format(before=1)
_SAID = f"CASE s.kind WHEN 'merge' THEN {_HEARD.format(before=2)} ELSE {_HEARD.format(before=-1)} END"
_BROKEN = f"""EXISTS (
  SELECT 1 FROM unit_successions AS s
  WHERE ((s.kind = 'merge' AND s.successor IN (now.code, now.unit))
      OR (s.kind = 'split' AND s.predecessor IN (now.code, now.unit)))
    AND s.successor <> s.predecessor
    AND CASE
      WHEN {_NOW} OR {_THEN} THEN {_NOW} = (s.kind = 'split') AND {_THEN} = (s.kind = 'merge')
        AND abs(CAST(substr(s.happened_on, 1, 4) AS INTEGER) - now.year) <= 1
      ELSE CAST(substr(s.happened_on, 1, 4) AS INTEGER) = now.year AND NOT {_SAID}
    END
)"""
_SAME_UNIT = f"""INSERT INTO previous_reports
SELECT now.id, before.id, 'same_unit'
FROM first_reports AS now
JOIN first_reports AS before ON before.unit = now.unit AND before.year = now.year - 1 AND before.scope = now.scope
WHERE NOT {_BROKEN}
ORDER BY now.id"""
_SUCCEEDED = f"""INSERT INTO previous_reports
SELECT now.id, min(before.id), min(s.kind)
FROM first_reports AS now
JOIN unit_successions AS s ON s.successor = now.code AND s.kind IN ('rename', 'upgrade', 'transfer')
JOIN first_reports AS before
  ON before.unit = s.predecessor || now.organ AND before.year = now.year - 1 AND before.scope = now.scope
WHERE s.predecessor <> s.successor
  AND coalesce(CAST(substr(s.happened_on, 1, 4) AS INTEGER) <= now.year + 1, 1) -- lists lag
  AND NOT EXISTS (SELECT 1 FROM first_reports AS own WHERE own.unit = now.unit AND own.year = now.year - 1)
  AND NOT {_BROKEN} -- one predecessor goes on here, another merged into it
GROUP BY now.id
HAVING count(DISTINCT before.unit) = 1
ORDER BY now.id"""


def fill(connection: sqlite3.Connection, data: Path | None = None) -> None:
    """Fills unit_successions from the registers, and from both previous_reports. Needs units and reports."""
    connection.executemany(_SUCCESSION, successions(data))
    gone = {(k.successor, k.until, k.source, k.slug) for k in lineage.kind_names() if k.kind == "merge"}
    connection.executemany(_MERGED, sorted(reform for reform in gone if reform[0] != reform[3]))
    connection.execute(_FIRST)
    connection.execute("CREATE INDEX temp.first_reports_unit ON first_reports(unit, year, scope)")
    connection.execute(_SAME_UNIT)
    connection.execute(_SUCCEEDED)
    connection.execute("DROP TABLE first_reports")


def successions(data: Path | None = None) -> Iterator[tuple[str | None, ...]]:
    """Relations of the bundled register, then the lines of data/relations.csv, which has the same columns.

    Raises BuildError naming file and line where one is of no use.
    """
    yield from map(astuple, lineage.relations())
    if data is None:
        return
    path = data / FILE
    for line, fields in decisions.read(path):
        if fault := _fault(fields):
            raise BuildError(f"{path}:{line}: {fault}")
        yield tuple(value or None for value in fields.values())


def _fault(fields: Mapping[str, str]) -> str | None:
    """Why a line would be passed over, or lead a series astray."""
    for name in ("predecessor", "successor"):
        if not _UNIT.fullmatch(fields[name]):
            return f"{name} {fields[name]!r} is no unit (a division code such as 990181102, or 990181-nyncj)"
    if fields["kind"] not in _KINDS:
        return f"kind {fields['kind']!r} is none of {', '.join(_KINDS)}"
    if not fields["date"]:
        broken = fields["kind"] in ("merge", "split")
        return f"a {fields['kind']} without its date: nobody knows which year the series breaks" if broken else None
    try:
        stated = date.fromisoformat(fields["date"]).isoformat()
    except ValueError:
        stated = ""
    return None if stated == fields["date"] else f"date {fields['date']!r} is no day such as 2022-07-01"
