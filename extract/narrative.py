"""What a report says outside its tables: title, sections, period, signature and the figures in its prose."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from crawler.titles import parse_title
from extract import contact as contacts
from extract.content import Content, Paragraph
from extract.labels import NUMERAL, fold
from extract.prose import number, prose, sentence
from extract.records import Section, Statement
from extract.statements import stated

# Sections are known by their words (DOMAIN §A.8). Words that inner headings share count only behind the right numeral.
WORDS: dict[int, tuple[str, str]] = {
    1: (r"(?:政府信息公开)?(?:工作)?(?:总体|基本|整体)(?:工作)?情况|总体概述|概述|概况|总述|工作概述", ""),
    2: (r"主动公开政府信息的?情况|政府信息主动公开的?情况", r"主动公开的?(?:工作)?情况"),
    3: (
        r"收到和处理政府信息公开申请的?情况|收到及处理政府信息公开申请的?情况",
        r"(?:政府信息)?依申请公开(?:政府信息)?(?:办理|工作)?的?情况",
    ),
    4: (
        r"[^,。;:]{0,22}行政复议[、,和及与或]*(?:被?提起|申请)?的?行政诉讼的?情况",
        r"[^,。;:]{0,16}复议[^,。;:]{0,8}诉讼[^,。;:]{0,6}",
    ),
    5: (r"[^,。;:一二三四]{0,12}存在的?(?:主要)?(?:困难和)?问题[^,。;:]{0,14}", ""),
    6: (
        r"其[他它]需要?(?:报告|说明)的?(?:其[他它])?(?:事项|情况|内容|问题)|需要?(?:报告|说明)的其[他它](?:事项|情况)",
        r"其[他它](?:报告)?(?:事项|情况)",
    ),
}
OFFICIAL = re.compile(
    "^(?:总体情况|主动公开政府信息情况|收到和处理政府信息公开申请情况|政府信息公开行政复议、行政诉讼情况|存在的主要问题及改进情况|其他需要报告的事项)"
)
HEADING = re.compile(rf"^(?:第?([{NUMERAL}]{{1,2}}|\d{{1,2}})(?:部分|章)?[、.,:]?)?(.+)$")
REMARK = r"(?:\([^()]{1,20}\))?"
HEADINGS = {n: tuple(re.compile(rf"(?:{p or '(?!)'}){REMARK}(?=$|[:。])") for p in both) for n, both in WORDS.items()}
PAGE_NUMBER = re.compile(r"^\s*[-—–]?\s*(?:第\s*)?\d{1,3}\s*(?:页)?\s*[-—–]?\s*$")
LIST_MARK = re.compile(r"^\s*[-*•·●]\s+")
CHINESE_DATE = str.maketrans("〇○零Oo一二三四五六七八九", "00000123456789")
DATE = re.compile(
    r"(?<!\d)(?:(\d{4})年(\d{1,2})月(\d{1,2})日|(\d{4})[-./](\d{1,2})[-./](\d{1,2})|([一二][〇○零Oo一二三四五六七八九]{3})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日)"
)
SIGNER = re.compile(r"^[^,。;:、\d]{3,30}(?:政府|办公室|办事处|委员会|管委会|局|厅|院|中心|大队|支队|队|署|处|会)$")
PERIOD = re.compile(
    r"(?:(\d{4})年?)?(\d{1,2})月(\d{1,2})日(?:起)?(?:开始)?[至到\-—~]+(?:(\d{4})年)?(\d{1,2})月(\d{1,2})日"
)
YEAR_PERIOD = re.compile(r"统计(?:期限|时限|时间|时段|周期|范围)[^。\n]{0,8}?(20\d\d)年度?(?![\d年]*月)")


def clean(text: str) -> str:
    """A paragraph without a converter's list mark; "" for a page number."""
    return "" if PAGE_NUMBER.match(text) else LIST_MARK.sub("", text.strip())


# --- title and sections


def title(content: Content) -> Paragraph | None:
    """The first line that is a report's title, else what the page's own metadata calls it."""
    previous: Paragraph | None = None
    for paragraph in content.paragraphs():
        if _heading(clean(paragraph.text)):
            break
        found = parse_title(paragraph.text)
        if found:
            above = (
                previous
                and not found.organ
                and len(previous.text.strip()) <= 30
                and parse_title(previous.text + paragraph.text)
            )
            return Paragraph(f"{previous.text}{paragraph.text}", previous.place) if previous and above else paragraph
        previous = paragraph
    named = next((t for t in (content.meta.get("articletitle"), content.title) if t and parse_title(t)), None)
    return Paragraph(named, {}) if named else None


def _heading(text: str) -> tuple[int, str | None, int] | None:
    """(section, numeral as printed, length of the heading in folded text), where a line is or begins with a heading."""
    plain = fold(text)
    found = HEADING.match(plain)
    if found is None or found[2][:1] == "(":
        return None
    numeral, rest = found[1], found[2]
    for section, (words, shared) in HEADINGS.items():
        ours = numeral in (NUMERAL[section - 1], str(section))
        match = words.match(rest) or (ours and shared.match(rest))
        tail = rest[match.end() :].lstrip(":。") if match else ""
        if match and (not tail or (numeral and len(match.group()) < 40)):
            return section, numeral, len(plain) - len(rest) + match.end()
    return None


def _chosen(lines: Sequence[tuple[int, str, tuple[int, str | None, int]]]) -> list[int]:
    """Which candidates are the headings: the rising chain with most of them, official numerals and words preferred."""
    best: list[tuple[float, list[int]]] = []
    for at, (_, text, (section, numeral, _)) in enumerate(lines):
        plain = fold(text)
        weight = 4 + (numeral == NUMERAL[section - 1]) + 0.5 * bool(OFFICIAL.match(HEADING.match(plain)[2]))
        before = max(
            (best[j] for j in reversed(range(at)) if lines[j][2][0] < section), key=lambda b: b[0], default=(0, [])
        )
        best.append((before[0] + weight, [*before[1], at]))
    top = max((weight for weight, _ in best), default=0)
    # of equal chains the last: a table of contents stands before the sections it announces
    return next((chain for weight, chain in reversed(best) if weight == top), [])


def sections(content: Content) -> tuple[Section, ...]:
    """The sections by the words of their headings, in order; number 0 stands before the first (without the title)."""
    heading_line, signed = title(content), set(_signature_lines(content))
    named = fold(heading_line.text) if heading_line else ""
    paragraphs = [
        p for p in content.paragraphs() if id(p) not in signed and not (len(fold(p.text)) > 5 and fold(p.text) in named)
    ]
    texts = [clean(p.text) for p in paragraphs]
    candidates = [(i, text, found) for i, text in enumerate(texts) if len(text) <= 4000 and (found := _heading(text))]
    heads = {candidates[i][0]: candidates[i][2] for i in _chosen(candidates)}
    made: list[Section] = []
    current: tuple[int, str, Paragraph | None, str | None] = (0, "", None, None)
    body: list[str] = []
    for i, text in enumerate(texts):
        if i in heads:
            made.append(_section(current, body))
            section, numeral, length = heads[i]
            printed, rest = _split(text, length)
            current, body = (section, printed, paragraphs[i], numeral), [rest] if rest else []
        elif text:
            body.append(text)
    made.append(_section(current, body))
    return tuple(s for s in made if s.number or s.text)


def _section(current: tuple[int, str, Paragraph | None, str | None], body: list[str]) -> Section:
    section, heading, paragraph, numeral = current
    return Section(section, heading, "\n".join(body), paragraph.place if paragraph else None, numeral)


def _split(text: str, length: int) -> tuple[str, str]:
    """Heading and what follows it on the same line, as printed; `length` counts folded characters."""
    folded = prose(text)
    end = folded.offsets[min(length, len(folded.offsets)) - 1] + 1
    return text[:end].strip(), text[end:].lstrip(" :：。\u3000\u00a0\u2002").strip()


def contact(content: Content) -> dict[str, str | None]:
    """The contact that the report prints; `extract.contact` knows how."""
    return contacts.contact(sections(content))


# --- dates


def iso(found: re.Match[str]) -> str | None:
    """The ISO date of a match of DATE; None for a date that no calendar has."""
    groups = [g for g in found.groups() if g]
    if groups[0].isascii() and groups[0].isdigit():
        numbers = [int(g) for g in groups]
    else:
        numbers = [int(groups[0].translate(CHINESE_DATE)), *map(number, groups[1:])]
    try:
        return date(*numbers).isoformat()
    except ValueError:
        return None


def date_line(content: Content) -> re.Match[str] | None:
    """The date of the signature: alone on its line or behind the organ, among the last lines or above the sections."""
    return next((found for _, found in _date_lines(content)), None)


def _date_lines(content: Content) -> list[tuple[int, re.Match[str]]]:
    paragraphs = list(content.paragraphs())
    first = next((i for i, p in enumerate(paragraphs) if _heading(clean(p.text))), 0)
    found = []
    for i in [*range(len(paragraphs) - 1, max(len(paragraphs) - 9, first - 1), -1), *range(min(first, 8))]:
        plain = fold(paragraphs[i].text).strip("()")
        match = DATE.search(plain)
        if match and match.end() == len(plain) and (not match.start() or SIGNER.match(plain[: match.start()])):
            found.append((i, match))
    return found


def signed_on(content: Content) -> str | None:
    """The date under the report, as ISO 8601."""
    found = date_line(content)
    return iso(found) if found else None


def signature(content: Content) -> str | None:
    """The organ that signs: on the date's line, on the line above it, or alone at the very end."""
    paragraphs = list(content.paragraphs())
    for i, match in _date_lines(content):
        plain = fold(paragraphs[i].text).strip("()")
        for text in (plain[: match.start()], fold(paragraphs[i - 1].text) if i else ""):
            if SIGNER.match(text) and not parse_title(text):
                return text
    last = fold(paragraphs[-1].text) if paragraphs else ""
    return last if SIGNER.match(last) and not parse_title(last) and not _heading(last) else None


def _signature_lines(content: Content) -> list[int]:
    """The paragraphs (by identity) at the end that are signature and date, not content of section 六."""
    paragraphs, signer = list(content.paragraphs()), signature(content)
    dates = {i for i, _ in _date_lines(content) if i > len(paragraphs) - 10}
    return [
        id(p)
        for i, p in enumerate(paragraphs)
        if i in dates or (i > len(paragraphs) - 10 and signer and fold(p.text) == signer)
    ]


def period(content: Content) -> tuple[str, str] | None:
    """First and last day of the statistical period as stated; the year is the title's where only days are named."""
    named = title(content)
    year = (found.year if named and (found := parse_title(named.text)) else None) or 0
    for text in (prose(s.text).text for s in sections(content) if s.number in (0, 1, 6)):
        for found in PERIOD.finditer(text):
            stated = "统计" in sentence(text, found.start()) or found.group(2, 3, 5, 6) == ("1", "1", "12", "31")
            if not stated:
                continue
            begins = int(found[1] or found[4] or year)
            try:
                start = date(begins, int(found[2]), int(found[3]))
                return start.isoformat(), date(int(found[4] or begins), int(found[5]), int(found[6])).isoformat()
            except ValueError:
                continue
        if whole := YEAR_PERIOD.search(text):
            return f"{whole[1]}-01-01", f"{whole[1]}-12-31"
    return None


def statements(sections: Sequence[Section], content: Content | None = None) -> tuple[Statement, ...]:
    """The figures of the prose; `extract.statements` knows their wordings."""
    return stated(sections, content)
