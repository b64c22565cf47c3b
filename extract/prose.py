"""Running text made comparable, with the way back to what was printed; figures and lists as prose writes them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from crawler.glyphs import GLYPHS
from extract.content import Content
from extract.labels import fold
from extract.records import Place

# A figure that is whole: not the tail of a longer one, of a decimal, or of a Chinese numeral.
NUM = (
    r"(?<![\d.〇零一二两三四五六七八九十百千万])"
    r"(?:\d{1,3}(?:,\d{3}){1,3}|\d{1,9}|[〇零一二两三四五六七八九十百千]{1,9})"
)
COUNT = "件起宗份条例"
NOT_PRINTED = re.compile(r"[\s\u00ad\u200b-\u200f\u2060\ufeff\u2460-\u24ff]")
NUMBERING = re.compile(r"\s*(?:[-*]\s+)?[（(第]?[一二三四五六七八九十\d]{1,2}[)）、.．是部]")
WRAPPED = 25  # characters: a shorter line without a full stop is a heading, a longer one goes on in the next
DIGITS = {**{c: i for i, c in enumerate("〇一二三四五六七八九")}, "零": 0, "两": 2}


@dataclass(frozen=True, slots=True)
class Prose:
    """`text` is folded as labels are, without white space; line breaks stay where a sentence or heading ends."""

    text: str
    raw: str
    offsets: tuple[int, ...]

    def quote(self, start: int, end: int) -> str:
        """What was printed between two offsets of `text`."""
        return self.raw[self.offsets[start] : self.offsets[end - 1] + 1].strip() if end > start else ""


@lru_cache(maxsize=64)
def prose(raw: str) -> Prose:
    """Fold a text; a line that a page layout broke inside a sentence is joined to the next."""
    text: list[str] = []
    offsets: list[int] = []
    at = 0
    lines = raw.split("\n")
    for number, line in enumerate(lines):
        for i, char in enumerate(line):
            for folded in _char(char):
                text.append(folded)
                offsets.append(at + i)
        at += len(line) + 1
        following = lines[number + 1] if number + 1 < len(lines) else ""
        if text and not _goes_on(line.strip(), following):
            text.append("\n")
            offsets.append(max(at - 2, 0))
    return Prose("".join(text), raw, tuple(offsets))


@lru_cache(maxsize=8192)
def _char(char: str) -> str:
    return "" if NOT_PRINTED.match(char) else unicodedata.normalize("NFKC", char).translate(GLYPHS).replace(" ", "")


def _goes_on(line: str, following: str) -> bool:
    return (
        len(line) >= WRAPPED
        and line[-1:] not in "。；;：:！!？?"
        and bool(following)
        and not NUMBERING.match(following)
    )


def number(text: str) -> int:
    """`1,234`, `12`, `十二`, `两百零五`, `二〇` → a number."""
    plain = text.replace(",", "")
    if plain.isdigit() and plain.isascii():
        return int(plain)
    if not re.search("[十百千]", plain):
        return int("".join(str(DIGITS[c]) for c in plain))
    total, digit = 0, 0
    for char in plain:
        if char in DIGITS:
            digit = DIGITS[char]
        else:
            total += (digit or 1) * {"十": 10, "百": 100, "千": 1000}[char]
            digit = 0
    return total + digit


ABOUT = re.compile(
    r"(?:近|约|逾|超过?|不到|不足|至少|最多|以上|增加|减少|增长|上升|下降|[多少数几])(?:了|至|到|为)?$|[\d零〇一二两三四五六七八九十百千][-~—–至到]$"
)
OR_SO = re.compile(r"余|多|左右|上下|以[上下内]")


def exact(text: str, found: re.Match[str], figure: str = "n", unit: str = "u") -> bool:
    """Whether a figure is a count: no estimate (近十件, 十余件, 两三件), no range (2-3件), no difference (增加3件)."""
    printed, before = found[figure], text[max(0, found.start(figure) - 4) : found.start(figure)]
    if ABOUT.search(before) or OR_SO.match(text, found.end(unit)):
        return False
    if printed[0] in "十百千" and before.endswith(("上", "成", "好")):
        return False  # 上百件
    return not re.search("[一二两三四五六七八九]{2}", printed) or (
        len(printed) > 2 and not re.search("[十百千]", printed)
    )


THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")


def sentence(text: str, at: int, ends: str = "。;\n") -> str:
    """What stands between the end of the sentence before and `at`; the comma of 1,234 ends none."""
    end = max(text.rfind(mark, 0, at) for mark in ends)
    while end > 0 and THOUSANDS.match(text, end):
        end = max(text.rfind(mark, 0, end) for mark in ends)
    return text[end + 1 : at]


def locate(content: Content, quote: str | None) -> Place | None:
    """The place of the paragraph in which a quote stands, or begins."""
    wanted = fold(quote or "")
    if not wanted:
        return None
    found = [p for p in content.paragraphs() if wanted[:12] in fold(p.text)]
    return next((p.place for p in found if wanted in fold(p.text)), found[0].place if found else None)


# --- 其中: a whole and the parts it is said to have


@dataclass(frozen=True, slots=True)
class Parts:
    """A counted whole and what follows its 其中: (label, count, unit) each."""

    whole: int
    unit: str
    parts: tuple[tuple[str, int, str], ...]
    quote: str

    def total(self, units: str) -> int:
        return sum(count for _, count, unit in self.parts if unit in units)


DOCUMENTS = "条件篇份则起宗"  # measure words that may be added up
LISTED = DOCUMENTS + "个项次"
WHOLE = re.compile(rf"({NUM})([{DOCUMENTS}])(?![余多])")
COMPARED = re.compile(r"同比|环比|增长|增加|减少|下降|上升|上年|去年|较|比")
ITEM = re.compile(rf"^(?:[和及]|以及)?([^\d]{{1,30}}?)({NUM})([{LISTED}])(?:等)?$")
# A clause that begins so no longer lists parts: it tells of something else that was done.
OTHER_DEED = re.compile(
    r"^(?:共|全年|均|已|全部|解决|办理|办结|受理|收到|答复|回复|组织|召开|开展|举办|处理|另|此外|同时|还|并|未|累计|其余均)"
)


def part_lists(text: Prose) -> Iterator[Parts]:
    """Each `… 208条，其中甲类100条、乙类108条` of a text; lists inside lists are left alone."""
    for mark in re.finditer("其中[:,]?", text.text):
        whole = _whole(text.text, mark.start())
        ends = ")。\n" if text.text[: mark.start()].endswith("(") else "。\n"
        listed = re.split(f"[{ends}]", text.text[mark.end() :], maxsplit=1)[0]
        if whole is None or "其中" in listed or "其中" in sentence(text.text, mark.start()):
            continue
        inner = re.sub(r"\([^()]*\)", lambda m: "※" * len(m.group()), listed)
        parts, length = _items(inner, number(whole[1]), whole[2])
        if parts:
            yield Parts(number(whole[1]), whole[2], parts, text.quote(whole.start(), mark.end() + length))


def _whole(text: str, at: int) -> re.Match[str] | None:
    """The count that 其中 speaks of: the last one before it that is no comparison, at most two clauses away."""
    for found in reversed(list(WHOLE.finditer(text, max(0, at - 60), at))):
        between, before = text[found.end() : at], sentence(text, found.start(), ",。;\n")
        if COMPARED.search(before):
            continue
        earlier = WHOLE.finditer(sentence(text, found.start()))
        if any(other[2] == found[2] for other in earlier):
            return None  # two counts of a kind: which one is divided cannot be told
        clauses = [clause for clause in re.split(r"[,。;:(]", between) if clause]
        return found if all(COMPARED.search(clause) for clause in clauses) and "\n" not in between else None
    return None


def _items(listed: str, whole: int, unit: str) -> tuple[tuple[tuple[str, int, str], ...], int]:
    segments = re.split(r"(;)", listed)
    first = [ITEM.match(clause.replace("※", "")) for clause in re.split(r"[,、]", segments[0])]
    body = segments[0] if sum(map(bool, first)) >= 2 or len(segments) == 1 else listed
    if sum(map(bool, (ITEM.match(c.replace("※", "")) for c in body.partition(",")[0].split("、")))) >= 2:
        body = body.partition(",")[0]  # a list with 、 ends at the comma
    parts, end = [], 0
    for clause in re.finditer(r"[^,、;]+", body):
        found = ITEM.match(clause.group().replace("※", ""))
        if OTHER_DEED.match(clause.group()):
            break
        if found is None or COMPARED.search(found[1]):
            continue
        parts.append((found[1], number(found[2]), found[3]))
        end = clause.end()
        if len(parts) > 1 and sum(count for _, count, u in parts if u == unit) == whole:
            break  # complete: what follows is told, not listed
    return tuple(parts), end
