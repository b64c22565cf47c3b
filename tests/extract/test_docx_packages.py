"""Word documents as packages: namespaces, habits of an office, broken and hostile ones, properties, pictures."""

from __future__ import annotations

import io
import re
import zipfile
from random import Random

import pytest
from PIL import Image, ImageDraw, ImageFont

from crawler.replica.render.docx import Habits, write
from extract.formats import ocr, zipped
from extract.formats.docx import MEDIA_TYPE, read_docx
from extract.records import ReportError
from tests.extract.shapes import read
from tests.extract.word_xml import BASE, W, altered, docx, p, paragraphs, r, tbl, tc, texts, tr


def test_strict_namespaces_are_the_same_document() -> None:
    body = docx(p(r("正文")) + tbl(tr(tc("甲"), tc("1"))), space="http://purl.oclc.org/ooxml/wordprocessingml/main")
    content = read_docx(body)
    assert (paragraphs(content), texts(content)) == (["正文"], [[["甲", "1"]]])


@pytest.mark.parametrize("habit", ["frame", "controls", "before", "nested_cells", "breaks"])
def test_every_habit_of_an_office_gives_the_same_report(habit: str) -> None:
    report = read(write(BASE, Habits(**{habit: True}), Random(2)))
    assert report.applications == BASE.truth["applications"]
    assert report.disputes == BASE.truth["disputes"]
    assert report.disclosures == BASE.truth["disclosures"]


MAIN = "word/document.xml"
LAUGHS = (
    b'<!DOCTYPE d [<!ENTITY a "1111111111">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b']><w:document xmlns:w="%s"><w:body><w:p><w:r><w:t>&j;</w:t></w:r></w:p></w:body></w:document>' % W.encode()
)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (docx("")[:-30], "damaged"),
        (altered(docx(""), MAIN, b"<w:document"), "not well-formed"),
        (altered(docx(""), MAIN, b"<a/>"), "no text document"),
        (altered(docx(""), MAIN, b" " * 3_000_000), "times its size"),
        (altered(docx(""), MAIN, b"<a>" * 5000), "not well-formed"),
        (docx("").replace(b"word/document.xml", b"word/document.xyz"), "holds no word/document.xml"),
        (re.sub(rb"(PK\x01\x02.{4})\x00\x00", lambda m: m[1] + b"\x01\x00", docx(""), flags=re.DOTALL), "encrypted"),
    ],
    ids=["cut", "xml", "other", "bomb", "deep", "missing", "encrypted"],
)
def test_a_broken_package_is_refused_in_words(body: bytes, message: str) -> None:
    with pytest.raises(ReportError, match=message):
        read_docx(body)


def test_entities_are_not_expanded() -> None:
    try:
        content = read_docx(altered(docx(""), MAIN, LAUGHS))
    except ReportError:
        return
    assert paragraphs(content) == []


def test_a_package_that_lies_about_its_size_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipped, "MAX_TOTAL", 1000)
    with pytest.raises(ReportError, match="more than 1,000 bytes"):
        read_docx(docx(p(r("文" * 2000))))


def test_the_title_of_the_properties_is_the_documents() -> None:
    out = io.BytesIO(docx(p(r("正文"))))
    with zipfile.ZipFile(out, "a") as file:
        file.writestr(
            "docProps/core.xml",
            '<c:coreProperties xmlns:c="urn:c" xmlns:dc="http://purl.org/dc/elements/1.1/">'
            "<dc:title> 年度报告 </dc:title></c:coreProperties>",
        )
    content = read_docx(out.getvalue())
    assert (content.title, content.media_type) == ("年度报告", MEDIA_TYPE)


# --- pictures


def picture(image: bytes) -> bytes:
    drawing = "http://schemas.openxmlformats.org/drawingml/2006"
    body = (
        f'<w:p><w:r><w:drawing><i:inline xmlns:i="{drawing}/wordprocessingDrawing">'
        f'<i:extent cx="5000000" cy="3000000"/><d:blip xmlns:d="{drawing}/main" r:embed="rmedia"/>'
        "</i:inline></w:drawing></w:r></w:p>"
    )
    return altered(docx(body, media=""), "word/media.xml", image)


def ruled() -> bytes:
    """A picture of a table of two rows and three columns of figures."""
    image = Image.new("RGB", (640, 240), "white")
    pen, font = ImageDraw.Draw(image), ImageFont.load_default(40)
    for n, text in enumerate(("12", "345", "67", "89", "210", "43")):
        x, y = 20 + n % 3 * 200, 20 + n // 3 * 100
        pen.rectangle((x, y, x + 200, y + 100), outline="black", width=3)
        pen.text((x + 60, y + 25), text, "black", font)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


@pytest.mark.skipif(ocr.missing() is None, reason="rapidocr is installed")
def test_a_picture_that_cannot_be_read_is_told() -> None:
    content = read_docx(picture(ruled()))
    assert [remark.rule for remark in content.remarks] == ["S35"]
    assert "OCR" in content.remarks[0].message


@pytest.mark.skipif(ocr.missing() is not None, reason="rapidocr is not installed")
def test_a_table_in_a_picture_is_read() -> None:
    content = read_docx(picture(ruled()))
    assert texts(content) == [[["12", "345", "67"], ["89", "210", "43"]]]
    assert [remark.rule for remark in content.remarks] == ["S31"]
