"""What agencies say about their reports: taken from data/notes.csv, shown beside the figures, never in their place."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from db import decisions
from db.decisions import NOTES
from db.inputs import BuildError


def load(data: Path) -> Iterator[dict[str, Any]]:
    """The lines of notes.csv as rows of the table notes. Raises BuildError naming file and line."""
    path = data / NOTES
    for line, fields in decisions.read(path):
        for name, words in fields.items():
            if not words:
                raise BuildError(f"{path}:{line}: the column {name} is empty")
        try:
            noted = date.fromisoformat(fields["date"]).isoformat()
        except ValueError as error:
            raise BuildError(f"{path}:{line}: date {fields['date']!r} is no date — write it as 2026-06-01") from error
        yield {"id": line, "noted_on": noted} | {name: fields[name] for name in ("report", "text", "source")}
