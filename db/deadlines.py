"""By when a report is due: the row of registers/deadlines.csv with the longest place, then the most exact, decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from db.measures import register


@dataclass(frozen=True, slots=True)
class Deadline:
    """A row of the register; `due` is None where no report is owed, `basis` is law, notice or assumed."""

    level: str | None
    kind: str | None
    place: str | None
    from_year: int | None
    to_year: int | None
    due: str | None
    basis: str
    source: str

    def covers(self, level: str | None, kind: str | None, place: str, year: int) -> bool:
        """Whether the row speaks of such a unit and year; an empty field speaks of all."""
        return (
            self.level in (None, level)
            and self.kind in (None, kind)
            and place.startswith(self.place or "")
            and (self.from_year or year) <= year <= (self.to_year or year)
        )

    def day(self, year: int) -> str | None:
        """The last day on which the report for `year` is on time, ISO 8601."""
        return f"{year + 1}-{self.due}" if self.due else None


@cache
def load() -> tuple[Deadline, ...]:
    """All rows. Raises ValueError at a day that no calendar has."""
    rows = []
    for line in register("deadlines"):
        years = {key: int(line[key]) if line[key] else None for key in ("from_year", "to_year")}
        rows.append(Deadline(**line | years))
        if line["due"]:
            date.fromisoformat(f"2023-{line['due']}")
    return tuple(rows)


def find(level: str | None, kind: str | None, place: str | None, year: int) -> Deadline | None:
    """The row that decides for a unit of this level and kind in this division, or None where none speaks of it."""
    found = [row for row in load() if row.covers(level, kind, place or "", year)]
    return max(found, key=lambda row: (len(row.place or ""), row.kind is not None, row.level is not None), default=None)
