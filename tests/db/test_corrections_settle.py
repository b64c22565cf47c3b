"""What was said of a cell or row by itself is settled once a person has read all of it in the original."""

from __future__ import annotations

import pytest

from db.build import build
from tests.db.by_hand import finding, full
from tests.db.conftest import write
from tests.db.decided import HEAD
from tests.db.test_build import query

APPLICANTS = ("natural_person", "business", "research", "nonprofit", "legal_service", "other_organisation", "total")
FLAGS = "SELECT operand, flag FROM operand_flags WHERE operand IN ('requests_new', 'fees_amount') ORDER BY flag"


def settled(data, record, *cells):
    """What became of the report's findings after a build with corrections (table, row, column, expected, value)."""
    lines = [f"{record['document']['digest']},{','.join(cell)},page 3,lin,2026-06-01T08:00:00Z" for cell in cells]
    (data / "corrections.csv").write_text("\n".join([HEAD, *lines]) + "\n", encoding="utf-8")
    write(data, record)
    build(data)
    assert {state for (state,) in query(data, "SELECT state FROM corrections")} == {"applied"}
    return dict(query(data, "SELECT rule, review FROM findings WHERE rule GLOB '[SPUN][0-9]*'"))


def in_words(rule="S12"):
    """A report whose total of new requests is words, and that rule at it."""
    record = full(findings=[finding(rule, row="new")])
    record["applications"]["new"][6] = "见附件"
    empty = dict.fromkeys(("value", "unit", "note", "confidence", "place"))
    at = {"table": "applications", "row": "new", "column": "total"}
    return record | {"cells": [at | empty | {"class": "text", "raw": "见附件"}]}


@pytest.mark.parametrize("rule", ["S12", "P01"])
def test_a_finding_of_the_corrected_cell_is_settled(tmp_path, rule):
    found = settled(tmp_path, in_words(rule), ("applications", "new", "total", "见附件", "100"))
    assert found == {rule: "resolved"}
    assert query(tmp_path, "SELECT review_why, review_by FROM findings WHERE rule = ?", rule) == [
        ("corrected: page 3", "lin")
    ]
    assert query(tmp_path, "SELECT errors FROM reports") == [(0,)]
    assert query(tmp_path, FLAGS) == [("requests_new", "operand corrected")]
    assert query(tmp_path, "SELECT value, left_out FROM national WHERE figure = 'requests_new'") == [(100, 0)]


@pytest.mark.parametrize(
    "cell",
    [
        ("applications", "new", "business", "20", "21"),  # another cell of the row
        ("applications", "closed", "total", "105", "106"),
        ("applications", "new", "total", "见附件", ""),  # nothing legible: there is no value still
    ],
)
def test_a_finding_of_another_cell_stays(tmp_path, cell):
    assert settled(tmp_path, in_words(), cell) == {"S12": "open"}


def test_a_finding_that_holds_the_cell_against_the_text_stays(tmp_path):
    told = finding("N01", row="new") | {"left": 7, "right": 100}
    found = settled(tmp_path, full(findings=[told]), ("applications", "new", "total", "100", "99"))
    assert found == {"N01": "open"}


def test_a_short_row_is_settled_once_all_of_it_was_read(tmp_path):
    rules = [finding("S08", row="new", column=None), finding("S07", "info", row="new", column=None)]
    record = full(findings=rules)
    values = record["applications"]["new"]
    record["applications"]["new"] = [None] * 7
    cells = [("applications", "new", name, "", str(value)) for name, value in zip(APPLICANTS, values, strict=True)]
    assert settled(tmp_path, record, *cells[:6])["S08"] == "open"
    assert settled(tmp_path, record, *cells) == {"S08": "resolved", "S07": "open"}  # its label is as it was


def test_a_row_of_table_two_is_settled_by_its_own_columns(tmp_path):
    record = full(findings=[finding("S08", table="disclosures", row="normative_documents", column=None)])
    cells = [("disclosures", "normative_documents", name, str(n), str(n + 1)) for name, n in
             (("issued", 4), ("repealed", 1), ("in_force", 40))]  # fmt: skip
    assert settled(tmp_path, record, *cells[1:]) == {"S08": "open"}
    assert settled(tmp_path, record, *cells) == {"S08": "resolved"}
