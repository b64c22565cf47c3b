"""The Frictionless data package of a release: every table's schema from schema.sql, licences, sources, citation."""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from db import schema

if TYPE_CHECKING:
    from db.release import Table

FILE = "datapackage.json"
PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
TYPES = {"TEXT": "string", "INTEGER": "integer", "REAL": "number"}
_ONE_OF = r"CHECK \({} IN \(([^)]*)\)\)"


def about() -> dict[str, Any]:
    """What package.toml says: name, title, description, licences, contributors."""
    return tomllib.loads((Path(__file__).parent / "package.toml").read_text(encoding="utf-8"))


def write(source: sqlite3.Connection, tables: Iterable[Table], folder: Path, notes: Mapping[str, str]) -> None:
    """Writes datapackage.json beside the files that it describes; `notes` tell of files that are cut or left out."""
    facts = dict(source.execute("SELECT key, value FROM meta"))
    at = facts.get("built_from")
    descriptor = {"$schema": PROFILE, **about()}
    if at:
        descriptor |= {"created": at, "version": at[:10].replace("-", ".")}
    descriptor["decisions"] = facts.get("decisions")
    descriptor["sources"] = [
        {"title": f"{part}: {title}" + (f" ({licence})" if licence else "")}
        for part, title, licence in source.execute(
            "SELECT part, source, licence FROM register_sources ORDER BY part, source"
        )
    ]
    descriptor["notes"] = dict(sorted(notes.items()))
    published = list(tables)
    names = {table.name for table in published}
    descriptor["resources"] = [_resource(source, table, names, folder) for table in published]
    (folder / FILE).write_text(json.dumps(descriptor, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def digest(path: Path) -> str:
    """The SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _resource(source: sqlite3.Connection, table: Table, names: set[str], folder: Path) -> dict[str, Any]:
    path = f"csv/{table.name}.csv"
    return {
        "name": table.name,
        "type": "table",
        "path": path,
        "description": schema.descriptions()[table.name][0],
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": (folder / path).stat().st_size,
        "hash": f"sha256:{digest(folder / path)}",
        "rows": table.rows,
        "schema": _schema(source, table, names),
    }


def _schema(source: sqlite3.Connection, table: Table, names: set[str]) -> dict[str, Any]:
    (made,) = source.execute("SELECT sql FROM sqlite_schema WHERE name = ?", [table.name]).fetchone()
    told = schema.descriptions()[table.name][1]
    info = source.execute(f"PRAGMA table_info([{table.name}])").fetchall()
    fields = [_field(name, kind, bool(needed or key), made, told[name]) for _, name, kind, needed, _, key in info]
    found: dict[str, Any] = {"fields": fields, "missingValues": [""]}
    if table.keys:
        found["primaryKey"] = list(table.keys)
    foreign = [
        {"fields": [column], "reference": {"resource": "" if other == table.name else other, "fields": [key]}}
        for _, _, other, column, key, *_ in source.execute(f"PRAGMA foreign_key_list([{table.name}])")
        if other in names
    ]
    if foreign:
        found["foreignKeys"] = sorted(foreign, key=lambda key: key["fields"])
    return found


def _field(name: str, kind: str, needed: bool, made: str, description: str) -> dict[str, Any]:
    field: dict[str, Any] = {"name": name, "type": TYPES[kind], "description": description}
    constraints: dict[str, Any] = {"required": True} if needed else {}
    if among := re.search(_ONE_OF.format(name), made):
        constraints["enum"] = [word.strip().strip("'") for word in among[1].split(",")]
    if needed and kind == "TEXT":
        field["missingValues"] = []  # an empty text is a value here, e.g. the area that is the whole country
    return field | ({"constraints": constraints} if constraints else {})
