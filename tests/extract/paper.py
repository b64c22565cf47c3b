"""Pages drawn in memory: glyphs and rules, without any file format."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from extract.content import Content, Table
from extract.formats.pages import Glyph, Layout, Rule, assemble

EM = 10.0
WIDTH, HEIGHT = 600.0, 800.0


def printed(text: str, x: float, top: float, size: float = EM) -> list[Glyph]:
    """A text set from `x`: Chinese characters one em wide, others half."""
    glyphs = []
    for char in text:
        wide = size if ord(char) > 0x2E7F else size / 2
        glyphs.append(Glyph(char, x, top, x + wide, top + size))
        x += wide
    return glyphs


def ruled(xs: Sequence[float], ys: Sequence[float], outer: bool = True, upright: bool = True) -> list[Rule]:
    """The rules of a table, without its outer ones or without the upright ones where asked."""
    inner_x, inner_y = (xs, ys) if outer else (xs[1:-1], ys[1:-1])
    level = [Rule(xs[0], y, xs[-1], y) for y in inner_y]
    return level + [Rule(x, ys[0], x, ys[-1]) for x in (inner_x if upright else [])]


def filled(rows: Sequence[Sequence[str]], xs: Sequence[float], ys: Sequence[float]) -> list[Glyph]:
    """Each text two points into its cell."""
    return [
        g
        for row, y in zip(rows, ys, strict=False)
        for t, x in zip(row, xs, strict=False)
        for g in printed(t, x + 2, y + 4)
    ]


def page(glyphs: Iterable[Glyph], rules: Iterable[Rule] = (), number: int = 1, **more: object) -> Layout:
    """A page of 600 by 800 points."""
    return Layout(number, WIDTH, HEIGHT, list(glyphs), list(rules), **more)  # type: ignore[arg-type]


def read(*pages: Layout) -> Content:
    """The pages as one Content."""
    return assemble(pages, "application/pdf")


def texts(table: Table) -> list[list[str]]:
    """The table's texts, `·` where a merged cell continues."""
    return [[cell.text if cell.origin else "·" for cell in row] for row in table.rows]


XS, YS = (50.0, 150.0, 250.0, 350.0), (100.0, 120.0, 140.0, 160.0)
ROWS = (("信息内容", "制发", "废止"), ("规章", "0", "12"), ("文件", "3", "4"))
