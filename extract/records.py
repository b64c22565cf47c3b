"""The typed records that every stage after reading shares, and the one error type."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

# {"line": n} | {"table": t, "row": r, "column": c} | {"page": p, "bbox": [x0, top, x1, bottom]}; counted from 1
Place = Mapping[str, Any]
Value = int | float | str | None


class ReportError(Exception):
    """A document that cannot be read: says which one, where, and what would help."""

    def __init__(self, message: str, *, document: str = "", place: str = "", remedy: str = "") -> None:
        super().__init__(message)
        self.message, self.document, self.place, self.remedy = message, document, place, remedy

    def __str__(self) -> str:
        where = ": ".join(part for part in (self.document, self.place) if part)
        return f"{where + ': ' if where else ''}{self.message}{' — ' + self.remedy if self.remedy else ''}"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of an official table. `cls` is one of DESIGN §4's cell classes; a row-level cell has column None."""

    table: str
    row: str
    column: str | None
    cls: str
    raw: str | list[str]
    value: int | float | None = None
    unit: str | None = None
    note: str | None = None
    confidence: float | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Derived:
    """A value that arithmetic determines uniquely; never stands in the place of what was printed."""

    table: str
    row: str
    column: str
    value: int | float
    source: str  # JSON key "from": the relation, in words
    assumed_zero: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    """A figure stated in the prose. `kind` is our name for what it counts, e.g. `requests_received`; `subject` is what
    it is said of, as printed."""

    kind: str
    value: int | float | None
    unit: str | None
    quote: str
    place: Place | None = None
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the report; `number` 1–6 by its words (not its printed numeral), 0 for what stands before."""

    number: int
    heading: str
    text: str
    place: Place | None = None
    numeral: str | None = None  # the numeral as printed, None where there was none


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a rule has to say about a report (DOMAIN §E)."""

    rule: str
    severity: str
    origin: str
    message: str
    table: str | None = None
    row: str | None = None
    column: str | None = None
    quote: str | None = None
    place: Place | None = None
    left: int | float | None = None
    right: int | float | None = None
    delta: int | float | None = None

    @property
    def fingerprint(self) -> str:
        """Stable over rebuilds and over wording: rule, cell, figures and quote, never the message."""
        parts = (self.rule, self.table, self.row, self.column, self.quote, self.left, self.right)
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of evidence for the unit: what it is, as printed, its weight (8 strongest), how many candidates it
    allows, whether it agrees with what was concluded."""

    kind: str
    text: str
    weight: int
    candidates: int
    agrees: bool


@dataclass(frozen=True, slots=True)
class Unit:
    """Who reported. `id` is a division code, or code-kind (`360902-zfb`); None while unresolved."""

    id: str | None
    name: str | None
    kind: str | None = None
    level: str | None = None
    division: str | None = None
    parents: tuple[tuple[str, str], ...] = ()  # (id, name), province first
    evidence: tuple[Piece, ...] = ()  # strongest first, the name itself before all
    candidates: tuple[str, ...] = ()  # ids that all evidence leaves, more than one or none while unresolved


@dataclass(frozen=True, slots=True)
class Report:
    """One report as read; `to_json` is the public interface, `extract/README.md` describes it."""

    id: str
    digest: str
    media_type: str
    url: str | None
    unit: Unit
    year: int | None
    scope: str
    form: str
    title: str | None
    published_on: str | None
    contact: Mapping[str, str | None]
    disclosures: Mapping[str, Mapping[str, Value]]
    applications: Mapping[str, list[Value]]
    disputes: Mapping[str, list[Value]]
    statistics: Mapping[str, Value] = field(default_factory=dict)
    derived: tuple[Derived, ...] = ()
    cells: tuple[Cell, ...] = ()
    statements: tuple[Statement, ...] = ()
    sections: tuple[Section, ...] = ()
    findings: tuple[Finding, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The shape of `gongkai show --json` and of a line of data/reports/*.jsonl (schema 1)."""
        unit = asdict(self.unit) | {"parents": [{"id": i, "name": n} for i, n in self.unit.parents]}
        return {
            "schema": 1,
            "id": self.id,
            "document": {"digest": self.digest, "media_type": self.media_type, "url": self.url},
            "unit": unit,
            "year": self.year,
            "scope": self.scope,
            "form": self.form,
            "title": self.title,
            "published_on": self.published_on,
            "contact": dict(self.contact),
            "disclosures": {item: dict(measures) for item, measures in self.disclosures.items()},
            "applications": {row: list(values) for row, values in self.applications.items()},
            "disputes": {row: list(values) for row, values in self.disputes.items()},
            "statistics": dict(self.statistics),
            "derived": [_derived_json(d) for d in self.derived],
            "cells": [_cell_json(c) for c in self.cells],
            "statements": [asdict(s) for s in self.statements],
            "sections": [{"number": s.number, "heading": s.heading, "text": s.text} for s in self.sections],
            "findings": [_finding_json(f) for f in self.findings],
        }


def _derived_json(derived: Derived) -> dict[str, Any]:
    record = asdict(derived)
    record["from"] = record.pop("source")
    return {k: record[k] for k in ("table", "row", "column", "value", "from", "assumed_zero")}


def _cell_json(cell: Cell) -> dict[str, Any]:
    record = asdict(cell)
    record["class"] = record.pop("cls")
    keys = ("table", "row", "column", "class", "raw", "value", "unit", "note", "confidence", "place")
    return {k: record[k] for k in keys}


def _finding_json(finding: Finding) -> dict[str, Any]:
    keys = (
        "rule",
        "severity",
        "origin",
        "table",
        "row",
        "column",
        "message",
        "quote",
        "place",
        "left",
        "right",
        "delta",
    )
    record = asdict(finding)
    return {k: record[k] for k in keys} | {"fingerprint": finding.fingerprint}
