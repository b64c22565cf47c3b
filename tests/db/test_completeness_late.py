"""Who published in time and who late: each with a near miss that must not be it; the deadlines."""

from __future__ import annotations

import csv
import io
import re
from datetime import date

import pytest

from db import deadlines
from db.build import build
from extract.records import Unit
from tests.db.baixi import COUNTY, DEPARTMENT, county, made, query
from tests.db.conftest import TOWN, Fetched, digest, document, get, report, write


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


@pytest.mark.parametrize(("language", "words"), [("zh", "（期限为本库推定）"), ("en", "(the deadline is assumed)")])
def test_late_on_an_assumed_deadline_says_so_wherever_it_is_said(data, language, words):
    """Near miss: the department's deadline is the law's."""
    made(data, (TOWN, 2023, "2024-02-20"), (DEPARTMENT, 2023, "2024-02-20"))
    late = re.findall(r'<td class="late">.*?</td>', get(data, f"/place/990181?lang={language}").text, re.S)
    assert [words in cell for cell in late] == [False, True]
    paths = ("/unit/990181101", "/unit/990181-nyncj")
    assert [words in get(data, f"{path}?lang={language}").text for path in paths] == [True, False]
    rows = get(data, f"/coverage?year=2023&state=late&lang={language}").text.partition('id="units"')[2]
    assert rows.count(words) == 1 and rows.index("/unit/990181-nyncj") < rows.index("/unit/990181101")
    assert rows.index(words) > rows.index("/unit/990181101")
    front = {"zh": "按本库推定的日期计", "en": "rests on a deadline that we assume"}
    assert front[language] in get(data, f"/?lang={language}").text


def test_data_tell_what_a_deadline_rests_on(data):
    made(data, (TOWN, 2023, "2024-02-20"), (DEPARTMENT, 2023, "2024-02-20"))
    for path in ("/unit/{}.csv", "/compare.csv?units={}&metric=M1"):
        for unit, basis in ((TOWN, "assumed"), (DEPARTMENT, "law")):
            text = get(data, path.format(unit.id)).text.lstrip("\ufeff")
            assert [(x["state"], x["basis"]) for x in csv.DictReader(io.StringIO(text))] == [("late", basis)]


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


@pytest.mark.parametrize(
    ("listed", "stated", "expected"),
    [
        ((None, None), ("2023-01-16", "2023-06-10"), ("published", "2023-01-16")),  # no list gives a date
        ((None, "2023-06-10"), ("2023-01-16", "2023-01-16"), ("published", "2023-01-16")),  # only of the correction
        ((None, None), ("2023-05-16", "2023-01-10"), ("published", "2023-01-10")),
        (("2023-02-03", None), ("2023-01-16", "2023-06-10"), ("late", "2023-02-03")),  # the list goes before the page
        ((None, None), ("2022-12-30", "2023-06-10"), ("late", "2023-06-10")),  # the year had not ended
    ],
)
def test_the_first_version_says_when_it_was_published(data, listed, stated, expected):
    """Each version by the list's date, else by its own; then the earliest."""
    url, bodies = "http://www.baixi.test/one", ("a", "b")
    source = {"media_type": "text/html", "url": url}
    lines = [
        report(b, DEPARTMENT, 2022, title=b, document=source | {"digest": digest(b)}, published_on=on)
        for b, on in zip(bodies, stated, strict=True)
    ]
    write(data, *lines)
    times = ("2023-07-20T00:00:00Z", "2023-08-20T00:00:00Z")
    fetches = [
        document(b, time, url, portal="baixi", published_on=on)
        for b, time, on in zip(bodies, times, listed, strict=True)
    ]
    build(data, Fetched(*fetches))
    assert query(data, "SELECT versions FROM reports") == [(2,)]
    assert query(data, "SELECT state, published_on FROM expected") == [expected]


def test_own_and_aggregate_are_late_each_by_itself(data):
    days = {"own": "2023-01-20", "aggregate": "2023-09-01"}
    lines = [
        report(scope, COUNTY, 2022, scope=scope, title=scope, published_on=on, document=_source(scope))
        for scope, on in days.items()
    ]
    write(data, *lines)
    build(data)
    assert query(data, "SELECT state, published_on, days_late FROM expected") == [("published", "2023-01-20", -70)]
    assert sorted(query(data, "SELECT scope, value FROM metric_values WHERE metric = 'M25'")) == [
        ("aggregate", 154),
        ("own", -70),
    ]
    assert query(data, "SELECT scope FROM findings JOIN reports AS r ON r.id = report WHERE rule = 'D01'") == [
        ("aggregate",)
    ]


def test_D01_passes_nobody_whose_date_or_deadline_is_not_known(data):
    """Whose report it is, nobody knows; and a second, different report is not the first publication."""
    nobody = Unit(None, "某局")
    lines = [
        report("x", nobody, 2022, title="x", document=_source("x"), findings=[]),
        report("first", DEPARTMENT, 2022, title="first", published_on="2023-01-16", document=_source("first")),
        report("second", DEPARTMENT, 2022, title="second", published_on="2023-12-01", document=_source("second")),
    ]
    write(data, *lines)
    build(data)
    said = query(data, "SELECT report FROM not_assessable WHERE rule = 'D01'")
    assert {report[:2] for (report,) in said} == {"x-", "99"} and ("990181-nyncj-2022-2",) in said
    assert len(said) == 2 and late(data) == []


def _source(body):
    return {"digest": digest(body), "media_type": "text/html", "url": f"http://www.baixi.test/{body}"}


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
