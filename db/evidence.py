"""What a state rests on, in the reader's language: crawls and builds write it down in English."""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path

WORDS = Path(__file__).parent / "registers" / "evidence.csv"


def told(language: str, evidence: str) -> str:
    """`expected.evidence` or `portals.failing` in `zh` or `en`. What somebody entered, and no pattern knows, stays."""
    if language == "en":
        return evidence
    return "；".join(_part(part) for part in evidence.split("; "))


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    with WORDS.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    return [(re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+)", re.escape(line["en"]))), line["zh"]) for line in lines]


def _part(part: str) -> str:
    for pattern, words in _patterns():
        if found := pattern.fullmatch(part):
            return words.format(**found.groupdict())
    return part
