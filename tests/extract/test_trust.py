"""What sums and sureness do to the trust in recognised figures: no recogniser is needed."""

from __future__ import annotations

from dataclasses import replace

from extract import forms
from extract.content import Content, GridCell, Paragraph, Table
from extract.fill import fill
from extract.place import UNSURE
from extract.records import Cell
from extract.trust import settle, unblamed

FORM = forms.load()["2021"]
COLUMNS = [c.name for c in FORM.tables["disputes"].columns]


def dispute(values: list[int], sure: list[float]) -> dict:
    row = "reconsideration"
    return {
        ("disputes", row, column): Cell("disputes", row, column, "number", str(v), v, confidence=s)
        if s >= UNSURE
        else Cell("disputes", row, column, "unassigned", str(v), None, confidence=s)
        for column, v, s in zip(COLUMNS, values, sure, strict=True)
    }


def test_a_sum_that_fails_takes_the_less_sure_figures() -> None:
    settled, said = settle(dispute([1, 2, 0, 0, 4], [0.999, 0.93, 0.999, 0.999, 0.999]), [], FORM)
    assert [c.value for c in settled.values()] == [1, None, 0, 0, 4]
    assert [(f.rule, f.column, f.origin) for f in said] == [("S30", "corrected", "extraction")]


def test_a_sum_that_fails_over_certain_figures_blames_nobody() -> None:
    from extract.rules import finding

    cells = dispute([1, 2, 0, 0, 4], [0.999] * 5)
    assert settle(cells, [], FORM) == (cells, [])
    blamed = finding("A04", "3 ≠ 4", table="disputes", row="reconsideration", left=3, right=4)
    assert [f.origin for f in unblamed([blamed], cells)] == ["unknown"]
    assert [f.origin for f in unblamed([blamed], {})] == [blamed.origin]


def test_a_sum_that_holds_raises_a_figure_just_under_the_bar() -> None:
    near, far = [0.999, 0.7, 0.999, 0.999, 0.999], [0.999, 0.5, 0.999, 0.999, 0.999]
    assert settle(dispute([1, 2, 0, 0, 3], near), [], FORM)[0]["disputes", "reconsideration", "corrected"].value == 2
    assert settle(dispute([1, 2, 0, 0, 3], far), [], FORM)[0]["disputes", "reconsideration", "corrected"].value is None
    assert settle(dispute([1, 2, 0, 0, 4], near), [], FORM)[0]["disputes", "reconsideration", "corrected"].value is None


def test_words_where_a_figure_belongs_hold_nothing_in_a_picture() -> None:
    key = ("disputes", "reconsideration", "corrected")
    cells = dispute([1, 2, 0, 0, 3], [0.999] * 5)
    cells[key] = replace(cells[key], cls="text", raw="县", value=None)
    settled, said = settle(cells, [], FORM)
    assert settled[key].cls == "unassigned"
    assert [(f.rule, f.column) for f in said] == [("S30", "corrected")]


def test_nothing_is_settled_in_a_document_with_a_text_layer() -> None:
    cells = {key: replace(cell, confidence=None) for key, cell in dispute([1, 2, 0, 0, 4], [0.999] * 5).items()}
    assert settle(cells, [], FORM) == (cells, [])


def test_an_unsure_cell_of_a_grid_holds_no_value() -> None:
    place = {"page": 1, "bbox": [0, 0, 1, 1]}

    def table(confidence: float) -> Content:
        head = [GridCell(text, place) for text in ("信息内容", "本年制发件数", "本年废止件数", "现行有效件数")]
        row = [GridCell("行政规范性文件", place, confidence=0.9), *(GridCell(t, place, True, 0.99) for t in "12")]
        rows = (tuple(head), (*row, GridCell("3", place, True, confidence)))
        return Content((Paragraph("二、主动公开", place), Table(rows, "grid", place)), "image/png")

    value = {c: fill(table(c)).value("disclosures", "normative_documents", "in_force") for c in (0.5, 0.99)}
    assert value == {0.5: None, 0.99: 3}
    assert [f.rule for f in fill(table(0.5)).placed.findings] == ["S30"]
