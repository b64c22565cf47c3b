"""Amounts with their unit: a heading may print 万元 where the database holds yuan, or no unit where none is known."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from db import indicators, rows
from db.cells import Row, Values, figure
from db.language import Say
from db.layout import Where
from extract import forms

YUAN = "元"
_AMOUNT = re.compile(rf"(-?\d+(?:\.\d+)?)( {YUAN})?")


def is_money(where: Where) -> bool:
    """Whether the cell holds an amount, in whichever form."""
    table, row, column = where
    if table == "statistics":
        return row in indicators.printed_units() and column is not None
    return table == "disclosures" and column in _measures()


@cache
def _measures() -> frozenset[str]:
    tables = [form.tables["disclosures"] for form in forms.load().values()]
    return frozenset(c.name for table in tables for row in table.rows for c in row.columns if c.money)


def place(line: Mapping[str, Any]) -> Where:
    """The cell that a line of `changes`, `corrections` or `findings` is about."""
    return line["table_name"], line["row_name"], line["column_name"]


def unit(record: Mapping[str, Any], where: Where) -> str | None:
    """The unit of an amount in a reading; None where nothing says whether it is 元 or 万元."""
    table, row, column = where
    if row is None or column is None:
        return None
    return indicators.unit(record, row) if table == "statistics" else rows.unit(record, row, column)


def written(t: Say, where: Where, value: float, unit: str | None) -> str:
    """A figure in words; an amount with its unit, or that its unit is unknown."""
    return _with(t, figure(value), unit) if is_money(where) else figure(value)


def read(t: Say, line: Mapping[str, Any], text: str | None, unit: str | None = None) -> str | None:
    """The same for what `changes` and `corrections` hold as text; None where that is no amount."""
    found = _AMOUNT.fullmatch(text or "") if is_money(place(line)) else None
    return _with(t, figure(float(found[1])), YUAN if found[2] else unit) if found else None


def _with(t: Say, value: str, unit: str | None) -> str:
    return t("cell.yuan", value=value) if unit == YUAN else t("cell.money_unknown", value=value)


def of_correction(line: Row, values: Values, findings: list[Row], versions: list[Row]) -> Row:
    """The units of a corrected amount, which is in yuan, and of what was read: that of the version it was made for."""
    where = place(line)
    if not is_money(where):
        return {"unit": None, "expected_unit": None}
    read = values.get(where, (None, None))[1]
    unitless = {place(found) for found in findings if found["rule"] == "U01"}
    if line["state"] == "superseded":
        records = [json.loads(v["record"]) for v in versions if v["document"] == line["document"]]
        said = [f for record in records for f in record["findings"] if f["rule"] == "U01"]
        read, unitless = YUAN if records else None, {(f["table"], f["row"], f["column"]) for f in said}
    return {"unit": YUAN, "expected_unit": None if where in unitless else read}
