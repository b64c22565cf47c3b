"""The text of a DOCX in the order a reader sees it: runs, fields, revisions, lists, text boxes, cells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from extract.formats.docx_grid import Grid, GridRow, Line, Picture, Slot
from extract.formats.docx_lists import Lists, Style, is_on, merged, number_of, run_style
from extract.formats.docx_markup import (
    DRAWING,
    GONE,
    GRAPHICS,
    GRIDSPAN,
    HMERGE,
    LINKS,
    MATH,
    MC,
    PPR,
    RPR,
    SDT,
    SILENT,
    STYLED,
    TBL,
    TC,
    TCPR,
    TCW,
    THROUGH,
    TR,
    TYPED,
    VAL,
    VMERGE,
    VML,
    WRAPPERS,
    P,
    R,
    T,
    W,
    contents,
    drawn,
    extent,
    members,
    shown_version,
    symbol,
    twips,
)

APART = "\x00"  # no XML holds it: here stands an edge that figures may not run over (a raised mark, struck-out text)
PLAIN = Style()


@dataclass(slots=True)
class _Out:
    """The growing text of a paragraph."""

    parts: list[str] = field(default_factory=list)
    boxes: list[Line | Picture | Grid] = field(default_factory=list)
    edge: tuple[bool, bool] = (False, False)  # struck out, raised
    deleted: list[str] = field(default_factory=list)
    inserted: list[str] = field(default_factory=list)


class Story:
    """Reads the body of one document, in order: lists count and fields stay open from paragraph to paragraph."""

    def __init__(self, root: etree._Element, styles: dict[str, Style], lists: Lists) -> None:
        self._styles, self._lists = styles, lists
        self._odd = {name for name, s in styles.items() if s.hidden or s.struck or s.raised or s.number}
        self._styled = dict(self._looks(root))
        self._fields: list[bool] = []  # of each open field, whether its result has begun
        self._count = 0

    def _looks(self, root: etree._Element) -> Iterator[tuple[etree._Element, Style]]:
        """Properties that hide, strike out, raise or number, by their element; most documents have next to none."""
        seen = set()
        for prop in root.iter(*STYLED):
            parent = prop.getparent()
            if parent in seen or not (self._odd or is_on(prop) and prop.get(VAL) != "baseline"):
                continue
            if prop.tag in STYLED[-2:] and prop.get(VAL) not in self._odd:
                continue
            seen.add(parent)
            named = parent.find(STYLED[-2] if parent.tag == RPR else STYLED[-1])
            style = self._styles.get(named.get(VAL, ""), PLAIN) if named is not None else PLAIN
            yield parent, merged(run_style(parent) if parent.tag == RPR else PLAIN, style)

    # --- blocks

    def blocks(self, parent: etree._Element) -> list[Line | Picture | Grid]:
        """Paragraphs, tables and pictures of a body, a cell or a text box."""
        found: list[Line | Picture | Grid] = []
        self._collect(parent, found)
        return found

    def _collect(self, parent: etree._Element, found: list[Line | Picture | Grid]) -> None:
        for child in parent:
            tag = child.tag
            if tag == P:
                text = self._plain(child)
                if text is None:
                    found.extend(self._paragraph(child))
                else:
                    self._count += 1
                    if text:
                        found.append(Line(text, self._count))
            elif tag == TBL:
                found.append(self._grid(child))
            elif tag in WRAPPERS:
                for part in contents(child):
                    self._collect(part, found)

    def _plain(self, paragraph: etree._Element) -> str | None:
        """The text of a paragraph of plain runs, as nearly all are; None where there is more to it."""
        if self._fields:
            return None
        text = ""
        for child in paragraph:
            tag = child.tag
            if tag == R:
                for part in child:
                    if part.tag == T:
                        text += part.text or ""
                    elif part.tag != RPR or part in self._styled:
                        return None
            elif tag == PPR:
                if child in self._styled:
                    return None
            elif tag not in SILENT:
                return None
        return text

    def _paragraph(self, element: etree._Element) -> list[Line | Picture | Grid]:
        self._count += 1
        number, out = self._count, _Out()
        properties = element[0] if len(element) and element[0].tag == PPR else None
        look = self._styled.get(properties, PLAIN) if properties is not None else PLAIN
        self._inline(element, out, look, False)
        self._fields = [True] * len(self._fields)  # an instruction ends with its paragraph: a lost mark hides no text
        text = "".join(out.parts)
        if not (out.deleted and not text):
            text = self._numbered(properties, look, text)
        line = Line(text, number, "".join(out.deleted), "".join(out.inserted))
        return [line, *out.boxes] if text or out.deleted else out.boxes

    def _numbered(self, properties: etree._Element | None, look: Style, text: str) -> str:
        """The text behind the number that its list prints; a figure never runs into that number."""
        listed = properties.find(W + "numPr") if properties is not None else None
        if listed is None and not look.number:
            return text
        number = listed.find(W + "numId") if listed is not None else None
        depth = listed.find(W + "ilvl") if listed is not None else None
        name = number.get(VAL, "") if number is not None else look.number or ""
        style = properties.find(STYLED[-1]) if properties is not None else None
        tied = self._lists.depth_of(name, style.get(VAL, "")) if style is not None else 0
        at = number_of(depth) if depth is not None else look.depth if look.depth is not None else tied
        label, gap = self._lists.next(name, at)
        if not label:
            return text
        if re.match(r"[\s\x00]*[\d.,-]", text) or not text.strip():
            return f"{label}\n{text}"
        return label + ("" if re.search(r"[、）)．]$", label) else gap) + text

    # --- inside a paragraph

    def _inline(self, parent: etree._Element, out: _Out, look: Style, inserted: bool) -> None:
        for child in parent:
            tag = child.tag
            if tag == R:
                self._run(child, out, look, inserted)
            elif tag in THROUGH:
                self._inline(child, out, look, inserted or tag in (W + "ins", W + "moveTo"))
            elif tag == SDT:
                for content in child.iterchildren(W + "sdtContent"):
                    self._inline(content, out, look, inserted)
            elif tag in GONE:
                out.deleted.extend(t.text or "" for t in child.iter(W + "delText", T))
            elif tag == MC + "AlternateContent":
                if (chosen := shown_version(child)) is not None:
                    self._inline(chosen, out, look, inserted)
            elif tag in (MATH + "oMath", MATH + "oMathPara"):
                out.parts += [APART, *(t.text or "" for t in child.iter(MATH + "t", T)), APART]

    def _run(self, run: etree._Element, out: _Out, look: Style, inserted: bool) -> None:
        first = run[0] if len(run) else None
        if first is not None and first.tag == RPR and first in self._styled:
            look = merged(self._styled[first], look)
        edge = (bool(look.struck), bool(look.raised))
        if edge != out.edge and not look.hidden:
            out.edge = edge
            out.parts.append(APART)
        for child in run:
            tag = child.tag
            if tag == W + "fldChar":
                self._mark(child.get(W + "fldCharType"))
            elif look.hidden or not all(self._fields):
                continue
            elif tag == T:
                out.parts.append(child.text or "")
                if inserted:
                    out.inserted.append(child.text or "")
            elif tag in TYPED:
                out.parts.append(TYPED[tag])
            elif tag in GRAPHICS:
                self._graphic(child, out)
            elif tag == W + "sym":
                out.parts.append(symbol(child))
            elif tag in (W + "footnoteReference", W + "endnoteReference"):
                out.parts.append(APART)  # a mark of its own may follow as text
            elif tag == W + "ruby":
                for base in child.iterchildren(W + "rubyBase"):
                    self._inline(base, out, look, inserted)

    def _mark(self, kind: str | None) -> None:
        """Fields nest: what stands between `begin` and `separate` is an instruction, then comes what is shown."""
        if kind == "begin":
            self._fields.append(False)
        elif self._fields and kind == "separate":
            self._fields[-1] = True
        elif self._fields and kind == "end":
            self._fields.pop()

    def _graphic(self, element: etree._Element, out: _Out) -> None:
        """Text boxes and pictures of a drawing. Of two versions of the same drawing only the first counts."""
        if element.tag == MC + "AlternateContent":
            element = shown_version(element)
            if element is None:
                return
        for child in element:
            if child.tag == W + "txbxContent":
                fields, self._fields = self._fields, []
                out.boxes.extend(self.blocks(child))
                self._fields = fields
            elif child.tag == DRAWING + "blip" and (relation := child.get(LINKS + "embed")):
                out.boxes.append(Picture(relation, *extent(child), self._count))
            elif child.tag == VML + "imagedata" and (relation := child.get(LINKS + "id")):
                out.boxes.append(Picture(relation, *drawn(child), self._count))
            else:
                self._graphic(child, out)

    # --- tables

    def _grid(self, table: etree._Element) -> Grid:
        columns = table.find(W + "tblGrid")
        widths = () if columns is None else (twips(c.get(W + "w")) or 0 for c in columns.iterchildren(W + "gridCol"))
        rows = (self._row(row) for row in members(table, TR))
        return Grid(tuple(row for row in rows if row is not None), tuple(widths))

    def _row(self, row: etree._Element) -> GridRow | None:
        """None where the row is hidden or deleted."""
        before = after = 0
        for prop in (p for p in row.iterchildren(W + "trPr") for p in p):
            name = prop.tag
            if name == W + "del" or (name == W + "hidden" and is_on(prop)):
                return None
            if name == W + "gridBefore":
                before = max(number_of(prop), 0)
            elif name == W + "gridAfter":
                after = number_of(prop)
        return GridRow(tuple([self._slot(cell) for cell in members(row, TC)]), before, after)

    def _slot(self, cell: etree._Element) -> Slot:
        span, merge, width = 1, "", None
        for prop in cell[0] if len(cell) and cell[0].tag == TCPR else ():
            name = prop.tag
            if name == TCW:
                width = twips(prop.get(W + "w")) if prop.get(W + "type", "dxa") == "dxa" else None
            elif name == GRIDSPAN:
                span = number_of(prop, 1)
            elif name == VMERGE:
                merge = "start" if prop.get(VAL) == "restart" else "on"
            elif name == HMERGE and prop.get(VAL) != "restart":
                merge = "left"
        return Slot(tuple(self.blocks(cell)), span, merge, width)
