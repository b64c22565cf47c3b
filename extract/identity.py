"""Which organ a report is from, and which scope it has: one candidate survives all evidence, or none is named."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from crawler.portals import load as load_portals
from crawler.titles import compact, parse_title
from extract.organs import VERTICAL, Reading, department_kind, read_organ
from extract.records import Unit
from extract.register import Register, hosts, kinds, phones

_HOST = re.compile(r"(?<![\w.@-])((?:[a-z0-9-]+\.)+(?:gov\.cn|test))(?![\w-])", re.I)
_PHONE = re.compile(r"(?<!\d)(0\d{2,3})\D{0,3}\d{7,8}(?!\d)")
_DOCUMENT_NUMBER = re.compile(r"([\u4e00-\u9fff])(?:政府|政|府)[\u4e00-\u9fff]{0,4}[〔\[(【]?\s*(?:19|20)\d\d")
_PREFIX = re.compile(r"([\u4e00-\u9fff])(?:政|府)(?:办)?(?:发|字|函)")
_NEAR = r"[^。；;\n]{0,24}(?:收到|受理|新收|接到|办理|收悉)"
_AREA = re.compile(rf"(?:全[省市县区旗州盟]|各级行政机关|各级各部门){_NEAR}")
_COMPILED = re.compile(r"(?:综合|汇总)[^。；;\n]{0,60}(?:编制|报告)")
_OWN = re.compile(rf"(?:本机关|本单位|本局|我局|我镇|我乡|本级){_NEAR}")
_OPEN = re.compile(r"^[本我]?([省市县区旗州盟])(.+)$")  # 市农业农村局: a level, no place


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that may tell who wrote a report; empty where a document does not say."""

    registered: str | None = None  # unit id, or division code, that the portal or the import states
    title: str = ""
    signature: str = ""
    publisher: str = ""
    contact: str = ""  # address, telephone, website as printed
    body_prefixes: str = ""  # document numbers as cited in the text
    host: str | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """The unit, or its name alone; the candidates left at the end, what spoke for them, how many bear the name."""

    unit: Unit
    candidates: tuple[str, ...]
    evidence: tuple[str, ...]
    ambiguous: int


def resolve(evidence: Evidence, register: Register, known: Mapping[str, str] | None = None) -> Identity:
    """The unit that all evidence allows, if it is exactly one. `known`: host → division (default: host_map())."""
    known = host_map() if known is None else known
    organ, source = _organ(evidence)
    readings = read_organ(organ, register) or _placed(organ, evidence, register, known)
    ambiguous = len({reading.division.code for reading in readings})
    notes = [f"{source}:{organ}"] if organ else []
    if not readings:
        return _registered_only(evidence, register, organ, notes)
    sure = max(reading.named for reading in readings) > 1  # the name itself carries its parent
    left = list(readings)
    for note, strong, codes in _constraints(evidence, register, known, readings):
        # Evidence for a division speaks for what lies in it.
        kept = [r for r in left if r.division.code.startswith(tuple(codes))]
        if kept:
            left = kept
            notes.append(note)
        elif strong or not sure:  # two voices name different places: nobody is believed
            notes.append(f"conflict:{note}")
            return Identity(_unknown(organ, readings), _ids(readings), tuple(notes), ambiguous)
    left = _same_kind(left)
    if len(left) != 1:
        return Identity(_unknown(organ, left), _ids(left), tuple(notes), ambiguous)
    return Identity(_unit(left[0], register, organ), _ids(left), tuple(notes), ambiguous)


def scope(text: str, unit: Unit) -> str:
    """own, aggregate or unknown: whether the counts are one organ's or those of the whole area."""
    plain = compact(text)
    if unit.level == "township" or unit.kind in ("department", "vertical_organ", "street_office", "zone_committee"):
        return "own"  # they have nobody below them; 全市 in their text is copied
    if _AREA.search(plain) or _COMPILED.search(plain):
        return "aggregate"
    if unit.kind == "government_office" or _OWN.search(plain):
        return "own"
    return "unknown"


@lru_cache(maxsize=8)
def host_map(portals: Path | None = None) -> Mapping[str, str]:
    """Host → division: the register's side file, and the known portals over it."""
    return dict(hosts()) | {portal.host: portal.division for portal in load_portals(portals).values() if portal.host}


def division_of_host(host: str, known: Mapping[str, str]) -> str | None:
    """The division of a host or of the site that it is a part of (xxgk.place.gov.cn → www.place.gov.cn)."""
    host = host.lower().partition(":")[0]
    if host in known:
        return known[host]
    sites = {name.removeprefix("www."): code for name, code in known.items()}
    parts = host.split(".")
    return next((sites[name] for i in range(len(parts) - 2) if (name := ".".join(parts[i:])) in sites), None)


def _organ(evidence: Evidence) -> tuple[str, str]:
    """The name to read and where it stands: title, then signature, then publisher."""
    title = parse_title(evidence.title) if evidence.title else None
    for text, source in (
        (title.organ if title else "", "title"),
        (evidence.signature, "signature"),
        (evidence.publisher, "publisher"),
    ):
        if text.strip():
            # A government's office publishes for everyone below it: its name there says nothing about the author.
            if source == "publisher" and re.search(r"办公[室厅]|政府办|融媒体|中心", text):
                continue
            return compact(text), source
    return "", ""


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
        code = division_of_host(evidence.host, known) if evidence.host else None
        division = register.divisions.get(code) if code else None
        places = {division} if division is not None else set()
    fitting = [d for d in places if not level or d.name.endswith(level)]
    return tuple(r for d in fitting for r in read_organ(d.name + bare, register) if r.division == d)


def _constraints(
    evidence: Evidence, register: Register, known: Mapping[str, str], readings: tuple[Reading, ...]
) -> Iterator[tuple[str, bool, set[str]]]:
    """(what it is, whether it is the organ's own word, codes of the divisions it allows), strongest first."""
    if evidence.registered:
        yield f"registered:{evidence.registered}", True, {evidence.registered.partition("-")[0]}
    for name, text in (("signature", evidence.signature), ("publisher", evidence.publisher)):
        if text and (codes := {r.division.code for r in read_organ(text, register)}):
            yield f"{name}:{compact(text)}", name == "signature", codes
    if codes := _mentioned(evidence.contact, register, readings):
        yield "address", False, codes
    printed = {m[1].lower() for m in _HOST.finditer(evidence.contact)} | (
        {evidence.host.lower()} if evidence.host else set()
    )
    if codes := {code for host in printed if (code := division_of_host(host, known)) is not None}:
        yield f"host:{','.join(sorted(printed))}", False, codes
    trunks = {m[1] for m in _PHONE.finditer(evidence.contact)}
    if trunks and all(trunk in phones() for trunk in trunks):
        yield f"phone:{','.join(sorted(trunks))}", False, {code for trunk in trunks for code in phones()[trunk]}
    if codes := _numbered(evidence.body_prefixes, register, readings):
        yield "document number", False, codes


def _mentioned(text: str, register: Register, readings: tuple[Reading, ...]) -> set[str]:
    """Candidates of which a parent is named in the address; none named, no constraint."""
    plain = compact(text)
    above = {r.division.code: [d for d in register.parents(r.division.code) if d.name in plain] for r in readings}
    deepest = max((len(found[-1].code) for found in above.values() if found), default=0)
    return {code for code, found in above.items() if found and len(found[-1].code) == deepest}


def _numbered(text: str, register: Register, readings: tuple[Reading, ...]) -> set[str]:
    """Candidates whose county or prefecture begins with the character that a cited document number begins with."""
    plain = compact(text)
    characters = {m[1] for pattern in (_DOCUMENT_NUMBER, _PREFIX) for m in pattern.finditer(plain)}
    allowed = set()
    for reading in readings:
        chain = (*register.parents(reading.division.code), reading.division)
        if any(d.name[0] in characters for d in chain if d.level in ("prefecture", "county")):
            allowed.add(reading.division.code)
    return allowed


def _same_kind(readings: list[Reading]) -> list[Reading]:
    """Of several readings of one division the one that names more of the path (某区某镇, not a town so called)."""
    best: dict[tuple[str, str, str | None], Reading] = {}
    for reading in readings:
        key = (reading.division.code, reading.kind, reading.slug)
        if key not in best or reading.named > best[key].named:
            best[key] = reading
    return list(best.values())


def _registered_only(evidence: Evidence, register: Register, organ: str, notes: list[str]) -> Identity:
    """No name to read: the registered unit speaks alone, but only where the document names nobody."""
    code, _, slug = (evidence.registered or "").partition("-")
    division = register.divisions.get(code)
    if organ or division is None:
        return Identity(Unit(None, organ or None), (), tuple(notes), 0)
    if slug:
        kind = {"zfb": "government_office"}.get(slug, "vertical_organ" if slug in VERTICAL else "department")
        reading = Reading(division, 1, kind, slug)
    else:
        reading = read_organ(division.name, register)[0]
        reading = Reading(division, 1, reading.kind, reading.slug)
    note = f"registered:{evidence.registered}"
    return Identity(_unit(reading, register, ""), _ids([reading]), (note,), 1)


def _unit(reading: Reading, register: Register, printed: str) -> Unit:
    division = reading.division
    above = register.parents(division.code)
    own = reading.id == division.code
    chain = above if own else (*above, division)
    parents = tuple((d.code, d.name) for d in chain)
    return Unit(reading.id, _name(reading) or printed or None, reading.kind, division.level, division.code, parents)


def _name(reading: Reading) -> str | None:
    """The full name of a resolved unit, the same for all its reports."""
    place = reading.division.name
    if reading.kind == "government":
        return place + ("行政公署" if place.endswith(("盟", "地区")) else "人民政府")
    if reading.kind == "street_office":
        return place if place.endswith("办事处") else place + "办事处"
    if reading.kind == "zone_committee":
        return place if reading.slug == "" else None
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
