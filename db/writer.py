"""Reports as rows of the tables, in batches: holds the units seen, never the reports."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from db import corrections, identify, inputs, privacy, rows, versions
from db.corrections import Correction
from db.versions import Reading

BATCH = 2000


class Writer:
    """Collects rows of many reports, so that they are inserted in batches; holds the units seen, never the reports."""

    def __init__(self, db: Database, data: Path, made: dict[str, list[Correction]]) -> None:
        self.db, self.data, self.made = db, data, made
        self.divisions = inputs.Divisions(data)
        self.units: dict[str, dict[str, Any]] = {}
        self.relations: dict[tuple[str, str], int] = {}
        self.waiting: dict[str, list[dict[str, Any]]] = defaultdict(list)

    def report(self, group: identify.Group) -> None:
        """Everything of one report: the reading that stands, and the versions before it."""
        standing = group.standing
        reading = standing.reading
        record = self._record(reading, group.id)
        if group.unit_of is not reading:  # this version does not tell whose it is, another at its address does
            named = inputs.line_at(self.data, group.unit_of.file, group.unit_of.offset)
            record["unit"] = privacy.hide_all(named)["unit"]
        unit, year, title = self.unit(record["unit"]), record["year"], record["title"]
        division = self.units[unit]["division"] if unit else None
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

    def unit(self, unit: dict[str, Any]) -> str | None:
        """Takes in a unit with all above it; returns its id."""
        if not unit["id"]:
            return None
        parents = [(p["id"], p["name"]) for p in unit["parents"]]
        names = {unit["division"]: unit["name"]} | dict(parents)
        above = []
        for code, name in parents:  # province first
            if division := self.divisions.add(code, names):
                level = self.divisions.rows[division]["level"]
                row = {"id": code, "name": name, "kind": "government", "level": level, "division": code}
                self.units.setdefault(code, row)
                above.append(code)
        own = {key: unit[key] for key in ("id", "name", "kind", "level")}
        own["name"] = own["name"] or own["id"]
        self.units[unit["id"]] = own | {"division": self.divisions.add(unit["division"], names)}
        for distance, code in enumerate(reversed(above), 1):
            if code != unit["id"]:
                self.relations[unit["id"], code] = distance
        return str(unit["id"])

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
        self.db.table("units").insert_all(row for _, row in sorted(self.units.items()))
        related = ({"unit": u, "parent": p, "distance": d} for (u, p), d in sorted(self.relations.items()))
        self.db.table("unit_relations").insert_all(related)
