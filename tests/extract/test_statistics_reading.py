"""The statistics table of 2014 is read in every layout; what is missing, moved or doubled holds no value."""

from __future__ import annotations

import re

import pytest

from crawler.items import Document
from crawler.replica import render, statistics
from crawler.replica.statistics_form import ROWS, SHARED
from extract.join import read_with
from tests.extract.shapes import places, raised, read, swap
from tests.extract.statistics_reports import FIGURES, NAMES, PLAIN, SHAPES, edited, layout, line, made, without, wrong


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("kind", ["plain", "numbered", "halves", "year_head"])
def test_every_layout_in_every_shape(shape: str, kind: str) -> None:
    report = read(getattr(layout(kind), shape))
    assert report.form == "2014"
    assert list(report.statistics) == NAMES
    assert report.statistics == layout(kind).truth["statistics"]
    assert report.disclosures == report.applications == report.disputes == {}
    assert [f for f in report.findings if f.severity in ("error", "warning")] == []


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("fault", statistics.FAULTS)
def test_faults(shape: str, fault: str) -> None:
    for seed in range(8):
        report = made(seed, (fault,))
        truth = report.truth if shape == "page" else report.text_truth
        seen = read(getattr(report, shape))
        optional = {row for _, row, _ in truth["optional"]}
        assert [name for name in wrong(seen, truth["statistics"]) if name not in optional] == []
        rules = {f.rule for f in seen.findings}
        assert set(truth["expect"]) <= rules
        assert rules.isdisjoint(truth["must_not_fire"])
        at = {f.row for f in seen.findings} | {c.row for c in seen.cells}
        assert {row for _, row, _ in truth["cells_flagged"]} <= at


@pytest.mark.parametrize("name", ["docx", "xlsx", "markdown", "dump", "zip"])
def test_other_formats(name: str) -> None:
    if lacking := render.missing(name):
        pytest.skip(f"needs {lacking}")
    from tests.extract.shapes import read_all

    (report,) = read_all(render.render(PLAIN, name, 1), "x")
    assert report.form == "2014"
    assert report.statistics == FIGURES


@pytest.mark.parametrize("between", [" ", "\n"])
def test_lines_without_any_table(between: str) -> None:
    head, body = PLAIN.tabbed.split("统计表\n", 1)
    report = read(head + "统计表\n" + re.sub(r"\t+", between, body))
    assert report.statistics == FIGURES
    assert not any("当面申请数" in section.text for section in report.sections)


@pytest.mark.parametrize("gone", ["不同意公开答复数", "被依法纠错数", "政务微博", "收到申请数", "制发规范性文件总数"])
@pytest.mark.parametrize("shape", ["page", "tabbed"])
def test_a_missing_row_shifts_no_figure(gone: str, shape: str) -> None:
    name = next(name for name, _, label, _ in ROWS if gone in label)
    document = without(PLAIN.tabbed, gone) if shape == "tabbed" else _page_without(gone)
    report = read(document)
    assert report.statistics == FIGURES | {name: None}
    assert [f.row for f in raised(report, "S05")] == [name]


def _page_without(label: str) -> str:
    row = next(r for r in re.findall(r"<tr>.*?</tr>", PLAIN.page, re.S) if label in re.sub("<[^>]+>", "", r))
    return swap(PLAIN.page, (row, ""))


def test_a_label_of_two_parents_is_left_open_where_neither_is_near() -> None:
    lonely = without(PLAIN.tabbed, "四、行政复议数量", "维持具体行政行为数", "其他情形数", "五、行政诉讼数量")
    lonely = without(lonely, "维持具体行政行为或者", "被依法纠错数", "其他情形数")
    report = read(lonely)
    assert report.statistics["reconsiderations.corrected"] is None
    assert report.statistics["lawsuits.corrected"] is None
    assert [f.rule for f in report.findings if f.row in ("reconsiderations.corrected", "lawsuits.corrected")] == [
        "S05",
        "S06",
    ]


def test_a_parent_below_the_gap_still_tells() -> None:
    report = read(without(PLAIN.tabbed, "四、行政复议数量", "维持具体行政行为数"))
    assert report.statistics == FIGURES | {"reconsiderations": None, "reconsiderations.upheld": None}
    only_suits = without(PLAIN.tabbed, "四、行政复议数量", "维持具体行政行为数", "被依法纠错数", "其他情形数")
    report = read(only_suits)
    assert report.statistics["lawsuits.corrected"] == FIGURES["lawsuits.corrected"]
    assert report.statistics["reconsiderations.corrected"] is None


def test_rows_out_of_order_hold_no_value() -> None:
    moved = line(PLAIN.tabbed, "收到申请数")
    report = read(
        swap(
            PLAIN.tabbed,
            (moved + "\n", ""),
            (line(PLAIN.tabbed, "接受培训人员数"), moved + "\n" + line(PLAIN.tabbed, "接受培训人员数")),
        )
    )
    assert report.statistics["requests"] is None
    assert "out of the form" in next(f.message for f in raised(report, "S05") if f.row == "requests")


def test_two_figures_in_a_row_are_nobodys() -> None:
    row = line(PLAIN.tabbed, "收到申请数")
    report = read(swap(PLAIN.tabbed, (row, row + "\t77")))
    assert report.statistics == FIGURES | {"requests": None}
    assert [(f.rule, f.row) for f in report.findings if f.severity == "error"] == [("S09", "requests")]


@pytest.mark.parametrize("head", ["上年数", "2015年"])
def test_last_years_column(head: str) -> None:
    """The head says which column is another year's; two years side by side leave all open."""
    kept = head == "上年数"
    rows = re.sub(r"(<td>[^<]*</td>)\n?</tr>", r"<td>41</td>\1</tr>", _headed(PLAIN.page, head))
    report = read(rows)
    assert report.statistics["requests"] == (FIGURES["requests"] if kept else None)
    assert bool(raised(report, "S10")) is not kept


@pytest.mark.parametrize("between", ["\t", " "])
def test_one_figure_left_of_two_columns_is_nobodys(between: str) -> None:
    """上年数 and 本年数, one of them lost in a row: which one is left, nothing shows."""
    head, body = PLAIN.tabbed.split("统  计  指  标\t单位\t统计数\n", 1)
    table, rest = body.split("清溪县人民政府\n", 1)
    rows = "统计指标\t单位\t上年数\t本年数\n" + re.sub(r"\t(\d[\d.]*)$", r"\t41\t\1", table, flags=re.M)
    lost = re.sub(r"(收到申请数\t件)\t41", r"\1", rows)
    report = read(head + lost.replace("\t", between) + "清溪县人民政府\n" + rest)
    assert report.statistics["requests"] is None
    assert {f.rule for f in report.findings if f.row == "requests"} == {"S10"}
    assert 41 not in report.statistics.values() or 41 in FIGURES.values()


def _headed(page: str, head: str) -> str:
    """The page with a column of `head` before the last one; figures 41."""
    page = swap(page, ("<td>统计数</td>", "<td>本年数</td>" if head == "上年数" else "<td>2016年</td>"))
    at = page.index("统  计  指  标")
    start = page.rindex("<tr>", 0, at)
    end = page.index("</tr>", at)
    return (
        page[:start]
        + page[start:end].replace("<td>单位</td>", f"<td>单位</td><td>{head}</td>")
        + "<!-- -->"
        + page[end:]
    )


def test_money_is_kept_in_yuan_by_the_printed_unit() -> None:
    row = line(PLAIN.tabbed, "专项经费")
    label = row.split("\t")[0]
    for unit, figure, yuan in (("万元", "3.25", 32500), ("元", "3250", 3250)):
        report = read(swap(PLAIN.tabbed, (row, f"{label}\t{unit}\t{figure}")))
        assert report.statistics["means.budget"] == yuan
        assert raised(report, "U01") == []
    report = read(swap(PLAIN.tabbed, (row, f"{label}\t\t3.25")))
    assert report.statistics["means.budget"] == 3.25
    assert [f.row for f in raised(report, "U01")] == ["means.budget"]
    assert raised(report, "A08") == []


@pytest.mark.parametrize(("printed", "value"), [("12人次", 12), ("十二人次", "十二人次"), ("1 2", None)])
def test_a_unit_in_the_cell(printed: str, value: object) -> None:
    report = read(edited("接受培训人员数", printed))
    assert report.statistics["training.participants"] == value
    assert raised(report, "S13" if value == 12 else "S12" if value else "S15")


def test_a_row_that_the_form_lacks_is_said_and_its_foot_is_not() -> None:
    row = line(PLAIN.tabbed, "六、举报投诉数量")
    more = swap(PLAIN.tabbed, (row, "专题协商次数\t次\t4\n" + row))
    foot = line(more, "接受培训人员数")
    report = read(swap(more, (foot, foot + "\n联系电话\t\t5550123")))
    assert report.statistics == FIGURES
    assert [f.quote for f in raised(report, "S36")] == ["专题协商次数"]
    assert raised(read(PLAIN.tabbed), "S36") == []


def test_a_table_that_hangs_on_the_page() -> None:
    page, table = PLAIN.page.split("<table", 1) if "<table" in PLAIN.page else ("", "")
    body = f"<html><body><table{table}"
    document = Document("sha256:" + "1" * 64, None, "2017-04-01T00:00:00Z", "text/html", "page", *[None] * 5, "w")
    hung = Document("sha256:" + "2" * 64, None, "2017-04-01T00:00:00Z", "text/html", "附件", *[None] * 5, "w")
    (report,) = read_with(page.encode(), document, [(hung, body.encode())], places())
    assert report.form == "2014"
    assert report.year == 2016
    assert report.statistics == FIGURES


def test_accuracy_over_generated_reports() -> None:
    """Right or open with a word, in every shape; every planted fault is raised (figures: 200 reports, see README)."""
    nonzero = right = 0
    for seed in range(40):
        faults = (sorted(statistics.FAULTS)[seed % len(statistics.FAULTS)],) if seed % 3 else ()
        report = made(seed, faults, 2014 + seed % 5)
        for shape in SHAPES:
            truth = (report.truth if shape == "page" else report.text_truth)["statistics"]
            seen = read(getattr(report, shape))
            open_ = {name for name in wrong(seen, truth)}
            assert open_ <= set(SHARED)
            nonzero += sum(bool(v) for v in truth.values())
            right += sum(bool(v) and seen.statistics[name] == v for name, v in truth.items())
    assert right >= 0.999 * nonzero > 1000
