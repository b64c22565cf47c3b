"""A table of a DOCX as its rows state it → true columns: spans, vertical merges, and grid lines that nobody sees."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import NamedTuple

MAX_SPAN, MAX_ROWS, MAX_WIDTH = 100, 3000, 200
SLIVER = 200  # twips (3.5 mm): less than a cell's margins and one digit, so no column of its own
CLOSE = 15  # twips: the rounding of a stretched row
SMALL = 6  # filled cells of a table inside a cell: more is a table of its own


class Line(NamedTuple):  # a document has hundreds, and a tuple is made in half the time
    """A paragraph: its text as shown, its number in the document, and what open revisions did to it."""

    text: str
    number: int
    deleted: str = ""
    inserted: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """An image in the text: its relation's id and its size as shown, in points (0 where it is not stated)."""

    relation: str
    width: float
    height: float
    number: int


class Slot(NamedTuple):
    """A cell as written. `merge`: "start" of a vertical merge, "on" its continuation, "left" of a legacy one, or ""."""

    items: tuple[Line | Picture | Grid, ...]
    span: int = 1
    merge: str = ""
    width: int | None = None  # twips


class GridRow(NamedTuple):
    """A row as written, with the grid columns left out before its first cell."""

    slots: tuple[Slot, ...]
    before: int = 0
    after: int = 0


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as written; `columns` are the widths of the grid in twips (0 where unknown)."""

    rows: tuple[GridRow, ...]
    columns: tuple[int, ...]


Placed = tuple[int, int, Slot]  # first column, column after the last, cell


def fields(grid: Grid) -> list[list[Slot | None]]:
    """Rows by true column: the cell where it begins, None where one continues or none is."""
    rows = _unstretched([_placed(row, grid.columns) for row in grid.rows[:MAX_ROWS]], grid.columns)
    rows = _without_slivers(rows, grid.columns)
    result: list[list[Slot | None]] = []
    open_: set[int] = set()  # columns that a vertical merge of the row above may cover
    for row in rows:
        line: list[Slot | None] = []
        merged: set[int] = set()
        for start, end, slot in row:
            line.extend([None] * (start - len(line)))
            covered = slot.merge == "left" or (slot.merge == "on" and not open_.isdisjoint(range(start, end)))
            line.extend([None if covered else slot, *[None] * (end - start - 1)])
            if slot.merge in ("start", "on"):
                merged.update(range(start, end))
        open_ = merged
        result.append(line)
    return result


def _placed(row: GridRow, columns: Sequence[int]) -> list[Placed]:
    spans = [min(max(slot.span, 1), MAX_SPAN) for slot in row.slots]
    if row.before + sum(spans) + row.after != len(columns) and (edges := _edges(row, columns)):
        return list(zip(edges, edges[1:], row.slots, strict=False))  # spans are missing: the printed widths decide
    result, at = [], min(row.before, MAX_SPAN)
    for slot, span in zip(row.slots, spans, strict=True):
        if at + span > MAX_WIDTH:
            break
        result.append((at, at + span, slot))
        at += span
    return result


def _edges(row: GridRow, columns: Sequence[int]) -> list[int] | None:
    """The grid line at which each cell begins, and the last ends; None unless all widths fit the grid."""
    widths = [slot.width for slot in row.slots]
    if not columns or not all(columns) or not all(widths):
        return None
    lines = [0, *accumulate(columns)]
    begin = lines[min(row.before, len(columns))]
    found = []
    for edge in accumulate([begin, *(width or 0 for width in widths)]):
        nearest = min(range(len(lines)), key=lambda n: abs(lines[n] - edge))
        if abs(lines[nearest] - edge) > SLIVER:
            return None
        found.append(nearest)
    return found if all(a < b for a, b in zip(found, found[1:], strict=False)) else None


def _unstretched(rows: list[list[Placed]], columns: Sequence[int]) -> list[list[Placed]]:
    """Rows that LibreOffice stretched or squeezed to the width of others, back on the others' grid lines.

    One factor must bring every border of each such row of several cells onto a border of the row with the most cells;
    otherwise all stay as they are.
    """
    longest = max(rows, key=len, default=[])
    shared = {edge for start, end, _ in longest for edge in (start, end)}
    for row in rows:  # a row of the same kind with one cell more, where the last cells of the others are wider
        edges = {edge for start, end, _ in row for edge in (start, end)}
        if len(row) >= 4 and edges - shared == {row[-1][0]}:
            shared |= edges
    known = sorted(shared)
    if len(known) < 4 or not all(columns) or known[-1] > len(columns):
        return rows
    lines = [0, *accumulate(columns)]
    ragged = [
        n for n, row in enumerate(rows) if not {e for s, e, _ in row} <= set(known) and row[-1][1] <= len(columns)
    ]
    witnesses = [rows[n] for n in ragged if len(rows[n]) >= 4]
    ends = [lines[edge] for row in witnesses[:3] for edge in (row[-1][1], row[-1][0])]
    for factor in (lines[edge] / end for end in ends if end for edge in known[:-3:-1]):
        if 0.5 < factor < 2 and all(_scaled(row, factor, known, lines) for row in witnesses):
            moved = {n: _scaled(rows[n], factor, known, lines) or rows[n] for n in ragged}
            return [moved.get(n, row) for n, row in enumerate(rows)]
    return rows


def _scaled(row: list[Placed], factor: float, known: Sequence[int], lines: Sequence[int]) -> list[Placed] | None:
    """The row with every border on one of the known lines; only its right end may lie beyond them."""
    result = []
    for start, end, slot in row:
        (left, fits), (right, ends) = (_nearest(lines[edge] * factor, known, lines) for edge in (start, end))
        if not ends and slot is row[-1][2] and lines[end] * factor > lines[known[-1]]:
            right, ends = max(known[-1], left + 1), True
        if not (fits and ends and left < right):
            return None
        result.append((left, right, slot))
    return result


def _nearest(at: float, known: Sequence[int], lines: Sequence[int]) -> tuple[int, bool]:
    """The known line nearest to a point, and whether that is close."""
    distance, line = min((abs(lines[n] - at), n) for n in known)
    return line, distance <= CLOSE


def _without_slivers(rows: list[list[Placed]], columns: Sequence[int]) -> list[list[Placed]]:
    """Rows without the columns that only shifted borders made: narrow, and never the whole of a cell.

    Borders dragged by hand, and LibreOffice's rounding, part one column into two that no reader sees (15 → 16).
    """
    used = {start for row in rows for start, _, _ in row}
    narrow = ((width, n) for n, width in enumerate(columns[:MAX_WIDTH]) if 0 < width < SLIVER or n not in used)
    pending = [n for _, n in sorted(narrow)]
    while pending:
        column = pending.pop(0)
        trial = [[(_shift(start, column), _shift(end, column), slot) for start, end, slot in row] for row in rows]
        if all(start < end for row in trial for start, end, _ in row):
            rows, pending = trial, [_shift(n, column) for n in pending]
    return rows


def _shift(edge: int, column: int) -> int:
    return edge - (edge > column)


def lines(slot: Slot) -> Iterator[Line]:
    """The paragraphs of a cell in order, those of tables inside it included, a paragraph a line."""
    for item in slot.items:
        if isinstance(item, Line):
            yield item
        elif isinstance(item, Grid):
            for row in item.rows:
                for inner in row.slots:
                    yield from lines(inner)


def full_rows(grid: Grid) -> int:
    """Rows with at least two cells that hold text of their own."""
    return sum(sum(map(_has_text, row.slots)) >= 2 for row in grid.rows)


def _has_text(slot: Slot) -> bool:
    return any(isinstance(item, Line) and item.text.strip() for item in slot.items)


def is_layout(grid: Grid) -> bool:
    """Whether a table only arranges what stands in its cells: one column, or large tables and hardly a row beside."""
    if max((len(row.slots) for row in grid.rows), default=0) < 2:
        return True
    return any(map(_is_large, _inner(grid))) and full_rows(grid) < 2


def hoisted(grid: Grid) -> tuple[Grid, list[Grid]]:
    """The table without the large tables inside its cells, and those. A small one is part of its cell's text."""
    taken = [item for item in _inner(grid) if _is_large(item)]
    if not taken:
        return grid, taken
    out = set(map(id, taken))

    def keep(slot: Slot) -> Slot:
        return slot._replace(items=tuple(item for item in slot.items if id(item) not in out))

    return replace(grid, rows=tuple(row._replace(slots=tuple(map(keep, row.slots))) for row in grid.rows)), taken


def _inner(grid: Grid) -> Iterator[Grid]:
    return (item for row in grid.rows for slot in row.slots for item in slot.items if isinstance(item, Grid))


def _is_large(grid: Grid) -> bool:
    return _weight(grid) > SMALL


def _weight(grid: Grid) -> int:
    """Filled cells, those of tables inside included."""
    return sum(_has_text(slot) for row in grid.rows for slot in row.slots) + sum(map(_weight, _inner(grid)))
