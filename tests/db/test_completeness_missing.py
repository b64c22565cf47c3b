"""Who did not publish at all, and what only looks like it: each state once, with a near miss that must not be it."""

from __future__ import annotations

import pytest

from db import unread
from db.inputs import BuildError
from tests.db.baixi import COUNTY, DEPARTMENT, STREET, T1, T2, TOWN2, VERTICAL, county, made, query, run
from tests.db.conftest import TOWN


@pytest.fixture
def data(tmp_path, monkeypatch):
    """A data folder with a county's register and its portal."""
    return county(tmp_path, monkeypatch)


# -- missing


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


@pytest.mark.parametrize("title", ["政府信息公开工作年度报告", "附件1"])
def test_nothing_is_missing_beside_a_document_that_names_nobody_and_no_year(data, title):
    run(data)
    states = made(data, (TOWN, 2022, "2023-01-20"), unread_titles=[title])
    assert states[T2, 2023] == states[T2, 2022] == "found_unread" and states[T1, 2022] == "published"


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
    "line",
    [
        "990181102,2022,2022,late,a notice",
        "990181102,x,,merged,a notice",
        "990181102,2022,,merged,",
        "990181102,2022,2021,merged,a notice",
        "990181199,2022,,required,a notice",  # no such township
        "990181-zzz,2022,,not_required,a notice",  # no such organ
        "柳湾乡,2022,,not_required,a notice",
        "990181102,2022,,not_required",
    ],
)
def test_a_decision_of_no_use_is_refused(data, line):
    (data / "expected.csv").write_text(f"unit,from_year,to_year,state,source\n{line}\n", encoding="utf-8")
    with pytest.raises(BuildError, match=r"expected\.csv:2"):
        made(data, (TOWN, 2021, "2022-01-20"))
