"""What Word shows must be what is read: merges, nested tables, fields, text boxes, hidden and raised text."""

from __future__ import annotations

import pytest

from extract.content import Table
from extract.formats.docx import read_docx
from tests.extract.word_xml import BOXED, MARK, docx, p, paragraphs, r, span, tbl, tc, texts, tr

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


def test_nesting_as_deep_as_the_parser_lets_through_is_read() -> None:
    inner = p(r("底"))
    for _ in range(60):
        inner = f"<w:tbl><w:tr><w:tc>{inner}</w:tc></w:tr></w:tbl>"
    assert paragraphs(read_docx(docx(inner))) == ["底"]


def test_a_text_box_is_read_once_after_its_paragraph() -> None:
    box = BOXED.format(p(r("框内")) + tbl(tr(tc("甲"), tc("1"))))
    content = read_docx(docx(p(r("正文"), box) + p(r("后文"))))
    assert (paragraphs(content), texts(content)) == (["正文", "框内", "后文"], [[["甲", "1"]]])


def test_marks_never_run_into_a_figure_of_the_text() -> None:
    body = p(r("收到申请5"), r("1", MARK), r("件")) + p(r("办结5"), r("3", "<w:strike/>"), r("7件"))
    assert paragraphs(read_docx(docx(body))) == ["收到申请5[1]件", "办结5[3]7件"]
