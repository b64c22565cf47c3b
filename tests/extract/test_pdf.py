"""Digital PDF: what a reader of the page sees is what is read, by the reference and by the fast path alike."""

from __future__ import annotations

import io
from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from crawler.replica.reports import generate
from extract import gate
from extract.content import Content, Table
from extract.formats import read
from extract.formats.pdf import MOST_PAGES, read_pdf
from extract.formats.pdf_fast import read_fast
from extract.records import Report, ReportError
from extract.report import read_content, read_report

pytest.importorskip("reportlab", reason="reportlab draws the PDFs of these tests")
pikepdf = pytest.importorskip("pikepdf", reason="pikepdf mars the PDFs of these tests")

from crawler.replica.render.pdf import Driver, draw, make_clean  # noqa: E402
from crawler.replica.render.sheet import Look  # noqa: E402
from tests.benchmark.generated import document, places  # noqa: E402

REPORT = generate(11, unit="990101101", organ="清溪县双桥镇", year=2023, form="2021")


def drawn(how: Driver | None = None, look: Look | None = None) -> bytes:
    """The report as a driver writes it."""
    return draw(REPORT.title, REPORT.blocks, look or Look(), how or Driver(), Random(5))


def cells(content: Content) -> list[list[list[str]]]:
    """Every table's texts without white space."""
    return [[["".join(c.text.split()) for c in row if c.origin] for row in table.rows] for table in content.tables()]


def canvas(draw_page: Callable[[Any], None], pages: int = 1) -> bytes:
    """A PDF whose pages a function draws, in STSong-Light of 12 points."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    body = io.BytesIO()
    paper = Canvas(body, pagesize=(600, 800), invariant=1)
    for _ in range(pages):
        paper.setFont("STSong-Light", 12)
        draw_page(paper)
        paper.showPage()
    paper.save()
    return body.getvalue()


def seen(body: bytes) -> str:
    """The paragraphs, one a line."""
    return "\n".join(p.text for p in read_pdf(body).paragraphs())


def reports(body: bytes) -> list[Report]:
    """The reports of a PDF with the replica's register."""
    return read_report(body, document(body, "report.pdf"), places())


PLAIN = cells(read_pdf(drawn()))
DRIVERS = {
    "times": Driver(digits="Times-Roman"),
    "rects": Driver(rules="rects"),
    "boxes": Driver(rules="boxes"),
    "glyphs": Driver(glyphs=True),
    "odd_spaces": Driver(odd_spaces=True),
    "white_boxes": Driver(white_boxes=True),
    "turned_90": Driver(turned=90),
    "turned_180": Driver(turned=180),
    "turned_270": Driver(turned=270),
    "cropped": Driver(cropped=24.0),
    "turned_and_cropped": Driver(turned=90, cropped=24.0),
    "encrypted": Driver(encrypted=True),
    "plain_streams": Driver(compressed=False),
}


def test_a_report_holds_its_tables() -> None:
    assert [len(table) for table in PLAIN] == [14, 28, 4]
    assert PLAIN[0][1] == ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"]


@pytest.mark.parametrize("name", DRIVERS)
def test_every_driver_gives_the_same_tables(name: str) -> None:
    body = drawn(DRIVERS[name])
    assert cells(read_pdf(body)) == PLAIN
    fast = read_fast(body)
    assert fast is not None and cells(fast) == PLAIN


def framed(body: bytes, gap: float, *, uprights: int = 2) -> bytes:
    """A PDF whose every page has a ruled cell of a layout table around its tables, that far from them."""
    boxes = [table.place["bbox"] for table in read_pdf(body).tables()]
    xs = (min(box[0] for box in boxes) - gap, max(box[2] for box in boxes) + gap)[:uprights]
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(body)) as file:
        for page in file.pages:
            high = float(page.mediabox[3])
            drawn_lines = "".join(f"{x} 20 m {x} {high - 20} l S " for x in xs)
            page.contents_add(f"q 0.75 w 0 G {drawn_lines}Q".encode())
        file.save(out)
    return out.getvalue()


@pytest.mark.parametrize("gap", [1.5, 2.25, 3.0, 3.5, 8.0])
def test_a_ruled_layout_cell_around_the_whole_report_is_no_cell_of_its_tables(gap: float) -> None:
    body = framed(drawn(), gap)
    for reader in (read_pdf, read_fast):
        content = reader(body)
        assert content is not None and cells(content) == PLAIN
    (report,) = reports(body)
    assert report.applications == REPORT.truth["applications"] and report.disputes == REPORT.truth["disputes"]
    assert [s.number for s in report.sections] == [s.number for s in reports(drawn())[0].sections]


def test_the_fast_path_reads_places_and_prose_as_the_reference_does() -> None:
    body = make_clean(REPORT, Random(3))
    fast, reference = read_fast(body), read_pdf(body)
    assert fast is not None and (fast.meta["reader"], reference.meta["reader"]) == ("pdfium", "pdfplumber")
    assert [p.text for p in fast.paragraphs()] == [p.text for p in reference.paragraphs()]
    for one, other in zip(_boxes(fast), _boxes(reference), strict=True):
        assert one == pytest.approx(other, abs=1.5)


def _boxes(content: Content) -> list[list[float]]:
    return [cell.place["bbox"] for table in content.tables() for row in table.rows for cell in row]


def test_a_place_is_the_box_on_the_page_as_displayed() -> None:
    plain, cropped = read_pdf(drawn()), read_pdf(drawn(Driver(cropped=24.0)))
    assert _boxes(cropped)[0] == pytest.approx(_boxes(plain)[0], abs=0.2)
    assert next(plain.tables()).place["page"] >= 1


def test_text_that_is_not_printed_is_not_read() -> None:
    def page(paper: Any) -> None:
        paper.drawString(50, 700, "可见的文字")
        paper.drawString(50, 660, "不可见", mode=3)
        paper.setFillGray(1)
        paper.drawString(50, 620, "白色的字")
        paper.setFillGray(0)
        paper.rect(40, 570, 200, 30, fill=1)
        paper.setFillGray(1)
        paper.drawString(50, 580, "深底白字")

    body = canvas(page)
    assert seen(body).split() == ["可见的文字", "深底白字"]
    assert read_fast(body) is None  # the reference decides what is hidden


def test_text_that_runs_up_the_page_is_turned_upright() -> None:
    def page(paper: Any) -> None:
        paper.rotate(90)
        paper.drawString(50, -60, "第一行文字")
        paper.drawString(50, -120, "第二行")

    found = list(read_pdf(canvas(page)).paragraphs())
    assert [p.text for p in found] == ["第一行文字", "第二行"]
    x0, top, x1, bottom = found[0].place["bbox"]
    assert bottom - top > x1 - x0 and bottom == pytest.approx(750, abs=2)


def test_a_head_cut_inside_its_rows_is_whole_again() -> None:
    """A word processor breaks the page between the lines of a cell, also of one that spans both rows of the head."""
    xs = (40, 240, 320, 400, 480, 560)

    def field(paper: Any, left: int, right: int, y0: int, y1: int, text: str) -> None:
        paper.rect(xs[left], y0, xs[right] - xs[left], y1 - y0)
        paper.drawString(xs[left] + 4, y0 + 6, text)

    def page(paper: Any) -> None:
        if paper.getPageNumber() == 1:
            field(paper, 0, 1, 20, 60, "")
            field(paper, 1, 2, 20, 60, "自然")
            field(paper, 2, 4, 40, 60, "法人或其他组织")
            field(paper, 4, 5, 20, 60, "总计")
            field(paper, 2, 3, 20, 40, "商")
            field(paper, 3, 4, 20, 40, "科")
            return
        for number, text in enumerate(("", "人", "业企业", "研机构", "")):
            field(paper, number, number + 1, 760, 780, text)
        for number, text in enumerate(("一、本年新收政府信息公开申请数量", "148", "12", "0", "160")):
            field(paper, number, number + 1, 740, 760, text)

    body = canvas(page, pages=2)
    for reader in (read_pdf, read_fast):
        assert cells(reader(body)) == [
            [
                ["", "自然人", "法人或其他组织", "总计"],
                ["商业企业", "科研机构"],
                ["一、本年新收政府信息公开申请数量", "148", "12", "0", "160"],
            ]
        ]


def test_the_gap_that_typesetters_leave_beside_digits_is_no_space() -> None:
    def page(paper: Any) -> None:
        paper.drawString(40, 700, "2000")
        paper.drawString(40 + paper.stringWidth("2000", "STSong-Light", 12) + 4.2, 700, "年以来")
        paper.drawString(200, 700, "见 附件")

    assert "2000年以来" in seen(canvas(page))


def test_a_password_is_asked_for_in_words() -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(drawn())) as file:
        file.save(out, encryption=pikepdf.Encryption(owner="a", user="secret"))
    for reader in (read_pdf, read_fast):
        with pytest.raises(ReportError, match="password") as raised:
            reader(out.getvalue())
        assert raised.value.remedy


def test_a_damaged_file_and_one_of_too_many_pages_are_errors_with_a_remedy() -> None:
    for body in (b"%PDF-1.7\n" + b"x" * 400, drawn()[:900], canvas(lambda paper: None, MOST_PAGES + 1)):
        with pytest.raises(ReportError) as raised:
            read_pdf(body)
        assert raised.value.remedy


def test_a_file_cut_off_at_any_point_is_read_or_refused() -> None:
    body, rng = drawn(), Random(1)
    for _ in range(12):
        try:
            found: Content | None = read_pdf(body[: rng.randrange(len(body))])
        except ReportError:
            found = None
        assert found is None or isinstance(found, Content)


def test_bytes_of_a_pdf_find_its_reader() -> None:
    assert read(drawn()).media_type == "application/pdf"


def test_the_gate_takes_the_fast_reading_where_nothing_is_in_doubt() -> None:
    gate.counts.clear()
    (report,) = reports(drawn())
    assert dict(gate.counts) == {"pdfium": 1}
    assert report.unit.id == "990101101" and report.media_type == "application/pdf"


def test_the_gate_reads_again_where_a_relation_fails() -> None:
    broken = generate(11, unit="990101101", organ="清溪县双桥镇", year=2023, form="2021", faults=("row_sum",))
    body = draw(broken.title, broken.blocks, Look(), Driver(), Random(5))
    gate.counts.clear()
    (report,) = reports(body)
    assert dict(gate.counts) == {"pdfplumber": 1}
    assert any(f.rule.startswith("A") for f in report.findings)


def test_the_gate_reads_again_what_the_fast_path_misread(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reading with one figure changed breaks a relation: the reference's report comes out, not the wrong one."""
    body = drawn()
    right = read_fast(body)
    assert right is not None
    monkeypatch.setattr("extract.formats.pdf_fast.read_fast", lambda _: _spoilt(right))
    (report,) = gate.read_gated(body, document(body, "report.pdf"), places(), read_content)
    assert report.applications == reports(body)[0].applications


def _spoilt(content: Content) -> Content:
    """The content with the first 0 of the largest table read as 8."""
    from dataclasses import replace

    largest = max(content.tables(), key=lambda t: len(t.rows))
    rows = [list(row) for row in largest.rows]
    r, c = next((r, c) for r, row in enumerate(rows) for c, cell in enumerate(row) if cell.text == "0")
    rows[r][c] = replace(rows[r][c], text="8")
    spoilt: Table = replace(largest, rows=tuple(map(tuple, rows)))
    return replace(content, blocks=tuple(spoilt if block is largest else block for block in content.blocks))
