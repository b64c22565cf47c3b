"""The statistics table of 2014 as data: one figure an indicator, which the forms of 2019 and 2021 do not know."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from extract.forms import Column, Form, FormTable, Relation, Row

TABLE, VALUE = "statistics", "value"
THREE = ("disclosures", "applications", "disputes")


@dataclass(frozen=True, slots=True, eq=False)
class Indicator:
    """A row as printed; `parent` is the row that it stands under, a `heading` has no figure of its own."""

    name: str
    label: str
    en: str
    depth: int
    parent: str | None
    heading: bool = False
    unit: str | None = None
    money: bool = False
    printed_unit: str | None = None
    aliases: tuple[str, ...] = ()

    @property
    def column(self) -> Column:
        """The one column of figures, with this row's unit."""
        return Column(VALUE, "统计数", "Figure", self.unit or "", money=self.money, printed_unit=self.printed_unit)


@dataclass(frozen=True, slots=True, eq=False)
class Statistics:
    """The form of 2014. `form` is the same in the shape of the later ones: their three tables have no row."""

    form: Form
    indicators: tuple[Indicator, ...]
    bounds: tuple[tuple[str, str], ...]  # (part, whole): 其中
    bound_rule: str
    words: Mapping[str, frozenset[str]]
    silent: frozenset[str]

    @property
    def rows(self) -> tuple[Indicator, ...]:
        """The rows that print a figure."""
        return tuple(i for i in self.indicators if not i.heading)

    def indicator(self, name: str) -> Indicator:
        return next(i for i in self.indicators if i.name == name)


@cache
def load() -> Statistics:
    """The form. Raises TypeError at an unknown key, ValueError at a relation that names no row."""
    data = tomllib.loads(Path(__file__).with_name("2014.toml").read_text(encoding="utf-8"))
    indicators = tuple(_indicators(data["indicators"]))
    rows = tuple(Row(i.name, i.label, i.en, (i.column,), i.aliases) for i in indicators if not i.heading)
    relations = tuple(
        Relation(r["rule"], TABLE, "rows", tuple(r["left"]), tuple(r["right"])) for r in data["relations"]
    )
    bounds = tuple((part, whole) for part, whole in data["bounds"]["pairs"])
    named = {n for r in relations for n in (*r.left, *r.right)} | {n for pair in bounds for n in pair}
    if unknown := named - {row.name for row in rows}:
        raise ValueError(f"2014.toml: relations name no row: {sorted(unknown)}")
    # The table's one column holds money too: that a count is no fraction is tested by the row
    figures = FormTable(TABLE, rows, (Column(VALUE, "统计数", "Figure", "", money=True),))
    tables = {name: FormTable(name, (), ()) for name in THREE} | {TABLE: figures}
    form = Form(data["edition"], data["notice"], tuple(data["years"]), tables, relations, "", dict.fromkeys(THREE, ()))
    words = {name: frozenset(texts) for name, texts in data["words"].items()}
    return Statistics(form, indicators, bounds, data["bounds"]["rule"], words, frozenset(data["silent"]["rules"]))


@cache
def reading_form() -> Form:
    """The form as the checks of one document see it: its relations are tested by the checks of its own."""
    return replace(load().form, relations=())


@cache
def beside(form: Form) -> Form:
    """A later form of which a report prints the statistics table too."""
    return replace(form, tables={**form.tables, TABLE: load().form.tables[TABLE]})


def _indicators(records: list[dict[str, Any]]) -> list[Indicator]:
    """The rows with their parents: the nearest row above that is less deep."""
    made: list[Indicator] = []
    for record in records:
        parent = next((i.name for i in reversed(made) if i.depth < record["depth"]), None)
        made.append(Indicator(**(record | {"parent": parent, "aliases": tuple(record.get("aliases", ()))})))
    return made
