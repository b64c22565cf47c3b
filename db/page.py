"""What the page of one report shows: the official tables with their figures, marks and notes."""

from __future__ import annotations

from functools import partial
from typing import Any

from db import cells, indicators, money, said
from db.beside import beside
from db.cells import SYMBOLS, Query, Row, figure, named
from db.changes import SEVERITIES
from db.language import Say, catalogue
from db.layout import Label, grids
from extract import forms

# The figures that a reader comes for, by their places
HEADLINES = {
    "requests_new": ("applications", "new", "total"),
    "granted": ("applications", "granted", "total"),
    "partly_granted": ("applications", "partly_granted", "total"),
    "closed": ("applications", "closed", "total"),
    "carried_out": ("applications", "carried_out", "total"),
    "reconsiderations_corrected": ("disputes", "reconsideration", "corrected"),
}


async def load(query: Query, report: str, t: Say) -> Row | None:
    """Everything that the page of `report` shows; None where there is no such report."""
    found = await query("SELECT * FROM reports WHERE id = ?", report)
    if not found:
        return None
    row, all_of = found[0], partial(cells.all_of, query, report)

    async def placed(table: str, order: str) -> list[Row]:
        rows = await all_of(table, order)
        return [line | {"label": label(t, line)} for line in rows]

    drawn = await tables(query, t, row)
    versions = await all_of("report_versions", "position DESC")
    corrections = await placed("corrections", "id")
    for line in corrections:
        line |= money.of_correction(line, drawn["values"], drawn["findings"], versions)
    return (
        drawn
        | await around(query, row)
        | {
            "report": row,
            "headlines": [(name, *_headline(drawn, where)) for name, where in HEADLINES.items()],
            "beside": await beside(query, row, drawn["values"], [grid for grid, _ in drawn["grids"]]),
            "versions": versions,
            "changes": await placed("changes", "at DESC, id"),
            "corrections": corrections,
            "said": await all_of("notes", "noted_on, id"),
            "sections": await all_of("sections", "id"),
            "statements": [line | {"key": _known("stated", line["kind"])} for line in await all_of("statements", "id")],
            "contacts": [
                line | {"key": _known("contact", line["field"])} for line in await all_of("contacts") if line["value"]
            ],
            "symbols": SYMBOLS,
            "figure": figure,
            "named": named,
            "amount": partial(money.written, t),
            "amount_read": partial(money.read, t),
            "relation": partial(said.relation, t),
        }
    )


async def tables(query: Query, t: Say, row: Row) -> Row:
    """The official tables of a report: their layout, values, notes on cells and findings."""
    all_of = partial(cells.all_of, query, row["id"])
    findings = await query(
        "SELECT f.*, rules.zh, rules.en FROM findings f JOIN rules ON rules.id = f.rule"
        " WHERE f.report = ? ORDER BY f.id",
        row["id"],
    )
    findings.sort(key=lambda f: (SEVERITIES.index(f["severity"]), f["id"]))
    applications = await all_of("applications", "position")
    printed = {line["outcome"] for line in applications}
    form = forms.as_printed(row["form"], printed) if row["form"] in forms.load() else None
    drawn = grids(form) if form else ()
    if form:  # rows that the report prints as one have nothing to show
        applications = [line for line in applications if line["outcome"] not in form.open_rows]
    statistics = await all_of("statistics")
    if statistics:  # 2014, or printed beside the tables of a later form
        drawn += (indicators.grid(),)
    values = cells.values(await all_of("disclosures"), applications, await all_of("disputes"), statistics)
    notes = cells.notes(t, drawn, await all_of("cells", "id"), await all_of("derived"), findings)
    for note in notes.values():
        note.unit = values.get(note.where, (None, None))[1]
    for found in findings:
        where = (found["table_name"], found["row_name"], found["column_name"])
        found |= {"where": where, "label": named(where) if where[0] else None}
    money = {c.name: c.printed_unit for c in form.tables["disclosures"].columns if c.money} if form else {}
    return {
        "grids": [
            (grid, [[cells.shown(t, box, values, notes, money) for box in line] for line in grid.rows])
            for grid in drawn
        ],
        "values": values,
        "beyond": cells.beyond(drawn, values),
        "notes": list(notes.values()),
        "findings": findings,
    }


async def around(query: Query, row: Row) -> Row:
    """The unit with what stands above it, its other reports, the documents that carry this one."""
    return {
        "unit": next(iter(await query("SELECT * FROM units WHERE id = ?", row["unit"])), None),
        "parents": await query(
            "SELECT u.* FROM unit_relations r JOIN units u ON u.id = r.parent WHERE r.unit = ? ORDER BY distance DESC",
            row["unit"],
        ),
        "years": await query(
            "SELECT id, year, form, scope FROM reports WHERE unit = ? AND year IS NOT NULL"
            " ORDER BY year, length(id), id",
            row["unit"],
        ),
        "documents": await query(
            "SELECT d.*, r.part FROM report_documents r JOIN documents d ON d.digest = r.document"
            " WHERE r.report = ? ORDER BY d.digest != ?, digest",
            row["id"],
            row["document"],
        ),
    }


def _headline(drawn: Row, where: Any) -> tuple[Any, float | None, Any]:
    """(place, value, the gravest note on it) of a figure that stands at the head of the page."""
    value, _ = drawn["values"].get(where, (None, None))
    speaking = cells.about(drawn["notes"], where)
    return where, value, min(speaking, key=lambda note: SEVERITIES.index(note.worst), default=None)


def label(t: Say, line: Row) -> Label:
    """What a change or correction is about: a cell, or a field of the report that is no table."""
    table, row, column = line["table_name"], line["row_name"], line["column_name"]
    if table in cells.TABLES:
        return named((table, row, column))
    if table == "sections":
        return Label(t("report.section", number=row))
    return Label(t("field." + row) if table == "reports" else t("contact." + _known("contact", row)))


def _known(section: str, name: str) -> str:
    """A field of the contact or a kind of statement as the catalogue knows it."""
    return name if f"{section}.{name}" in catalogue() else "other"
