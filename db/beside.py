"""A report beside that of the year before: the figures of both, and what lies between."""

from __future__ import annotations

from collections.abc import Iterable

from db import cells, money
from db.cells import Query, Row, Values, named
from db.changes import STANDS
from db.layout import Grid, Where

_PREVIOUS = """SELECT r.id, r.year, r.form, r.scope, p.via FROM previous_reports AS p
JOIN reports AS r ON r.id = p.previous WHERE p.report = ?"""
_SAME_UNIT = """SELECT id, year, form, scope, NULL AS via FROM reports
WHERE unit = ? AND year = ? ORDER BY length(id), id LIMIT 1"""
_MARKED = f"""SELECT table_name, row_name, column_name FROM cells WHERE report IN (?1, ?2)
UNION SELECT table_name, row_name, column_name FROM findings
WHERE report IN (?1, ?2) AND table_name IS NOT NULL AND {STANDS}
  AND severity IN ('error', 'warning')"""
_TABLES = (
    ("disclosures", "rowid"),
    ("applications", "position"),
    ("disputes", "rowid"),
    ("statistics", "rowid"),
)
SHOWN = {"applications": ("total",), "disputes": ("total", "corrected")}  # of the other tables, every column


async def beside(query: Query, row: Row, now: Values, grids: list[Grid]) -> Row | None:
    """The year before: `lines` with both figures where the two can be compared, none where scope or series differ.

    None where no report of the year before is held."""
    if row["year"] is None:
        return None
    comparable = await query(_PREVIOUS, row["id"])
    held = comparable or await query(_SAME_UNIT, row["unit"], row["year"] - 1)
    if not held:
        return None
    before = held[0]
    lines: list[Row] = []
    if comparable:
        rows = [await cells.all_of(query, before["id"], table, order) for table, order in _TABLES]
        marked = {tuple(found.values()) for found in await query(_MARKED, row["id"], before["id"])}
        lines = list(_lines(now, cells.values(*rows), marked, grids))
    return {"report": before, "comparable": bool(comparable), "lines": lines}


def _lines(now: Values, before: Values, marked: set[Where], grids: list[Grid]) -> Iterable[Row]:
    """Figures that both reports print, in the order of the tables; a blank is no number, so nothing is subtracted."""
    for where in (box.where for grid in grids for line in grid.rows for box in line if not box.label):
        if where is None or where[2] not in SHOWN.get(where[0], (where[2],)):
            continue
        if where not in now or where not in before:
            continue
        (was, unit), (is_, unit_now) = before[where], now[where]
        # money whose unit nobody knows compares with nothing, not even with its like of the year before
        alike = None not in (was, is_) and unit == unit_now and not (unit is None and money.is_money(where))
        delta = round(is_ - was, 6) if alike else None  # type: ignore[operator]
        yield {
            "where": where,
            "label": named(where),
            "before": was,
            "now": is_,
            "delta": delta,
            "units": (unit, unit_now),
            "marked": not marked.isdisjoint(cells.around(where)),
        }
