"""Reports of text alone, and what is not the statistics table of 2014 or stands beside it."""

from __future__ import annotations

import pytest

from tests.extract.shapes import raised, read, swap, synthetic
from tests.extract.statistics_reports import FIGURES, PLAIN, SHAPES, made

LABELS = ("收到申请数", "申请办结数", "申请答复数", "行政复议数量", "行政诉讼数量", "举报投诉数量", "传真申请数")


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
