"""Groups N P T C D J U: every rule fires on its sentences and leaves its near misses alone (sentences.py)."""

from __future__ import annotations

import pytest

from tests.extract.sentences import FIRES, SILENT
from tests.extract.wording import ONE, fired


@pytest.mark.parametrize(("rule", "severity", "text", "options"), FIRES)
def test_fires(rule, severity, text, options):
    found = fired(rule, text, **options)
    assert [f.severity for f in found][:1] == [severity]


@pytest.mark.parametrize(("rule", "text", "options"), SILENT)
def test_near_miss(rule, text, options):
    assert fired(rule, text, **options) == []


def test_every_rule_of_the_modules_is_tested_both_ways():
    assert {rule for rule, *_ in FIRES} == {rule for rule, *_ in SILENT}


def test_a_finding_says_where_and_by_how_much():
    (found,) = fired("N02", ONE + "修订目录。\n公开信息50条，其中网站20条、宣传栏32条。")
    assert (found.left, found.right, found.delta, found.place) == (52, 50, 2, {"line": 3})
    assert found.quote == "50条，其中网站20条、宣传栏32条"
    assert fired("T03", ONE, disclosures__regulations__published=3)[0].row == "regulations"
