"""Values that a relation of the form determines uniquely: offered beside the table, never in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from extract.checks.arithmetic import lines
from extract.forms import Form, Relation
from extract.reading import Reading
from extract.records import Derived


def derive(reading: Reading) -> Iterator[Derived]:
    """What one row determines, totals that print 0 beside their parts, and blanks that can only mean 0."""
    solved = [
        d for relation in reading.form.relations if relation.along == "columns" for d in _solved(reading, relation)
    ]
    known = {(d.table, d.row, d.column) for d in solved}
    assumed = (d for d in _zeros(reading) if (d.table, d.row, d.column) not in known)
    yield from chain(solved, _totals(reading), assumed)


def _solved(reading: Reading, relation: Relation) -> Iterator[Derived]:
    """One missing operand of a row's relation, where every other is printed and the cell itself is blank or lost.

    Only rows (A01, A04) are solved: a column's relation would rest on rows that another gap may have spoilt.
    Two relations never disagree here, for a cell stands in one row.
    """
    for row, _, left, right in lines(reading, relation):
        missing = [
            name for name, v in zip((*relation.left, *relation.right), (*left, *right), strict=True) if v is None
        ]
        if row is None or len(missing) != 1 or len(right) != 1:
            continue
        name = missing[0]
        value = sum(v for v in left if v is not None)
        if name in relation.left:
            value = right[0] - value
        if (
            value < 0
            or (relation.table, row, name) not in reading.cells
            or not _stands(reading, relation.table, row, name, value)
        ):
            continue
        printed = "total − the other parts" if name in relation.left else "sum of the parts"
        yield Derived(relation.table, row, name, value, f"{relation.rule}: {printed}")


def _totals(reading: Reading) -> Iterator[Derived]:
    """Sums of the parts where the total column of table 三 prints 0 in every row and the columns of parts agree."""
    if not zero_totals(reading):
        return
    relation = next(r for r in reading.form.relations if r.rule == "A01")
    for other in (r for r in reading.form.relations if r.table == relation.table and r.along == "rows"):
        for _, column, left, right in lines(reading, other):
            if None in left or None in right or (column in relation.left and sum(left) != sum(right)):
                return
    for row, _, left, right in lines(reading, relation):
        if row and sum(left) != right[0]:
            source = f"{relation.rule}: sum of the parts; the column of totals prints 0 throughout"
            yield Derived(relation.table, row, relation.right[0], sum(left), source)


def zero_totals(reading: Reading) -> bool:
    """Whether table 三 prints 0 as the total of every row, though some rows have parts."""
    relation = next(r for r in reading.form.relations if r.rule == "A01")
    rows = [(left, right) for _, _, left, right in lines(reading, relation)]
    return all(right == [0] and None not in left for left, right in rows) and any(any(left) for left, _ in rows)


def _zeros(reading: Reading) -> Iterator[Derived]:
    """0 for every blank of tables 三 and 四, if every relation of the form then holds and some figure is not 0.

    A report that prints nothing but blanks and zeros proves nothing by sums that are all 0.
    """
    blank = [at for at, cell in reading.cells.items() if cell.cls == "blank" and at[0] != "disclosures"]
    if not blank or not any(cell.value for at, cell in reading.cells.items() if at[0] != "disclosures"):
        return
    assumed = _Assumed(reading, dict.fromkeys(blank, 0))
    for relation in reading.form.relations:
        for _, _, left, right in lines(assumed, relation):
            if None in left or None in right or round(sum(left) - sum(right), 6):
                return
    for table, row, column in blank:
        yield Derived(table, row, column, 0, "every relation of the form holds if blanks are 0", assumed_zero=True)


@dataclass(frozen=True, slots=True)
class _Assumed:
    """A reading in which some cells that print nothing have a value."""

    reading: Reading
    values: Mapping[tuple[str, str, str], int]

    @property
    def form(self) -> Form:
        return self.reading.form

    def value(self, table: str, row: str, column: str) -> int | float | None:
        return self.values.get((table, row, column), self.reading.value(table, row, column))


def _stands(reading: Reading, table: str, row: str, column: str, value: int | float) -> bool:
    """A derived value must not break a relation along the other axis that is otherwise complete."""
    for relation in reading.form.relations:
        if relation.table != table or relation.along != "rows" or row not in (*relation.left, *relation.right):
            continue
        sides = [
            [value if other == row else reading.value(table, other, column) for other in side]
            for side in (relation.left, relation.right)
        ]
        if None not in sides[0] and None not in sides[1] and sum(sides[0]) != sum(sides[1]):
            return False
    return True
