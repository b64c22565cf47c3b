"""The rules as `rules.toml` has them, and the one way to make a finding."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from extract.records import Finding


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of DOMAIN §E; `variants` are named cases with a severity of their own."""

    id: str
    severity: str
    origin: str
    zh: str
    en: str
    formula: str = ""
    source: str = ""
    variants: Mapping[str, str] | None = None
    status: str = "implemented"  # or out_of_scope, with its reason
    reason: str = ""
    forms: tuple[str, ...] = ("2014", "2019", "2021", "none")  # the forms whose reports it is tested on
    needs: str = ""  # last_year: without last year's report it cannot be assessed


@cache
def load() -> dict[str, Rule]:
    """All rules by id. Raises TypeError at an unknown key."""
    data = tomllib.loads(Path(__file__).with_name("rules.toml").read_text(encoding="utf-8"))
    return {rule: _rule(rule, fields) for rule, fields in data.items()}


def _rule(id: str, fields: dict[str, Any]) -> Rule:
    made = Rule(id, **(fields | {"forms": tuple(fields.get("forms", Rule.__dataclass_fields__["forms"].default))}))
    if made.status not in ("implemented", "out_of_scope") or (made.status == "out_of_scope") != bool(made.reason):
        raise ValueError(f"rule {id}: status is implemented, or out_of_scope with a reason")
    return made


def finding(
    rule: str, message: str | None = None, *, variant: str | None = None, origin: str | None = None, **fields: Any
) -> Finding:
    """A finding of `rule` with the severity that rules.toml gives it (KeyError for a rule that is not there)."""
    found = load()[rule]
    severity = (found.variants or {})[variant] if variant else found.severity
    return Finding(rule, severity, origin or found.origin, message or found.en, **fields)
