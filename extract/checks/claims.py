"""Group N continued: what the prose claims of outcomes, disputes, applicants, fees and growth (DOMAIN §E).

Each rule compares a claim with every figure that it may mean, and speaks only where it is none of them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from math import ceil, floor

from extract.checks.narrative import PART_OF_AREA
from extract.labels import fold
from extract.prose import LISTED, NUM, exact, locate, number, prose, sentence
from extract.reading import Reading
from extract.records import Finding, Statement
from extract.rules import finding

OTHERS = re.compile(
    r"各(?:镇|乡|街道|部门|单位|科室|地)|下属|所属|[市县区]政府办|上级|其中[^,。;]{0,12}(?:办公室|部门|[局镇乡])(?:收|受|办)"
)
YEAR = re.compile(r"(?<!\d)(20\d\d)年")
OUTCOMES = {  # what a count may include beside its own rows: writers use the words loosely
    "outcome_granted": ("granted", ("partly_granted",)),
    "outcome_partly_granted": ("partly_granted", ()),
    "outcome_refused": ("refused", ("unable", "unprocessed")),
    "outcome_unable": ("unable", ("unprocessed",)),
    "outcome_unprocessed": ("unprocessed", ("unable", "other")),
}
ORGANISATIONS = ("business", "research", "nonprofit", "legal_service", "other_organisation")


def told(reading: Reading, kind: str) -> list[Statement]:
    """Statements of a kind about this report's own organ and year, as far as their sentence tells."""
    return [s for s in reading.statements if s.kind == kind and s.value is not None and _own(reading, s)]


def _own(reading: Reading, said: Statement) -> bool:
    before = next((prose(s.text[: s.text.find(said.quote)]).text for s in reading.sections if said.quote in s.text), "")
    before = before.removesuffix("\n")
    context = re.sub("《[^》\n]{0,80}》", "", sentence(before, len(before))) + fold(said.quote)
    years = YEAR.findall(context)
    if years and reading.year and years[-1] != str(reading.year):
        return False
    if reading.scope == "aggregate":
        return not PART_OF_AREA.search(context)
    wider = {"township": "全[省市县区]", "county": "全[省市]"}.get(reading.unit.level or "", "全省")
    return not OTHERS.search(context) and not re.search(wider, context)


def _at(reading: Reading, rule: str, said: Statement, right: float, where: str, **fields: str | None) -> Finding:
    value = said.value or 0
    message = f"the text says {value}, {where} says {right}"
    return finding(
        rule, message, quote=said.quote, place=said.place, left=value, right=right, delta=value - right, **fields
    )


def _agrees(said: list[Statement], accepted: Collection[float]) -> bool:
    """One agreeing statement is enough; parts may add up to a figure."""
    values = [s.value or 0 for s in said]
    return bool({*values, sum(values)} & {*accepted})


def _sum(reading: Reading, rows: str, column: str = "total") -> float | None:
    """The rows of a group added up; None where one of them is not readable."""
    names = [r.name for r in reading.form.tables["applications"].rows if r.name.partition(".")[0] == rows]
    values = [reading.value("applications", name, column) for name in names]
    return None if None in values or not values else sum(v for v in values if v is not None)


def outcomes(reading: Reading) -> Iterator[Finding]:
    """N04: outcomes as told against the rows of table 三."""
    for kind, (rows, loosely) in OUTCOMES.items():
        said, own = told(reading, kind), _sum(reading, rows)
        more = [_sum(reading, other) for other in loosely]
        if not said or own is None or None in more:
            continue
        if not _agrees(said, {own, *(own + extra for extra in more if extra), own + sum(m for m in more if m)}):
            names = [r.name for r in reading.form.tables["applications"].rows if r.name.partition(".")[0] == rows]
            row = names[0] if len(names) == 1 else None
            yield _at(reading, "N04", said[0], own, "table 三", table="applications", row=row, column="total")


def disputes(reading: Reading) -> Iterator[Finding]:
    """N05: reviews and suits as told against table 四. An organ that receives reviews may be the one that decides."""
    for kind, channels in (
        ("reconsiderations", ("reconsideration",)),
        ("lawsuits", ("litigation_direct", "litigation_after_reconsideration")),
    ):
        totals = [reading.value("disputes", name, "total") for name in channels]
        pending = [reading.value("disputes", name, "pending") for name in channels]
        if None in totals or None in pending:
            continue
        whole, opened = sum(t for t in totals if t), sum(p for p in pending if p)
        said = [
            s
            for s in told(reading, kind)
            if not s.value or reading.unit.level == "township" or not re.search("收到|接到", s.quote)
        ]
        if said and not _agrees(said, {whole, whole - opened, *totals}):
            row = channels[0] if len(channels) == 1 else None
            yield _at(reading, "N05", said[0], whole, "table 四", table="disputes", row=row, column="total")


def carried(reading: Reading) -> Iterator[Finding]:
    """N12: requests carried over, as told, against rows 四 and 二."""
    for row in ("carried_out", "carried_in"):
        said, value = told(reading, row), reading.value("applications", row, "total")
        if said and value is not None and not _agrees(said, {value}):
            yield _at(reading, "N12", said[0], value, "table 三", table="applications", row=row, column="total")


def applicants(reading: Reading) -> Iterator[Finding]:
    """N14: requests by kind of applicant, as told, against the columns of table 三; answers may be meant."""
    for kind, columns in (
        ("requests_natural_person", ("natural_person",)),
        ("requests_organisation", ORGANISATIONS),
    ):
        said = told(reading, kind)
        values = {row: _across(reading, row, columns) for row in ("new", "carried_in", "closed")}
        new, carried_in, closed = values.values()
        if not said or new is None or carried_in is None or closed is None:
            continue
        each = {reading.value("applications", "new", c) for c in columns}
        if not _agrees(said, {new, new + carried_in, closed, *(v for v in each if v)}):
            column = columns[0] if len(columns) == 1 else None
            yield _at(reading, "N14", said[0], new, "table 三", table="applications", row="new", column=column)


def _across(reading: Reading, row: str, columns: tuple[str, ...]) -> float | None:
    values = [reading.value("applications", row, column) for column in columns]
    return None if None in values else sum(v for v in values if v is not None)


FEES = re.compile(r"信息处理费")
CLEAR = re.compile(r"\d|未|没有|无|不|免|零|[一二三四五六七八九十百千]元")


def processing_fee(reading: Reading) -> Iterator[Finding]:
    """N13: section 六 speaks of the processing fee and says neither an amount nor that there was none."""
    section = reading.section(6)
    if section is None or (reading.year or 0) < 2021 or told(reading, "processing_fee"):
        return
    text = prose(re.sub("《[^》\n]{0,80}》", lambda m: "※" * len(m.group()), section.text))
    mentions = list(FEES.finditer(text.text))
    if mentions and not CLEAR.search(text.text):
        quote = text.quote(*mentions[0].span())
        yield finding("N13", quote=quote, place=locate(reading.content, quote) or section.place)


# --- N07: percentages

RATE = r"(?P<d>增长|增加|上升|下降|减少|降低)(?:了)?(?P<p>\d{1,6}(?:\.\d{1,6})?)%"
SINCE = r"(?:同比|[较比](?:上年|去年|上一年度?)(?:同期)?)"
GROWN = re.compile(rf"(?P<n>{NUM})(?P<u>[{LISTED}]),?{SINCE}{RATE}")
STEPPED = re.compile(
    rf"(?P<n>{NUM})(?P<u>[{LISTED}]),?{SINCE}(?:增加|减少|多|少)(?:了)?(?P<m>\d{{1,9}})(?P=u),?(?:同比)?{RATE}"
)
SHARE = re.compile(
    rf"(?P<w>{NUM})(?P<u>[{LISTED}]),其中[^\d。;]{{1,14}}(?P<n>{NUM})(?P=u)"
    r",占(?:总数|总量|全部|申请总数)?的?(?:比例?)?(?:为|达)?(?P<p>\d{1,6}(?:\.\d{1,6})?)%"
)


def percentages(reading: Reading) -> Iterator[Finding]:
    """N07: rates recomputed. Of growth from a year that is not told, whether any whole number gives the rate."""
    for text in (prose(section.text) for section in reading.sections):
        stepped = [m for m in STEPPED.finditer(text.text) if exact(text.text, m)]
        wrong = [m for m in stepped if not _step_fits(m)]
        inside = {m.start() for m in stepped}
        wrong += [
            m
            for m in GROWN.finditer(text.text)
            if m.start() not in inside and exact(text.text, m) and not _growth_fits(m)
        ]
        wrong += [m for m in SHARE.finditer(text.text) if exact(text.text, m) and not _share_fits(m)]
        for found in wrong:
            quote = text.quote(*found.span())
            message = f"{found['p']} % is not what the figures give"
            yield finding("N07", message, quote=quote, place=locate(reading.content, quote), left=float(found["p"]))


def _slack(printed: str) -> float:
    """How far a printed rate may be off, in percentage points: one unit of its last digit, for some cut off."""
    return 10 ** -len(printed.partition(".")[2]) + 1e-9


def _growth_fits(found: re.Match[str]) -> bool:
    """Whether some number of last year's gives this rate. A rate may also be of what it fell or rose by (n of m)."""
    n, rate, slack = number(found["n"]), float(found["p"]), _slack(found["p"])
    falling = found["d"] in ("下降", "减少", "降低")
    sign = -1 if falling else 1
    least, most = 1 + sign * (rate + sign * slack) / 100, 1 + sign * (rate - sign * slack) / 100
    if n == 0:
        return falling and rate + slack >= 100
    if rate == 100 and not falling:
        return True  # so is a rise from nothing written
    if least <= 0 and most <= 0:
        return False
    high = n / min(least, most) if min(least, most) > 0 else float("inf")
    low = n / max(least, most)
    return high == float("inf") or ceil(low - 1e-9) <= floor(high + 1e-9)


def _step_fits(found: re.Match[str]) -> bool:
    n, step, rate = number(found["n"]), int(found["m"]), float(found["p"])
    falling = found["d"] in ("下降", "减少", "降低")
    before = n + step if falling else n - step
    return before > 0 and abs(step / before * 100 - rate) <= _slack(found["p"])


def _share_fits(found: re.Match[str]) -> bool:
    whole, part = number(found["w"]), number(found["n"])
    return whole > 0 and abs(part / whole * 100 - float(found["p"])) <= _slack(found["p"])


# --- N09: years

OWN_REPORT = re.compile(
    r"(?:编制|公布|发布|向社会公布)[^。;,\n\d]{0,24}?(20\d\d)年(?:度)?(?:政府信息公开|政务公开|信息公开)(?:工作)?(?:情况)?(?:年度)?(?:工作)?报告"
)
IN_HEADER = re.compile(r"本年(?:度)?[(]?(20\d\d)(?:年)?[)]?")
LEADING = re.compile(r"(?:^|(?<=[。\n]))(20\d\d)年(?:度)?,")


def years(reading: Reading) -> Iterator[Finding]:
    """N09: the introduction, a header or the whole of section 一 speaks of another year than the title."""
    if not reading.year:
        return
    opening = next((prose(re.sub("《[^》\n]{0,80}》", "", s.text)) for s in reading.sections if s.number == 0), None)
    named = list(OWN_REPORT.finditer(opening.text)) if opening else []
    if named and all(int(m[1]) != reading.year for m in named):
        yield _other_year(reading, int(named[0][1]), "the introduction", opening.quote(*named[0].span()))
    headers = dict.fromkeys(fold(text) for row in reading.rows for text in row.texts() if IN_HEADER.match(fold(text)))
    for header in headers:
        if (stated := int(IN_HEADER.match(header)[1])) != reading.year:
            yield _other_year(reading, stated, "a header", header)
    first = reading.section(1)
    text = prose(first.text) if first else prose("")
    leading = list(LEADING.finditer(text.text))
    others = {int(m[1]) for m in leading}
    if len(leading) > 1 and len(others) == 1 and f"{reading.year}" not in text.text and reading.year not in others:
        yield _other_year(reading, others.pop(), "section 一", text.quote(*leading[0].span()))


def _other_year(reading: Reading, stated: int, where: str, quote: str) -> Finding:
    message = f"{where} says {stated}, the title {reading.year}"
    return finding("N09", message, quote=quote, place=locate(reading.content, quote), left=stated, right=reading.year)


CHECKS = (outcomes, disputes, carried, applicants, processing_fee, percentages, years)
