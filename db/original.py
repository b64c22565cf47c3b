"""What the page of an original shows: one document of a report, and in it the field that a figure was read from."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass
from typing import Any

from db import cells, page
from db.cells import Row
from db.language import Say
from db.layout import Where
from db.page import Query
from db.paper import Sheet
from db.reread import Found, Original

DRAWN = ("application/pdf", "image/png", "image/jpeg", "image/tiff", "image/bmp", "image/webp", "image/gif")
_VERSIONS = """SELECT d.*, v.replaced_at, v.part FROM report_versions AS v JOIN documents AS d ON d.digest = v.document
WHERE v.report = ? ORDER BY v.position DESC"""
_URL = "SELECT url FROM documents WHERE digest = ?"
_RECOGNISED = "SELECT 1 FROM findings WHERE report = ? AND rule = 'S31' LIMIT 1"


@dataclass(frozen=True, slots=True)
class Box:
    """A box over a page, in the unit of the page's own size."""

    x: float
    y: float
    width: float
    height: float


def address(report: str, where: Where) -> str:
    """Where the original of a cell is shown, from the site's root."""
    return f"/report/{report}/original?cell={cells.address(where)}#here"


def asked(cell: str) -> Where | None:
    """`applications.refused.internal.total` as (table, row, column); None for what names no cell."""
    table, _, rest = cell.partition(".")
    row, _, column = rest.rpartition(".")
    if table not in cells.TABLES or not row or not column or len(cell) > 120:
        return None
    return table, None if row == cells.WHOLE else row, None if column == cells.WHOLE else column


async def load(query: Query, report: str, where: Where | None, t: Say) -> Row | None:
    """The report, what the database says of the cell, and its documents; None without such a report or such a cell."""
    found = await query("SELECT * FROM reports WHERE id = ?", report)
    if not found:
        return None
    around = await page.around(query, found[0])
    shown = around | {
        "report": found[0],
        "where": where,
        "label": where and cells.named(where),
        "replaced": await query(_VERSIONS, report),
        "recognised": bool(await query(_RECOGNISED, report)),
        "url": (await query(_URL, found[0]["document"]))[0]["url"],
    }
    if where is None:
        return shown | {"note": None, "shown": None}
    drawn = await page.tables(query, t, found[0])
    boxes = [line for _, rows in drawn["grids"] for row in rows for line in row if line["box"].where == where]
    note = next((note for note in drawn["notes"] if note.where == where), None)
    if not boxes and note is None and where not in drawn["values"]:
        return None
    return shown | {
        "note": note,
        "shown": next((box for box in boxes if not box["box"].label), None),
        "values": drawn["values"],
        "cells": {note.where: note.cell for note in drawn["notes"] if note.cell},
    }


def scanned(page: Row, chosen: Row, own: bool) -> bool:
    """Whether reading it may mean recognising it, which takes a while."""
    media = str(chosen["media_type"])
    return media.startswith("image/") or (page["recognised"] if own else media in DRAWN)


def listed(page: Row, attached: list[Row]) -> list[tuple[Row, str]]:
    """The documents that can be looked at, each with what it is to the report."""
    kinds = ((page["documents"], "own"), (attached, "attachment"), (page["replaced"], "replaced"))
    found = {row["digest"]: (row, kind) for rows, kind in reversed(kinds) for row in rows}
    return list(reversed(found.values()))


def command(page: Row) -> str | None:
    """The line that corrects the cell; None where no single cell of the form is meant."""
    if page["shown"] is None or None in page["where"]:
        return None
    why = page["report"]["title"] or page["report"]["id"]
    words = ["gongkai", "correct", page["report"]["id"], *page["where"], "VALUE", "--why", f"{why}: …"]
    return shlex.join(words)


def document(page: Row, digest: str | None, attached: list[Row]) -> Row | None:
    """The document to show: the one asked for, the one that the cell's place names, else the report's own."""
    held = {row["digest"]: row for row, _ in listed(page, attached)}
    if digest:
        return held.get(digest)
    return held.get(str(_place(page).get("document")), held.get(page["report"]["document"]))


def named(page: Row) -> str | None:
    """The attachment that the place of the cell names."""
    return _place(page).get("document") if page["where"] else None


def places(page: Row, read: Original | None, own: bool, replaced: bool = False) -> list[Found]:
    """Where the cell stands, or every cell of a whole row or column; none where that is not sure.

    A reading that shows another figure than the database does is not believed: it may be of another report. Only a
    `replaced` version is there to show what it said before. `own`: the report's own document."""
    where = page["where"]
    if where is None:
        return []
    if read is None:
        return [_held(page)] if own and _place(page) else []
    believed = {at: found for at, found in read.cells.items() if replaced or _agrees(page, at, found)}
    if None not in where and where in read.cells:
        return [believed[where]] if where in believed else []
    alike = [
        found
        for (table, row, column), found in believed.items()
        if table == where[0] and where[1] in (None, row) and where[2] in (None, column)
    ]
    return alike or ([_held(page)] if own and _place(page) else [])


def _agrees(page: Row, where: Where, found: Found) -> bool:
    if cell := page["cells"].get(where):
        return found.printed == _printed(cell)
    return found.value == page["values"].get(where, (None, None))[0]


def _printed(cell: Row) -> str:
    """What an exceptional cell prints; a row that could not be assigned is held as a list, and shown as one line."""
    raw = str(cell["raw"] or "")
    return " | ".join(map(str, json.loads(raw))) if cell["class"] == "unassigned" and raw.startswith("[") else raw


def _place(page: Row) -> dict[str, Any]:
    cell = page["note"].cell if page["note"] else None
    return json.loads(cell["place"]) if cell and cell["place"] else {}


def _held(page: Row) -> Found:
    """The place that the database holds: that of an exceptional cell."""
    cell = page["note"].cell
    return Found((), cell["raw"] or "", cell["value"], _place(page), cell["confidence"] is not None)


def boxes(found: list[Found], number: int) -> list[Box]:
    """What to draw over page `number`."""
    at = [f.place["bbox"] for f in found if f.place.get("page") == number and "bbox" in f.place and _here(f)]
    return [Box(x0, top, round(x1 - x0, 1), round(bottom - top, 1)) for x0, top, x1, bottom in at]


def first_page(found: list[Found]) -> int | None:
    """The page on which the cell stands; None where its place is no page of the document itself."""
    return next((f.place["page"] for f in found if "page" in f.place and "image" not in f.place and _here(f)), None)


def _here(found: Found) -> bool:
    """Whether its place is in the document that is shown: one that the database holds may name an attachment."""
    return "document" not in found.place


def view(sheet: Sheet, drawn: list[Box]) -> Row:
    """A page to look at, with the boxes a little larger than the figures."""
    pad = max(sheet.width, sheet.height) / 300
    around = [Box(b.x - pad, b.y - pad, b.width + 2 * pad, b.height + 2 * pad) for b in drawn]
    return {"width": sheet.width, "height": sheet.height, "pages": sheet.pages, "boxes": around, "stroke": pad / 2}
