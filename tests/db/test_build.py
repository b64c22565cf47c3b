"""The build: same inputs same database, ids, versions, corrections, and what a killed build leaves behind."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import replace

import pytest

from crawler import lock
from db.build import build
from db.inputs import BuildError
from extract.records import Unit
from tests.db.conftest import TOWN, Fetched, digest, document, report, write


def query(data, sql, *values):
    connection = sqlite3.connect(data / "gongkai.db")
    try:
        return connection.execute(sql, values).fetchall()
    finally:
        connection.close()


def dump(data):
    connection = sqlite3.connect(data / "gongkai.db")
    try:
        return list(connection.iterdump())
    finally:
        connection.close()


def test_values_are_numbers_or_null(data):
    build(data)
    assert query(data, "SELECT * FROM applications WHERE outcome = 'refused.internal'")[0][3:] == (
        None,
        0,
        0,
        None,
        0,
        0,
        1,
    )
    assert query(data, "SELECT raw, value, reason FROM cells ORDER BY id") == [
        ("见附件<b>", None, "S12"),
        ("", None, "S11"),
    ]
    assert query(data, "SELECT value, unit FROM disclosures WHERE item = 'fees'") == [(12500.5, "元")]
    (row,) = query(
        data, "SELECT requests_new, closed, granted, reconsiderations, lawsuits, errors, warnings FROM reports"
    )
    assert row == (6, 5, 4, 0, 0, 2, 1)


def test_every_table_has_its_rows(data):
    build(data, Fetched(document("石桥镇 2022", portal="baixi")))
    tables = {
        name
        for (name,) in query(data, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
    }
    empty = {name for name in tables if not query(data, f"SELECT 1 FROM [{name}]")}
    filled = "meta divisions units unit_relations portals documents fetches rules reports report_documents disclosures"
    filled += " applications disputes cells sections statements contacts findings operands metrics expected"
    assert not empty & set(filled.split())
    assert {"report_versions", "changes", "corrections", "reviews", "derived", "statistics", "runs"} <= empty
    assert query(data, "SELECT status, error FROM documents WHERE digest = ?", digest("?")) == [
        ("failed", "not a document")
    ]
    assert query(data, "SELECT code, parent, level FROM divisions ORDER BY 1") == [
        ("99", None, "province"),
        ("9901", "99", "prefecture"),
        ("990181", "9901", "county"),
        ("990181101", "990181", "township"),
    ]
    assert query(data, "SELECT parent, distance FROM unit_relations ORDER BY 2") == [
        ("990181", 1),
        ("9901", 2),
        ("99", 3),
    ]


def test_files_read_with_their_page_are_read(data):
    """An attachment has no line of its own: the line of its page names it."""
    write(data, report() | {"read_with": [digest("attachment")]})
    build(data, Fetched(*map(document, ("石桥镇 2022", "attachment", "other"))))
    status = dict(query(data, "SELECT digest, status FROM documents"))
    assert [status[digest(name)] for name in ("石桥镇 2022", "attachment", "other")] == ["read", "read", "unread"]


def test_dump_is_identical_twice(data):
    archive = Fetched(document("石桥镇 2022"), document("b", "2026-02-01T00:00:00Z"))
    build(data, archive)
    first = dump(data)
    changes = build(data, archive)
    assert dump(data) == first
    assert changes.counts == {"added": 0, "changed": 0, "removed": 0}
    assert query(data, "SELECT value FROM meta WHERE key = 'built_from'") == [("2026-02-01T00:00:00Z",)]


def test_changes_are_told_and_kept(data):
    first = build(data, Fetched(document("石桥镇 2022")))
    assert first.added == ("990181101-2022",) and first.findings["error"] == (0, 2) and first.failed == 1
    other = report(year=2023, body="2023", findings=[])
    write(data, report(scope="aggregate"), other)
    second = build(
        data, Fetched(document("石桥镇 2022"), document("2023", "2026-03-01T00:00:00Z", "http://baixi.test/3"))
    )
    assert (second.added, second.changed, second.removed) == (("990181101-2023",), ("990181101-2022",), ())
    assert "added         1  990181101-2023" in str(second)
    kept = json.loads((data / "builds" / "2026-03-01T000000Z.json").read_text())
    assert kept["counts"] == {"added": 1, "changed": 1, "removed": 0}
    write(data, other)
    assert build(data).removed == ("990181101-2022",)


def test_same_report_at_two_addresses_is_one(data):
    write(
        data,
        report("a"),
        report("b", document={"digest": digest("b"), "media_type": "text/html", "url": "http://x.test/b"}),
    )
    build(
        data, Fetched(document("b", "2026-01-01T00:00:00Z", "http://x.test/b"), document("a", "2026-01-02T00:00:00Z"))
    )
    assert query(data, "SELECT id, document FROM reports") == [("990181101-2022", digest("b"))]
    assert len(query(data, "SELECT * FROM report_documents")) == 2


def test_second_report_of_a_year_is_numbered_by_first_fetch(data):
    other = report(
        "b", title="另一份", document={"digest": digest("b"), "media_type": "text/html", "url": "http://x.test/b"}
    )
    write(data, report("a"), other)
    fetched = Fetched(document("b", "2026-01-01T00:00:00Z", "http://x.test/b"), document("a", "2026-01-02T00:00:00Z"))
    build(data, fetched)
    assert query(data, "SELECT id, document FROM reports ORDER BY id") == [
        ("990181101-2022", digest("b")),
        ("990181101-2022-2", digest("a")),
    ]


def test_a_replaced_page_is_a_version(data):
    write(data, report("a"), report("b", title="更正后"))
    build(data, Fetched(document("a"), document("b", "2026-05-01T00:00:00Z")))
    assert query(data, "SELECT id, title FROM reports") == [("990181101-2022", "更正后")]
    assert query(data, "SELECT report, document FROM report_versions") == [("990181101-2022", digest("a"))]


@pytest.mark.parametrize("fields", [{"unit": Unit(None, None)}, {"year": None}])
def test_unresolved_reports_never_merge(data, fields):
    other = {"digest": digest("b"), "media_type": "text/html", "url": "http://x.test/b"}
    write(data, report("a", **fields), report("b", **fields | {"document": other}))
    build(data)
    expected = sorted(f"x-{digest(body)[7:19]}" for body in "ab")
    assert [i for (i,) in query(data, "SELECT id FROM reports ORDER BY id")] == expected


def test_carried_over_requests_are_checked_between_years(data):
    later = report(
        "2023", year=2023, document={"digest": digest("2023"), "media_type": "text/html", "url": "http://x.test/3"}
    )
    write(data, report(), later)  # carried out 1, carried in 0
    build(data)
    rows = query(
        data, "SELECT report, left_value, right_value, delta FROM findings WHERE rule = 'Y01' AND column_name = 'total'"
    )
    assert rows == [("990181101-2023", 0, 1, -1)]
    later["applications"]["carried_in"] = [None] * 7
    write(data, report(), later)
    build(data)
    assert query(data, "SELECT report, rule FROM not_assessable WHERE rule = 'Y01'") == [("990181101-2023", "Y01")]
    assert query(data, "SELECT * FROM findings WHERE rule = 'Y01'") == []


def test_a_killed_build_leaves_the_old_database(data):
    build(data)
    before = dump(data)
    write(data, *(report(str(n), replace(TOWN, id=f"990181{n}", division=f"990181{n}")) for n in range(101, 401)))
    child = subprocess.Popen(
        [sys.executable, "-c", f"from pathlib import Path; from db.build import build; build(Path({str(data)!r}))"]
    )
    while not list(data.glob("*.new")) and child.poll() is None:
        time.sleep(0.001)
    child.send_signal(signal.SIGKILL)
    assert child.wait() == -signal.SIGKILL
    assert dump(data) == before and list(data.glob("*.new"))
    assert build(data).reports == 300
    assert not list(data.glob("*.new"))


def test_a_failing_build_leaves_the_old_database(data):
    build(data)
    before = dump(data)
    (data / "reports" / "bad.jsonl").write_text('{"schema": 2}\n')
    with pytest.raises(BuildError, match="bad.jsonl:1"):
        build(data)
    assert dump(data) == before and not list(data.glob("*.new"))


def test_only_one_build_at_a_time(data):
    with lock.held(data, "build"), pytest.raises(BuildError, match="another build"):
        build(data)
    assert build(data).reports == 1 and (data / "gongkai.db").exists()
