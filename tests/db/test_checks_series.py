"""Which reports a rule compares: a series goes on under a new code, a merger breaks it, scopes stay apart."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.db.bare_reports import IN, ONE_OF, OTHER, OUT, TOWN, bare, generated, raised


def _succeeded(data: Path, *lines: str) -> None:
    head = "predecessor,predecessor_name,successor,successor_name,kind,date,source"
    (data / "relations.csv").write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")


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
