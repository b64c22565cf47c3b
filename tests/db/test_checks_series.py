"""Which reports a rule compares: a series goes on under a new code, a merger breaks it, scopes stay apart."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from db.build import build
from db.inputs import BuildError
from tests.db.bare_reports import IN, ONE_OF, OTHER, OUT, TOWN, bare, generated, query, raised
from tests.db.conftest import write

HEAD = "predecessor,predecessor_name,successor,successor_name,kind,date,source"


def _succeeded(data: Path, *lines: str) -> None:
    (data / "relations.csv").write_text("\n".join([HEAD, *lines]) + "\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (f"{OTHER[0]},白石镇,{TOWN[0]},双桥镇,upgrade,2023-03-01,test", ["error", "warning"]),
        (f"{OTHER[0]},白石镇,{TOWN[0]},双桥镇,rename,2022-12-01,test", ["error", "warning"]),
        (f"{OTHER[0]},白石镇,{TOWN[0]},双桥镇,upgrade,2025-01-01,test", []),  # not yet
        (f"{OTHER[0]},白石镇,{TOWN[0]},双桥镇,merge,2023-03-01,test", []),
    ],
)
def test_a_series_goes_on_under_a_new_code(tmp_path, line, expected):
    _succeeded(tmp_path, line)
    found = raised(tmp_path, "Y01", bare(2022, {OUT: ONE_OF}, who=OTHER), bare(2023))
    assert [said for _, said in found] == expected


@pytest.mark.parametrize(("kind", "date"), [("merge", "2023-03-01"), ("merge", "2022-12-20")])
def test_a_merger_breaks_the_series_of_the_one_that_stays(tmp_path, kind, date):
    _succeeded(tmp_path, f"{OTHER[0]},白石镇,{TOWN[0]},双桥镇,{kind},{date},test")
    years = [bare(2022), bare(2022, {OUT: ONE_OF}, who=OTHER), bare(2023, {IN: ONE_OF, OUT: ONE_OF})]
    assert raised(tmp_path, "Y01", *years) == []
    assert raised(tmp_path, "Y01", *years, bare(2024)) == [
        (f"{TOWN[0]}-2024", "error"),
        (f"{TOWN[0]}-2024", "warning"),
    ]  # from there on it goes on


def test_reports_of_different_scope_are_not_compared(tmp_path):
    before = bare(2022, {OUT: ONE_OF})
    assert raised(tmp_path, "Y01", before | {"scope": "aggregate"}, bare(2023)) == []
    own, area = generated(2022, seed=2), before | {"scope": "aggregate"}
    own["applications"]["carried_out"] = [0] * 7
    assert raised(tmp_path, "Y01", area, own, bare(2023)) == []  # the own report is found behind the other


def test_a_series_does_not_go_on_where_another_merged_in_at_the_same_time(tmp_path):
    """崇川区 has a new code since 2020, and since then 港闸区 is in it: its figures begin anew."""
    third, code = ("990101103", "黑水镇"), TOWN[0]
    lines = [f"{OTHER[0]},白石镇,{code},双桥镇,transfer,2023-03-01,test"]
    _succeeded(tmp_path, *lines)
    reports = [bare(2022, {OUT: ONE_OF}, who=OTHER), bare(2022, who=third), bare(2023)]
    assert [said for _, said in raised(tmp_path, "Y01", *reports)] == ["error", "warning"]  # near miss
    _succeeded(tmp_path, *lines, f"{third[0]},黑水镇,{code},双桥镇,merge,2023-03-01,test")
    assert raised(tmp_path, "Y01", *reports) == []


@pytest.mark.parametrize(
    ("kind", "heard", "broken"),
    [
        ("merge", [2019, 2020], [2021]),  # silent since the year before the date of the list: then, and not once more
        ("merge", [2019, 2020, 2021], [2022]),
        ("merge", [2019], [2022]),  # silent long before: the date decides
        ("merge", [], [2022]),
        ("split", [2023, 2024], [2023]),
        ("split", [2024], [2022]),
    ],
)
def test_a_merger_or_split_breaks_a_series_once(tmp_path, kind, heard, broken):
    sides = [(OTHER[0], "白石镇"), (TOWN[0], "双桥镇")]
    one, two = sides if kind == "merge" else sides[::-1]
    _succeeded(tmp_path, f"{one[0]},{one[1]},{two[0]},{two[1]},{kind},2022-07-01,test")
    write(tmp_path, *(bare(year) for year in range(2019, 2025)), *(bare(year, who=OTHER) for year in heard))
    build(tmp_path)
    joined = query(tmp_path, "SELECT substr(report, -4) FROM previous_reports WHERE report LIKE ?", f"{TOWN[0]}-%")
    assert [year for year in range(2020, 2025) if (str(year),) not in joined] == broken


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("predecessor,successor,kind\n990101102,990101101,merge\n", "relations.csv:1: the first line must be"),
        (f"{HEAD}\n990101102,白石镇,990101101,双桥镇,joined,2022-01-01,x\n", "relations.csv:2: kind 'joined'"),
        (f"{HEAD}\n\n990101102,白石镇,990101101,双桥镇,merge,1.1.2022,x\n", "relations.csv:3: date '1.1.2022'"),
        (f"{HEAD}\n990101102,白石镇,990101101,双桥镇,merge,20220101,x\n", "relations.csv:2: date '20220101'"),
        (f"{HEAD}\n990101102,白石镇,990101101,双桥镇,merge,,x\n", "relations.csv:2: a merge without its date"),
        (f"{HEAD}\n白石镇,白石镇,990101101,双桥镇,merge,2022-01-01,x\n", "relations.csv:2: predecessor '白石镇'"),
        (f"{HEAD}\n990101102,白石镇,990101101,双桥镇,merge\n", "relations.csv:2: 5 fields instead of 7"),
    ],
)
def test_a_relation_of_no_use_names_file_and_line(tmp_path, text, words):
    (tmp_path / "relations.csv").write_text(text, encoding="utf-8")
    write(tmp_path, bare(2022))
    with pytest.raises(BuildError, match=re.escape(words)):
        build(tmp_path)
