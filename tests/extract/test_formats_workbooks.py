"""Workbooks: numbers as a sheet shows them, titles between tables, and one error for what is hostile."""

from __future__ import annotations

from io import BytesIO

import pytest

from extract.content import Paragraph, Table
from extract.formats import xlsx
from tests.extract.containers import refused, rezipped, texts


def workbook(fill) -> bytes:
    openpyxl = pytest.importorskip("openpyxl", reason="needs openpyxl")
    book = openpyxl.Workbook()
    fill(book, book.active)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def test_numbers_show_as_a_sheet_shows_them() -> None:
    printed = [
        (5.0, "5"),
        (0.1 + 0.2, "0.3"),
        (4166.18, "4166.18"),
        (-3, "-3"),
        ("００7", "００7"),
        (10**11, "100000000000"),
    ]

    def fill(book, sheet) -> None:
        for value, _ in printed:
            sheet.append(["数量", value])

    assert [row[1] for row in texts(xlsx.read_workbook(workbook(fill)))[0]] == [text for _, text in printed]


def test_titles_and_sections_between_tables_are_paragraphs_and_hidden_sheets_are_not_read() -> None:
    def fill(book, sheet) -> None:
        sheet.append(["双桥镇2023年政府信息公开工作年度报告"])
        sheet.merge_cells("A1:D1")
        sheet.append(["第二十条第（一）项"])
        sheet.merge_cells("A2:D2")
        sheet.append(["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"])
        sheet.append(["规章", 1, None, 3])
        sheet.append(["三、收到和处理政府信息公开申请情况"])
        sheet.append(["一、本年新收政府信息公开申请数量", 0, 0, 0])
        hidden = book.create_sheet("去年")
        hidden.append(["规章", 9])
        hidden.sheet_state = "hidden"

    content = xlsx.read_workbook(workbook(fill))
    kinds = [type(block) for block in content.blocks]
    assert kinds == [Paragraph, Table, Paragraph, Table]
    assert texts(content)[0][0] == ["第二十条第（一）项", "<", "<", "<"]
    assert texts(content)[0][2] == ["规章", "1", "", "3"]
    assert [t.rows[0][0].place for t in content.tables()] == [
        {"table": 1, "row": 2, "column": 1},
        {"table": 2, "row": 6, "column": 1},
    ]


SHEET_XML = "xl/worksheets/sheet1.xml"


def small() -> bytes:
    return workbook(lambda book, sheet: sheet.append(["规章", 1]))


def test_a_cell_far_out_is_refused_before_it_costs_memory() -> None:
    far = b'<c r="XFD1048576"><v>1</v></c></row></sheetData>'
    refused(rezipped(small(), SHEET_XML, lambda raw: raw.replace(b"</row></sheetData>", far)), "cells are too many")


def test_a_merged_range_of_the_whole_sheet_covers_what_is_there() -> None:
    merged = b'</sheetData><mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    body = rezipped(small(), SHEET_XML, lambda raw: raw.replace(b"</sheetData>", merged))
    assert [p.text for p in xlsx.read_workbook(body).paragraphs()] == ["规章"]


def test_entities_in_a_workbook_are_refused() -> None:
    laughs = b'<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;">]><worksheet'
    refused(rezipped(small(), SHEET_XML, lambda raw: raw.replace(b"<worksheet", laughs)), "entities")
