"""Who published in time and who late: each with a near miss that must not be it; the deadlines."""

from __future__ import annotations

from datetime import date

import pytest

from db import deadlines
from db.build import build
from tests.db.baixi import COUNTY, DEPARTMENT, county, made, query
from tests.db.conftest import TOWN, Fetched, digest, document, report, write


@pytest.fixture
def data(tmp_path, monkeypatch):
    """A data folder with a county's register and its portal."""
    return county(tmp_path, monkeypatch)


def test_on_the_last_day_is_published_and_a_day_later_is_late(data):
    states = made(data, (DEPARTMENT, 2022, "2023-01-31"), (DEPARTMENT, 2023, "2024-02-01"))
    assert states == {("990181-nyncj", 2022): "published", ("990181-nyncj", 2023): "late"}
    assert query(data, "SELECT deadline, published_on, days_late, basis FROM expected ORDER BY year") == [
        ("2023-01-31", "2023-01-31", 0, "law"),
        ("2024-01-31", "2024-02-01", 1, "law"),
    ]


def test_a_government_has_until_the_end_of_march(data):
    states = made(data, (COUNTY, 2022, "2023-03-31"), (COUNTY, 2023, "2024-04-01"))
    assert states == {("990181", 2022): "published", ("990181", 2023): "late"}


def test_before_2019_every_organ_had_until_the_end_of_march(data):
    states = made(data, (DEPARTMENT, 2018, "2019-03-31"), (DEPARTMENT, 2019, "2020-03-31"))
    assert states == {("990181-nyncj", 2018): "published", ("990181-nyncj", 2019): "late"}


def test_without_a_date_it_is_published_and_no_days_are_told(data):
    assert made(data, (DEPARTMENT, 2022, None)) == {("990181-nyncj", 2022): "published"}
    assert query(data, "SELECT days_late FROM expected") == [(None,)]
    assert query(data, "SELECT rule FROM not_assessable WHERE rule = 'D01'") == [("D01",)]


def test_a_correction_after_the_deadline_is_not_late(data):
    """The page first published in time was replaced in May."""
    url = "http://www.baixi.test/one"
    source = {"media_type": "text/html", "url": url}
    lines = [
        report(b, DEPARTMENT, 2022, title=b, document=source | {"digest": digest(b)}, published_on=None)
        for b in ("a", "b")
    ]
    write(data, *lines)
    first = document("a", "2023-01-20T00:00:00Z", url, portal="baixi", published_on="2023-01-16")
    build(data, Fetched(first, document("b", "2023-05-20T00:00:00Z", url, portal="baixi", published_on="2023-05-16")))
    assert query(data, "SELECT state, published_on FROM expected") == [("published", "2023-01-16")]


def test_a_date_before_the_year_had_ended_is_no_publication(data):
    assert made(data, (DEPARTMENT, 2022, "2022-06-01")) == {("990181-nyncj", 2022): "published"}
    assert query(data, "SELECT published_on, days_late FROM expected") == [(None, None)]


def late(data):
    return query(data, "SELECT report, severity, left_value, quote FROM findings WHERE rule = 'D01'")


def test_D01_fires_a_day_after_and_not_on_the_day(data):
    made(data, (DEPARTMENT, 2022, "2023-02-01"), (DEPARTMENT, 2023, "2024-01-31"))
    assert late(data) == [("990181-nyncj-2022", "warning", 1, "2023-02-01")]


def test_D01_is_a_notice_where_no_rule_is_known_and_where_a_site_may_have_moved(data):
    made(data, (TOWN, 2022, "2023-02-01"), (DEPARTMENT, 2021, "2024-02-01"))
    assert [row[:2] for row in late(data)] == [("990181-nyncj-2021", "notice"), ("990181101-2022", "notice")]


# -- deadlines


def test_every_deadline_has_its_source_and_basis():
    assert all(row.source and row.basis in ("law", "notice", "assumed") for row in deadlines.load())
    assert all(date.fromisoformat(row.day(2022)) for row in deadlines.load() if row.due)


def test_the_longest_place_then_the_most_exact_row_decides():
    assert deadlines.find("prefecture", "department", "4312", 2021).day(2021) == "2022-01-28"
    assert deadlines.find("prefecture", "department", "4312", 2022).day(2022) == "2023-01-31"
    assert deadlines.find("prefecture", "department", "4313", 2021).day(2021) == "2022-01-31"
    assert deadlines.find("county", "government", "431202", 2021).day(2021) == "2022-02-20"
    assert deadlines.find("township", "government", "431202101", 2021).basis == "assumed"
    assert deadlines.find("county", "department", "431202", 2007) is None
