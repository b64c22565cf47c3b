"""Table 四: three channels side by side, one row of fifteen figures under a head of three lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from extract.content import GridCell, Table
from extract.figures import is_value
from extract.forms import Form, Row
from extract.labels import key
from extract.match import FoundRow, Match, similarity
from extract.place import Placed


def place_disputes(form: Form, found: Sequence[FoundRow], tables: Sequence[Table], placed: Placed) -> FoundRow | None:
    """Adds the fifteen cells to `placed`; returns the first row of the table, None where it is missing."""
    official = form.tables["disputes"]
    start = _start(form, found)
    if start is None:
        return None
    rows = [row for row in found[start:] if row.table == found[start].table or _is_figures(row)]
    figures = [row for row in rows if _is_figures(row)]
    strays = [p for row in rows[:1] for _, p in tables[row.table - 1].strays]
    fields = [cell for row in figures for cell in row.fields if cell.origin]
    filled = [cell for cell in fields if cell.text.strip()]
    pairs = [(row, column) for row in official.rows for column in row.columns]
    whole = Match("disputes", official.rows[0], figures[0] if figures else found[start], 0)
    count = len(filled) + len(strays)
    if count == len(pairs) and not strays:
        chosen: list[GridCell] = filled
    elif len(fields) == len(pairs) and len(figures) == 1 and figures[0].shape != "cells" and not strays:
        chosen = fields  # a gap in a known field: the blank stays blank
    else:
        _leave(placed, whole, official.rows, filled, count, len(pairs))
        return found[start]
    for (row, column), cell in zip(pairs, chosen, strict=True):
        placed.put("disputes", row.name, column, cell, short=not cell.text.strip() and whole.found.shape == "tabs")
    return found[start]


def _leave(
    placed: Placed, whole: Match, rows: Sequence[Row], filled: Sequence[GridCell], count: int, expected: int
) -> None:
    """Nothing is placed, in no channel: which figure is surplus or lacking cannot be told."""
    placed.leave(whole, "S08" if count < expected else "S09", filled, expected)
    placed.unassigned.extend(replace(placed.unassigned[-1], row=row.name) for row in rows[1:])


def _start(form: Form, found: Sequence[FoundRow]) -> int | None:
    """The first row that names a channel; the words must stand as a cell of their own, not in prose."""
    names = [key(text) for row in form.tables["disputes"].rows for text in (row.label, *row.aliases, *row.groups)]
    for index, row in enumerate(found):
        cells = [key(text) for text in row.texts()]
        if any(similarity(text, (name,)) for text in cells for name in names):
            return index
    return None


def _is_figures(row: FoundRow) -> bool:
    texts = list(row.texts())
    return bool(texts) and all(is_value(text) for text in texts)
