"""What may tell who wrote a report, piece by piece, each with the divisions that it allows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from crawler.portals import load as load_portals
from crawler.titles import compact
from extract import credit
from extract.organs import Reading, read_organ
from extract.records import Piece
from extract.register import Division, Register, hosts, phones
from extract.register.lineage import kin

# DOMAIN §F, order of evidence: the stronger stands above the weaker.
WEIGHTS = {
    kind: weight
    for weight, kinds in enumerate(
        (
            ("site", "host"),
            ("document number",),
            ("address", "phone", "website"),
            ("publisher",),
            ("signature",),
            ("listing", "title"),
            ("credit code",),
            ("registered",),
        ),
        1,
    )
    for kind in kinds
}
OWN = ("registered", "credit code", "signature")  # the organ's own word: where it names another place, nobody is named

_HOST = re.compile(r"(?<![\w.@-])((?:[a-z0-9-]+\.)+(?:gov\.cn|test))(?![\w-])", re.I)
_PHONE = re.compile(r"(?<!\d)(0\d{2,3})\D{0,3}\d{7,8}(?!\d)")
# 市政发, 民政发, 行政…: a level or a subject, no place
_DOCUMENT_NUMBER = re.compile(
    r"([\u4e00-\u9fff])(?<![省市县区旗民行])(?:政府|政|府)(?:[\u4e00-\u9fff]{0,4}[〔\[(【]?\s*(?:19|20)\d\d|办?[发字函])"
)
# What stands there in a province's numbers, by its code, and in a city's that is none of its name. 晋政 is 山西's.
_NUMBERED_AS = {
    "11": "京", "12": "津", "13": "冀", "14": "晋", "15": "内蒙", "21": "辽", "22": "吉", "23": "黑", "31": "沪",
    "32": "苏", "33": "浙", "34": "皖", "35": "闽", "36": "赣", "37": "鲁", "41": "豫", "42": "鄂", "43": "湘",
    "44": "粤", "45": "桂", "46": "琼", "50": "渝", "51": "川", "52": "黔贵", "53": "云滇", "54": "藏", "61": "陕秦",
    "62": "甘陇", "63": "青", "64": "宁", "65": "新", "3201": "宁",
}  # fmt: skip


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
    site: str | None = None  # division code in the site's own identifier (SiteIDCode)
    listing: str = ""  # the title in the portal's list or on the page around the report
    url: str = ""
    index: str = ""  # text that may hold an index number (索引号)


@dataclass(frozen=True, slots=True)
class Constraint:
    """A piece of evidence and the codes of the divisions in one of which the organ then lies."""

    kind: str
    text: str
    codes: frozenset[str]

    @property
    def strong(self) -> bool:
        """Whether it is the organ's own word."""
        return self.kind in OWN

    @property
    def settles(self) -> bool:
        """Whether it may single out one candidate; a cited number only speaks against one, as it is so often shared."""
        return self.kind != "document number"

    def allows(self, code: str) -> bool:
        """Whether an organ at that code may be meant: what a division was and what it became count as itself."""
        return any(code.startswith(tuple(kin(allowed))) for allowed in self.codes) or any(
            before.startswith(tuple(self.codes)) for before in kin(code)
        )

    def piece(self, candidates: int, agrees: bool) -> Piece:
        """As it stands in the Report."""
        return Piece(self.kind, self.text, WEIGHTS[self.kind], candidates, agrees)


def constraints(
    evidence: Evidence, register: Register, known: Mapping[str, str], readings: tuple[Reading, ...]
) -> Iterator[Constraint]:
    """Everything beside the name itself that speaks for a place, strongest first."""
    if evidence.registered:
        yield Constraint("registered", evidence.registered, frozenset({evidence.registered.partition("-")[0]}))
    yield from _credit(evidence, register)
    for kind, text in (("signature", evidence.signature), ("publisher", evidence.publisher)):
        if text and (codes := frozenset(r.division.code for r in read_organ(text, register))):
            yield Constraint(kind, compact(text), codes)
    yield from _contact(evidence.contact, register, known, readings)
    if codes := _numbered(evidence.body_prefixes, register, readings):
        yield Constraint("document number", evidence.body_prefixes[:80], codes)
    if evidence.host and (code := division_of_host(evidence.host, known)):
        yield Constraint("host", evidence.host.lower(), frozenset({code}))
    if evidence.site and register.at(evidence.site):
        yield Constraint("site", evidence.site, frozenset({evidence.site}))


def _credit(evidence: Evidence, register: Register) -> Iterator[Constraint]:
    """Codes with a right check character, of divisions that exist or existed."""
    for code in dict.fromkeys((*credit.in_address(evidence.url), *credit.in_text(compact(evidence.index)))):
        if register.at(credit.division(code)):
            yield Constraint("credit code", code, frozenset({credit.division(code)}))


def _contact(
    text: str, register: Register, known: Mapping[str, str], readings: tuple[Reading, ...]
) -> Iterator[Constraint]:
    if codes := _mentioned(text, register, readings):
        yield Constraint("address", compact(text)[:80], codes)
    printed = sorted({m[1].lower() for m in _HOST.finditer(text)})
    if codes := frozenset(code for host in printed if (code := division_of_host(host, known)) is not None):
        yield Constraint("website", ",".join(printed), codes)
    trunks = sorted({m[1] for m in _PHONE.finditer(text)})
    if trunks and all(trunk in phones() for trunk in trunks):
        yield Constraint("phone", ",".join(trunks), frozenset(code for trunk in trunks for code in phones()[trunk]))


def _mentioned(text: str, register: Register, readings: tuple[Reading, ...]) -> frozenset[str]:
    """Candidates of which a parent is named in the address; none named, no constraint."""
    plain = compact(text)
    if not plain:
        return frozenset()
    above = {r.division.code: [d for d in register.parents(r.division.code) if d.name in plain] for r in readings}
    deepest = max((len(found[-1].code) for found in above.values() if found), default=0)
    return frozenset(code for code, found in above.items() if found and len(found[-1].code) == deepest)


def _numbered(text: str, register: Register, readings: tuple[Reading, ...]) -> frozenset[str]:
    """Candidates that may cite a document number: of their province, or of anyone below it down to themselves.

    One character stands for many: 晋政 is a province's number, and 晋江's. Whoever it may belong to is allowed.
    """
    characters = {m[1] for m in _DOCUMENT_NUMBER.finditer(compact(text))}
    return frozenset(r.division.code for r in readings if characters & _initials(r.division, register))


def _initials(division: Division, register: Register) -> set[str]:
    """The characters that stand before 政发 in document numbers of a division and of those above it."""
    known = "".join(_NUMBERED_AS.get(division.code[:n], "") for n in (2, 4))
    below = (d.name for d in (*register.parents(division.code), division) if d.level != "province")
    return set(known).union(*below)  # mostly the first of the name (乐政发), but 江宁政发


@lru_cache(maxsize=8)
def host_map(portals: Path | None = None) -> Mapping[str, str]:
    """Host → division: the register's side file, and the known portals over it."""
    return dict(hosts()) | {portal.host: portal.division for portal in load_portals(portals).values() if portal.host}


def division_of_host(host: str, known: Mapping[str, str]) -> str | None:
    """The division of a host or of the site that it is a part of (xxgk.place.gov.cn → www.place.gov.cn)."""
    host = host.lower().partition(":")[0]
    parts = host.split(".")
    for i in range(len(parts) - 2):
        name = ".".join(parts[i:])
        found = known.get(name) or known.get(f"www.{name}") or known.get(name.removeprefix("www."))
        if found:
            return found
    return known.get(host)
