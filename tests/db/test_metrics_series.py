"""Metrics: what breaks a series or begins one of its own, laws and forms; change from year to year."""

from __future__ import annotations

import pytest

from db.build import build
from tests.db.by_hand import COUNTY, DISCLOSURES, applications, changes, flags, full, values
from tests.db.conftest import write


def test_the_law_of_2024_breaks_disputes_only(tmp_path):
    write(tmp_path, *(full(year) for year in (2022, 2023, 2024)))
    build(tmp_path)
    assert changes(tmp_path, "M21") == [(2022, None, None), (2023, pytest.approx(0.3), 0), (2024, None, None)]
    assert changes(tmp_path, "M3")[2][1:] == (pytest.approx(40 / 105), 0)
    series = values(tmp_path, "SELECT year, series FROM metric_values WHERE metric = 'M21' ORDER BY 1")
    assert series == [(2022, "2019"), (2023, "2019"), (2024, "2024")]


def test_forms_of_2019_and_2021_join_only_where_the_crosswalk_says_so(tmp_path):
    old = {name: values for name, values in applications().items() if not name.startswith("other.")}
    old["other"] = [0, 0, 0, 0, 0, 0, 5]
    stock = {"normative_documents": {"made": 4, "published": 4, "published_total": 400}}
    write(tmp_path, full(2020, form="2019", applications=old, disclosures=stock), full(2021))
    build(tmp_path)
    assert changes(tmp_path, "M3")[1] == (2021, pytest.approx(40 / 105), 0)
    assert changes(tmp_path, "M13") == [(2020, None, None), (2021, None, None)]
    assert changes(tmp_path, "M31.issued") == [(2021, None, None)]
    assert flags(tmp_path, "M31.gap", "990181101-2021") == (None, "operand missing")
    assert values(tmp_path, "SELECT value FROM metric_values WHERE metric = 'M13' ORDER BY year") == [
        (pytest.approx(5 / 105),),
        (pytest.approx(2 / 105),),
    ]


def test_a_year_that_is_not_held_is_not_bridged(tmp_path):
    write(tmp_path, full(2021), full(2023))
    build(tmp_path)
    assert changes(tmp_path, "M1") == [(2021, None, None), (2023, None, None)]


def test_stock_of_documents_against_last_year(tmp_path):
    documents = DISCLOSURES | {"normative_documents": {"issued": 6, "repealed": 3, "in_force": 45}}
    write(tmp_path, full(2022), full(2023, disclosures=documents))
    build(tmp_path)
    assert flags(tmp_path, "M31.gap", "990181101-2023") == (45 - 40 - 6 + 3, None)


def test_scopes_are_never_mixed(tmp_path):
    own, area = full(2022, COUNTY, scope="own"), full(2023, COUNTY, scope="aggregate")
    write(tmp_path, own, area)
    build(tmp_path)
    assert [row[1:] for row in changes(tmp_path, "M1")] == [(None, None), (None, None)]
    assert values(tmp_path, "SELECT year, scope FROM area_values WHERE metric = 'M19' AND area = '99' ORDER BY 1") == [
        (2022, "own"),
        (2023, "aggregate"),
    ]


# -- the form of 2014


def test_figures_of_2014_are_approximate_and_a_series_of_their_own(tmp_path):
    figures = {
        "requests": 50, "requests.online": 20, "closed": 40, "closed.on_time": 38, "answered.already_public": 10,
        "answered.granted": 12, "answered.partly_granted": 2, "reconsiderations.upheld": 3,
        "reconsiderations.corrected": 1, "reconsiderations.other": 0,
    }  # fmt: skip
    old = full(2018, form="2014", statistics=figures, applications={}, disputes={}, disclosures={})
    write(tmp_path, old, full(2019))
    build(tmp_path)
    found = {
        m: v for m, *v in values(tmp_path, "SELECT metric, value, series, flags FROM metric_values WHERE year = 2018")
    }
    assert found["M1"] == [50, "2014", "approximate"]
    assert found["M3"] == [pytest.approx(22 / 40), "2014", "approximate"]
    assert found["M21"] == [0.25, "2014", "small n; approximate"]
    assert found["M35.online"] == [0.4, "2014", None] and found["M35.on_time"] == [0.95, "2014", None]
    assert "M7" not in found and "M35.online" not in {m for m, _ in values(tmp_path) if m.startswith("M2")}
    assert changes(tmp_path, "M1") == [(2018, None, None), (2019, None, None)]
