"""Puts the figures of matched rows under their columns — only where the source shows which column is whose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from extract.applicants import Head, heads
from extract.content import GridCell
from extract.figures import Figure, is_value, parse, yuan
from extract.forms import Column, Form
from extract.gaps import adds_up, beside, has_gap, usual
from extract.headers import Header, disclosure_header, grid_columns
from extract.match import FoundRow, Match, rivals
from extract.records import Cell, Finding
from extract.rules import finding

Key = tuple[str, str, str]
UNSURE = 0.9  # a recognised cell below this confidence holds no value: better open than wrong
# Whose fault a lost value is: a converter's in tabbed lines, nobody can tell in one cell a line, the source's in a grid
ORIGIN = {"tabs": "extraction", "cells": "unknown", "grid": "source"}


@dataclass(slots=True)
class Placed:
    """Every cell that could be placed, rows that could not (column None), and what there is to say about them."""

    cells: dict[Key, Cell] = field(default_factory=dict)
    unassigned: list[Cell] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    converted: bool = False  # from tabbed lines: a malformed figure may be the converter's

    def put(
        self, table: str, row: str, column: Column, printed: GridCell, *, unit: str | None = None, short: bool = False
    ) -> None:
        """One cell. `unit` is the one that the header prints; the cell's own unit goes before it."""
        figure = parse(printed.text, column.money)
        cell = _cell(table, row, column, printed, figure, unit)
        if printed.confidence is not None and printed.confidence < UNSURE:
            self.cells[table, row, column.name] = cell = replace(cell, cls="unassigned", value=None)
            self.findings.append(_at(cell, "S30", None))
            return
        if short:
            cell = replace(cell, note="short_row")
        if figure.cls == "blank" and not short:
            self.findings.append(_at(cell, "S11", None))
        if column.money and figure.unit and unit and figure.unit != unit:
            self.findings.append(_at(cell, "U02", None))
        if column.money and cell.value and cell.unit is None:
            self.findings.append(_at(cell, "U01", None))
        for rule, variant in figure.rules:
            found = _at(cell, rule, variant)
            self.findings.append(replace(found, origin="extraction") if rule == "S15" and self.converted else found)
        self.cells[table, row, column.name] = cell

    def leave(
        self, match: Match, rule: str, fields: Sequence[GridCell], expected: int, variant: str | None = None
    ) -> None:
        """Place nothing of a row; keep what was printed as a list and say why (S08, S09, S10)."""
        raw = [cell.text.strip() for cell in fields]
        self.unassigned.append(Cell(match.table, match.row.name, None, "unassigned", raw, place=match.found.place))
        why = f"the row prints {len(raw)} values for {expected} columns"
        if rule == "S10":
            why = f"what stands over the {len(raw)} values does not say which column is whose"
        self.say(match, rule, f"{why}; none is placed", variant=variant, left=len(raw), right=expected)

    def say(
        self, match: Match, rule: str, message: str | None = None, origin: str | None = None, **more: object
    ) -> None:
        origin = origin or (ORIGIN[match.found.shape] if rule in {"S08", "S09"} else None)
        at = {"table": match.table, "row": match.row.name, "quote": match.printed.strip(), "place": match.found.place}
        self.findings.append(finding(rule, message, origin=origin, **(at | more)))


def _cell(table: str, row: str, column: Column, printed: GridCell, figure: Figure, unit: str | None) -> Cell:
    value, printed_unit = figure.value, figure.unit or (unit if column.money else None)
    if column.money and value is not None and printed_unit in {"元", "万元", "亿元"}:
        value = yuan(value, printed_unit)
    return Cell(
        table,
        row,
        column.name,
        figure.cls,
        printed.text.strip(),
        value,
        printed_unit,
        figure.note,
        printed.confidence,
        printed.place,
    )


def _at(cell: Cell, rule: str, variant: str | None) -> Finding:
    message = f"the report prints “{cell.raw}”" if cell.raw else None
    return finding(
        rule,
        message,
        variant=variant,
        table=cell.table,
        row=cell.row,
        column=cell.column,
        quote=str(cell.raw),
        place=cell.place,
    )


def place(form: Form, matches: Sequence[Match], found: Sequence[FoundRow]) -> Placed:
    """Cells of tables 二 and 三 for the rows that `match.align` found."""
    placed = Placed(converted=any(row.shape == "tabs" for row in found))
    order = {id(row): i for i, row in enumerate(found)}
    window = _tab_window(matches) or _head_window(form, found)
    if window and any(m.label in window for m in matches if m.table == "applications" and m.found.shape == "tabs"):
        window = None  # a head that stands over the labels is not where the values are
    shown = heads(form, matches, found)
    gap = has_gap(form, matches, found)
    common = usual(matches)
    doubled = rivals(matches, found)
    # A second copy of a whole table (last year's, say) makes every row of it doubtful, also those that look alike
    copied = {m.table for m in matches if id(m) in doubled and doubled[id(m)].table != m.found.table}
    for match in matches:
        if id(match) in doubled or match.table in copied:
            printed = (match.found, *filter(None, [doubled.get(id(match))]))
            both = [c for row in printed for c in row.fields if is_value(c.text)]
            placed.leave(match, "S09", both, len(match.row.columns))
            continue
        before = found[: order[id(match.found)]]
        if match.found.glued:
            placed.say(match, "S22")
        if match.table == "disclosures":
            header = disclosure_header(form, match, before)
            _disclosure(placed, match, header, gap)
        else:
            _application(placed, match, shown[match.found.table], window, common.get(match.found.table, ()))
    return placed


def _values(match: Match) -> list[tuple[int, GridCell]]:
    """Index and cell of every field after the label."""
    return [(i, c) for i, c in enumerate(match.found.fields) if i > match.label and c.origin]


def _disclosure(placed: Placed, match: Match, header: Header | None, gap: bool) -> None:
    values, columns = _values(match), match.row.columns
    filled = [(i, c) for i, c in values if c.text.strip()]
    if header is None or [c.name for c in header.columns()] != [c.name for c in columns]:
        # A row's label does not say which of its figures is which, not even in a complete row: its head does
        rule = "S08" if len(filled) < len(columns) else "S09" if len(filled) > len(columns) else "S10"
        variant = "order" if rule == "S10" else None
        placed.leave(match, rule, [c for _, c in filled], len(columns), variant=variant)
        return
    if match.found.shape == "tabs":
        _tab_disclosure(placed, match, header, filled)
        return
    at = [i for i, column in header.fields if column]
    if match.found.shape == "cells":
        first = match.label + 1
        at = [first + n for n, (_, column) in enumerate(header.fields) if column]
    if gap and (aside := beside(match, at)):
        _put_aside(placed, match, columns, aside, header.units)
        return
    known, extra = dict(values), [c for i, c in values if i not in at and c.text.strip()]
    if any(i not in known for i in at):
        placed.leave(match, "S08", [c for _, c in filled], len(columns))
        return
    if extra and (
        len(values) > len(header.fields) or match.found.shape == "cells" and len(header.fields) == len(columns)
    ):
        placed.leave(match, "S09", [c for _, c in filled], len(columns))
        return
    _put_all(placed, match, columns, [known[i] for i in at], header.units)
    _extra(placed, match, extra)


def _extra(placed: Placed, match: Match, extra: Sequence[GridCell]) -> None:
    if extra:
        text = extra[0].text.strip()
        placed.say(match, "S18", f"“{text}” stands under a column without a title", quote=text)


def _tab_disclosure(placed: Placed, match: Match, header: Header, filled: list[tuple[int, GridCell]]) -> None:
    columns, at = match.row.columns, [i for i, column in header.fields if column]
    if len(filled) == len(columns):
        _put_all(placed, match, columns, [c for _, c in filled], header.units)
        if [i for i, _ in filled] != at:
            placed.say(match, "S28", "the values stand in other fields than their headers; their order decides")
    elif len(filled) > len(columns) and set(at) < {i for i, _ in filled} <= {*at, *header.blanks}:
        _put_all(placed, match, columns, [dict(filled)[i] for i in at], header.units)
        _extra(placed, match, [c for i, c in filled if i not in at])
    elif len(filled) > len(columns):
        placed.leave(match, "S09", [c for _, c in filled], len(columns))
    elif all(i in at for i, _ in filled):
        _put_short(placed, match, columns, [dict(filled).get(i) for i in at], header.units)
    else:
        placed.leave(match, "S08", [c for _, c in filled], len(columns))


def _application(placed: Placed, match: Match, head: Head, window: range | None, common: Sequence[int]) -> None:
    values, columns = _values(match), match.row.columns
    filled, width = [(i, c) for i, c in values if c.text.strip()], len(match.row.columns)
    shape, at = match.found.shape, head.at
    if not head.trusted:
        placed.leave(match, "S10", [c for _, c in filled], width, variant="order")
    elif at and all(i > match.label for i in at.values()):
        known = dict(values)
        fields = [at[c.name] for c in columns]
        if (aside := beside(match, fields)) and adds_up(aside):
            _put_aside(placed, match, columns, aside, {})
        elif any(i not in fields for i, _ in filled):  # one figure too many: any of the others may have moved
            placed.leave(match, "S09", [c for _, c in filled], width)
        elif all(i in known for i in fields):
            _put_all(placed, match, columns, [known[i] for i in fields], {})
        else:
            placed.leave(match, "S08", [c for _, c in filled], width)
    elif len(filled) == width and (aside := beside(match, common)):
        if adds_up(aside):
            _put_aside(placed, match, columns, aside, {})
        else:
            placed.leave(match, "S09", aside, width)
    elif len(filled) == width:
        _put_all(placed, match, columns, [c for _, c in filled], {})
    elif len(filled) > width:
        placed.leave(match, "S09", [c for _, c in filled], width)
    elif shape == "tabs" and window and all(i in window for i, _ in filled) and len(match.found.fields) >= window.stop:
        _put_short(placed, match, columns, [dict(filled).get(i) for i in window], {})
    elif match.found.glued and len(values) == len(filled):
        # the next row's label stands where the last cell would: what is lost is at the end (S22)
        _put_short(placed, match, columns, [*(c for _, c in filled), *[None] * (width - len(filled))], {})
    elif len(values) == width and shape == "cells":
        _put_short(placed, match, columns, [c if c.text.strip() else None for _, c in values], {})
    elif len(values) == width and shape == "grid":
        _put_all(placed, match, columns, [c for _, c in values], {})
    else:
        placed.leave(match, "S08", [c for _, c in filled], width)


def _put_all(
    placed: Placed, match: Match, columns: Sequence[Column], cells: Sequence[GridCell], units: Mapping[str, str]
) -> None:
    for column, cell in zip(columns, cells, strict=True):
        placed.put(match.table, match.row.name, column, cell, unit=units.get(column.name))


def _put_aside(
    placed: Placed, match: Match, columns: Sequence[Column], cells: Sequence[GridCell], units: Mapping[str, str]
) -> None:
    _put_all(placed, match, columns, cells, units)
    placed.say(match, "S28", "an empty field stands between the label and its figures, which the head does not have")


def _put_short(
    placed: Placed, match: Match, columns: Sequence[Column], cells: Sequence[GridCell | None], units: Mapping[str, str]
) -> None:
    """A row with known gaps: what is there is placed as exceptional cells, what is not stays null; S08 says so."""
    got = sum(cell is not None for cell in cells)
    for column, cell in zip(columns, cells, strict=True):
        printed = cell or GridCell("", match.found.place)
        placed.put(match.table, match.row.name, column, printed, unit=units.get(column.name), short=True)
    placed.say(
        match,
        "S08",
        f"the row prints {got} of {len(columns)} values; the fields show which are missing",
        left=got,
        right=len(columns),
    )


def _head_window(form: Form, found: Sequence[FoundRow]) -> range | None:
    """Where no row is complete: the fields that the head names, if it names all columns side by side."""
    columns = form.tables["applications"].columns
    at = grid_columns(columns, [row for row in found if row.shape == "tabs"])
    fields = [at[c.name] for c in columns] if at else []
    return range(fields[0], fields[-1] + 1) if fields and fields == list(range(fields[0], fields[-1] + 1)) else None


def _tab_window(matches: Sequence[Match]) -> range | None:
    """The fields that hold the seven values, as at least two complete rows agree."""
    starts: Counter[int] = Counter()
    for match in matches:
        if match.table == "applications" and match.found.shape == "tabs":
            filled = [i for i, c in _values(match) if c.text.strip()]
            if len(filled) == len(match.row.columns) and filled[-1] - filled[0] == len(filled) - 1:
                starts[filled[0]] += 1
    (start, seen), *others = starts.most_common(2) or [(0, 0)]
    if seen < 2 or (others and others[0][1] == seen):
        return None
    width = next(len(m.row.columns) for m in matches if m.table == "applications")
    return range(start, start + width)
