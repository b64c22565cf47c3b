"""Corrections and reviews: what people decide through the command line, and what builds make of it."""

from __future__ import annotations

import csv
import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from db import decisions
from db.build import build
from db.inputs import BuildError
from extract.records import Finding
from gongkai import cli
from tests.db.conftest import Fetched, digest, document, report, write
from tests.db.test_build import dump, query
from tests.db.test_site import get

ID = "990181101-2022"
TEXT = "石桥镇 2022"
CELL = ("applications", "refused.internal", "natural_person")
HEAD = ",".join(decisions.COLUMNS["corrections.csv"])


def run(data, *arguments):
    return CliRunner().invoke(cli, ["--data", str(data), *map(str, arguments)])


def correct(data, *arguments, why="seen on page 3"):
    return run(data, "correct", ID, *arguments, "--why", why, "--by", "lin")


def written(data, *lines):
    (data / "corrections.csv").write_text("\n".join([HEAD, *lines]) + "\n", encoding="utf-8")


def line(expected, value, cell=CELL, body=TEXT):
    return f"{digest(body)},{','.join(cell)},{expected},{value},seen,lin,2026-06-01T00:00:00Z"


def states(data):
    return query(data, "SELECT state, found, report FROM corrections ORDER BY id")


def rules(data, review):
    return {rule for (rule,) in query(data, "SELECT rule FROM findings WHERE review = ?", review)}


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


# --- correct


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
    assert query(data, "SELECT granted_share FROM disclosure_rates") == [(1.0,)]
    assert query(data, "SELECT raw, value FROM cells WHERE row_name = 'granted'") == [("4", 5)]


def test_money_and_nothing_legible(data):
    build(data)
    assert correct(data, "disclosures", "fees", "amount", "12500.75").exit_code == 0
    assert correct(data, "applications", "new", "business", "").exit_code == 0
    build(data)
    assert query(data, "SELECT value FROM disclosures WHERE item = 'fees'") == [(12500.75,)]
    assert query(data, "SELECT business FROM applications WHERE outcome = 'new'") == [(None,)]


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


# --- what is refused


@pytest.mark.parametrize(
    "arguments, words",
    [
        (("990181101-1999", *CELL, "1"), "no report '990181101-1999'"),
        ((ID, "payments", "new", "total", "1"), "no table 'payments'"),
        ((ID, "applications", "other.nothing", "total", "1"), "no row 'other.nothing'"),
        ((ID, "applications", "other", "upheld", "1"), "no column 'upheld'"),
        ((ID, "disclosures", "fees", "decisions", "1"), "no column 'decisions'"),
        ((ID, "disclosures", "regulations", "made", "1"), "no column 'made'"),  # a column of the form of 2019
        ((ID, *CELL, "一"), "is no number"),
        ((ID, *CELL, "1e5"), "is no number"),
        ((ID, *CELL, "nan"), "is no number"),
        ((ID, "applications", "new", "total", "6"), "already reads 6"),
        ((ID, "applications", "refused.internal", "nonprofit", ""), "already reads nothing"),
    ],
)
def test_a_slip_is_one_sentence_and_writes_nothing(data, arguments, words):
    build(data)
    answer = run(data, "correct", *arguments, "--why", "seen", "--by", "lin")
    assert answer.exit_code == 2 and words in answer.output and "Traceback" not in answer.output
    assert not (data / "corrections.csv").exists()


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


@pytest.mark.parametrize("arguments", [("correct", ID, *CELL, "1"), ("review", "0" * 16, "confirm")])
def test_without_a_database_or_a_reason(data, arguments):
    answer = run(data, *arguments, "--why", "seen", "--by", "lin")
    assert answer.exit_code == 1 and "run `gongkai build` first" in answer.output
    build(data)
    assert run(data, *arguments, "--why", "  ", "--by", "lin").exit_code == 2
    assert run(data, *arguments).exit_code == 2


@pytest.mark.parametrize(
    "text, place",
    [
        ("date,by,document\n", "corrections.csv:1: the first line must be"),
        (f"{HEAD}\n{line('5', '1')}\na,b\n", "corrections.csv:3: 2 fields instead of 9"),
        (f"{HEAD}\n\n{line('5', 'many')}\n", "corrections.csv:3: value 'many' is no number"),
        (f"{HEAD}\n{line('5', '1').replace('sha256', 'md5')}\n", "corrections.csv:2: document"),
        (f"{HEAD}\n{line('5', '1', ('applications', 'new', 'totl'))}\n", "corrections.csv:2: no column 'totl'"),
        (f"{HEAD}\n{line('5', '1').replace(',seen,', ',,')}\n", "corrections.csv:2: the column evidence is empty"),
        (f"{HEAD}\n{line('5', '1')}\n{line('5', '1').replace('seen', chr(34) + 'seen')}\n", "corrections.csv:3:"),
    ],
)
def test_a_malformed_line_names_file_and_line(data, text, place):
    build(data)
    before = dump(data)
    (data / "corrections.csv").write_text(text, encoding="utf-8")
    answer = run(data, "build")
    assert answer.exit_code == 1 and place in answer.output and "Traceback" not in answer.output
    assert dump(data) == before
    again = correct(data, *CELL, "1")  # nothing is appended to a broken file
    assert again.exit_code == 1 and place in again.output
    assert (data / "corrections.csv").read_text(encoding="utf-8") == text


def test_a_file_that_is_not_utf8(data):
    (data / "corrections.csv").write_bytes((HEAD + "\n" + line("见附件", "1") + "\n").encode("gb18030"))
    with pytest.raises(BuildError, match=r"corrections.csv:2: not UTF-8"):
        build(data)


def test_a_hand_written_last_line_without_its_end_is_kept_whole(data):
    build(data)
    (data / "corrections.csv").write_text(f"\ufeff{HEAD}\n{line('5', '1')}", encoding="utf-8")  # as Excel saves it
    answer = correct(data, *CELL, "1", why='a "quoted",\nreason')
    assert "corrections.csv:3:" in answer.output
    rows = list(csv.DictReader((data / "corrections.csv").open(encoding="utf-8-sig")))
    assert [row["evidence"] for row in rows] == ["seen", 'a "quoted", reason']


def test_many_writers_at_once_lose_nothing(tmp_path):
    code = (
        "import sys; from pathlib import Path; from db.decisions import append, COLUMNS\n"
        "for n in range(40): append(Path(sys.argv[1]), dict.fromkeys(COLUMNS['reviews.csv'], sys.argv[2] + str(n)))"
    )
    path = tmp_path / "reviews.csv"
    children = [subprocess.Popen([sys.executable, "-c", code, str(path), name]) for name in "abcd"]
    assert [child.wait() for child in children] == [0] * 4
    found = [fields["why"] for _, fields in decisions.read(path)]
    assert sorted(found) == sorted(f"{name}{n}" for name in "abcd" for n in range(40))


# --- review


def fingerprint_of(data, rule, report=ID):
    return query(data, "SELECT fingerprint FROM findings WHERE rule = ? AND report = ?", rule, report)[0][0]


def test_a_review_outlives_the_rebuild(data):
    build(data)
    fingerprint = fingerprint_of(data, "S12")
    answer = run(data, "review", fingerprint, "dismiss", "--why", "the original has 6", "--by", "lin")
    assert answer.exit_code == 0 and "before  open" in answer.output and "after   dismissed" in answer.output
    errors = query(data, "SELECT errors FROM reports")[0][0]
    for _ in range(2):
        build(data)
        assert query(data, "SELECT review, review_why, review_by FROM findings WHERE rule = 'S12'") == [
            ("dismissed", "the original has 6", "lin")
        ]
    assert query(data, "SELECT errors FROM reports") == [(errors - 1,)]
    open_rules = {rule for (rule,) in query(data, "SELECT rule FROM findings_to_review")}
    assert "S12" not in open_rules and "S11" in open_rules
    page = get(data, f"/report/{ID}").text
    assert "经人复核：排除" in page and "the original has 6" in page
    assert run(data, "review", fingerprint, "reopen", "--why", "no, it has 8", "--by", "wu").exit_code == 0
    build(data)
    assert "S12" in rules(data, "open") and query(data, "SELECT errors FROM reports") == [(errors,)]


def test_a_review_is_about_one_report_alone(data):
    """S01 of two reports says the same of both; each is looked at by itself."""
    town = {"id": "990181102", "division": "990181102"}
    other = report("other", document={"digest": digest("other"), "media_type": "text/html", "url": "http://x.test/o"})
    other["unit"] |= town
    write(data, report(), other)
    build(data)
    run(data, "review", fingerprint_of(data, "S01"), "confirm", "--why", "seen", "--by", "lin")
    build(data)
    assert query(data, "SELECT report, review FROM findings WHERE rule = 'S01' ORDER BY report") == [
        (ID, "confirmed"),
        ("990181102-2022", "open"),
    ]


def test_a_review_stays_when_the_unit_of_a_report_becomes_known(data):
    nobody = dict.fromkeys(report()["unit"]) | {"parents": []}
    write(data, report() | {"unit": nobody})
    build(data)
    unresolved = f"x-{digest(TEXT)[7:19]}"
    fingerprint = fingerprint_of(data, "S12", unresolved)
    assert run(data, "review", fingerprint, "confirm", "--why", "seen", "--by", "lin").exit_code == 0
    write(data, report())
    build(data)
    assert query(data, "SELECT report, review FROM findings WHERE rule = 'S12'") == [(ID, "confirmed")]


def test_a_finding_that_changed_is_open_again_and_told(data):
    build(data)
    run(data, "review", fingerprint_of(data, "S12"), "dismiss", "--why", "seen", "--by", "lin")
    record = report()
    record["findings"][0] |= {"quote": "见附表", "fingerprint": "0123456789abcdef"}
    write(data, record)
    assert "1 reviews speak of findings that are not there any more" in str(build(data))
    assert "S12" in rules(data, "open") and query(data, "SELECT found FROM reviews") == [(0,)]


@pytest.mark.parametrize("fingerprint", ["0" * 16, "nonsense", "", "'; DROP TABLE findings"])
def test_an_unknown_fingerprint_is_one_error(data, fingerprint):
    build(data)
    answer = run(data, "review", fingerprint, "confirm", "--why", "seen", "--by", "lin")
    assert answer.exit_code == 2 and "no finding has the fingerprint" in answer.output
    assert not (data / "reviews.csv").exists()


def test_the_same_verdict_twice_is_said(data):
    build(data)
    fingerprint = fingerprint_of(data, "S12")
    assert run(data, "review", fingerprint, "confirm", "--why", "seen", "--by", "lin").exit_code == 0
    answer = run(data, "review", fingerprint, "confirm", "--why", "seen", "--by", "lin")
    assert answer.exit_code == 2 and "confirmed already" in answer.output


@pytest.mark.parametrize(
    "line, words",
    [
        ("r,S12,0123,confirmed,why,lin,2026", "fingerprint '0123'"),
        ("r,S12,0123456789abcdef,rejected,why,lin,2026", "verdict 'rejected' is none of"),
        ("r,S12,0123456789abcdef,confirmed,,lin,2026", "the column why is empty"),
        ("r,S12,0123456789abcdef", "3 fields instead of 7"),
    ],
)
def test_a_malformed_review_names_file_and_line(data, line, words):
    head = ",".join(decisions.COLUMNS["reviews.csv"])
    (data / "reviews.csv").write_text(f"{head}\n{line}\n", encoding="utf-8")
    answer = run(data, "build")
    assert answer.exit_code == 1 and "reviews.csv:2:" in answer.output and words in answer.output


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
