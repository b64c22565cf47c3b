"""What a page shows must be what is read: markup inside cells, hidden parts, heads in another order, second copies."""

from __future__ import annotations

import json
import re

import pytest
from lxml import html

from crawler.replica.reports import generate
from extract.formats.html import cell_text
from extract.records import ReportError
from tests.extract.shapes import read

BASE = generate(1, unit="990101101", organ="清溪县双桥镇", year=2023)


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<b><span>1</span></b>2", "12"),
        ("<span>1<b>2</b></span>3", "123"),
        ("<p><span><font>1</font></span>2</p>", "12"),
        ("<font>1</font><font>2</font>", "12"),
        ("1<!--9-->2", "12"),
        ("<style>p{}</style>7", "7"),
        ('<span style="display: none">1</span>7', "7"),
        ("<select><option>9</option></select>7", "7"),
        ("<p>1</p>2", "1\n2"),
        ("1<br>2", "1\n2"),
        ("5<sup>1</sup>", "5\n1"),
        ("<s>5</s>7", "5\n7"),
        ('7<a href="#note">1</a>', "7\n1"),
        ('<span style="text-decoration: line-through">5</span>7', "5\n7"),
        ('5<span style="font-size:9px;vertical-align:super">1</span>', "5\n1"),
        ('<span style="visibility: hidden">1</span>7', "7"),
        ("<p> <span>\n1 2 </span>\n</p>", "1 2"),
        ("<p><span>\u00a0</span></p>", "\u00a0"),
        ("<p>\u00a0<span>1</span></p>", "\u00a01"),
        ("<p><!--9--></p>", ""),
    ],
)
def test_a_cell_reads_as_it_is_seen(markup: str, text: str) -> None:
    cell = html.fragment_fromstring(f"<td>{markup}</td>", create_parent="div")
    assert cell_text(cell) == text


def test_results_in_another_order_are_not_placed() -> None:
    swapped = BASE.page.replace("尚未审结", "@").replace("其他结果", "尚未审结").replace("@", "其他结果")
    report = read(swapped)
    assert all(values == [None] * 5 for values in report.disputes.values())
    assert {c.row for c in report.cells if c.cls == "unassigned"} >= set(report.disputes)
    assert any(f.rule == "S10" and f.severity == "error" for f in report.findings)


def test_a_permuted_head_places_each_value_under_its_own_column() -> None:
    swapped = BASE.page.replace("科研机构", "@").replace("社会公益组织", "科研机构").replace("@", "社会公益组织")
    before, after = read(BASE.page).applications["new"], read(swapped).applications["new"]
    assert (after[2], after[3]) == (before[3], before[2])


@pytest.mark.parametrize(
    ("whole", "spoilt"),
    [
        ('colspan="5">法人', ">法人"),
        ('colspan="5">法人', 'colspan="4">法人'),
        ('rowspan="2">自然人', ">自然人"),
        ('rowspan="2">总计', ">总计"),
    ],
)
def test_a_head_that_lost_a_span_places_nothing_unsaid(whole: str, spoilt: str) -> None:
    """Some places then name another column than the reader's eye; nothing may be put there without a word."""
    assert whole in BASE.page
    before, after = read(BASE.page), read(BASE.page.replace(whole, spoilt, 1))
    said = {c.row for c in after.cells if c.cls == "unassigned"}
    for row, values in after.applications.items():
        assert values == before.applications[row] or (values == [None] * 7 and row in said)


def test_a_second_table_with_other_figures_leaves_both_open() -> None:
    found = re.search(r"<table(?:(?!<table).)*?申请人情况.*?</table>", BASE.page, re.DOTALL)
    assert found is not None
    other = re.sub(r">([1-9]\d*)<", lambda m: f">{int(m[1]) + 1}<", found.group())
    report = read(BASE.page.replace(found.group(), other + "<p>本年</p>" + found.group()))
    assert all(values == [None] * 7 for values in report.applications.values())
    assert any(f.rule == "S09" for f in report.findings)


def test_a_hidden_table_is_not_read() -> None:
    found = re.search(r"<table(?:(?!<table).)*?申请人情况.*?</table>", BASE.page, re.DOTALL)
    assert found is not None
    other = re.sub(r">([1-9]\d*)<", lambda m: f">{int(m[1]) + 1}<", found.group())
    hidden = BASE.page.replace(found.group(), f'<div style="display:none">{other}</div>' + found.group())
    assert read(hidden).applications == read(BASE.page).applications


@pytest.mark.parametrize(("head", "rows"), [("申请人情况", "applications"), ("信息内容", "disclosures")])
def test_without_a_head_no_figure_is_placed_by_its_position(head: str, rows: str) -> None:
    # every row that names columns goes: of table 三 the three lines of its head, of table 二 each block's
    columns = "申请人情况|自然人|商业企业|总计</t" if rows == "applications" else "信息内容"
    cut = re.sub(
        rf"<tr(?:(?!</tr>).)*?(?:{columns})(?:(?!</tr>).)*?</tr>", _unless_numbered, BASE.page, flags=re.DOTALL
    )
    assert head not in cut
    table = getattr(read(cut), rows)
    values = [v for row in table.values() for v in (row.values() if isinstance(row, dict) else row)]
    assert set(values) == {None}
    assert any(f.rule == "S10" and f.severity == "error" for f in read(cut).findings)


def test_a_page_that_a_style_swallowed_is_refused() -> None:
    """A style that nothing ends holds all that follows, as a browser has it; and a body in a body is one page."""
    with pytest.raises(ReportError, match="no title, table or section"):
        read("<html><head><style>p{}</head><body>" + BASE.html)
    assert read(f"<body><body>{BASE.html}</body><body></body>").applications == BASE.truth["applications"]


def test_an_article_in_a_script_is_read() -> None:
    """Guangdong's directory platform has the whole article as an escaped string (PORTALS §2.E)."""
    detail = json.dumps({"title": BASE.title, "content": BASE.html}, ensure_ascii=False).replace("</", "<\\/")
    source = (
        f"<html><body><h1>{BASE.title}</h1><script>window._CONFIG={{SID:'1',DETAIL:{detail}}}</script></body></html>"
    )
    assert read(source).applications == BASE.truth["applications"]


def _unless_numbered(row: re.Match[str]) -> str:
    """A row with figures, or of table 四, is no head of tables 二 and 三."""
    return row.group() if re.search(r">\s*\d+\s*<|结果", row.group()) else ""
