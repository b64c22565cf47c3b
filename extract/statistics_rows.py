"""The rows of a statistics table as a document prints them: label, unit, and the fields that may hold the figure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from rapidfuzz.distance import Levenshtein

from extract.content import GridCell, Table
from extract.figures import is_value
from extract.forms.statistics import load
from extract.labels import LEADING, PUNCTUATION, fold, key
from extract.match import FoundRow

BRACKET = re.compile(r"\([^()]*\)")
UNIT_IN_LABEL = re.compile(r"\((?:单位:?)?([^()]{1,3})\)$")
YEAR_HEAD = re.compile(r"^(?:本年)?\(?20\d\d年?度?\)?(?:统计数|数量|数据|数值|数)?$")
ROLES = ("label", "unit", "value", "other", "aside")
HALVES = 3  # rows with two labels, from which a table is printed in two halves side by side


@dataclass(frozen=True, slots=True)
class Segment:
    """One printed row, or half of one: `found.fields` from its label on; `head` has the role of each of them."""

    found: FoundRow
    label: str
    scores: tuple[tuple[int, float], ...]
    roles: tuple[str | None, ...]
    unit: str | None
    askew: bool = False  # the table has figures of several years or units, and nothing shows which one this row's is

    @property
    def printed(self) -> str:
        return self.found.fields[0].text

    def fields(self) -> Iterator[tuple[str | None, GridCell]]:
        """Role and cell of every field after the label."""
        return ((r, c) for r, c in zip(self.roles[1:], self.found.fields[1:], strict=True) if c.origin)

    def figures(self) -> list[GridCell]:
        """The fields that hold a figure or a mark for none, without those that the head calls something else."""
        return [c for role, c in self.fields() if role not in ("aside", "other", "unit") and is_value(c.text)]


@lru_cache(maxsize=16384)
def bare(text: str) -> str:
    """A label without numbering, 其中, remarks in brackets and punctuation."""
    plain, before = fold(text), ""
    while plain != before:
        before, plain = plain, LEADING.sub("", plain).removeprefix("其中").lstrip(":,")
    return PUNCTUATION.sub("", BRACKET.sub("", plain)) or PUNCTUATION.sub("", plain)


@cache
def _wordings() -> dict[str, tuple[int, ...]]:
    """Every wording with the rows of the form that bear it: 其他情形数 stands under two parents."""
    found: dict[str, list[int]] = {}
    for index, indicator in enumerate(load().indicators):
        for wording in dict.fromkeys(bare(text) for text in (indicator.label, *indicator.aliases)):
            found.setdefault(wording, []).append(index)
    return {wording: tuple(rows) for wording, rows in found.items()}


@lru_cache(maxsize=16384)
def scores(text: str) -> tuple[tuple[int, float], ...]:
    """The form's rows that a label may be: 1 for a wording of theirs, less for up to two edits; () for no label.

    微博 and 微信 are one edit apart: a slip as near to one label as to another is neither.
    """
    printed, wordings = bare(text), _wordings()
    if not printed:
        return ()
    if printed in wordings:
        return tuple((row, 1.0) for row in wordings[printed])
    near = [
        (d, w) for w in wordings if (d := Levenshtein.distance(printed, w, score_cutoff=2)) <= 2 and d * 4 <= len(w)
    ]
    least = min((d for d, _ in near), default=0)
    rows = {wordings[w] for d, w in near if d == least}
    return tuple((row, 1 - least / len(printed)) for row in rows.pop()) if len(rows) == 1 else ()


def known(text: str) -> bool:
    """Whether a text is a label of the form, letter by letter; of four characters or more."""
    printed = bare(text)
    return len(printed) >= 4 and printed in _wordings()


def segments(tables: Sequence[Table]) -> list[Segment]:
    """Every row that bears a label of the form, and those with words and figures beside such rows (scores ())."""
    found: list[Segment] = []
    several = _several([table for table in tables if _bears(table)])
    for number, table in enumerate(tables, 1):
        rows = [FoundRow(number, at, table.shape, fields) for at, fields in enumerate(table.rows, 1)]
        if table.shape == "cells" and not _rows_kept(rows):
            rows = list(_resegmented(rows))
        made = list(_of_rows(rows, several))
        if any(part.scores for _, part in made):
            found += _in_order(made)
    return found


def _bears(table: Table) -> bool:
    return any(known(cell.text) for row in table.rows for cell in row)


def _several(tables: Sequence[Table]) -> bool:
    """Whether the heads of the tables name more than one column of figures: last year's, the whole area's, a sum."""
    rows = [[cell.text for cell in row if cell.origin and cell.text.strip()] for table in tables for row in table.rows]
    heads = [row for row in rows if not any(is_value(text) or known(text) for text in row)]
    words = {key(word) for row in heads for text in row for word in (text, *text.split())}
    return len({word for word in words if role(word) in ("value", "other")}) > 1


def _rows_kept(rows: Sequence[FoundRow]) -> bool:
    """Whether most labels stand in one row with what follows them: then the breaks of rows are those of the print."""
    labelled = [row for row in rows if any(scores(c.text) for c in row.fields)]
    return sum(not scores(row.fields[-1].text) for row in labelled) * 2 > len(labelled)


def _resegmented(rows: Sequence[FoundRow]) -> Iterator[FoundRow]:
    """One cell a line: where row breaks are lost, a row begins at each text that is neither a unit nor a figure."""
    units, current = load().words["units"], None
    for row in rows:
        for cell in row.fields:
            text = fold(cell.text)
            if text and text not in units and not is_value(cell.text):
                if current:
                    yield current
                current = replace(row, fields=(cell,))
            elif current:
                current = replace(current, fields=(*current.fields, cell))
    if current:
        yield current


def _of_rows(rows: Sequence[FoundRow], several: bool) -> Iterator[tuple[int, Segment]]:
    """(field of the label, segment) in the order of print."""
    head: dict[int, str] = {}
    width = 0
    fragment: FoundRow | None = None
    for row in rows:
        if roles := _head(row):
            head, width, fragment = roles, len(row.fields), None
            continue
        fits = list(head.values()).count("value") == 1 and (row.shape == "grid" or len(row.fields) == width)
        made = list(_split(_joined(fragment, row) or row, head, several and not fits))
        yield from made
        texts = [c for c in row.fields if c.origin and c.text.strip()]
        lone = len(texts) == 1 and not is_value(texts[0].text) and not any(part.scores for _, part in made)
        fragment = row if lone else None


def _head(row: FoundRow) -> dict[int, str]:
    """Field → role, where a row heads columns: label, unit, value, other (another year's), aside. {} for other rows."""
    found = {i: named for i, cell in enumerate(row.fields) if cell.origin and (named := role(cell.text))}
    return found if len(found) >= 2 and {"label", "value", "other"} & set(found.values()) else {}


def role(text: str) -> str | None:
    """What a word at the head of a column says of it; None where it heads none."""
    words, plain = load().words, key(BRACKET.sub("", fold(text))) or key(text)
    return next((name for name in ROLES if plain in words[name]), "value" if YEAR_HEAD.match(fold(text)) else None)


def _joined(fragment: FoundRow | None, row: FoundRow) -> FoundRow | None:
    """The row with the label that a line break cut in two (S17)."""
    first = next((i for i, c in enumerate(row.fields) if c.origin and c.text.strip()), None)
    if fragment is None or first is None or is_value(row.fields[first].text) or scores(row.fields[first].text):
        return None
    above = next(c.text for c in fragment.fields if c.origin and c.text.strip())
    text = above + "\n" + row.fields[first].text
    if not scores(text):
        return None
    fields = (*row.fields[:first], replace(row.fields[first], text=text), *row.fields[first + 1 :])
    return replace(row, fields=fields, joined=(above,))


def _split(row: FoundRow, head: dict[int, str], askew: bool) -> Iterator[tuple[int, Segment]]:
    """A row's segments: from each label that figures or a unit follow to the next one; of labels in line the last."""
    units = load().words["units"]
    at = [i for i, c in enumerate(row.fields) if c.origin and scores(c.text)]
    starts = [
        i
        for i, after in zip(at, [*at[1:], None], strict=False)
        if after is None or any(is_value(c.text) or fold(c.text) in units for c in row.fields[i + 1 : after])
    ]
    if not starts:
        words = [i for i, c in enumerate(row.fields) if c.origin and key(c.text) and not is_value(c.text)]
        starts = [i for i in words if fold(row.fields[i].text) not in units][:1]
    if not starts:
        return
    for start, end in zip(starts, [*starts[1:], len(row.fields)], strict=True):
        fields = row.fields[start:end]
        found = replace(row, fields=fields)
        roles = tuple(head.get(i) for i in range(start, end))
        beside = [fold(c.text) for c in fields[1:] if fold(c.text) in units]
        inside = UNIT_IN_LABEL.search(fold(fields[0].text))
        unit = beside[0] if beside else inside[1] if inside and inside[1] in units else None
        yield start, Segment(found, bare(fields[0].text), scores(fields[0].text), roles, unit, askew)


def _in_order(made: Sequence[tuple[int, Segment]]) -> list[Segment]:
    """Segments in the order of the form: of a table in two halves side by side the left half goes first."""
    second: list[int] = []
    for (start, part), (_, previous) in zip(made[1:], made, strict=False):
        if part.found.index == previous.found.index and part.scores and previous.scores:
            second.append(start)
    if len(second) < HALVES:
        return [part for _, part in made]
    border = min(second)
    return [part for _, part in sorted(made, key=lambda pair: pair[0] >= border)]
