"""Where every printed cell of a grid stands, and how wide columns are: shared by all renderers that draw or merge."""

from __future__ import annotations

import re
from dataclasses import dataclass

from crawler.replica.tables import Grid

# Parts of the line width, by the number of columns the form prints
_WIDTHS = {
    4: (0.4, 0.2, 0.2, 0.2),
    10: (0.07, 0.13, 0.31, *(0.07,) * 7),
    15: (1 / 15,) * 15,
}
_PIECES = re.compile(r"[0-9.,%-]+|.")  # a number is never cut
HEAD_ROWS = {10: 3, 15: 3}  # rows that a word processor repeats on a new page


@dataclass(frozen=True, slots=True)
class Placed:
    """A printed cell at its place; rows and columns count from 0."""

    row: int
    column: int
    rowspan: int
    colspan: int
    text: str
    key: tuple[str, str, str | None] | None = None  # of a figure: table, row, column

    @property
    def bottom(self) -> int:
        """The row behind the last one covered."""
        return self.row + self.rowspan

    @property
    def right(self) -> int:
        """The column behind the last one covered."""
        return self.column + self.colspan


def placed(grid: Grid) -> list[Placed]:
    """All cells with their places, row by row. A row may end before the last column or go beyond it."""
    found: list[Placed] = []
    taken: set[tuple[int, int]] = set()
    for number, row in enumerate(grid.rows):
        column = 0
        for cell in row:
            while (number, column) in taken:
                column += 1
            rowspan = min(cell.rowspan, len(grid.rows) - number)
            found.append(Placed(number, column, rowspan, cell.colspan, cell.text, cell.key))
            taken |= {(number + r, column + c) for r in range(rowspan) for c in range(cell.colspan)}
            column += cell.colspan
    return found


def columns(cells: list[Placed]) -> int:
    """Columns of the widest row."""
    return max(cell.right for cell in cells)


def widths(grid: Grid, cells: list[Placed]) -> list[float]:
    """Width of each column as a part of the line; a column beyond the form's is as wide as its last, and sticks out."""
    parts = list(_WIDTHS.get(grid.columns) or [1 / grid.columns] * grid.columns)
    parts += [parts[-1]] * (columns(cells) - len(parts))
    return [part / max(1.0, sum(parts)) for part in parts]


def wrap(text: str, width: float) -> list[str]:
    """Lines of at most `width` em; a CJK character is one em, any other half of one. Line breaks of the text stay."""
    lines: list[str] = []
    for part in text.split("\n"):
        line, used = "", 0.0
        for piece in _PIECES.findall(part):
            if line and used + em(piece) > width:
                lines.append(line)
                line, used = "", 0.0
            line += piece
            used += em(piece)
        lines.append(line)
    return lines


def em(text: str) -> float:
    """Advance of a text in em."""
    return sum(0.5 if char.isascii() or char == "\u00a0" else 1.0 for char in text)
