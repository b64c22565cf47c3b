"""The interface in Chinese or English: which language a reader wants, and what stands in the one catalogue."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

CATALOGUE = Path(__file__).parent / "site" / "catalogue.toml"
DESCRIPTIONS = Path(__file__).parent / "registers" / "descriptions.csv"
LANGUAGES = {"zh": "zh-CN", "en": "en"}  # what `?lang=` takes → what `<html lang>` says
Say = Callable[..., str]


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """`section.name` → text by language. Raises ValueError for an entry that lacks a language."""
    texts = {}
    for section, entries in tomllib.loads(CATALOGUE.read_text("utf-8")).items():
        for name, text in entries.items():
            if set(text) != set(LANGUAGES):
                raise ValueError(f"{CATALOGUE.name}: {section}.{name} needs exactly {' and '.join(LANGUAGES)}")
            texts[f"{section}.{name}"] = text
    return texts


@cache
def speaker(language: str) -> Say:
    """`t("site.about")`, `t("chart.left_out", n=3)`: the text in one language, its `{fields}` filled in.

    Raises KeyError for a key that the catalogue does not have, or a field that was not given."""

    def say(key: str, **values: object) -> str:
        text = catalogue()[key][language]
        return text.format(**values) if values else text

    return say


@cache
def descriptions() -> dict[str, str]:
    """English description → Chinese: comments of the schema and the views, notes and formulas of metrics and rules."""
    with DESCRIPTIONS.open(encoding="utf-8", newline="") as file:
        return {line["en"]: line["zh"] for line in csv.DictReader(file)}


def described(language: str, sentence: str | None) -> str:
    """A description, written in English where it belongs, in the reader's language; English where it is not known."""
    return descriptions().get(sentence or "", sentence or "") if language == "zh" else sentence or ""


def flag_words(say: Say, flags: str | None) -> str:
    """What stands in a column `flags`, in words: `small n; incomplete: 3 missing` → 样本少、另缺 3 份."""
    said = []
    for flag in (flags or "").split("; "):
        name, _, more = flag.partition(": ")
        if name:
            said.append(say(f"flag.{name.replace(' ', '_')}", n=more.removesuffix(" missing")))
    return say("flag.between").join(said)


def chosen(asked: str | None, kept: str | None, accepted: str) -> str:
    """The reader's language: `?lang=`, else the cookie, else the first of Accept-Language that we speak, else Chinese.

    Weights are honoured (RFC 9110 §12.5.4); `en-GB` is English, `zh-Hant` Chinese."""
    for wanted in (asked, kept):
        if wanted in LANGUAGES:
            return wanted
    ranked = []
    for number, part in enumerate(accepted.split(",")):
        tag, _, weight = part.strip().partition(";")
        language = tag.split("-")[0].strip().lower()
        if language in LANGUAGES:
            ranked.append((-_weight(weight), number, language))
    return next((language for weight, _, language in sorted(ranked) if weight < 0), "zh")


def of(request: Any) -> str:
    """The language of a request; Chinese where there is none."""
    if request is None:
        return "zh"
    return chosen(request.args.get("lang"), request.cookies.get("lang"), request.headers.get("accept-language", ""))


def _weight(text: str) -> float:
    try:
        return float(text.strip().removeprefix("q=")) if text.strip() else 1.0
    except ValueError:
        return 0.0
