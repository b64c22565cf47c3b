"""Revisions in Word documents are read as accepted, and told (S32)."""

from __future__ import annotations

from random import Random

from crawler.replica.render import render
from crawler.replica.render.docx import Habits, changed, write
from extract.formats.docx import read_docx
from tests.extract.shapes import raised, read
from tests.extract.word_xml import BASE, docx, p, r, tbl, tc, texts, tr


def tracked(old: str, new: str) -> str:
    return p(f"<w:del>{r(old, tag='delText')}</w:del><w:ins>{r(new)}</w:ins>")


def test_a_figure_changed_by_a_revision_is_told_at_its_cell() -> None:
    content = read_docx(docx(p(r("正文")) + tbl(tr(tc("行政许可"), tc(tracked("38", "83"))))))
    places = [(remark.rule, remark.place) for remark in content.remarks]
    assert places == [("S32", {"table": 1, "row": 1, "column": 2}), ("S32", None)]
    assert "“38”" in content.remarks[0].message and "“83”" in content.remarks[0].message


def test_a_deleted_row_is_not_read() -> None:
    body = tbl(tr(tc("甲"), tc("1")), tr(tc("甲"), tc("2"), properties="<w:del/>"), tr(tc("乙"), tc("3")))
    content = read_docx(docx(body))
    assert texts(content) == [[["甲", "1"], ["乙", "3"]]]
    assert [remark.rule for remark in content.remarks] == ["S32"]


def test_a_report_with_revisions_is_read_as_accepted_and_says_so() -> None:
    report = read(write(BASE, Habits(tracked=True), Random(3)))
    assert report.applications == BASE.truth["applications"]
    told = {(f.table, f.row, f.column) for f in raised(report, "S32") if f.table}
    assert told == changed(BASE) and len(told) > 3, "every changed figure has its finding, and no other"


def test_a_report_without_revisions_raises_no_s32() -> None:
    assert not raised(read(render(BASE, "docx", 1)), "S32")
    properties = '<w:rPr><w:rPrChange w:id="1"><w:rPr><w:b/></w:rPr></w:rPrChange></w:rPr>'  # looks only
    assert read_docx(docx(p(r("正文"), properties=properties))).remarks == ()
