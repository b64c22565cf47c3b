"""What a seeded oddity is, and how one is entered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from crawler.replica.draft import Draft

FORMS = ("2019", "2021")
MEDIA = ("html", "text")
Apply = Callable[[Draft, Random], None]


@dataclass(frozen=True, slots=True)
class Fault:
    """A seeded oddity: the rule that must see it, what it does, on which forms and in which renderings."""

    rule: str
    apply: Apply
    forms: tuple[str, ...] = FORMS
    media: tuple[str, ...] = MEDIA


def entering(into: dict[str, Fault]) -> Callable[..., Callable[[Apply], Apply]]:
    """A decorator that enters functions as faults, under their own names."""

    def fault(rule: str, forms: tuple[str, ...] = FORMS, media: tuple[str, ...] = MEDIA) -> Callable[[Apply], Apply]:
        def enter(function: Apply) -> Apply:
            into[function.__name__] = Fault(rule, function, forms, media)
            return function

        return enter

    return fault


def flag(draft: Draft, table: str, row: str, *columns: str | None) -> None:
    """Note the cells (or the whole row) at which a finding must stand."""
    draft.flagged += [(table, row, column) for column in columns or (None,)]
