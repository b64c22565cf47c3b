"""What people wrote down: data/corrections.csv, reviews.csv, notes.csv, one line each, appended and never changed.

And what they looked up: expected.csv (who has to publish) and relations.csv (what became of whom).
"""

from __future__ import annotations

import csv
import fcntl
import hashlib
import io
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from db import privacy
from db.inputs import BuildError

CORRECTIONS, REVIEWS, NOTES = "corrections.csv", "reviews.csv", "notes.csv"
EXPECTED, RELATIONS = "expected.csv", "relations.csv"
COLUMNS = {
    CORRECTIONS: ("document", "table", "row", "column", "expected", "value", "evidence", "by", "at"),
    REVIEWS: ("report", "rule", "fingerprint", "verdict", "why", "by", "at"),
    NOTES: ("report", "text", "source", "date"),
}
HEADS = COLUMNS | {
    EXPECTED: ("unit", "from_year", "to_year", "state", "source"),
    RELATIONS: ("predecessor", "predecessor_name", "successor", "successor_name", "kind", "date", "source"),
}
TAKEN_IN = tuple(HEADS)  # all that people decide in a data folder


def digest(data: Path) -> str:
    """Of what people decided: another one says that a build took in other decisions, whatever was fetched."""
    found = hashlib.sha256()
    for name in TAKEN_IN:
        held = (data / name).read_bytes() if (data / name).exists() else b""
        found.update(f"{name} {len(held)}\n".encode() + held)
    return f"sha256:{found.hexdigest()}"


def corrected(cell: Mapping[str, Any]) -> bool:
    """Whether a person set the value of a cell that is listed in a reading or in the table `cells`."""
    return (cell.get("reason") or "").startswith("corrected")


def read(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """(line of the file, its fields, what is private as stars); nothing where there is no file.

    Raises BuildError naming file and line.
    """
    if not path.exists():
        return
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from _lines(path, csv.reader(file, strict=True))
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise BuildError(f"{path}:{line}: not UTF-8 — save the file as UTF-8") from error


def _lines(path: Path, rows: Iterator[list[str]]) -> Iterator[tuple[int, dict[str, str]]]:
    columns, first, line = HEADS[path.name], True, 1
    try:
        for row in rows:
            if first and tuple(row) != columns:
                raise BuildError(f"{path}:1: the first line must be `{','.join(columns)}`")
            if not first and row:
                if len(row) != len(columns):
                    raise BuildError(f"{path}:{line}: {len(row)} fields instead of {len(columns)} — see db/README.md")
                fields = dict(zip(columns, (field.strip() for field in row), strict=True))
                yield line, privacy.hide_all(fields, {fields.get("expected", ""), fields.get("value", "")})  # figures
            first = False
            line = rows.line_num + 1  # type: ignore[attr-defined]  # a quoted field may hold line breaks
    except csv.Error as error:
        raise BuildError(f"{path}:{line}: {error} — a quotation mark may be missing") from error


def append(path: Path, fields: Mapping[str, str]) -> int:
    """Appends one decision under a lock; returns its line. Raises BuildError where the file is unusable."""
    columns = COLUMNS[path.name]
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # two people may decide at the same time
        for _ in read(path) if path.stat().st_size else ():  # a line after a broken one would be lost in it
            pass
        held = path.read_bytes()
        missing = "\n" if held and not held.endswith(b"\n") else ""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        if not held:
            writer.writerow(columns)
        writer.writerow([" ".join(fields[name].split()) for name in columns])
        file.write((missing + text.getvalue()).encode())
        file.flush()
        os.fsync(file.fileno())
    return (held + missing.encode()).count(b"\n") + (1 if held else 2)
