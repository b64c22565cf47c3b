"""What stands in each field of the official tables: a figure, what was printed instead, or why there is none."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from db import decisions, indicators
from db.changes import SEVERITIES, STANDING
from db.language import Say
from db.layout import Box, Grid, Label, Where
from db.rows import COLUMNS
from extract import forms

Row = dict[str, Any]
Query = Callable[..., Awaitable[list[Row]]]  # `query(sql, *values)` → rows: what a page reads through
Values = dict[Where, tuple[float | None, str | None]]
# A mark is told apart by its shape and its words; colour only repeats them.
SYMBOLS = {"error": "✕", "warning": "▲", "notice": "●", "info": "○", "cell": "◇", "derived": "≙"}
TABLES = {
    "disclosures": Label("表二", "Table 2"),
    "applications": Label("表三", "Table 3"),
    "disputes": Label("表四", "Table 4"),
    "statistics": Label("统计表", "Statistics table"),
}
WHOLE = "*"
PLACES = ("document", "image", "page", "table", "row", "column", "line")


@dataclass(slots=True)
class Note:
    """What stands below the tables about one cell, and as a mark in it."""

    number: int
    where: Where
    label: Label
    cell: Row | None = None
    derived: Row | None = None
    findings: list[Row] = field(default_factory=list)
    unit: str | None = None  # of the value that was read
    place: str = ""  # where in the document, in words
    title: str = ""  # what appears on hovering; the same stands in the note below the tables

    @property
    def had_read(self) -> bool:
        """Whether `raw` is what we had read: a plain figure is listed only once it is corrected, and then misread."""
        cell = self.cell
        return cell is not None and decisions.corrected(cell) and cell["class"] in ("number", "blank")

    @property
    def severity(self) -> str:
        found = {f["severity"] for f in self.findings}
        return next((s for s in SEVERITIES if s in found), "derived" if self.derived else "cell")

    @property
    def worst(self) -> str:
        """Severity of its gravest finding, `info` where it has none."""
        return self.severity if self.findings else "info"

    @property
    def mark(self) -> str:
        """Symbol and rule ids, e.g. `✕ S12`."""
        rules = sorted({f["rule"] for f in self.findings})
        return " ".join([SYMBOLS[self.severity], *(rules or [str(self.number)])])


def figure(value: float | None) -> str:
    """A number as people write it: no `.0`, no exponent, thousands apart."""
    if value is None:
        return ""
    exact = Decimal(str(value))
    return f"{int(exact):,}" if exact == exact.to_integral_value() else f"{exact.normalize():,f}"


async def all_of(query: Query, report: str, table: str, order: str = "rowid") -> list[Row]:
    """What a table holds of a report."""
    return await query(f"SELECT * FROM [{table}] WHERE report = ? ORDER BY {order}", report)


def values(disclosures: list[Row], applications: list[Row], disputes: list[Row], statistics: list[Row]) -> Values:
    """(value, unit) by place; a place that is absent was not found in the document."""
    found: Values = {("disclosures", row["item"], row["measure"]): (row["value"], row["unit"]) for row in disclosures}
    for table, key, rows in (("applications", "outcome", applications), ("disputes", "channel", disputes)):
        found |= {(table, row[key], column): (row[column], None) for row in rows for column in COLUMNS[table]}
    return found | {("statistics", line["indicator"], "value"): (line["value"], line["unit"]) for line in statistics}


def notes(
    t: Say, drawn: tuple[Grid, ...], cells: list[Row], derived: list[Row], findings: list[Row]
) -> dict[Where, Note]:
    """One note a cell that has something to say, numbered in the order of the printed tables."""
    said: dict[Where, Note] = {}

    def at(row: Row) -> Note:
        where = (row["table_name"], row["row_name"], row["column_name"])
        return said.setdefault(where, Note(0, where, named(where)))

    for cell in cells:
        at(cell).cell = cell
    for value in derived:
        at(value).derived = value
    for found in findings:
        if found["table_name"] and found["review"] in STANDING:
            at(found).findings.append(found)
    order = {box.where: n for n, box in enumerate(b for grid in drawn for line in grid.rows for b in line) if box.where}
    ordered = dict(sorted(said.items(), key=lambda item: order.get(item[0], len(order) + 10**6)))
    for number, note in enumerate(ordered.values(), 1):
        note.number = number
        note.place = in_words(t, note.cell["place"]) if note.cell else ""
        note.title = _title(t, note)
    return ordered


def _title(t: Say, note: Note) -> str:
    words = [f"{f['rule']} {f[t('cell.rule_column')] or f['message']}" for f in note.findings]
    raw = (note.cell or {}).get("raw") or t("cell.nothing")
    printed = [t("cell.had_read_as" if note.had_read else "cell.printed_as", raw=raw)] if note.cell else []
    derived = []
    if note.derived:
        assumed = t("report.assumed_zero") if note.derived["assumed_zero"] else ""
        derived = [t("cell.derived_as", value=figure(note.derived["value"])) + assumed]
    return "; ".join(words + printed + derived)


def about(notes: Iterable[Note], where: Where) -> list[Note]:
    """Notes on a cell: its own, and those on its whole row, column or table."""
    return [note for note in notes if note.where in around(where)]


def around(where: Where) -> tuple[Where, ...]:
    """A cell, and its whole row, column and table: what is said of any of them is said of the cell."""
    table, row, column = where
    return where, (table, row, None), (table, None, column), (table, None, None)


def address(where: Where) -> str:
    """A cell as it stands in an address: `applications.new.total`; `*` for a whole row, column or both."""
    return ".".join(part or WHOLE for part in where)


def named(where: Where) -> Label:
    """A cell in the official words: 表三 › 5.属于三类内部事务信息 › 自然人, and the same in English."""
    table, row, column = where
    if table == "statistics" and row and (words := indicators.words(row, column)):
        return words
    for form in reversed(forms.load().values()):
        if table in form.tables:
            rows = {r.name: r for r in form.tables[table].rows}
            columns = {c.name: c for c in form.tables[table].columns}
            if (row is None or row in rows) and (column is None or row is None or column in columns):
                path = [TABLES[table]]
                path += [Label(rows[row].label, rows[row].en)] if row else []
                path += [Label(columns[column].label, columns[column].en)] if column in columns else []
                return Label(" › ".join(part.zh for part in path), " › ".join(part.en for part in path))
    plain = " › ".join(filter(None, where))
    return TABLES[table] if plain in TABLES else Label(plain, plain)


def in_words(t: Say, place: str | None) -> str:
    """A place in words, as the reader of the original would look for it; "" where none is known."""
    found = json.loads(place) if place else {}
    return t("cell.and").join(
        t("cell.at_" + key, number=str(found[key])[:19]) for key in PLACES if found.get(key) is not None
    )


def shown(t: Say, box: Box, found: Values, said: dict[Where, Note], money: dict[str, str | None]) -> Row:
    """A box with what stands in it: a figure, what was printed instead, or why there is none."""
    note = said.get(box.where) if box.where else None
    if box.label or box.where is None:
        return {"box": box, "note": note}
    value, unit = found.get(box.where, (None, None))
    cell = note.cell if note else None
    line: Row = {"box": box, "note": note, "cell": address(box.where), "missing": value is None}
    line |= {"text": figure(value), "small": ""}
    if value is None and cell:
        line["text"] = f"“{cell['raw']}”" if cell["raw"] and cell["class"] != "blank" else "□"
        line["small"] = t("class." + cell["class"])
    elif value is None:
        read = box.where in found
        line |= {"text": "□" if read else "∅", "small": t("cell.no_number") if read else t("cell.not_found")}
    elif printed := _money(box.where, money):
        if unit is None:
            line["small"] = t("cell.unit_unknown")
        elif printed == "万元":  # the heading says 万元, the database holds yuan: show both
            yuan = t("cell.yuan", value=figure(value))
            line |= {"text": figure(float(Decimal(str(value)) / 10000)), "small": f"= {yuan}"}
        else:
            line["small"] = unit
    return line


def _money(where: Where, measures: dict[str, str | None]) -> str | None:
    """The unit that the form prints for a cell of money, 元 where it leaves that open; None for a count."""
    table, row, column = where
    units = indicators.printed_units() if table == "statistics" else measures if table == "disclosures" else {}
    name = row if table == "statistics" else column
    return (units[name] or "元") if name in units else None


def beyond(drawn: tuple[Grid, ...], found: Values) -> list[tuple[Where, float | None, str | None]]:
    """Figures in rows that the form does not have: shown, so that nothing is lost without a word."""
    places = {box.where for grid in drawn for line in grid.rows for box in line}
    rest = defaultdict(list)
    for where, (value, unit) in found.items():
        if where not in places:
            rest[where[:2]].append((where, value, unit))
    return [item for group in rest.values() for item in group]
