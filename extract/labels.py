"""How a printed label is made comparable. Only for matching: what is stored is always what was printed."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from crawler.glyphs import GLYPHS

SPACE = re.compile(r"[\s\u00ad\u200b-\u200f\u2060\ufeff]+")
PUNCTUATION = re.compile(r"[，,。.、；;：:“”\"'‘’《》〈〉<>()（）\[\]【】〔〕_\-\u2212—–=*|·]+")
NUMERAL = "一二三四五六七八九十"
LEADING = re.compile(
    rf"^(?:[-*#\s]*)(?:[（(]?(?:[{NUMERAL}]{{1,3}}|\d{{1,2}})(?:[）)]|(?=[、.．,，]))[、.．,，]?|第[{NUMERAL}]+部分)\s*"
)


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """NFKC, one glyph for its variants, no white space: `本年増 / 減` → `本年增/减`."""
    return SPACE.sub("", unicodedata.normalize("NFKC", text).translate(GLYPHS))


@lru_cache(maxsize=65536)
def key(text: str) -> str:
    """`fold` without leading numbering and punctuation: `1、属于国家秘密` and `1.属于国家秘密` → `属于国家秘密`."""
    folded = fold(text)
    return PUNCTUATION.sub("", LEADING.sub("", folded)) or PUNCTUATION.sub("", folded)


def numeral(text: str) -> str | None:
    """The leading numeral as printed, without its punctuation: `（二）部分公开` → `二`; None where there is none."""
    found = LEADING.match(unicodedata.normalize("NFKC", text.strip()))
    digits = re.search(rf"[{NUMERAL}]+|\d+", found.group()) if found else None
    return digits.group() if digits else None


def has_variant_glyphs(text: str) -> bool:
    """Whether `fold` replaced a glyph by another form of the same character (S19)."""
    normal = unicodedata.normalize("NFKC", text)
    return normal != normal.translate(GLYPHS)
