"""Chinese names in letters: a transliteration without tones for readers of English, and what a search goes through.

The library reads the characters; `registers/pinyin.csv` parts the words of organs (人民政府 → Renmin Zhengfu) and has
the official spellings that no rule gives (陕西 → Shaanxi).
"""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path

from pypinyin import lazy_pinyin

WORDS = Path(__file__).parent / "registers" / "pinyin.csv"
GENERIC = "省市县区乡镇盟旗州村社局厅委办处所站院队会馆"  # a word of its own at the end of a name
JOINS = "和与及"  # stay small
LONGEST = 24  # letters of a syllable's rest that are indexed: a longer query is cut too


def spelt(name: str, above: tuple[str, ...] = ()) -> str:
    """`高安市` → `Gao'an Shi`. `above`: names that a unit's name may begin with, the highest place first."""
    return " ".join(_written(word) for word in _words(name, above))


def keys(name: str, above: tuple[str, ...] = ()) -> list[str]:
    """Plain letters from every syllable on, the whole first: `gaoanshi`, `anshi`, `shi`; official spellings as well."""
    words, found = _words(name, above), []
    for official in (True, False):
        parts = [part for word in words for part in _parts(word, official)]
        found += ["".join(parts[at:])[:LONGEST] for at in range(len(parts))]
    return list(dict.fromkeys(filter(None, found)))


def letters(text: str) -> str:
    """What is compared: small letters and digits only; ü, and v for it, is u (`Lüliang`, `lvliang` → `luliang`)."""
    plain = text.lower().translate(str.maketrans("üvêéè", "uueee"))
    return re.sub("[^a-z0-9]", "", plain)


def latin(text: str) -> bool:
    """Whether a text is in Latin letters (ü and ê too) and digits, with nothing Chinese in it."""
    return bool(text) and max(text) < "\u0250"


@cache
def _parts(word: str, official: bool) -> list[str]:
    """Of what a search of a word goes through: its syllables, or the parts of its official spelling."""
    spelling = _listed().get(word) if official else None
    return [letters(part) for part in (spelling.split() if spelling else _syllables(word))]


@cache
def _listed() -> dict[str, str]:
    with WORDS.open(encoding="utf-8", newline="") as file:
        return {line["word"]: line["spelling"] for line in csv.DictReader(file)}


@cache
def _pattern() -> re.Pattern[str]:
    longest_first = sorted(_listed(), key=len, reverse=True)
    # 城市 at the end of a name is no word: 丰城市 is the city Fengcheng
    return re.compile("|".join(re.escape(word) + "(?!$)" * (word == "城市") for word in longest_first))


def _words(name: str, above: tuple[str, ...]) -> list[str]:
    """The words of a name: of the places that it begins with, those of the register, and what lies between."""
    words: list[str] = []
    for place in above:
        if len(place) > 1 and name.startswith(place) and name != place:
            words += _cut(place)
            name = name[len(place) :]
    return words + list(_cut(name))


@cache
def _cut(name: str) -> tuple[str, ...]:
    words, at = [], 0
    for found in _pattern().finditer(name):
        words += _rest(name[at : found.start()])
        words.append(found[0])
        at = found.end()
    return tuple(words + _rest(name[at:]))


def _rest(text: str) -> list[str]:
    """What no list has: a proper name, with a generic word at its end."""
    if len(text) > 2 and text[-1] in GENERIC:
        return [text[:-1], text[-1]]
    return [text] if text.strip() else []


@cache
def _written(word: str) -> str:
    """A word as it is shown: an apostrophe before a syllable that begins with a vowel."""
    if official := _listed().get(word):
        return official
    first, *others = _syllables(word)
    joined = first + "".join(f"'{s}" if s[:1] in "aeo" else s for s in others)
    return joined if word in JOINS else joined[:1].upper() + joined[1:]


@cache
def _syllables(word: str) -> list[str]:
    return lazy_pinyin(word, v_to_u=True)
