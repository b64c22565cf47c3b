"""Group U: whether an amount's size fits its unit (DOMAIN §E). U01 and U02 stand at their cell and are raised there."""

from __future__ import annotations

from collections.abc import Iterator

from extract.reading import Reading
from extract.records import Finding
from extract.rules import finding

# 万元 a year that a unit of the level does not reach, far above what such units report
CEILING = {"township": 20_000, "county": 500_000, "prefecture": 5_000_000, "province": 50_000_000}
FLOOR = 1_000  # 元: a smaller total of purchases or fees was written in 万元


def magnitude(reading: Reading) -> Iterator[Finding]:
    """U03: an amount whose size makes sense in one unit only, printed without a unit or in the other one."""
    ceiling = CEILING.get(reading.unit.level or "")
    for (table, row, column), cell in reading.cells.items():
        if (
            table != "disclosures"
            or column != "amount"
            or ceiling is None
            or not (value := reading.value(table, row, column))
        ):
            continue
        at = {"table": table, "row": row, "column": column, "quote": str(cell.raw), "place": cell.place, "left": value}
        if cell.unit is None and value > ceiling:
            yield finding("U03", f"{value} without a unit: plausible in 元, not in 万元", right=ceiling, **at)
        elif cell.unit is None and 0 < value < FLOOR and row == "procurement":
            yield finding("U03", f"{value} without a unit: plausible in 万元, not in 元", right=FLOOR, **at)
        elif cell.unit == "万元" and value / 10_000 > ceiling:
            yield finding("U03", f"{value / 10_000:g} 万元 is not plausible", right=ceiling * 10_000, **at)


CHECKS = (magnitude,)
