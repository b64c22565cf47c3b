"""Who published in time, late or not at all: each state once, with a near miss that must not be it."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from datetime import date

import pytest

from crawler import portals
from crawler.portals import Portal
from db import deadlines, unread
from db.build import build
from db.inputs import BuildError
from extract.records import Unit
from tests.db.conftest import PARENTS, TOWN, Fetched, digest, document, report, write

# Invented places: the divisions of the portal below
PLACES = {"99": "云岭省", "9901": "青石市", "990181": "白溪市", "990181101": "石桥镇", "990181102": "柳湾乡"}
PLACES |= {"990181001": "东关街道", "990181401": "桑园农场"}
TOWN2 = replace(TOWN, id="990181102", division="990181102", name="白溪市柳湾乡人民政府")
COUNTY = Unit("990181", "白溪市", "government", "county", "990181", PARENTS[:2])
DEPARTMENT = Unit("990181-nyncj", "白溪市农业农村局", "department", "county", "990181", PARENTS)
VERTICAL = Unit("990181-sw", "国家税务总局白溪市税务局", "vertical_organ", "county", "990181", PARENTS)
NOBODY = Unit(None, None)


@pytest.fixture
def data(tmp_path, monkeypatch):
    """A data folder with a county's register and its portal."""
    (tmp_path / "register").mkdir()
    lines = "code,name\n" + "".join(f"{code},{name}\n" for code, name in PLACES.items())
    (tmp_path / "register" / "99.csv").write_text(lines, encoding="utf-8")
    monkeypatch.setattr(
        portals, "load", lambda folder=None: {"baixi": Portal("baixi", "白溪市人民政府", "990181", "ucap")}
    )
    return tmp_path


def run(data, started="2024-05-01T00:00:00Z", **fields):
    """A crawl of the portal as it counted itself; sound unless `problems` or `blocked` say otherwise."""
    counts = {"portal": "baixi", "started": started, "finished": started, "requests": 9, "listed": 9, "refused": 0}
    counts |= {
        "reports": 9,
        "new": 0,
        "changed": 0,
        "unchanged": 0,
        "bytes": 0,
        "gone": [],
        "problems": [],
        "blocked": [],
    }
    (data / "runs").mkdir(exist_ok=True)
    name = started.replace("-", "").replace(":", "")
    (data / "runs" / f"{name}-baixi.json").write_text(json.dumps(counts | {"failing": []} | fields), encoding="utf-8")


def made(data, *published, unread_titles=(), unattributed=()):
    """Builds from (unit, year, date of publication) and from titles of documents that were not read."""
    lines, fetches = [], []
    for unit, year, on in published:
        body = f"{unit.id} {year} {on}"
        url = f"http://www.baixi.test/{digest(body)[7:15]}"
        source = {"digest": digest(body), "media_type": "text/html", "url": url}
        lines.append(report(body, unit, year, document=source, published_on=None, findings=[]))
        fetches.append(document(body, url=url, portal="baixi", published_on=on))
    for title in unread_titles:
        url = f"http://www.baixi.test/{digest(title)[7:15]}"
        source = {"digest": digest(title), "media_type": "application/pdf", "url": url}
        error = {"message": "a picture", "place": "page 1", "remedy": "look"}
        lines.append({"schema": 1, "document": source, "error": error})
        fetches.append(document(title, url=url, portal="baixi", title=title))
    for title, year in unattributed:
        url = f"http://www.baixi.test/{digest(title)[7:15]}"
        source = {"digest": digest(title), "media_type": "text/html", "url": url}
        lines.append(report(title, NOBODY, year, title=title, document=source, findings=[]))
        fetches.append(document(title, url=url, portal="baixi"))
    write(data, *lines)
    build(data, Fetched(*fetches))
    return {(unit, year): state for unit, year, state in query(data, "SELECT unit, year, state FROM expected")}


def query(data, sql, *values):
    connection = sqlite3.connect(data / "gongkai.db")
    try:
        return connection.execute(sql, values).fetchall()
    finally:
        connection.close()


T1, T2, STREET = "990181101", "990181102", "990181001"


# -- published and late


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


# -- missing, and what only looks like it


def test_missing_after_a_sound_crawl(data):
    run(data)
    states = made(data, (COUNTY, 2022, "2023-03-01"), (TOWN, 2022, "2023-01-20"), (TOWN2, 2023, "2024-01-20"))
    assert states[T1, 2023] == "missing" and states[T2, 2022] == "missing" and states["990181", 2023] == "missing"
    assert states[T1, 2022] == "published"  # near miss
    assert query(data, "SELECT name, kind, level, reports FROM units WHERE id = ?", STREET) == [
        ("东关街道", "street_office", "township", 0)
    ]
    assert "990181401" not in {unit for unit, _ in states}  # a farm is no government


def test_nothing_is_missing_where_the_portal_was_never_crawled(data):
    assert made(data, (TOWN, 2021, "2022-01-20"), (TOWN, 2023, "2024-01-20")).keys() == {(T1, 2021), (T1, 2023)}


def test_nothing_is_missing_before_it_is_due(data):
    run(data, "2024-01-31T23:00:00Z")  # the last day
    states = made(data, (TOWN, 2022, "2023-01-20"))
    assert (T1, 2023) not in states and states[T2, 2022] == "missing"
    run(data, "2024-02-01T00:00:00Z")
    assert made(data, (TOWN, 2022, "2023-01-20"))[T1, 2023] == "missing"


def test_nothing_is_missing_before_the_first_year_that_the_portal_shows(data):
    run(data)
    states = made(data, (TOWN, 2022, "2023-01-20"))
    assert min(year for _, year in states) == 2022


def test_a_department_is_expected_only_since_it_published(data):
    run(data)
    states = made(data, (TOWN, 2021, "2022-01-20"), (DEPARTMENT, 2022, "2023-01-20"))
    assert states["990181-nyncj", 2023] == "missing" and ("990181-nyncj", 2021) not in states


# -- unreachable


@pytest.mark.parametrize("fields", [{"problems": ["500"]}, {"blocked": [["412", "http://x.test"]]}, {"reports": 0}])
def test_unreachable_where_no_crawl_since_the_deadline_was_sound(data, fields):
    run(data, "2023-05-01T00:00:00Z")
    run(data, "2024-05-01T00:00:00Z", **fields)
    states = made(data, (TOWN, 2022, "2023-01-20"))
    assert states[T1, 2023] == "unreachable" and states[T2, 2022] == "missing"


def test_a_later_fault_does_not_undo_a_sound_crawl(data):
    run(data, "2024-05-01T00:00:00Z")
    run(data, "2024-06-01T00:00:00Z", problems=["500"])
    assert made(data, (TOWN, 2022, "2023-01-20"))[T1, 2023] == "missing"


def test_a_portal_that_was_only_ever_blocked(data):
    run(data, blocked=[["412", "http://x.test"]], reports=0)
    assert made(data) == {("990181", 2023): "unreachable", **{(t, 2023): "not_required" for t in (STREET, T1, T2)}}


# -- found and unread


def test_found_unread_by_its_title(data):
    run(data)
    title = "白溪市柳湾乡2023年政府信息公开工作年度报告"
    states = made(data, (TOWN, 2022, "2023-01-20"), unread_titles=[title])
    assert states[T2, 2023] == "found_unread"
    assert states[T2, 2022] == "missing" and states[T1, 2023] == "missing"  # near misses: another year, another town


def test_found_unread_where_a_report_names_nobody(data):
    run(data)
    states = made(data, (TOWN, 2022, "2023-01-20"), unattributed=[("2023年政府信息公开工作年度报告", 2023)])
    assert states[T2, 2023] == "found_unread" and states[T2, 2022] == "missing"


def test_an_unread_report_of_somebody_else_changes_nothing(data):
    run(data)
    states = made(data, (TOWN, 2022, "2023-01-20"), unread_titles=["黑水县2023年政府信息公开工作年度报告"])
    assert states[T2, 2023] == "missing"


@pytest.mark.parametrize(
    ("organ", "name", "same"),
    [
        ("白溪市石桥镇", "石桥镇", True),
        ("石桥镇人民政府", "白溪市石桥镇人民政府", True),
        ("市农业农村局", "白溪市农业农村局", True),
        ("东关街道办事处", "东关街道", True),
        ("石桥镇", "柳湾乡", False),
        ("白溪市石桥镇", "白溪市", False),
        ("", "白溪市", False),
    ],
)
def test_names_that_can_mean_one_unit(organ, name, same):
    assert unread.alike(organ, name) is same


# -- merged, not required


def test_merged_since_the_unit_had_ended(data):
    run(data)
    (data / "relations.csv").write_text(
        "predecessor,predecessor_name,successor,successor_name,kind,date,source\n"
        "990181102,柳湾乡,990181101,石桥镇,merge,2023-06-01,invented\n",
        encoding="utf-8",
    )
    states = made(data, (TOWN, 2021, "2022-01-20"), (TOWN2, 2021, "2022-01-20"))
    assert states[T2, 2023] == "merged" and states[T2, 2022] == "missing" and states[T1, 2023] == "missing"


def test_townships_are_not_required_until_one_publishes(data):
    run(data)
    states = made(data, (COUNTY, 2021, "2022-03-01"), (TOWN, 2022, "2023-01-20"))
    assert states["990181", 2022] == "missing" and (T2, 2021) not in states and states[T2, 2022] == "missing"
    states = made(data, (COUNTY, 2021, "2022-03-01"))
    assert {states[T2, year] for year in (2021, 2022, 2023)} == {"not_required"}


def test_vertical_organs_are_not_required(data):
    run(data)
    states = made(data, (VERTICAL, 2021, "2022-05-01"))
    assert states["990181-sw", 2021] == "published" and states["990181-sw", 2022] == "not_required"


def test_what_somebody_looked_up_decides(data):
    run(data)
    lines = ["unit,from_year,to_year,state,source", "990181102,2022,2022,not_required,a notice"]
    lines += ["990181-gaj,2023,,required,list of publishers"]
    (data / "expected.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    states = made(data, (TOWN, 2021, "2022-01-20"))
    assert states[T2, 2022] == "not_required" and states[T2, 2023] == "missing"
    assert states["990181-gaj", 2023] == "missing" and ("990181-gaj", 2022) not in states


@pytest.mark.parametrize(
    "line", ["990181102,2022,2022,late,a notice", "990181102,x,,merged,a notice", "990181102,2022,,merged,"]
)
def test_a_decision_of_no_use_is_refused(data, line):
    (data / "expected.csv").write_text(f"unit,from_year,to_year,state,source\n{line}\n", encoding="utf-8")
    with pytest.raises(BuildError, match=r"expected\.csv:2"):
        made(data, (TOWN, 2021, "2022-01-20"))


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


# -- what is made of it


def test_timeliness_and_completeness_over_an_area(data):
    run(data)
    made(data, (TOWN, 2022, "2023-01-21"), (TOWN2, 2022, "2023-02-10"), (TOWN, 2023, "2024-01-21"))
    sql = "SELECT value, n FROM area_values WHERE metric = ? AND area = '990181' AND level = 'township' AND year = ?"
    kind = " AND kind = 'government'"
    assert query(data, sql + kind, "M25.on_time", 2022) == [(0.5, 2)]
    assert query(data, sql + kind, "M25.median_days", 2022) == [(-10, 2)]
    assert query(data, sql + kind, "M26", 2022) == [(0, 2)] and query(data, sql + kind, "M26", 2023) == [(0.5, 2)]
    assert query(data, sql + " AND kind = 'street_office'", "M26", 2023) == [(1, 1)]
    assert query(data, "SELECT value FROM metric_values WHERE metric = 'M25' AND year = 2022 ORDER BY report") == [
        (-10,),
        (10,),
    ]


def test_the_unreachable_are_not_counted_as_missing(data):
    run(data, problems=["500"])
    made(data, (TOWN, 2022, "2023-01-21"))
    rows = query(
        data, "SELECT year, value, n FROM area_values WHERE metric = 'M26' AND area = '' AND kind = 'government'"
    )
    assert rows == [(2022, 0, 1)]


def test_an_aggregation_gap_names_who_is_missing(data):
    run(data)
    lines, fetches = [], []
    for unit, on, scope in ((COUNTY, "2024-03-01", "aggregate"), (TOWN, "2024-01-20", "own")):
        source = {"digest": digest(unit.id), "media_type": "text/html", "url": f"http://www.baixi.test/{unit.id}"}
        lines.append(report(unit.id, unit, 2023, scope=scope, document=source, findings=[]))
        fetches.append(document(unit.id, url=source["url"], portal="baixi", published_on=on))
    write(data, *lines)
    build(data, Fetched(*fetches))
    found = query(data, "SELECT value, n, flags FROM area_values WHERE metric = 'M34'")
    assert found == [(1, 1, "incomplete: 2 missing")]  # 柳湾乡 and 东关街道
