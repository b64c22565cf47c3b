"""One table as CSV, XLSX and Parquet, row by row: memory does not grow with the table."""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet
import xlsxwriter

from db import schema
from db.units import safe

BATCH = 20_000
SHEET_ROWS, CELL_CHARACTERS = 1_048_576, 32_767  # what a worksheet can hold
ARROW = {"TEXT": pyarrow.string(), "INTEGER": pyarrow.int64(), "REAL": pyarrow.float64()}
DEFUSED = "texts that a spreadsheet would run as a formula are led by an apostrophe; as printed in Parquet and XLSX"
Columns = Sequence[tuple[str, str]]


def write(
    source: sqlite3.Connection, name: str, sql: str, columns: Columns, rows: int, folder: Path, notes: dict[str, str]
) -> Iterator[str]:
    """Writes the files of one table and yields their names; where they differ from the table is told in `notes`."""
    notes["csv"] = DEFUSED
    for kind in ("csv", "parquet", "xlsx"):
        path = f"{kind}/{name}.{kind}"
        (folder / kind).mkdir(exist_ok=True)
        if kind == "xlsx" and rows >= SHEET_ROWS:
            notes[path] = f"{rows:,} rows: more than a worksheet can hold ({SHEET_ROWS:,}); use CSV or Parquet"
            continue
        cut = _WRITERS[kind](source.execute(sql), name, columns, folder / path)
        if cut:
            notes[path] = f"{cut:,} texts are cut at {CELL_CHARACTERS:,} characters; whole in CSV and Parquet"
        yield path


def _csv(found: sqlite3.Cursor, _: str, columns: Columns, path: Path) -> None:
    """UTF-8 with a byte order mark, so that spreadsheets open it right; RFC 4180. No text in it is a formula."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([name for name, _ in columns])
        writer.writerows(map(safe, row) for row in found)


def _parquet(found: sqlite3.Cursor, name: str, columns: Columns, path: Path) -> None:
    sentence, told = schema.descriptions()[name]
    fields = [pyarrow.field(c, ARROW[kind], metadata={"description": told[c]}) for c, kind in columns]
    shape = pyarrow.schema(fields, metadata={"description": sentence})
    with pyarrow.parquet.ParquetWriter(path, shape, compression="zstd") as writer:
        while rows := found.fetchmany(BATCH):
            typed = zip(zip(*rows, strict=True), shape, strict=True)
            values = [pyarrow.array(column, type=field.type) for column, field in typed]
            writer.write_table(pyarrow.Table.from_arrays(values, schema=shape))


def _xlsx(found: sqlite3.Cursor, name: str, columns: Columns, path: Path) -> int:
    """Text stays text (no formula, no link), numbers are numbers. Returns how many texts had to be cut."""
    options = {"constant_memory": True, "tmpdir": str(path.parent)}
    cut = 0
    with xlsxwriter.Workbook(path, options) as book:
        book.use_zip64()
        book.set_properties({"created": datetime(1980, 1, 1), "title": name})
        bold, sheet = book.add_format({"bold": True}), book.add_worksheet(name)
        sheet.freeze_panes(1, 1)
        _line(sheet, 0, [column for column, _ in columns], bold)
        for number, row in enumerate(found, 1):
            cut += _line(sheet, number, row)
        _columns(book.add_worksheet("columns"), name, bold)
    return cut


def _line(sheet: Any, number: int, values: Sequence[Any], *style: Any) -> int:
    cut = 0
    for place, value in enumerate(values):
        if isinstance(value, str):
            cut += len(value) > CELL_CHARACTERS
            sheet.write_string(number, place, value[:CELL_CHARACTERS], *style)
        elif value is not None:
            sheet.write_number(number, place, value, *style)
    return cut


def _columns(sheet: Any, name: str, bold: Any) -> None:
    """A second sheet says what the columns hold."""
    sentence, told = schema.descriptions()[name]
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 100)
    for number, line in enumerate([(name, sentence), *told.items()]):
        _line(sheet, number, line, *([bold] if not number else []))


_WRITERS = {"csv": _csv, "parquet": _parquet, "xlsx": _xlsx}
