"""Group N: the figures of the prose against each other and against the tables (DOMAIN §E). In doubt, silence."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extract.narrative import period
from extract.prose import DOCUMENTS, LISTED, NUM, Parts, Prose, locate, number, part_lists, prose
from extract.reading import Reading
from extract.records import Finding, Statement
from extract.rules import finding

YEAR = re.compile(r"(?<!\d)(20\d\d)年")
PART_OF_AREA = re.compile(r"本级|政府办|办公室|科室|部门|[镇乡局委]共?$")
ONLINE = re.compile(r"网上|网络|网站|在线|平台|电子邮件|邮箱|邮件")
WRITTEN = re.compile(r"书面|信函|邮寄|当面|现场|传真|窗口|来访|柜台")
OUTLET = re.compile("网站|网页|平台|微信|微博|公众号|新媒体|客户端|媒体|屏|专栏|公开栏|公示栏")
# `9个栏目（甲、乙、…）` and `三大专题，分别是“甲”、“乙”、“丙”`
ANNOUNCED = re.compile(rf"({NUM})(?:个|项|类|种|大)([^,。;:()\n\d]{{1,12}})\(([^()]{{5,400}})\)")
QUOTED = re.compile(rf"({NUM})(?:个|项|类|种|大)[^,。;:()\n\d]{{1,12}},?分别[是为]:?((?:[“《][^”》]*[”》][、,和及]?)+)")


def _texts(reading: Reading) -> Iterator[Prose]:
    return (prose(section.text) for section in reading.sections)


def _stated(reading: Reading, kind: str) -> list[Statement]:
    """Statements of a kind about the report's own period: none that names another year only."""
    found = [s for s in reading.statements if s.kind == kind and s.value is not None]
    return [s for s in found if not (years := YEAR.findall(s.quote)) or str(reading.year) in years]


def requests(reading: Reading) -> Iterator[Finding]:
    """N01: requests received, as told, against row 一. One agreeing statement is enough; parts may add up to it."""
    new, carried = (reading.value("applications", row, "total") for row in ("new", "carried_in"))
    told = _stated(reading, "requests_received")
    values = {s.value for s in told}
    if new is None or not told or new in values or sum(values) == new:
        return
    if reading.scope == "aggregate":
        told = [s for s in told if not PART_OF_AREA.search(re.sub(r"(?:收到|受理|接到).*", "", s.quote))]
    if not told:
        return
    variant = "accept" if carried and any(s.value == new + carried for s in told) else None
    said = told[0]
    yield finding(
        "N01",
        f"the text says {said.value}, table 三 says {new}" + (f" + {carried} carried in" if variant else ""),
        variant=variant,
        table="applications",
        row="new",
        column="total",
        quote=said.quote,
        place=said.place,
        left=said.value,
        right=new,
        delta=said.value - new,
    )


def _is_channels(parts: Parts) -> bool:
    labels = [label for label, _, _ in parts.parts]
    channels = all(ONLINE.search(label) or WRITTEN.search(label) for label in labels)
    return (
        channels and any(map(ONLINE.search, labels)) and any(map(WRITTEN.search, labels)) and parts.unit in "件起宗份"
    )


def _overlap(parts: Parts) -> bool:
    """Whether the parts are outlets, one of which carried everything: the same item is then counted twice, rightly."""
    return all(OUTLET.search(label) for label, _, _ in parts.parts) and any(n == parts.whole for _, n, _ in parts.parts)


def parts_of_whole(reading: Reading) -> Iterator[Finding]:
    """N02: parts after 其中. More than the whole is an error; less only a notice, 其中 need not name all."""
    for text in _texts(reading):
        for parts in part_lists(text):
            same, like = parts.total(parts.unit), parts.total(LISTED)
            if _is_channels(parts):
                continue
            if same > parts.whole and len(parts.parts) > 1 and not _overlap(parts):
                yield _difference(reading, "N02", parts, same)
            elif like < parts.whole and len(parts.parts) > 1:
                yield _difference(reading, "N02", parts, like, "less")


def channels(reading: Reading) -> Iterator[Finding]:
    """N03: channels of requests, online and written, against the requests."""
    for text in _texts(reading):
        for parts in part_lists(text):
            if _is_channels(parts) and parts.total(DOCUMENTS) != parts.whole:
                yield _difference(reading, "N03", parts, parts.total(DOCUMENTS))


def _difference(reading: Reading, rule: str, parts: Parts, total: int, variant: str | None = None) -> Finding:
    shown = " + ".join(str(count) for _, count, _ in parts.parts)
    sign = "<" if total < parts.whole else ">"
    return finding(
        rule,
        f"{shown} → {total} {sign} {parts.whole}",
        variant=variant,
        quote=parts.quote,
        place=locate(reading.content, parts.quote),
        left=total,
        right=parts.whole,
        delta=total - parts.whole,
    )


def policy_documents(reading: Reading) -> Iterator[Finding]:
    """N06: policy documents as told against normative documents of table 二: two notions, worth a look."""
    names = ("made", "published", "published_total", "issued", "in_force")
    values = {m: v for m in names if (v := reading.value("disclosures", "normative_documents", m)) is not None}
    told = _stated(reading, "policy_documents")
    year = values.get("published", values.get("issued"))
    if year is None or not told or {s.value for s in told} & set(values.values()):
        return
    said = told[0]
    at = {
        "table": "disclosures",
        "row": "normative_documents",
        "column": "published" if "published" in values else "issued",
    }
    message = f"the text says {said.value}, table 二 says {year}"
    yield finding(
        "N06", message, quote=said.quote, place=said.place, left=said.value, right=year, delta=said.value - year, **at
    )


def statistical_period(reading: Reading) -> Iterator[Finding]:
    """N08: the period must be stated and be the title's year."""
    stated = period(reading.content)
    if stated is None:
        if reading.sections:
            yield finding("N08", "no statistical period is stated")
    elif reading.year and stated != (f"{reading.year}-01-01", f"{reading.year}-12-31"):
        yield finding(
            "N08", f"the period is {stated[0]} to {stated[1]}, the report is for {reading.year}", variant="other"
        )


def announced_lists(reading: Reading) -> Iterator[Finding]:
    """N10: `9个栏目（…）` with eight names. Lists that end in 等 or hold figures announce nothing."""
    for text in _texts(reading):
        for found in ANNOUNCED.finditer(text.text):
            items = [item for item in re.split("、" if "、" in found[3] else "[,;]", found[3]) if item]
            plain = len(items) > 2 and all(
                len(item) <= 12 and not re.search(r"\d|等$|等等|其中|如", item) for item in items
            )
            # 和 may join two names, or be part of one: both counts are accepted
            joined = sum(bool(re.search("[和及与]", item)) for item in items)
            if plain and not len(items) <= number(found[1]) <= len(items) + joined:
                yield _announced(reading, text, found, len(items))
        for found in QUOTED.finditer(text.text):
            count = len(re.findall("[“《]", found[2]))
            goes_on = text.text[found.end() : found.end() + 1] == "等"
            if number(found[1]) != count and count > 1 and not goes_on:
                yield _announced(reading, text, found, count)


def _announced(reading: Reading, text: Prose, found: re.Match[str], listed: int) -> Finding:
    quote, announced = text.quote(*found.span()), number(found[1])
    place = locate(reading.content, quote)
    message = f"{announced} announced, {listed} listed"
    return finding("N10", message, quote=quote, place=place, left=announced, right=listed, delta=listed - announced)


def silent_corrections(reading: Reading) -> Iterator[Finding]:
    """N11: decisions were corrected in review or court, and no sentence speaks of review or court."""
    corrected = sum(
        reading.value("disputes", row.name, "corrected") or 0 for row in reading.form.tables["disputes"].rows
    )
    told = "".join(prose(s.text).text for s in reading.sections if s.number)
    if corrected and reading.section(1) and not re.search("复议|诉讼|败诉|纠错", told):
        yield finding(
            "N11",
            f"{corrected} corrected, the text does not mention them",
            table="disputes",
            column="corrected",
            left=corrected,
        )


def active_disclosure(reading: Reading) -> Iterator[Finding]:
    """N15: all that was published cannot be less than the documents table 二 counts as newly published."""
    told = _stated(reading, "active_disclosed")
    measures = [(item, m) for item in ("regulations", "normative_documents") for m in ("published", "issued")]
    values = [(v, item, m) for item, m in measures if (v := reading.value("disclosures", item, m))]
    if not told or not values:
        return
    said, counted = max(told, key=lambda s: s.value or 0), sum(v for v, _, _ in values)
    if said.value < counted:
        message = f"the text says {said.value}, table 二 says {counted}"
        at = {
            "table": "disclosures",
            "row": values[0][1],
            "column": values[0][2],
            "quote": said.quote,
            "place": said.place,
        }
        yield finding("N15", message, left=said.value, right=counted, delta=said.value - counted, **at)


CHECKS = (
    requests,
    parts_of_whole,
    channels,
    policy_documents,
    statistical_period,
    announced_lists,
    silent_corrections,
    active_disclosure,
)
