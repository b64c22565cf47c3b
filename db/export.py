"""One report as data: JSON with everything that was read, CSV with a line a figure. Contacts stay on the page."""

from __future__ import annotations

import csv
import io
import json

from db import cells
from db.cells import Row
from db.layout import Where
from db.units import safe

ABOUT = ("id", "name", "unit", "year", "scope", "form", "title", "published_on", "division", "level", "kind")
FIGURE = (
    *("table", "row", "column", "label", "label_en", "value", "unit", "class", "printed"),
    "read_before_correction",
    *("derived", "derived_relation", "derived_assumed_zero", "rules"),
)
FINDING = (
    *("rule", "severity", "origin", "table_name", "row_name", "column_name", "message", "quote"),
    *("left_value", "right_value", "delta", "fingerprint", "review", "review_why"),
)


def figures(page: Row) -> list[Row]:
    """Every figure of the official tables in their order; `value` is None where no number was read, never 0 for it.

    Then what stands at no figure: printed rows that could not be placed, findings about a whole row or column."""
    notes, values = page["notes"], page["values"]
    lines = [_figure(notes, where, value, unit) for where, (value, unit) in values.items()]
    rest = [note.where for note in notes if note.where not in values]
    return lines + [_figure(notes, where, None, None) | {"unit": None} for where in rest]


def _figure(notes: list[cells.Note], where: Where, value: float | None, unit: str | None) -> Row:
    speaking = cells.about(notes, where)
    note = next((note for note in speaking if note.where == where), None)
    cell, derived = (note.cell, note.derived or {}) if note else (None, {})
    label, misread = cells.named(where), note is not None and note.had_read
    return {
        "table": where[0],
        "row": where[1],
        "column": where[2],
        "label": label.zh,
        "label_en": label.en,
        "value": int(value) if value is not None and float(value).is_integer() else value,
        "unit": unit or ("件" if where[0] in ("applications", "disputes") else None),
        "class": cell["class"] if cell else None if value is None else "number",
        "printed": cell["raw"] if cell and not misread else None,
        "read_before_correction": cell["raw"] if cell and misread else None,
        "derived": derived.get("value"),
        "derived_relation": derived.get("relation"),
        "derived_assumed_zero": derived.get("assumed_zero"),
        "rules": sorted({f["rule"] for note in speaking for f in note.findings}),
    }


def as_json(page: Row) -> str:
    """The report, its sources, figures, findings, corrections, notes and text."""
    report = page["report"]
    record = {key: report[key] for key in ABOUT} | {
        "page": f"/report/{report['id']}",
        "part": report["part"],
        "sources": [
            {key: document[key] for key in ("digest", "media_type", "url", "first_fetched", "last_fetched")}
            for document in page["documents"]
        ],
        "versions": report["versions"],
        "reading": report["reading"],
        "figures": figures(page),
        "findings": [{key: found[key] for key in FINDING} for found in page["findings"]],
        "corrections": _without_label(page["corrections"]),
        "changes": _without_label(page["changes"]),
        "notes": page["said"],
        "statements": [{k: v for k, v in line.items() if k != "report"} for line in page["statements"]],
        "sections": [{key: line[key] for key in ("number", "heading", "text")} for line in page["sections"]],
    }
    return json.dumps(record, ensure_ascii=False, indent=1)


def _without_label(lines: list[Row]) -> list[Row]:
    return [{key: value for key, value in line.items() if key not in ("label", "report")} for line in lines]


def as_csv(page: Row) -> str:
    """A line a figure, with what it must be read with: report, year, scope, form, document. For spreadsheets."""
    report = page["report"]
    fixed = {key: report[key] for key in ("id", "name", "year", "scope", "form", "document")}
    out = io.StringIO()
    lines = csv.DictWriter(out, ["report", *list(fixed)[1:5], *FIGURE, "document"])
    lines.writeheader()
    for line in figures(page):
        row = {"report": fixed["id"]} | {key: fixed[key] for key in ("name", "year", "scope", "form", "document")}
        row |= line | {"rules": " ".join(line["rules"])}
        lines.writerow({key: safe(value) for key, value in row.items()})
    return "\ufeff" + out.getvalue()
