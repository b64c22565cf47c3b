"""The official forms as data: one TOML an edition, nothing about a form in code."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from extract.labels import key


# eq=False: forms are loaded once, so identity is equality, and hashing is cheap
@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """A column (measure, applicant or result). `money`: a unit must be printed; `signed`: may be negative."""

    name: str
    label: str
    en: str
    unit: str
    aliases: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    money: bool = False
    signed: bool = False
    printed_unit: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """A row (item, outcome or channel) with the merged labels above or left of it and its own columns."""

    name: str
    label: str
    en: str
    columns: tuple[Column, ...]
    aliases: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    block: str | None = None
    article: str | None = None


@dataclass(frozen=True, slots=True)
class Relation:
    """Σ left = Σ right; `along` says which axis left and right name, each line across it is tested by itself."""

    rule: str
    table: str
    along: str
    left: tuple[str, ...]
    right: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FormTable:
    """One official table; `columns` are those of all rows (table 二: the union of the rows' measures)."""

    name: str
    rows: tuple[Row, ...]
    columns: tuple[Column, ...]

    def row(self, name: str) -> Row:
        return next(row for row in self.rows if row.name == name)


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """An edition of the form: `tables` by our names, the years it was made for, and the notice that made it.

    `merged` is the same edition with several rows printed as one; there `open_rows` are those that it does not show.
    """

    edition: str
    notice: str
    years: tuple[int, int]
    tables: Mapping[str, FormTable]
    relations: tuple[Relation, ...]
    note: str
    heads: Mapping[str, tuple[str, ...]]
    merged: Form | None = None
    open_rows: tuple[str, ...] = ()


@cache
def load() -> dict[str, Form]:
    """All editions, by edition. Raises TypeError at an unknown key: a typo in a form must not pass."""
    # that of 2014 has one figure a row and none of the three tables: forms/statistics.py
    paths = (path for path in sorted(Path(__file__).parent.glob("*.toml")) if path.stem != "2014")
    return {path.stem: _form(path) for path in paths}


def _form(path: Path) -> Form:
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    measures = {c.name: c for c in map(_column, data["measures"])}
    applicants, results = tuple(map(_column, data["applicants"])), tuple(map(_column, data["results"]))
    tables = {
        "disclosures": FormTable(
            "disclosures",
            tuple(_row(r, tuple(measures[m] for m in r["columns"])) for r in data["disclosures"]),
            tuple(measures.values()),
        ),
        "applications": FormTable("applications", tuple(_row(r, applicants) for r in data["applications"]), applicants),
        "disputes": FormTable("disputes", tuple(_row(r, results) for r in data["disputes"]), results),
    }
    relations = tuple(
        Relation(**{k: tuple(v) if isinstance(v, list) else v for k, v in r.items()}) for r in data["relations"]
    )
    words = data["words"]
    heads = {name: tuple(map(key, words[name])) for name in tables}
    form = Form(data["edition"], data["notice"], tuple(data["years"]), tables, relations, words["note"], heads)
    return replace(form, merged=_merged(form, **data["merged"])) if "merged" in data else form


def _merged(form: Form, rows: list[str], into: dict[str, Any]) -> Form:
    """The form with one row in the place of several, in table 三 and in its relations."""
    table = form.tables["applications"]
    row = _row(into, table.columns)
    kept = [row if r.name == rows[0] else r for r in table.rows if r.name not in rows[1:]]
    relations = tuple(
        replace(r, left=tuple(row.name if n == rows[0] else n for n in r.left if n not in rows[1:]))
        for r in form.relations
    )
    tables = {**form.tables, "applications": replace(table, rows=tuple(kept))}
    return replace(form, tables=tables, relations=relations, open_rows=tuple(rows))


def as_printed(edition: str, rows: Iterable[str]) -> Form:
    """The edition in the shape in which a report prints it, known by the rows of table 三 that the Report has."""
    form = load()[edition]
    shown = set(rows)
    return form.merged if form.merged and any(row.name in shown for row in _own(form)) else form


def _own(form: Form) -> Iterator[Row]:
    """The rows that only the merged shape has."""
    plain = {row.name for row in form.tables["applications"].rows}
    merged = form.merged.tables["applications"].rows if form.merged else ()
    return (row for row in merged if row.name not in plain)


def _tuples(record: dict[str, Any]) -> dict[str, Any]:
    return {k: tuple(v) if isinstance(v, list) else v for k, v in record.items()}


def _column(record: dict[str, Any]) -> Column:
    return Column(**_tuples(record))


def _row(record: dict[str, Any], columns: tuple[Column, ...]) -> Row:
    return Row(**(_tuples(record) | {"columns": columns}))
