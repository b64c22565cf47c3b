"""Corrections: what people correct through the command line, and what builds make of it."""

from __future__ import annotations

import json
import re

import pytest

from db.build import build
from extract.records import Finding
from tests.db.conftest import Fetched, digest, document, get, report, write
from tests.db.decided import CELL, HEAD, ID, TEXT, correct, line, rules, run
from tests.db.test_build import dump, query

TOTALS = (("applications", "granted", "total"), ("applications", "new", "total"))


def written(data, *lines):
    (data / "corrections.csv").write_text("\n".join([HEAD, *lines]) + "\n", encoding="utf-8")


def states(data):
    return query(data, "SELECT state, found, report FROM corrections ORDER BY id")


@pytest.fixture
def wrong(data):
    """A report whose sums hold but for one cell: granted, natural persons should be 3 and was read as 8."""
    record = report()
    for row, values in record["applications"].items():
        total = sum(v for v in values[:6] if isinstance(v, int))
        record["applications"][row] = [v if isinstance(v, int) else 0 for v in values[:6]] + [total]
    record["applications"]["new"] = [4, 1, 0, 0, 0, 0, 5]
    record["applications"]["granted"] = [8, 1, 0, 0, 0, 0, 4]
    record["applications"]["closed"] = [3, 1, 0, 0, 0, 0, 4]
    record["findings"] = _arithmetic(record)
    write(data, record)
    build(data)
    assert {"A01", "A02"} <= rules(data, "open")
    return data


def _arithmetic(record):
    from db.recheck import arithmetic_of

    return list(arithmetic_of(record).findings.values())


def test_correct_shows_before_and_after_and_the_build_applies_it(data):
    build(data)
    answer = correct(data, *CELL, "1")
    assert answer.exit_code == 0, answer.output
    assert answer.output.splitlines()[:3] == [
        f"{ID} applications refused.internal natural_person",
        "  before  见附件<b>",
        "  after   1",
    ]
    told = str(build(data))
    assert "corrections 1 applied, 0 left out" in told
    assert query(data, "SELECT natural_person FROM applications WHERE outcome = 'refused.internal'") == [(1,)]
    assert query(data, "SELECT class, raw, value, reason FROM cells WHERE column_name = 'natural_person'") == [
        ("text", "见附件<b>", 1, "corrected: seen on page 3")
    ]
    assert states(data) == [("applied", "见附件<b>", ID)]
    page = get(data, f"/report/{ID}").text
    assert "已采用" in page and "seen on page 3" in page and "见附件&lt;b&gt;" in page


def test_headlines_and_metrics_use_the_corrected_value(data):
    build(data)
    assert correct(data, "applications", "granted", "total", "5").exit_code == 0
    build(data)
    assert query(data, "SELECT granted FROM reports") == [(5,)]
    assert query(data, "SELECT value FROM metric_values WHERE metric = 'M3'") == [(1.0,)]
    assert query(data, "SELECT raw, value FROM cells WHERE row_name = 'granted'") == [("4", 5)]


def test_money_and_nothing_legible(data):
    build(data)
    assert correct(data, "disclosures", "fees", "amount", "12500.75").exit_code == 0
    assert correct(data, "applications", "new", "business", "").exit_code == 0
    build(data)
    assert query(data, "SELECT value FROM disclosures WHERE item = 'fees'") == [(12500.75,)]
    assert query(data, "SELECT business FROM applications WHERE outcome = 'new'") == [(None,)]


def test_a_figure_that_a_person_could_not_read_is_no_number(data):
    """What we had read is not what is printed; 见附件 is, and stays."""
    written(
        data,
        line(4, "", ("applications", "granted", "total")),
        line(6, 7, ("applications", "new", "total")),
        line("见附件<b>", ""),
    )
    build(data)
    found = get(data, f"/report/{ID}.json").json()["figures"]
    told = {f["row"]: f for f in found if (f["table"], f["row"], f["column"]) in (CELL, *TOTALS)}
    kept = ("class", "value", "printed", "read_before_correction")
    assert {row: tuple(f[key] for key in kept) for row, f in told.items()} == {
        "granted": ("blank", None, None, "4"),
        "new": ("number", 7, None, "6"),
        "refused.internal": ("text", None, "见附件<b>", None),
    }
    page = get(data, f"/report/{ID}?lang=en").text
    assert page.count("read before the correction: <q") == 2 and "“4”" not in page
    assert re.search('title="[^"]*read before the correction: 4[;"]', page)


def test_a_version_of_which_a_figure_cannot_be_read_shows_none_in_what_changed(tmp_path):
    written(tmp_path, line(6, "", ("applications", "new", "total"), "b"))
    write(tmp_path, report("a"), report("b", title="更正后"))
    build(tmp_path, Fetched(document("a"), document("b", "2026-05-01T00:00:00Z")))
    assert query(tmp_path, "SELECT before, after FROM changes WHERE row_name = 'new'") == [("6", None)]


def test_a_negative_value_is_a_value(data):
    """The change of items may be negative; elsewhere A07 says so."""
    build(data)
    assert correct(data, "applications", "carried_in", "total", "-5").exit_code == 0
    build(data)
    assert query(data, "SELECT carried_in FROM reports") == [(-5,)]
    assert "A07" in rules(data, "open")


def test_a_fraction_of_a_count_is_kept_but_counted_nowhere(data):
    build(data)
    assert correct(data, "applications", "carried_in", "total", "2.5").exit_code == 0
    build(data)
    assert query(data, "SELECT carried_in FROM reports") == [(None,)]
    assert query(data, "SELECT value FROM cells WHERE row_name = 'carried_in'") == [(2.5,)]
    assert "A08" in rules(data, "open")


def test_an_indicator_of_2014(data):
    empty = {"disclosures": {}, "applications": {}, "disputes": {}, "cells": [], "findings": []}
    figures = {"requests": 9, "requests.in_person": 1, "requests.fax": 0, "requests.online": 4, "requests.letter": 0}
    record = report(form="2014", year=2016, **empty) | {"statistics": figures}
    record["findings"] = _arithmetic(record)
    assert record["findings"]  # 9 ≠ 1 + 0 + 4 + 0
    write(data, record)
    build(data)
    arguments = ("correct", "990181101-2016", "statistics", "requests", "value", "5", "--why", "seen", "--by", "lin")
    answer = run(data, *arguments)
    assert answer.exit_code == 0, answer.output
    build(data)
    assert query(data, "SELECT value FROM statistics WHERE indicator = 'requests'") == [(5,)]
    assert query(data, "SELECT DISTINCT review FROM findings WHERE rule = ?", record["findings"][0]["rule"]) == [
        ("resolved",)
    ]


def test_arithmetic_is_asked_again(wrong):
    before = query(wrong, "SELECT errors FROM reports")[0][0]
    assert correct(wrong, "applications", "granted", "natural_person", "3").exit_code == 0
    build(wrong)
    assert not {"A01", "A02"} & rules(wrong, "open")
    assert {"A01", "A02"} <= rules(wrong, "resolved")
    assert query(wrong, "SELECT review_why, review_by FROM findings WHERE rule = 'A01'") == [
        ("corrected: seen on page 3", "lin")
    ]
    assert query(wrong, "SELECT errors FROM reports")[0][0] == before - 2
    assert "更正后已不成立" in get(wrong, f"/report/{ID}").text


def test_a_correction_that_breaks_a_sum_is_found(wrong):
    """Near miss: one that leaves the sums wrong resolves nothing, one that breaks them raises."""
    assert correct(wrong, "applications", "granted", "natural_person", "7").exit_code == 0
    assert correct(wrong, "disputes", "reconsideration", "total", "2").exit_code == 0
    build(wrong)
    assert {"A01", "A02", "A04"} <= rules(wrong, "open")
    assert query(wrong, "SELECT left_value, right_value, origin FROM findings WHERE rule = 'A04'") == [(0, 2, "source")]


def test_a_missing_operand_becomes_assessable(data):
    record = report()
    record["findings"] = _arithmetic(record)
    write(data, record)
    build(data)
    quotes = query(data, "SELECT quote FROM findings WHERE rule = 'A11' AND review = 'open' ORDER BY quote")
    for column, value in (("natural_person", 1), ("nonprofit", 0)):
        assert correct(data, "applications", "refused.internal", column, value).exit_code == 0
    build(data)
    assert quotes and not query(data, "SELECT 1 FROM findings WHERE rule = 'A11' AND review = 'open'")


def test_prose_that_agrees_with_the_corrected_table_is_resolved(data):
    told = Finding(
        "N01", "error", "source", "6 ≠ 5", "applications", "new", "total", "收到6件", left=8, right=6, delta=2
    )
    record = report(findings=[])
    record["findings"] = json.loads(json.dumps([_json(told)]))
    write(data, record)
    build(data)
    assert correct(data, "applications", "new", "total", "7").exit_code == 0
    build(data)
    assert "N01" in rules(data, "open")  # near miss: the text says 8
    assert correct(data, "applications", "new", "total", "8").exit_code == 0
    build(data)
    assert "N01" in rules(data, "open")  # its figures are 8 and 6, the cell before this correction was 7
    (data / "corrections.csv").unlink()
    build(data)
    assert correct(data, "applications", "new", "total", "8").exit_code == 0
    build(data)
    assert rules(data, "resolved") == {"N01"}


def _json(finding):
    base = report(findings=[])["findings"]
    assert base == []
    keys = (
        "rule",
        "severity",
        "origin",
        "table",
        "row",
        "column",
        "message",
        "quote",
        "place",
        "left",
        "right",
        "delta",
    )
    return {k: getattr(finding, k) for k in keys} | {"fingerprint": finding.fingerprint}


def test_a_stale_correction_is_left_out_and_told(data):
    written(data, line("5", "1"))
    answer = run(data, "build")
    assert answer.exit_code == 0
    assert "corrections 0 applied, 1 left out" in answer.output
    assert f"corrections.csv:2: {ID} applications refused.internal natural_person: stale" in answer.output
    assert query(data, "SELECT natural_person FROM applications WHERE outcome = 'refused.internal'") == [(None,)]
    assert states(data)[0][::2] == ("stale", ID)
    assert "未采用" in get(data, f"/report/{ID}").text


def test_a_second_correction_goes_on_from_the_first(data):
    build(data)
    assert correct(data, "applications", "new", "total", "7").exit_code == 0
    answer = correct(data, "applications", "new", "total", "8")  # no build between
    assert "  before  7 (printed: 6)" in answer.output or "  before  7\n" in answer.output
    build(data)
    assert query(data, "SELECT requests_new FROM reports") == [(8,)]
    assert [state for state, *_ in states(data)] == ["applied", "applied"]
    assert query(data, "SELECT raw, value FROM cells WHERE row_name = 'new'") == [("6", 8)]


def test_a_correction_of_a_replaced_document_asks_for_another_look(data):
    written(data, line("6", "7", ("applications", "new", "total"), "a"))
    later = report("b", title="更正后")
    write(data, report("a"), later)
    changes = build(data, Fetched(document("a"), document("b", "2026-05-01T00:00:00Z")))
    assert states(data) == [("superseded", "6", ID)]
    assert "superseded" in str(changes)
    assert query(data, "SELECT requests_new FROM reports") == [(6,)]
    assert query(data, "SELECT requests_new FROM report_versions") == [(7,)]


def test_corrections_tell_the_reports_of_one_document_apart(data):
    other = {"id": "990181102", "division": "990181102", "name": "白溪市南岭乡人民政府"}
    second = report(title="南岭乡2022年政府信息公开工作年度报告")
    second["unit"] |= other
    write(data, report(), second)
    build(data)
    answer = run(data, "correct", "990181102-2022", "applications", "new", "total", "9", "--why", "seen", "--by", "lin")
    assert answer.exit_code == 0
    assert f"{digest(TEXT)}#2," in (data / "corrections.csv").read_text()
    build(data)
    assert query(data, "SELECT id, requests_new FROM reports ORDER BY id") == [(ID, 6), ("990181102-2022", 9)]


def test_a_document_that_is_not_held(data):
    written(data, line("5", "1", body="nowhere"))
    assert "not held" in str(build(data)) and states(data) == [("not held", None, None)]


def test_the_dump_is_identical_twice_with_decisions(wrong):
    correct(wrong, "applications", "granted", "natural_person", "3")
    (fingerprint,) = query(wrong, "SELECT fingerprint FROM findings ORDER BY id LIMIT 1")[0]
    run(wrong, "review", fingerprint, "confirm", "--why", "seen", "--by", "lin")
    build(wrong)
    first = dump(wrong)
    build(wrong)
    assert dump(wrong) == first
