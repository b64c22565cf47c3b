"""Unified social credit codes (统一社会信用代码, GB 32100-2015) in addresses and index numbers, believed when right.

Eighteen characters: who registered, what kind, six digits of the division, the organisation's nine, a check character.
A nine-character organisation code (GB 11714) carries no division and is no evidence for one.
"""

from __future__ import annotations

import re

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # without I, O, S, V, Z
WEIGHTS = tuple(3**i % 31 for i in range(17))  # GB 32100-2015, 4.6
# 1: 机构编制 (organs, institutions). Other registrars' codes belong to companies, which write no such reports.
_CODE = re.compile(rf"(?<![0-9A-Za-z])(1[1-9][1-9]\d{{5}}[{ALPHABET}]{{10}})(?![0-9A-Za-z])")
_INDEX = re.compile(r"(?:索引号|索引码|信用代码)[::]?([0-9A-Z]{18})(?![0-9A-Z])")


def check(code: str) -> str:
    """The check character that the first seventeen characters of a code call for."""
    total = sum(ALPHABET.index(character) * weight for character, weight in zip(code, WEIGHTS, strict=False))
    return ALPHABET[-total % 31]


def valid(code: str) -> bool:
    """Whether eighteen characters are a code whose check character is right."""
    return bool(_CODE.fullmatch(code)) and check(code[:17]) == code[17]


def in_address(url: str) -> tuple[str, ...]:
    """Every right code in an address: `…?area=113708830043262784`."""
    return tuple(dict.fromkeys(code for code in _CODE.findall(url.upper()) if valid(code)))


def in_text(text: str) -> tuple[str, ...]:
    """Every right code that a text (without white space, NFKC) calls an index number or a credit code."""
    return tuple(dict.fromkeys(code for code in _INDEX.findall(text) if valid(code)))


def division(code: str) -> str:
    """The division in a code, digits 3–8 without the zeros that pad them."""
    return re.sub(r"(?:00){1,2}$", "", code[2:8])
