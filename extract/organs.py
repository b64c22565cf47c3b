"""What an organ's printed name says: every division it may lie in, and the kind of organ it names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from crawler.titles import compact
from extract.register import Division, Register, kinds

VERTICAL = {
    "sw",
    "hg",
    "qxj",
    "dcd",
    "yzglj",
    "ycj",
    "xfjy",
}  # these report in their own system, not to the local government
_GOVERNMENT = re.compile(r"^(?:人民)?政府$|^行政公署$")
_OFFICE = re.compile(r"^(?:人民)?政府(?:办公厅|办公室|办)$|^(?:党政|政府)?(?:综合)?办公室$|^党政办$|^行政公署办公室$")
_ZONE = re.compile(r"(?:管理委员会|管委会|管理处|开发区|园区|新区|示范区)$")
_DEPARTMENT = re.compile(r"(?:局|厅|委|委员会|办|办公室|中心|支队|大队|队|院|站|处)$")
_STREET = re.compile(r"街道(?:办事处)?$")
_LONGEST_NAME = 25


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a name: the division, how many divisions were named on the way, the kind of organ in it."""

    division: Division
    named: int
    kind: str
    slug: str | None = None

    @property
    def id(self) -> str | None:
        """Unit id; None for an organ that has no place in the register (a zone's committee, an unknown department)."""
        if self.kind in ("government", "street_office") or (self.kind == "zone_committee" and self.slug == ""):
            return self.division.code
        return f"{self.division.code}-{self.slug}" if self.slug else None


def read_organ(name: str, register: Register) -> tuple[Reading, ...]:
    """Every reading of a whole name, () where it does not begin with a division or its rest is no organ."""
    plain = _trim(name)
    found = (_classify(divisions, plain[end:]) for divisions, end in _paths(plain, register))
    readings = list(dict.fromkeys(reading for reading in found if reading is not None))
    # A department that nobody knows is worth nothing beside a reading that leaves no word over: 某市某管理区财政局.
    return tuple(r for r in readings if r.id or not any(o.id and _inside(o, r) for o in readings))


def _inside(inner: Reading, outer: Reading) -> bool:
    return inner.division.code.startswith(outer.division.code)


def department_kind(name: str) -> str | None:
    """The slug of a department's name without its place (农业局 → nyncj), former names included."""
    return _slugs().get(name) or _slugs().get(re.sub("厅$", "局", name))


def _trim(name: str) -> str:
    plain = re.sub(r"[(\[〔][^)\]〕]*[)\]〕]$", "", compact(name))
    return plain.strip("：:,，.。、")


@lru_cache(maxsize=1)
def _slugs() -> dict[str, str]:
    return {name: kind.slug for kind in kinds() for name in (kind.name, *kind.aliases)}


def _paths(plain: str, register: Register) -> Iterator[tuple[tuple[Division, ...], int]]:
    """Every chain of divisions, each inside the one before, that a name begins with, and where the chain ends."""
    stack: list[tuple[tuple[Division, ...], int]] = [((), 0)]
    while stack:
        chain, start = stack.pop()
        for end in range(start + 2, min(len(plain), start + _LONGEST_NAME) + 1):
            for division in register.named(plain[start:end]) + _streets(plain[start:end], register):
                if not chain or (division.code.startswith(chain[-1].code) and division.code != chain[-1].code):
                    longer = (*chain, division)
                    yield longer, end
                    stack.append((longer, end))


def _streets(name: str, register: Register) -> tuple[Division, ...]:
    """A street office under its other name: the register writes some with 办事处, most without."""
    if name.endswith("街道办事处"):
        return register.named(name.removesuffix("办事处"))
    return register.named(name + "办事处") if name.endswith("街道") else ()


def _classify(chain: tuple[Division, ...], rest: str) -> Reading | None:
    division, named = chain[-1], len(chain)
    township = division.level == "township"
    if rest in ("", "办事处") or _GOVERNMENT.match(rest):
        if _STREET.search(division.name):
            return Reading(division, named, "street_office")
        if township and _ZONE.search(division.name):
            return Reading(division, named, "zone_committee", "")
        return Reading(division, named, "government") if rest != "办事处" else None
    if _OFFICE.match(rest):
        # A township's office writes for the township: it is no organ of its own.
        if township:
            return _classify(chain, "")
        return Reading(division, named, "government_office", "zfb") if "政府" in rest or "行政公署" in rest else None
    slug = department_kind(re.sub(r"^人民政府", "", rest))
    if slug is not None and not township:
        return Reading(division, named, "vertical_organ" if slug in VERTICAL else "department", slug)
    if _ZONE.search(rest):
        return Reading(division, named, "zone_committee")
    # A rest that names another place is no department of this one: 某街道办事处 must not become one of the district's.
    if _DEPARTMENT.search(rest) and not re.search(r"[镇乡]|街道", rest) and not township:
        return Reading(division, named, "department")
    return None
