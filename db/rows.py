"""One line of data/reports as rows of the tables. A text cell is NULL here (its words: cells)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from db import decisions, indicators
from extract import forms

APPLICANTS = ("natural_person", "business", "research", "nonprofit", "legal_service", "other_organisation", "total")
RESULTS = ("upheld", "corrected", "other", "pending", "total")
COLUMNS = {"applications": APPLICANTS, "disputes": RESULTS}
Rows = Iterator[tuple[str, dict[str, Any]]]


def number(value: Any) -> int | float | None:
    """The value where it is a number, else None."""
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def whole(value: Any) -> int | None:
    """A count: None for a fraction (A08 tells, `cells` has it) and for what SQLite cannot hold."""
    found = number(value)
    return int(found) if found is not None and found == int(found) and abs(found) < 2**53 else None


def digest(record: Mapping[str, Any]) -> str:
    """Digest of everything read from a document; the id is left out because the build assigns it."""
    return hashlib.sha256(text({k: v for k, v in record.items() if k != "id"}).encode()).hexdigest()[:16]


def text(value: Any) -> str:
    """JSON with its keys in order, Chinese as it is."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def headlines(record: Mapping[str, Any]) -> dict[str, int | None]:
    """The headline columns of `reports` that stand in the tables; None where the cell was not read as a number."""

    def at(table: str, row: str, column: str) -> int | None:
        values = record[table].get(row) or []
        index = COLUMNS[table].index(column)
        return whole(values[index]) if index < len(values) else None

    outcomes = {"requests_new": "new"} | {
        n: n for n in ("carried_in", "closed", "granted", "partly_granted", "carried_out")
    }
    figures = {name: at("applications", outcome, "total") for name, outcome in outcomes.items()}
    direct, after = (at("disputes", f"litigation_{way}", "total") for way in ("direct", "after_reconsideration"))
    return figures | {
        "reconsiderations": at("disputes", "reconsideration", "total"),
        "reconsiderations_corrected": at("disputes", "reconsideration", "corrected"),
        "lawsuits": None if direct is None or after is None else direct + after,
    }


def rows(record: Mapping[str, Any]) -> Rows:
    """(table, row) of everything that hangs on a report; the caller adds the report's id."""
    yield from _disclosures(record)
    yield from _tables(record)
    for indicator, value in record["statistics"].items():
        yield (
            "statistics",
            {"indicator": indicator, "value": number(value), "unit": indicators.unit(record, indicator)},
        )
    for cell in record["cells"]:
        yield "cells", _cell(cell, record)
    for piece in record["unit"].get("evidence") or ():
        yield "unit_evidence", piece | {"agrees": int(piece["agrees"])}
    for d in record["derived"]:
        yield "derived", _at(d) | {"value": d["value"], "relation": d["from"], "assumed_zero": int(d["assumed_zero"])}
    for s in record["sections"]:
        yield "sections", {"number": s["number"], "heading": s["heading"], "text": s["text"]}
    for s in record["statements"]:
        keys = ("kind", "unit", "subject", "quote")
        yield "statements", {k: s.get(k) for k in keys} | {"value": number(s["value"]), "place": _place(s["place"])}
    for field, value in record["contact"].items():
        yield "contacts", {"field": field, "value": value}
    for finding in record["findings"]:
        yield "findings", _finding(finding)


def _disclosures(record: Mapping[str, Any]) -> Rows:
    for item, measures in record["disclosures"].items():
        for measure, value in measures.items():
            line = {"item": item, "measure": measure, "value": number(value), "unit": unit(record, item, measure)}
            yield "disclosures", line


def unit(record: Mapping[str, Any], item: str, measure: str) -> str | None:
    """The unit of a figure of table 二 in the database; None for money of which nothing says which unit it has."""
    column = _measures(record["form"]).get((item, measure))
    return column.unit if column and not (column.money and _unitless(record, item, measure, column)) else None


@cache
def _measures(edition: str) -> dict[tuple[str, str], forms.Column]:
    form = forms.load().get(edition)
    return {(row.name, c.name): c for row in form.tables["disclosures"].rows for c in row.columns} if form else {}


def _unitless(record: Mapping[str, Any], item: str, measure: str, column: forms.Column) -> bool:
    """Money of which nothing says whether it is 元 or 万元: then it has no unit at all (U01)."""
    where = {"table": "disclosures", "row": item, "column": measure}
    if any(decisions.corrected(c) for c in record["cells"] if all(c[k] == v for k, v in where.items())):
        return False  # who corrects an amount writes yuan
    if any(f["rule"] == "U01" and all(f[k] == v for k, v in where.items()) for f in record["findings"]):
        return True
    return not column.printed_unit and not _printed(record, **where)


def _printed(record: Mapping[str, Any], table: str, row: str, column: str | None = None) -> str | None:
    cells = (c for c in record["cells"] if (c["table"], c["row"]) == (table, row) and column in (None, c["column"]))
    return next((c["unit"] for c in cells if c["unit"]), None)


def _tables(record: Mapping[str, Any]) -> Rows:
    for table, key in (("applications", "outcome"), ("disputes", "channel")):
        columns = COLUMNS[table]
        for position, (name, values) in enumerate(record[table].items(), 1):
            if len(values) > len(columns):
                raise ValueError(f"{record['document']['digest']}: {table}.{name} has {len(values)} values")
            padded = [*map(whole, values), *[None] * (len(columns) - len(values))]
            order = {"position": position} if table == "applications" else {}
            yield table, {key: name} | order | dict(zip(columns, padded, strict=True))


def _cell(cell: Mapping[str, Any], record: Mapping[str, Any]) -> dict[str, Any]:
    rules = {f["rule"] for f in record["findings"] if all(f[k] == cell[k] for k in ("table", "row", "column"))}
    raw = cell["raw"] if isinstance(cell["raw"], str | None) else text(cell["raw"])
    row = {k: cell[k] for k in ("class", "unit", "note", "confidence")}
    short = ["short_row"] if cell["note"] == "short_row" else []
    reason = cell.get("reason") or " ".join(short + sorted(rules)) or None
    return (
        _at(cell) | row | {"raw": raw, "value": number(cell["value"]), "place": _place(cell["place"]), "reason": reason}
    )


def _finding(finding: Mapping[str, Any]) -> dict[str, Any]:
    row = {k: finding[k] for k in ("rule", "severity", "origin", "message", "quote", "fingerprint")}
    sides = {"left_value": finding["left"], "right_value": finding["right"], "delta": finding["delta"]}
    resolved = finding.get("resolved")
    review = {f"review_{key}": resolved[key] for key in ("why", "by", "at")} if resolved else {}
    review |= {"review": "resolved" if resolved else "open"}
    empty = dict.fromkeys(("review_why", "review_by", "review_at"))
    return _at(finding) | row | sides | {"place": _place(finding["place"])} | empty | review


def _at(record: Mapping[str, Any]) -> dict[str, Any]:
    return {f"{key}_name": record[key] for key in ("table", "row", "column")}


def _place(place: Any) -> str | None:
    return None if place is None else text(place)
