"""Content → the cells of the official tables: which form it is, which row stands where, which figure is whose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extract import forms, match, statistics
from extract.content import Content
from extract.disputes import place_disputes
from extract.figures import is_value
from extract.forms import Form
from extract.forms.statistics import beside, reading_form
from extract.labels import key
from extract.match import FoundRow, Match
from extract.place import Placed, place
from extract.reading import NUMERIC
from extract.trust import settle

FEWEST_ROWS = 3  # of tables 二 and 三 that make a document show them beside the statistics table of 2014


@dataclass(frozen=True, slots=True)
class Filled:
    """The form, the document's rows, those of tables 二 and 三 with their names, the cells, table 四's first row.

    `shown` is False where the document bears no label of any edition: `form` is then only what is missing.
    """

    form: Form
    shown: bool
    rows: tuple[FoundRow, ...]
    matches: tuple[Match, ...]
    placed: Placed
    disputes: FoundRow | None

    def value(self, table: str, row: str, column: str) -> int | float | None:
        """The cell's number, or None where there is none to rely on."""
        cell = self.placed.cells.get((table, row, column))
        return cell.value if cell and cell.cls in NUMERIC else None


def fill(content: Content) -> Filled:
    """Recognise the form by its labels, align the rows, place the figures; `placed.findings` says what is open."""
    editions = forms.load()
    recognised = match.recognise(editions, content)
    tables = tuple(content.tables())
    form = recognised or editions["2021"]
    found = match.glue(form, match.rows(tables))
    matches = match.align(form, found)
    if form.merged and _is_merged(form, matches, found):
        form = form.merged
        found = match.glue(form, match.rows(tables))
        matches = match.align(form, found)
    placed = place(form, matches, found)
    disputes = place_disputes(form, found, tables, placed)
    placed.cells, placed.findings = settle(placed.cells, placed.findings, form)
    if counted := statistics.read(tables):
        if recognised is None or len(matches) < FEWEST_ROWS:
            return Filled(reading_form(), True, tuple(found), (), counted, None)
        form = beside(form)
        placed.cells |= counted.cells
        placed.unassigned += counted.unassigned
        placed.findings += [*counted.findings, statistics.mixed(form)]
    return Filled(form, recognised is not None, tuple(found), tuple(matches), placed, disputes)


def _is_merged(form: Form, matches: Sequence[Match], found: Sequence[FoundRow]) -> bool:
    """Whether the merged row's label stands next to figures, and none of the rows that it stands for is there."""
    merged = form.merged
    if merged is None or any(m.row.name in merged.open_rows for m in matches):
        return False
    plain = {row.name for row in form.tables["applications"].rows}
    wordings = {key(row.label) for row in merged.tables["applications"].rows if row.name not in plain}
    return any(key(label) in wordings for row in found if (label := _last_words(row)))


def _last_words(row: FoundRow) -> str | None:
    """The text of a row next to its figures, or to the blanks where they would stand; None where nothing follows it."""
    words = [i for i, cell in enumerate(row.fields) if cell.origin and cell.text.strip() and not is_value(cell.text)]
    return row.fields[words[-1]].text if words and words[-1] < len(row.fields) - 1 else None
