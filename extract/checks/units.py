"""Group U: whether an amount's size fits its unit (DOMAIN §E). U01 and U02 stand at their cell and are raised there."""

from __future__ import annotations

from collections.abc import Iterator

from extract.reading import Reading
from extract.records import Finding
from extract.rules import finding

# 万元 a year that no unit of a level reaches. All government procurement of the country is of the order of 4 × 10⁸ 万元
# and all administrative fees of 4 × 10⁷. Were each spent by one level alone, a township would have 10⁴ (fees 10³), a
# county 1.3 × 10⁵ (1.4 × 10⁴), a prefecture 10⁶ (10⁵), a province 1.2 × 10⁷ (1.3 × 10⁶): a ceiling is 2–20 times that.
CEILING = {
    "procurement": {"township": 20_000, "county": 2_000_000, "prefecture": 10_000_000, "province": 50_000_000},
    "fees": {"township": 5_000, "county": 300_000, "prefecture": 2_000_000, "province": 10_000_000},
}
FLOOR = 1_000  # 元: a smaller total of purchases or fees was written in 万元


def magnitude(reading: Reading) -> Iterator[Finding]:
    """U03: an amount whose size makes sense in one unit only, printed without a unit or in the other one."""
    for (table, row, column), cell in reading.cells.items():
        ceiling = CEILING.get(row, {}).get(reading.unit.level or "")
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
