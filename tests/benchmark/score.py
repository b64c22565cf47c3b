"""Counts of one reading against its truth. Shared by the real and the generated reports."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from extract.forms import load
from extract.records import Report

Key = tuple[str, str, str]
Flag = tuple[str, str, str | None]


@dataclass(slots=True)
class Score:
    """Sums over reports. `problems` says each failure in words: (what, place, wanted, read)."""

    reports: int = 0
    nonzero: int = 0  # cells of which the truth is a number other than 0
    right: int = 0  # of these
    wrong: int = 0  # read as another value
    flagged: int = 0  # left open, and said so
    missed: int = 0  # left open without a word
    cells: int = 0  # all cells of the truth: zeros, words and open cells too
    silent: int = 0  # of all: another value than the truth, or open without a word
    unflagged: int = 0  # cells at which a finding must stand, and none does
    expected: int = 0  # findings
    raised: int = 0
    forbidden: int = 0  # must_not_fire, raised all the same
    unexpected: int = 0  # errors and warnings on reports without a fault
    identity: int = 0  # unit right
    years: int = 0
    crashed: int = 0
    problems: list[tuple[str, str, Any, Any]] = field(default_factory=list)

    @property
    def figures(self) -> dict[str, float]:
        """What has a floor: shares, where more is better, and counts of failures."""
        return {
            "cells_right": round(self.right / self.nonzero, 6) if self.nonzero else 1.0,
            "rules_raised": round(self.raised / self.expected, 6) if self.expected else 1.0,
            "identity_right": round(self.identity / self.reports, 6) if self.reports else 1.0,
            "years_right": round(self.years / self.reports, 6) if self.reports else 1.0,
            "wrong": self.wrong,
            "left_open": self.flagged,
            "missed": self.missed,
            "silent": self.silent,
            "unflagged": self.unflagged,
            "not_raised": self.expected - self.raised,
            "forbidden": self.forbidden,
            "unexpected": self.unexpected,
            "crashed": self.crashed,
        }

    def add(self, other: Score) -> None:
        """Add another score to this one."""
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))  # lists of problems too

    def note(self, what: str, where: str, wanted: Any = None, read: Any = None) -> None:
        """Count one failure and keep it in words."""
        setattr(self, what, getattr(self, what) + 1)
        self.problems.append((what, where, wanted, read))


def shown(report: Report) -> dict[Key, Any]:
    """Every cell of the report's tables as its JSON shows it."""
    tables = load()[report.form].tables if report.form in load() else {}
    found = {("disclosures", i, m): v for i, row in report.disclosures.items() for m, v in row.items()}
    for name, rows in (("applications", report.applications), ("disputes", report.disputes)):
        for row, values in rows.items():
            columns = [column.name for column in tables[name].columns]
            found |= {(name, row, c): v for c, v in zip(columns, values, strict=True)}
    return found


def flags(report: Report) -> set[Flag]:
    """Where the report says that something is out of the ordinary: findings and exceptional cells."""
    marks = [(f.table, f.row, f.column) for f in report.findings if f.table and f.row]
    return {*marks, *((c.table, c.row, c.column) for c in report.cells)}


def _raws(report: Report) -> dict[Key, str]:
    return {(c.table, c.row, c.column): str(c.raw).strip() for c in report.cells if c.column and isinstance(c.raw, str)}


def score_cells(
    report: Report, truth: Mapping[Key, Any], must_flag: Collection[Flag] = (), optional: Collection[Flag] = ()
) -> Score:
    """Compare every cell of the truth. A cell in `optional` may be left open where the report says so."""
    score, read, marked, raws = Score(), shown(report), flags(report), _raws(report)

    def said(key: Key) -> bool:
        return bool({key, (*key[:2], None)} & marked)

    for key, want in truth.items():
        score.cells += 1
        number = isinstance(want, int | float) and want != 0
        score.nonzero += number
        got, where = read.get(key), "/".join(key)
        if _same(want, got, raws.get(key)) and (want is not None or said(key)):
            score.right += number
        elif got is not None:
            score.wrong += number
            score.note("silent", where, want, got)
        elif not said(key):
            score.missed += number
            score.note("silent", where, want, got)
        else:
            score.flagged += number
            if key not in optional:
                score.problems.append(("left open", where, want, raws.get(key)))
    relations = {(f.table, f.row, f.column) for f in report.findings if f.rule.startswith("A")}
    for flag in must_flag:
        if not _stands(flag, marked, relations):
            score.note("unflagged", "/".join(part or "*" for part in flag))
    return score


def _stands(flag: Flag, marked: set[Flag], relations: set[Flag]) -> bool:
    """Whether a finding stands where it must; a broken relation may stand at any cell of its row or column."""
    if flag[2] is None:
        return any(mark[:2] == flag[:2] for mark in marked)
    if {flag, (*flag[:2], None)} & marked:
        return True
    return any(t == flag[0] and (row == flag[1] or column == flag[2]) for t, row, column in relations)


def _same(want: Any, got: Any, raw: str | None) -> bool:
    if isinstance(want, str):  # words are kept in print; whether the JSON shows them depends on the cell's class
        return got == want or (got is None and raw == want)
    if want is None or got is None:
        return want is got
    return not isinstance(got, str) and abs(want - got) < 1e-6


def score_rules(
    report: Report, expected: Collection[tuple[str, str | None]], forbidden: Mapping[str, str | None]
) -> Score:
    """Compare findings: `expected` as (rule, severity or None), `forbidden` as rule → column; None means any."""
    score = Score()
    raised = {(f.rule, f.severity) for f in report.findings}
    rules = {rule for rule, _ in raised}
    for rule, severity in expected:
        score.expected += 1
        if (rule, severity) in raised or (severity is None and rule in rules):
            score.raised += 1
        else:
            score.problems.append(("not raised", rule, severity, sorted(s for r, s in raised if r == rule)))
    for found in report.findings:
        if found.rule in forbidden and forbidden[found.rule] in (None, found.column):
            score.note("forbidden", _at(found), None, found.message)
    return score


def loud(report: Report) -> Iterator[tuple[str, str]]:
    """Errors and warnings, as (rule and place, message)."""
    for found in report.findings:
        if found.severity in ("error", "warning"):
            yield _at(found), found.message


def _at(found: Any) -> str:
    return " ".join([found.rule, "/".join(part for part in (found.table, found.row, found.column) if part)]).strip()
