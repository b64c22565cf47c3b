"""What a correction does to the findings of a report: the arithmetic is asked again, of the values as they are now."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from db.rows import COLUMNS
from extract import forms
from extract.checks import arithmetic
from extract.checks import statistics as indicators
from extract.content import Content
from extract.derive import derive
from extract.forms import statistics
from extract.reading import NUMERIC, Reading
from extract.records import Cell, Report, Unit

TABLES = ("disclosures", "applications", "disputes", "statistics")
# What is said of a cell or row as printed or read, held against nothing else: who read the original has settled it
_OF_CELLS = re.compile(r"S(?:05|08|09|1[1-58]|2[237-9]|30|34)|P01|U0[1-3]")


class Made(Protocol):
    """What is asked of a correction here."""

    table: str
    row: str
    column: str
    value: int | float | None
    found: str | None
    evidence: str
    by: str
    at: str
    state: str


@dataclass(frozen=True, slots=True)
class Before:
    """What arithmetic said of some values: its findings by fingerprint, and what it derived."""

    findings: Mapping[str, Mapping[str, Any]]
    derived: tuple[Mapping[str, Any], ...]


def arithmetic_of(record: Mapping[str, Any]) -> Before:
    """What arithmetic says of a record as it stands; nothing where no form was recognised."""
    if record["form"] not in editions():
        return Before({}, ())
    seen = _reading(record)
    silent = statistics.load().silent if record["form"] == "2014" else frozenset()
    findings = tuple(
        found
        for check in (*arithmetic.CHECKS, *indicators.ARITHMETIC)
        for found in check(seen)
        if found.rule not in silent
    )
    derived = tuple(derive(seen)) if record["form"] != "2014" else ()  # what it derives from are tables 三 and 四
    empty = Report("", "", "", None, seen.unit, None, "", "", None, None, {}, {}, {}, {})
    said = replace(empty, findings=findings, derived=derived).to_json()
    return Before({f["fingerprint"]: f for f in said["findings"]}, tuple(said["derived"]))


def editions() -> dict[str, forms.Form]:
    """All forms that have cells, by edition."""
    return {**forms.load(), "2014": statistics.reading_form()}


def reconsider(record: dict[str, Any], before: Before, made: Sequence[Made]) -> dict[str, Any]:
    """Findings of the record after the corrections `made`.

    One that arithmetic makes no more, that held a corrected cell against the figure that is now in it, or whose every
    cell was read anew stays with `resolved` = the correction; a new one is added. What else was said is not touched.
    """
    now = arithmetic_of(record)
    for finding in record["findings"]:
        gone = finding["fingerprint"] in before.findings and finding["fingerprint"] not in now.findings
        by = [c for c in made if gone and _operand(finding, c) or _agrees(finding, c)] or (list(made) if gone else [])
        by = by or _settling(record, finding, made)
        if by:
            finding["resolved"] = {"why": f"corrected: {by[-1].evidence}", "by": by[-1].by, "at": by[-1].at}
    held = {finding["fingerprint"] for finding in record["findings"]}
    doubt = {"origin": "unknown"} if _doubtful(record, before) else {}
    record["findings"] += [
        {**f, **doubt} for key, f in now.findings.items() if key not in before.findings and key not in held
    ]
    kept = [d for d in record["derived"] if d not in before.derived or d in now.derived]
    record["derived"] = kept + [d for d in now.derived if d not in before.derived and d not in kept]
    return record


def _doubtful(record: Mapping[str, Any], before: Before) -> bool:
    """Whether other figures may be misread: recognised in a picture, or lost by a converter. Then nobody is blamed."""
    if any(cell["confidence"] is not None for cell in record["cells"]):
        return True
    blamed = {key for key, f in before.findings.items() if f["origin"] == "source"}
    return any(f["fingerprint"] in blamed and f["origin"] == "unknown" for f in record["findings"])


def _operand(finding: Mapping[str, Any], made: Made) -> bool:
    return finding["table"] == made.table and (finding["row"] == made.row or finding["column"] == made.column)


def _agrees(finding: Mapping[str, Any], made: Made) -> bool:
    """A finding at the corrected cell whose other side is what it holds now (N01: the text says 6, the table 5)."""
    at = tuple(finding[key] for key in ("table", "row", "column"))
    if at != (made.table, made.row, made.column) or made.value is None:
        return False
    left, right = finding["left"], finding["right"]
    return left != right and {left, right} == {made.value, _number(made.found)}


def _settling(record: Mapping[str, Any], finding: Mapping[str, Any], made: Sequence[Made]) -> list[Made]:
    """The corrections that give every cell of which the finding speaks a value; none where one is still without."""
    if not _OF_CELLS.fullmatch(finding["rule"]) or finding["row"] is None:
        return []
    at = (finding["table"], finding["row"])
    now = {c.column: c for c in made if (c.table, c.row) == at}  # the last one counts
    due = [finding["column"]] if finding["column"] else _columns(record, *at)
    covered = [now[column] for column in due if column in now and now[column].value is not None]
    return covered if due and len(covered) == len(due) else []


def _columns(record: Mapping[str, Any], table: str, row: str) -> Sequence[str]:
    """All columns of a row."""
    if table in COLUMNS:
        return COLUMNS[table]
    form = editions().get(record["form"])
    rows = form.tables[table].rows if form and table in form.tables else ()
    return [column.name for found in rows if found.name == row for column in found.columns]


def _number(text: str | None) -> float | None:
    try:
        return float(text or "")
    except ValueError:
        return None


# --- a record of data/reports as the checks want to see it


def _reading(record: Mapping[str, Any]) -> Reading:
    edition = record["form"]
    form = forms.as_printed(edition, record["applications"]) if edition in forms.load() else editions()[edition]
    form = statistics.beside(form) if record["statistics"] and edition != "2014" else form
    unit = Unit(*(record["unit"][key] for key in ("id", "name", "kind", "level", "division")))
    cells = dict(_cells(record, form))
    return Reading(Content((), ""), form, cells, unit, record["year"], record["scope"], record["title"])


def _cells(record: Mapping[str, Any], form: forms.Form) -> Iterator[tuple[tuple[str, str, str], Cell]]:
    listed = {(c["table"], c["row"], c["column"]): c for c in record["cells"] if c["column"]}
    for name, table in form.tables.items():
        for row in table.rows:
            for column, value in _values(record, name, row.name):
                at = (name, row.name, column)
                said = listed.get(at)
                if isinstance(value, int | float):
                    cls = said["class"] if said and said["class"] in NUMERIC else "number"
                    yield at, Cell(*at, cls, said["raw"] if said else str(value), value, place=said and said["place"])
                elif said:
                    yield at, Cell(*at, said["class"] if said["class"] not in NUMERIC else "blank", said["raw"])


def _values(record: Mapping[str, Any], table: str, row: str) -> Iterable[tuple[str, Any]]:
    values = record[table].get(row)
    if table == statistics.TABLE:
        return [(statistics.VALUE, values)]
    values = values or ()
    return values.items() if isinstance(values, Mapping) else zip(COLUMNS.get(table, ()), values, strict=False)
