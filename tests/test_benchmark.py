"""The benchmark itself: floors only rise, it sees what a reader does wrong, and a small sample reaches the floors."""

from dataclasses import replace
from pathlib import Path

import pytest

from crawler.replica import render
from extract.records import ReportError
from extract.report import read_report
from extract.rules import finding
from tests.benchmark import floors, formats, generated, seeds
from tests.benchmark.score import score_cells, score_rules

OLD = {"html.cells_right": 0.9, "html.silent": 2.0, "speed.parse_ratio": 2.0}


def test_floors_only_rise() -> None:
    better = {"html.cells_right": 0.95, "html.silent": 1.0, "speed.parse_ratio": 1.5}
    assert floors.update(OLD, better) == (better, [])
    assert floors.under(OLD, better) == []


@pytest.mark.parametrize(
    ("name", "figure"), [("html.cells_right", 0.89), ("html.silent", 3), ("speed.parse_ratio", 2.6)]
)
def test_regression_is_refused_unless_allowed(name: str, figure: float) -> None:
    assert floors.under(OLD, {name: figure}) == [name]
    assert floors.update(OLD, {name: figure}) == (OLD, [name])
    assert floors.update(OLD, {name: figure}, allow_regression=True) == (OLD | {name: figure}, [])


def test_time_has_slack_but_its_floor_does_not_creep() -> None:
    within = {"speed.parse_ratio": 2.3}
    assert floors.under(OLD, within) == []
    assert floors.update(OLD, within) == (OLD, [])


def test_figures_that_were_not_measured_keep_their_floors(tmp_path: Path) -> None:
    path = tmp_path / "floors.json"
    assert floors.load(path) == {}
    floors.save(floors.update(OLD, {"html.silent": 0})[0], path)
    assert floors.load(path) == OLD | {"html.silent": 0}


@pytest.fixture(scope="module")
def read():
    """A clean report with figures, its truth by cell, and its reading."""
    sample = next(s for s in generated.samples(20, seed=3, faulty=0) if s.made.truth["applications"]["new"][6])
    body = sample.body("html")
    report = read_report(body, generated.document(body, "clean"), generated.places())[0]
    return report, generated.truth_cells(sample.made.truth)


@pytest.mark.parametrize(("value", "what"), [(99_999, "wrong"), (None, "missed")])
def test_a_wrong_or_lost_value_is_silent(read, value, what: str) -> None:
    report, truth = read
    assert score_cells(report, truth).silent == 0
    row = [*report.applications["new"][:6], value]
    spoilt = replace(report, applications={**report.applications, "new": row})
    score = score_cells(spoilt, truth)
    assert (score.silent, getattr(score, what)) == (1, 1)


def test_a_finding_too_few_and_one_too_many(read) -> None:
    report, _ = read
    spoilt = replace(report, findings=(finding("S05", table="applications", row="new"),))
    score = score_rules(spoilt, [("S04", "error"), ("S05", "error"), ("S05", "info")], {"S05": None, "S04": None})
    assert (score.expected, score.raised, score.forbidden) == (3, 1, 1)
    assert score_rules(spoilt, [], {"S05": "total"}).forbidden == 0, "forbidden at another column only"


# What starts a word processor, a browser or a recogniser takes too long here: `make benchmark` measures it
QUICK = [name for name in generated.FORMATS if not {"soffice", "chromium", "rapidocr"} & generated.needs(name)]
QUICK = [name for name in QUICK if formats.count(name) >= formats.DIGITAL]


@pytest.mark.parametrize("form", QUICK)
def test_sample_reaches_the_floors(form: str) -> None:
    if lacking := generated.missing(form):
        pytest.skip(f"needs {lacking}")
    known, number = floors.load(), 40 if form in formats.MORE else 4
    bodies = generated.rendered(list(formats.chosen(form, number)), form)
    score = formats.read(form, number, bodies).score  # the first of the same reports: no count can be higher
    counts = {name: value for name, value in score.figures.items() if name in floors.CEILINGS}
    measured = {f"{form}.{name}": value for name, value in counts.items()}
    bars = {f"{form}.silent": 0, f"{form}.wrong": 0, f"{form}.crashed": 0}  # where no floor has been set yet
    assert floors.under(bars | known, measured) == [], score.problems[:10]
    assert render.FORMATS[form].lost or score.nonzero > 10 * number, "too few figures: a reader of nothing would score"


def test_refusal_leaves_cells_open_and_a_crash_is_silent() -> None:
    sample = next(generated.samples(1))
    refused = generated.judge(sample, "html", generated.Reading((), ReportError("no"), 0.0))
    crashed = generated.judge(sample, "html", generated.Reading((), KeyError("no"), 0.0))
    assert (refused.flagged, refused.silent, refused.crashed) == (refused.nonzero, 0, 0)
    assert (crashed.missed, crashed.silent, crashed.crashed) == (crashed.nonzero, crashed.cells, 1)


def test_truth_of_the_real_reports_is_in_our_names() -> None:
    found = seeds.load()
    if not found:
        pytest.skip(f"the real reports are not here: {seeds.FOLDER}")
    for _, truth in found.values():
        cells = seeds.cells(truth)
        assert {table for table, _, _ in cells} == {"disclosures", "applications", "disputes"}
        assert len(cells) in (198, 200)
