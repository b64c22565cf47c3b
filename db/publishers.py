"""Who is expected to publish on a portal: the government of its place, its townships, its organs, who published before.

Nothing is expected before the first year that the portal shows. Article 49 names no townships: they owe a report from
the first year for which one of them published on the portal, or for which somebody entered a local notice.
"""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from crawler.portals import Portal
from extract.organs import VERTICAL
from extract.register import Division, Register, kinds

_STREET = re.compile(r"街道(?:办事处)?$")
# Of the statistics' townships only these are governments or their street offices; farms and zones are not.
_TOWNSHIP = re.compile(r"(?:镇|乡|苏木|街道|街道办事处)$")


@dataclass(frozen=True, slots=True)
class Publisher:
    """A unit that is expected on a portal, from the first year for which that can be said, and why."""

    unit: str
    name: str
    kind: str
    level: str
    division: str
    since: int
    why: str
    required: bool = True


@dataclass(frozen=True, slots=True)
class Held:
    """What came through a portal: the first year of each unit; its name, kind, level and division."""

    since: dict[str, int]
    units: dict[str, tuple[str, str, str, str]]


def held(connection: sqlite3.Connection, portal: str) -> Held:
    """The units whose reports came through a portal."""
    rows = connection.execute(
        "SELECT u.id, min(r.year), u.name, u.kind, u.level, u.division FROM fetches AS f"
        " JOIN report_documents AS d ON d.document = f.document JOIN reports AS r ON r.id = d.report"
        " JOIN units AS u ON u.id = r.unit WHERE f.portal = ? AND r.year IS NOT NULL GROUP BY u.id",
        [portal],
    ).fetchall()
    return Held({row[0]: row[1] for row in rows}, {row[0]: row[2:] for row in rows})


def townships(register: Register) -> dict[str, list[Division]]:
    """Division → the township-level governments and street offices directly below it."""
    found: dict[str, list[Division]] = defaultdict(list)
    for division in register.divisions.values():
        if division.level == "township" and division.parent and _TOWNSHIP.search(division.name):
            found[division.parent].append(division)
    return found


def expected(
    portal: Portal,
    found: Held,
    register: Register,
    below: Mapping[str, list[Division]],
    latest: int,
    required: Iterable[tuple[str, int, str]] = (),
) -> list[Publisher]:
    """Every unit once, in order of id. `latest`: the first year where the portal has shown none yet.

    `below`: all townships by the division above; a prefecture's counties have portals of their own. `required`: (unit,
    first year, source) of units that somebody entered; those of other places are left aside.
    """
    first = min(found.since.values(), default=latest)
    place = register.divisions.get(portal.division)
    towns = [place] if place and place.level == "township" else below.get(portal.division, [])
    listed = {p.unit: p for p in (*_registered(portal, register, first), *_townships(towns, found, first))}
    for unit, (name, kind, level, division) in found.units.items():
        if unit not in listed and kind and level and division:
            since = found.since[unit]
            listed[unit] = Publisher(unit, name, kind, level, division, since, f"published for {since} on this portal")
    for unit, since, source in required:
        if unit in listed:
            listed[unit] = replace(listed[unit], since=since, why=source, required=True)
        elif (made := _of_id(unit, register, since, source)) and portal.division in _places(made.division, register):
            listed[unit] = made
    return [listed[unit] for unit in sorted(listed)]


def _registered(portal: Portal, register: Register, first: int) -> Iterator[Publisher]:
    """The government, and the organs of the portal's directory."""
    place = register.divisions.get(portal.division)
    if place is None:
        return
    if place.level != "township":
        why = "the government of the portal’s place"
        yield Publisher(place.code, place.name, "government", place.level, place.code, first, why)
    for unit in sorted(set(portal.organs.values()) - {place.code}):
        made = _of_id(unit, register, first, "the portal’s directory lists it")
        if made and made.level != "township":
            yield made


def _townships(towns: Iterable[Division], found: Held, first: int) -> Iterator[Publisher]:
    years = [year for unit, year in found.since.items() if found.units[unit][2] == "township"]
    since = min(years, default=first)
    why = f"townships publish on this portal since {since}" if years else "no township ever published on this portal"
    for division in towns:
        kind = "street_office" if _STREET.search(division.name) else "government"
        code, name = division.code, division.name
        yield Publisher(code, name, kind, "township", code, since, why, bool(years))


def _places(code: str, register: Register) -> tuple[str, ...]:
    """A division and, for a township, the one above: the places on whose portals its units publish."""
    division = register.divisions[code]
    return (code, division.parent or code) if division.level == "township" else (code,)


def _of_id(unit: str, register: Register, since: int, why: str) -> Publisher | None:
    code, _, slug = unit.partition("-")
    division = register.divisions.get(code)
    names = {kind.slug: kind.name for kind in kinds()}
    if division is None or (slug and slug not in names):
        return None
    kind = "street_office" if not slug and _STREET.search(division.name) else "government"
    if slug:
        kind = {"zfb": "government_office"}.get(slug, "vertical_organ" if slug in VERTICAL else "department")
    return Publisher(unit, division.name + names.get(slug, ""), kind, division.level, code, since, why)
