"""The view of an original: every figure stands where the page says it does."""

from __future__ import annotations

import asyncio
import io
import re
import sqlite3
import time

import pytest

from crawler.archive import Archive, digest_of
from crawler.items import Document
from crawler.replica.render import FORMATS, missing, render
from crawler.replica.reports import generate
from db import original, paper, reading_room
from db.build import build
from db.reread import Found, reread
from extract import register
from extract.join import read_with
from extract.records import ReportError
from extract.report import read_report
from tests.db.conftest import get, write

TOTAL = "applications.new.total"
WHERE = ("applications", "new", "total")
RENDERED = ("html", "text", "tabbed", "markdown", "docx", "xlsx", "ofd", "pdf", "mht")


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """The first question starts a process: on a busy machine that takes longer than a visitor waits."""
    monkeypatch.setattr(reading_room, "PATIENCE", 60)


def synthetic(year=2022, faults=()):
    return generate(7, unit="990101101", organ="双桥镇人民政府", year=year, faults=faults)


def held(data, *bodies):
    """A data folder with these (name, bytes), archived and read; returns the ids of their reports."""
    archive, lines, ids = Archive(data / "archive"), [], []
    for name, body in bodies:
        digest = archive.store(body, name=name, fetched="2026-01-02T03:04:05Z")
        found = next(d for d in archive.documents() if d.digest == digest)
        document = Document(digest, None, found.fetched, found.media_type, name, None, None, None, None, None)
        lines += [report.to_json() for report in read_report(body, document, register.load(None))]
        ids.append("x-" + digest[7:19])
    write(data, *lines)
    build(data)
    return ids


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    data = tmp_path_factory.mktemp("originals")
    report = synthetic(faults=("blank_cell",))
    bodies = [(f"a{FORMATS[name].suffix}", render(report, name, 3)) for name in ("html", "pdf_clean")]
    return data, held(data, *bodies)


@pytest.mark.parametrize("name", RENDERED)
def test_every_figure_leads_to_the_field_that_prints_it(name):
    if lacking := missing(name):
        pytest.skip(lacking)
    read = reread(render(synthetic(), name, 3), 1)
    fields = {field.key: field.text for block in read.blocks for row in block.rows for field in row}
    figures = [found for where, found in read.cells.items() if where[2] and found.value is not None]
    assert len(figures) > 180
    for found in figures:
        assert len(found.keys) == 1 and found.printed.strip() in fields[found.keys[0]]


def test_every_row_of_a_grid_has_all_its_fields():
    read = reread(render(synthetic(), "html", 3), 1)
    table = next(block for block in read.blocks if any("申请人情况" in f.text for row in block.rows for f in row))
    assert {len(row) for row in table.rows} == {10}
    label = next(row for row in table.rows if row[0].text.startswith("一、本年新收"))
    assert [f.goes_on for f in label] == [False, True, True] + 7 * [False]


def test_a_page_shows_the_table_with_the_cell_marked(built):
    data, (page_id, _) = built
    answer = get(data, f"/report/{page_id}/original?cell={TOTAL}")
    marked = re.findall(r'<td[^>]* class="here"><mark id="here">(\d+)</mark>', answer.text)
    value = sqlite3.connect(data / "gongkai.db").execute(
        "SELECT total FROM applications WHERE report = ? AND outcome = 'new'", [page_id]
    )
    assert marked == [str(value.fetchone()[0])]
    row = next(row for row in re.findall(r"<tr>.*?</tr>", answer.text, re.S) if 'id="here"' in row)
    assert "本年新收政府信息公开申请数量" in row
    assert f"gongkai correct {page_id} applications new total VALUE --why" in answer.text


def test_whole_rows_and_columns_can_be_marked(built):
    data, (page_id, _) = built
    row = get(data, f"/report/{page_id}/original?cell=applications.granted.*").text
    assert row.count("<mark") == 7 and row.count('id="here"') == 1 and "gongkai correct" not in row
    column = get(data, f"/report/{page_id}/original?cell=applications.*.total").text
    assert column.count("<mark") == 25


def test_a_pdf_shows_its_page_with_a_box_around_the_figure(built):
    from PIL import Image

    data, (_, pdf_id) = built
    page = get(data, f"/report/{pdf_id}/original?cell={TOTAL}").text
    width, height = map(float, re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', page).groups())
    box = [float(v) for v in re.search(r'<rect x="(.*?)" y="(.*?)" width="(.*?)" height="(.*?)"', page).groups()]
    assert 0 < box[0] < box[0] + box[2] < width and 0 < box[1] < box[1] + box[3] < height
    spot = re.search(r'<span id="here" style="left: (.*?)%; top: (.*?)%', page).groups()  # what #here scrolls to
    assert [float(v) for v in spot] == pytest.approx([100 * box[0] / width, 100 * box[1] / height], abs=0.1)
    answer = get(data, re.search(r'<image href="([^"]+)"', page)[1])
    assert answer.headers["content-type"] == "image/webp" and answer.headers["x-content-type-options"] == "nosniff"
    picture = Image.open(io.BytesIO(answer.content)).convert("L")
    assert max(picture.size) <= paper.LONGEST
    scale, inset = picture.width / width, 4
    inner = (box[0] + inset, box[1] + inset, box[0] + box[2] - inset, box[1] + box[3] - inset)
    assert picture.crop([int(v * scale) for v in inner]).getextrema()[0] < 128  # there is ink in it


def test_the_box_stands_on_this_cell_and_no_other():
    """The text of a PDF within the box is the figure itself."""
    import pypdfium2

    body = render(synthetic(), "pdf_clean", 3)
    read = reread(body, 1)
    with pypdfium2.PdfDocument(body) as document:
        for where in (WHERE, ("applications", "granted", "total"), ("disclosures", "licensing", "decisions")):
            found = read.cells[where]
            page = document[found.place["page"] - 1]
            x0, top, x1, bottom = found.place["bbox"]
            height = page.get_height()
            text = page.get_textpage().get_text_bounded(x0, height - bottom, x1, height - top)
            assert text.strip() == found.printed.strip()


def test_a_blank_cell_is_shown_as_blank(built):
    data, (page_id, _) = built
    query = "SELECT row_name, column_name FROM cells WHERE report = ? AND class = 'blank'"
    row, column = sqlite3.connect(data / "gongkai.db").execute(query, [page_id]).fetchone()
    page = get(data, f"/report/{page_id}/original?cell=applications.{row}.{column}&lang=en").text
    assert "(nothing)" in page and '<mark id="here">□</mark>' in page and "blank, not 0" in page


def test_a_reading_that_differs_from_the_database_is_not_believed():
    found = Found((3,), "5", 5, {"table": 2, "row": 4, "column": 10}, False)
    page = {"where": WHERE, "note": None, "cells": {}, "values": {WHERE: (5, None)}}
    read = type("Read", (), {"cells": {WHERE: found}})()
    assert original.places(page, read, own=True) == [found]
    assert original.places(page | {"values": {WHERE: (6, None)}}, read, own=True) == []
    assert original.places(page | {"values": {}}, None, own=True) == []


@pytest.mark.parametrize(
    "cell", ["applications.nope.total", "x.y.z", "applications", "applications..total", "<script>.a.b", "a." * 200]
)
def test_what_names_no_cell_is_404(built, cell):
    data, (page_id, _) = built
    answer = get(data, f"/report/{page_id}/original", params={"cell": cell})
    assert answer.status_code == 404 and "<script>." not in answer.text


def test_documents_of_other_reports_are_not_shown_here(built):
    data, (page_id, pdf_id) = built
    other = sqlite3.connect(data / "gongkai.db").execute("SELECT document FROM reports WHERE id = ?", [pdf_id])
    assert get(data, f"/report/{page_id}/original?document={other.fetchone()[0]}").status_code == 404
    assert get(data, "/report/x-000000000000/original").status_code == 404


def test_what_takes_long_or_is_too_much_is_said(built, monkeypatch):
    data, (page_id, pdf_id) = built
    monkeypatch.setattr(reading_room, "_answers", type(reading_room._answers)())
    monkeypatch.setattr(reading_room, "PATIENCE", 0)
    assert "还在读取" in get(data, f"/report/{page_id}/original?cell={TOTAL}").text
    monkeypatch.setattr(reading_room, "QUEUE", 0)
    assert "正在读取的原件太多" in get(data, f"/report/{pdf_id}/original?cell={TOTAL}").text
    digest = sqlite3.connect(data / "gongkai.db").execute("SELECT document FROM reports WHERE id = ?", [pdf_id])
    assert get(data, f"/original/{digest.fetchone()[0]}/page/1.webp").status_code == 503


def test_pages_that_are_not_there(built):
    data, (page_id, pdf_id) = built
    digests = dict(sqlite3.connect(data / "gongkai.db").execute("SELECT id, document FROM reports"))
    assert get(data, f"/original/{digests[pdf_id]}/page/99.webp").status_code == 404
    assert get(data, f"/original/{digests[page_id]}/page/1.webp").status_code == 404  # a web page has none
    assert "没有画出" in get(data, f"/report/{pdf_id}/original?page=99").text


def test_a_format_whose_pages_are_not_drawn_is_said(built):
    data, (page_id, pdf_id) = built
    said = {id: get(data, f"/report/{id}/original").text for id in (page_id, pdf_id)}
    assert re.search(r"（text/html）的版面本站不画出来。[^<]*<a href=\"/original/sha256:", said[page_id])
    assert "不画出来" not in said[pdf_id] + get(data, f"/report/{pdf_id}/original?page=99").text


def test_an_original_that_is_not_archived_is_said(tmp_path):
    from tests.db.conftest import report

    write(tmp_path, report())
    build(tmp_path)
    page = get(tmp_path, f"/report/990181101-2022/original?cell={TOTAL}").text
    assert "存档中没有" in page and "<mark" not in page and "不画出来" not in page


def test_a_figure_that_stands_in_an_attachment_leads_there(tmp_path, monkeypatch):
    """A page with the text, and the tables hanging on it."""
    whole = render(synthetic(), "html", 3).decode()
    page = re.sub(r"<table.*?</table>", "", whole, flags=re.S).encode()
    tables = "".join(re.findall(r"<table.*?</table>", whole, re.S))
    bodies = {"http://a.test/page.htm": page, "http://a.test/tables.htm": f"<p>附件</p>{tables}".encode()}
    archive = Archive(tmp_path / "archive")
    for url, body in bodies.items():
        archive.store(body, name=url[14:], url=url, fetched="2026-01-02T03:04:05Z")
    first, second = sorted(archive.documents(), key=lambda d: d.url)
    attached = [(second, bodies[second.url])]
    write(tmp_path, *[r.to_json() for r in read_with(page, first, attached, register.load(None))])
    build(tmp_path)
    monkeypatch.setattr(Archive, "attached", lambda self, page: frozenset({second.url}))
    (id,) = sqlite3.connect(tmp_path / "gongkai.db").execute("SELECT id FROM reports").fetchone()
    shown = get(tmp_path, f"/report/{id}/original?cell={TOTAL}").text
    assert '<mark id="here">' in shown and "(附件)" in shown
    assert re.search(rf"<strong>正在看</strong>(?:(?!</li>).)*{second.digest}", shown, re.S)


def test_what_is_private_is_hidden_in_what_was_read():
    words = render(synthetic(), "html", 3).decode().replace("公众如有疑问", "邮箱zhangsan@qq.com，公众如有疑问")
    read = reread(words.encode(), 1)
    text = "".join(block.text for block in read.blocks)
    assert "公众如有疑问" in text and "zhangsan@qq.com" not in text


def test_words_of_an_original_are_only_text(tmp_path):
    words = render(synthetic(), "html", 3).decode()
    body = words.replace("公众如有疑问", "公众&lt;script>alert(1)&lt;/script>如有疑问").encode()
    (id,) = held(tmp_path, ("a.html", body))
    page = get(tmp_path, f"/report/{id}/original").text
    assert "&lt;script&gt;alert(1)" in page and "<script>" not in page


def test_few_answers_are_kept(monkeypatch):
    from concurrent.futures import Future

    answers = type(reading_room._answers)()
    monkeypatch.setattr(reading_room, "_answers", answers)
    for number in range(reading_room.KEPT + 5):
        answers[number] = Future()
        answers[number].set_result(paper.Sheet(b"x" * 1_000_000, 1, 1, 1))
    answers["pending"] = Future()
    reading_room._forget()
    assert len(answers) == 1 + reading_room.KEPT_BYTES // 1_000_000 and "pending" in answers and 0 not in answers


def test_a_site_that_stops_does_not_wait_for_what_is_being_read(monkeypatch):
    monkeypatch.setattr(reading_room, "PATIENCE", 0)
    question = reading_room._answer(("long",), "reading", reading_room.RECOGNISING, time.sleep, 50)
    assert asyncio.run(question) is None
    future, began = reading_room._answers["long",], time.monotonic()
    reading_room.close()
    assert time.monotonic() - began < 20 and future.done() and not reading_room._pools


def test_long_pictures_are_several_pages():
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (700, 3000), "white")
    ImageDraw.Draw(image).rectangle((100, 2800, 200, 2900), fill="black")
    file = io.BytesIO()
    image.save(file, "PNG")
    first, last = paper.sheet(file.getvalue(), 1, False), paper.sheet(file.getvalue(), 3, False)
    assert first.pages == 3 and last.height < 3000
    inked = [Image.open(io.BytesIO(sheet.picture)).convert("L").getextrema()[0] < 50 for sheet in (first, last)]
    assert inked == [False, True]
    with pytest.raises(ReportError, match="there is no page 4"):
        paper.sheet(file.getvalue(), 4, False)


def test_what_is_no_picture_is_an_error():
    for body in (b"%PDF-1.4 nothing", b"no picture", digest_of(b"").encode()):
        with pytest.raises(ReportError, match="cannot be"):
            paper.sheet(body, 1, False)
