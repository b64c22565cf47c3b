"""Checks of the statistics table of 2014, its sums among them: one that fires, one near miss."""

from __future__ import annotations

import pytest

from crawler.replica.statistics_form import ROWS, SUMS
from tests.extract.shapes import raised, read, swap, synthetic
from tests.extract.statistics_reports import FIGURES, PLAIN, edited, made, without


@pytest.mark.parametrize("total", SUMS)
def test_A15(total: str) -> None:
    label = next(label for name, _, label, _ in ROWS if name == total)
    report = read(edited(label, FIGURES[total] + 1))
    assert total in [f.row for f in raised(report, "A15")]
    assert all(f.severity == "error" for f in raised(report, "A15"))
    assert raised(read(PLAIN.tabbed), "A15") == []


def test_A15_is_not_assessable_without_an_operand() -> None:
    report = read(without(edited("（一）收到申请数", FIGURES["requests"] + 1), "传真申请数"))
    assert raised(report, "A15") == []
    assert [f.quote for f in raised(report, "A11")] == ["A15: requests"]


def test_A16() -> None:
    total = FIGURES["responses.interviews"]
    label = "主要负责同志参加政府网站在线访谈次数"
    assert [f.row for f in raised(read(edited(label, total + 1)), "A16")] == ["responses.interviews_led"]
    assert raised(read(edited(label, total)), "A16") == []


def test_N01() -> None:
    told = f"共收到政府信息公开申请{FIGURES['requests']}件"
    other = swap(PLAIN.tabbed, (told, "共收到政府信息公开申请9999件"))
    assert [(f.row, f.left) for f in raised(read(other), "N01")] == [("requests", 9999)]
    assert raised(read(PLAIN.tabbed), "N01") == []


@pytest.mark.parametrize(
    ("year", "severity"), [(2013, "warning"), (2014, None), (2018, None), (2019, "info"), (2022, "warning")]
)
def test_T01(year: int, severity: str | None) -> None:
    assert [f.severity for f in raised(read(made(1, (), year).page), "T01")] == [s for s in [severity] if s]


def test_the_form_of_2021_in_a_report_for_2016_is_T01() -> None:
    assert [f.severity for f in raised(read(synthetic(3, 2016, form="2021").text), "T01")] == ["warning"]
