"""The official tables as printed: merged headers and group labels from the form, with a place for every value."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from extract.forms import Form, FormTable, Row

# What the annex prints around the rows and columns; the form knows these labels in Chinese only.
ENGLISH = {
    "申请人情况": "Applicants",
    "法人或其他组织": "Legal persons or other organisations",
    "三、本年度办理结果": "Outcome this year",
    "（三）不予公开": "Refused",
    "（四）无法提供": "Could not be provided",
    "（五）不予处理": "Not processed",
    "（六）其他处理": "Handled otherwise",
    "行政复议": "Administrative reconsideration",
    "行政诉讼": "Litigation",
    "信息内容": "Content",
}
_NUMERALS = "一二三四五六七八九"
_ARTICLE = re.compile(f"第二十条第（([{_NUMERALS}])）项")
Where = tuple[str, str | None, str | None]


@dataclass(frozen=True, slots=True)
class Label:
    """A label as printed, with English beneath."""

    zh: str
    en: str = ""


TITLES = {
    "disclosures": Label("二、主动公开政府信息情况", "Information disclosed proactively"),
    "applications": Label("三、收到和处理政府信息公开申请情况", "Requests received and handled"),
    "disputes": Label("四、政府信息公开行政复议、行政诉讼情况", "Reconsiderations and lawsuits"),
}


@dataclass(frozen=True, slots=True)
class Box:
    """One field of the printed table: a label, or the place `where` of a value."""

    label: Label | None = None
    where: Where | None = None
    rowspan: int = 1
    colspan: int = 1
    scope: str = "col"  # what a label heads: col, row, colgroup, rowgroup


@dataclass(frozen=True, slots=True)
class Grid:
    """A printed table: its rows of boxes, headers included."""

    name: str
    title: Label
    rows: tuple[tuple[Box, ...], ...]


def grids(form: Form) -> tuple[Grid, ...]:
    """The three official tables of a form in their official layout."""
    disclosures, applications, disputes = (form.tables[name] for name in TITLES)
    return (
        Grid("disclosures", TITLES["disclosures"], _disclosures(disclosures)),
        Grid("applications", TITLES["applications"], _applications(applications, form.note)),
        Grid("disputes", TITLES["disputes"], _disputes(disputes)),
    )


def _disclosures(table: FormTable) -> tuple[tuple[Box, ...], ...]:
    """Blocks one below the other; each has its own header, stretched to the width of the widest."""
    width = max(len(row.columns) for row in table.rows)
    rows: list[tuple[Box, ...]] = []
    last: str | None = None
    for (block, columns), members in groupby(table.rows, key=lambda row: (row.block, row.columns)):
        if not rows or block != last:
            rows.append((Box(_label(block or ""), colspan=width + 1, scope="colgroup"),))
        last = block
        spans = [1] * (len(columns) - 1) + [width - len(columns) + 1]
        head = [Box(Label(c.label, c.en), colspan=n) for c, n in zip(columns, spans, strict=True)]
        rows.append((Box(_label("信息内容")), *head))
        for row in members:
            values = [Box(where=(table.name, row.name, c.name), colspan=n) for c, n in zip(columns, spans, strict=True)]
            rows.append((Box(Label(row.label, row.en), where=(table.name, row.name, None), scope="row"), *values))
    return tuple(rows)


def _applications(table: FormTable, note: str) -> tuple[tuple[Box, ...], ...]:
    """Applicants across, outcomes down with their groups as vertical labels."""
    top = _padded([[_label("申请人情况"), *map(_label, c.groups), Label(c.label, c.en)] for c in table.columns])
    left = _padded([[*map(_label, row.groups), Label(row.label, row.en)] for row in table.rows])
    corner = Box(Label(note, "per column: 一 + 二 = 三 + 四"), rowspan=len(top[0]), colspan=len(left[0]))
    places = [(table.name, None, column.name) for column in table.columns]
    head = [[*([corner] if number == 0 else []), *boxes] for number, boxes in enumerate(_across(top, places))]
    body = [
        [*_named(boxes, table, row), *(Box(where=(table.name, row.name, c.name)) for c in table.columns)]
        for row, boxes in zip(table.rows, _down(left), strict=True)
    ]
    return tuple(map(tuple, head + body))


def _disputes(table: FormTable) -> tuple[tuple[Box, ...], ...]:
    """Channels side by side, one line of values."""
    paths = []
    for row in table.rows:
        outer = [*map(_label, row.groups), Label(row.label, row.en)]
        depth = max(len(r.groups) for r in table.rows) + 1
        outer = outer + [outer[-1]] * (depth - len(outer))
        paths += [[*outer, Label(c.label, c.en)] for c in row.columns]
    values = [Box(where=(table.name, row.name, c.name)) for row in table.rows for c in row.columns]
    return (*map(tuple, _across(paths)), tuple(values))


def _named(boxes: list[Box], table: FormTable, row: Row) -> list[Box]:
    """The row's own label, the last box, is where findings about the whole row stand."""
    last = boxes[-1]
    return [*boxes[:-1], Box(last.label, (table.name, row.name, None), last.rowspan, last.colspan, "row")]


def _label(zh: str) -> Label:
    number = _ARTICLE.fullmatch(zh)
    article = f"Article 20({_NUMERALS.index(number[1]) + 1})" if number else ""
    return Label(zh, ENGLISH.get(zh, article))


def _padded(paths: Sequence[list[Label]]) -> list[list[Label]]:
    """Paths of one length: the innermost label is stretched."""
    depth = max(map(len, paths))
    return [path + [path[-1]] * (depth - len(path)) for path in paths]


def _merged(paths: Sequence[list[Label]]) -> Iterable[tuple[int, int, int, int]]:
    """(path, level, how many paths, how many levels) of each label, equal neighbours made one."""
    for p, path in enumerate(paths):
        for level, label in enumerate(path):
            stretched = level > 0 and path[level - 1] == label
            repeated = p > 0 and paths[p - 1][: level + 1] == path[: level + 1]
            if stretched or repeated:
                continue
            along = sum(1 for _ in _while_equal(other[: level + 1] == path[: level + 1] for other in paths[p:]))
            deep = sum(1 for _ in _while_equal(other == label for other in path[level:]))
            yield p, level, along, deep


def _while_equal(tests: Iterable[bool]) -> Iterable[bool]:
    for test in tests:
        if not test:
            return
        yield test


def _across(paths: Sequence[list[Label]], places: Sequence[Where] = ()) -> list[list[Box]]:
    """Heads above columns; `places` says where findings about a whole column stand."""
    rows: list[list[Box]] = [[] for _ in paths[0]]
    for p, level, along, deep in _merged(paths):
        scope = "colgroup" if along > 1 else "col"
        where = places[p] if places and level + deep == len(paths[p]) else None
        rows[level].append(Box(paths[p][level], where, rowspan=deep, colspan=along, scope=scope))
    return rows


def _down(paths: Sequence[list[Label]]) -> list[list[Box]]:
    rows: list[list[Box]] = [[] for _ in paths]
    for p, level, along, deep in _merged(paths):
        scope = "rowgroup" if along > 1 else "row"
        rows[p].append(Box(paths[p][level], rowspan=along, colspan=deep, scope=scope))
    return rows
