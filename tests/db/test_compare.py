"""The comparison of units: its page, its CSV, its limits."""

from __future__ import annotations

import csv
import io
import re
import shutil
import sqlite3

import pytest

from db.build import build
from extract.records import Unit
from tests.db.conftest import PARENTS, applications, get, report, write
from tests.db.test_places import COUNTY, HOSTILE

TWIN = Unit("990181103", "同名镇人民政府", "government", "township", "990181103", PARENTS)
SECOND = Unit("990181104", "同名镇人民政府", "government", "township", "990181104", PARENTS)
BAD = Unit("990181102", HOSTILE, "government", "township", "990181102", PARENTS)
TOWN = "990181101"


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A town over four years and two forms, its county's aggregate, two towns of one name, one with a hostile name."""
    data = tmp_path_factory.mktemp("compare")
    lines = [
        report("t20", year=2020, form="2019", applications=applications(new=40, granted=10, closed=40), findings=[]),
        report("t21", year=2021, applications=applications(new=50, granted=20, closed=50), findings=[]),
        report("t22", year=2022, applications=applications(new=6, granted=3, closed=0), findings=[]),
        report("t24", year=2024, applications=applications(new=70) | {"new": ["见附件", 0, 0, 0, 0, 0, None]}),
        report("c22", unit=COUNTY, year=2022, scope="aggregate", applications=applications(new=900, closed=800)),
        *(report(f"n{n}", unit=unit, year=2022) for n, unit in enumerate((TWIN, SECOND, BAD))),
    ]
    write(data, *lines)
    build(data)
    return data


def lines_of(answer):
    assert answer.content.startswith(b"\xef\xbb\xbf") and answer.headers["content-type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))


def row_of(page, metric, unit=TOWN):
    table = page[page.index(f'id="{metric}"') :]
    return re.search(rf'<tr><th scope="row"><a href="/unit/{unit}">.*?</tr>', table, re.S)[0]


def test_every_figure_comes_with_what_it_rests_on(built):
    page = get(built, f"/compare?units={TOWN},990181&metric=M1,M4&years=2020-2022")
    assert page.status_code == 200
    row = row_of(page.text, "M4")
    assert "40%" in row and "20 / 50 · n = 50" in row and f"/report/{TOWN}-2021" in row
    assert "本级" in row and "汇总" in row_of(page.text, "M4", "990181") and "分母为零" in row
    assert 'value="M4" checked' in page.text and f'value="{TOWN},990181"' in page.text
    assert "/compare.csv?units=990181101%2C990181&amp;metric=M1%2CM4&amp;years=2020-2022" in page.text


def test_a_blank_is_not_a_zero_and_a_year_without_a_report_says_why(built):
    page = get(built, f"/compare?units={TOWN}&metric=M1&years=2021-2024").text
    row = row_of(page, "M1")
    assert "□ 未读到" in row and "缺所需数字" in row and "2023</th>" not in page
    data = built.parent / "due"
    shutil.copytree(built, data, dirs_exist_ok=True)
    with sqlite3.connect(data / "gongkai.db") as connection:
        sql = "INSERT INTO expected (unit, year, state, evidence) VALUES (?, 2023, ?, 'the portal did not answer')"
        connection.execute(sql, [TOWN, "unreachable"])
        connection.execute(sql, ["990181104", "missing"])
    page = get(data, f"/compare?units={TOWN},990181104&metric=M1").text
    assert "? <small>网站不通" in row_of(page, "M1") and "□ <small>缺" not in row_of(page, "M1")
    assert "□ <small>缺" in row_of(page, "M1", "990181104")
    states = {
        (line["unit"], line["year"]): (line["state"], line["value"])
        for line in lines_of(get(data, f"/compare.csv?units={TOWN},990181104&metric=M1"))
    }
    assert states[TOWN, "2023"] == ("unreachable", "") and states["990181104", "2023"] == ("missing", "")


def test_a_break_of_the_series_is_marked_and_not_joined(built):
    row = row_of(get(built, f"/compare?units={TOWN}&metric=M13").text, "M13")
    assert row.count("‖") == 1 and row.index("‖") > row.index(f"{TOWN}-2020")
    assert "‖" not in row_of(get(built, f"/compare?units={TOWN}&metric=M4").text, "M4")
    found = lines_of(get(built, f"/compare.csv?units={TOWN}&metric=M13,M4"))
    joins = {(line["metric"], line["year"]): line["joins"] for line in found}
    assert joins["M13", "2021"] == "0" and joins["M4", "2021"] == "1" and joins["M4", "2020"] == "0"
    assert {line["series"] for line in found if line["metric"] == "M13"} == {"2019", "2021"}


def test_the_csv_has_a_line_a_figure(built):
    found = lines_of(get(built, f"/compare.csv?units={TOWN}&metric=M4&years=2021,2022"))
    assert [line["year"] for line in found] == ["2021", "2022"]
    first = found[0]
    assert (first["value"], first["numerator"], first["denominator"], first["n"]) == ("0.4", "20", "50", "50")
    assert (first["scope"], first["form"], first["measured_in"], first["report"]) == (
        "own", "2021", "share", f"{TOWN}-2021",
    )  # fmt: skip
    assert found[1]["value"] == "" and "denominator 0" in found[1]["flags"]


def test_the_form_may_say_a_metric_many_times_and_a_unit_by_name(built):
    page = get(built, "/compare?units=白溪市石桥镇人民政府&metric=M1&metric=M3&years=2021")
    assert page.status_code == 200 and 'id="M1"' in page.text and 'id="M3"' in page.text
    page = get(built, "/compare?units=同名镇人民政府&metric=M1")
    assert page.status_code == 400 and "990181103 (白溪市人民政府), 990181104 (白溪市人民政府)" in page.text


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("units=nobody&metric=M1", "没有这个单位：nobody"),
        (f"units={TOWN}&metric=M99", "没有这个指标：M99"),
        (f"units={TOWN}&metric=M19", "没有这个指标：M19"),  # over areas, not of a unit
        (f"units={TOWN}&metric=M1&years=last", "2021-2024"),
        (f"units={TOWN}&metric=M1,M2,M3,M4,M5,M6,M7", "最多 6"),
        ("units=%3Cscript%3Ealert(1)%3C/script%3E&metric=M1", "&lt;script&gt;"),
        ("units=1'%20OR%20'1'='1&metric=M1'--", "没有这个"),
        (f"units={','.join(map(str, range(3000)))}&metric=M1", "没有这个单位"),
    ],
)
def test_what_cannot_be_used_is_said(built, query, words):
    answer = get(built, f"/compare?{query}")
    assert answer.status_code == 400 and words in answer.text and "<script" not in answer.text
    answer = get(built, f"/compare.csv?{query}")
    assert answer.status_code == 400 and answer.headers["content-type"].startswith("text/plain")


def test_nothing_asked_shows_examples_that_work(built):
    page = get(built, "/compare")
    assert page.status_code == 200
    examples = re.findall(r'href="(/compare\?units=[^"]+)"', page.text)
    assert examples and all(get(built, link.replace("&amp;", "&")).status_code == 200 for link in examples)
    assert "没有报告" in get(built, f"/compare?units={TOWN}&metric=M1&years=1999").text
    assert get(built, "/compare.csv").status_code == 400


def test_a_hostile_name_is_text(built):
    page = get(built, "/compare?units=990181102&metric=M1").text
    assert "<script>alert" not in page and "&lt;script&gt;alert" in page


def test_an_empty_database_says_so(tmp_path):
    build(tmp_path)
    page = get(tmp_path, "/compare")
    assert page.status_code == 200 and "还没有可比的报告" in page.text
