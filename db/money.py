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


def of_correction(line: Row, values: Values, versions: list[Row]) -> str | None:
    """The unit of a corrected amount: that of the version it was made for, which need not be the one shown."""
    where = place(line)
    if not is_money(where):
        return None
    if line["state"] == "superseded":
        records = (v["record"] for v in versions if v["document"] == line["document"])
        return next((unit(json.loads(record), where) for record in records), None)
    return values.get(where, (None, None))[1]
