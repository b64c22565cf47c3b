"""Reports, archive, registers and decisions → a new database file, checked, then renamed into place."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from crawler import lock
from db import (
    completeness,
    corrections,
    decisions,
    identify,
    inputs,
    labels,
    measures,
    names,
    notes,
    privacy,
    reviews,
    schema,
    search,
)
from db.changes import SEVERITIES, STANDS, Changes, compare, keep
from db.crosschecks import check
from db.writer import Writer

NAME = "gongkai.db"
CACHE = 16384  # KiB of pages kept in memory, of the database and of its temporary tables, and of each sorter


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
    try:
        with lock.held(data, "build"):
            yield
    except lock.Held as error:
        raise inputs.BuildError(f"{data}: another build is running — wait until it ends") from error


def _fill(path: Path, data: Path, archive: Any) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = OFF")  # the file is thrown away if anything fails
        connection.execute("PRAGMA synchronous = OFF")  # one fsync at the end
        connection.execute("PRAGMA temp_store = FILE")  # memory stays flat
        for place in ("main", "temp"):  # with the usual 2 MB every page is read over and over from 50,000 reports on
            connection.execute(f"PRAGMA {place}.cache_size = -{CACHE}")
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
    # Before anything is read: they name their faults; a line that is appended meanwhile makes the next build newer
    taken_in = decisions.digest(data)
    made, decided, said = corrections.load(data), list(reviews.load(data)), list(notes.load(data))
    db.table("rules").insert_all(inputs.rule_rows())
    db.table("portals").insert_all(inputs.portal_rows())
    db.table("register_sources").insert_all(inputs.source_rows())
    db.table("labels").insert_all(labels.rows())
    _documents(db, data, archive)
    db.table("runs").insert_all(_known_portals(db, inputs.run_rows(data)))
    writer = Writer(db, data, made)
    for group in identify.groups(db.conn, data):
        writer.report(group)
    writer.finish()
    db.table("corrections").insert_all(corrections.table_rows(made))
    db.table("notes").insert_all(said)
    completeness.published(db)
    check(db, data)
    completeness.absent(db, data)
    names.fill(db)
    reviews.scope(db)
    reviews.apply(db, decided)
    measures.fill(db)
    search.fill(db)
    _totals(db)
    db.table("meta").insert_all([{"key": "decisions", "value": taken_in}, {"key": "privacy", "value": privacy.rule()}])


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
        row = privacy.hide_all({key: getattr(document, key) for key in keys})
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
        said = {"error": error.get("message"), "error_place": error.get("place"), "remedy": error.get("remedy")}
        row |= privacy.hide_all(said)
        db.execute(
            "INSERT INTO documents (digest, media_type, url, status, error, error_place, remedy)"
            " VALUES (:digest, :media_type, :url, :status, :error, :error_place, :remedy) ON CONFLICT DO UPDATE"
            " SET status = :status, error = :error, error_place = :error_place, remedy = :remedy"
            " WHERE documents.status != 'read'",  # one address may tell what another does not: read once is read
            row,
        )
        for digest in line.get("read_with") or ():  # files that were read together with their page
            db.execute("UPDATE documents SET status = ? WHERE digest = ? AND status = 'unread'", [status, digest])


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


def _totals(db: Database) -> None:
    """Counts that pages show, so that no page has to count a million rows."""
    db.execute("UPDATE units SET reports = (SELECT count(*) FROM reports WHERE unit = units.id)")
    db.execute(
        "UPDATE reports SET errors = f.errors, warnings = f.warnings FROM (SELECT report,"
        " sum(severity = 'error') AS errors, sum(severity = 'warning') AS warnings"
        f" FROM findings WHERE {STANDS} GROUP BY report) AS f WHERE f.report = reports.id"
    )
    measures.run(db, "5_front")
    facts = {
        "built_from": "SELECT max(fetched) FROM fetches",
        "reports": "SELECT count(*) FROM reports",
        "units": "SELECT count(*) FROM units WHERE reports > 0",
        "first_year": "SELECT min(year) FROM reports",
        "last_year": "SELECT max(year) FROM reports",
        "years": "SELECT count(DISTINCT year) FROM reports",
        "failed": "SELECT count(*) FROM documents WHERE status = 'failed'",
        "places": "SELECT count(DISTINCT division) FROM reports",
        "clean": "SELECT count(*) FROM reports WHERE errors = 0 AND warnings = 0",
        "unresolved": "SELECT count(*) FROM reports WHERE unit IS NULL",
        "demo": "SELECT count(*) > 0 FROM divisions WHERE code LIKE '99%'",
    } | {s: f"SELECT count(*) FROM findings WHERE severity = '{s}' AND {STANDS}" for s in SEVERITIES}
    for key, sql in facts.items():
        db.execute(f"INSERT INTO meta SELECT ?, CAST(({sql}) AS TEXT)", [key])


def _verify(connection: sqlite3.Connection) -> None:
    broken = connection.execute("PRAGMA foreign_key_check").fetchmany(5)
    (state,) = connection.execute("PRAGMA integrity_check").fetchone()
    if broken or state != "ok":
        raise inputs.BuildError(f"the new database is not sound: {state}, rows without their key: {broken}")


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
