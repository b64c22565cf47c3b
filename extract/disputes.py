"""Table 四: three channels side by side, one row of fifteen figures under a head of three lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from extract.content import GridCell, Table
from extract.figures import is_value
from extract.forms import Form, FormTable
from extract.headers import recognise
from extract.labels import key
from extract.match import FoundRow, Match, similarity
from extract.place import Placed


def place_disputes(form: Form, found: Sequence[FoundRow], tables: Sequence[Table], placed: Placed) -> FoundRow | None:
    """Adds the fifteen cells to `placed`; returns the first row of the table, None where it is missing."""
    official = form.tables["disputes"]
    start = _start(form, found)
    if start is None:
        return None
    rows = _whole_table(found[start:])
    figures = [row for row in rows if _is_figures(row)] or _blank_row(official, rows)
    strays = [p for row in rows[:1] for _, p in tables[row.table - 1].strays]
    fields = [cell for row in figures for cell in row.fields if cell.origin]
    filled = [cell for cell in fields if cell.text.strip()]
    pairs = [(row, column) for row in official.rows for column in row.columns]
    whole = Match("disputes", official.rows[0], figures[0] if figures else found[start], 0)
    count = len(filled) + len(strays)
    in_order = _in_order(official, rows) and not _again(form, found, rows[-1])
    if in_order and count == len(pairs) and not strays:
        chosen: list[GridCell] = filled
    elif in_order and len(fields) == len(pairs) and _fields_tell(figures) and not strays:
        chosen = fields  # a gap in a known field: the blank stays blank
    else:
        printed = filled or [cell for row in rows for cell in row.fields if cell.origin and is_value(cell.text)]
        rule = "S10" if printed and not in_order else "S08" if count < len(pairs) else "S09"
        placed.leave(whole, rule, printed, len(pairs), variant="order" if rule == "S10" else None)
        # in no channel: which figure is surplus, lacking or another's cannot be told
        placed.unassigned.extend(replace(placed.unassigned[-1], row=row.name) for row in official.rows[1:])
        return found[start]
    for (row, column), cell in zip(pairs, chosen, strict=True):
        placed.put("disputes", row.name, column, cell, short=not cell.text.strip() and whole.found.shape == "tabs")
    return found[start]


def _blank_row(official: FormTable, rows: Sequence[FoundRow]) -> list[FoundRow]:
    """The row below the head whose fields are all there and all empty."""
    width = len(official.rows) * len(official.columns)
    return [row for row in rows[-1:] if not any(row.texts()) and sum(cell.origin for cell in row.fields) == width]


def _fields_tell(figures: Sequence[FoundRow]) -> bool:
    """Whether a gap in the one row of figures stands in a known field: so where all are empty, or none can be lost."""
    return len(figures) == 1 and (figures[0].shape != "cells" or not any(figures[0].texts()))


def _whole_table(rows: Sequence[FoundRow]) -> list[FoundRow]:
    """The rows of the first table, and of the next one only where the first has no figures: a page break cut it."""
    own = [row for row in rows if row.table == rows[0].table]
    following = [row for row in rows if row.table == rows[0].table + 1]
    return own if any(map(_is_figures, own)) else own + following


def _in_order(official: FormTable, rows: Sequence[FoundRow]) -> bool:
    """Whether the head names channels and results in the form's order; in tabbed lines, what is legible.

    Fifteen figures alone do not tell: A04 holds just as well where two results or two channels change places.
    """
    heads = [row for row in rows if not _is_figures(row)]
    channels = [name for row in heads for text in row.texts() if (name := _channel(official, text))]
    results = [c.name for row in heads for text in row.texts() if (c := recognise(text, official.columns))]
    order = [column.name for column in official.columns] * len(official.rows)
    if channels != [row.name for row in official.rows if row.name in channels]:
        return False
    if rows[0].shape != "tabs":
        return results == order
    legible = iter(order)
    return all(name in legible for name in results)


def _again(form: Form, found: Sequence[FoundRow], last: FoundRow) -> bool:
    """Whether another table 四 with figures follows: which of the two is this year's cannot be told."""
    rest = [row for row in found if row.table > last.table]
    return _start(form, rest) is not None and any(map(_is_figures, rest))


def _channel(official: FormTable, text: str) -> str | None:
    wordings = {row.name: tuple(map(key, (row.label, *row.aliases))) for row in official.rows}
    return next((name for name, words in wordings.items() if similarity(key(text), words)), None)


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
