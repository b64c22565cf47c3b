"""What stands on /data: the files of a release with size and digest, parts of them, the data dictionary."""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from db import schema

FOLDER = "release"
SUMS, PACKAGE, DATABASE = "SHA256SUMS", "datapackage.json", "gongkai.db"
KINDS = ("csv", "xlsx", "parquet")
INDEXED = frozenset({"passages", "names"})  # tables that only serve an index: not published
# What people look for first stands first; a table that no group names stands in the last
GROUPS = {
    "figures": ("reports", "applications", "disclosures", "disputes", "statistics", "cells", "derived", "labels"),
    "texts": ("sections", "statements", "contacts", "likenesses"),
    "checks": ("findings", "rules", "not_assessable", "finding_counts", "corrections", "reviews", "notes", "changes",
               "report_versions", "previous_reports"),
    "metrics": ("metrics", "operands", "operand_flags", "metric_operands", "metric_peers", "area_values", "series",
                "area_sums", "national"),
    "publication": ("expected", "expected_counts", "deadlines"),
    "who": ("units", "divisions", "unit_relations", "unit_successions", "unit_evidence", "province_counts"),
    "origin": (),
}  # fmt: skip
MEDIA = {
    ".csv": "text/csv; charset=utf-8",
    ".db": "application/vnd.sqlite3",
    ".json": "application/json; charset=utf-8",
    ".parquet": "application/vnd.apache.parquet",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "": "text/plain; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class File:
    """A file to download: its address under /data/, bytes and SHA-256."""

    name: str
    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class Held:
    """A release as it lies there: files by name, rows by table, files cut, as of when, with which decisions."""

    files: dict[str, File]
    rows: dict[str, int]
    cut: frozenset[str]
    as_of: str | None
    decisions: str | None

    @property
    def size(self) -> int:
        return sum(file.size for file in self.files.values())


def held(folder: Path) -> Held | None:
    """The release in a folder; None where there is none that is whole. Read again only when it was replaced."""
    try:
        state = (folder / SUMS).stat()
        return _held(folder, state.st_ino, state.st_mtime_ns)
    except (OSError, ValueError, KeyError):
        return None


@lru_cache(maxsize=2)
def _held(folder: Path, _inode: int, _written: int) -> Held:
    sums = (folder / SUMS).read_bytes()
    lines = (line.partition("  ") for line in sums.decode().splitlines())
    digests = {name: digest for digest, _, name in lines} | {SUMS: hashlib.sha256(sums).hexdigest()}
    files = {name: File(name, (folder / name).stat().st_size, digest) for name, digest in digests.items()}
    package = json.loads((folder / PACKAGE).read_text(encoding="utf-8"))
    rows = {resource["name"]: resource["rows"] for resource in package["resources"]}
    return Held(files, rows, frozenset(package["notes"]), package.get("created"), package.get("decisions"))


def media_type(name: str) -> str:
    """What a file is, by its name."""
    return MEDIA[Path(name).suffix]


def part(asked: str, size: int) -> tuple[int, int] | None:
    """First byte and the one after the last of a Range header (RFC 9110 §14); None where all is to be sent.

    Raises ValueError where nothing of what is asked exists. Several ranges at once are answered with the whole."""
    found = re.fullmatch(r"bytes=(\d{0,19})-(\d{0,19})", asked.strip())
    if not found or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    if not first:  # the last n bytes
        start, end = max(size - int(last), 0), size
    else:
        start, end = int(first), min(int(last) + 1, size) if last else size
        if last and int(last) < int(first):
            return None
    if start >= end:
        raise ValueError(f"bytes */{size}")
    return start, end


@dataclass(slots=True)
class Described:
    """A table or view as the dictionary shows it: columns as (name, type, marks, sentence)."""

    name: str
    sentence: str
    columns: list[tuple[str, str, dict[str, Any], str]] = field(default_factory=list)


@lru_cache(maxsize=1)
def dictionary() -> tuple[dict[str, list[Described]], list[Described]]:
    """The published tables by group with their columns, and the views: made from schema.sql and first lines."""
    connection = sqlite3.connect(":memory:")
    connection.executescript(schema.statements())
    tables: dict[str, list[Described]] = {group: [] for group in GROUPS}
    for name, (sentence, told) in schema.descriptions().items():
        if name in INDEXED:
            continue
        refers = {row[3]: row[2] for row in connection.execute(f"PRAGMA foreign_key_list([{name}])")}
        table = Described(name, sentence)
        for _, column, kind, needed, _, key in connection.execute(f"PRAGMA table_info([{name}])"):
            marks = {"key": bool(key), "refers": refers.get(column), "required": bool(needed)}
            table.columns.append((column, kind, marks, told[column]))
        tables[next((group for group, names in GROUPS.items() if name in names), "origin")].append(table)
    connection.close()
    for group, names in GROUPS.items():
        tables[group].sort(key=lambda table: names.index(table.name) if names else 0)
    views = [Described(name, sentence) for part in ("views", "metrics") for name, sentence, _ in schema.sql_files(part)]
    return tables, views


def size_in_words(size: int) -> str:
    """1536 → 1.5 kB; decimal units, as download managers show them."""
    amount = float(size)
    for unit in ("B", "kB", "MB", "GB"):
        if amount < 1000 or unit == "GB":
            break
        amount /= 1000
    return f"{amount:.0f} {unit}" if unit == "B" else f"{amount:.1f} {unit}"
