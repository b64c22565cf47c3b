"""Values that a person set after looking at the original: applied to a reading before it becomes rows."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from db import decisions, recheck
from db.decisions import CORRECTIONS
from db.inputs import BuildError
from db.rows import COLUMNS
from db.versions import shown

_DOCUMENT = re.compile(r"sha256:[0-9a-f]{64}(#[1-9]\d*)?")
# What a cell is in which a person saw no number: where one was read, the class says otherwise
_WITHOUT = {"number": "blank", "annotated": "text"}
APPLIED, STALE, SUPERSEDED, NOT_HELD = "applied", "stale", "superseded", "not held"


@dataclass(slots=True)
class Correction:
    """One line of corrections.csv. The document is named by its digest, because a report's id may move.

    `state`, `found` and `report` are what became of it in this build.
    """

    line: int
    document: str  # digest; `#2` behind it for the second report of a document
    table: str
    row: str
    column: str
    expected: str
    value: int | float | None
    evidence: str
    by: str
    at: str
    state: str = NOT_HELD
    found: str | None = None
    report: str | None = None

    @property
    def note(self) -> str | None:
        """Why it was left out."""
        return {
            APPLIED: None,
            STALE: f"stale: we read {self.found or 'nothing'} now, it expects {self.expected or 'nothing'}",
            SUPERSEDED: "superseded: its document was replaced by a newer version",
            NOT_HELD: "not held: its document is not held, or another of the report stands",
        }[self.state]


def load(data: Path) -> dict[str, list[Correction]]:
    """All corrections by document, in the order in which they were made. Raises BuildError naming file and line."""
    path = data / CORRECTIONS
    by_document: dict[str, list[Correction]] = defaultdict(list)
    for line, fields in decisions.read(path):
        try:
            made = _correction(line, fields)
        except ValueError as error:
            raise BuildError(f"{path}:{line}: {error}") from error
        by_document[made.document].append(made)
    return by_document


def _correction(line: int, fields: dict[str, str]) -> Correction:
    if not _DOCUMENT.fullmatch(fields["document"]):
        raise ValueError(f"document {fields['document']!r} is no digest (sha256: and 64 hex digits)")
    check_cell(fields["table"], fields["row"], fields["column"])
    for name in ("evidence", "by", "at"):
        if not fields[name]:
            raise ValueError(f"the column {name} is empty")
    return Correction(line, **fields | {"value": number(fields["value"])})  # type: ignore[arg-type]


def number(text: str) -> int | float | None:
    """A value as people write it; an empty one says that nothing legible stands in the original."""
    if not text.strip():
        return None
    if not re.fullmatch(r"-?\d{1,15}(\.\d{1,6})?", text.strip()):
        raise ValueError(f"value {text!r} is no number — write 12 or 12.5, and nothing where nothing legible stands")
    value = float(text)
    return int(value) if math.isfinite(value) and value.is_integer() else value


def check_cell(table: str, row: str, column: str, edition: str | None = None) -> None:
    """Raises ValueError, naming what there is, where no form (or not this edition) has the cell."""
    if table not in recheck.TABLES:
        raise ValueError(f"no table {table!r} — there are {', '.join(recheck.TABLES)}")
    held = [form for name, form in recheck.editions().items() if edition in (None, name)]
    held += [form.merged for form in held if form.merged]
    rows = [row for form in held if table in form.tables for row in form.tables[table].rows]
    if row not in {r.name for r in rows}:
        raise ValueError(f"no row {row!r} in {table} — there are {', '.join(dict.fromkeys(r.name for r in rows))}")
    columns = dict.fromkeys(c.name for r in rows if r.name == row for c in r.columns)
    if column not in columns:
        raise ValueError(f"no column {column!r} in {table} {row} — there are {', '.join(columns)}")


def apply(record: dict[str, Any], made: list[Correction], report: str, *, standing: bool = True) -> dict[str, Any]:
    """The record with the corrected values, and its findings as they follow from them.

    Each corrected cell is listed with what was printed. A correction that expects another reading is left out.
    """
    if not made:
        return record
    before = recheck.arithmetic_of(record)
    for correction in made:
        correction.report, value = report, _get(record, correction)
        cell = _listed(record, correction)
        correction.found = str(cell["raw"]) if cell and isinstance(value, str) else shown(value)
        if plain(correction.found or "") != plain(correction.expected):
            correction.state = STALE
            continue
        correction.state = APPLIED if standing else SUPERSEDED
        _list(record, correction, value)
        _set(record, correction)
    applied = [correction for correction in made if correction.state != STALE]
    return recheck.reconsider(record, before, applied) if applied else record


def plain(text: str) -> str:
    """A reading in the one way that readings are compared: `6.0` is 6, words in one line."""
    try:
        return shown(number(text)) or ""
    except ValueError:
        return " ".join(text.split())


def _get(record: dict[str, Any], at: Correction) -> Any:
    values = record[at.table].get(at.row)
    if at.table == "statistics" or values is None:
        return values
    if at.table in COLUMNS:
        index = COLUMNS[at.table].index(at.column)
        return values[index] if index < len(values) else None
    return values.get(at.column)


def _set(record: dict[str, Any], at: Correction) -> None:
    table = record[at.table]
    if at.table == "statistics":
        table[at.row] = at.value
    elif at.table in COLUMNS:
        columns = COLUMNS[at.table]
        values = table.setdefault(at.row, [])
        values.extend([None] * (len(columns) - len(values)))
        values[columns.index(at.column)] = at.value
    else:
        table.setdefault(at.row, {})[at.column] = at.value


def _listed(record: dict[str, Any], at: Correction) -> dict[str, Any] | None:
    where = (at.table, at.row, at.column)
    return next((c for c in record["cells"] if (c["table"], c["row"], c["column"]) == where), None)


def _list(record: dict[str, Any], at: Correction, before: Any) -> None:
    """The cell as an exceptional one: what was printed (of a plain figure: what we had read) stays beside the value."""
    cell = _listed(record, at)
    if cell is None:
        raw = shown(before)
        empty = dict.fromkeys(("unit", "note", "confidence", "place"))
        cell = (
            {"table": at.table, "row": at.row, "column": at.column}
            | empty
            | {"class": "blank" if raw is None else "number", "raw": raw or ""}
        )
        record["cells"].append(cell)
    if at.value is None:
        cell["class"] = _WITHOUT.get(cell["class"], cell["class"])
    cell |= {"value": at.value, "reason": f"corrected: {at.evidence}"}


def table_rows(made: dict[str, list[Correction]]) -> list[dict[str, Any]]:
    """Rows of the table `corrections`, in the order of the file."""
    lines = sorted((c for group in made.values() for c in group), key=lambda c: c.line)
    return [
        {"id": c.line, "report": c.report, "document": c.document.partition("#")[0], "table_name": c.table}
        | {"row_name": c.row, "column_name": c.column, "expected": c.expected or None, "value": c.value}
        | {"evidence": c.evidence, "made_by": c.by, "made_at": c.at, "state": c.state, "found": c.found, "note": c.note}
        for c in lines
    ]
