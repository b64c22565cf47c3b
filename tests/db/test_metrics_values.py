"""Metrics: each against values computed by hand; the register of metrics and of their operands."""

from __future__ import annotations

import re
import sqlite3

import pytest

from db import measures, schema
from db.build import build
from extract import forms
from tests.db.by_hand import TOTALS, finding, flags, full, values
from tests.db.conftest import write

APPLICANTS = ("natural_person", "business", "research", "nonprofit", "legal_service", "other_organisation")
REFUSED = {name.removeprefix("refused."): n for name, n in TOTALS.items() if name.startswith("refused.")}
EXPECTED = {
    "M1": 100, "M2": 110, "M3": 40 / 105, "M4": 50 / 105, "M5": 50 / 80, "M6": 40 / 91, "M6.procedural": 40 / 81,
    "M7": 30 / 105, "M8": 8 / 105, "M9": 10 / 105, "M10": 10 / 105, "M10.petition": 4 / 105,
    "M10.repeat_abuse": 3 / 105, "M11": 20 / 50, "M12.no_correction": 1 / 105, "M12.fee_unpaid": 2 / 105,
    "M13": 2 / 105, "M14": 5 / 110, "M15.clearance": 1.05, "M15.backlog": -5, "M20": 18 / 105, "M21": 3 / 10,
    "M21.of_total": 3 / 12, "M21.of_merits": 3 / 9, "M22": 3 / 10, "M22.direct": 1 / 5, "M22.after": 2 / 5,
    "M23.review": 2 / 12, "M23.direct": 1 / 6, "M23.after": 0, "M24": 5 / 10, "M31.issued": 4 / 40,
    "M31.repealed": 1 / 40, "M32.licensing": 200, "M32.penalties": 50, "M32.coercion": 3,
    "M32.licensing_penalties": 4, "M33.fees": 12500.5, "M27.findings": 0, "M27.sections": 1 / 6, "M28": 0, "M37": 1,
}  # fmt: skip
EXPECTED |= {f"M7.{reason}": n / 105 for reason, n in REFUSED.items()}
EXPECTED |= {f"M7.{reason}.of_refused": n / 30 for reason, n in REFUSED.items()}
EXPECTED |= dict(zip((f"M16.{a}" for a in APPLICANTS), (0.6, 0.2, 0.05, 0.05, 0.06, 0.04), strict=True))
EXPECTED |= dict(zip((f"M17.{a}" for a in APPLICANTS), (25 / 62, 12 / 24, 2 / 4, 2 / 5, 6 / 6, 3 / 4), strict=True))
# Operands of these are not read from the report alone: other tests hold them
ELSEWHERE = {"M25", "M29", "M30", "M31.gap", "M33.processing_fee", "M35.online", "M35.on_time"}


@pytest.fixture(scope="module")
def one(tmp_path_factory):
    data = tmp_path_factory.mktemp("one")
    write(data, full())
    build(data)
    return data


@pytest.mark.parametrize("metric", EXPECTED)
def test_value_computed_by_hand(one, metric):
    (row,) = values(
        one, "SELECT value, series, unit, division, year, form, scope FROM metric_values WHERE metric = ?", metric
    )
    assert row[0] == pytest.approx(EXPECTED[metric])
    assert row[2:] == ("990181101", "990181101", 2022, "2021", "own")


def test_no_metric_is_untested(one):
    held = {metric for (metric,) in values(one, "SELECT DISTINCT metric FROM metric_values")}
    assert held == (EXPECTED.keys() | ELSEWHERE) - {"M35.online", "M35.on_time"}
    shown = {row["id"] for row in measures.register("metrics") if row["status"] == "implemented"}
    shapes = {row["id"]: row["shape"] for row in measures.register("metrics")}
    assert {id for id in shown if shapes[id] not in ("area", "view")} == EXPECTED.keys() | ELSEWHERE


def test_every_metric_of_the_catalogue_is_there_or_says_why_not():
    metrics = measures.register("metrics")
    assert {row["metric"] for row in metrics} == {f"M{n}" for n in range(1, 38)}
    assert all(row["note"] for row in metrics if row["status"] == "out_of_scope")


def test_numerator_denominator_and_n(one):
    row = values(one, "SELECT numerator, denominator, n, measured_in, flags FROM metric_values WHERE metric = 'M4'")
    assert row == [(50, 105, 105, "share", None)]
    assert values(one, "SELECT numerator, denominator, n FROM metric_values WHERE metric = 'M2'") == [(110, None, 110)]


def test_register_names_the_operands_of_each_formula():
    named = {row["id"]: set((row["operands"] or "").split()) for row in measures.register("metrics")}
    known = set(measures.operands()) | set(measures.SUMS) | set(measures.crosswalk())
    for _, _, sql in schema.sql_files("metrics"):
        for metric, expression in re.findall(r"'(M[\w.]+)'(?: AS metric)?, (.+?)(?: FROM operands|$)", sql, re.M):
            assert set(re.findall(r"[a-z]\w+", expression)) & known == named[metric], metric


def test_operands_are_cells_of_a_form():
    cells = {
        (name, row.name, column.name)
        for form in forms.load().values()
        for name, table in form.tables.items()
        for row in table.rows
        for column in row.columns
    }
    assert {(o["table"], o["row"], o["column"]) for o in measures.operands().values()} <= cells


def test_quality_counts_what_nobody_dismissed(tmp_path):
    found = [finding("S01"), finding("N01", "warning"), finding("N06", "notice"), finding("D03", "info")]
    write(tmp_path, full(findings=found))
    build(tmp_path)
    assert flags(tmp_path, "M37")[0] == pytest.approx(1 - 0.1 - 0.03 - 0.01)
    assert flags(tmp_path, "M27.findings")[0] == 1


def fee(value, unit):
    return {"kind": "processing_fee", "value": value, "unit": unit, "quote": "收取信息处理费", "place": None}


@pytest.mark.parametrize(
    ("stated", "yuan"),
    [
        ([fee(400, "元")], 400),
        ([fee(0.04, "万元"), fee(400, "元")], 400),
        ([fee(0, None)], 0),
        ([fee(400, None)], None),
        ([fee(400, "元"), fee(300, "元")], None),
        ([], None),
    ],
)
def test_processing_fee_needs_exactly_one_amount(tmp_path, stated, yuan):
    write(tmp_path, full(statements=stated))
    build(tmp_path)
    assert flags(tmp_path, "M33.processing_fee")[0] == yuan


def test_likeness_to_last_year(tmp_path):
    text = "".join(chr(0x4E00 + (n * 7919) % 5000) for n in range(600))  # words without sense, none twice
    sections = [{"number": n, "heading": "", "text": text} for n in (1, 5, 6)]
    write(tmp_path, full(2022, sections=sections), full(2023, sections=sections))
    build(tmp_path)
    assert flags(tmp_path, "M29", "990181101-2023")[0] == 1
    assert flags(tmp_path, "M29", "990181101-2022") == (None, "operand missing")  # near miss: nothing to compare with
    assert flags(tmp_path, "M30", "990181101-2023") == (None, "operand missing")  # one unit is like nobody else


# -- fast enough for a page


def test_a_unit_is_looked_up_by_its_index():
    connection = sqlite3.connect(":memory:")
    connection.executescript(schema.statements())
    for name, _, sql in schema.sql_files("metrics"):
        connection.execute(f"CREATE VIEW [{name}] AS {sql}")
    for view, key in (("metric_values", "unit"), ("metric_standing", "unit"), ("metric_changes", "line")):
        plan = connection.execute(f"EXPLAIN QUERY PLAN SELECT * FROM {view} WHERE {key} = '990181101'").fetchall()
        assert not [step for *_, step in plan if step.startswith("SCAN operands")], view
