"""What the wild does, the renderings do: rows cut by pages, merges, tracked changes, pictures for tables."""

from __future__ import annotations

import base64
import io
import zipfile
from dataclasses import replace
from functools import cache
from random import Random

import lxml.etree
import lxml.html
import pytest

from crawler.replica import render
from crawler.replica.render import pdf, sheet
from crawler.replica.render.docx import Habits, write
from crawler.replica.tables import Grid
from tests.crawler.opened import made, pdf_text, report, shows_all

ODD_TAGS = ("w:gridBefore", "w:sdt>", "mc:AlternateContent", "w:br/", "w:numPr")


@cache
def some_pdfs() -> tuple[tuple[bytes, tuple[str, ...]], ...]:
    """PDFs with the texts of their pages, by another reader than pdfplumber."""
    pypdfium2 = pytest.importorskip("pypdfium2")
    found = []
    for seed in range(40):
        body = made("pdf", seed)
        file = pypdfium2.PdfDocument(body)
        found.append((body, tuple("".join(page.get_textpage().get_text_bounded().split()) for page in file)))
        file.close()
    return tuple(found)


def test_pdf_has_every_oddity_somewhere() -> None:
    pikepdf = pytest.importorskip("pikepdf")
    seen = set()
    for body, pages in some_pdfs():
        with pikepdf.open(io.BytesIO(body)) as file:
            seen |= {"encrypted"} if file.is_encrypted else set()
            seen |= {f"rotated {page.get('/Rotate')}" for page in file.pages if page.get("/Rotate")}
            seen |= {"cropped"} if "/CropBox" in file.pages[0] else set()
        whole = "".join(pages)
        seen |= {"head repeated"} if whole.count("申请人情况") > 1 else set()
        seen |= {"table cut"} if not any("一、本年新收" in p and "四、结转下年度" in p for p in pages) else set()
    rotated = {"rotated 90", "rotated 180", "rotated 270"}
    assert seen == rotated | {"encrypted", "cropped", "head repeated", "table cut"}


def test_a_row_may_be_cut_by_the_page() -> None:
    """The first lines of a label and the figures on one page, the rest of the label on the next; nothing is lost."""
    look, cut = sheet.Look(cut_rows=True), set()
    grid = next(block for block in report().blocks if isinstance(block, Grid) and block.columns == 10)
    printed = [cell.text for row in grid.rows for cell in row]
    for height in range(300, 700, 9):
        pages = sheet.compose("", [grid], replace(look, height=float(height), numbered=""))
        texts = ["".join(words.text for words in page.words) for page in pages]
        cut |= {text for text in printed if not any(text in page for page in texts)}
        assert sorted("".join(texts)) == sorted("".join(printed))
    assert any(label.startswith("（二）部分公开") for label in cut) and len(cut) > 2


def test_bold_may_be_doubled_glyphs() -> None:
    import pdfplumber

    counts = []
    for doubled in (False, True):
        body = pdf.draw(report().title, report().blocks, sheet.Look(), pdf.Driver(double_bold=doubled), Random(1))
        with pdfplumber.open(io.BytesIO(body)) as file:
            counts.append(len(file.pages[0].chars))
    assert counts[1] - counts[0] >= len(report().title + "一、总体情况" + "二、主动公开政府信息情况")


def test_pdf_opens_without_outer_rules() -> None:
    """What draws the frame is left out, the figures are not."""
    bare = sheet.Look(sides=frozenset())
    strokes = [len(sheet.compose("", report().blocks, chosen)[0].strokes) for chosen in (bare, sheet.Look())]
    assert strokes[0] < strokes[1]
    body = pdf.draw(report().title, report().blocks, bare, pdf.Driver(), Random(1))
    assert shows_all(pdf_text(body), report().truth)


def test_docx_merges_as_word_does() -> None:
    docx = pytest.importorskip("docx")
    tables = docx.Document(io.BytesIO(write(report(), Habits(), Random(1)))).tables
    assert [len(table.columns) for table in tables] == [4, 10, 15]
    assert tables[1].cell(0, 0)._tc is tables[1].cell(2, 2)._tc  # the note in the corner
    assert tables[1].cell(3, 0)._tc is tables[1].cell(3, 2)._tc
    assert tables[1].cell(5, 0)._tc is tables[1].cell(26, 0)._tc and tables[1].cell(26, 0).text == "三、本年度办理结果"
    framed = docx.Document(io.BytesIO(write(report(), Habits(frame=True), Random(1)))).tables
    assert [len(table.columns) for table in framed] == [1]
    assert [len(table.columns) for table in framed[0].cell(0, 0).tables] == [4, 10, 15]


def test_docx_has_every_oddity_somewhere() -> None:
    seen: set[str] = set()
    for seed in range(40):
        with zipfile.ZipFile(io.BytesIO(made("docx", seed))) as file:
            text = file.read("word/document.xml").decode()
        tree = lxml.etree.fromstring(text.encode())
        seen |= {tag for tag in ODD_TAGS if f"<{tag}" in text}
        seen |= {"table in a box"} if tree.xpath("//*[local-name()='txbxContent']//*[local-name()='tbl']") else set()
        if "<w:numPr" in text:
            assert "一、总体情况" not in text
        assert "<w:del " not in text and "<w:ins " not in text
    assert seen == {*ODD_TAGS, "table in a box"}


def test_tracked_changes_hide_other_figures() -> None:
    assert "S32" in render.truth(report(), "docx_tracked")["expect"]
    assert "S32" not in render.truth(report(), "docx")["expect"]
    with zipfile.ZipFile(io.BytesIO(made("docx_tracked"))) as file:
        tree = lxml.etree.fromstring(file.read("word/document.xml"))
    changed = tree.xpath("//*[local-name()='tc'][.//*[local-name()='del'] and .//*[local-name()='ins']]")
    assert len(changed) > 3
    for cell in changed:
        old = "".join(t.text for t in cell.iter("{*}delText"))
        assert old and old != "".join(t.text for ins in cell.iter("{*}ins") for t in ins.iter("{*}t"))


def test_archive_names_are_gbk_or_marked_as_utf8() -> None:
    marked = set()
    for seed in range(8):
        with zipfile.ZipFile(io.BytesIO(made("zip", seed))) as file:
            marked |= {bool(info.flag_bits & 0x800) for info in file.infolist()}
    assert marked == {True, False}


def test_pictures_take_the_place_of_tables() -> None:
    counts = set()
    for seed in range(6):
        tree = lxml.html.fromstring(made("image_html", seed))
        sources = tree.xpath("//img/@src")
        counts.add((len(sources), len(tree.xpath("//table"))))
        for source in sources:
            body = base64.b64decode(source.partition("base64,")[2])
            assert body[:4] in (b"\x89PNG", b"\xff\xd8\xff\xe0") and len(body) > 5000
    assert all(pictures + left == 3 and pictures for pictures, left in counts) and len(counts) > 1


def test_what_cannot_be_read_has_no_figures() -> None:
    for name in ("dump_glued", "pdf_error"):
        truth = render.truth(report(), name)
        assert all(value is None for row in truth["applications"].values() for value in row)
    assert made("pdf_error").lstrip().startswith(b"<html>")
    assert report().truth["applications"]["new"][6]  # the report's own truth is left alone
    glued = made("dump_glued").decode()
    assert "".join(map(str, report().truth["applications"]["closed"])) in glued
