"""Aligns the rows found in a document with the rows of a form, by label and in order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from rapidfuzz.distance import Levenshtein

from extract.content import Content, GridCell, Table
from extract.figures import is_value
from extract.forms import Form, Row
from extract.labels import fold, key
from extract.records import Place

YEAR = re.compile(r"\(?20\d\d年?(?:度)?\)?")  # 本年（2023）制发件数
BLOCK = re.compile(r"第.{0,4}条第.{0,6}项|第.{1,4}条")


@dataclass(frozen=True, slots=True)
class FoundRow:
    """A row as it stands in the document: which table and row (from 1), its fields, and what became of it."""

    table: int
    index: int
    shape: str
    fields: tuple[GridCell, ...]
    glued: bool = False
    joined: tuple[str, ...] = ()  # label fragments of other rows that were glued to this one (S17)

    @property
    def place(self) -> Place:
        """Where its first field stands."""
        return self.fields[0].place if self.fields else {"table": self.table, "row": self.index, "column": 1}

    def texts(self) -> Iterator[str]:
        return (cell.text for cell in self.fields if cell.origin and cell.text.strip())


@dataclass(frozen=True, slots=True)
class Match:
    """A form row, the document row that shows it, and the field that holds its label."""

    table: str
    row: Row
    found: FoundRow
    label: int

    @property
    def printed(self) -> str:
        return self.found.fields[self.label].text


@cache
def _wordings(row: Row) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key(text) for text in (row.label, *row.aliases)))


@lru_cache(maxsize=65536)
def similarity(printed: str, wordings: tuple[str, ...]) -> float:
    """1 for the form's wording or an alias; less for up to two edits in a label long enough; else 0."""
    if not printed:
        return 0.0
    if printed in wordings:
        return 1.0
    distance, wording = min((Levenshtein.distance(printed, w, score_cutoff=2), w) for w in wordings)
    return 1 - distance / len(wording) if distance <= 2 and distance * 4 <= len(wording) else 0.0


def rows(tables: Sequence[Table]) -> list[FoundRow]:
    """All rows of a document's tables in order."""
    return [
        FoundRow(t, r, table.shape, fields, r - 1 in table.glued)
        for t, table in enumerate(tables, 1)
        for r, fields in enumerate(table.rows, 1)
    ]


def is_header(row: FoundRow, form: Form) -> bool:
    """A row of column labels: at least two of them, or one of the words that only heads bear."""
    labels = column_keys(form)
    keys = [key(text) for text in row.texts()]
    if any(is_value(text) for text in row.texts()) and not any("信息内容" in k for k in keys):
        return False
    return len([k for k in keys if k in labels]) >= 2 or any(
        "信息内容" in k or "申请人情况" in k or "勾稽关系" in k or BLOCK.match(k) for k in keys
    )


@cache
def column_keys(form: Form) -> frozenset[str]:
    """Every wording of a column or of a column group, for telling heads from rows."""
    return frozenset(
        key(text)
        for table in form.tables.values()
        for column in table.columns
        for text in (column.label, *column.aliases, *column.groups)
    )


def align(form: Form, found: Sequence[FoundRow]) -> list[Match]:
    """The best order-preserving alignment of form rows (tables 二 and 三) with document rows, over all tables at once.

    A label may be missing, split, repeated or misspelt; the alignment with the highest sum of similarities decides.
    """
    wanted = [(name, row) for name in ("disclosures", "applications") for row in form.tables[name].rows]
    usable = [row for row in found if not is_header(row, form)]
    scores = [[_score(labels, official) for _, official in wanted] for labels in map(_labels, usable)]
    best = [[0.0] * (len(wanted) + 1) for _ in range(len(usable) + 1)]
    for i in range(len(usable) - 1, -1, -1):
        for j in range(len(wanted) - 1, -1, -1):
            together = scores[i][j][0] + best[i + 1][j + 1] if scores[i][j][0] else 0.0
            best[i][j] = max(together, best[i + 1][j], best[i][j + 1])
    matches, i, j = [], 0, 0
    while i < len(usable) and j < len(wanted):
        score, label = scores[i][j]
        if score and best[i][j] == score + best[i + 1][j + 1]:
            matches.append(Match(*wanted[j], usable[i], label))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return matches


def rivals(matches: Sequence[Match], found: Sequence[FoundRow]) -> dict[int, FoundRow]:
    """id(match) → another row that bears the same full label and other figures: which one counts cannot be told.

    Only rows of at least two figures under a label of four characters or more: 其他 and 总计 stand in many places.
    """
    taken = {id(match.found) for match in matches}
    free = [(row, {text for _, text in _labels(row)}) for row in found if id(row) not in taken]
    result: dict[int, FoundRow] = {}
    for match in matches:
        wordings = [text for text in _wordings(match.row) if len(text) >= 4 or match.table == "disclosures"]
        mine = [text.strip() for text in match.found.texts() if is_value(text)]
        for row, labels in free:
            figures = [text.strip() for text in row.texts() if is_value(text)]
            if figures and figures != mine and not labels.isdisjoint(wordings):
                result[id(match)] = row
    return result


def _labels(row: FoundRow) -> list[tuple[int, str]]:
    """The texts before the first figure that may be the row's label, with their fields.

    A text with no field after it is a heading that happens to bear the words.
    """
    found = []
    last = max((i for i, cell in enumerate(row.fields) if cell.origin), default=0)
    for index, cell in enumerate(row.fields[:last]):
        if not cell.origin or not cell.text.strip():
            continue
        if is_value(cell.text):
            break
        found.append((index, key(cell.text)))
    return found


def _score(labels: Sequence[tuple[int, str]], official: Row) -> tuple[float, int]:
    """How well one of a row's texts shows a form row, and in which field it stands; of equals the innermost."""
    wordings = _wordings(official)
    best = max(((similarity(text, wordings), index) for index, text in labels), default=(0.0, 0))
    # 行政处分 is another thing than 行政处罚: the short labels of table 二 bear no slip
    return best if best[0] == 1 or official.block is None or len(wordings[0]) > 4 else (0.0, 0)


def glue(form: Form, found: list[FoundRow]) -> list[FoundRow]:
    """Join a label that a line or page break cut in two: the fragment stands above its figures or below (S17)."""
    wordings = tuple(w for table in form.tables.values() for row in table.rows for w in _wordings(row))
    result: list[FoundRow] = []
    for row in (part for whole in found for part in _split(whole, wordings)):
        above = result[-1] if result else None
        fragment = _fragment(row)
        if (
            above
            and fragment is not None
            and (joined := _join(above, row.fields[fragment], wordings))
            or (
                above
                and (lone := _fragment(above)) is not None
                and (joined := _join_below(above.fields[lone], row, wordings))
            )
        ):
            result[-1] = joined
        else:
            result.append(row)
    return result


def _split(row: FoundRow, wordings: tuple[str, ...]) -> Iterator[FoundRow]:
    """A line that holds a second label after figures is two rows whose break was lost (S22)."""
    figures = False
    for at, cell in enumerate(row.fields):
        if row.shape == "tabs" and figures and cell.text.strip() and similarity(key(cell.text), wordings) == 1:
            yield replace(row, fields=row.fields[:at], glued=True)
            yield replace(row, fields=row.fields[at:])
            return
        figures = figures or is_value(cell.text)
    yield row


def _fragment(row: FoundRow) -> int | None:
    """The only text of a row that holds nothing else, None for any other row."""
    at = [i for i, cell in enumerate(row.fields) if cell.origin and cell.text.strip()]
    return at[0] if len(at) == 1 and not is_value(row.fields[at[0]].text) else None


def _label_field(row: FoundRow) -> int | None:
    """The last text before the first figure."""
    at = None
    for index, cell in enumerate(row.fields):
        if cell.origin and cell.text.strip():
            if is_value(cell.text):
                return at
            at = index
    return at


def _join(row: FoundRow, tail: GridCell, wordings: tuple[str, ...]) -> FoundRow | None:
    at = _label_field(row)
    if at is None or similarity(key(row.fields[at].text), wordings):
        return None
    return _joined(row, at, row.fields[at].text + "\n" + tail.text, tail.text, wordings)


def _join_below(head: GridCell, row: FoundRow, wordings: tuple[str, ...]) -> FoundRow | None:
    at = _label_field(row)
    if at is None or similarity(key(head.text), wordings) or similarity(key(row.fields[at].text), wordings):
        return None
    return _joined(row, at, head.text + "\n" + row.fields[at].text, head.text, wordings)


def _joined(row: FoundRow, at: int, text: str, part: str, wordings: tuple[str, ...]) -> FoundRow | None:
    if not similarity(key(text), wordings):
        return None
    fields = (*row.fields[:at], replace(row.fields[at], text=text), *row.fields[at + 1 :])
    return replace(row, fields=fields, joined=(*row.joined, part))


def recognise(forms: dict[str, Form], content: Content) -> Form | None:
    """The edition whose own column labels the document shows (never by year); None where no label is."""
    printed = {
        name
        for row in rows(tuple(content.tables()))
        for text in row.texts()
        for name in (key(text), key(YEAR.sub("", fold(text))))
    }
    shared = frozenset.intersection(*(frozenset(_own(form)) for form in forms.values()))
    ranked = sorted(forms.values(), key=lambda form: -len(printed & (frozenset(_own(form)) - shared)))
    winner = ranked[0]
    return winner if printed & frozenset(_own(winner)) else None


def editions_shown(forms: dict[str, Form], content: Content) -> list[str]:
    """The editions of which the document shows measures that no other edition has (T02 if more than one)."""
    printed = {key(text) for row in rows(tuple(content.tables())) for text in row.texts()}
    own = {e: {key(c.label) for c in form.tables["disclosures"].columns} for e, form in forms.items()}
    return [e for e in own if len(printed & own[e].difference(*(own[o] for o in own if o != e))) >= 2]


def _own(form: Form) -> Iterator[str]:
    for table in form.tables.values():
        for row in table.rows:
            yield key(row.label)
    for column in form.tables["disclosures"].columns:
        yield key(column.label)


def is_variant(printed: str, official: Row) -> bool:
    """Whether the label differs from the form's wording by more than punctuation and numbering (S07)."""
    bare = re.sub(r"[ \t\u00a0\u2002\u3000]", "", printed.strip())
    return key(printed) != key(official.label) or (bare != printed.strip() and len(fold(printed)) <= 4)
