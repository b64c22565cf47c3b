"""XLSX by openpyxl: the report on one sheet, or its tables on sheets of their own."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime
from random import Random
from typing import Any

from crawler.replica.render.layout import placed
from crawler.replica.reports import Synthetic
from crawler.replica.tables import Grid

_THEN = datetime(2024, 1, 5, 9, 30)
_FIXED = (2024, 1, 5, 9, 30, 0)
_PLAIN_NUMBER = re.compile(r"0|[1-9][0-9]*(?:\.[0-9]*[1-9])?")


def make(report: Synthetic, rng: Random) -> bytes:
    """The report as a workbook; numbers as numbers or as text, tables with an offset, sheets that hold nothing."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.title = "年报"
    apart, left = rng.random() < 0.35, rng.choice((0, 0, 1))
    typed = rng.random() < 0.6
    sheet.cell(1, 1 + left, report.title)
    sheet.merge_cells(start_row=1, end_row=1, start_column=1 + left, end_column=10 + left)
    row, tables = 2, 0
    for block in report.blocks:
        if isinstance(block, str):
            sheet.cell(row, 1 + left, block)
            if rng.random() < 0.5:
                sheet.merge_cells(start_row=row, end_row=row, start_column=1 + left, end_column=10 + left)
            row += 1
        elif apart:
            tables += 1
            _draw(book.create_sheet(f"表{tables}"), block, 1, left, typed)
        else:
            _draw(sheet, block, row, left, typed)
            row += len(block.rows) + rng.choice((0, 1))
    if rng.random() < 0.3:
        book.create_sheet("Sheet2")
    book.properties.created = book.properties.modified = _THEN
    out = io.BytesIO()
    book.save(out)
    return _settled(out.getvalue())


def _draw(sheet: Any, grid: Grid, top: int, left: int, typed: bool) -> None:
    from openpyxl.styles import Alignment, Border, Side

    thin = Side(style="thin")
    for cell in placed(grid):
        at = sheet.cell(top + cell.row, 1 + left + cell.column)
        text = cell.text
        # A number typed into a cell loses what is not a number: only plain ones can be typed.
        at.value = (float(text) if "." in text else int(text)) if typed and _PLAIN_NUMBER.fullmatch(text) else text
        at.border = Border(thin, thin, thin, thin)
        at.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        if cell.rowspan * cell.colspan > 1:
            sheet.merge_cells(
                start_row=top + cell.row,
                end_row=top + cell.bottom - 1,
                start_column=1 + left + cell.column,
                end_column=left + cell.right,
            )


def _settled(body: bytes) -> bytes:
    """The same file with fixed times, so that it does not depend on when it was made."""
    out = io.BytesIO()
    stamp = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = stamp.sub(rb"\g<1>2024-01-05T09:30:00Z", old.read(name))
            new.writestr(zipfile.ZipInfo(name, _FIXED), part, zipfile.ZIP_DEFLATED)
    return out.getvalue()
