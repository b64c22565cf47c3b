"""The figures that the prose states, by the wordings of `extract.wordings` and of the three oldest kinds here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from extract.content import Content
from extract.prose import COUNT, LISTED, NUM, Prose, exact, locate, number, part_lists, prose, sentence
from extract.records import Place, Section, Statement
from extract.wordings import GROWTH, REQUEST, WORDINGS

RECEIVED = r"(?:收到|受理|接到|接收|接受|新收|收悉)(?:过|了)?"
FILLER = r"(?:的?(?:数量|总数|总量|件数|事项|信息|表))?[,:]?(?:共|计|总计|合计|总共|为|是|有|达到?|一共)*"
REQUESTS = tuple(
    re.compile(p)
    for p in (
        rf"{RECEIVED}[^。;,\n\d]{{0,25}}?{REQUEST}{FILLER}(?P<n>{NUM})(?P<u>[{COUNT}])",
        rf"{RECEIVED}(?P<n>{NUM})(?P<u>[{COUNT}])[^。;,\n\d]{{0,16}}?{REQUEST}",
        rf"{REQUEST}{FILLER}{RECEIVED}{FILLER}(?P<n>{NUM})(?P<u>[{COUNT}])",
        rf"(?:未|没有|尚未|从未)(?:新)?{RECEIVED}[^。;,\n\d]{{0,16}}?{REQUEST}",
        r"(?:无|没有)(?:任何)?(?:政府信息)?依申请公开(?:政府信息)?的?(?:事项|情况|申请|件)?(?=[,。;])",
    )
)
# Words that make a count of requests a count of something narrower, or of another time.
NARROWER = re.compile(
    r"复议|诉讼|举报|投诉|咨询|网上|网络|网站|在线|邮箱|邮件|书面|信函|邮寄|当面|现场|传真|窗口|不予|收费|重复|跨|转办"
)
NARROWER_BEFORE = re.compile(r"其中|上年|去年|往年|历年|以来|结转|季度|上半年|下半年|同期|若|如果|对于|对$|凡|应当")
DISCLOSED = re.compile(
    rf"(?:主动)?公开(?:发布)?[^,。;\n\d]{{0,18}}?信息[^,。;:\n\d]{{0,6}}?(?P<n>{NUM})(?P<u>[条件篇份则])(?![余多])"
)
POLICIES = re.compile(
    rf"(?<!解读)(?:行政)?(?:规范性|政策性?)文件(?:共|共计|总计|为)?(?P<n>{NUM})(?P<u>[个件份篇])|(?P<n2>{NUM})(?P<u2>[个件份篇])(?:行政)?规范性文件"
)
NOT_ISSUED = re.compile(r"解读|转发|上级|审查|清理|废止|失效|修改|备案|累计|以来|有效|去年|上年")


def stated(sections: Sequence[Section], content: Content | None = None) -> tuple[Statement, ...]:
    """The figures of the prose that our names have a meaning for; each at its line, where the content is at hand."""
    made: list[Statement] = []
    for section in sections:
        text = prose(section.text)
        made += _requests(text, content)
        for kind, pattern, unless in (
            ("active_disclosed", DISCLOSED, COMPARISON),
            ("policy_documents", POLICIES, NOT_ISSUED),
        ):
            for found in pattern.finditer(text.text):
                before = sentence(text.text, found.start(), ",。;\n") + found.group()
                figure = ("n", "u") if found["n"] else ("n2", "u2")
                if unless.search(before) or not exact(text.text, found, *figure):
                    continue
                if kind != "active_disclosed" or "主动公开" in before:
                    made.append(_statement(kind, found, text, content))
        made += _worded(text, content, section.number)
        made += _growths(text, content)
        for parts in part_lists(text):
            made.append(
                Statement(
                    "parts_of",
                    parts.total(LISTED),
                    parts.unit,
                    parts.quote,
                    _place(content, parts.quote),
                )
            )
    return tuple(made)


COMPARISON = re.compile(r"同比|去年|上年|其中|累计|以来|季度|上半年")


def _worded(text: Prose, content: Content | None, section: int) -> Iterator[Statement]:
    """Every figure that a wording fits; a stretch of text speaks for one kind only, the first that fits it."""
    seen: list[tuple[int, int]] = []
    plain = _uncited(text.text)
    for wording in WORDINGS:
        for found in wording.pattern.finditer(plain):
            said = sentence(text.text, found.start()) + found.group()
            counted = "n" in wording.pattern.groupindex
            clause = sentence(text.text, found.start(), ",。;\n") + found.group()
            wanted = wording.needs is None or wording.home == section or wording.needs.search(said)
            if not wanted or any(p and p.search(t) for p, t in ((wording.unless, said), (wording.beside, clause))):
                continue
            if counted and (
                not exact(text.text, found) or any(a < found.end("u") and found.start("n") < b for a, b in seen)
            ):
                continue
            if not counted and any(found.start() <= a < found.end() for a, _ in seen):
                continue
            seen += [found.span("n")] if counted else []
            yield _statement(wording.kind, found, text, content, 0)


def _growths(text: Prose, content: Content | None) -> Iterator[Statement]:
    """Rates of growth against another year, falling ones negative."""
    for found in GROWTH.finditer(text.text):
        before = sentence(text.text, found.start(), "。;\n")
        clauses = re.split("(?<=[,:])", before)  # `…7578条，同比上升8.9%`: the clause before says of what
        start = found.start() - len("".join(clauses[-2:] if before[-1:] in ",:" else clauses[-1:]))
        rate = float(found["n"]) if "." in found["n"] else int(found["n"])
        quote = text.quote(start, found.end())
        value = -rate if found["d"][0] in "下减降" else rate
        yield Statement("growth", value, "%", quote, _place(content, quote), text.quote(start, found.start()) or None)


def _uncited(text: str) -> str:
    """The text with the titles of other documents blotted out, at the same length."""
    return re.sub(r"《[^》\n]{0,80}》", lambda m: "※" * len(m.group()), text)


def _statement(
    kind: str, found: re.Match[str], text: Prose, content: Content | None, value: int | None = None
) -> Statement:
    groups = found.groupdict()
    figure, unit = groups.get("n") or groups.get("n2"), groups.get("u") or groups.get("u2")
    start = found.start() - len(sentence(text.text, found.start(), ",。;\n"))
    quote = text.quote(start, found.end())
    at = max(found.start(group) for group in ("n", "n2") if group in groups) if figure else found.end()
    subject = text.quote(start, at) or None
    if unit in ("元", "万元"):
        return Statement(kind, _yuan(figure or "", unit), "元", quote, _place(content, quote), subject)
    return Statement(kind, number(figure) if figure else value, unit, quote, _place(content, quote), subject)


def _yuan(figure: str, unit: str) -> int | float:
    amount = Decimal(figure.replace(",", "")) if figure[0].isdigit() else Decimal(number(figure))
    amount *= 10_000 if unit == "万元" else 1
    return int(amount) if amount == amount.to_integral_value() else float(amount)


def _requests(text: Prose, content: Content | None) -> list[Statement]:
    made, seen = [], set()
    for pattern in REQUESTS:
        for found in pattern.finditer(text.text):
            if any(found.start() < end and start < found.end() for start, end in seen):
                continue
            before, behind = sentence(text.text, found.start()), text.text[found.end() : found.end() + 6]
            about = re.match(r"的?(?:投诉|举报|复议|诉讼|行政|收费|费用)", behind)
            if NARROWER.search(found.group()) or NARROWER_BEFORE.search(before) or about:
                continue
            if found.groupdict().get("n") and not exact(text.text, found):
                continue
            seen.add(found.span())
            made.append(_statement("requests_received", found, text, content, 0))
    return made


def _place(content: Content | None, quote: str) -> Place | None:
    return locate(content, quote) if content else None
