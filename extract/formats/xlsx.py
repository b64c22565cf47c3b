"""Workbooks (XLSX, XLSB, XLS, ODS) through calamine: every sheet a grid, rows of prose between its tables paragraphs.

What calamine does not tell is not known here: number formats (12 % reads 0.12), hidden rows and columns, and for ODS
merged cells. Hidden sheets are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from io import BytesIO

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from crawler.titles import parse_title
from extract.content import Content, GridCell, Paragraph, Table
from extract.figures import is_value
from extract.formats.sniff import sniff
from extract.formats.text import HEADING
from extract.formats.zipped import Zipped
from extract.labels import key
from extract.records import ReportError

MOST_CELLS, MOST_SHEETS, MOST_MERGED = 400_000, 50, 20_000
LONG = 60  # characters; the longest official label has 39: a longer text alone in its row is prose
REFERENCE = re.compile(rb"""\br=["']([A-Z]{1,3})(\d{1,7})["']""")
REPEATED = re.compile(  # in ODS; empty ones are, to the sheet's end
    rb'<table:table-cell\b[^>]*number-columns-repeated="\d{4,}"[^>/]*>|'
    rb'<table:table-row\b[^>]*number-rows-repeated="\d{4,}"[^>/]*>\s*<table:table-cell\b[^>]*office:value'
)
Grid = Sequence[tuple[GridCell, ...]]


def read_workbook(body: bytes) -> Content:
    """Sheets in their order; a place is table, row and column, the last two those of the sheet, from 1."""
    media_type = sniff(body)
    if body.startswith(b"PK"):
        _guard(body)
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(body))
        shown = [
            sheet.name
            for sheet in book.sheets_metadata
            if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
        ]
        if len(shown) > MOST_SHEETS:
            raise ReportError(f"{len(shown)} sheets are too many for a report", remedy="check that it is the report")
        blocks: list[Paragraph | Table] = []
        for name in shown:
            blocks.extend(_sheet(book, name, sum(isinstance(block, Table) for block in blocks)))
    except PasswordError as error:
        raise ReportError("the workbook is locked by a password", remedy="unlock it and import it again") from error
    except (CalamineError, OSError, ValueError, OverflowError) as error:
        raise ReportError(f"the workbook is damaged: {error}", remedy="fetch it again") from error
    except BaseException as error:  # calamine panics on some damaged files, and a panic is no Exception
        if type(error).__name__ != "PanicException":
            raise
        raise ReportError("the workbook is damaged", remedy="fetch it again") from error
    return Content(tuple(blocks), media_type)


def _guard(body: bytes) -> None:
    """A cell far out makes a dense grid of everything before it, so references are looked at before calamine is."""
    parts = Zipped(body)
    for name in sorted(parts.names):
        raw = parts.read(name) if name.endswith((".xml", ".rels")) else b""
        if b"<!ENTITY" in raw:
            raise ReportError("the workbook declares XML entities", remedy="check it by hand")
        if name.startswith("xl/worksheets/") and raw:
            at = [(int(row), _column(letters)) for letters, row in REFERENCE.findall(raw)]
            rows, columns = [r for r, _ in at] or [0], [c for _, c in at] or [0]
            _check((max(rows) - min(rows) + 1) * (max(columns) - min(columns) + 1))
        if name == "content.xml" and REPEATED.search(raw):
            raise ReportError("a filled cell is repeated a thousand times and more", remedy="check it by hand")


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _check(cells: int) -> None:
    if cells > MOST_CELLS:
        raise ReportError(f"{cells:,} cells are too many for a report", remedy="check that it is the report itself")


def _sheet(book: CalamineWorkbook, name: str, tables: int) -> Iterator[Paragraph | Table]:
    """Paragraphs and tables of one sheet; `tables` is how many came before."""
    sheet = book.get_sheet_by_name(name)
    if sheet.start is None:
        return
    _check(sheet.height * sheet.width)
    top, left = sheet.start
    rows = [[_printed(value) for value in row] for row in sheet.to_python(skip_empty_area=True)]
    covered = _covered(sheet.merged_cell_ranges or (), (top, left), (len(rows), len(rows[0]) if rows else 0))
    pending: list[tuple[GridCell, ...]] = []
    for r, row in enumerate(rows):
        place = {"table": tables + 1, "row": top + r + 1}
        cells = tuple(
            GridCell("" if (r, c) in covered else text, place | {"column": left + c + 1}, (r, c) not in covered)
            for c, text in enumerate(row)
        )
        prose = _prose(cells, r, covered)
        if prose is None and any(cell.text or not cell.origin for cell in cells):
            pending.append(cells)
            continue
        if pending:
            yield from _table(pending)
            tables += any(len([c for c in row if c.text]) > 1 for row in pending)
            pending = []
        yield from (Paragraph(line, place) for line in (prose or "").split("\n") if line.strip())
    yield from _table(pending)


def _table(rows: Grid) -> Iterator[Paragraph | Table]:
    """A table; rows none of which has two filled cells are lines of text."""
    if any(len([cell for cell in row if cell.text]) > 1 for row in rows):
        place = {name: number for name, number in rows[0][0].place.items() if name != "column"}
        yield Table(tuple(_trimmed(rows)), "grid", place)
        return
    for cell in (cell for row in rows for cell in row if cell.text):
        yield from (Paragraph(line, cell.place) for line in cell.text.split("\n") if line.strip())


def _trimmed(rows: Grid) -> Iterator[tuple[GridCell, ...]]:
    """Rows without the empty fields that a longer row elsewhere in the sheet adds behind the table's head."""
    heads = [row for row in rows if len([c for c in row if c.text]) > 1 and not any(is_value(c.text) for c in row)]
    ends = [max(i for i, cell in enumerate(row) if cell.text or not cell.origin) + 1 for row in heads]
    for row in rows:
        last = max((i for i, cell in enumerate(row) if cell.text or not cell.origin), default=-1) + 1
        yield row[: max(last, *ends)] if ends else row


def _prose(cells: tuple[GridCell, ...], row: int, covered: Mapping[tuple[int, int], tuple[int, int]]) -> str | None:
    """The text of a row that belongs to no table: a title, a section's heading, a passage. None for any other row."""
    filled = [c for c, cell in enumerate(cells) if cell.text]
    if len(filled) != 1:
        return None
    text, at = cells[filled[0]].text, (row, filled[0])
    if any(not cell.origin and covered[row, c] != at for c, cell in enumerate(cells)):
        return None  # a cell of a row above reaches in here
    heading = HEADING.search(key(text)) or parse_title(text)
    return text if len(text) > LONG or heading else None


def _covered(
    merged: Sequence[tuple[tuple[int, int], tuple[int, int]]], start: tuple[int, int], size: tuple[int, int]
) -> dict[tuple[int, int], tuple[int, int]]:
    """(row, column) of every field that a merged cell covers, its own first field left out → that first field."""
    if len(merged) > MOST_MERGED:
        raise ReportError(f"{len(merged):,} merged cells are too many for a report", remedy="check it by hand")
    found: dict[tuple[int, int], tuple[int, int]] = {}
    budget = 2 * MOST_CELLS
    for (r0, c0), (r1, c1) in merged:
        first = (max(r0 - start[0], 0), max(c0 - start[1], 0))
        last = (min(r1 - start[0], size[0] - 1), min(c1 - start[1], size[1] - 1))
        budget -= max(last[0] - first[0] + 1, 0) * max(last[1] - first[1] + 1, 0)
        _check(MOST_CELLS + 1 if budget < 0 else 0)
        found |= {
            (r, c): first for r in range(first[0], last[0] + 1) for c in range(first[1], last[1] + 1) if (r, c) != first
        }
    return found


def _printed(value: object) -> str:
    """A stored value as a general cell shows it: 5.0 → `5`, 0.1 + 0.2 → `0.3` (15 digits, like Excel)."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return format(value, ".15g") if abs(value) >= 1e15 or value != int(value) else str(int(value))
    if isinstance(value, datetime):
        return value.isoformat(" ", "minutes") if value.time() != time() else value.date().isoformat()
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return str(value).replace("\r\n", "\n").strip(" ")
