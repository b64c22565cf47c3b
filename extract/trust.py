"""Recognised figures and the form's relations: sums raise or lower the trust in a reading, they never replace one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from extract.figures import parse
from extract.forms import Form
from extract.place import UNSURE, Key
from extract.reading import NUMERIC
from extract.records import Cell, Finding
from extract.rules import finding

LIKELY = 0.6  # readings that agree, from which a sum may lift a figure over the bar; two that differ are at most 0.5
WORDS = ("S12", "P01")  # what is said of words where a figure belongs
CERTAIN = 0.99  # so sure that a sum which fails is as likely the agency's


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of a relation: the cells that stand on its two sides."""

    rule: str
    left: tuple[Key, ...]
    right: tuple[Key, ...]

    @property
    def keys(self) -> tuple[Key, ...]:
        return self.left + self.right


def recognised(cells: Mapping[Key, Cell]) -> bool:
    """Whether figures come from a picture."""
    return any(cell.confidence is not None for cell in cells.values())


def settle(cells: Mapping[Key, Cell], findings: Sequence[Finding], form: Form) -> tuple[dict[Key, Cell], list[Finding]]:
    """The cells and findings of a recognised document after its sums were asked.

    A figure just under the bar is taken where all its relations are complete and hold. Where one fails, its least
    trusted figures are given up (S30): those that no holding relation vouches for, first those where two that fail
    cross. Words where a figure belongs hold nothing: a seal's may hide it. Nothing changes in a document that was not
    recognised.
    """
    settled, said = dict(cells), list(findings)
    if not recognised(cells):
        return settled, said
    for key, cell in settled.items():
        if cell.cls == "text" and cell.confidence is not None:
            settled[key] = replace(cell, cls="unassigned", value=None)
            said = [f for f in said if f.rule not in WORDS or (f.table, f.row, f.column) != key]
            said.append(_given_up(cell, "a figure belongs there: a seal or a blot may hide it"))
    lines = list(_lines(form))
    while raised := [key for key in settled if _confirmed(settled, key, lines)][:1]:
        settled[raised[0]] = _taken(settled[raised[0]])
        said = [f for f in said if f.rule != "S30" or (f.table, f.row, f.column) != raised[0]]
    for key, rules in _suspects(settled, lines).items():
        cell = settled[key]
        settled[key] = replace(cell, cls="unassigned", value=None)
        said.append(_given_up(cell, f"{' and '.join(sorted(set(rules)))} fails with it"))
    return settled, said


def unblamed(findings: Iterable[Finding], cells: Mapping[Key, Cell]) -> Iterator[Finding]:
    """Findings of arithmetic and of prose against table, without blame for the source where figures were recognised."""
    pictured = recognised(cells)
    for each in findings:
        ours = pictured and each.origin == "source" and each.rule[0] in "AN" and each.left is not None
        yield replace(each, origin="unknown") if ours else each


def _lines(form: Form) -> Iterator[_Line]:
    for relation in form.relations:
        table = form.tables[relation.table]
        if relation.along == "columns":
            for row in table.rows:
                sides = [tuple((table.name, row.name, n) for n in side) for side in (relation.left, relation.right)]
                yield _Line(relation.rule, *sides)
        else:
            for column in table.columns:
                sides = [tuple((table.name, n, column.name) for n in side) for side in (relation.left, relation.right)]
                yield _Line(relation.rule, *sides)


def _holds(cells: Mapping[Key, Cell], line: _Line, trial: Key | None = None) -> bool | None:
    """Whether a line holds, None where an operand is open; `trial` is a cell whose print counts as its value."""
    sides = []
    for side in (line.left, line.right):
        values = [_value(cells.get(key), key == trial) for key in side]
        if None in values:
            return None
        sides.append(sum(v for v in values if v is not None))
    return abs(sides[0] - sides[1]) < 1e-6


def _value(cell: Cell | None, trial: bool) -> int | float | None:
    if cell is None:
        return None
    if trial:
        return _printed(cell)
    return cell.value if cell.cls in NUMERIC else None


def _printed(cell: Cell) -> int | float | None:
    """The plain figure that an unsure cell shows."""
    figure = parse(cell.raw) if isinstance(cell.raw, str) else None
    return figure.value if figure and figure.cls == "number" else None


def _confirmed(cells: Mapping[Key, Cell], key: Key, lines: Sequence[_Line]) -> bool:
    cell = cells[key]
    if cell.cls != "unassigned" or cell.confidence is None or not LIKELY <= cell.confidence < UNSURE:
        return False
    answers = [_holds(cells, line, key) for line in lines if key in line.keys]
    return bool(answers) and all(answers)


def _taken(cell: Cell) -> Cell:
    return replace(cell, cls="number", value=_printed(cell), confidence=UNSURE)


def _suspects(cells: Mapping[Key, Cell], lines: Sequence[_Line]) -> dict[Key, list[str]]:
    """Each cell to be given up, with the relations that fail over it."""
    answers = [(line, _holds(cells, line)) for line in lines]
    vouched = {key for line, holds in answers if holds for key in line.keys}
    failing = [line for line, holds in answers if holds is False]
    found: dict[Key, list[str]] = {}
    for line in failing:
        open_ = [key for key in line.keys if key not in vouched] or list(line.keys)
        crossed = [key for key in open_ if sum(key in other.keys for other in failing) > 1]
        for key in crossed or open_:
            confidence = cells[key].confidence
            if confidence is not None and confidence < CERTAIN:
                found.setdefault(key, []).append(line.rule)
    return found


def _given_up(cell: Cell, why: str) -> Finding:
    return finding(
        "S30",
        f"read as “{cell.raw}”, but {why}",
        table=cell.table,
        row=cell.row,
        column=cell.column,
        quote=str(cell.raw),
        place=cell.place,
    )
