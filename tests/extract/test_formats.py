"""Workbooks, OFD, web archives, Markdown, dumps, archives: right or flagged, and one error for what is hostile."""

from __future__ import annotations

import gzip
import sys
from io import BytesIO
from pathlib import Path
from random import Random
from time import perf_counter
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from crawler.replica import render
from extract.content import Content, Paragraph, Table
from extract.formats import archives, ofd, ofd_marks, sniff, xlsx
from extract.formats import read as read_content
from extract.formats.markdown import read_markdown
from extract.formats.mht import read_mht
from extract.formats.text import read_text
from extract.records import ReportError
from tests.benchmark import formats, generated
from tests.extract.shapes import raised, read, read_all, synthetic

READABLE = ("xlsx", "xls", "ofd", "mht", "doc_html", "markdown", "markdown_loose", "dump")
SILENT = ("wrong", "missed", "silent", "unflagged", "crashed")


def texts(content: Content) -> list[list[list[str]]]:
    """Every table as rows of texts; where a merged cell continues stands `<`."""
    return [[[c.text if c.origin else "<" for c in row] for row in table.rows] for table in content.tables()]


def values(report) -> list:
    cells = [v for row in report.disclosures.values() for v in row.values()]
    return cells + [v for table in (report.applications, report.disputes) for row in table.values() for v in row]


def refused(body: bytes, words: str) -> None:
    with pytest.raises(ReportError, match=words):
        read_all(body)


# --- generated reports of known truth


@pytest.mark.parametrize("name", READABLE)
def test_generated_reports_come_out_right(name: str) -> None:
    if lacking := generated.missing(name):
        pytest.skip(f"{name} needs {lacking}, which is not installed")
    chosen = list(formats.chosen(name, 8))
    known = generated.places()
    for sample, body in zip(chosen, generated.rendered(chosen, name), strict=True):
        score = generated.judge(sample, name, generated.attempt(body, name, known))
        assert {what: getattr(score, what) for what in SILENT} == dict.fromkeys(SILENT, 0), score.problems
        assert score.right == score.nonzero or name in ("ofd", "dump"), score.problems


def test_a_dump_without_cell_bounds_gives_no_value_and_says_so_row_by_row() -> None:
    made = synthetic(7, 2023)
    report = read(render.render(made, "dump_glued", 1))
    assert set(values(report)) == {None}
    lost = {f.row for f in report.findings if f.table == "applications" and f.severity == "error"}
    assert lost >= set(report.applications)
    assert all(f.row for f in raised(report, "S08"))


# --- dumps and Markdown


def one_a_line(made) -> list[str]:
    """The dump with every cell on a line of its own."""
    return next(
        lines for seed in range(20) if "\n规章\n" in (lines := render.render(made, "dump", seed).decode())
    ).split("\n")


def test_figures_that_stand_before_their_labels_go_to_no_row() -> None:
    made = synthetic(7, 2023)
    lines = one_a_line(made)
    first = lines.index("一、本年新收政府信息公开申请数量")
    last = lines.index("四、结转下年度继续办理") + 8
    rows: list[list[str]] = []
    for line in lines[first:last]:
        if line.isdigit():
            rows[-1].append(line)
        else:
            rows.append([line])
    turned = [cell for row in rows for cell in (*row[1:], row[0])]
    straight, report = read("\n".join(lines)), read("\n".join([*lines[:first], *turned, *lines[last:]]))
    assert straight.applications["new"] == made.truth["applications"]["new"]
    assert {v for row in report.applications.values() for v in row} == {None}
    assert any(f.table == "applications" and f.severity == "error" for f in report.findings)


def test_two_figures_that_ran_together_open_the_whole_row() -> None:
    made = synthetic(7, 2023)
    lines = one_a_line(made)
    at = lines.index("（七）总计") + 1
    lines[at : at + 2] = [lines[at] + lines[at + 1]]
    report = read("\n".join(lines))
    assert report.applications["closed"] == [None] * 7
    assert [f.row for f in raised(report, "S08")] == ["closed"]


HEAD = "| 信息内容 | 本年制发件数 | 本年废止件数 | 现行有效件数 |\n|---|---|---|---|\n"


def test_pipes_brakes_and_escapes() -> None:
    content = read_markdown((HEAD + "| **规章** | 1\\|2 | 3<br>4 | &lt;5 |\n").encode())
    assert texts(content)[0][1] == ["规章", "1|2", "3\n4", "<5"]
    assert [cell.place for cell in next(content.tables()).rows[1]] == [{"line": 3}] * 4


def test_what_a_converter_repeated_over_a_merged_cell_stands_once() -> None:
    head = "| 信息内容 | 本年处理决定数量 | 本年处理决定数量 | 本年处理决定数量 |\n"
    rows = head + "| 行政许可 | 5 | 5 | 5 |\n| 行政处罚 | 5 | 6 | 5 |\n"
    assert texts(read_markdown(rows.encode()))[0] == [
        ["信息内容", "本年处理决定数量", "<", "<"],
        ["行政许可", "5", "<", "<"],
        ["行政处罚", "5", "6", "<"],
    ]


WIDE = "| 关系 | 自然人 | 商业企业 | 科研机构 | 社会公益组织 | 法律服务机构 | 其他 | 总计 |\n"


@pytest.mark.parametrize(
    ("printed", "kept"),
    [
        ("1000001 | | | | | | ", ["1000001"]),
        (" | | | | | | 1000001", ["1000001"]),
        ("10 | 0 | 0 | 0 | 0 | 01 | ", ["10", "0", "0", "0", "0", "01"]),
        ("100 | 20 | 0 | 3 | | | 4", ["100", "20", "0", "3", "4"]),
        ("120 | 0 | 0 | 0 | 0 | | 120", ["120", "0", "0", "0", "0", "", "120"]),  # the sum holds
        ("1 | 0 | | 0 | 0 | 0 | 1", ["1", "0", "", "0", "0", "0", "1"]),  # six digits are not seven figures
    ],
)
def test_a_blank_beside_figures_that_may_have_run_together_is_no_blank(printed: str, kept: list[str]) -> None:
    content = read_markdown((WIDE + f"| 一、本年新收政府信息公开申请数量 | {printed} |\n").encode())
    assert texts(content)[0][1][1:] == kept


def test_a_label_on_the_line_above_its_figures() -> None:
    head = "| 信息内容 | 本年制发件数 | 本年废止件数 | 现行有效件数 |\n"
    rows = head + "| 规章 |\n| 0 | 0 | 7 |\n| 行政规范性文件 |\n| 1 | 2 | 3 |\n"
    assert texts(read_markdown(rows.encode()))[0][1:] == [["规章", "0", "0", "7"], ["行政规范性文件", "1", "2", "3"]]
    turned = head + "| 0 | 0 | 7 |\n| 规章 |\n| 1 | 2 | 3 |\n| 行政规范性文件 |\n"
    assert ["规章", "1", "2", "3"] not in texts(read_markdown(turned.encode()))[0]


def test_html_tables_between_lines_keep_their_spans() -> None:
    table = "<table><tr><td rowspan=2>规章</td><td>1</td></tr><tr><td>2</td></tr></table>"
    content = read_content(f"# 二、主动公开政府信息情况\n\n{table}\n\n三、收到和处理政府信息公开申请情况\n".encode())
    assert content.media_type == "text/markdown"
    assert texts(content) == [[["规章", "1"], ["<", "2"]]]
    assert [p.text for p in content.paragraphs()] == ["二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况"]
    assert next(content.tables()).rows[1][1].place == {"line": 3, "row": 2, "column": 2}


def test_a_lone_line_with_pipes_is_no_table() -> None:
    content = read_markdown("来源：双桥镇 | 日期：2024-01-05\n\n政府信息公开工作年度报告\n".encode())
    assert not list(content.tables())


def test_prose_stays_prose() -> None:
    made = synthetic(7, 2023)
    prose = [p.text for p in read_text(made.text.encode()).paragraphs()]
    assert prose == [p.text for p in read_markdown(made.text.encode()).paragraphs()]


# --- workbooks


def workbook(fill) -> bytes:
    openpyxl = pytest.importorskip("openpyxl", reason="needs openpyxl")
    book = openpyxl.Workbook()
    fill(book, book.active)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def rezipped(body: bytes, name: str, change) -> bytes:
    """A container with one part altered."""
    out = BytesIO()
    with ZipFile(BytesIO(body)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for info in old.infolist():
            new.writestr(info.filename, change(old.read(info)) if info.filename == name else old.read(info))
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


# --- OFD


BODY = "<ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody>"
SPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'


def package(objects: str, area: str = "0 0 210 297") -> bytes:
    """An OFD of one page with these objects."""
    box = f"<ofd:PageArea><ofd:PhysicalBox>{area}</ofd:PhysicalBox></ofd:PageArea>"
    layer = f"<ofd:Layer>{objects}</ofd:Layer>"
    pages = '<ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/0.xml"/></ofd:Pages>'
    found = {
        "OFD.xml": f"<ofd:OFD {SPACE}>{BODY}</ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {SPACE}><ofd:CommonData>{box}</ofd:CommonData>{pages}</ofd:Document>",
        "Doc_0/Pages/0.xml": f"<ofd:Page {SPACE}><ofd:Content>{layer}</ofd:Content></ofd:Page>",
    }
    return packed(**found)


def text_object(text: str, more: str = "", delta: str = 'DeltaX="g 9 5"', start: str = 'X="0" Y="5"') -> str:
    code = f"<ofd:TextCode {start} {delta}>{text}</ofd:TextCode>"
    return f'<ofd:TextObject Boundary="20 30 100 8" Size="5" {more}>{code}</ofd:TextObject>'


def lines_of(objects: str) -> list[str]:
    return [p.text for p in ofd.read_ofd(package(objects)).paragraphs()]


@pytest.mark.parametrize("delta", ['DeltaX="5 5 5"', 'DeltaX="g 3 5"', 'DeltaX="g 2 5 5"', ""])
def test_characters_stand_at_their_advances(delta: str) -> None:
    assert lines_of(text_object("政府信息", delta=delta)) == ["政府信息"]


@pytest.mark.parametrize(
    "more",
    ['Visible="false"', 'Alpha="0"', 'Fill="false"'],
)
def test_what_is_not_shown_is_not_read(more: str) -> None:
    assert lines_of(text_object("政府信息") + text_object("公开", more).replace("20 30", "20 60")) == ["政府信息"]


def test_white_text_is_read_only_on_a_dark_ground() -> None:
    white = text_object("公开").replace("<ofd:TextCode", '<ofd:FillColor Value="255 255 255"/><ofd:TextCode')
    ground = (
        '<ofd:PathObject Boundary="10 25 100 20" Fill="true" Stroke="false"><ofd:FillColor Value="0 0 80"/>'
        "<ofd:AbbreviatedData>M 0 0 L 100 0 L 100 20 L 0 20 C</ofd:AbbreviatedData></ofd:PathObject>"
    )
    assert lines_of(white) == []
    assert lines_of(ground + white) == ["公开"]


def test_a_matrix_and_a_page_that_begins_elsewhere_move_the_place() -> None:
    plain = next(ofd.read_ofd(package(text_object("政府信息"))).paragraphs()).place
    doubled = text_object("政府信息", 'CTM="0.5 0 0 0.5 0 0"', 'DeltaX="g 3 10"', 'X="0" Y="10"').replace(
        'Size="5"', 'Size="10"'
    )
    assert next(ofd.read_ofd(package(doubled)).paragraphs()).place == plain
    moved = next(ofd.read_ofd(package(text_object("政府信息"), "10 10 210 297")).paragraphs()).place
    assert moved["bbox"][0] == pytest.approx(plain["bbox"][0] - 10 * ofd_marks.MM, abs=0.2)
    assert plain["page"] == 1 and plain["bbox"][0] == pytest.approx(20 * ofd_marks.MM, abs=0.2)


def test_two_documents_in_a_package_are_read_one_after_the_other() -> None:
    root = f"<ofd:OFD {SPACE}>{BODY}{BODY}</ofd:OFD>"
    middle = text_object("政府信息。").replace("20 30", "20 120")
    body = rezipped(package(middle), "OFD.xml", lambda _: root.encode())
    assert "".join(p.text for p in ofd.read_ofd(body).paragraphs()) == "政府信息。" * 2


def test_hostile_packages_end_in_one_error() -> None:
    refused(rezipped(package(""), "OFD.xml", lambda _: b"<OFD/>"), "no pages")
    refused(rezipped(package(""), "OFD.xml", lambda _: b"<OFD><x>"), "well-formed")
    laughs = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
    bomb = f'<!DOCTYPE o [<!ENTITY l0 "ha">{laughs}]><ofd:Page {SPACE}><ofd:Content>&l9;</ofd:Content></ofd:Page>'
    with pytest.raises(ReportError):
        read_all(rezipped(package(""), "Doc_0/Pages/0.xml", lambda _: bomb.encode()))
    rng = Random(1)
    many = (text_object("".join(chr(rng.randrange(0x4E00, 0x9F00)) for _ in range(1000)), delta="") for _ in range(401))
    refused(package("".join(many)), "marks are too many")
    refused(package(" " * 40_000_000), "times its size|too large|inflates|unpacks")
    refused(package(text_object("政府信息"))[:-60], "damaged")


def test_advances_are_no_way_to_use_memory() -> None:
    assert lines_of(text_object("政府", delta='DeltaX="g 999999999999 5"')) == ["政府"]


# --- web archives


def archive_page(html: str, headers: str = "", *more: str) -> bytes:
    parts = [f"Content-Type: text/html; charset=gb2312\nContent-Location: file:///C:/a/b.htm\n{headers}\n{html}", *more]
    body = "".join(f"--xx\n{part}\n" for part in parts)
    top = 'From: <Saved by WPS>\nMIME-Version: 1.0\nContent-Type: multipart/related; boundary="xx"; start="<main>"\n\n'
    return (top + body + "--xx--\n").encode("gb18030")


def test_the_main_part_is_read_in_its_own_charset_with_its_pictures() -> None:
    picture = "Content-Type: image/png\nContent-ID: <p1>\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo="
    other = "Content-Type: text/html; charset=gb2312\n\n<p>另一页" + "长" * 500
    page = '<meta charset="gb2312"><p>政府信息公开工作年度报告</p><img src="cid:p1">'
    content = read_mht(archive_page(page, "Content-ID: <main>\n", other, picture))
    assert [p.text for p in content.paragraphs()][:1] == ["政府信息公开工作年度报告"]
    assert content.media_type == "message/rfc822"


def test_a_member_without_a_name_is_read_like_any_other() -> None:
    """A damaged directory names it with nothing, and the standard library stumbles over that."""
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        archive.writestr("x", "not a report")
    nameless = packed.getvalue().replace(b"x" + b"PK\x05\x06", b"\0" + b"PK\x05\x06")
    assert [len(body) for _, body in archives.members(packed.getvalue())] == [12]
    with pytest.raises(ReportError):
        list(archives.members(nameless))


def test_an_archive_without_a_page_is_refused() -> None:
    top, part = (
        "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=xx\n\n",
        "--xx\nContent-Type: text/css\n\na\n",
    )
    refused(f"{top}{part}--xx--\n".encode(), "holds no page")
    refused((top + part * 900).encode(), "parts are too many")


# --- archives


def packed(**members: bytes | str) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    return out.getvalue()


def sevenzip(tmp_path: Path, **members: bytes) -> bytes:
    libarchive = pytest.importorskip("libarchive", reason="needs the extra [archives] and libarchive13")
    path = tmp_path / "made.7z"
    with libarchive.file_writer(str(path), "7zip") as archive:
        for name, body in members.items():
            archive.add_file_from_memory(name, len(body), body)
    return path.read_bytes()


def test_the_report_among_the_members_is_read_and_named() -> None:
    made = synthetic(7, 2023)
    content = read_content(
        packed(通知="关于报送政府信息公开工作年度报告的通知".encode(), 报告=made.page.encode(), 坏=b"\0\1")
    )
    assert content.media_type == "text/html" and content.meta["member"] == "报告"
    assert [(r.rule, r.message) for r in content.remarks] == [("S35", "坏: a binary file of an unknown kind")]
    assert read(packed(报告=made.page.encode())).applications == read(made.page).applications


def test_no_report_and_several_reports_are_told_with_their_names() -> None:
    made = synthetic(7, 2023)
    refused(packed(通知="关于报送政府信息公开工作年度报告的通知".encode()), "no report.*通知")
    refused(packed(甲=made.page.encode(), 乙=made.text.encode()), "2 reports.*甲.*乙")
    refused(packed(), "no report")
    assert [m.name for m in archives.read_members(packed(甲=made.page.encode(), 乙=made.text.encode()))] == ["甲", "乙"]


def test_archives_in_archives_are_read_to_a_depth_of_two() -> None:
    page = synthetic(7, 2023).page.encode()
    assert [name for name, _ in archives.members(packed(外=packed(里=page)))] == ["外/里"]
    refused(packed(a=packed(b=packed(c=page))), "deeper than 2")


def test_bombs_are_refused() -> None:
    refused(packed(a=bytes(50_000_000)), "tighter than 200")
    refused(packed(**{f"{n}": b"x" for n in range(600)}), "more than 500 members")
    refused(packed(**{f"{n}": bytes(999_000) for n in range(30)}), "200 times its size")
    refused(packed(a=b"x" * 999)[:-30], "damaged")


def test_seven_zip_is_read_by_libarchive(tmp_path: Path) -> None:
    made = synthetic(7, 2023)
    body = sevenzip(tmp_path, **{"a.html": made.page.encode()})
    assert read(body).applications == read(made.page).applications
    refused(body[: len(body) // 2], "damaged")
    refused(sevenzip(tmp_path, a=bytes(50_000_000)), "times its size")


@pytest.mark.parametrize("mark", [b"Rar!\x1a\x07\x00", b"Rar!\x1a\x07\x01\x00"])
def test_a_damaged_rar_is_one_error(mark: bytes) -> None:
    pytest.importorskip("libarchive", reason="needs the extra [archives] and libarchive13")
    refused(mark + b"\xcf\x90\x73\x00\x00\x0d\x00\x00\x00\x00\x00" * 20, "archive")


def test_without_libarchive_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "libarchive", None)
    refused(b"Rar!\x1a\x07\x01\x00" + bytes(40), r"\[archives\]|needs libarchive")


def test_a_gzip_is_an_archive_of_one() -> None:
    made = synthetic(7, 2023)
    assert read(gzip.compress(made.page.encode())).applications == read(made.page).applications
    refused(gzip.compress(bytes(50_000_000)), "times its size")
    refused(gzip.compress(made.page.encode())[:-40], "damaged")


def test_parts_nested_without_end_are_refused() -> None:
    nested = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(3000))
    refused(f"MIME-Version: 1.0\n{nested}".encode(), "nested too deeply|no page|too many")


def test_comments_without_end_are_no_trap() -> None:
    begun = perf_counter()
    assert sniff(b"<!-- a --> " * 5000 + "政府信息公开".encode()) == "text/plain"
    assert perf_counter() - begun < 2
