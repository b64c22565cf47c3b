"""Reviews: what people say of findings through the command line, and what later builds keep of it."""

from __future__ import annotations

import pytest

from db.build import build
from tests.db.bare_reports import NEW, bare
from tests.db.conftest import digest, get, report, write
from tests.db.decided import ID, TEXT, fingerprint_of, rules, run
from tests.db.test_build import query


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


def _town(number, cells):
    """A report of one of many towns of the same kind and year."""
    record = bare(2023, cells)
    code = f"9901{number:05}"
    record["unit"] |= {"id": code, "division": code, "name": f"{number}镇"}
    return record | {"document": {"digest": digest(code), "media_type": "text/html", "url": f"http://x.test/{code}"}}


def test_a_review_outlives_reports_of_others(tmp_path):
    """A median among peers moves with every report that arrives; what was decided about this one stays."""
    peers = [_town(n, {NEW: 3 + n % 9}) for n in range(1, 30)]
    table = {f"applications/{row}/total": n for n, row in enumerate(("granted", "closed", "carried_out"), 2)}
    far, like = _town(0, {NEW: 900} | table), _town(40, {NEW: 900} | table)
    write(tmp_path, far, like, *peers)
    build(tmp_path)
    sql = (
        "SELECT rule, left_value, right_value, fingerprint FROM findings WHERE report = '990100000-2023' ORDER BY rule"
    )
    before = {rule: rest for rule, *rest in query(tmp_path, sql) if rule in ("Y03", "R03")}
    for rule in before:
        assert run(tmp_path, "review", before[rule][2], "dismiss", "--why", "seen", "--by", "lin").exit_code == 0
    more = [_town(n, {NEW: 11}) for n in range(50, 62)] + [_town(39, {NEW: 900} | table)]
    write(tmp_path, far, like, *peers, *more)
    assert "findings that are not there any more" not in str(build(tmp_path))
    after = {rule: rest for rule, *rest in query(tmp_path, sql) if rule in ("Y03", "R03")}
    assert set(after) == {"Y03", "R03"}
    assert after["Y03"][1] != before["Y03"][1] and after["R03"][0] == before["R03"][0] + 1  # the figures did move
    assert {"Y03", "R03"} <= rules(tmp_path, "dismissed")
