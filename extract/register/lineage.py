"""What became of whom: relations between divisions and between kinds of departments, so that series go on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from extract.register import Division, Register, _table

SAME = ("rename", "upgrade", "transfer")  # one division before and one after; a merger or a split joins no series


@dataclass(frozen=True, slots=True)
class Relation:
    """A predecessor turned into a successor on a date; kind is rename, merge, split, upgrade or transfer."""

    predecessor: str
    predecessor_name: str
    successor: str
    successor_name: str
    kind: str
    date: str
    source: str


@dataclass(frozen=True, slots=True)
class KindName:
    """A former name of a kind of department: until when it was borne, and by which kind it was followed."""

    slug: str
    name: str
    until: str
    successor: str
    kind: str
    source: str


@lru_cache(maxsize=1)
def relations() -> tuple[Relation, ...]:
    """All relations between divisions, in order of the predecessor's code."""
    return tuple(Relation(*row) for row in _table("relations"))


@lru_cache(maxsize=1)
def kind_names() -> tuple[KindName, ...]:
    """The former names of departments, with the reform that ended them."""
    return tuple(KindName(*row) for row in _table("kind_names"))


@lru_cache(maxsize=1)
def _steps() -> tuple[Mapping[tuple[str, str], list[Relation]], Mapping[tuple[str, str], list[Relation]]]:
    after: dict[tuple[str, str], list[Relation]] = defaultdict(list)
    before: dict[tuple[str, str], list[Relation]] = defaultdict(list)
    for r in relations():
        after[r.predecessor, r.predecessor_name].append(r)
        before[r.successor, r.successor_name].append(r)
    return after, before


@lru_cache(maxsize=1)
def _codes() -> tuple[Mapping[str, set[str]], Mapping[str, set[str]]]:
    after: dict[str, set[str]] = defaultdict(set)
    before: dict[str, set[str]] = defaultdict(set)
    for r in relations():
        # What was split off neither speaks for those that it left nor is spoken for by them.
        if r.predecessor != r.successor and r.kind != "split":
            after[r.predecessor].add(r.successor)
            before[r.successor].add(r.predecessor)
    return after, before


@lru_cache(maxsize=4096)
def kin(code: str) -> frozenset[str]:
    """A code with all that it came from and all that it became; not what else became the same, nor what split off."""
    found = {code}
    for steps in _codes():
        waiting = [code]
        while waiting:
            for other in steps.get(waiting.pop(), ()):
                if other not in found:
                    found.add(other)
                    waiting.append(other)
    return frozenset(found)


def as_of(division: Division, date: str, register: Register) -> Division | None:
    """The same division under the name and code that it had on a day; None where relations do not lead there."""
    if division.valid(date):
        return division
    steps = _steps()[0 if division.until and division.until <= date else 1]
    seen, waiting = {(division.code, division.name)}, [(division.code, division.name)]
    while waiting:
        for r in steps.get(waiting.pop(), ()):
            pair = (r.successor, r.successor_name) if steps is _steps()[0] else (r.predecessor, r.predecessor_name)
            if r.kind not in SAME or pair in seen:
                continue
            found = _division(*pair, register)
            if found is not None and found.valid(date):
                return found
            seen.add(pair)
            waiting.append(pair)
    return None


def _division(code: str, name: str, register: Register) -> Division | None:
    now = register.divisions.get(code)
    if now is not None and name in (now.name, now.name.removesuffix("办事处")):
        return now
    return next((d for d in register.former_codes.get(code, ()) if d.name == name), None)
