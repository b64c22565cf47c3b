"""The statistics table of 2014 as a form: its rows by label, parent and order."""

from __future__ import annotations

from itertools import combinations

import pytest

from crawler.replica.statistics_form import NAMES as PRINTED
from crawler.replica.statistics_form import ROWS
from extract.forms import load as later_forms
from extract.forms.statistics import load
from extract.statistics_rows import bare, scores
from tests.extract.statistics_reports import NAMES


def test_the_replica_and_the_form_name_the_same_rows_in_the_same_order() -> None:
    assert list(PRINTED) == NAMES
    assert [i.label for i in load().indicators if i.heading] == [label for name, _, label, _ in ROWS if not name]


def test_parents_tell_the_labels_apart_that_stand_twice() -> None:
    twice = [(a.name, b.name) for a, b in combinations(load().indicators, 2) if bare(a.label) == bare(b.label)]
    assert twice == [("reconsiderations.corrected", "lawsuits.corrected"), ("reconsiderations.other", "lawsuits.other")]
    assert all(load().indicator(a).parent != load().indicator(b).parent for a, b in twice)


def test_the_later_forms_do_not_know_the_table() -> None:
    assert set(later_forms()) == {"2019", "2021"}


@pytest.mark.parametrize(
    ("printed", "meant"),
    [
        ("（一）收到申请数", ["requests"]),
        ("其中：1．涉及国家秘密", ["refused.state_secret"]),
        ("3．政务微薄公开政府信息数", []),  # as near to 微信 as to 微博
        ("2.同意公开答复", ["answered.granted"]),
        ("不同意公开答复数", ["answered.refused"]),
        ("（二）被依法纠错数", ["reconsiderations.corrected", "lawsuits.corrected"]),
        ("统计表", []),
        ("收到", []),
    ],
)
def test_labels(printed: str, meant: list[str]) -> None:
    assert [load().indicators[row].name for row, _ in scores(printed)] == meant
