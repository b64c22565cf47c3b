"""What Word shows must be what is read: merges, nested tables, revisions, lists, fields, hidden and raised text."""

from __future__ import annotations

import io
import re
import zipfile
from random import Random

import pytest
from PIL import Image, ImageDraw, ImageFont

from crawler.replica.render import render
from crawler.replica.render.docx import Habits, changed, write
from crawler.replica.reports import generate
from extract.content import Content, Table
from extract.formats import ocr, zipped
from extract.formats.docx import MEDIA_TYPE, read_docx
from extract.formats.docx_lists import formatted
from extract.records import ReportError
from tests.extract.shapes import raised, read

BASE = generate(1, unit="990101101", organ="清溪县双桥镇", year=2023)
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
M = "http://schemas.openxmlformats.org/officeDocument/2006/math"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
BOXED = (
    '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><w:txbxContent>{0}</w:txbxContent></w:drawing>'
    "</mc:Choice><mc:Fallback><w:pict><w:txbxContent>{0}</w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
)


def docx(body: str, space: str = W, **parts: str) -> bytes:
    """A package around the body's XML; `parts` are members of word/, each tied by a relation of its own name."""
    spaces = f'xmlns:w="{space}" xmlns:r="{R}" xmlns:mc="{MC}" xmlns:a="urn:a" xmlns:m="{M}"'
    ties = "".join(f'<Relationship Id="r{k}" Type="{R}/{k}" Target="{k}.xml"/>' for k in parts)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", "<Types/>")
        file.writestr("word/document.xml", f"<w:document {spaces}><w:body>{body}</w:body></w:document>")
        file.writestr("word/_rels/document.xml.rels", f'<Relationships xmlns="{RELATIONS}">{ties}</Relationships>')
        for name, xml in parts.items():
            file.writestr(f"word/{name}.xml", f'<w:{name} xmlns:w="{space}">{xml}</w:{name}>')
    return out.getvalue()


def p(*runs: str, properties: str = "") -> str:
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{''.join(runs)}</w:p>"


def r(text: str, properties: str = "", tag: str = "t") -> str:
    return f"<w:r>{f'<w:rPr>{properties}</w:rPr>' if properties else ''}<w:{tag}>{text}</w:{tag}></w:r>"


def tc(inner: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner if '<' in inner else p(r(inner))}</w:tc>"


def tr(*cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def tbl(*rows: str, grid: tuple[int, ...] = ()) -> str:
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in grid)
    return f"<w:tbl><w:tblGrid>{columns}</w:tblGrid>{''.join(rows)}</w:tbl>"


def span(n: int, width: int = 0) -> str:
    return f'<w:tcW w:w="{width}" w:type="dxa"/><w:gridSpan w:val="{n}"/>' if width else f'<w:gridSpan w:val="{n}"/>'


def texts(content: Content) -> list[list[list[str | None]]]:
    """Tables as rows of texts; None where a cell continues."""
    return [[[c.text if c.origin else None for c in row] for row in table.rows] for table in content.tables()]


def paragraphs(content: Content) -> list[str]:
    return [paragraph.text for paragraph in content.paragraphs()]


MARK = '<w:vertAlign w:val="superscript"/>'
FIELD = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        (p(r("1"), r("2")), "12"),
        (p(r("1"), '<w:proofErr w:type="x"/><w:bookmarkStart w:id="1"/>', r("2")), "12"),
        (p(r("1")) + p(r("2")), "1\n2"),
        (p(r("1"), "<w:r><w:br/></w:r>", r("2")), "1\n2"),
        (p(r("1"), "<w:r><w:tab/></w:r>", r("2")), "1\t2"),
        (p(r("1"), "<w:r><w:noBreakHyphen/></w:r>", r("2")), "1-2"),
        (p(r("5"), r("1", MARK)), "5\n1"),
        (p(r("5"), r("1", MARK), r("2", MARK)), "5\n12"),
        (p(r("5"), r("1", '<w:vertAlign w:val="baseline"/>')), "51"),
        (p(r("5"), r("1", '<w:position w:val="8"/>')), "5\n1"),
        (p(r("5"), '<w:r><w:footnoteReference w:id="1"/></w:r>'), "5"),
        (p(r("5"), '<w:r><w:footnoteReference w:id="1" w:customMarkFollows="1"/><w:t>1</w:t></w:r>'), "5\n1"),
        (p(r("5", "<w:strike/>"), r("7")), "5\n7"),
        (p(r("5", '<w:strike w:val="0"/>'), r("7")), "57"),
        (p(r("5", "<w:dstrike/>"), r("7")), "5\n7"),
        (p(r("1", "<w:vanish/>"), r("7")), "7"),
        (p(r("1", '<w:vanish w:val="false"/>'), r("7")), "17"),
        (p(r("1", '<w:rStyle w:val="Hidden"/>'), r("7")), "7"),
        (p(r("5"), r("1", '<w:rStyle w:val="Mark"/>')), "5\n1"),
        (p(r("1"), properties='<w:pStyle w:val="Unseen"/>') + p(r("7")), "7"),
        (p("<w:ins>" + r("8") + "</w:ins><w:del>" + r("5", tag="delText") + "</w:del>"), "8"),
        (p("<w:moveFrom>" + r("5") + "</w:moveFrom><w:moveTo>" + r("6") + "</w:moveTo>"), "6"),
        (p(r("1"), "<w:hyperlink>" + r("2") + "</w:hyperlink>"), "12"),
        (p("<w:sdt><w:sdtPr/><w:sdtContent>" + r("7") + "</w:sdtContent></w:sdt>"), "7"),
        ("<w:sdt><w:sdtContent>" + p(r("7")) + "</w:sdtContent></w:sdt>", "7"),
        (p('<w:fldSimple w:instr=" =SUM(LEFT) 9 ">' + r("7") + "</w:fldSimple>"), "7"),
        (
            p(
                FIELD.format("begin"),
                r("=2+9", tag="instrText"),
                r("9"),
                FIELD.format("separate"),
                r("7"),
                FIELD.format("end"),
                r("3"),
            ),
            "73",
        ),
        (p(FIELD.format("begin"), r("9")) + p(r("7")), "7"),
        (p(r("5"), '<w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>'), "5\uf0fc"),
        (p(r("5"), "<m:oMath><m:r><m:t>3</m:t></m:r></m:oMath>"), "5\n3"),
        (p("<w:r><w:ruby><w:rt>" + r("9") + "</w:rt><w:rubyBase>" + r("7") + "</w:rubyBase></w:ruby></w:r>"), "7"),
        (p(r("5"), BOXED.format(p(r("6")))), "5\n6"),
        (p(r("3")) + tbl(tr(tc("5"))), "3\n5"),
        (tbl(tr(tc("5"), tc("6"))), "5\n6"),
        (p(r(" 5 ")), "5"),
    ],
)
def test_a_cell_reads_as_it_is_seen(xml: str, text: str) -> None:
    styles = (
        '<w:style w:styleId="Hidden"><w:basedOn w:val="Below"/></w:style>'
        '<w:style w:styleId="Below"><w:rPr><w:vanish/></w:rPr></w:style>'
        f'<w:style w:styleId="Mark"><w:rPr>{MARK}</w:rPr></w:style>'
        '<w:style w:styleId="Unseen"><w:rPr><w:vanish/></w:rPr></w:style>'
    )
    content = read_docx(docx(tbl(tr(tc("项目"), tc(xml))), styles=styles))
    assert texts(content) == [[["项目", text]]]


def test_merged_cells_stand_once_at_their_first_field() -> None:
    body = tbl(
        tr(tc("甲", span(2)), tc("乙", '<w:vMerge w:val="restart"/>')),
        tr(tc("1"), tc("2"), tc("9", "<w:vMerge/>")),
        tr(tc("3"), tc("4"), tc("5")),
        grid=(500, 500, 500),
    )
    # what a continued cell holds, Word does not show
    assert texts(read_docx(docx(body))) == [[["甲", None, "乙"], ["1", "2", None], ["3", "4", "5"]]]


def test_a_continued_cell_under_none_is_a_cell() -> None:
    body = tbl(tr(tc("甲"), tc("乙")), tr(tc("1"), tc("2", "<w:vMerge/>")))
    assert texts(read_docx(docx(body))) == [[["甲", "乙"], ["1", "2"]]]


def test_grid_columns_left_out_before_a_row_keep_its_cells_in_place() -> None:
    body = tbl(tr(tc("甲"), tc("乙"), tc("丙")), tr(tc("5"), tc("6"), properties='<w:gridBefore w:val="1"/>'))
    assert texts(read_docx(docx(body)))[0][1] == [None, "5", "6"]


def test_shifted_borders_make_no_column() -> None:
    """LibreOffice and a hand that drags borders leave a grid line more than a reader sees."""
    body = tbl(
        tr(tc("甲", span(1)), tc("乙", span(2)), tc("丙")),
        tr(tc("1", span(2)), tc("2", span(1)), tc("3")),
        grid=(800, 40, 760, 800),
    )
    assert texts(read_docx(docx(body))) == [[["甲", "乙", "丙"], ["1", "2", "3"]]]


def test_a_narrow_cell_is_a_column_all_the_same() -> None:
    body = tbl(tr(tc("甲"), tc("1"), tc("乙")), tr(tc("丙", span(2)), tc("2")), grid=(800, 150, 800))
    assert texts(read_docx(docx(body))) == [[["甲", "1", "乙"], ["丙", None, "2"]]]


def test_missing_spans_are_told_by_widths() -> None:
    def wide(text: str, width: int) -> str:
        return tc(text, f'<w:tcW w:w="{width}" w:type="dxa"/>')

    body = tbl(
        tr(wide("信息内容", 1500), wide("本年处理决定数量", 1500)),
        tr(wide("甲", 500), wide("乙", 1000), wide("5", 1500)),
        grid=(500, 1000, 1500),
    )
    assert texts(read_docx(docx(body)))[0][0] == ["信息内容", None, "本年处理决定数量"]


def test_a_large_table_in_a_layout_cell_comes_out_as_its_own() -> None:
    inner = tbl(*(tr(tc(f"行{n}"), tc(str(n))) for n in range(5)))
    content = read_docx(docx(tbl(tr(tc(p(r("标题")) + inner + p(r("落款"))), tc("")))))
    assert texts(content) == [[[f"行{n}", str(n)] for n in range(5)]]
    assert [type(block) is Table for block in content.blocks] == [False, True, False]


def test_a_large_table_in_a_cell_of_a_table_leaves_both_whole() -> None:
    inner = tbl(*(tr(tc(f"行{n}"), tc(str(n))) for n in range(5)))
    outer = tbl(tr(tc("甲"), tc("1")), tr(tc("乙"), tc("2")), tr(tc("丙"), tc(p(r("3")) + inner)))
    assert texts(read_docx(docx(outer))) == [
        [["甲", "1"], ["乙", "2"], ["丙", "3"]],
        [[f"行{n}", str(n)] for n in range(5)],
    ]


def test_a_table_of_one_column_is_a_frame() -> None:
    content = read_docx(docx(tbl(tr(tc("第一段")), tr(tc("第二段")))))
    assert (paragraphs(content), texts(content)) == (["第一段", "第二段"], [])


def test_a_text_box_is_read_once_after_its_paragraph() -> None:
    box = BOXED.format(p(r("框内")) + tbl(tr(tc("甲"), tc("1"))))
    content = read_docx(docx(p(r("正文"), box) + p(r("后文"))))
    assert (paragraphs(content), texts(content)) == (["正文", "框内", "后文"], [[["甲", "1"]]])


def test_marks_never_run_into_a_figure_of_the_text() -> None:
    body = p(r("收到申请5"), r("1", MARK), r("件")) + p(r("办结5"), r("3", "<w:strike/>"), r("7件"))
    assert paragraphs(read_docx(docx(body))) == ["收到申请5[1]件", "办结5[3]7件"]


# --- revisions (S32)


def tracked(old: str, new: str) -> str:
    return p(f"<w:del>{r(old, tag='delText')}</w:del><w:ins>{r(new)}</w:ins>")


def test_a_figure_changed_by_a_revision_is_told_at_its_cell() -> None:
    content = read_docx(docx(p(r("正文")) + tbl(tr(tc("行政许可"), tc(tracked("38", "83"))))))
    places = [(remark.rule, remark.place) for remark in content.remarks]
    assert places == [("S32", {"table": 1, "row": 1, "column": 2}), ("S32", None)]
    assert "“38”" in content.remarks[0].message and "“83”" in content.remarks[0].message


def test_a_deleted_row_is_not_read() -> None:
    body = tbl(tr(tc("甲"), tc("1")), tr(tc("甲"), tc("2"), properties="<w:del/>"), tr(tc("乙"), tc("3")))
    content = read_docx(docx(body))
    assert texts(content) == [[["甲", "1"], ["乙", "3"]]]
    assert [remark.rule for remark in content.remarks] == ["S32"]


def test_a_report_with_revisions_is_read_as_accepted_and_says_so() -> None:
    report = read(write(BASE, Habits(tracked=True), Random(3)))
    assert report.applications == BASE.truth["applications"]
    told = {(f.table, f.row, f.column) for f in raised(report, "S32") if f.table}
    assert told == changed(BASE) and len(told) > 3, "every changed figure has its finding, and no other"


def test_a_report_without_revisions_raises_no_s32() -> None:
    assert not raised(read(render(BASE, "docx", 1)), "S32")
    properties = '<w:rPr><w:rPrChange w:id="1"><w:rPr><w:b/></w:rPr></w:rPrChange></w:rPr>'  # looks only
    assert read_docx(docx(p(r("正文"), properties=properties))).remarks == ()


# --- lists


def numbering(*levels: tuple[str, str], extra: str = "") -> str:
    made = "".join(
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for n, (form, text) in enumerate(levels)
    )
    number = '<w:num w:numId="3"><w:abstractNumId w:val="7"/></w:num>'
    return f'<w:abstractNum w:abstractNumId="7">{made}</w:abstractNum>{number}{extra}'


def item(text: str, depth: int = 0, number: int = 3) -> str:
    return p(r(text), properties=f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>')


def test_lists_print_the_numbers_that_the_text_lacks() -> None:
    lists = numbering(("chineseCounting", "%1、"), ("chineseCountingThousand", "（%2）"), ("decimal", "%3."))
    body = item("总体情况") + item("主动公开", 1) + item("依申请公开", 1) + item("其一", 2) + item("主动公开情况")
    body += item("再一", 1) + item("无号", number=0)
    shown = ["一、总体情况", "（一）主动公开", "（二）依申请公开", "1. 其一", "二、主动公开情况", "（一）再一", "无号"]
    assert paragraphs(read_docx(docx(body, numbering=lists))) == shown


def test_a_list_can_begin_anew_and_elsewhere() -> None:
    start = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>'
    start = f'<w:num w:numId="4"><w:abstractNumId w:val="7"/>{start}</w:num>'
    body = item("甲") + item("乙") + item("丙", number=4) + item("丁", number=4) + item("戊")
    made = paragraphs(read_docx(docx(body, numbering=numbering(("decimal", "%1、"), extra=start))))
    assert made == ["1、甲", "2、乙", "5、丙", "6、丁", "7、戊"]


def test_a_style_can_carry_the_list() -> None:
    styles = '<w:style w:styleId="H"><w:pPr><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr></w:style>'
    body = p(r("总体情况"), properties='<w:pStyle w:val="H"/>') * 2
    content = read_docx(docx(body, numbering=numbering(("chineseCounting", "%1、")), styles=styles))
    assert paragraphs(content) == ["一、总体情况", "二、总体情况"]


def test_a_list_number_never_runs_into_a_figure() -> None:
    body = tbl(tr(tc("甲"), tc(item("5"))))
    assert texts(read_docx(docx(body, numbering=numbering(("decimal", "%1."))))) == [[["甲", "1.\n5"]]]


@pytest.mark.parametrize(
    ("number", "form", "text"),
    [
        (10, "chineseCounting", "十"),
        (21, "chineseCounting", "二十一"),
        (105, "chineseCountingThousand", "一百零五"),
        (1010, "chineseCountingThousand", "一千零一十"),
        (3, "ideographTraditional", "丙"),
        (2, "ideographZodiac", "丑"),
        (3, "decimalEnclosedCircle", "③"),
        (12, "chineseLegalSimplified", "壹拾贰"),
        (4, "upperRoman", "IV"),
        (28, "lowerLetter", "bb"),
        (7, "decimalZero", "07"),
        (7, "ofSomeOtherKind", "7"),
        (3, "bullet", ""),
    ],
)
def test_numbers_are_formatted_as_word_does(number: int, form: str, text: str) -> None:
    assert formatted(number, form) == text


def test_headings_that_only_the_list_numbers_are_found_as_sections() -> None:
    report = read(write(BASE, Habits(numbered=True), Random(1)))
    assert [section.number for section in report.sections if section.number] == [1, 2, 3, 4, 5, 6]
    assert all(section.heading[1:2] == "、" for section in report.sections if section.number)


# --- packages


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


def altered(body: bytes, name: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            new.writestr(member, data if member == name else old.read(member))
    return out.getvalue()


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


# --- what LibreOffice makes of uneven tables, pictures, depth


def test_rows_stretched_to_the_width_of_a_longer_one_keep_their_columns() -> None:
    """Rows of 2400 and one of 3000 come back as wide as one another, on a grid that no row has whole."""
    rows = [
        tr(tc("甲", span(2)), tc("乙", span(2)), tc("丁", span(2)), tc("戊", span(2))),
        tr(tc("一", span(2)), tc("1", span(2)), tc("2", span(2)), tc("3", span(2))),
    ]
    lines = sorted({600, 1200, 1800, 2400, 3000, 750, 1500, 2250})
    grid = tuple(b - a for a, b in zip([0, *lines], lines, strict=False))
    long = tr(tc("丙"), tc("4", span(2)), tc("5", span(2)), tc("6", span(2)), tc("7"))
    assert texts(read_docx(docx(tbl(*rows, long, grid=grid)))) == [
        [["甲", "乙", "丁", "戊"], ["一", "1", "2", "3"], ["丙", "4", "5", "6", "7"]]
    ]


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


def test_nesting_as_deep_as_the_parser_lets_through_is_read() -> None:
    inner = p(r("底"))
    for _ in range(60):
        inner = f"<w:tbl><w:tr><w:tc>{inner}</w:tc></w:tr></w:tbl>"
    assert paragraphs(read_docx(docx(inner))) == ["底"]
