"""Charts: what a line may join, where a series breaks, and how a figure is written."""

from __future__ import annotations

import csv
import io
import re

import pytest

from db import charts
from db.build import build
from db.charts import Point
from tests.db.by_hand import full
from tests.db.conftest import get, write


def test_scale_is_round_and_holds_zero():
    assert charts.scale([3, 7])[2] == [0, 2, 4, 6, 8]
    assert charts.scale([-5, 12]) == (-5, 15, [-5, 0, 5, 10, 15])
    assert charts.scale([]) == charts.scale([0]) and charts.scale([0.31])[1] == 0.4
    assert charts.scale([1e-9])[1] >= 1e-9 and charts.scale([123456789])[1] >= 123456789


def test_lines_join_only_what_is_said_to_join():
    points = [Point(y, v, f, key=str(y), joins=str(y - 1)) for y, v, f in ((2019, 1, "2019"), (2020, 2, "2019"))]
    points += [Point(2021, 3, "2021", key="2021", joins="2020"), Point(2022, None, "2021", key="2022", joins="2021")]
    points += [Point(2023, 4, "2021", key="2023", joins="2022"), Point(2024, 4, "2021", "aggregate", key="2024")]
    drawn = charts.history("x", "x", "件", points)
    assert len(drawn.lines) == 1 and len(drawn.breaks) == 1 and len(drawn.gaps) == 1 and len(drawn.marks) == 5


def test_quantiles_leave_flagged_values_out():
    points = [Point(2022, float(n), key=str(n)) for n in range(1, 9)] + [Point(2022, 99.0, flags="small n", key="f")]
    drawn = charts.strip("x", "x", "件", points, "3")
    assert drawn.facts["n"] == 8 and drawn.facts["left_out"] == 1
    assert drawn.facts["quantiles"] == {"P25": 2, "P50": 4, "P75": 6}
    assert drawn.marks[-1]["own"] and len(drawn.marks) == 9


def test_a_line_stops_where_only_the_series_changes():
    at = {2022: "2019", 2023: "2019", 2024: "2024", 2025: "2024"}
    points = [Point(y, 1, series=s, key=str(y), joins=str(y - 1)) for y, s in at.items()]
    drawn = charts.history("x", "x", "件", points)
    assert len(drawn.lines) == 2 and [words for _, words in drawn.breaks] == ["2024"]
    goes_on = charts.history("x", "x", "件", [Point(p.year, 1, key=p.key, joins=p.joins) for p in points])
    assert len(goes_on.lines) == 3 and not goes_on.breaks


@pytest.fixture(scope="module")
def around_the_law(tmp_path_factory):
    """A unit before and after a refusal had to go to reconsideration first."""
    data = tmp_path_factory.mktemp("law")
    write(data, full(2023), full(2024))
    build(data)
    return data


def drawn(page, metric):
    return next(f for f in re.findall(r'<figure class="chart">.*?</figure>', page, re.S) if metric in f)


@pytest.mark.parametrize("path", ["/unit/990181101?lang=en", "/compare?units=990181101&metric=M1,M21&lang=en"])
def test_figures_on_disputes_are_not_joined_over_2024(around_the_law, path):
    page = get(around_the_law, path).text
    requests, corrected = drawn(page, "Requests received"), drawn(page, "orrected")
    assert requests.count('class="line ') == 1 and '<line class="break"' not in requests
    assert 'class="line ' not in corrected and corrected.count('<line class="break"') == 1 and "2024→" in corrected
    assert "(series 2024)" in corrected  # for those who read the table


def test_the_csv_of_a_unit_names_the_series(around_the_law):
    text = get(around_the_law, "/unit/990181101.csv").text.lstrip("\ufeff")
    found = {line["year"]: (line["M1_series"], line["M21_series"]) for line in csv.DictReader(io.StringIO(text))}
    assert found == {"2023": ("2019", "2019"), "2024": ("2019", "2024")}


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (0, "share", "0%"),
        (1 / 5000, "share", "<0.1%"),
        (-1 / 5000, "share", ">-0.1%"),
        (0.0005, "share", "0.1%"),
        (0.5, "share", "50%"),
        (0.9994, "share", "99.9%"),
        (0.99996, "share", ">99.9%"),
        (1, "share", "100%"),
        (1.0001, "share", ">100%"),
        (0, "per penalty", "0"),
        (0.004, "per penalty", "0.004"),
        (-0.00456, "per penalty", "-0.0046"),
        (0.125, "per penalty", "0.12"),
        (1234567, "件", "1,234,567"),
        (None, "share", ""),
    ],
)
def test_a_little_is_not_written_as_nothing_nor_nearly_all_as_all(value, unit, words):
    assert charts.written(value, unit) == words


def test_the_steps_of_an_axis_are_exact():
    points = [Point(2022, 0.0003, key="2022")]
    assert [words for _, words in charts.history("x", "x", "share", points).ticks] == ["0%", "0.01%", "0.02%", "0.03%"]
