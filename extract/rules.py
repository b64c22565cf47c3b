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


@cache
def load() -> dict[str, Rule]:
    """All rules by id. Raises TypeError at an unknown key."""
    data = tomllib.loads(Path(__file__).with_name("rules.toml").read_text(encoding="utf-8"))
    return {rule: Rule(rule, **fields) for rule, fields in data.items()}


def finding(
    rule: str, message: str | None = None, *, variant: str | None = None, origin: str | None = None, **fields: Any
) -> Finding:
    """A finding of `rule` with the severity that rules.toml gives it (KeyError for a rule that is not there)."""
    found = load()[rule]
    severity = (found.variants or {})[variant] if variant else found.severity
    return Finding(rule, severity, origin or found.origin, message or found.en, **fields)
