"""The statistics table of 2014 on the site: its official layout, and in which unit the database holds each figure."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from db import decisions
from db.layout import Box, Grid, Label
from extract.forms.statistics import TABLE, VALUE, Indicator, load

TITLE = Label("政府信息公开情况统计表", "Statistics table (form of 2014)")
HEAD = (Label("统计指标", "Indicator"), Label("单位", "Unit"), Label("统计数", "Figure"))
INDENT = "\u3000\u3000"  # as the annex indents


@cache
def grid() -> Grid:
    """The table as printed: indicators in official order, indented under those that they are part of."""
    rows = [tuple(Box(label) for label in HEAD)]
    for indicator in load().indicators:
        label = Label(INDENT * indicator.depth + indicator.label, indicator.en)
        if indicator.heading:
            rows.append((Box(label, colspan=3, scope="rowgroup"),))
            continue
        unit = Box(Label(indicator.printed_unit or indicator.unit or ""), scope="row")
        value = Box(where=(TABLE, indicator.name, VALUE))
        rows.append((Box(label, where=(TABLE, indicator.name, None), scope="row"), unit, value))
    return Grid(TABLE, TITLE, tuple(rows))


def printed_units() -> dict[str, str | None]:
    """Indicators of money with the unit that the form prints; the database holds yuan."""
    return {row.name: row.printed_unit for row in load().rows if row.money}


def words(row: str, column: str | None) -> Label | None:
    """An indicator in the official words and in English; None where the form has none of that name."""
    found = _by_name().get(row)
    if found is None:
        return None
    figure = (HEAD[2],) if column else ()
    path = (Label("统计表", "Statistics table"), Label(found.label, found.en), *figure)
    return Label(" › ".join(part.zh for part in path), " › ".join(part.en for part in path))


def unit(record: Mapping[str, Any], indicator: str) -> str | None:
    """The unit of the value in the database; None for money of which nothing says whether it is 元 or 万元 (U01)."""
    row = _by_name().get(indicator)
    if row is None or not row.money:
        return row and row.unit
    cells = (c for c in record["cells"] if (c["table"], c["row"]) == (TABLE, indicator))
    return row.unit if any(cell["unit"] or decisions.corrected(cell) for cell in cells) else None


@cache
def _by_name() -> dict[str, Indicator]:
    return {row.name: row for row in load().rows}
