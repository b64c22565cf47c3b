"""Values that a person set after looking at the original: applied to a reading before it becomes rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from db import inputs, rows


@dataclass(frozen=True, slots=True)
class Correction:
    """One line of corrections.csv. The document is named by its digest, because a report's id may move."""

    id: int
    made_on: str
    made_by: str
    document: str
    table: str
    row: str
    column: str
    value: float | None
    reason: str


def load(path: Path) -> dict[str, list[Correction]]:
    """All corrections by document, in the order in which they were made."""
    by_document: dict[str, list[Correction]] = defaultdict(list)
    for number, line in enumerate(inputs.decisions(path), 1):
        try:
            value = float(line["value"]) if line["value"].strip() else None
            where = (line["document"], line["table"], line["row"], line["column"])
            made = Correction(number, line["date"], line["by"], *where, value, line["reason"])
        except (KeyError, ValueError, AttributeError) as error:
            raise inputs.BuildError(f"{path}:{number + 1}: {error!r} — see db/README.md, corrections") from error
        by_document[made.document].append(made)
    return by_document


def apply(record: dict[str, Any], corrections: list[Correction]) -> dict[str, Any]:
    """The record with the corrected values; each corrected cell is listed with what was read before."""
    for correction in corrections:
        where = {"table": correction.table, "row": correction.row, "column": correction.column}
        before = _set(record[correction.table], correction)
        value = (
            int(correction.value)
            if correction.value is not None and correction.value.is_integer()
            else correction.value
        )
        cell = next((c for c in record["cells"] if all(c[k] == v for k, v in where.items())), None)
        if cell is None:
            raw = "" if before is None else str(before)
            cell = where | {
                "class": "number",
                "raw": raw,
                "unit": None,
                "note": None,
                "confidence": None,
                "place": None,
            }
            record["cells"].append(cell)
        cell |= {"value": value, "reason": f"corrected: {correction.reason}"}
    return record


def _set(table: dict[str, Any], correction: Correction) -> Any:
    """Puts the value into its place and returns what stood there."""
    if correction.table in rows.COLUMNS:
        columns = rows.COLUMNS[correction.table]
        values = table.setdefault(correction.row, [None] * len(columns))
        column: Any = columns.index(correction.column)
        values.extend([None] * (len(columns) - len(values)))
    elif correction.table == "statistics":
        values, column = table, correction.row
    else:
        values, column = table.setdefault(correction.row, {}), correction.column
    before = values[column] if isinstance(values, list) else values.get(column)
    whole = correction.value is not None and correction.value.is_integer()
    values[column] = int(correction.value) if whole else correction.value
    return before


def table_rows(corrections: Mapping[str, list[Correction]], held: set[str]) -> list[dict[str, Any]]:
    """Rows of the table `corrections`; `held` are the documents to which they were applied."""
    made = sorted((c for group in corrections.values() for c in group), key=lambda c: c.id)
    return [
        {"id": c.id, "made_on": c.made_on, "made_by": c.made_by, "document": c.document, "table_name": c.table}
        | {"row_name": c.row, "column_name": c.column, "value": c.value, "reason": c.reason}
        | {"applied": int(c.document in held)}
        for c in made
    ]
