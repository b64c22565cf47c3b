"""Reports, archive, registers and decisions → a new database file, checked, then renamed into place."""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from db import corrections, identify, inputs, rows, schema
from db.changes import Changes, compare, keep
from db.crosschecks import check

NAME = "gongkai.db"
BATCH = 2000


def build(data: Path, archive: Any = None) -> Changes:
    """Builds data/gongkai.db. Raises BuildError where an input is unusable; then the old database stays as it is."""
    data = Path(data)
    data.mkdir(parents=True, exist_ok=True)
    with _one_writer(data):
        for stale in data.glob(f"{NAME}.*.new*"):
            stale.unlink()
        old, new = data / NAME, data / f"{NAME}.{os.getpid()}.new"
        try:
            _fill(new, data, archive)
            changes = compare(new, old if old.exists() else None)
            _sync(new)
            new.replace(old)
            _sync(data)
        finally:
            new.unlink(missing_ok=True)
        keep(changes, data)
    return changes


@contextmanager
def _one_writer(data: Path) -> Iterator[None]:
    with (data / "build.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise inputs.BuildError(f"{data}: another build is running — wait until it ends") from error
        yield


def _fill(path: Path, data: Path, archive: Any) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = OFF")  # the file is thrown away if anything fails
        connection.execute("PRAGMA synchronous = OFF")  # one fsync at the end
        connection.executescript(schema.statements())
        for folder in ("views", "metrics"):
            for name, _, sql in schema.sql_files(folder):
                connection.execute(f"CREATE VIEW [{name}] AS {sql}")
        db = Database(connection)
        with db.atomic():
            _insert_all(db, data, archive)
        connection.execute("ANALYZE")
        _verify(connection)
    finally:
        connection.close()


def _insert_all(db: Database, data: Path, archive: Any) -> None:
    made = corrections.load(data / "corrections.csv")
    db.table("rules").insert_all(inputs.rule_rows())
    db.table("portals").insert_all(inputs.portal_rows())
    _documents(db, data, archive)
    db.table("runs").insert_all(_known_portals(db, inputs.run_rows(data)))
    writer = _Writer(db, inputs.Divisions(data))
    for group in identify.groups(db.conn, data):
        writer.report(group, inputs.line_at(data, group.reading.file, group.reading.offset), made)
        for reading in group.replaced:
            writer.version(group.id, reading, inputs.line_at(data, reading.file, reading.offset))
    writer.finish()
    held = {digest for digest in made if _one(db, "SELECT 1 FROM reports WHERE document = ?", digest)}
    db.table("corrections").insert_all(corrections.table_rows(made, held))
    db.table("reviews").insert_all(_reviews(data))
    check(db)
    _totals(db)


def _documents(db: Database, data: Path, archive: Any) -> None:
    """documents and fetches: first what the archive holds, then what became of it when it was read."""
    upsert = (
        "INSERT INTO documents VALUES (:digest, :media_type, :url, :name, :title, :publisher, :published_on, :fetched,"
        " :fetched, 'unread', NULL, NULL, NULL) ON CONFLICT DO UPDATE SET last_fetched = max(last_fetched, :fetched),"
        " first_fetched = min(first_fetched, :fetched)"
    )
    keys = ("digest", "media_type", "url", "name", "title", "publisher", "published_on", "fetched", "portal", "warc")
    fetch = (
        "INSERT INTO fetches (document, fetched, url, portal, warc) VALUES (:digest, :fetched, :url, :portal, :warc)"
    )
    for document in inputs.documents(data, archive):
        row = {key: getattr(document, key) for key in keys}
        if row["portal"]:  # a portal whose file was removed since still has its name
            db.execute("INSERT OR IGNORE INTO portals (slug) VALUES (?)", [row["portal"]])
        db.execute(upsert, row)
        db.execute(fetch, row)
    for _, _, line in inputs.lines(data):
        document, error = line["document"], line.get("error") or {}
        status = "failed" if error else "read"
        row = {
            "digest": document["digest"],
            "media_type": document["media_type"],
            "url": document["url"],
            "status": status,
        }
        row |= {"error": error.get("message"), "place": error.get("place"), "remedy": error.get("remedy")}
        db.execute(
            "INSERT INTO documents (digest, media_type, url, status, error, error_place, remedy)"
            " VALUES (:digest, :media_type, :url, :status, :error, :place, :remedy) ON CONFLICT DO UPDATE"
            " SET status = :status, error = :error, error_place = :place, remedy = :remedy",
            row,
        )


def _known_portals(db: Database, runs: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for run in list(runs):
        if run["portal"]:
            db.execute("INSERT OR IGNORE INTO portals (slug) VALUES (?)", [run["portal"]])
            health = "failing" if run["failing"] else "ok" if run["ok"] else "problems"
            db.execute(
                "UPDATE portals SET last_run = ?, health = ?, failing = ? WHERE slug = ?",
                [run["id"], health, run["failing"] or None, run["portal"]],
            )
        yield run | {"failing": run["failing"] or None}


def _reviews(data: Path) -> Iterator[dict[str, Any]]:
    for line in inputs.decisions(data / "reviews.csv"):
        row = {key: line[key] for key in ("report", "fingerprint", "verdict", "comment")}
        yield {"made_on": line["date"], "made_by": line["by"]} | row


class _Writer:
    """Collects rows of many reports, so that they are inserted in batches; holds the units seen, never the reports."""

    def __init__(self, db: Database, divisions: inputs.Divisions) -> None:
        self.db, self.divisions = db, divisions
        self.units: dict[str, dict[str, Any]] = {}
        self.relations: dict[tuple[str, str], int] = {}
        self.waiting: dict[str, list[dict[str, Any]]] = defaultdict(list)

    def report(self, group: identify.Group, record: dict[str, Any], made: dict[str, Any]) -> None:
        digest = record["document"]["digest"]
        record = corrections.apply(record, made.get(digest, []))
        figures = rows.headlines(record)
        unit, year, title = self.unit(record["unit"]), record["year"], record["title"]
        division = self.units[unit]["division"] if unit else None
        name = " ".join(str(part) for part in (record["unit"]["name"], year) if part) or title or group.id
        row = {"id": group.id, "name": name, "unit": unit, "division": division, "province": division and division[:2]}
        row |= {key: record["unit"][key] for key in ("level", "kind")}
        row |= {key: record[key] for key in ("year", "scope", "form", "title", "published_on")}
        self.add(
            "reports",
            row
            | {"document": digest, "first_fetched": group.reading.fetched, "reading": rows.digest(record)}
            | figures,
        )
        for document in group.documents:
            self.add("report_documents", {"report": group.id, "document": document})
        for table, values in rows.rows(record):
            self.add(table, {"report": group.id} | values)

    def version(self, report: str, reading: identify.Reading, record: dict[str, Any]) -> None:
        row = {"report": report, "document": reading.digest, "first_fetched": reading.fetched, "title": record["title"]}
        figures = rows.headlines(record)
        self.add(
            "report_versions", row | {k: figures[k] for k in ("requests_new", "closed")} | {"record": rows.text(record)}
        )

    def unit(self, unit: dict[str, Any]) -> str | None:
        """Takes in a unit with all above it; returns its id."""
        if not unit["id"]:
            return None
        parents = [(p["id"], p["name"]) for p in unit["parents"]]
        names = dict(parents) | {unit["division"]: unit["name"]}
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
        return unit["id"]

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


def _totals(db: Database) -> None:
    """Counts that pages show, so that no page has to count a million rows."""
    db.execute("UPDATE units SET reports = (SELECT count(*) FROM reports WHERE unit = units.id)")
    for severity in ("error", "warning"):
        counted = f"SELECT count(*) FROM findings WHERE report = reports.id AND severity = '{severity}'"
        db.execute(f"UPDATE reports SET {severity}s = ({counted})")
    facts = {
        "built_from": "SELECT max(fetched) FROM fetches",
        "reports": "SELECT count(*) FROM reports",
        "units": "SELECT count(*) FROM units WHERE reports > 0",
        "first_year": "SELECT min(year) FROM reports",
        "last_year": "SELECT max(year) FROM reports",
        "years": "SELECT count(DISTINCT year) FROM reports",
        "failed": "SELECT count(*) FROM documents WHERE status = 'failed'",
        "demo": "SELECT count(*) > 0 FROM divisions WHERE code LIKE '99%'",
    } | {s: f"SELECT count(*) FROM findings WHERE severity = '{s}'" for s in ("error", "warning", "notice", "info")}
    for key, sql in facts.items():
        db.execute(f"INSERT INTO meta SELECT ?, CAST(({sql}) AS TEXT)", [key])


def _verify(connection: sqlite3.Connection) -> None:
    broken = connection.execute("PRAGMA foreign_key_check").fetchmany(5)
    (state,) = connection.execute("PRAGMA integrity_check").fetchone()
    if broken or state != "ok":
        raise inputs.BuildError(f"the new database is not sound: {state}, rows without their key: {broken}")


def _one(db: Database, sql: str, *values: Any) -> Any:
    return db.execute(sql, values).fetchone()


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
