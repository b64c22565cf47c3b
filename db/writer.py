"""Reports as rows of the tables, in batches; holds the divisions seen, never units or reports."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from db import corrections, identify, inputs, privacy, rows, versions
from db.corrections import Correction
from db.versions import Reading

BATCH = 2000
_UNIT = "INSERT INTO units (id, name, kind, level, division) VALUES (:id, :name, :kind, :level, :division) ON CONFLICT"
_ABOVE = f"{_UNIT} DO NOTHING"  # what a unit's own reports call it says more than what those below it do
_OWN = f"""{_UNIT} DO UPDATE SET name = excluded.name, kind = excluded.kind, level = excluded.level,
division = excluded.division"""


class Writer:
    """Collects rows of many reports, so that they are inserted in batches."""

    def __init__(self, db: Database, data: Path, made: dict[str, list[Correction]]) -> None:
        self.db, self.data, self.made = db, data, made
        self.divisions = inputs.Divisions(data)
        self.waiting: dict[str, list[dict[str, Any]]] = defaultdict(list)

    def report(self, group: identify.Group) -> None:
        """Everything of one report: the reading that stands, and the versions before it."""
        standing = group.standing
        reading = standing.reading
        record = self._record(reading, group.id)
        if group.unit_of is not reading:  # this version does not tell whose it is, another at its address does
            named = inputs.line_at(self.data, group.unit_of.file, group.unit_of.offset)
            record["unit"] = privacy.hide_all(named)["unit"]
        (unit, division), year, title = self.unit(record["unit"]), record["year"], record["title"]
        name = " ".join(str(part) for part in (record["unit"]["name"], year) if part) or title or group.id
        row = {"id": group.id, "name": name, "unit": unit, "division": division, "province": division and division[:2]}
        row |= {key: record["unit"][key] for key in ("level", "kind")}
        row |= {key: record[key] for key in ("year", "scope", "form", "title", "published_on")}
        row |= {"document": reading.digest, "part": reading.part, "first_fetched": standing.since}
        row |= {"versions": len(standing.replaced) + 1, "reading": rows.digest(record)}
        self.add("reports", row | rows.headlines(record))
        for document, part in standing.documents.items():
            self.add("report_documents", {"report": group.id, "document": document, "part": part})
        for table, values in rows.rows(record):
            self.add(table, {"report": group.id} | values)
        self._versions(group, record)

    def _record(self, reading: Reading, report: str, *, standing: bool = True) -> dict[str, Any]:
        record = privacy.hide_all(inputs.line_at(self.data, reading.file, reading.offset))
        return corrections.apply(record, self.made.get(reading.key, []), report, standing=standing)

    def _versions(self, group: identify.Group, record: dict[str, Any]) -> None:
        """What stands replaced what; from each version to the next, what changed."""
        after, newer, at = record, group.standing.reading, group.standing.since
        for position in range(len(group.standing.replaced), 0, -1):
            reading = group.standing.replaced[position - 1]
            before = self._record(reading, group.id, standing=False)
            figures, since = rows.headlines(before), group.standing.times[reading.id]
            row = {"report": group.id, "document": reading.digest, "part": reading.part, "position": position}
            row |= {"first_fetched": since, "replaced_by": newer.digest, "replaced_at": at, "title": before["title"]}
            row |= {key: figures[key] for key in ("requests_new", "closed")} | {"record": rows.text(before)}
            self.add("report_versions", row)
            between = {"report": group.id, "from_document": reading.digest, "to_document": newer.digest}
            for change in versions.differences(before, after):
                self.add("changes", between | change | {"at": at})
            after, newer, at = before, reading, since

    def unit(self, unit: dict[str, Any]) -> tuple[str | None, str | None]:
        """Takes in a unit with all above it; returns its id and its division."""
        if not unit["id"]:
            return None, None
        parents = [(p["id"], p["name"]) for p in unit["parents"]]
        names = {unit["division"]: unit["name"]} | dict(parents)
        above = []
        for code, name in parents:  # province first
            if division := self.divisions.add(code, names):
                level = self.divisions.rows[division]["level"]
                row = {"id": code, "name": name, "kind": "government", "level": level, "division": code}
                self.db.execute(_ABOVE, row)
                above.append(code)
        division = self.divisions.add(unit["division"], names)
        own = {key: unit[key] for key in ("id", "kind", "level")} | {"name": unit["name"] or unit["id"]}
        self.db.execute(_OWN, own | {"division": division})
        for distance, code in enumerate(reversed(above), 1):
            if code != unit["id"]:
                self.db.execute("INSERT OR REPLACE INTO unit_relations VALUES (?, ?, ?)", [unit["id"], code, distance])
        return str(unit["id"]), division

    def add(self, table: str, row: dict[str, Any]) -> None:
        self.waiting[table].append(row)
        if len(self.waiting[table]) >= BATCH:
            self.flush(table)

    def flush(self, table: str) -> None:
        self.db.table(table).insert_all(self.waiting.pop(table, []))

    def finish(self) -> None:
        for table in sorted(self.waiting):
            self.flush(table)
        self.db.table("divisions").insert_all(row for _, row in sorted(self.divisions.rows.items()))
