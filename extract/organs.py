"""What an organ's printed name says: every division it may lie in, and the kind of organ it names."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from crawler.titles import compact
from extract.register import Division, Register, kinds
from extract.register.lineage import kin

# These report in their own system, not to the local government.
VERTICAL = {"sw", "guosj", "disj", "hg", "qxj", "dcd", "yzglj", "ycj", "xfjy"}
# What a vertical organ's full name begins with: 国家税务总局某县税务局.
_SYSTEM = re.compile(r"^(?:国家税务总局|国家统计局|中华人民共和国)(?=.)")
_SHORT = re.compile(r"^([\u4e00-\u9fff]{1,5}[^省市县区旗盟州])(调查队|调查总队|海关)$")
_SHORT_KINDS = {"调查队": "dcd", "调查总队": "dcd", "海关": "hg"}
_GOVERNMENT = re.compile(r"^(?:人民)?政府$|^行政公署$")
_OFFICE = re.compile(r"^(?:人民)?政府(?:办公厅|办公室|办)$|^(?:党政|政府)?(?:综合)?办公室$|^党政办$|^行政公署办公室$")
_ZONE = re.compile(r"(?:管理委员会|管委会|管理处|开发区|园区|新区|示范区)$")
_DEPARTMENT = re.compile(r"(?:局|厅|委|委员会|办|办公室|中心|支队|大队|队|院|站|处)$")
_STREET = re.compile(r"街道(?:办事处)?$")
_BETWEEN = re.compile(r"人民政府(?=.{2,}(?:街道|办事处|镇|乡|管委会|管理委员会))")
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
        """Unit id; None for an organ that has no place in the register (an unknown department)."""
        if self.kind in ("government", "street_office") or (self.kind == "zone_committee" and self.slug == ""):
            return self.division.code  # a zone that the statistics list has a code of its own
        return f"{self.division.code}-{self.slug}" if self.slug else None


def read_organ(name: str, register: Register) -> tuple[Reading, ...]:
    """Every reading of a whole name, () where it does not begin with a division or its rest is no organ."""
    plain = _trim(name)
    system = _SYSTEM.match(plain)
    plain = plain[system.end() :] if system else plain
    if short := _SHORT.match(plain):  # 高安调查队, 南昌海关: these leave 市 and 县 out
        places = (d for suffix in "省市县区" for d in register.bearers(short[1] + suffix))
        return tuple(Reading(d, 1, "vertical_organ", _SHORT_KINDS[short[2]]) for d in places)
    found = (_classify(divisions, plain[end:]) for divisions, end in _paths(plain, register))
    readings = list(dict.fromkeys(reading for reading in found if reading is not None))
    if system:  # 中华人民共和国 does not make a government of a county
        readings = [reading for reading in readings if reading.kind == "vertical_organ"]
    # A department that nobody knows is worth nothing beside a reading that leaves no word over: 某市某管理区财政局.
    readings = [r for r in readings if r.id or not any(o.id and _inside(o, r) for o in readings)]
    # A zone whose own name begins with a place is that place's: 某市某县工业园区 is the county's, not the city's.
    zones = [r for r in readings if r.kind == "zone_committee"]
    return tuple(r for r in readings if r not in zones or not any(z.named > r.named and _inside(z, r) for z in zones))


def _inside(inner: Reading, outer: Reading) -> bool:
    return inner.division.code.startswith(tuple(kin(outer.division.code)))


def department_kind(name: str) -> str | None:
    """The slug of a department's name without its place (农业局 → nyncj), former names included."""
    return _slugs().get(name) or _slugs().get(re.sub("厅$", "局", name))


def _zone(name: str) -> str:
    """A zone's own id: it has no code, so its name's digest stands for it, below the division that runs it."""
    bare = re.sub(r"^人民政府|(?:管理委员会|管委会)$", "", name)
    return "z" + hashlib.sha256(bare.encode()).hexdigest()[:8]


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
        if chain and (government := _BETWEEN.match(plain, start)):
            start = government.end()  # 某市人民政府某街道办事处
        for end in range(start + 2, min(len(plain), start + _LONGEST_NAME) + 1):
            for division in register.bearers(plain[start:end]) + _streets(plain[start:end], register):
                if not chain or _below(division, chain[-1]):
                    longer = (*chain, division)
                    yield longer, end
                    stack.append((longer, end))


def _below(division: Division, above: Division) -> bool:
    """Whether a division lies below another; a county that changed its code keeps its towns under either name."""
    if len(division.code) <= len(above.code):
        return False
    if division.code.startswith(above.code):
        return True
    # Both of one time: a town of today is looked for under a county's former code, never under the next one's name.
    return bool(above.until) and not division.until and division.code.startswith(tuple(kin(above.code)))


def _streets(name: str, register: Register) -> tuple[Division, ...]:
    """A street office under its other name: the register writes some with 办事处, most without."""
    if name.endswith("街道办事处"):
        return register.bearers(name.removesuffix("办事处"))
    return register.bearers(name + "办事处") if name.endswith("街道") else ()


def _classify(chain: tuple[Division, ...], rest: str) -> Reading | None:
    division, named = chain[-1], len(chain)
    township = division.level == "township"
    zone = division.code[4:5] == "7" if len(division.code) == 6 else township and _ZONE.search(division.name)
    if zone and rest in (
        "",
        "管理委员会",
        "管委会",
    ):  # counties' codes from 71 to 79 are the statistics' codes of zones
        return Reading(division, named, "zone_committee", "")
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
        return Reading(division, named, "zone_committee", _zone(rest))
    # A rest that names another place is no department of this one: 某街道办事处 must not become one of the district's.
    if _DEPARTMENT.search(rest) and not re.search(r"[镇乡]|街道", rest) and not township:
        return Reading(division, named, "department")
    return None
