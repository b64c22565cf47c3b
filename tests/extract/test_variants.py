"""Variants of the form that real reports show (DOMAIN §A.8), each in HTML, in a cell a line and in a row a line."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from crawler.replica import reports
from extract.records import Report
from tests.extract.shapes import raised, read, swap, synthetic

SHAPES = ("page", "text", "tabbed")
SEED = 1  # a busy report, its page in plain cells
BASE = synthetic(SEED, 2023)
THREE, FOUR, FIVE = "三、收到和处理政府信息公开申请情况", "四、政府信息公开行政复议", "五、存在的主要问题"


def made(shape: str, *faults: str, year: int = 2023, seed: int = SEED) -> Report:
    return read(getattr(synthetic(seed, year, faults), shape))


def redrawn(shape: str, change) -> str:
    """A report whose table 三 was changed in print, in tabbed lines and pages table 四 too; `change` gets their text.

    A cell a line shows the gaps of a row of seven, not those of one of fifteen.
    """
    document = getattr(BASE, shape)
    start, end = document.index(THREE), document.index(FOUR if shape == "text" else FIVE)
    return document[:start] + change(document[start:end]) + document[end:]


def without(figure: str, shape: str):
    """A change that blanks a figure wherever it stands alone in a cell of some shape."""
    cell = {
        "page": rf"(?<=>)\s*{figure}\s*(?=<)",
        "text": rf"(?<=\t){figure}$",
        "tabbed": rf"(?:^|(?<=\t)){figure}(?=\t|$)",
    }
    return lambda text: re.sub(cell[shape], "", text, flags=re.MULTILINE)


# --- （六）其他处理


@pytest.mark.parametrize("shape", SHAPES)
def test_one_row_for_three_is_placed_as_the_row_that_it_is(shape: str) -> None:
    made = synthetic(SEED, 2023, ("other_as_one_row",))
    report, truth = read(getattr(made, shape)), made.truth
    assert report.form == "2021"
    assert report.applications["other"] == truth["applications"]["other"]
    assert {row: report.applications[row] for row in ("other.no_correction", "other.fee_unpaid", "other.else")} == {
        row: [None] * 7 for row in ("other.no_correction", "other.fee_unpaid", "other.else")
    }
    assert [(f.row, f.severity) for f in raised(report, "S05")] == [("other", "notice")]
    assert raised(report, "A02") == []


@pytest.mark.parametrize("shape", SHAPES)
def test_the_sum_of_outcomes_counts_the_one_row(shape: str) -> None:
    body = getattr(synthetic(SEED, 2023, ("other_as_one_row",)), shape)
    row = {"page": r"(（六）其他处理.*?)>0<", "text": r"(（六）其他处理\n\t)0\n", "tabbed": r"(（六）其他处理\t+)0\t"}
    spoilt, count = re.subn(
        row[shape], lambda m: m[0][: len(m[1])] + m[0][len(m[1]) :].replace("0", "7"), body, count=1, flags=re.DOTALL
    )
    assert count == 1
    assert [f.column for f in raised(read(spoilt), "A02")] == ["natural_person"]


@pytest.mark.parametrize("shape", SHAPES)
def test_three_rows_are_three_rows(shape: str) -> None:
    report = read(getattr(BASE, shape))
    assert "other" not in report.applications
    assert raised(report, "S05") == []


# --- words of heads and rows


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("本年制发件数", "本年（2023）制发件数"),
        ("本年制发件数", "本年2023年制发件数"),
        ("本年制发件数", "2023年制发件数"),
        ("本年废止件数", "2023年度废止件数"),
        ("行政规范性文件", "规范性文件"),
    ],
)
def test_headers_and_labels_in_other_words(shape: str, old: str, new: str) -> None:
    document = getattr(BASE, shape)
    assert old in document
    report = read(document.replace(old, new))
    assert report.disclosures == read(document).disclosures
    assert any(report.disclosures["normative_documents"].values())


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("year", [2020, 2023])
def test_traditional_characters(shape: str, year: int) -> None:
    plain, mirror = made(shape, year=year), made(shape, "traditional_characters", year=year)
    for table in ("disclosures", "applications", "disputes"):
        assert getattr(mirror, table) == getattr(plain, table)
    assert (mirror.unit, mirror.year, mirror.form, mirror.scope) == (plain.unit, plain.year, plain.form, plain.scope)
    assert [s.number for s in mirror.sections] == [s.number for s in plain.sections]
    assert raised(mirror, "S19")
    assert "報告" in (mirror.title or ""), "what is stored is what was printed"


# --- blanks for zeros


@pytest.mark.parametrize("shape", SHAPES)
def test_blanks_are_offered_as_zeros_where_every_relation_then_holds(shape: str) -> None:
    report = read(redrawn(shape, without("0", shape)))
    whole = read(getattr(BASE, shape))
    offered = {(d.table, d.row, d.column) for d in report.derived if d.assumed_zero}
    assert all(d.value == 0 for d in report.derived)
    for table in ("applications", "disputes"):
        columns = [c.name for c in _columns(table)]
        for row, values in getattr(whole, table).items():
            read_, at = getattr(report, table)[row], [(table, row, c) for c in columns]
            kept = values if shape == "text" and table == "disputes" else [value or None for value in values]
            assert read_ == kept, "what was printed stays as it was printed"
            if kept == values:
                continue
            solved = {(d.table, d.row, d.column) for d in report.derived}
            assert {cell for cell, value in zip(at, values, strict=True) if value == 0} <= solved
    assert len(offered) > 80


def _columns(table: str):
    from extract import forms

    return forms.load()["2021"].tables[table].columns


def test_a_grid_of_blanks_is_said_once() -> None:
    (found,) = [f for f in raised(read(redrawn("page", without("0", "page"))), "S11") if f.table is None]
    assert found.severity == "notice"
    assert [f for f in raised(read(redrawn("page", without("0", "page"))), "S11") if f.table == "applications"] == []


@pytest.mark.parametrize("shape", SHAPES)
def test_one_relation_that_fails_and_no_zero_is_offered(shape: str) -> None:
    figure = {"page": ">7<", "text": "\t7\n", "tabbed": "\t7\t"}[shape]  # the natural persons of row 一

    def change(text: str) -> str:
        return without("0", shape)(swap(text, (figure, figure.replace("7", "8"))))

    assert not any(d.assumed_zero for d in read(redrawn(shape, change)).derived)


@pytest.mark.parametrize("shape", SHAPES)
def test_an_empty_form_has_no_values(shape: str) -> None:
    empty = read(without(r"\d+(?:\.\d+)?", shape)(getattr(BASE, shape)))
    assert [f.severity for f in raised(empty, "S33")] == ["error"]
    assert {v for values in empty.applications.values() for v in values} == {None}
    assert {v for row in empty.disclosures.values() for v in row.values()} == {None}
    assert empty.derived == ()
    assert raised(empty, "S11") == []


def test_one_figure_and_the_form_is_not_empty() -> None:
    form = without("[1-9]\\d*", "page")(BASE.page)
    assert raised(read(form), "S33") == []


# --- totals


@pytest.mark.parametrize("shape", SHAPES)
def test_totals_of_zero_beside_their_parts(shape: str) -> None:
    made = synthetic(SEED, 2023, ("zero_totals",))
    report = read(getattr(made, shape))
    sums = {row: sum(values[:6]) for row, values in report.applications.items() if sum(values[:6])}
    assert sums
    assert {f.row for f in raised(report, "A01")} == set(sums)
    assert len(raised(report, "A14")) == 1
    assert {d.row: d.value for d in report.derived} == sums
    assert all(values[6] == 0 for values in report.applications.values()), "the print stands"


# --- an empty field that the head does not have


def pushed(rows: str) -> str:
    """The page with an empty cell in front of the figures of some rows of table 三."""
    start, end = BASE.page.index(THREE), BASE.page.index(FOUR)
    figures = r"(<tr>(?:(?!</tr>).)*?{}(?:(?!</tr>).)*?</td>)((?:<td>(?:<[^>]*>)*\d+(?:<[^>]*>)*</td>){{7}}</tr>)"
    table, count = re.subn(figures.format(rows), r"\1<td></td>\2", BASE.page[start:end], flags=re.DOTALL)
    assert count
    return BASE.page[:start] + table + BASE.page[end:]


@pytest.mark.parametrize("rows", ["", "予以公开"])
def test_figures_beside_an_empty_field_are_read_where_they_add_up(rows: str) -> None:
    report = read(pushed(rows))
    assert report.applications == read(BASE.page).applications
    assert {f.row for f in raised(report, "S28")} >= {"granted"}


def cut(page: str) -> str:
    """The page with table 三 in two: the head stands over the first one only."""
    at = page.rindex("<tr", 0, page.index("三、本年度办理结果"))
    return page[:at] + "</table><p></p><table>" + page[at:]


def test_a_piece_without_a_head_shows_by_its_other_rows_where_the_empty_field_is() -> None:
    report = read(cut(pushed("予以公开")))
    assert report.applications == read(BASE.page).applications
    assert [f.row for f in raised(report, "S28")] == ["granted"]
    assert not raised(read(cut(BASE.page)), "S28")


@pytest.mark.parametrize("change", [str, cut])
def test_figures_beside_an_empty_field_that_do_not_add_up_stay_open(change: Callable[[str], str]) -> None:
    page = pushed("予以公开")
    at = page.index("予以公开")
    row, rest = page[at:].split("</tr>", 1)
    cells = re.findall(r">(\d+)<", row)
    spoilt = page[:at] + row.replace(f">{cells[-1]}<", f">{int(cells[-1]) + 1}<") + "</tr>" + rest
    report = read(change(spoilt))
    assert report.applications["granted"] == [None] * 7
    assert [f.row for f in raised(report, "S09")] == ["granted"]


def test_table_two_with_an_empty_field_in_every_row() -> None:
    start, end = BASE.page.index("二、主动公开"), BASE.page.index(THREE)
    rows = r"(<td[^>]*>(?:规章|行政规范性文件|行政许可|行政处罚|行政强制|行政事业性收费)</td>)(?=<td)"
    table = re.sub(rows, r"\1<td></td>", BASE.page[start:end])
    report = read(BASE.page[:start] + table + BASE.page[end:])
    assert table.count("<td></td>") == 6
    assert report.disclosures == read(BASE.page).disclosures
    assert len(raised(report, "S28")) == 6


# --- figures


@pytest.mark.parametrize("shape", SHAPES)
def test_a_note_in_a_cell_is_kept_beside_its_value(shape: str) -> None:
    report = made(shape, "note_in_cell")
    (cell,) = [c for c in report.cells if c.row == "normative_documents" and c.note]
    assert cell.cls == "annotated"
    assert str(cell.value) == re.match(r"\d+", str(cell.raw))[0]
    assert "修订" in cell.note


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(
    ("printed", "value"), [("-5", -5), ("－5", -5), ("−5", -5), ("减5", -5), ("減少5項", -5), ("减少5", -5)]
)
def test_changes_may_be_negative(shape: str, printed: str, value: int) -> None:
    base = reports.generate(SEED, unit="990101101", organ="双桥镇", year=2020, faults=("unsigned_change",))
    change = base.truth["disclosures"]["penalties"]["items_change"]
    document = getattr(base, shape)
    at = document.index("行政处罚")
    body = document[:at] + re.sub(rf"(?<=[\t>]){change}(?=[\t\n<])", printed, document[at:], count=1)
    report = read(body)
    assert report.disclosures["penalties"]["items_change"] == value
    assert raised(report, "A07") == []
    plain = printed == "-5"
    assert bool([f for f in report.findings if f.row == "penalties" and f.rule in ("S14", "S15")]) is not plain


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(("printed", "value"), [("1.000", None), ("12.345", None), ("3.0", 3), ("1.5", 1.5)])
def test_a_decimal_point_in_a_count_is_never_silent(shape: str, printed: str, value: float | None) -> None:
    document = getattr(BASE, shape)
    figure = {"page": r"(重复申请.*?>)0(<)", "text": r"(重复申请\n\t)0(\n)", "tabbed": r"(重复申请\t+)0(\t)"}[shape]
    body, count = re.subn(figure, rf"\g<1>{printed}\2", document, count=1, flags=re.DOTALL)
    report = read(body)
    assert count == 1
    assert report.applications["unprocessed.repeat"][0] == value
    assert [f.column for f in raised(report, "S15")] == ["natural_person"]
