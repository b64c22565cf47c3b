"""What could not be tested is not passed: years of another form, what was not read, nobody's report."""

from __future__ import annotations

import copy

import pytest

from tests.db.bare_reports import MANY, NEW, ONE_OF, OTHER, REVIEWS, SUITS, TOWN, bare, generated, raised

CLOSED, CARRIED = "applications/closed/total", "applications/carried_in/total"
LOST = dict.fromkeys(("disclosures", "applications", "disputes"), {})
ENOUGH = {CLOSED: 3, NEW: 3}


@pytest.mark.parametrize(("rule", "year"), [("Y03", 2019), ("Y04", 2019), ("Y06", 2019), ("Y04", 2021), ("Y02", 2021)])
def test_a_year_after_another_form_is_not_assessable(tmp_path, rule, year):
    of_2014 = bare(year - 1) | LOST | {"form": "2014"}
    before = of_2014 if year == 2019 else bare(year - 1)  # the form of 2019
    now = {what for report, what in raised(tmp_path, rule, before, bare(year)) if report == f"{TOWN[0]}-{year}"}
    assert now == {"not_assessable"}
    goes_on = raised(tmp_path, rule, bare(2022), bare(2023)) if year == 2021 else raised(tmp_path, rule, bare(year))
    assert goes_on == []  # near misses: one form in both years; no year before, which is counted by itself


@pytest.mark.parametrize(
    ("rule", "cells", "expected"),
    [
        ("B01", {REVIEWS: 1, CLOSED: None}, ["not_assessable"]),
        ("B01", {REVIEWS: 1, CLOSED: 1}, []),
        ("B01", {CLOSED: None}, []),  # nothing is more than no dispute
        ("B01", {SUITS: None, **ENOUGH}, ["not_assessable"]),
        ("B02", {REVIEWS: 1, NEW: None}, ["not_assessable"]),
        ("B02", {REVIEWS: None}, ["not_assessable"]),
        ("B02", {REVIEWS: 1, NEW: None, CARRIED: 1}, []),  # one request is enough
        ("B02", {REVIEWS: None, NEW: 2}, []),
        ("B02", {NEW: None}, []),
        ("R03", {"applications/granted/business": None}, ["not_assessable"]),
        ("R03", {"disclosures/licensing/decisions": None}, ["not_assessable"]),
        ("R03", {}, []),
    ],
)
def test_a_cell_that_was_not_read(tmp_path, rule, cells, expected):
    found = raised(tmp_path, rule, bare(2022), bare(2023, cells))
    assert [said for report, said in found if report == f"{TOWN[0]}-2023"] == expected


@pytest.mark.parametrize("rule", ["B01", "B02", "R03", "Y03", "Y04"])
def test_tables_that_were_not_read(tmp_path, rule):
    found = raised(tmp_path, rule, bare(2022), bare(2023) | LOST)
    assert found == [(f"{TOWN[0]}-2023", "not_assessable")]


@pytest.mark.parametrize("table", ["disclosures", "applications", "disputes"])
def test_tables_of_last_year_but_for_what_was_not_read(tmp_path, table):
    before, now = generated(2022), generated(2023)
    for name in LOST:
        now[name] = copy.deepcopy(before[name])
    row = next(iter(now[table]))
    keys = list(now[table][row]) if isinstance(now[table][row], dict) else range(len(now[table][row]))
    now[table][row][keys[0]] = None
    assert [said for _, said in raised(tmp_path, "Y08", before, now)] == ["not_assessable"]
    now["applications"]["closed"][6] += 1
    assert raised(tmp_path, "Y08", before, now) == []  # a near miss: a figure differs
    assert raised(tmp_path, "Y08", bare(2022, MANY), bare(2023, MANY | {CARRIED: None})) == []  # too few to tell


def test_a_small_table_that_was_not_read_may_be_last_years(tmp_path):
    unread = {"applications/granted": [None] * 7}
    assert raised(tmp_path, "Y04", bare(2022), bare(2023, unread)) == [(f"{TOWN[0]}-2023", "not_assessable")]
    assert raised(tmp_path, "Y04", bare(2022), bare(2023, unread | {"applications/new": ONE_OF})) == []


def test_a_decision_count_that_was_not_read_may_have_jumped(tmp_path):
    penalties = "disclosures/penalties/decisions"
    found = raised(tmp_path, "Y03", bare(2022, {penalties: 3}), bare(2023, {penalties: None}))
    assert found == [(f"{TOWN[0]}-2023", "not_assessable")]
    assert raised(tmp_path, "Y03", bare(2022, {penalties: 3}), bare(2023, {penalties: 4})) == []


@pytest.mark.parametrize("rule", ["R02", "R03"])
def test_nobody_knows_whose_report_it_is(tmp_path, rule):
    nobody = bare(2023)
    nobody["unit"] |= dict.fromkeys(("id", "division", "level", "kind"))
    found = raised(tmp_path, rule, nobody, bare(2023, who=OTHER))
    assert [report[:2] for report, _ in found] == ["x-"] and found[0][1] == "not_assessable"
