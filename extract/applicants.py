"""What the head of table 三 says about its seven columns, table by table of the document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from extract.forms import Column, Form
from extract.headers import recognise
from extract.match import FoundRow, Match, is_header


@dataclass(frozen=True, slots=True)
class Head:
    """`at`: field of each column, in a true grid whose head shows it. Not `trusted`: its columns are not the form's."""

    at: Mapping[str, int] | None = None
    trusted: bool = True
    in_order: bool = True


def heads(form: Form, matches: Sequence[Match], found: Sequence[FoundRow]) -> dict[int, Head]:
    """The head of every table that holds rows of table 三; one without goes on from the one before."""
    columns = form.tables["applications"].columns
    order = {id(row): i for i, row in enumerate(found)}
    first: dict[int, int] = {}
    for match in matches:
        if match.table == "applications":
            first.setdefault(match.found.table, order[id(match.found)])
    result: dict[int, Head] = {}
    before, last = 0, Head(None, False, False)  # without any head nothing says which figure is whose
    for table, start in first.items():
        # A head may stand in a table of its own, above the one with the figures
        rows = [row for row in found[before:start] if is_header(row, form)]
        last = _head([row for row in rows if row.table == table] or rows, columns, last, table)
        result[table] = last
        before = start
    return result


def _head(rows: Sequence[FoundRow], columns: Sequence[Column], last: Head, table: int) -> Head:
    named: dict[str, int] = {}
    for row in rows:
        for index, cell in enumerate(row.fields):
            if cell.origin and cell.text.strip() and (column := recognise(cell.text, columns)):
                named.setdefault(column.name, index)
    form = [column.name for column in columns]
    if not named:
        return Head(None, last.trusted and last.in_order, last.in_order)
    if rows[0].shape != "grid":
        seen = [name for name in named if name != "total"]
        total_last = "total" not in named or list(named)[0] != "total"
        return Head(None, seen == [name for name in form if name in seen] and total_last)
    by_place = sorted(named, key=named.__getitem__)
    in_order = by_place == [name for name in form if name in named]
    if _spoilt(named, by_place, form):
        return Head(None, False, False)
    if len(named) == len(form):
        own = rows[0].table == table  # the fields of another table are not this one's
        return Head(named if own else None, own or in_order, in_order)
    start = named.get(form[0], 0)
    side_by_side = all(index == start + form.index(name) for name, index in named.items())
    # A slip in one or two names leaves the others in their places; the ends must be certain
    if len(named) >= len(form) - 2 and {form[0], form[-1]} <= set(named) and side_by_side:
        return Head({name: start + n for n, name in enumerate(form)})
    return Head(None, False, False)


def _spoilt(named: Mapping[str, int], by_place: Sequence[str], form: Sequence[str]) -> bool:
    """Whether a cell of the head lost its span: two names share a field, or those at the ends stand in between.

    A report may print the columns in another order, but not those that stand outside 法人或其他组织 inside of it.
    """
    ends = [name for name in (form[0], form[-1]) if name in named]
    outside = [name for name in (by_place[0], by_place[-1]) if name in ends]
    return len(set(named.values())) < len(named) or outside != ends
