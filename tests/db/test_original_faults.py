"""Originals that are not what they should be: another report's figures, readers that fail, pages that are not there."""

from __future__ import annotations

import asyncio
import io
import operator
import re
import sqlite3

import pytest

from crawler.archive import Archive
from crawler.replica.render import render
from db import original, paper, reading_room
from db.build import build
from db.reread import Found
from extract import register
from extract.formats import scan
from extract.join import read_with
from extract.records import ReportError, Unit
from tests.db.conftest import TOWN, digest, get, write
from tests.db.test_original import TOTAL, WHERE, held, synthetic
from tests.db.test_versions import ID, A, B, fetched, said

OTHER = Unit("990181102", "白溪市南岭乡人民政府", "government", "township", "990181102", TOWN.parents)


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """The first question starts a process; nothing is known from other tests."""
    monkeypatch.setattr(reading_room, "PATIENCE", 60)
    monkeypatch.setattr(reading_room, "_answers", type(reading_room._answers)())


# --- another report's figures


def test_a_document_that_reads_otherwise_is_no_place_of_the_figure():
    here, beside = (Found((n,), str(v), v, {"table": 1, "row": n, "column": 1}, False) for n, v in ((1, 12), (2, 5)))
    row = ("applications", "new", None)
    read = type("Read", (), {"cells": {WHERE: here, (*WHERE[:2], "nonprofit"): beside}})()
    page = {"where": WHERE, "note": None, "cells": {}, "values": {WHERE: (5, None), (*WHERE[:2], "nonprofit"): (5, "")}}
    assert original.places(page, read, own=False) == []
    assert original.places(page, read, own=False, replaced=True) == [here]
    assert original.places(page | {"where": row}, read, own=False) == [beside]
    assert original.places(page | {"where": row}, read, own=False, replaced=True) == [here, beside]


def test_a_row_that_could_not_be_assigned_is_compared_as_it_is_printed():
    row = ("applications", "new", None)
    found = Found((1,), "1 | 2", None, {"table": 1, "row": 1}, False)
    cell = {"raw": '["1", "2"]', "class": "unassigned", "place": None}
    page = {"where": row, "note": None, "cells": {row: cell}, "values": {}}
    read = type("Read", (), {"cells": {row: found}})()
    assert original.places(page, read, own=True) == [found]


def test_a_place_in_an_attachment_is_not_drawn_over_another_document():
    place = {"page": 1, "bbox": [1, 2, 3, 4]}
    own, other = (Found((), "5", 5, place | more, False) for more in ({}, {"document": "sha256:1"}))
    assert len(original.boxes([own], 1)) == 1 and original.first_page([own]) == 1
    assert original.boxes([other], 1) == [] and original.first_page([other]) is None


def tables_apart(faults=()):
    """(a page with the text, an attachment with the tables) of one report."""
    whole = render(synthetic(faults=faults), "html", 3).decode()
    tables = "".join(re.findall(r"<table.*?</table>", whole, re.S))
    return re.sub(r"<table.*?</table>", "", whole, flags=re.S).encode(), f"<p>附件</p>{tables}".encode()


def test_of_every_attachment_only_the_newest_is_looked_at(tmp_path, monkeypatch):
    page, tables = tables_apart()
    older, url = tables.replace("附件".encode(), "去年的附件".encode()), "http://a.test/tables.htm"
    archive = Archive(tmp_path / "archive")
    archive.store(page, name="page.htm", url="http://a.test/page.htm", fetched="2026-01-02T03:04:05Z")
    archive.store(tables, name="tables.htm", url=url, fetched="2026-01-02T03:04:05Z")
    archive.store(older, name="tables.htm", url=url, fetched="2025-01-02T03:04:05Z")
    first, *hung = sorted(archive.documents(), key=lambda d: (d.url, -int(d.fetched[:4])))
    attached = [(hung[0], tables)]
    write(tmp_path, *[r.to_json() for r in read_with(page, first, attached, register.load(None))])
    build(tmp_path)
    monkeypatch.setattr(Archive, "attached", lambda self, page: frozenset({url}))
    (id,) = sqlite3.connect(tmp_path / "gongkai.db").execute("SELECT id FROM reports").fetchone()
    shown = get(tmp_path, f"/report/{id}/original?cell={TOTAL}").text
    assert '<mark id="here">' in shown and hung[0].digest in shown
    assert hung[1].digest not in shown
    path = f"/report/{id}/original?document={hung[1].digest}"
    assert get(tmp_path, path).status_code == 404


def test_a_second_document_is_read_as_the_report_that_it_holds(data, monkeypatch):
    """The same report alone in `a`, and behind another one in `b`."""
    other = {"unit": OTHER, "title": "南岭乡2022年政府信息公开工作年度报告"}
    archive, asked = Archive(data / "archive"), []
    for body, url in (("a", A), ("b", B)):
        archive.store(body.encode(), name=body, url=url, fetched="2026-01-02T03:04:05Z")
    write(data, said("a"), said("b", B, **other), said("b", B))
    build(data, fetched(("a", 1, A), ("b", 2, B)))
    query = "SELECT document, part FROM report_documents WHERE report = ?"
    parts = dict(sqlite3.connect(data / "gongkai.db").execute(query, [ID]))
    assert parts == {digest("a"): 1, digest("b"): 2}

    async def reading(digest, body, part, scanned):
        asked.append((digest, part))
        raise reading_room.Busy

    monkeypatch.setattr(reading_room, "original", reading)
    for body in "ab":
        assert get(data, f"/report/{ID}/original?document={digest(body)}").status_code == 200
    assert asked == [(digest("a"), 1), (digest("b"), 2)]


# --- readers that fail


def test_a_reader_that_fails_is_said_and_logged(caplog):
    with pytest.raises(ReportError, match="ValueError: invalid literal"):
        asyncio.run(reading_room._answer(("odd",), "reading", reading_room.READING, int, "odd"))
    assert any("odd" in record.message and record.exc_info for record in caplog.records)


def test_a_page_is_shown_although_its_document_breaks_the_reader(tmp_path, monkeypatch):
    (id,) = held(tmp_path, ("a.pdf", render(synthetic(), "pdf_clean", 3)))
    monkeypatch.setattr(reading_room, "reread", operator.truediv)
    monkeypatch.setattr(reading_room, "sheet", range)
    answer = get(tmp_path, f"/report/{id}/original?cell={TOTAL}")
    assert answer.status_code == 200 and "没有读出" in answer.text and "TypeError" in answer.text
    assert "没有画出" in answer.text
    (name,) = sqlite3.connect(tmp_path / "gongkai.db").execute("SELECT document FROM reports").fetchone()
    assert get(tmp_path, f"/original/{name}/page/1.webp").status_code == 404


# --- pages that are not there


def picture(size, kind="PNG"):
    from PIL import Image

    file = io.BytesIO()
    Image.new("RGB", size, "white").save(file, kind)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "GIF"])
@pytest.mark.parametrize("number", [0, 2, 9])
def test_a_picture_has_one_page(kind, number):
    body = picture((60, 40), kind)
    assert paper.sheet(body, 1, False).pages == 1
    with pytest.raises(ReportError, match=f"there is no page {number}"):
        paper.sheet(body, number, False)


@pytest.mark.timeout(60)
@pytest.mark.parametrize("width", [1, 2, 5])
def test_a_picture_of_a_few_pixels_width_has_an_end(width):
    from PIL import Image

    cuts = scan.cuts(Image.new("RGB", (width, 30_000), "white"), width * 1.45)
    assert len(cuts) < 6_000 and all(a < b for a, b in zip(cuts, cuts[1:], strict=False))
    assert paper.sheet(picture((width, 30_000)), 1, False).pages == len(cuts)


def test_what_is_not_there_is_said_in_the_language_of_the_reader(tmp_path):
    (id,) = held(tmp_path, ("a.pdf", render(synthetic(), "pdf_clean", 3)))
    (name,) = sqlite3.connect(tmp_path / "gongkai.db").execute("SELECT document FROM reports").fetchone()
    paths = [f"/original/sha256:{'0' * 64}", f"/original/{name}/page/99.webp"]
    for path in paths:
        chinese, english = (re.search(r"<main.*</main>", get(tmp_path, f"{path}?lang={language}").text, re.S)[0]
                            for language in ("zh", "en"))  # fmt: skip
        assert re.search("原件", chinese) and not re.search("No such|there is no page", chinese)
        assert "original" in english and not re.search("[一-鿿]", english)
    for path in (tmp_path / "archive").iterdir():
        path.unlink()
    assert "The archive does not hold" in get(tmp_path, f"/original/{name}?lang=en").text
    assert "存档中没有" in get(tmp_path, f"/original/{name}").text
