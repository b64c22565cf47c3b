"""Metrics: what leaves a value empty, and what flags it."""

from __future__ import annotations

import pytest

from db.build import build
from tests.db.by_hand import DISCLOSURES, TOTALS, applications, finding, flags, full, values
from tests.db.conftest import write

# -- what leaves a value empty


def test_a_missing_operand_leaves_the_value_empty(tmp_path):
    write(tmp_path, full(applications=applications(refused__internal=None)))
    build(tmp_path)
    assert flags(tmp_path, "M7") == (None, "operand missing")
    assert flags(tmp_path, "M5") == (None, "operand missing")
    assert flags(tmp_path, "M3") == (pytest.approx(40 / 105), None)  # near miss: its own operands are there


def test_a_denominator_of_0_leaves_the_value_empty(tmp_path):
    empty = {name: [0, 0, 0, 0, 0, 0, 0] for name in TOTALS}
    write(tmp_path, full(applications=empty))
    build(tmp_path)
    assert flags(tmp_path, "M3") == (None, "denominator 0")
    assert flags(tmp_path, "M1") == (0, None)  # near miss: a printed 0 is a value


def test_money_without_a_unit_is_no_figure(tmp_path):
    without = {"disclosures": DISCLOSURES, "findings": [finding("U01", "warning", "disclosures", "fees", "amount")]}
    write(tmp_path, full(**without))
    build(tmp_path)
    assert flags(tmp_path, "M33.fees") == (None, "operand missing")


# -- flags


def test_an_error_at_an_operand_flags_the_metric(tmp_path):
    write(tmp_path, full(findings=[finding()]))
    build(tmp_path)
    assert flags(tmp_path, "M3")[1] == "operand flagged"
    assert flags(tmp_path, "M7") == (pytest.approx(30 / 105), None)  # near miss: granted is no operand of it


def test_an_error_on_a_column_flags_all_in_it_and_a_warning_none(tmp_path):
    column = finding("A03", row=None, column="business")
    write(tmp_path, full(findings=[column, finding("S13", "warning")]))
    build(tmp_path)
    assert flags(tmp_path, "M17.business")[1] == "small n; operand flagged"
    assert flags(tmp_path, "M3")[1] is None
    assert flags(tmp_path, "M17.natural_person")[1] is None  # near miss: another column


def test_tables_of_last_year_flag_every_figure(tmp_path):
    write(tmp_path, full(2021), full(2022), full(2023, applications=applications(new=101)))
    build(tmp_path)
    assert flags(tmp_path, "M1", "990181101-2022") == (100, "operand flagged")  # Y08
    assert flags(tmp_path, "M1", "990181101-2023") == (101, None)


def test_a_difference_takes_the_flags_of_last_years_figure_too(tmp_path):
    doubted = finding("S12", table="disclosures", row="normative_documents", column="in_force")
    write(tmp_path, full(2021, findings=[doubted]), full(2022, applications=applications(new=101)))
    build(tmp_path)
    assert flags(tmp_path, "M31.gap", "990181101-2022") == (-3, "operand flagged")


def test_a_later_form_is_not_filled_from_statistics_printed_beside_it(tmp_path):
    blank = applications(new=None)
    write(tmp_path, full(2022, applications=blank, statistics={"requests": 77}))
    build(tmp_path)
    assert flags(tmp_path, "M1") == (None, "operand missing")


def test_one_row_of_2019_in_a_form_of_2021_is_not_its_last_row(tmp_path):
    merged = {k: v for k, v in applications(other=5).items() if not k.startswith("other.")}
    write(tmp_path, full(applications=merged), full(2020, form="2019", applications=merged))
    build(tmp_path)
    assert flags(tmp_path, "M13") == (None, "operand missing")
    assert flags(tmp_path, "M13", "990181101-2020") == (pytest.approx(5 / 105), None)


def test_a_denominator_below_0_has_words_of_its_own(tmp_path):
    odd = applications(closed=-9)
    write(tmp_path, full(applications=odd))
    build(tmp_path)
    assert flags(tmp_path, "M3") == (None, "denominator below 0")


def test_small_n_is_flagged(tmp_path):
    small = applications(closed=29, granted=9)
    write(tmp_path, full(applications=small), full(2023, applications=applications(closed=30, granted=9)))
    build(tmp_path)
    assert flags(tmp_path, "M3") == (pytest.approx(9 / 29), "small n")
    assert flags(tmp_path, "M3", "990181101-2023") == (pytest.approx(0.3), None)


def test_a_second_report_of_a_year_is_flagged(tmp_path):
    write(tmp_path, full(), full(body="other", title="另一份", applications=applications(new=99)))
    build(tmp_path)
    found = values(tmp_path, "SELECT report, flags FROM metric_values WHERE metric = 'M1' ORDER BY report")
    assert found == [("990181101-2022", None), ("990181101-2022-2", "not the first report")]
