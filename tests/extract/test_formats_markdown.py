"""Markdown and lines: pipes, repeated and run-together cells, HTML tables between lines, prose."""

from __future__ import annotations

import pytest

from extract.formats import read as read_content
from extract.formats.markdown import read_markdown
from extract.formats.text import read_text
from tests.extract.containers import texts
from tests.extract.shapes import synthetic

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
