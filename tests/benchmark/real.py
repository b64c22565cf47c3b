"""Accuracy on the real reports that lie beside the repository."""

from __future__ import annotations

from typing import Any

from extract import register
from extract.register import Register
from extract.report import read_report
from tests.benchmark import seeds
from tests.benchmark.generated import document
from tests.benchmark.score import Score, score_cells, score_rules


def measure(name: str, body: bytes, truth: dict[str, Any], known: Register) -> Score:
    """Read one report and compare it with its hand-read truth."""
    report = read_report(body, document(body, name), known)[0]
    score = Score(reports=1)
    score.add(score_cells(report, seeds.cells(truth)))
    score.add(score_rules(report, seeds.expected(truth), seeds.forbidden(truth)))
    form = {"2019-60": "2019", "2021-30": "2021"}[truth["template"]]
    for what, want, got in (
        ("identity", truth["division"]["code"], report.unit.id),
        ("years", truth["year"], report.year),
        ("form", form, report.form),
        ("scope", truth["scope"], report.scope),
    ):
        if want != got:
            score.problems.append((what, "", want, got))
        elif what in ("identity", "years"):
            setattr(score, what, 1)
    return score


def scores() -> dict[str, Score]:
    """One score a report, by the first three figures of its name; empty where the reports are missing."""
    known = register.load()
    return {name[:3]: measure(name, *found, known) for name, found in seeds.load().items()}
