"""DOCX: paragraphs, and tables as true grids, read with lxml straight from the parts of the package (ECMA-376)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from posixpath import dirname, join, normpath

from lxml import etree

from extract.content import Content, GridCell, Paragraph, Remark, Table
from extract.formats.docx_grid import Grid, Line, Picture, Slot, fields, hoisted, is_layout, lines
from extract.formats.docx_lists import Lists, Style, read_lists, read_styles
from extract.formats.docx_markup import W
from extract.formats.docx_story import APART, Story
from extract.formats.zipped import DAMAGED, Zipped, parse_xml
from extract.records import Place, ReportError

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MAIN = "word/document.xml"
RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
TITLE = "{http://purl.org/dc/elements/1.1/}title"
# ISO/IEC 29500 Strict names the same elements by other namespaces
STRICT = (
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", W[1:-1].encode()),
    (b"http://purl.oclc.org/ooxml/drawingml/", b"http://schemas.openxmlformats.org/drawingml/2006/"),
    (b"http://purl.oclc.org/ooxml/officeDocument/", b"http://schemas.openxmlformats.org/officeDocument/2006/"),
)
REVISIONS = tuple(W + name for name in ("ins", "del", "moveFrom", "moveTo", "cellIns", "cellDel", "cellMerge"))
WIDE, HIGH = 250, 60  # points: a smaller picture is a logo, a seal or a code, no table
MOST_PICTURES = 60
FEW_WORDS = 200  # characters


def read_docx(body: bytes, media_type: str = MEDIA_TYPE) -> Content:
    """A DOCX → paragraphs and grids; a paragraph's place is its number in the document as `line`, from 1.

    Deleted and hidden text is not read, nor are headers, footers and notes. Raises ReportError where the package is
    damaged, encrypted, too large, or holds no text document.
    """
    package = Zipped(body)
    main = _main(package)
    root = _part(package, main)
    text = root.find(W + "body")
    if text is None:
        raise ReportError("the package holds no text document", remedy=DAMAGED)
    relations = _relations(package, main)
    story = Story(root, _styles(package, relations), _lists(package, relations))
    writer = _Writer()
    items = story.blocks(text)
    writer.write(items)
    if next(root.iter(*REVISIONS), None) is not None:
        writer.remarks.append(Remark("S32", "the document holds tracked changes; it is read as if all were accepted"))
    _pictures(writer, package, {r: t for r, (_, t) in relations.items()})
    return Content(tuple(writer.blocks), media_type, {}, _title(package), tuple(writer.remarks))


# --- parts of the package


def _main(package: Zipped) -> str:
    if MAIN in package.names:
        return MAIN
    found = (target for kind, target in _relations(package, "").values() if kind == "officeDocument")
    return next(found, MAIN)


def _part(package: Zipped, name: str) -> etree._Element:
    body = package.read(name)
    root = parse_xml(body, name)
    if not root.tag.startswith("{http://purl.oclc.org/"):
        return root
    plain = etree.tostring(root)
    for strict, transitional in STRICT:
        plain = plain.replace(strict, transitional)
    return parse_xml(plain, name)


def _relations(package: Zipped, of: str) -> dict[str, tuple[str, str]]:
    """Relation id → (last word of its type, member that it points at), those inside the package only."""
    name = join(dirname(of), "_rels", of.rpartition("/")[2] + ".rels")
    if name not in package.names:
        return {}
    return {
        r.get("Id", ""): (
            r.get("Type", "").rpartition("/")[2],
            normpath(join("/", dirname(of), r.get("Target", ""))).lstrip("/"),
        )
        for r in package.xml(name).iterchildren(RELATION)
        if r.get("TargetMode") != "External"
    }


def _named(package: Zipped, relations: Mapping[str, tuple[str, str]], kind: str) -> etree._Element | None:
    name = next((target for k, target in relations.values() if k == kind and target in package.names), None)
    return _part(package, name) if name else None


def _styles(package: Zipped, relations: Mapping[str, tuple[str, str]]) -> dict[str, Style]:
    root = _named(package, relations, "styles")
    return {} if root is None else read_styles(root)


def _lists(package: Zipped, relations: Mapping[str, tuple[str, str]]) -> Lists:
    root = _named(package, relations, "numbering")
    return Lists() if root is None else read_lists(root)


def _title(package: Zipped) -> str | None:
    if "docProps/core.xml" not in package.names:
        return None
    try:
        found = package.xml("docProps/core.xml").find(TITLE)
    except ReportError:
        return None
    return (found.text or "").strip() or None if found is not None else None


# --- blocks


class _Writer:
    """Blocks in document order, with the places that revisions touched."""

    def __init__(self) -> None:
        self.blocks: list[Paragraph | Table] = []
        self.remarks: list[Remark] = []
        self.pictures: list[tuple[int, Picture]] = []  # (block that it stands before, picture)
        self._tables = 0

    def write(self, items: Iterable[Line | Picture | Grid]) -> None:
        for item in items:
            if isinstance(item, Line):
                self._line(item)
            elif isinstance(item, Picture):
                self.pictures.append((len(self.blocks), item))
            elif is_layout(item):
                for row in item.rows:
                    for slot in row.slots:
                        self.write(slot.items)
            else:
                table, inner = hoisted(item)
                self._table(table)
                self.write(inner)

    def _line(self, line: Line) -> None:
        place = {"line": line.number}
        self._revised([line], place)
        # in running text a raised or struck-out figure is set in brackets: `5` and the mark `1` are not 51
        text = re.sub(rf"(?<=\d){APART}(\d+){APART}?", r"[\1]", line.text).replace(APART, "")
        self.blocks.extend(Paragraph(part, place) for part in text.split("\n") if part.strip())

    def _table(self, grid: Grid) -> None:
        self._tables += 1
        rows = []
        for r, row in enumerate(fields(grid), 1):
            cells = []
            for c, slot in enumerate(row, 1):
                place = {"table": self._tables, "row": r, "column": c}
                cells.append(GridCell("", place, origin=False) if slot is None else self._cell(slot, place))
            rows.append(tuple(cells))
        self.blocks.append(Table(tuple(rows), "grid", {"table": self._tables}))

    def _cell(self, slot: Slot, place: Place) -> GridCell:
        items = slot.items
        if not items:
            return GridCell("", place)
        if len(items) == 1 and isinstance(items[0], Line) and not (items[0].deleted or items[0].inserted):
            text = items[0].text
        else:
            found = list(lines(slot))
            self._revised(found, place)
            self.pictures.extend((len(self.blocks), item) for item in items if isinstance(item, Picture))
            text = "\n".join(line.text for line in found)
        if not text.isalnum():
            text = text.replace(APART, "\n")
            text = "\n".join(part.strip(" \t") for part in text.split("\n") if part.strip(" \t"))
        return GridCell(text, place)

    def _revised(self, found: Iterable[Line], place: Place) -> None:
        """A remark where a figure stands otherwise than before an open revision."""
        for line in found:
            if (line.deleted or line.inserted) and re.search(r"\d", line.deleted + line.inserted):
                message = f"“{line.text.strip()}” is what a tracked change made of it"
                detail = f"deleted “{line.deleted}”, inserted “{line.inserted}”"
                self.remarks.append(Remark("S32", f"{message}: {detail}", place))


def _pictures(writer: _Writer, package: Zipped, targets: Mapping[str, str]) -> None:
    """Adds what stands in the text as pictures: their tables, and their words where the text itself has hardly any."""
    shown = [(at, p) for at, p in writer.pictures if not p.width or (p.width >= WIDE and p.height >= HIGH)]
    shown = [(at, p) for at, p in shown if targets.get(p.relation) in package.names][:MOST_PICTURES]
    bare = sum(len(block.text) for block in writer.blocks if isinstance(block, Paragraph)) < FEW_WORDS
    found: list[tuple[int, list[Paragraph | Table]]] = []
    for index, (at, picture) in enumerate(shown, 1):
        from extract.formats.image import image_blocks  # not before there is a picture: it is slow to import

        try:
            blocks = image_blocks(package.read(targets[picture.relation]), index)
        except (ReportError, ImportError) as error:
            reason = error.message if isinstance(error, ReportError) else "needs OCR"
            writer.remarks.append(Remark("S35", f"picture {index} is not read: {reason}", {"line": picture.number}))
            continue
        if bare or any(isinstance(block, Table) for block in blocks):
            found.append((at, blocks))
    for at, blocks in reversed(found):
        writer.blocks[at:at] = blocks
    if any(blocks for _, blocks in found):
        writer.remarks.append(Remark("S31", "tables or text of this document stand in pictures and were recognised"))
