"""The statistics table of 2014: sums and parts that its rows state, and reports from before any official table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from extract.forms.statistics import TABLE, VALUE, load
from extract.reading import Reading
from extract.records import Finding
from extract.rules import finding

FIRST_TABLE = 2014  # 国办发〔2014〕32号: reports for 2014 are the first with an official table


def sums(reading: Reading) -> Iterator[Finding]:
    """A15: a total and its parts, all printed, that differ."""
    for parts, total in _relations(reading):
        left, right = _values(reading, parts), reading.value(TABLE, total, VALUE)
        if right is None or None in left or sum(left) == right:
            continue
        printed = " + ".join(str(v) for v in left if v) or "0"
        yield finding(
            "A15",
            f"{printed} ≠ {right}",
            # a converter that lost cells may have lost digits: nobody can be blamed from such a text
            origin="unknown" if reading.converted else None,
            table=TABLE,
            row=total,
            column=VALUE,
            left=sum(left),
            right=right,
            delta=sum(left) - right,
        )


def not_assessable(reading: Reading) -> Iterator[Finding]:
    """A11: one finding for all sums that lack an operand."""
    lacking = [
        total
        for parts, total in _relations(reading)
        if None in (*_values(reading, parts), reading.value(TABLE, total, VALUE))
    ]
    if lacking:
        named = ", ".join(lacking)
        message = f"A15 cannot be assessed for {len(lacking)} of {len(load().form.relations)}: {named}"
        yield finding("A11", message, origin=reading.layout_origin, table=TABLE, quote=f"A15: {named}")


def parts(reading: Reading) -> Iterator[Finding]:
    """A16: 其中 rows above the row that they are part of."""
    for part, whole in load().bounds:
        left, right = reading.value(TABLE, part, VALUE), reading.value(TABLE, whole, VALUE)
        if left is not None and right is not None and left > right:
            message = f"{part} {left} > {whole} {right}"
            at = {"table": TABLE, "row": part, "column": VALUE}
            yield finding(load().bound_rule, message, left=left, right=right, delta=left - right, **at)


def fractions(reading: Reading) -> Iterator[Finding]:
    """A08: a count with a decimal; money may have some."""
    for row in load().rows:
        value = reading.value(TABLE, row.name, VALUE)
        if value is not None and not row.money and value != int(value):
            cell = reading.cells[TABLE, row.name, VALUE]
            at = {"table": TABLE, "row": row.name, "column": VALUE, "place": cell.place}
            yield finding("A08", quote=str(cell.raw), left=value, **at)


def requests(reading: Reading) -> Iterator[Finding]:
    """N01: requests received, as told, against 收到申请数. One agreeing statement is enough; parts may add up to it."""
    received = reading.value(TABLE, "requests", VALUE)
    told = [s for s in reading.statements if s.kind == "requests_received" and s.value is not None]
    if received is None or not told or received in (*(s.value for s in told), sum(s.value for s in told)):
        return
    said = told[0]
    at = {"table": TABLE, "row": "requests", "column": VALUE, "place": said.place, "quote": said.quote}
    message = f"the text says {said.value}, the statistics table says {received}"
    yield finding("N01", message, left=said.value, right=received, delta=said.value - received, **at)


def text_only(reading: Reading) -> Iterator[Finding]:
    """T07: a report for a year before the forms of 2019 that is text alone; its local figures are not tabulated."""
    if reading.year is None or reading.year >= 2019 or reading.cells or not reading.sections:
        return
    prescribed = "no statistics table is read" if reading.year >= FIRST_TABLE else "no table was prescribed yet"
    yield finding("T07", f"a report for {reading.year} in text; {prescribed}", quote=str(reading.year))


def _relations(reading: Reading) -> Iterator[tuple[Sequence[str], str]]:
    """(parts, total) of each relation, where the report prints the table."""
    if any(table == TABLE for table, _, _ in reading.cells):
        yield from ((relation.left, relation.right[0]) for relation in load().form.relations)


def _values(reading: Reading, names: Sequence[str]) -> list[int | float | None]:
    return [reading.value(TABLE, name, VALUE) for name in names]


ARITHMETIC = (sums, not_assessable, parts, fractions)  # what a correction of a figure can change
CHECKS = (*ARITHMETIC, requests, text_only)
