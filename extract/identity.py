"""Which organ a report is from, and which scope it has: one candidate survives all evidence, or none is named."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from crawler.titles import compact, parse_title
from extract.evidence import WEIGHTS, Constraint, Evidence, constraints, division_of_host, host_map
from extract.organs import VERTICAL, Reading, department_kind, read_organ
from extract.records import Piece, Unit
from extract.register import Division, Register, kinds
from extract.register.lineage import as_of, kin, kind_names

__all__ = ["Evidence", "Identity", "division_of_host", "host_map", "resolve", "scope"]

# Two voices say whose requests were received: the area's, or the organ's own. Between voice and request stands neither.
_AREA_NAMES = r"全[省市县区旗州盟]|各级行政机关|各级各部门"
_OWN_NAMES = r"本机关|本单位|本局|我[局镇乡办委]|本级"
_GAP = rf"(?:(?!{_AREA_NAMES}|{_OWN_NAMES})[^。；;\n]){{0,24}}?"
_TAKEN = r"(?:收到|受理|新收|接到|办理|收悉)"
_REQUEST = r"(?:公开[^。；;，,、\n]{0,6}申请|申请公开|依申请)"
# 收到申请 is of requests, 受理行政许可申请 is not.
_OF_REQUESTS = rf"(?:{_GAP}{_TAKEN}(?:{_GAP}{_REQUEST}|[的到了共计]*申请)|{_GAP}{_REQUEST}{_GAP}{_TAKEN})"
_AREA = re.compile(rf"(?:{_AREA_NAMES}){_OF_REQUESTS}")
_OWN = re.compile(rf"(?:{_OWN_NAMES}){_OF_REQUESTS}")
# 综合各乡镇的报告编制, 各部门报告汇总编制; neither an office's name (综合科编制) nor other people's duty (要求各部门…).
_PUT_TOGETHER = r"(?:综合(?![科处股室部协服执治])|汇总)"
_OTHERS = r"(?<![求促导织])(?:各(?:[省市县区旗州盟乡镇街级地委]|部门|单位|有关|相关|直属)|所属|下属|辖区|[省市县区]直)"
_MADE = r"(?:编制|编写|而成)"
_COMPILED = re.compile(
    rf"{_PUT_TOGETHER}[^。；;\n]{{0,20}}{_OTHERS}[^。；;\n]{{0,60}}{_MADE}"
    rf"|{_OTHERS}[^。；;\n]{{0,60}}{_PUT_TOGETHER}[^。；;，,\n]{{0,4}}{_MADE}"
)
_OPEN = re.compile(r"^[本我]?([省市县区旗州盟])(.+)$")  # 市农业农村局: a level, no place
# A township's lists lag behind: what is new in one may have been so for two years.
_LAG = {"township": 2}
# So do the lists of counties of these days: the lists before them stand 14 and 24 months earlier.
_LATE_LISTS = ("2020-12-31", "2022-12-31")


@dataclass(frozen=True, slots=True)
class Identity:
    """The unit, or its name alone; the candidates left at the end, what spoke for them, how many bear the name."""

    unit: Unit
    candidates: tuple[str, ...]
    evidence: tuple[Piece, ...]
    ambiguous: int


def resolve(
    evidence: Evidence,
    register: Register,
    known: Mapping[str, str] | None = None,
    year: int | None = None,
) -> Identity:
    """The unit that all evidence allows, if it is exactly one, under its name and code of that year.

    `known`: host → division (default: host_map()); `year` where the title does not state it.
    """
    known = host_map() if known is None else known
    organ, source, stated = _organ(evidence)
    year = year or stated
    read = read_organ(organ, register) or _placed(organ, evidence, register, known)
    readings = _in_time(read, year, register)
    ambiguous = len({reading.division.code for reading in readings})
    pieces = [Piece(source, organ, WEIGHTS[source], ambiguous, bool(readings))] if organ else []
    if not readings:
        return _registered_only(evidence, register, organ, pieces)
    found = list(constraints(evidence, register, known, readings))
    left, agreed = _narrow(list(readings), found)
    pieces += [
        each.piece(sum(each.allows(r.division.code) for r in readings), agrees)
        for each, agrees in zip(found, agreed, strict=True)
    ]
    left = _same_kind(left)
    sure = max(reading.named for reading in readings) > 1  # the name itself carries its parent
    conflict = any(not agrees and (each.strong or not sure) for each, agrees in zip(found, agreed, strict=True))
    if conflict or len(left) != 1:  # two voices name different places: nobody is believed
        unit = _unknown(organ, readings if conflict else left)
        left = list(readings) if conflict else left
    else:
        unit = _unit(left[0], register, organ, year)
    return _identity(unit, _ids(left), tuple(pieces), ambiguous)


def _identity(unit: Unit, candidates: tuple[str, ...], pieces: tuple[Piece, ...], ambiguous: int) -> Identity:
    return Identity(replace(unit, evidence=pieces, candidates=candidates), candidates, pieces, ambiguous)


def _narrow(left: list[Reading], found: list[Constraint]) -> tuple[list[Reading], list[bool]]:
    """What every piece leaves that leaves anything, and which pieces did; what only excludes is heard last."""
    agreed = dict.fromkeys(found, False)
    for constraint in sorted(found, key=lambda each: not each.settles):
        kept = [reading for reading in left if constraint.allows(reading.division.code)]
        agreed[constraint] = bool(kept)
        left = kept if kept and constraint.settles else left
    return left, list(agreed.values())


def scope(text: str, unit: Unit) -> str:
    """own, aggregate or unknown: whether the counts are one organ's or those of the whole area.

    Where the text tells both, the tables may hold either: unknown.
    """
    plain = compact(text)
    if unit.level == "township" or unit.kind in ("department", "vertical_organ", "street_office", "zone_committee"):
        return "own"  # they have nobody below them; 全市 in their text is copied
    area, own = bool(_AREA.search(plain) or _COMPILED.search(plain)), bool(_OWN.search(plain))
    if area and own:
        return "unknown"
    if area:
        return "aggregate"
    return "own" if own or unit.kind == "government_office" else "unknown"


def _organ(evidence: Evidence) -> tuple[str, str, int | None]:
    """The name to read, where it stands (title, then the list's title, signature, publisher), and the year stated."""
    titles = [(parse_title(text) if text else None) for text in (evidence.title, evidence.listing)]
    year = next((title.year for title in titles if title and title.year), None)
    for text, source in (
        (titles[0].organ if titles[0] else "", "title"),
        (titles[1].organ if titles[1] else "", "listing"),
        (evidence.signature, "signature"),
        (evidence.publisher, "publisher"),
    ):
        if text.strip():
            # A government's office publishes for everyone below it: its name there says nothing about the author.
            if source == "publisher" and re.search(r"办公[室厅]|政府办|融媒体|中心", text):
                continue
            return compact(text), source, year
    return "", "", year


def _in_time(readings: tuple[Reading, ...], year: int | None, register: Register) -> tuple[Reading, ...]:
    """Readings as of a year: names and codes that were not yet or no longer borne give way to those that were."""
    if not any(r.division.since or r.division.until for r in readings):
        return readings
    if year is None:  # no time stated: what exists stands before what once did
        return tuple(r for r in readings if not r.division.until) or tuple(
            r for r in readings if not any(_later(other, r) for other in readings)
        )
    end = f"{year}-12-31"
    fitting = tuple(r for r in readings if _borne(r.division, year))
    if not fitting:
        moved = ((r, as_of(r.division, end, register)) for r in readings)
        fitting = tuple(replace(r, division=division) for r, division in moved if division is not None)
    # Of one division under two codes the one of the year's end: 华亭县 became 华亭市 in 2018.
    valid = {r.division.code for r in fitting if r.division.valid(end)}
    kept = (r for r in fitting if r.division.code in valid or not (kin(r.division.code) & valid))
    return tuple(dict.fromkeys(kept))


def _later(one: Reading, other: Reading) -> bool:
    """Whether two readings are one division under two codes, the first the later one."""
    return one.division.until > other.division.until and one.division.code in kin(other.division.code)


def _borne(division: Division, year: int) -> bool:
    """Whether a report of that year may bear the name: it is written in the year after."""
    lag = 2 if division.since in _LATE_LISTS else _LAG.get(division.level, 1)
    last = f"{year + lag}-06-30"
    return division.since <= last and (not division.until or division.until > f"{year}-01-01")


def _placed(organ: str, evidence: Evidence, register: Register, known: Mapping[str, str]) -> tuple[Reading, ...]:
    """Readings of a name without a place (农业农村局, 市公安局) where signature, publisher or host give a place."""
    found = None if department_kind(organ) else _OPEN.match(organ)  # 市场监督管理局 begins with no level
    level, bare = (found[1], found[2]) if found else ("", organ)
    if department_kind(bare) is None and not re.fullmatch(r"(?:人民)?政府(?:办公[室厅]|办)?", bare):
        return ()
    places = {
        r.division for text in (evidence.signature, evidence.publisher) if text for r in read_organ(text, register)
    }
    if not places and level:
        # The host alone speaks only for its own level: cities republish their districts' reports.
        code = (division_of_host(evidence.host, known) if evidence.host else None) or evidence.site
        division = register.divisions.get(code) if code else None
        places = {division} if division is not None else set()
    fitting = [d for d in places if not level or d.name.endswith(level)]
    return tuple(r for d in fitting for r in read_organ(d.name + bare, register) if r.division == d)


def _same_kind(readings: list[Reading]) -> list[Reading]:
    """Of several readings of one division the one that names more of the path (某区某镇, not a town so called)."""
    best: dict[tuple[str, str, str | None], Reading] = {}
    for reading in readings:
        key = (reading.division.code, reading.kind, reading.slug)
        if key not in best or reading.named > best[key].named:
            best[key] = reading
    return list(best.values())


def _registered_only(evidence: Evidence, register: Register, organ: str, pieces: list[Piece]) -> Identity:
    """No name to read: the registered unit speaks alone, but only where the document names nobody."""
    code, _, slug = (evidence.registered or "").partition("-")
    division = register.divisions.get(code)
    if organ or division is None:
        return _identity(Unit(None, organ or None), (), tuple(pieces), 0)
    if slug:
        kind = {"zfb": "government_office"}.get(slug, "vertical_organ" if slug in VERTICAL else "department")
        reading = Reading(division, 1, kind, slug)
    else:
        reading = next(r for r in read_organ(division.name, register) if not r.division.until)
        reading = Reading(division, 1, reading.kind, reading.slug)
    piece = Piece("registered", evidence.registered or "", WEIGHTS["registered"], 1, True)
    return _identity(_unit(reading, register, "", None), _ids([reading]), (piece,), 1)


def _unit(reading: Reading, register: Register, printed: str, year: int | None) -> Unit:
    division = reading.division
    date = f"{year}-12-31" if year else division.until and division.since
    above = register.parents(division.code, date)
    own = reading.id == division.code
    chain = above if own else (*above, division)
    parents = tuple((d.code, d.name) for d in chain)
    name = _name(reading, printed, year) or printed or None
    return Unit(reading.id, name, reading.kind, division.level, division.code, parents)


def _name(reading: Reading, printed: str, year: int | None) -> str | None:
    """The full name of a resolved unit in that year, the same for all its reports."""
    place = reading.division.name
    if reading.kind == "government":
        return place + ("行政公署" if place.endswith(("盟", "地区")) else "人民政府")
    if reading.kind == "street_office":
        return place if place.endswith("办事处") else place + "办事处"
    if reading.kind == "zone_committee":
        return place if reading.slug == "" else None
    for former in kind_names():
        # A name of before the reform, printed whole in a report of before the reform, is the name of that year.
        if former.slug == reading.slug and year and f"{year}-01-01" < former.until and printed.endswith(former.name):
            return place + former.name
    return next((place + kind.name for kind in kinds() if kind.slug == reading.slug), None)


def _unknown(printed: str, readings: list[Reading] | tuple[Reading, ...]) -> Unit:
    """A unit without an id: name as printed, and what all candidates have in common."""
    found = {r.kind for r in readings}
    levels = {r.division.level for r in readings}
    return Unit(
        None,
        printed or None,
        found.pop() if len(found) == 1 else None,
        levels.pop() if len(levels) == 1 else None,
    )


def _ids(readings: list[Reading] | tuple[Reading, ...]) -> tuple[str, ...]:
    return tuple(sorted({r.id for r in readings if r.id is not None}))
