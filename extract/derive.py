"""Values that a relation of the form determines uniquely: offered beside the table, never in it."""

from __future__ import annotations

from collections.abc import Iterator

from extract.checks.arithmetic import lines
from extract.reading import Reading
from extract.records import Derived


def derive(reading: Reading) -> Iterator[Derived]:
    """One missing operand of a row's relation, where every other is printed and the cell itself is blank or lost.

    Only rows (A01, A04) are solved: a column's relation would rest on rows that another gap may have spoilt.
    Two relations never disagree here, for a cell stands in one row.
    """
    for relation in reading.form.relations:
        if relation.along != "columns":
            continue
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
