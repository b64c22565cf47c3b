"""The files of decisions: a slip writes nothing, a malformed line is named, no line of anybody is lost."""

from __future__ import annotations

import csv
import subprocess
import sys

import pytest

from db import decisions
from db.build import build
from db.inputs import BuildError
from tests.db.decided import CELL, HEAD, ID, correct, line, run
from tests.db.test_build import dump


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
