"""Which report of the year before a report can be compared with: one unit over its names and codes, one scope."""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Iterator
from dataclasses import astuple
from pathlib import Path

from extract.register import lineage

FILE = "relations.csv"
FIELDS = ("predecessor", "predecessor_name", "successor", "successor_name", "kind", "date", "source")
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
# first year for which the other is no longer heard (merger) or first heard (split); where it never was, in that year.
_HEARD = """EXISTS (SELECT 1 FROM first_reports AS o WHERE o.year = now.year - {before} AND o.unit IN (
  CASE s.kind WHEN 'merge' THEN s.predecessor ELSE s.successor END,
  CASE s.kind WHEN 'merge' THEN s.predecessor ELSE s.successor END || now.organ))"""
_NOW, _THEN = _HEARD.format(before=0), _HEARD.format(before=1)
_BROKEN = f"""EXISTS (
  SELECT 1 FROM unit_successions AS s
  WHERE ((s.kind = 'merge' AND s.successor IN (now.code, now.unit))
      OR (s.kind = 'split' AND s.predecessor IN (now.code, now.unit)))
    AND s.successor <> s.predecessor
    AND CASE
      WHEN {_NOW} OR {_THEN} THEN {_NOW} = (s.kind = 'split') AND {_THEN} = (s.kind = 'merge')
        AND abs(CAST(substr(s.happened_on, 1, 4) AS INTEGER) - now.year) <= 1
      ELSE CAST(substr(s.happened_on, 1, 4) AS INTEGER) = now.year
    END
)"""
_SAME_UNIT = f"""INSERT INTO previous_reports
SELECT now.id, before.id, 'same_unit'
FROM first_reports AS now
JOIN first_reports AS before ON before.unit = now.unit AND before.year = now.year - 1 AND before.scope = now.scope
WHERE NOT {_BROKEN}
ORDER BY now.id"""
_SUCCEEDED = """INSERT INTO previous_reports
SELECT now.id, min(before.id), min(s.kind)
FROM first_reports AS now
JOIN unit_successions AS s ON s.successor = now.code AND s.kind IN ('rename', 'upgrade', 'transfer')
JOIN first_reports AS before
  ON before.unit = s.predecessor || now.organ AND before.year = now.year - 1 AND before.scope = now.scope
WHERE s.predecessor <> s.successor
  AND coalesce(CAST(substr(s.happened_on, 1, 4) AS INTEGER) <= now.year + 1, 1) -- lists lag
  AND NOT EXISTS (SELECT 1 FROM first_reports AS own WHERE own.unit = now.unit AND own.year = now.year - 1)
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
    """Relations of the bundled register, then the lines of data/relations.csv, which has the same columns."""
    yield from map(astuple, lineage.relations())
    if data and (data / FILE).exists():
        with (data / FILE).open(encoding="utf-8-sig", newline="") as lines:
            yield from (tuple(line[field] or None for field in FIELDS) for line in csv.DictReader(lines))
