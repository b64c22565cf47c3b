"""What becomes of findings: last year settles some, each rule is counted once, a doubtful reading blames nobody."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from extract import rules
from tests.db.bare_reports import NEW, ONE_OF, OUT, REVIEWS, SUITS, TOWN, Record, bare, query, raised


@pytest.mark.parametrize(
    ("rule", "closed", "now", "alone", "together"),
    [
        ("B01", 1, {NEW: 9, "applications/closed/total": 1, REVIEWS: 2, SUITS: 1}, ["notice"], ["notice"]),
        ("B01", 2, {NEW: 9, "applications/closed/total": 1, REVIEWS: 2, SUITS: 1}, ["notice"], []),
        ("B02", 0, {REVIEWS: 1}, ["notice"], ["notice"]),
        ("B02", 1, {REVIEWS: 1}, ["notice"], []),
    ],
)
def test_last_year_settles_what_one_report_left_open(tmp_path, rule, closed, now, alone, together):
    record = bare(2023, now)
    record["findings"] = [_as_json(rules.finding(rule, table="disputes"))]
    before = bare(2022, {"applications/closed/total": closed, NEW: closed})
    this = f"{TOWN[0]}-2023"
    assert [said for report, said in raised(tmp_path, rule, record) if report == this] == alone
    assert [said for report, said in raised(tmp_path, rule, before, record) if report == this] == together


def _as_json(finding: Any) -> Record:
    keys = ("rule", "severity", "origin", "table", "row", "column", "message", "quote", "place", "left", "right")
    made = {key: getattr(finding, key) for key in keys}
    return made | {"delta": finding.delta, "fingerprint": finding.fingerprint}


def test_every_rule_is_counted_once(tmp_path):
    record = bare(2023)
    record["findings"] = [_as_json(rules.finding("A12")), _as_json(rules.finding("A11", quote="A03: total"))]
    raised(tmp_path, "Y01", bare(2022, {OUT: ONE_OF}), record)
    tested = sum(r.status == "implemented" and "2021" in r.forms and r.id != "A11" for r in rules.load().values())
    sql = "SELECT checks_passed, checks_failed, checks_not_assessable FROM reports ORDER BY year"
    first, second = query(tmp_path, sql)
    assert sum(first) == sum(second) == tested
    failed = {rule for (rule,) in query(tmp_path, "SELECT rule FROM findings WHERE report LIKE '%2023'")} - {"A11"}
    assert {"A12", "Y01"} <= failed and second[1] == len(failed)
    lacking = {rule for (rule,) in query(tmp_path, "SELECT rule FROM not_assessable WHERE report LIKE '%2023'")}
    assert second[2] == len((lacking | {"A03"}) - failed)
    need = {r.id for r in rules.load().values() if r.needs == "last_year" and "2021" in r.forms}
    assert need and first[2] >= len(need)  # nothing is held against a report for want of the year before


def test_a_doubtful_reading_blames_nobody(tmp_path):
    clean, record = bare(2022, {OUT: ONE_OF}), bare(2023)
    raised(tmp_path, "Y01", clean, record)
    assert query(tmp_path, "SELECT DISTINCT origin FROM findings WHERE rule = 'Y01'") == [("source",)]
    clean["findings"] = [_as_json(rules.finding("S31"))]
    raised(tmp_path, "Y01", clean, record)
    assert query(tmp_path, "SELECT DISTINCT origin FROM findings WHERE rule = 'Y01'") == [("unknown",)]


# --- the catalogue
ROOT = Path(__file__).parents[2]
GROUPS = {"S": 29, "P": 8, "A": 14, "B": 5, "Y": 8, "N": 15, "T": 7, "U": 3, "D": 5, "C": 7, "J": 5, "R": 3}


def test_every_rule_of_the_catalogue_has_a_status():
    catalogue = {f"{group}{n:02}" for group, last in GROUPS.items() for n in range(1, last + 1)}
    assert catalogue <= set(rules.load())


def test_every_implemented_rule_is_raised_somewhere():
    files = [*(ROOT / "extract").rglob("*.py"), *(ROOT / "db").rglob("*.py"), *(ROOT / "extract/forms").glob("*.toml")]
    code = "\n".join(file.read_text(encoding="utf-8") for file in files)
    said = set(re.findall(r"[\"']([A-Z]\d\d)[\"']", code)) | {f.stem for f in (ROOT / "db/checks").glob("*.sql")}
    assert {rule.id for rule in rules.load().values() if rule.status == "implemented"} <= said
