"""`data/gongkai.db` → `data/release/`: the database, CSV, XLSX and Parquet a table, a data package, digests.

The same database gives the same bytes: no clock, no random, rows in the order of their keys. Rows are streamed.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from crawler import lock
from db import package, privacy, schema, tablefiles
from db.build import CACHE, NAME
from db.downloads import FOLDER, INDEXED, SUMS

Told = Callable[[str], None]
_OURS = re.compile(rf"{FOLDER}\.\d+\.(new|old|db)")


class ReleaseError(ValueError):
    """Why nothing can be released, and what to do."""


@dataclass(frozen=True, slots=True)
class Table:
    """A published table: its columns as (name, SQLite type), its primary key, its rows counted."""

    name: str
    columns: tuple[tuple[str, str], ...]
    keys: tuple[str, ...]
    rows: int

    @property
    def sql(self) -> str:
        return f"SELECT * FROM [{self.name}] ORDER BY {', '.join(f'[{key}]' for key in self.keys) or 'rowid'}"


def release(data: Path, told: Told = lambda line: None) -> Path:
    """Writes data/release and returns it; tells each file. Raises ReleaseError where there is nothing fit to release.

    The folder is written beside the old one and renamed into place: a release that fails leaves the old one as it was.
    """
    data = Path(data)
    if not (data / NAME).exists():
        raise ReleaseError(f"{data / NAME}: no database — run `gongkai build` first")
    with _one_writer(data):
        _clear(data)
        new, old, opened = (data / f"{FOLDER}.{os.getpid()}.{part}" for part in ("new", "old", "db"))
        try:
            new.mkdir()
            opened.hardlink_to(data / NAME)  # a build that comes meanwhile does not mix two databases
            _write(opened, new, told)
            _swap(new, data / FOLDER, old)
        finally:
            _clear(data)
    return data / FOLDER


def _clear(data: Path) -> None:
    """Removes what a run left behind, also one that was killed; between its two renames the old release comes back."""
    for stale in sorted(path for path in data.iterdir() if _OURS.fullmatch(path.name)):
        if stale.suffix == ".old" and not (data / FOLDER).exists():
            stale.rename(data / FOLDER)
        elif stale.is_dir():
            shutil.rmtree(stale, ignore_errors=True)
        else:
            stale.unlink()


def _swap(new: Path, place: Path, old: Path) -> None:
    with suppress(FileNotFoundError):
        place.rename(old)
    try:
        new.rename(place)
    except OSError:
        old.rename(place)
        raise


@contextmanager
def _one_writer(data: Path) -> Iterator[None]:
    try:
        with lock.held(data, "release"):
            yield
    except lock.Held as error:
        raise ReleaseError(f"{data}: another release is running — wait until it ends") from error


def _write(database: Path, folder: Path, told: Told) -> None:
    with closing(sqlite3.connect(_read_only(database), uri=True)) as source:
        _private(source)
        found = tables(source)
        _copy(database, [table.name for table in found], folder / NAME)
        told(NAME)
        left_out: dict[str, str] = {}
        for table in found:
            for name in tablefiles.write(source, table.name, table.sql, table.columns, table.rows, folder, left_out):
                told(name)
        package.write(source, found, folder, left_out)
    sums = "".join(f"{package.digest(folder / name)}  {name}\n" for name in _files(folder))
    (folder / SUMS).write_text(sums, encoding="utf-8")
    for path in [folder, *folder.rglob("*")]:
        _sync(path)


def _read_only(database: Path) -> str:
    return f"{database.resolve().as_uri()}?mode=ro&immutable=1"


def tables(source: sqlite3.Connection) -> list[Table]:
    """The published tables in the order of the schema."""
    held = {name for (name,) in source.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    found = []
    for name in schema.descriptions():
        if name in held - INDEXED:
            info = source.execute(f"PRAGMA table_info([{name}])").fetchall()
            keys = tuple(row[1] for row in sorted(info, key=lambda row: row[5]) if row[5])
            (rows,) = source.execute(f"SELECT count(*) FROM [{name}]").fetchone()
            found.append(Table(name, tuple((row[1], row[2]) for row in info), keys, rows))
    return found


def _private(source: sqlite3.Connection) -> None:
    """The build hides it; a database built by another rule must not get out."""
    held = source.execute("SELECT value FROM meta WHERE key = 'privacy'").fetchone()
    if held != (privacy.rule(),):
        raise ReleaseError("the database was built by another rule of what is private — run `gongkai build` first")


def _copy(database: Path, names: list[str], path: Path) -> None:
    """The published tables in a file of their own, with their keys, indexes and views."""
    with closing(sqlite3.connect(path, isolation_level=None, uri=True)) as copy:
        copy.execute("PRAGMA journal_mode = OFF")
        copy.execute("PRAGMA synchronous = OFF")
        copy.execute("PRAGMA temp_store = FILE")
        copy.execute(f"PRAGMA cache_size = -{CACHE}")
        copy.execute("ATTACH ? AS source", [_read_only(database)])
        made = "SELECT sql, tbl_name FROM source.sqlite_schema WHERE type = ? AND sql IS NOT NULL ORDER BY rowid"
        copy.execute("BEGIN")
        for sql, name in copy.execute(made, ["table"]).fetchall():
            if name in names:
                copy.execute(sql)
                copy.execute(f"INSERT INTO main.[{name}] SELECT * FROM source.[{name}]")
        for sql, name in copy.execute(made, ["index"]).fetchall():
            if name in names:
                copy.execute(sql)
        for sql, _ in copy.execute(made, ["view"]).fetchall():
            copy.execute(sql)
        copy.execute("COMMIT")
        copy.execute("DETACH source")
        copy.execute("ANALYZE")


def _files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
