"""A printed figure → class, value, unit, and the rules that it breaks. Words never become a number."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from crawler.glyphs import GLYPHS
from extract.labels import SPACE

YUAN = {"元": 1, "万元": 10_000, "亿元": 100_000_000}
PLAIN = re.compile(r"^-?\d{1,15}(\.\d{1,6})?$")
THOUSANDS = re.compile(r"^\d{1,3}(,\d{3})+(\.\d+)?$")
WITH_UNIT = re.compile(
    r"^(-?\d{1,15}(?:\.\d+)?)(元|万元|亿元|件|条|项|起|个|宗|份|次|人次|人|篇)(?:\(((?:其中|包括|含)[^()]+)\))?$"
)
DIRECTION = re.compile(r"^(增加|减少|增|减|\+)(\d{1,15}(?:\.\d+)?)(项|件|个)?$")
NOTE = re.compile(r"^(\d{1,15}(?:\.\d+)?)\(([^()]*)\)$")
GROUPED = re.compile(r"^-?\d{1,3}(\.\d{3})+$")  # `1.000` is one, or a thousand where a point parts the thousands
MINUS = re.compile("^\u2212(?=\\d)")
APART = re.compile(r"\d[\s\u00a0\u00ad\u2002\u3000\u200b-\u200f\u2060\ufeff]+\d")
SOFT_HYPHEN = "\u00ad"  # a hint to the printer, or, from some converters, the hyphen itself
NOTHING = re.compile(r"^(/|\\|-{1,3}|—{1,2}|–|\u2212|无|不适用|N/?A)$", re.IGNORECASE)
HAN = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Figure:
    """What a cell holds: `cls` as in DESIGN §4, the rules to raise as (rule, variant)."""

    cls: str
    value: int | float | None = None
    unit: str | None = None
    note: str | None = None
    rules: tuple[tuple[str, str | None], ...] = ()


NONE = Figure("not_applicable", rules=(("S12", "not_applicable"),))
MALFORMED = Figure("unassigned", rules=(("S15", None),))


def number(text: str) -> int | float:
    """`12` → 12, `4166.18` → 4166.18: an int wherever the print is one."""
    exact = Decimal(text)
    return int(exact) if exact == exact.to_integral_value() else float(exact)


def yuan(value: int | float, unit: str) -> int | float:
    """An amount printed in `unit` (元, 万元, 亿元) in yuan, without a binary detour: 4166.18 万元 → 41661800."""
    return number(str(Decimal(str(value)) * YUAN[unit]))


@lru_cache(maxsize=65536)
def parse(raw: str, money: bool = False) -> Figure:
    """Read one cell. Full-width digits and leading zeros are read and flagged; words are never read as figures.

    In a column of counts a decimal point is flagged, and `1.000`, which is one or a thousand, holds no value.
    """
    text, plain = SPACE.sub("", raw), _plain(raw)
    if not text:
        return NONE if SOFT_HYPHEN in raw else Figure("blank")
    if NOTHING.match(plain):
        return NONE
    if any(c.isnumeric() and not c.isdecimal() and not HAN.match(c) for c in text):  # `5①` is not 51, nor `5²` 52
        return MALFORMED
    if APART.search(raw) or raw.lstrip().startswith(SOFT_HYPHEN):  # `1 2` may be 12, or two cells glued together
        return MALFORMED
    figure = _figure(plain, text)
    if figure.value is None or money or "." not in plain.partition("(")[0]:
        return figure
    if GROUPED.match(re.sub(r"[^\d.].*$", "", plain.lstrip("-+增减加少"))):
        return MALFORMED
    return replace(figure, cls="annotated", rules=tuple(dict.fromkeys([*figure.rules, ("S15", None)])))


def _plain(raw: str) -> str:
    return MINUS.sub("-", SPACE.sub("", unicodedata.normalize("NFKC", raw).translate(GLYPHS)))


def _figure(plain: str, text: str) -> Figure:
    """`plain` as a figure; `text` is the same as printed, without white space."""
    if PLAIN.match(plain):
        odd = plain != text or re.match(r"^-?0\d", plain)
        return Figure("annotated" if odd else "number", number(plain), rules=(("S15", None),) if odd else ())
    if THOUSANDS.match(plain):
        return Figure("annotated", number(plain.replace(",", "")), rules=(("S15", None),))
    if found := WITH_UNIT.match(plain):
        return Figure("annotated", number(found[1]), unit=found[2], note=found[3], rules=(("S13", None),))
    if found := DIRECTION.match(plain):
        sign = -1 if found[1].startswith("减") else 1
        return Figure("annotated", sign * number(found[2]), unit=found[3], rules=(("S14", None),))
    if found := NOTE.match(plain):
        return Figure("annotated", number(found[1]), note=found[2], rules=(("S15", "note"),))
    if re.fullmatch(r"[\d.,\-+]*\d[\d.,\-+]*", plain):  # `1,2`, `1.2.3`: malformed, no reading is certain
        return MALFORMED
    return Figure("text", rules=(("P01" if len(HAN.findall(text)) >= 6 else "S12", None),))


def is_value(raw: str) -> bool:
    """Whether a cell can stand in a value field: a figure or a mark for nothing, not words and not blank."""
    return parse(raw).cls in {"number", "annotated", "not_applicable", "unassigned"}
