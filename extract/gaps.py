"""An empty field between a row's label and its figures, which the head of the table does not have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from extract.content import GridCell
from extract.figures import parse
from extract.forms import Form
from extract.headers import disclosure_header
from extract.match import FoundRow, Match


def beside(match: Match, at: Sequence[int]) -> list[GridCell] | None:
    """The row's figures, all of them there, where each stands one field right of its column: the first field is empty.

    `at`: the field of each column as the head shows it. None for any other row.
    """
    fields = [(i, cell) for i, cell in enumerate(match.found.fields) if i > match.label and cell.origin]
    filled = [(i, cell) for i, cell in fields if cell.text.strip()]
    if match.found.shape == "tabs" or len(fields) != len(filled) + 1 or fields[0][1].text.strip():
        return None
    return [cell for _, cell in filled] if [i for i, _ in filled] == [i + 1 for i in at] else None


def adds_up(cells: Sequence[GridCell]) -> bool:
    """Whether the last figure is the sum of the others: a blank in the first column and one figure too many are not."""
    values = [parse(cell.text).value for cell in cells]
    return None not in values and sum(v or 0 for v in values[:-1]) == values[-1]


def usual(matches: Sequence[Match]) -> dict[int, tuple[int, ...]]:
    """By table, the fields that most complete rows of table 三 fill in a grid: where a piece has no head of its own."""
    seen: dict[int, Counter[tuple[int, ...]]] = {}
    for match in matches:
        if match.table == "applications" and match.found.shape == "grid":
            fields = enumerate(match.found.fields)
            filled = tuple(i for i, cell in fields if i > match.label and cell.origin and cell.text.strip())
            if len(filled) == len(match.row.columns):
                seen.setdefault(match.found.table, Counter())[filled] += 1
    return {table: min(counts, key=lambda fields: (-counts[fields], fields)) for table, counts in seen.items()}


def has_gap(form: Form, matches: Sequence[Match], found: Sequence[FoundRow]) -> bool:
    """Whether all rows of table 二 have the empty field: no sum tells there, only that every row is alike."""
    order = {id(row): i for i, row in enumerate(found)}
    alike = []
    for match in (m for m in matches if m.table == "disclosures"):
        head = disclosure_header(form, match, found[: order[id(match.found)]])
        fields = [i for i, column in head.fields if column] if head else []
        if match.found.shape == "cells":
            fields = [match.label + 1 + n for n, (_, column) in enumerate(head.fields if head else ()) if column]
        alike.append(bool(fields) and beside(match, fields) is not None)
    return len(alike) >= 3 and all(alike)
