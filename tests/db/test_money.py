"""Amounts beside a label that prints 万元: the unit of every number is said, and what has none is not subtracted."""

from __future__ import annotations

import re
from dataclasses import asdict

import pytest

from db import said
from db.build import build
from db.language import speaker
from extract.records import Finding
from tests.db.baixi import query
from tests.db.conftest import digest, get, report, write
from tests.db.test_feeds import ATOM, entries
from tests.db.test_versions import A, fetched
from tests.db.test_versions import said as reading

ID = "990181101-2022"
AT = {"table": "disclosures", "row": "fees", "column": "amount"}


def fees(amount, unknown=False):
    """Fields of a report that charged so much, with or without a word on the unit."""
    found = Finding("U01", "warning", "source", "no unit", **AT)
    tables = {"disclosures": report()["disclosures"] | {"fees": {"amount": amount}}}
    return tables | {"findings": [asdict(found) | {"fingerprint": found.fingerprint}] if unknown else []}


def plain(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html))


def row(page, section, name="本年收费金额（单位：万元）"):
    """The words of the line about the amount, below a heading."""
    below = page[page.index(f'id="{section}"') :]
    return plain(re.search(rf"<(tr|li)>(?:(?!</\1>).)*{name}.*?</\1>", below, re.S)[0])


@pytest.mark.parametrize(("language", "yuan"), [("zh", "元"), ("en", "yuan")])
def test_the_year_before_says_yuan(tmp_path, language, yuan):
    write(tmp_path, report("a", year=2021, **fees(3677800)), report("b", year=2022, **fees(12500.5)))
    build(tmp_path)
    line = row(get(tmp_path, f"/report/{ID}?lang={language}").text, "beside")
    assert f"3,677,800 {yuan}12,500.5 {yuan}−3,665,299.5 {yuan}" in line


@pytest.mark.parametrize(("before", "now"), [(True, True), (True, False), (False, True)])
def test_amounts_of_unknown_unit_are_not_subtracted(tmp_path, before, now):
    write(tmp_path, report("a", year=2021, **fees(300, before)), report("b", year=2022, **fees(500, now)))
    build(tmp_path)
    line = row(get(tmp_path, f"/report/{ID}").text, "beside")
    units = {True: "（单位不明）", False: " 元"}
    assert f"300{units[before]}500{units[now]}–" in line


@pytest.fixture
def replaced(tmp_path):
    write(tmp_path, reading("a", **fees(300, unknown=True)), reading("b", **fees(3000000)))
    line = f"{digest('b')},disclosures,fees,amount,3000000,3500000,looked at it,lin,2026-05-02T00:00:00Z"
    stale = f"{digest('b')},disclosures,fees,amount,7,8,looked again,lin,2026-05-02T00:00:00Z"
    old = f"{digest('a')},disclosures,fees,amount,300,400,of the old one,lin,2026-05-02T00:00:00Z"
    head = "document,table,row,column,expected,value,evidence,by,at"
    (tmp_path / "corrections.csv").write_text("\n".join([head, line, stale, old]) + "\n", encoding="utf-8")
    build(tmp_path, fetched(("a", 1, A), ("b", 5, A)))
    return tmp_path


def test_changes_and_feeds_say_the_unit(replaced):
    line = row(get(replaced, f"/report/{ID}").text, "changes")
    assert "400 元3,500,000 元" in line
    assert "400 元→ 3,500,000 元" in row(get(replaced, "/changes").text, "changed")
    (changed,) = entries(get(replaced, "/feeds/changes.atom"))
    assert "收费金额（单位：万元）: 400 元 → 3,500,000 元" in changed.findtext(f"{ATOM}content")
    english = plain(get(replaced, f"/report/{ID}?lang=en").text)
    assert "400 yuan3,500,000 yuan" in english


def test_corrections_say_the_unit_of_their_document(replaced):
    page = get(replaced, f"/report/{ID}").text
    lines = plain(page[page.index('id="corrections"') : page.index('id="changes"')])
    assert "3,000,000 元 → 3,500,000 元 · 已采用" in lines
    assert "7 元 → 8 元 · 未采用" in lines
    assert "300（单位不明） → 400 元 ·" in lines  # who corrects an amount writes yuan
    found = get(replaced, f"/report/{ID}.json").json()["corrections"]
    units = {line["value"]: (line["expected_unit"], line["unit"]) for line in found}
    assert units == {3500000: ("元", "元"), 8: ("元", "元"), 400: (None, "元")}


@pytest.mark.parametrize(("form", "where"), [("2021", "disclosures,fees,amount"), ("2014", "statistics,fees,value")])
def test_a_corrected_amount_is_in_yuan_whatever_was_printed(tmp_path, form, where):
    table, name, column = where.split(",")
    """Of its table no other row was found."""
    found = Finding("U01", "warning", "source", "no unit", table, name, column)
    tables = {"disclosures": {}, "applications": {}, "disputes": {}} if form == "2014" else {}
    tables |= {"statistics": {name: 12.5}} if form == "2014" else {"disclosures": {name: {column: 12.5}}}
    u01 = asdict(found) | {"fingerprint": found.fingerprint}
    write(tmp_path, report("a", form=form, cells=[], findings=[u01], **tables))
    head = "document,table,row,column,expected,value,evidence,by,at"
    line = f"{digest('a')},{where},12.5,125000,page 3: 12.5 万元,lin,2026-05-02T00:00:00Z"
    (tmp_path / "corrections.csv").write_text(f"{head}\n{line}\n", encoding="utf-8")
    build(tmp_path)
    sql = f"SELECT value, unit FROM {table} WHERE {'item' if form == '2021' else 'indicator'} = 'fees'"
    assert query(tmp_path, sql) == [(125000, "元")]
    page = get(tmp_path, f"/report/{ID}").text
    assert "12.5（单位不明） → 125,000 元 · 已采用" in plain(page[page.index('id="corrections"') :])
    if form == "2021":
        assert query(tmp_path, "SELECT fees_amount FROM operands") == [(125000,)]


@pytest.mark.parametrize(
    ("message", "left", "right", "words"),
    [
        ("30000 without a unit: plausible in 元, not in 万元", 30000, 5000, "30,000，没有单位；若以万元计，高于"),
        ("30 without a unit: plausible in 万元, not in 元", 30, 1000, "若以元计，低于常见下限 1,000 元"),
        ("6000 万元 is not plausible", 60000000, 50000000, "读作 60,000,000 元"),
    ],
)
def test_a_doubtful_size_is_told_in_units(message, left, right, words):
    found = {"rule": "U03", "message": message, "zh": "字", "en": "words", "left_value": left, "right_value": right}
    assert words in said.detail(speaker("zh"), found) and said.detail(speaker("en"), found) == message
