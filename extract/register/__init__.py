"""The register of administrative divisions: which exist, at which level, below which.

One file a province of `code,name`; level and parent follow from the code. Beside them what no longer stands there
(former.csv), since when the rest does (dates.csv), and what became of whom (relations.csv, `lineage.py`).
Sources and licences: sources.toml, build.py, build_history.py.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple

FOLDER = Path(__file__).parent
LEVELS = {2: "province", 4: "prefecture", 6: "county", 9: "township"}


class Division(NamedTuple):  # a tuple is made three times as fast as a dataclass, and each worker makes 56,000
    """One division; `parent` is the code of the nearest division above that exists, None for a province.

    `since` and `until` are ISO dates, empty where no list says; a former one has an `until`.
    """

    code: str
    name: str
    level: str
    parent: str | None
    since: str = ""
    until: str = ""

    def valid(self, date: str) -> bool:
        """Whether the division had this name and code on a day, as far as the lists know."""
        return self.since <= date and (not self.until or date < self.until)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of department: its slug in unit ids, its name today, its former and short names."""

    slug: str
    name: str
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Register:
    """All divisions of today, by code and by name, and the former ones, also by both."""

    divisions: Mapping[str, Division]
    names: Mapping[str, tuple[Division, ...]]
    former: Mapping[str, tuple[Division, ...]] = field(default_factory=dict)
    former_codes: Mapping[str, tuple[Division, ...]] = field(default_factory=dict)

    def named(self, name: str) -> tuple[Division, ...]:
        """Every division of exactly that name, in order of code."""
        return self.names.get(name, ())

    def bearers(self, name: str) -> tuple[Division, ...]:
        """Every division that bears or bore exactly that name, those of today first."""
        return self.names.get(name, ()) + self.former.get(name, ())

    def at(self, code: str, date: str = "") -> Division | None:
        """What a code stood for on a day (default: today); else what it stands for now, else what it stood for last."""
        now = self.divisions.get(code)
        if now is not None and (not date or now.since <= date):
            return now
        past = self.former_codes.get(code, ())
        return next((d for d in past if date and d.valid(date)), None) or now or (past[-1] if past else None)

    def parents(self, code: str, date: str = "") -> tuple[Division, ...]:
        """The divisions above a code, province first, as they were on a day (default: today)."""
        found = (self.at(code[:n], date) for n in (2, 4, 6) if n < len(code))
        return tuple(division for division in found if division is not None)

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
    since = {code: date for code, date in _table("dates")}
    divisions = {
        code: Division(code, named[code], LEVELS[len(code)], _parent(code, named), since.get(code, ""))
        for code in sorted(named)
    }
    rows = list(_table("former"))
    known = named.keys() | {code for code, *_ in rows}
    past = [Division(c, n, LEVELS[len(c)], _parent(c, known), a, b) for c, n, a, b in rows]
    past.sort(key=lambda division: division.until)
    return Register(divisions, _by("name", divisions.values()), _by("name", past), _by("code", past))


def _by(key: str, divisions: Iterable[Division]) -> Mapping[str, tuple[Division, ...]]:
    of = attrgetter(key)
    found: dict[str, tuple[Division, ...]] = {}
    for division in divisions:
        name = of(division)
        found[name] = (*found[name], division) if name in found else (division,)
    return found


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


def _parent(code: str, named: Container[str]) -> str | None:
    for length in (6, 4, 2):
        if length < len(code) and code[:length] in named:
            return code[:length]
    return None


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


@lru_cache(maxsize=1)
def coordinates() -> Mapping[str, tuple[float, float]]:
    """Code → latitude and longitude of a province, prefecture or county's seat."""
    return {code: (float(lat), float(lon)) for code, lat, lon in _table("coordinates")}


def sources() -> dict[str, dict[str, Any]]:
    """sources.toml: part of the register → its packages or source, licence, script."""
    return tomllib.loads((FOLDER / "sources.toml").read_text(encoding="utf-8"))


def _table(stem: str) -> Iterator[list[str]]:
    with (FOLDER / f"{stem}.csv").open(encoding="utf-8", newline="") as lines:
        reader = csv.reader(lines)
        next(reader)
        yield from (row for row in reader if row)
