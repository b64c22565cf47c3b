"""One report in the terminal: the official tables, exceptional cells marked, findings below."""

from __future__ import annotations

import re

from rich.console import Console
from rich.table import Table
from rich.text import Text

from extract import forms
from extract.forms import FormTable, statistics
from extract.records import Place, Report, Value
from extract.rules import load as load_rules

TITLES = {
    "disclosures": "二、主动公开政府信息情况",
    "applications": "三、收到和处理政府信息公开申请情况",
    "disputes": "四、行政复议、行政诉讼情况",
}
BRACKETS = re.compile("(?<=.)（[^（）]{4,}）")
STYLE = {"error": "bold red", "warning": "yellow", "notice": "cyan", "info": "dim"}
ORIGIN = {"source": "source 来源", "extraction": "our reading 读取", "unknown": "unknown 不明"}


def show(report: Report, console: Console) -> None:
    """Prints a Report. A cell that is not a plain number carries a mark: `*` read with a flag, `?` not read."""
    unit = report.unit
    path = " / ".join(name for _, name in unit.parents)
    console.print(Text(report.title or "(no title)", style="bold"))
    console.print(
        f"{report.id} · {path} / {unit.name or '?'} · {report.year} · form {report.form} · scope {report.scope}"
    )
    if report.statistics:
        console.print(_indicators(report, _marks(report)))
    if report.form not in ("none", "2014"):
        marks = _marks(report)
        for table in forms.as_printed(report.form, report.applications).tables.values():
            console.print(_table(report, table, marks))
    assumed = [d for d in report.derived if d.assumed_zero]
    if assumed:
        console.print(f"derived: 0 for {len(assumed)} blanks ({assumed[0].source})", style="dim")
    for derived in (d for d in report.derived if not d.assumed_zero):
        console.print(
            f"derived: {derived.table}.{derived.row}.{derived.column} = {derived.value} ({derived.source})", style="dim"
        )
    rules = load_rules()
    for f in report.findings:
        where = ", ".join(filter(None, (".".join(filter(None, (f.table, f.row, f.column))), where_printed(f.place))))
        line = Text(f"{f.severity:<8}{f.rule}  ", style=STYLE[f.severity])
        line.append(
            f"{rules[f.rule].zh} · {f.message}{' @ ' + where if where else ''} [{ORIGIN[f.origin]}]", style="default"
        )
        console.print(line)
    console.print("* read with a flag   ? not read as a number   · blank", style="dim")


def where_printed(place: Place | None) -> str:
    """A place in words: `line 12`, `table 2 row 3 column 4`, `page 1 [72.0, 80.5, 90.1, 92.0]`."""
    if not place:
        return ""
    words = [f"{name} {place[name]}" for name in ("image", "page", "table", "row", "column", "line") if name in place]
    box = f" {list(place['bbox'])}" if "bbox" in place else ""
    other = f" of {str(place['document'])[7:19]}" if "document" in place else ""
    return " ".join(words) + box + other


def _marks(report: Report) -> dict[tuple[str, str, str | None], str]:
    marks: dict[tuple[str, str, str | None], str] = {}
    for cell in report.cells:
        marks[cell.table, cell.row, cell.column] = (
            "*" if cell.value is not None else "·" if cell.cls == "blank" else "?"
        )
    for f in report.findings:
        if f.table and f.row and f.column:
            marks.setdefault((f.table, f.row, f.column), "*")
    return marks


def _table(report: Report, table: FormTable, marks: dict[tuple[str, str, str | None], str]) -> Table:
    drawn = Table(title=TITLES[table.name], show_lines=False, title_justify="left")
    if table.name == "disclosures":
        drawn.add_column("信息内容", overflow="fold")
        drawn.add_column("数量", overflow="fold")
        for row in table.rows:
            values = report.disclosures[row.name]
            shown = [
                f"{c.label} {_value(values[c.name])}{_mark(marks, table.name, row.name, c.name)}" for c in row.columns
            ]
            drawn.add_row(row.label, "   ".join(shown))
        return drawn
    drawn.add_column("", overflow="fold", min_width=14)
    for column in table.columns:
        drawn.add_column(column.label, justify="right", overflow="fold", min_width=4, max_width=6)
    source = report.applications if table.name == "applications" else report.disputes
    for row in table.rows:
        cells = [
            _value(v) + _mark(marks, table.name, row.name, c.name)
            for c, v in zip(table.columns, source[row.name], strict=True)
        ]
        drawn.add_row(row.label.split("（区分")[0], *cells)
    return drawn


def _indicators(report: Report, marks: dict[tuple[str, str, str | None], str]) -> Table:
    drawn = Table(title="政府信息公开情况统计表", show_lines=False, title_justify="left")
    drawn.add_column("统计指标", overflow="fold")
    drawn.add_column("单位")
    drawn.add_column("统计数", justify="right", overflow="fold")
    for row in statistics.load().indicators:
        shown = "" if row.heading else _value(report.statistics[row.name])
        mark = _mark(marks, statistics.TABLE, row.name, statistics.VALUE)
        drawn.add_row("  " * row.depth + BRACKETS.sub("", row.label), row.unit or "", shown + mark)
    return drawn


def _mark(marks: dict[tuple[str, str, str | None], str], table: str, row: str, column: str) -> str:
    return marks.get((table, row, column)) or marks.get((table, row, None), "")


def _value(value: Value) -> str:
    if value is None:
        return ""
    return f"“{value[:12]}”" if isinstance(value, str) else f"{value:,}"
