"""A printed figure → class, value, unit, and the rules that it breaks. Words never become a number."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from extract.labels import SPACE

YUAN = {"元": 1, "万元": 10_000, "亿元": 100_000_000}
PLAIN = re.compile(r"^-?\d{1,15}(\.\d{1,6})?$")
THOUSANDS = re.compile(r"^\d{1,3}(,\d{3})+(\.\d+)?$")
WITH_UNIT = re.compile(r"^(-?\d{1,15}(?:\.\d+)?)(元|万元|亿元|件|条|项|起|个|宗|份)$")
DIRECTION = re.compile(r"^(增加|减少|增|减|\+)(\d{1,15}(?:\.\d+)?)(项|件|个)?$")
NOTE = re.compile(r"^(\d{1,15}(?:\.\d+)?)\(([^()]*)\)$")
NOTHING = re.compile(r"^(/|\\|-{1,3}|—{1,2}|–|无|不适用|N/?A)$", re.IGNORECASE)
HAN = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Figure:
    """What a cell holds: `cls` as in DESIGN §4, the rules to raise as (rule, variant)."""

    cls: str
    value: int | float | None = None
    unit: str | None = None
    note: str | None = None
    rules: tuple[tuple[str, str | None], ...] = ()


def number(text: str) -> int | float:
    """`12` → 12, `4166.18` → 4166.18: an int wherever the print is one."""
    exact = Decimal(text)
    return int(exact) if exact == exact.to_integral_value() else float(exact)


def yuan(value: int | float, unit: str) -> int | float:
    """An amount printed in `unit` (元, 万元, 亿元) in yuan, without a binary detour: 4166.18 万元 → 41661800."""
    return number(str(Decimal(str(value)) * YUAN[unit]))


@lru_cache(maxsize=65536)
def parse(raw: str) -> Figure:
    """Read one cell. Full-width digits and leading zeros are read and flagged; words are never read as figures."""
    text = SPACE.sub("", raw)
    plain = SPACE.sub("", unicodedata.normalize("NFKC", raw))
    if not text:
        return Figure("blank")
    if NOTHING.match(plain):
        return Figure("not_applicable", rules=(("S12", "not_applicable"),))
    if any(c.isnumeric() and not c.isdecimal() and not HAN.match(c) for c in text):  # `5①` is not 51, nor `5²` 52
        return Figure("unassigned", rules=(("S15", None),))
    if re.search(
        r"\d[\s\u00a0\u2002\u3000\u200b-\u200f\u2060\ufeff]+\d", raw
    ):  # `1 2` may be 12, or two cells glued together
        return Figure("unassigned", rules=(("S15", None),))
    if PLAIN.match(plain):
        odd = plain != text or re.match(r"^-?0\d", plain)
        return Figure("annotated" if odd else "number", number(plain), rules=(("S15", None),) if odd else ())
    if THOUSANDS.match(plain):
        return Figure("annotated", number(plain.replace(",", "")), rules=(("S15", None),))
    if found := WITH_UNIT.match(plain):
        return Figure("annotated", number(found[1]), unit=found[2], rules=(("S13", None),))
    if found := DIRECTION.match(plain):
        sign = -1 if found[1].startswith("减") else 1
        return Figure("annotated", sign * number(found[2]), unit=found[3], rules=(("S14", None),))
    if found := NOTE.match(plain):
        return Figure("annotated", number(found[1]), note=found[2], rules=(("S15", "note"),))
    if re.fullmatch(r"[\d.,\-+]*\d[\d.,\-+]*", plain):  # `1,2`, `1.2.3`: malformed, no reading is certain
        return Figure("unassigned", rules=(("S15", None),))
    return Figure("text", rules=(("P01" if len(HAN.findall(text)) >= 6 else "S12", None),))


def is_value(raw: str) -> bool:
    """Whether a cell can stand in a value field: a figure or a mark for nothing, not words and not blank."""
    return parse(raw).cls in {"number", "annotated", "not_applicable", "unassigned"}
