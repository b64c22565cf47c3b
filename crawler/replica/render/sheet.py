"""Lays a report out on pages: words and ruling lines in points, with the table breaks that word processors make.

PDF and OFD draw the sheets made here. The origin is the top left corner of the page as displayed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from random import Random

from crawler.replica.render.layout import HEAD_ROWS, Placed, em, placed, widths, wrap
from crawler.replica.tables import Grid

A4 = (595.3, 841.9)
PAD = 3.0
LEAD = 1.3  # line height in em


@dataclass(frozen=True, slots=True)
class Words:
    """One line of text whose first character begins at `x`; `top` is the top of its em square."""

    x: float
    top: float
    size: float
    text: str
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Stroke:
    """An axis-parallel ruling line."""

    x0: float
    top: float
    x1: float
    bottom: float


@dataclass(slots=True)
class Sheet:
    """A page as displayed."""

    width: float
    height: float
    words: list[Words] = field(default_factory=list)
    strokes: list[Stroke] = field(default_factory=list)
    boxes: list[tuple[float, float, float, float]] = field(default_factory=list)  # white boxes behind paragraphs


@dataclass(frozen=True, slots=True)
class Look:
    """What one office's word processor does to a page."""

    width: float = A4[0]
    height: float = A4[1]
    margin: float = 62.0
    size: float = 9.0
    prose: float = 14.0
    cut_rows: bool = False  # a row may begin on one page and end on the next
    repeat_head: bool = False
    label_at: str = "first"  # where the label of rows over two pages stands: first, last, split
    values_at: str = "first"  # in a cut row: first, last
    close_cuts: bool = True  # the table is ruled off at the end of a page
    sides: frozenset[str] = frozenset(("left", "right", "top", "bottom"))
    numbered: str = "- {} -"
    running: str = ""
    boxed: bool = False


def look(rng: Random) -> Look:
    """A look by chance; about one in three has no oddity of rules."""
    landscape = rng.random() < 0.15
    width, height = A4[::-1] if landscape else A4
    everywhere = frozenset(("left", "right", "top", "bottom"))
    return Look(
        width=width,
        height=height,
        margin=rng.choice((52.0, 62.0, 72.0)),
        size=rng.choice((8.0, 9.0, 10.0)) if landscape or rng.random() < 0.7 else 7.5,
        prose=rng.choice((12.0, 14.0, 16.0)),
        cut_rows=rng.random() < 0.5,
        repeat_head=rng.random() < 0.4,
        label_at=rng.choice(("first", "first", "last", "split")),
        values_at=rng.choice(("first", "first", "last")),
        close_cuts=rng.random() < 0.8,
        sides=rng.choice((everywhere,) * 4 + (everywhere - {"left", "right"}, frozenset[str]())),
        numbered=rng.choice(("- {} -", "— {} —", "{}", "第 {} 页", "")),
        running=rng.choice(("", "", "政府信息公开工作年度报告")),
        boxed=rng.random() < 0.2,
    )


def compose(title: str, blocks: Sequence[str | Grid], chosen: Look) -> list[Sheet]:
    """The pages of a report."""
    flow = _Flow(chosen)
    flow.paragraph(title, chosen.prose + 4, centred=True)
    for block in blocks:
        if isinstance(block, str):
            heading = len(block) < 26 and block[:1] in "一二三四五六12345" and "、" in block[:3]
            flow.paragraph(block, chosen.prose, bold=heading)
        else:
            flow.table(block)
    for number, sheet in enumerate(flow.sheets, start=1):
        if chosen.numbered:
            text = chosen.numbered.format(number)
            sheet.words.append(Words(sheet.width / 2 - em(text) * 4.5, sheet.height - 40, 9, text))
        if chosen.running:
            sheet.words.append(Words(chosen.margin, 30, 9, chosen.running))
    return flow.sheets


@dataclass(frozen=True, slots=True)
class _Piece:
    """What one page holds of one row."""

    sheet: int
    top: float
    bottom: float


class _Flow:
    """The pages so far and how far the last one is filled."""

    def __init__(self, chosen: Look) -> None:
        self.look = chosen
        self.sheets: list[Sheet] = []
        self.y = 0.0
        self.new_sheet()

    @property
    def end(self) -> float:
        return self.look.height - self.look.margin

    def new_sheet(self) -> None:
        self.sheets.append(Sheet(self.look.width, self.look.height))
        self.y = self.look.margin

    def paragraph(self, text: str, size: float, *, centred: bool = False, bold: bool = False) -> None:
        line_width = self.look.width - 2 * self.look.margin
        lines = wrap(text if centred else "\u3000\u3000" + text, line_width / size)
        begun = self.y
        for number, line in enumerate(lines):
            if self.y + size * LEAD > self.end:
                self.new_sheet()
                begun = self.y
            x = self.look.margin + ((line_width - em(line) * size) / 2 if centred else 0.0)
            if not centred and number == 0:  # the indent is space, not characters
                x, line = x + 2 * size, line[2:]
            self.sheets[-1].words.append(Words(x, self.y, size, line, bold or centred))
            self.y += size * LEAD
        if self.look.boxed:
            self.sheets[-1].boxes.append((self.look.margin - 2, begun, self.look.width - self.look.margin + 2, self.y))
        self.y += size * 0.4

    def table(self, grid: Grid) -> None:
        drawn = _Table(grid, self.look)
        if self.end - self.y < sum(drawn.heights[:2]) + 10:
            self.new_sheet()
        drawn.flow(self)
        self.y += 10


class _Table:
    """One grid with its measures, drawn into a flow."""

    def __init__(self, grid: Grid, chosen: Look) -> None:
        self.look, self.cells = chosen, placed(grid)
        line_width = chosen.width - 2 * chosen.margin
        self.xs = [chosen.margin]
        for part in widths(grid, self.cells):
            self.xs.append(self.xs[-1] + part * line_width)
        self.form_right = self.xs[min(grid.columns, len(self.xs) - 1)]
        self.lead = chosen.size * LEAD
        self.lines = {cell: self._wrapped(cell) for cell in self.cells}
        self.heights = self._heights(len(grid.rows))
        self.head = HEAD_ROWS.get(grid.columns, 0) if chosen.repeat_head else 0
        self.pieces: dict[int, list[_Piece]] = {}

    def _wrapped(self, cell: Placed) -> list[str]:
        room = self.xs[cell.right] - self.xs[cell.column] - 2 * PAD
        return wrap(cell.text.replace("\u00a0", " "), max(1.0, room / self.look.size))

    def _heights(self, rows: int) -> list[float]:
        heights = [self.lead + 2 * PAD] * rows
        for cell in sorted(self.cells, key=lambda c: c.rowspan):
            lacking = len(self.lines[cell]) * self.lead + 2 * PAD - sum(heights[cell.row : cell.bottom])
            if lacking > 0:
                for row in range(cell.row, cell.bottom):
                    heights[row] += lacking / cell.rowspan
        return heights

    def flow(self, flow: _Flow) -> None:
        for row, height in enumerate(self.heights):
            room = flow.end - flow.y
            if height <= room:
                self._put(flow, row, height)
                continue
            # A cut leaves at least a line on either side, and both sides whole lines.
            fit = int((room - 2 * PAD) / self.lead)
            lines = max(len(self.lines[c]) for c in self.cells if c.row == row and c.rowspan == 1)
            cut = self.look.cut_rows and row >= 3 and 1 <= fit < lines
            if cut:
                self._put(flow, row, fit * self.lead + 2 * PAD)
            flow.new_sheet()
            if row > self.head:
                self._repeat(flow)
            self._put(flow, row, (lines - fit) * self.lead + 2 * PAD if cut else height)
        for cell in self.cells:
            self._draw(flow, cell)

    def _put(self, flow: _Flow, row: int, height: float) -> None:
        self.pieces.setdefault(row, []).append(_Piece(len(flow.sheets) - 1, flow.y, flow.y + height))
        flow.y += height

    def _repeat(self, flow: _Flow) -> None:
        again = _Head(self, flow)
        flow.y = again.bottom

    def _draw(self, flow: _Flow, cell: Placed) -> None:
        parts: list[_Piece] = []
        for row in range(cell.row, cell.bottom):
            for piece in self.pieces[row]:
                if parts and parts[-1].sheet == piece.sheet:
                    parts[-1] = replace(parts[-1], bottom=piece.bottom)
                else:
                    parts.append(piece)
        for number, (part, lines) in enumerate(zip(parts, self._share(cell, parts), strict=True)):
            self._rule(flow.sheets[part.sheet], cell, part, number > 0, number < len(parts) - 1)
            self._write(flow.sheets[part.sheet], cell, part, lines)

    def _share(self, cell: Placed, parts: list[_Piece]) -> list[list[str]]:
        """The lines of a cell that each page gets."""
        lines = self.lines[cell]
        if len(parts) == 1:
            return [lines]
        room = [max(0, int((part.bottom - part.top - 2 * PAD) / self.lead + 0.01)) for part in parts]
        where = self.look.label_at if cell.rowspan > 1 else "split" if len(lines) > 1 else self.look.values_at
        if where != "split":
            order = list(range(len(parts)))[:: 1 if where == "first" else -1]
            chosen = next((i for i in order if room[i] >= len(lines)), None)
            if chosen is not None:
                return [lines if i == chosen else [] for i in range(len(parts))]
        shares, rest = [], lines
        for number, fits in enumerate(room):
            last = number == len(parts) - 1
            # Both pages get something where both have room: that is what a cut label looks like.
            take = len(rest) if last else min(fits, max(1, len(rest) - sum(room[number + 1 :]), len(rest) // 2))
            shares.append(rest[:take])
            rest = rest[take:]
        return shares

    def _rule(self, sheet: Sheet, cell: Placed, part: _Piece, continued: bool, goes_on: bool) -> None:
        x0, x1 = self.xs[cell.column], self.xs[cell.right]
        rows = len(self.heights)
        if (cell.row > 0 or "top" in self.look.sides) and (not continued or self.look.close_cuts):
            sheet.strokes.append(Stroke(x0, part.top, x1, part.top))
        if (cell.bottom < rows or "bottom" in self.look.sides) and (not goes_on or self.look.close_cuts):
            sheet.strokes.append(Stroke(x0, part.bottom, x1, part.bottom))
        if cell.column > 0 or "left" in self.look.sides:
            sheet.strokes.append(Stroke(x0, part.top, x0, part.bottom))
        if x1 != self.form_right or "right" in self.look.sides:
            sheet.strokes.append(Stroke(x1, part.top, x1, part.bottom))

    def _write(self, sheet: Sheet, cell: Placed, part: _Piece, lines: list[str]) -> None:
        size, left, right = self.look.size, self.xs[cell.column], self.xs[cell.right]
        y = (part.top + part.bottom - len(lines) * self.lead) / 2 + (self.lead - size) / 2
        for line in lines:
            if line.strip():
                x = (left + right - em(line) * size) / 2
                sheet.words.append(Words(x, y, size, line))
            y += self.lead


class _Head:
    """The head rows of a table, drawn once more at the top of a page."""

    def __init__(self, table: _Table, flow: _Flow) -> None:
        self.bottom = flow.y
        if not table.head:
            return
        tops = [flow.y]
        for height in table.heights[: table.head]:
            tops.append(tops[-1] + height)
        self.bottom = tops[-1]
        number = len(flow.sheets) - 1
        for cell in table.cells:
            if cell.bottom <= table.head:
                part = _Piece(number, tops[cell.row], tops[cell.bottom])
                table._rule(flow.sheets[-1], cell, part, False, False)
                table._write(flow.sheets[-1], cell, part, table.lines[cell])
