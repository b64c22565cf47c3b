"""A finding as a sentence in the reader's language: what the report says, and what it is laid beside."""

from __future__ import annotations

from typing import Any

from db.cells import figure
from db.language import Say

# Rules whose two sides have names; the sides of others are only shown side by side
SIDES = {
    **dict.fromkeys(("A01", "A02", "A04", "A15"), "sum"),
    "A03": "balance",
    **dict.fromkeys(("N01", "N04", "N05", "N06", "N12", "N14", "N15"), "text"),
    **dict.fromkeys(("A13", "A16"), "part"),
    "Y01": "year",
    "Y02": "follows",
    **dict.fromkeys(("P05", "P06"), "alike"),
    **dict.fromkeys(("R01", "R03"), "copies"),
    "Y03": "against",
}
# What follows from others, as `extract` writes it behind the id of the rule
RELATIONS = {
    "total − the other parts": "rest",
    "sum of the parts": "parts",
    "sum of the parts; the column of totals prints 0 throughout": "zero_totals",
    "every relation of the form holds if blanks are 0": "blanks",
}
FULLER = (
    "both",
    "alike",
    "copies",
    "against",
    "size",
    "size_in_wan",
    "size_in_yuan",
)  # of these the message says more; messages are in English


def rule(t: Say, found: dict[str, Any]) -> str:
    """The rule's own sentence."""
    return found[t("cell.rule_column")] or found["message"]


def detail(t: Say, found: dict[str, Any]) -> str:
    """The figures of this finding in words; "" where there is nothing to add to the rule's sentence."""
    left, right = found["left_value"], found["right_value"]
    shape, unknown = _shape(found), left is None or right is None
    if t("cell.rule_column") == "en" and (unknown or shape in FULLER):
        return found["message"].removeprefix(found["en"] or "").lstrip(": ")
    if unknown:
        return ""
    write = "{:.0%}".format if shape == "alike" else figure
    return t("sides." + shape, left=write(left), right=write(right))


def _shape(found: dict[str, Any]) -> str:
    """How the two sides stand to each other; those of U03 are amounts, and its message tells in which unit."""
    if found["rule"] != "U03":
        return SIDES.get(found["rule"], "both")
    ends = {"not in 万元": "size_in_wan", "not in 元": "size_in_yuan"}
    return next((shape for end, shape in ends.items() if found["message"].endswith(end)), "size")


def relation(t: Say, text: str | None) -> str | None:
    """The relation that a derived value follows from, in words; None for one that has no words here."""
    rule, colon, words = (text or "").rpartition(": ")
    key = RELATIONS.get(words)
    return rule + colon + t("relation." + key) if key else None
