"""Cells of scans: which figures are recognised and which are left open, by small drawn tables."""

from __future__ import annotations

import io
from dataclasses import replace

from crawler.replica.render import scan
from extract.content import GridCell, Table
from extract.place import UNSURE
from tests.extract.recogniser import needs_ocr


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
