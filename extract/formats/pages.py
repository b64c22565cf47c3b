"""Pages of glyphs and rules → Content: tables and paragraphs from the top, page furniture left out, tables joined.

`assemble` is what the readers of PDF, OFD and pictures share; `Glyph`, `Rule` and `Layout` are what they hand over.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from extract.content import Content, Paragraph, Remark, Table
from extract.formats import join_pages
from extract.formats.grids import Grid, grids
from extract.formats.layout import Box, Glyph, Layout, Rule
from extract.formats.lines import Word, lines, text, words
from extract.labels import fold

__all__ = ["Glyph", "Layout", "Rule", "assemble"]

PAGE_NUMBER = re.compile(r"[-—–·~第]*\d{1,3}(?:页?[-—–·~页/共]*(?:\d{1,3})?页?)")
MARGIN = 0.1  # of the height: page furniture stands at the very top or bottom
CJK = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f“”‘’—…]")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text outside tables."""

    page: Layout
    text: str
    x0: float
    top: float
    x1: float
    bottom: float


def assemble(
    pages: Iterable[Layout],
    media_type: str,
    *,
    meta: Mapping[str, str] | None = None,
    title: str | None = None,
    remarks: Sequence[Remark] = (),
) -> Content:
    """All pages as one Content. A page is set aside as soon as it is read, so `pages` may be a generator."""
    sheets = [_sheet(page) for page in pages]
    heads = _running(sheets)
    items = [item for sheet in sheets for item in _body(sheet, heads)]
    return Content(tuple(_blocks(items)), media_type, meta or {}, title, tuple(remarks))


def _sheet(page: Layout) -> list[Line | Grid]:
    tables, rest = grids(page, words(page.glyphs))
    if tables:
        tables[-1], rest = join_pages.completed(tables[-1], rest)
    items: list[Line | Grid] = [*tables, *(_line(page, found) for found in lines(rest))]
    bands = [table.box for table in tables]
    return sorted(items, key=lambda item: _top(item, bands))


def _top(item: Line | Grid, bands: Sequence[Box]) -> float:
    """Where an item stands in the order of the page; text beside a table goes before it."""
    if isinstance(item, Grid):
        return item.box[1]
    beside = [top for _, top, _, bottom in bands if top <= item.top <= bottom]
    return min(beside, default=item.top) - 0.1 if beside else item.top


def _line(page: Layout, found: Sequence[Word]) -> Line:
    top, bottom = min(w.top for w in found), max(w.bottom for w in found)
    return Line(page, text(found), found[0].x0, top, max(w.x1 for w in found), bottom)


def _running(sheets: Sequence[Sequence[Line | Grid]]) -> frozenset[str]:
    """Text that stands at the edge of at least two pages, and of half of them: heads and feet, digits set aside."""
    seen = Counter(
        found for sheet in sheets for found in {_bare(i) for i in sheet if isinstance(i, Line) and _at_edge(i)}
    )
    return frozenset(found for found, times in seen.items() if times > 1 and times * 2 >= len(sheets))


def _bare(line: Line) -> str:
    return re.sub(r"\d+", "#", fold(line.text))


def _at_edge(line: Line) -> bool:
    return line.bottom < MARGIN * line.page.height or line.top > (1 - MARGIN) * line.page.height


def _body(sheet: Sequence[Line | Grid], heads: frozenset[str]) -> Iterator[Line | Grid]:
    """A page without its number and its running heads."""
    for index, item in enumerate(sheet):
        if isinstance(item, Line) and _at_edge(item):
            outer = index in (0, len(sheet) - 1)
            if _bare(item) in heads or (outer and PAGE_NUMBER.fullmatch(fold(item.text))):
                continue
        yield item


def _blocks(items: Sequence[Line | Grid]) -> Iterator[Paragraph | Table]:
    margins = _margins(items)
    held: list[Line] = []
    cut: list[Grid] = []
    for item in items:
        if cut and not (isinstance(item, Grid) and join_pages.continues(cut[-1], item)):
            yield join_pages.table(cut)
            cut = []
        if isinstance(item, Grid):
            if held:
                yield _paragraph(held)
                held = []
            cut.append(item)
        elif held and not _goes_on(held[-1], item, margins):
            yield _paragraph(held)
            held = [item]
        else:
            held.append(item)
    if cut:
        yield join_pages.table(cut)
    if held:
        yield _paragraph(held)


def _margins(items: Sequence[Line | Grid]) -> dict[float, tuple[float, float]]:
    """Left and right edge of the text, by the width of the page: portrait pages share theirs, landscape pages too."""
    found: dict[float, tuple[float, float]] = {}
    for item in items:
        if isinstance(item, Line):
            left, right = found.get(item.page.width, (item.x0, item.x1))
            found[item.page.width] = min(left, item.x0), max(right, item.x1)
    return found


def _goes_on(line: Line, following: Line, margins: Mapping[float, tuple[float, float]]) -> bool:
    """Whether two lines are of one paragraph: the first is full, the second is not indented, nothing parts them."""
    size = line.bottom - line.top
    full = line.x1 > margins[line.page.width][1] - 2 * size
    flush = following.x0 < margins[following.page.width][0] + 1.2 * size
    alike = 0.8 < size / max(following.bottom - following.top, 0.1) < 1.25
    near = line.page.number != following.page.number or following.top - line.bottom < 2 * size
    return full and flush and alike and near


def _paragraph(held: Sequence[Line]) -> Paragraph:
    printed = held[0].text
    for line in held[1:]:
        closed_up = CJK.match(printed[-1]) or CJK.match(line.text[0])
        printed += line.text if closed_up else " " + line.text
    own = [line for line in held if line.page is held[0].page]
    box = min(o.x0 for o in own), own[0].top, max(o.x1 for o in own), own[-1].bottom
    return Paragraph(printed, held[0].page.place(*box))
