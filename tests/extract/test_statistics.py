"""The statistics table of 2014: its rows by label, parent and order; its sums; reports of text alone; near misses."""

from __future__ import annotations

import re
from functools import cache
from itertools import combinations

import pytest

from crawler.items import Document
from crawler.replica import render, reports, statistics
from crawler.replica.statistics_form import NAMES as PRINTED
from crawler.replica.statistics_form import ROWS, SHARED, SUMS
from extract.forms import load as later_forms
from extract.forms.statistics import load
from extract.join import read_with
from extract.records import Report
from extract.statistics_rows import bare, scores
from tests.extract.shapes import places, raised, read, swap, synthetic

SHAPES = ("page", "text", "tabbed")
LABELS = ("收到申请数", "申请办结数", "申请答复数", "行政复议数量", "行政诉讼数量", "举报投诉数量", "传真申请数")
NAMES = [row.name for row in load().rows]


@cache
def made(seed: int = 1, faults: tuple[str, ...] = (), year: int = 2016) -> reports.Synthetic:
    return reports.generate(seed, unit="990101", organ="清溪县", year=year, form="2014", faults=faults)


def layout(wanted: str, faults: tuple[str, ...] = ()) -> reports.Synthetic:
    """A report in one of the layouts, its page in plain cells and every repeated label with figures of its own."""
    heads = {
        "plain": "统  计  指  标\t单位\t统计数",
        "numbered": "序号\t",
        "halves": "统计数\t统  计",
        "year_head": "\t2016年",
    }
    for seed in range(400):
        report = made(seed, faults)
        v = report.truth["statistics"]
        apart = v["reconsiderations.corrected"] != v["lawsuits.corrected"] and v["lawsuits.other"] and v["requests"]
        head = report.tabbed.split("统计表\n", 1)[1].split("\n", 1)[0]
        if (
            apart
            and heads[wanted] in head
            and (wanted == "halves") == (head.count("单位") == 2)
            and "<td>0</td>" in report.page
        ):
            return report
    raise ValueError(wanted)


PLAIN = layout("plain")
FIGURES = PLAIN.truth["statistics"]


def line(document: str, label: str) -> str:
    """The tabbed line that bears a label."""
    return next(each for each in document.split("\n") if label in each and "\t" in each)


def without(document: str, *labels: str) -> str:
    """A tabbed document without the lines of some labels."""
    for label in labels:
        document = swap(document, (line(document, label) + "\n", ""))
    return document


def wrong(report: Report, truth: dict) -> list[str]:
    """Indicators that are neither right nor open with a word."""
    said = {f.row for f in report.findings if f.table == "statistics"} | {
        c.row for c in report.cells if c.cls != "number"
    }
    return [
        name
        for name, value in truth.items()
        if (got := report.statistics[name]) != value and (got is not None or name not in said)
    ]


# --- the form as data


def test_the_replica_and_the_form_name_the_same_rows_in_the_same_order() -> None:
    assert list(PRINTED) == NAMES
    assert [i.label for i in load().indicators if i.heading] == [label for name, _, label, _ in ROWS if not name]


def test_parents_tell_the_labels_apart_that_stand_twice() -> None:
    twice = [(a.name, b.name) for a, b in combinations(load().indicators, 2) if bare(a.label) == bare(b.label)]
    assert twice == [("reconsiderations.corrected", "lawsuits.corrected"), ("reconsiderations.other", "lawsuits.other")]
    assert all(load().indicator(a).parent != load().indicator(b).parent for a, b in twice)


def test_the_later_forms_do_not_know_the_table() -> None:
    assert set(later_forms()) == {"2019", "2021"}


@pytest.mark.parametrize(
    ("printed", "meant"),
    [
        ("（一）收到申请数", ["requests"]),
        ("其中：1．涉及国家秘密", ["refused.state_secret"]),
        ("3．政务微薄公开政府信息数", []),  # as near to 微信 as to 微博
        ("2.同意公开答复", ["answered.granted"]),
        ("不同意公开答复数", ["answered.refused"]),
        ("（二）被依法纠错数", ["reconsiderations.corrected", "lawsuits.corrected"]),
        ("统计表", []),
        ("收到", []),
    ],
)
def test_labels(printed: str, meant: list[str]) -> None:
    assert [load().indicators[row].name for row, _ in scores(printed)] == meant


# --- reading


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


# --- checks: one that fires, one near miss


def edited(label: str, value: object) -> str:
    row = line(PLAIN.tabbed, label)
    return swap(PLAIN.tabbed, (row, "\t".join([*row.split("\t")[:-1], str(value)])))


@pytest.mark.parametrize("total", SUMS)
def test_A15(total: str) -> None:
    label = next(label for name, _, label, _ in ROWS if name == total)
    report = read(edited(label, FIGURES[total] + 1))
    assert total in [f.row for f in raised(report, "A15")]
    assert all(f.severity == "error" for f in raised(report, "A15"))
    assert raised(read(PLAIN.tabbed), "A15") == []


def test_A15_is_not_assessable_without_an_operand() -> None:
    report = read(without(edited("（一）收到申请数", FIGURES["requests"] + 1), "传真申请数"))
    assert raised(report, "A15") == []
    assert [f.quote for f in raised(report, "A11")] == ["A15: requests"]


def test_A16() -> None:
    total = FIGURES["responses.interviews"]
    label = "主要负责同志参加政府网站在线访谈次数"
    assert [f.row for f in raised(read(edited(label, total + 1)), "A16")] == ["responses.interviews_led"]
    assert raised(read(edited(label, total)), "A16") == []


def test_N01() -> None:
    told = f"共收到政府信息公开申请{FIGURES['requests']}件"
    other = swap(PLAIN.tabbed, (told, "共收到政府信息公开申请9999件"))
    assert [(f.row, f.left) for f in raised(read(other), "N01")] == [("requests", 9999)]
    assert raised(read(PLAIN.tabbed), "N01") == []


@pytest.mark.parametrize(
    ("year", "severity"), [(2013, "warning"), (2014, None), (2018, None), (2019, "info"), (2022, "warning")]
)
def test_T01(year: int, severity: str | None) -> None:
    assert [f.severity for f in raised(read(made(1, (), year).page), "T01")] == [s for s in [severity] if s]


def test_the_form_of_2021_in_a_report_for_2016_is_T01() -> None:
    assert [f.severity for f in raised(read(synthetic(3, 2016, form="2021").text), "T01")] == ["warning"]


# --- reports of text alone, and near misses


def text_alone(year: int) -> str:
    document = made(1, (), year).text
    return document[: document.index("附件：政府信息公开情况统计表")] + document[document.index("清溪县人民政府\n") :]


@pytest.mark.parametrize("year", [2009, 2012, 2016])
def test_a_free_form_report_has_text_and_no_table(year: int) -> None:
    report = read(text_alone(year))
    assert (report.form, report.year) == ("none", year)
    assert report.statistics == report.applications == report.disclosures == report.disputes == {}
    assert report.cells == ()
    assert {1, 2, 3, 4, 5, 6} <= {s.number for s in report.sections}
    assert report.contact["phone"]
    assert [f.severity for f in raised(report, "T07")] == ["warning"]
    assert [f.rule for f in report.findings if f.severity in ("error", "warning")] == ["T07"]


def test_local_tables_of_earlier_years_are_not_the_official_one() -> None:
    """定西’s and 莆田’s tables (DOMAIN §A.7): codes, a column of the year and one of all years."""
    rows = [
        "代码\t指标\t本年\t累计",
        "11\t申请总数\t4\t20",
        "12\t同意公开数\t3\t11",
        "13\t否决数\t1\t9",
        "14\t其他情形数\t0\t0",
    ]
    document = text_alone(2009).replace("五、因政府", "\n".join(rows) + "\n五、因政府")
    report = read(document)
    assert (report.form, report.statistics, report.cells) == ("none", {}, ())
    assert raised(report, "T07")


def test_a_report_of_2021_that_mentions_the_table_is_no_2014_form() -> None:
    base = synthetic(3, 2021)
    for shape in SHAPES:
        plain = read(getattr(base, shape))
        told = "六、其他需要报告的事项"
        more = swap(
            getattr(base, shape),
            (told, f"{told}：政府信息公开情况统计表已报送，{'、'.join(LABELS)}均已核对"),
        )
        report = read(more)
        assert (report.form, report.statistics) == ("2021", {})
        assert report.applications == plain.applications
        assert raised(report, "T02") == []


def test_a_later_report_that_prints_both_keeps_both() -> None:
    base = synthetic(3, 2021)
    table = PLAIN.tabbed.split("统计表\n", 1)[1].split("清溪县人民政府")[0]
    report = read(base.tabbed + "\n附件：政府信息公开情况统计表\n\n" + table)
    assert report.form == "2021"
    assert report.applications == read(base.tabbed).applications
    assert report.statistics == FIGURES
    assert [f.severity for f in raised(report, "T02")] == ["warning"]


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
