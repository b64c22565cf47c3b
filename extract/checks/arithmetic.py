"""Group A: what the form's own relations and plain sense say about the figures (DOMAIN §E)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from extract.forms import Form, Relation
from extract.reading import NUMERIC, Reading
from extract.records import Finding
from extract.rules import finding


class Figures(Protocol):
    """What sums need: the form, and the number in each cell (None where there is none to rely on)."""

    @property
    def form(self) -> Form: ...

    def value(self, table: str, row: str, column: str) -> int | float | None: ...


def lines(reading: Figures, relation: Relation) -> Iterator[tuple[str | None, str | None, list, list]]:
    """Each line a relation is tested on: (row or None, column or None, left operands, right operands)."""
    table = reading.form.tables[relation.table]
    across = [row.name for row in table.rows] if relation.along == "columns" else [c.name for c in table.columns]
    for name in across:
        if relation.along == "columns":
            sides = [
                [reading.value(relation.table, name, other) for other in side]
                for side in (relation.left, relation.right)
            ]
            yield name, None, *sides
        else:
            sides = [
                [reading.value(relation.table, other, name) for other in side]
                for side in (relation.left, relation.right)
            ]
            yield None, name, *sides


def relations(reading: Reading) -> Iterator[Finding]:
    """A01–A04: a relation whose operands are all there and that does not hold."""
    for relation in reading.form.relations:
        for row, column, left, right in lines(reading, relation):
            if None in left or None in right:
                continue
            if round(sum(left) - sum(right), 6):
                yield finding(
                    relation.rule,
                    f"{_sum(left)} ≠ {_sum(right)}",
                    # a converter that lost cells may have lost digits: nobody can be blamed from such a text
                    origin="unknown" if reading.converted else None,
                    table=relation.table,
                    row=row,
                    column=column,
                    left=sum(left),
                    right=sum(right),
                    delta=round(sum(left) - sum(right), 6),
                )


def _sum(operands: list) -> str:
    shown = " + ".join(str(v) for v in operands if v) or "0"
    return shown if len(operands) > 1 else str(operands[0])


def not_assessable(reading: Reading) -> Iterator[Finding]:
    """A11: one finding a relation, naming the lines that lack an operand; never passed, never failed."""
    for relation in reading.form.relations:
        tested = list(lines(reading, relation))
        if not any(key[0] == relation.table for key in reading.cells):
            continue
        lacking = [row or column for row, column, left, right in tested if None in left or None in right]
        if lacking:
            named = ", ".join(map(str, lacking))
            yield finding(
                "A11",
                f"{relation.rule} cannot be assessed for {len(lacking)} of {len(tested)}: {named}",
                origin=reading.layout_origin,
                table=relation.table,
                quote=f"{relation.rule}: {named}",
            )


def ordered(reading: Reading) -> Iterator[Finding]:
    """A05, A06: the year's figure against what it is part of."""
    pairs = (("A05", "published", "made"), ("A06", "published", "published_total"), ("A06", "issued", "in_force"))
    for item in ("regulations", "normative_documents"):
        for rule, part, whole in pairs:
            left, right = reading.value("disclosures", item, part), reading.value("disclosures", item, whole)
            if left is not None and right is not None and left > right:
                yield finding(
                    rule,
                    f"{part} {left} > {whole} {right}",
                    table="disclosures",
                    row=item,
                    column=part,
                    left=left,
                    right=right,
                )


def counts(reading: Reading) -> Iterator[Finding]:
    """A07, A08: a count is neither negative (changes excepted) nor a fraction (money excepted)."""
    columns = {(t, c.name): c for t, table in reading.form.tables.items() for c in table.columns}
    for (table, row, column), cell in reading.cells.items():
        if cell.cls not in NUMERIC or cell.value is None:
            continue
        at = {"table": table, "row": row, "column": column, "quote": cell.raw, "place": cell.place, "left": cell.value}
        if cell.value < 0 and not columns[table, column].signed:
            yield finding("A07", **at)
        if not columns[table, column].money and cell.value != int(cell.value):
            yield finding("A08", **at)


def items(reading: Reading) -> Iterator[Finding]:
    """A09, A10, S29: the 2019 form counts items in two columns and decisions in the third; fillers confuse them."""
    for row in reading.form.tables["disclosures"].rows:
        last, change, decisions = (
            reading.value("disclosures", row.name, m) for m in ("items_last_year", "items_change", "decisions")
        )
        at = {"table": "disclosures", "row": row.name}
        if last is not None and change is not None:
            if decisions and last and change and decisions == last + change:
                yield finding(
                    "A09",
                    f"{last} + {change} = {decisions}",
                    column="decisions",
                    left=decisions,
                    right=last + change,
                    **at,
                )
            if last + change < 0:
                yield finding("A10", column="items_change", left=last + change, right=0, **at)
        cell = reading.cells.get(("disclosures", row.name, "items_change"))
        if cell and cell.cls == "number" and cell.value and cell.value > 0:
            yield finding(
                "S29", f"{cell.value} without a sign", column="items_change", quote=cell.raw, place=cell.place, **at
            )


def all_zero(reading: Reading) -> Iterator[Finding]:
    """A12: every readable figure of tables 三 and 四 is 0."""
    values = [
        cell.value
        for (table, _, _), cell in reading.cells.items()
        if table in {"applications", "disputes"} and cell.value is not None
    ]
    if values and not any(values):
        yield finding("A12", f"{len(values)} readable values, all 0")


def part_above_total(reading: Reading) -> Iterator[Finding]:
    """A13: one outcome above the closed total in its column though the sum agrees (a negative must hide elsewhere)."""
    for relation in reading.form.relations:
        for row, column, left, right in lines(reading, relation):
            if (
                len(right) == 1
                and None not in left
                and None not in right
                and max(left) > right[0]
                and sum(left) == right[0]
            ):
                yield finding("A13", table=relation.table, row=row, column=column, left=max(left), right=right[0])


def blank_totals(reading: Reading) -> Iterator[Finding]:
    """A14: the total column is blank, or 0, in every row, the details are there; a derived total is offered."""
    rows = [row.name for row in reading.form.tables["applications"].rows]
    totals = [reading.cells.get(("applications", row, "total")) for row in rows]
    details = [
        cell.value for (table, _, _), cell in reading.cells.items() if table == "applications" and cell.cls in NUMERIC
    ]
    nothing = all(cell is None or cell.cls == "blank" for cell in totals)
    zero = all(cell is not None and cell.value == 0 for cell in totals)
    if any(totals) and (nothing or zero) and any(details):
        yield finding("A14", table="applications", column="total")


CHECKS = (relations, not_assessable, ordered, counts, items, all_zero, part_above_total, blank_totals)
