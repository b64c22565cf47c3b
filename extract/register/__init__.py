"""The register of administrative divisions: which exist, at which level, below which.

One file a province of `code,name`; level and parent follow from the code. Sources and licences: sources.toml, build.py.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).parent
LEVELS = {2: "province", 4: "prefecture", 6: "county", 9: "township"}


@dataclass(frozen=True, slots=True)
class Division:
    """One division; `parent` is the code of the nearest division above that exists, None for a province."""

    code: str
    name: str
    level: str
    parent: str | None


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of department: its slug in unit ids, its name today, its former and short names."""

    slug: str
    name: str
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Register:
    """All divisions, by code and by name."""

    divisions: Mapping[str, Division]
    names: Mapping[str, tuple[Division, ...]]

    def named(self, name: str) -> tuple[Division, ...]:
        """Every division of exactly that name, in order of code."""
        return self.names.get(name, ())

    def parents(self, code: str) -> tuple[Division, ...]:
        """The divisions above a code, province first."""
        above: list[Division] = []
        parent = self.divisions[code].parent
        while parent is not None:
            above.append(self.divisions[parent])
            parent = above[-1].parent
        return tuple(reversed(above))

    def within(self, code: str) -> tuple[Division, ...]:
        """A division and everything below it, in order of code."""
        return tuple(d for c, d in self.divisions.items() if c.startswith(code))


def load(extra: Path | None = None) -> Register:
    """The bundled register, with the CSVs of a further folder over it (kept in memory once read)."""
    files = tuple(sorted(extra.glob("*.csv"))) if extra is not None and extra.is_dir() else ()
    return _load(tuple((file, file.stat().st_mtime_ns) for file in files))


@lru_cache(maxsize=8)
def _load(extra: tuple[tuple[Path, int], ...]) -> Register:
    named = {code: name for file in sorted(FOLDER.glob("[0-9][0-9].csv")) for code, name in _rows(file)}
    for file, _ in extra:
        named.update((code, name) for code, name in _rows(file))
    divisions = {code: Division(code, named[code], LEVELS[len(code)], _parent(code, named)) for code in sorted(named)}
    names: dict[str, list[Division]] = {}
    for division in divisions.values():
        names.setdefault(division.name, []).append(division)
    return Register(divisions, {name: tuple(found) for name, found in names.items()})


def _rows(file: Path) -> Iterator[tuple[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.reader(lines)
        if next(reader, None) != ["code", "name"]:
            raise ValueError(f"{file}: the first line must be code,name")
        for number, row in enumerate(reader, 2):
            if not row:
                continue
            if len(row) != 2 or len(row[0]) not in LEVELS or not row[0].isdigit() or not row[1].strip():
                raise ValueError(f"{file}:{number}: expected a code of 2, 4, 6 or 9 digits and a name, found {row}")
            yield row[0], row[1].strip()


def _parent(code: str, named: Mapping[str, str]) -> str | None:
    return next((code[:n] for n in (6, 4, 2) if n < len(code) and code[:n] in named), None)


@lru_cache(maxsize=1)
def kinds() -> tuple[Kind, ...]:
    """The kinds of departments, the government's own office (`zfb`) among them."""
    return tuple(Kind(slug, name, tuple(a for a in aliases.split("|") if a)) for slug, name, aliases in _table("kinds"))


@lru_cache(maxsize=1)
def hosts() -> Mapping[str, str]:
    """Host → code of the division whose portal it is."""
    return {host: code for host, code in _table("hosts")}


@lru_cache(maxsize=1)
def phones() -> Mapping[str, tuple[str, ...]]:
    """Trunk code (0795) → codes of the prefectures or municipalities that it serves."""
    return {trunk: tuple(codes.split("|")) for trunk, codes in _table("phones")}


def _table(stem: str) -> Iterator[list[str]]:
    with (FOLDER / f"{stem}.csv").open(encoding="utf-8", newline="") as lines:
        reader = csv.reader(lines)
        next(reader)
        yield from (row for row in reader if row)
