"""Which field of a row belongs to which column, as the row's header shows it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from extract.figures import is_value
from extract.forms import Column, Form
from extract.labels import fold, key
from extract.match import BLOCK, FoundRow, Match, similarity

# 千元, 百万元, 美元, 元/万元 are none of these: the amount then stands without a unit (U01)
UNIT = re.compile(r"(?<![千百十\d美港欧日/或])(亿元|万元|元)(?![/或])")
ADDED = re.compile(r"\([^()]*\)|20\d\d年?(?:度)?")


@dataclass(frozen=True, slots=True)
class Header:
    """The fields after the head's first cell as (index, column or None where untitled), and units printed in them."""

    fields: tuple[tuple[int, Column | None], ...]
    units: Mapping[str, str]
    printed: tuple[tuple[str, str], ...]  # (column name, text as printed)
    blanks: frozenset[int] = frozenset()  # untitled fields of the head, tabs at its end included

    def columns(self) -> list[Column]:
        return [column for _, column in self.fields if column]


def recognise(text: str, columns: Sequence[Column]) -> Column | None:
    """The column a header names: its wording or an alias, a unit or year in it set aside, up to two slips."""
    bare = key(ADDED.sub("", fold(text)))
    for printed in (key(text), bare):
        scored = [(similarity(printed, _wordings(column)), column) for column in columns]
        score, column = max(scored, key=lambda pair: pair[0], default=(0.0, None))
        if score:
            return column
    return None


@cache
def _wordings(column: Column) -> tuple[str, ...]:
    texts = (column.label, *column.aliases)
    return tuple(dict.fromkeys([*map(key, texts), *(key(ADDED.sub("", fold(text))) for text in texts)]))


def disclosure_header(form: Form, match: Match, before: Sequence[FoundRow]) -> Header | None:
    """The last header row above a row of table 二; heads repeat for every block of the form."""
    for row in reversed(before):
        texts = [(i, c.text) for i, c in enumerate(row.fields) if c.origin]
        first = next((i for i, text in texts if "信息内容" in fold(text)), None)
        if first is None and BLOCK.match(fold("".join(text for _, text in texts))):
            return None  # the block begins here: its head is missing
        if first is None and not any(is_value(text) for _, text in texts):
            measures = [i for i, text in texts if text.strip() and recognise(text, form.tables["disclosures"].columns)]
            first = measures[0] - 1 if measures else None
        if first is None:
            continue
        blanks = frozenset(i for i, text in texts if i > first and not text.strip())
        fields = [(i, recognise(text, form.tables["disclosures"].columns)) for i, text in texts if i > first]
        if row.shape == "tabs":  # trailing tabs are the converter's, not columns
            fields = [(i, column) for i, column in fields if column or row.fields[i].text.strip()]
        printed = [(column.name, row.fields[i].text) for i, column in fields if column]
        units = {name: unit[0] for name, text in printed if (unit := UNIT.search(fold(text)))}
        return Header(tuple(fields), units, tuple(printed), blanks)
    return None


def grid_columns(columns: Sequence[Column], rows: Sequence[FoundRow]) -> Mapping[str, int] | None:
    """Field index of each applicant column in a true grid, from the first rows that name them; None if not all show."""
    at: dict[str, int] = {}
    for row in rows:
        if len(at) == len(columns):
            break
        for index, cell in enumerate(row.fields):
            if cell.origin and cell.text.strip() and (column := recognise(cell.text, columns)):
                at.setdefault(column.name, index)
    return at if len(at) == len(columns) and len(set(at.values())) == len(columns) else None
