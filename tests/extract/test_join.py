"""A page and its attachments give one Report, whatever stands where; copies that differ are told."""

from __future__ import annotations

import base64
import io
import re
import zipfile
from dataclasses import replace

import pytest

from crawler.items import Document
from crawler.replica.reports import generate
from crawler.warc import digest_of
from extract.formats import ocr, read
from extract.join import read_with
from extract.records import Report, ReportError
from tests.extract.shapes import FETCHED, places, raised
from tests.extract.shapes import read as read_one

ORGAN = "清溪县双桥镇"
MADE = generate(1, unit="990101101", organ=ORGAN, year=2023)
PAGE, TEXT = MADE.page, MADE.text
TABLES = re.findall(r"<table.*?</table>", PAGE, flags=re.DOTALL)
NO_TABLES = re.sub(r"<table.*?</table>", "", PAGE, flags=re.DOTALL)
UNTITLED = TEXT.split("\n", 1)[1].replace(ORGAN, "本镇")
COVER = """<html><head><meta name="ArticleTitle" content="清溪县双桥镇2023年政府信息公开工作年度报告">
<meta name="PubDate" content="2024——01——20 10∶00"><meta name="SiteIDCode" content="9901010001"></head>
<body><p>附件：<a href="a.txt">年报</a></p></body></html>"""


def document(body: bytes, name: str) -> Document:
    return Document(
        digest_of(body), f"http://www.qingxi.test/{name}", FETCHED, "", name, None, None, None, None, None, "w"
    )


def joined(page: str, *attachments: tuple[str, str | bytes]) -> list[Report]:
    bodies = [(name, body.encode() if isinstance(body, str) else body) for name, body in attachments]
    hung = [(document(body, name), body) for name, body in bodies]
    return read_with(page.encode(), document(page.encode(), "a.html"), hung, places())


def only(page: str, *attachments: tuple[str, str | bytes]) -> Report:
    (report,) = joined(page, *attachments)
    return report


def right(report: Report) -> bool:
    return (report.applications, report.disputes) == (MADE.truth["applications"], MADE.truth["disputes"])


def html(*tables: str) -> str:
    return f"<html><body>{''.join(tables)}</body></html>"


# --- copies


def test_a_page_without_attachments_is_read_alone() -> None:
    assert only(PAGE) == replace(only(PAGE, ("note.txt", "本镇概况\n")))


def test_the_same_report_twice_is_one() -> None:
    report = only(PAGE, ("a.txt", TEXT))
    assert right(report)
    assert report.digest == digest_of(PAGE.encode())
    assert raised(report, "S34") == []


def test_the_copy_with_fewer_open_cells_is_read() -> None:
    spoilt = re.sub(r"(予以公开.*?</tr>)", lambda m: m[1].replace("<td>", "<td>？", 3), PAGE, count=1, flags=re.DOTALL)
    assert read_one(spoilt).applications["granted"][0] != MADE.truth["applications"]["granted"][0]
    report = only(spoilt, ("a.txt", TEXT))
    assert right(report)
    assert (report.digest, report.media_type) == (digest_of(TEXT.encode()), "text/plain")


def test_a_cell_that_differs_is_told_with_both_figures() -> None:
    other, count = re.subn(r"(结转下年度继续办理\n(?:\t\d+\n){6}\t)\d+\n", r"\g<1>9\n", TEXT)
    assert count == 1
    report = only(PAGE, ("a.txt", other))
    (found,) = raised(report, "S34")
    assert (found.table, found.row, found.column) == ("applications", "carried_out", "total")
    assert (found.left, found.right, found.severity, found.origin) == (0, 9, "error", "source")
    assert found.place["document"] == digest_of(other.encode())
    assert right(report), "the page's own figures stand"


def test_who_is_to_blame_cannot_be_told_of_a_converted_copy() -> None:
    other, count = re.subn(r"(结转下年度继续办理(?:\t+\d+){6}\t)\d+\n", r"\g<1>9\n", MADE.tabbed)
    assert count == 1
    assert [f.origin for f in raised(only(PAGE, ("a.txt", other)), "S34")] == ["unknown"]


def test_another_year_is_another_report() -> None:
    last = generate(2, unit="990101101", organ=ORGAN, year=2022)
    reports = joined(PAGE, ("2022.txt", last.text))
    assert [(r.year, raised(r, "S34")) for r in reports] == [(2023, []), (2022, [])]


def test_the_site_names_the_place_of_a_namesake() -> None:
    body = "".join(f"<p>{line}</p>" for line in ["双桥镇2023年政府信息公开工作年度报告"]) + "".join(TABLES)
    page = "<html><head>{}</head><body>{}</body></html>"
    site = '<meta name="SiteIDCode" content="9901010001">'
    found = [read_one(page.format(head, body)).unit.id for head in ("", site)]
    assert found == [None, "990101101"]


# --- parts


def test_the_report_hangs_on_a_cover() -> None:
    report = only(COVER, ("a.txt", UNTITLED))
    assert right(report)
    assert (report.id, report.year) == ("990101101-2023", 2023)
    assert report.url == "http://www.qingxi.test/a.txt"
    undated = re.sub(r"(?m)^\d{4}年\d+月\d+日$", "", UNTITLED)
    assert only(COVER, ("a.txt", undated)).published_on == "2024-01-20"


@pytest.mark.parametrize("order", [[0, 1, 2], [2, 0, 1], [2, 1, 0]])
def test_text_in_the_page_tables_in_attachments(order: list[int]) -> None:
    parts = [(f"{n}.html", html(TABLES[n])) for n in order]
    report = only(NO_TABLES, *parts)
    assert right(report)
    assert report.disclosures == read_one(PAGE).disclosures
    assert len(report.sections) == len(read_one(PAGE).sections)
    assert report.digest == digest_of(NO_TABLES.encode())
    assert raised(report, "S04") == []


def test_a_place_names_the_document_of_its_table() -> None:
    spoilt = TABLES[1].replace("<td>0</td>", "<td></td>", 1)
    body = html(spoilt)
    report = only(NO_TABLES, ("0.html", html(TABLES[0])), ("1.html", body), ("2.html", html(TABLES[2])))
    (cell,) = [c for c in report.cells if c.cls == "blank"]
    assert cell.place["document"] == digest_of(body.encode())
    assert {"table", "row", "column"} <= set(cell.place)
    (found,) = raised(report, "S11")
    assert found.place == cell.place


def test_the_page_keeps_the_tables_that_it_has() -> None:
    page = PAGE.replace(TABLES[1], "")
    report = only(page, ("t.html", html(TABLES[1])))
    assert right(report)
    assert raised(report, "S34") == []


def test_a_table_that_stands_twice_is_compared() -> None:
    page = PAGE.replace(TABLES[2], "")
    both = html(re.sub(r"<td>7</td>", "<td>8</td>", TABLES[1], count=1), TABLES[2])
    found = raised(only(page, ("t.html", both)), "S34")
    assert [(f.left, f.right) for f in found] == [(7, 8)]


def test_members_of_an_archive_are_attachments() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for n, table in enumerate(TABLES):
            archive.writestr(f"表{n}.html", html(table))
    report = only(NO_TABLES, ("tables.zip", packed.getvalue()))
    assert right(report)


# --- what cannot be read


BROKEN = ("a.bin", b"\0\1\2" * 200)


def test_an_attachment_that_cannot_be_read_is_told() -> None:
    (found,) = raised(only(NO_TABLES, BROKEN), "S35")
    assert (found.severity, found.quote) == ("warning", "a.bin")
    (found,) = raised(only(PAGE, BROKEN), "S35")
    assert found.severity == "info"


def test_nothing_readable_is_the_attachments_error() -> None:
    with pytest.raises(ReportError) as caught:
        joined(COVER, BROKEN)
    assert caught.value.document == "a.bin"


def test_a_cover_alone_is_no_report() -> None:
    with pytest.raises(ReportError, match="attachment"):
        joined(COVER)


# --- pictures in the page


def shown(*pictures: str) -> str:
    """The page with a picture in the place of each table."""
    page = PAGE
    for table, picture in zip(TABLES, pictures, strict=True):
        page = page.replace(table, picture)
    return page


def test_a_missing_table_may_be_in_a_picture() -> None:
    page = shown('<p><img src="./W020240120.png"/></p>', TABLES[1], '<p><img src="/images/logo.png"/></p>')
    told = {f.table: f.message for f in raised(read_one(page), "S04")}
    assert "picture" in told["disclosures"]
    assert "picture" not in told["disputes"], "an ornament holds no table"


def test_the_picture_that_was_fetched_is_no_longer_missing() -> None:
    page = shown('<p><img src="./W0.png"/></p>', TABLES[1], TABLES[2])
    report = only(page, ("W0.png", html(TABLES[0])))
    assert raised(report, "S04") == []
    assert report.disclosures == read_one(PAGE).disclosures


def test_pictures_of_a_complete_page_are_left_alone() -> None:
    noise = base64.b64encode(bytes(range(256)) * 40).decode()
    page = PAGE.replace('class="article">', f'class="article"><img src="data:image/png;base64,{noise}"/>')
    content = read(page.encode())
    assert (len(content.pictures), content.remarks) == (1, ())
    assert right(read_one(page))
    assert raised(read_one(page), "S31") == []


@pytest.mark.skipif(ocr.missing() is not None, reason=f"{ocr.missing()} is not installed")
def test_a_table_in_a_picture_in_the_page_is_read_where_it_stands() -> None:
    drawing = pytest.importorskip("crawler.replica.render.pictures")
    pytest.importorskip("reportlab")
    from random import Random

    from crawler.replica.tables import Grid

    grid = [block for block in MADE.blocks if isinstance(block, Grid)][2]
    coded = base64.b64encode(drawing.picture(grid, Random(1))).decode()
    page = shown(TABLES[0], TABLES[1], f'<p><img src="data:image/png;base64,{coded}"/></p>')
    report = read_one(page)
    assert report.disputes == MADE.truth["disputes"]
    assert raised(report, "S31")
    assert raised(report, "S04") == []
