"""What the page of one report shows: the official tables with their figures, marks and notes."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from db import indicators
from db.layout import Box, Grid, Label, Where, grids
from db.rows import COLUMNS
from extract import forms

Row = dict[str, Any]
Query = Callable[..., Awaitable[list[Row]]]
# A mark is told apart by its shape and its words; colour only repeats them.
SEVERITIES = {
    "error": Label("错误", "error"),
    "warning": Label("警告", "warning"),
    "notice": Label("提示", "notice"),
    "info": Label("说明", "info"),
}
SYMBOLS = {"error": "✕", "warning": "▲", "notice": "●", "info": "○", "cell": "◇", "derived": "≙"}
ORIGINS = {
    "source": Label("原文如此", "the source itself"),
    "extraction": Label("本库读取", "our reading"),
    "unknown": Label("无法判断", "unknown: source or our reading"),
}
CLASSES = {
    "number": Label("数字", "number"),
    "annotated": Label("带注数字", "number with something beside it"),
    "blank": Label("空白", "blank, not 0"),
    "not_applicable": Label("不适用", "marked as not applicable"),
    "text": Label("文字", "words, no number"),
    "unassigned": Label("未能对应", "could not be assigned to columns"),
}
SCOPES = {
    "own": Label("本级（单一机关）", "this organ alone"),
    "aggregate": Label("汇总（含下级单位）", "summed over the units below"),
    "unknown": Label("不明", "unknown"),
}
REVIEWS = {
    "confirmed": Label("已确认", "confirmed"),
    "dismissed": Label("已排除", "dismissed"),
    "resolved": Label("已由更正解决", "resolved by a correction"),
}
STATES = {
    "applied": Label("已采用", "applied"),
    "stale": Label("未采用：现读数不同", "left out: we read something else now"),
    "superseded": Label("原件已有新版本，请重新核对", "its document was replaced: look again"),
    "not held": Label("未采用", "left out"),
}
TABLES = {"disclosures": "表二", "applications": "表三", "disputes": "表四", "statistics": "统计表"}


@dataclass(slots=True)
class Note:
    """What stands below the tables about one cell, and as a mark in it."""

    number: int
    where: str
    cell: Row | None = None
    derived: Row | None = None
    findings: list[Row] = field(default_factory=list)

    @property
    def severity(self) -> str:
        found = {f["severity"] for f in self.findings}
        return next((s for s in SEVERITIES if s in found), "derived" if self.derived else "cell")

    @property
    def mark(self) -> str:
        """Symbol and rule ids, e.g. `✕ S12`."""
        rules = sorted({f["rule"] for f in self.findings})
        return " ".join([SYMBOLS[self.severity], *(rules or [str(self.number)])])

    @property
    def title(self) -> str:
        """The words that appear on hovering; the same stand in the note below."""
        words = [f"{f['rule']} {f['zh'] or f['message']}" for f in self.findings]
        printed = [f"原文 as printed: {self.cell['raw']!r}"] if self.cell else []
        derived = [f"推算 derived: {figure(self.derived['value'])}"] if self.derived else []
        return "; ".join(words + printed + derived)


async def load(query: Query, report: str) -> Row | None:
    """Everything that the page of `report` shows; None where there is no such report."""
    found = await query("SELECT * FROM reports WHERE id = ?", report)
    if not found:
        return None
    row = found[0]

    async def all_of(table: str, order: str = "rowid") -> list[Row]:
        return await query(f"SELECT * FROM [{table}] WHERE report = ? ORDER BY {order}", report)

    findings = await query(
        "SELECT f.*, rules.zh, rules.en FROM findings f JOIN rules ON rules.id = f.rule"
        " WHERE f.report = ? ORDER BY f.id",
        report,
    )
    findings.sort(key=lambda f: (list(SEVERITIES).index(f["severity"]), f["id"]))
    applications = await all_of("applications", "position")
    printed = {line["outcome"] for line in applications}
    form = forms.as_printed(row["form"], printed) if row["form"] in forms.load() else None
    drawn = grids(form) if form else ()
    if form:  # rows that the report prints as one have nothing to show
        applications = [line for line in applications if line["outcome"] not in form.open_rows]
    values = _values(await all_of("disclosures"), applications, await all_of("disputes"))
    if statistics := await all_of("statistics"):  # 2014, or printed beside the tables of a later form
        drawn += (indicators.grid(),)
        values |= {("statistics", line["indicator"], "value"): (line["value"], line["unit"]) for line in statistics}
    notes = _notes(drawn, await all_of("cells", "id"), await all_of("derived"), findings)
    money = {c.name: c.printed_unit for c in form.tables["disclosures"].columns if c.money} if form else {}
    return {
        "report": row,
        "unit": next(iter(await query("SELECT * FROM units WHERE id = ?", row["unit"])), None),
        "parents": await query(
            "SELECT u.* FROM unit_relations r JOIN units u ON u.id = r.parent WHERE r.unit = ? ORDER BY distance DESC",
            row["unit"],
        ),
        "years": await query("SELECT id, year, form FROM reports WHERE unit = ? ORDER BY year, id", row["unit"]),
        "documents": await query(
            "SELECT d.* FROM report_documents r JOIN documents d ON d.digest = r.document"
            " WHERE r.report = ? ORDER BY digest",
            report,
        ),
        "versions": await all_of("report_versions", "position DESC"),
        "changes": [
            row | {"where": words((row["table_name"], row["row_name"], row["column_name"]))}
            for row in await all_of("changes", "at DESC, id")
        ],
        "corrections": [
            row | {"where": words((row["table_name"], row["row_name"], row["column_name"]))}
            for row in await all_of("corrections", "id")
        ],
        "states": STATES,
        "reviews": REVIEWS,
        "grids": [
            (grid, [[_shown(box, values, notes, money) for box in line] for line in grid.rows]) for grid in drawn
        ],
        "beyond": _beyond(drawn, values),
        "notes": list(notes.values()),
        "findings": findings,
        "sections": await all_of("sections", "id"),
        "statements": await all_of("statements", "id"),
        "contacts": await all_of("contacts"),
    } | {
        "severities": SEVERITIES,
        "origins": ORIGINS,
        "classes": CLASSES,
        "scopes": SCOPES,
        "symbols": SYMBOLS,
        "figure": figure,
    }


def figure(value: float | None) -> str:
    """A number as people write it: no `.0`, no exponent, thousands apart."""
    if value is None:
        return ""
    exact = Decimal(str(value))
    return f"{int(exact):,}" if exact == exact.to_integral_value() else f"{exact.normalize():,f}"


def _values(
    disclosures: list[Row], applications: list[Row], disputes: list[Row]
) -> dict[Where, tuple[float | None, str | None]]:
    """(value, unit) by place; a place that is absent was not found in the document."""
    values: dict[Where, tuple[float | None, str | None]] = {
        ("disclosures", row["item"], row["measure"]): (row["value"], row["unit"]) for row in disclosures
    }
    for table, key, rows in (("applications", "outcome", applications), ("disputes", "channel", disputes)):
        values |= {(table, row[key], column): (row[column], None) for row in rows for column in COLUMNS[table]}
    return values


def _notes(drawn: tuple[Grid, ...], cells: list[Row], derived: list[Row], findings: list[Row]) -> dict[Where, Note]:
    """One note a cell that has something to say, numbered in the order of the printed tables."""
    said: dict[Where, Note] = {}

    def at(row: Row) -> Note:
        where = (row["table_name"], row["row_name"], row["column_name"])
        return said.setdefault(where, Note(0, words(where)))

    for cell in cells:
        at(cell).cell = cell
    for value in derived:
        at(value).derived = value
    for found in findings:
        if found["row_name"] and found["review"] in ("open", "confirmed"):
            at(found).findings.append(found)
    order = {box.where: n for n, box in enumerate(b for grid in drawn for line in grid.rows for b in line) if box.where}
    notes = dict(sorted(said.items(), key=lambda item: order.get(item[0], len(order) + 10**6)))
    for number, note in enumerate(notes.values(), 1):
        note.number = number
        if note.cell:
            note.cell["words"] = _place(note.cell["place"])
    return notes


def words(where: Where) -> str:
    """A cell in the official words: 表三 › 5.属于三类内部事务信息 › 自然人."""
    table, row, column = where
    if table == "statistics" and (indicator := indicators.words(row, column)):
        return indicator
    for form in reversed(forms.load().values()):
        if table in form.tables:
            rows = {r.name: r.label for r in form.tables[table].rows}
            columns = {c.name: c.label for c in form.tables[table].columns}
            if row in rows:
                return " › ".join([TABLES[table], rows[row], *([columns.get(column, column)] if column else [])])
    return " › ".join(filter(None, where))


def _place(place: str | None) -> str:
    """A place in words, as the reader of the original would look for it."""
    found = json.loads(place) if place else {}
    parts = [f"{zh} {en} {found[key]}" for key, zh, en in _PLACES if found.get(key) is not None]
    return ", ".join(parts)


_PLACES = (
    ("page", "页", "page"),
    ("table", "表", "table"),
    ("row", "行", "row"),
    ("column", "列", "column"),
    ("line", "行", "line"),
)


def _shown(
    box: Box,
    values: dict[Where, tuple[float | None, str | None]],
    notes: dict[Where, Note],
    money: dict[str, str | None],
) -> Row:
    """A box with what stands in it: a figure, what was printed instead, or why there is none."""
    note = notes.get(box.where) if box.where else None
    if box.label or box.where is None:
        return {"box": box, "note": note}
    value, unit = values.get(box.where, (None, None))
    cell = note.cell if note else None
    shown: Row = {"box": box, "note": note, "text": figure(value), "small": "", "missing": value is None}
    if value is None and cell:
        shown["text"] = f"“{cell['raw']}”" if cell["raw"] and cell["class"] != "blank" else "□"
        shown["small"] = CLASSES[cell["class"]].zh
    elif value is None:
        shown |= {"text": "∅", "small": "未读到"} if box.where not in values else {"text": "□", "small": "无数值"}
    elif printed := _money(box.where, money):
        if unit is None:
            shown["small"] = "单位不明 unit unknown"
        elif printed == "万元":  # the heading says 万元, the database holds yuan: show both
            shown |= {"text": figure(float(Decimal(str(value)) / 10000)), "small": f"= {figure(value)} 元"}
        else:
            shown["small"] = unit
    return shown


def _money(where: Where, measures: dict[str, str | None]) -> str | None:
    """The unit that the form prints for a cell of money, 元 where it leaves that open; None for a count."""
    table, row, column = where
    units = indicators.printed_units() if table == "statistics" else measures if table == "disclosures" else {}
    name = row if table == "statistics" else column
    return (units[name] or "元") if name in units else None


def _beyond(
    drawn: tuple[Grid, ...], values: dict[Where, tuple[float | None, str | None]]
) -> list[tuple[str, float | None, str | None]]:
    """Figures in rows that the form does not have: shown, so that nothing is lost without a word."""
    places = {box.where for grid in drawn for line in grid.rows for box in line}
    rest = defaultdict(list)
    for where, (value, unit) in values.items():
        if where not in places:
            rest[where[:2]].append((words(where), value, unit))
    return [item for group in rest.values() for item in group]
