"""Ruling lines → grids, by pdfplumber's table finder; each cell with its words, doubtful where a figure leaves it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pdfplumber.table import cells_to_tables, edges_to_intersections, intersections_to_cells

from extract.formats.edges import SNAP, closed, columns, edge, merged
from extract.formats.frames import unframed
from extract.formats.layout import Box, Glyph, Layout, Rule
from extract.formats.lines import Word, as_word, cell_text, lines, text

MOST_EDGES = 3000  # merged rules of a page; a page of a report has some dozens
DOUBT = 0.5  # confidence of a cell of which a figure reaches into another


@dataclass(frozen=True, slots=True)
class Field:
    """A cell of a grid: where it is and what stands in it."""

    box: Box
    text: str
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Grid:
    """A ruled table on one page. `strays` are its lines that stand in no cell, as (box, text)."""

    page: Layout
    box: Box
    fields: tuple[Field, ...]
    strays: tuple[tuple[Box, str], ...] = ()


def grids(page: Layout, found: Sequence[Word]) -> tuple[list[Grid], list[Word]]:
    """The tables of a page from its top, and the words outside them."""
    groups = _groups(page.rules, found)
    if not groups and page.boxes:  # cells shown by their grounds only: white cells on black, as old pages have it
        groups = _groups([side for box in page.boxes for side in _sides(box)], found)
    result: list[Grid] = []
    rest = list(found)
    for cells in groups:
        inside, rest = _parted(rest, _around(cells))
        if any(w.text for w in inside):
            result.append(_grid(page, cells, inside))
    return result, rest


def _sides(box: Rule) -> Iterable[Rule]:
    yield Rule(box.x0, box.top, box.x1, box.top)
    yield Rule(box.x0, box.bottom, box.x1, box.bottom)
    yield Rule(box.x0, box.top, box.x0, box.bottom)
    yield Rule(box.x1, box.top, box.x1, box.bottom)


def _groups(rules: Iterable[Rule], found: Sequence[Word]) -> list[list[Box]]:
    """Cells table by table; a table has at least two columns, everything else is a frame around text."""
    edges = merged(unframed(map(edge, rules)))
    if len(edges) > MOST_EDGES:
        return []
    edges = closed(edges, found)
    groups = _found(edges)
    ruled = [cells for cells in groups if len({c[0] for c in cells}) > 1]
    for cells in groups:
        if len({c[0] for c in cells}) == 1 and len(cells) > 2 and (more := columns(cells, found)):
            box = _around(cells)
            own = [e for e in edges if e["orientation"] == "h" and box[1] - SNAP <= e["top"] <= box[3] + SNAP]
            ruled.extend(g for g in _found(merged([*own, *more])) if len({c[0] for c in g}) > 1)
    return sorted(ruled, key=lambda cells: _around(cells)[1])


def _found(edges: list[dict[str, Any]]) -> list[list[Box]]:
    return cells_to_tables(intersections_to_cells(edges_to_intersections(edges, SNAP, SNAP)))


def _grid(page: Layout, cells: list[Box], found: Sequence[Word]) -> Grid:
    """Each word goes to the cell that holds its middle; one that stands in several is parted at the rules."""
    at = _finder(cells)
    inside: dict[Box, list[Word]] = {cell: [] for cell in cells}
    doubtful: set[Box] = set()
    strays: list[Word] = []
    for word in found:
        home = at(*word.middle)
        reached = {cell for cell in _reached(word, at) if cell and cell != home}
        parts = _parted_at(word, at) if reached else [(home, word)]
        if reached and _in_doubt(word, at):
            doubtful.update(reached | {cell for cell, _ in parts if cell})
        for cell, part in parts:
            (inside[cell] if cell else strays).append(part)
    fields = tuple(_field(cell, inside[cell], cell in doubtful) for cell in cells)
    return Grid(page, _around(cells), fields, tuple((_box(line), text(line)) for line in lines(strays)))


def _finder(cells: Sequence[Box]) -> Callable[[float, float], Box | None]:
    """A function from a point to the cell around it."""
    xs = sorted({x for cell in cells for x in (cell[0], cell[2])})
    ys = sorted({y for cell in cells for y in (cell[1], cell[3])})
    table: dict[tuple[int, int], Box] = {}
    for cell in cells:
        for c in range(bisect_left(xs, cell[0]), bisect_left(xs, cell[2])):
            for r in range(bisect_left(ys, cell[1]), bisect_left(ys, cell[3])):
                table[c, r] = cell
    return lambda x, y: table.get((bisect_right(xs, x) - 1, bisect_right(ys, y) - 1))


def _reached(word: Word | Glyph, at: Callable[[float, float], Box | None]) -> set[Box | None]:
    """The cells that a word stands in with more than a brush of its edge."""
    height = word.bottom - word.top
    x, y = (word.x0 + word.x1) / 2, (word.top + word.bottom) / 2
    brush = min(0.15 * height, (word.x1 - word.x0) / 3)
    points = ((word.x0 + brush, y), (word.x1 - brush, y), (x, word.top + 0.3 * height), (x, word.bottom - 0.3 * height))
    return {at(*point) for point in points}


def _parted_at(word: Word, at: Callable[[float, float], Box | None]) -> list[tuple[Box | None, Word]]:
    """A word glyph by glyph to the cells that hold them: texts of two cells may touch, but for the rule between."""
    parts: list[tuple[Box | None, list[Glyph]]] = []
    for glyph in word.glyphs:
        cell = at((glyph.x0 + glyph.x1) / 2, (glyph.top + glyph.bottom) / 2)
        if parts and parts[-1][0] == cell:
            parts[-1][1].append(glyph)
        else:
            parts.append((cell, [glyph]))
    return [(cell, as_word(glyphs)) for cell, glyphs in parts]


def _in_doubt(word: Word, at: Callable[[float, float], Box | None]) -> bool:
    """Whether a rule runs through a figure, or between two digits that touch: whose they are nobody can tell."""
    before: tuple[Glyph, Box | None] | None = None
    for glyph in word.glyphs:
        cell = at((glyph.x0 + glyph.x1) / 2, (glyph.top + glyph.bottom) / 2)
        if any(c.isdigit() for c in glyph.text):
            if len({reached for reached in _reached(glyph, at) if reached} | ({cell} if cell else set())) > 1:
                return True
            if before and before[0].text[-1].isdigit() and glyph.text[0].isdigit() and before[1] != cell:
                return True
        before = glyph, cell
    return False


def _field(cell: Box, found: Sequence[Word], doubtful: bool) -> Field:
    sure = [w.confidence for w in found if w.confidence is not None]
    if doubtful:
        sure.append(DOUBT)
    return Field(cell, cell_text(found), min(sure) if sure else None)


def _parted(found: Sequence[Word], box: Box) -> tuple[list[Word], list[Word]]:
    inside = [w for w in found if _holds(box, w)]
    return inside, [w for w in found if not _holds(box, w)] if inside else list(found)


def _holds(box: Box, word: Word) -> bool:
    x, y = word.middle
    return box[0] <= x < box[2] and box[1] <= y < box[3]


def _box(line: Sequence[Word]) -> Box:
    return line[0].x0, min(w.top for w in line), max(w.x1 for w in line), max(w.bottom for w in line)


def _around(cells: Sequence[Box]) -> Box:
    return min(c[0] for c in cells), min(c[1] for c in cells), max(c[2] for c in cells), max(c[3] for c in cells)
