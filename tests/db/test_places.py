"""Pages of places and units, and their charts."""

from __future__ import annotations

import asyncio
import csv
import io
import re
import shutil
import sqlite3

import pytest

from db import original, page, schema, series
from db.build import build
from db.language import speaker
from db.places import place
from db.units import unit
from extract.records import Unit
from tests.db.conftest import PARENTS, applications, digest, get, report, write

COUNTY = Unit("990181", "白溪市人民政府", "government", "county", "990181", PARENTS[:2])
HOSTILE = '<script>alert("x")</script>镇政府'
FORMER = Unit("990181901", "石桥乡人民政府", "government", "township", "990181901", PARENTS)
UPGRADE = "990181901,<b>石桥乡,990181101,石桥镇,upgrade,2020-06-01,云岭省民政厅"
OTHER = Unit("990181102", HOSTILE, "government", "township", "990181102", PARENTS)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Two towns and their county: 2020 in the form of 2019, 2021 and 2022 in that of 2021, one figure not read."""
    data = tmp_path_factory.mktemp("places")
    (data / "relations.csv").write_text(f"{','.join(series.FIELDS)}\n{UPGRADE}\n", encoding="utf-8")
    rows = applications(new=30, granted=5, closed=30)
    lines = [
        report("f19", unit=FORMER, year=2019, form="2019", applications=rows, findings=[]),
        report("t20", year=2020, form="2019", applications=applications(new=40, granted=10, closed=40), findings=[]),
        report("t21", year=2021, applications=applications(new=50, granted=20, closed=50), findings=[]),
        report("t22", year=2022, applications=applications(new=6000, granted=33, closed=60)),
        report("t24", year=2024, applications=applications(new=70) | {"new": ["见附件", 0, 0, 0, 0, 0, None]}),
        report("o22", unit=OTHER, year=2022, applications=applications(new=0, granted=0, closed=0)),
        report("c22", unit=COUNTY, year=2022, scope="aggregate", applications=applications(new=900, closed=800)),
    ]
    write(data, *lines)
    build(data)
    return data


def test_place_leads_up_and_down(built):
    answer = get(built, "/place/990181")
    assert answer.status_code == 200
    crumbs = re.search(r'<p class="crumbs">.*?</p>', answer.text)[0]
    assert re.findall(r"/place/(\d+)", crumbs) == ["99", "9901"] and "云岭省" in crumbs
    below = re.search(r'id="below".*?</ul>', answer.text, re.S)[0]
    assert re.findall(r"/place/(\d+)", below) == ["990181101", "990181102", "990181901"] and "4 份报告" in below


def test_matrix_says_in_words_what_became_of_each_year(built):
    page = get(built, "/place/990181").text
    matrix = re.search(r'<table class="plain matrix">.*?</table>', page, re.S)[0]
    assert re.findall(r'scope="col">(\d{4})', matrix) == ["2024", "2022", "2021", "2020", "2019"]
    town = re.search(r'/unit/990181101".*?</tr>', matrix, re.S)[0]
    assert re.findall(r"/report/([\w-]+)", town) == [f"990181101-{year}" for year in (2024, 2022, 2021, 2020)]
    assert "■ 已发布" in town or "■ 有报告" in town
    assert "✕" in town and "▲" in town
    assert matrix.index("/unit/990181") < matrix.index("下级政府") < matrix.index("/unit/990181101")


def test_states_of_expected_years_are_shown_by_shape_and_text(built):
    """Late, missing and unreachable years, with what they rest on."""
    rows = {"expected": [("late", 2021), ("missing", 2023), ("unreachable", 2022)]}

    async def query(sql, *values):
        if "FROM divisions WHERE code" in sql and "RECURSIVE" not in sql:
            return [{"code": "1", "name": "x", "level": "county", "parent": None}]
        if "FROM units WHERE division" in sql:
            return [{"id": "1", "name": "x", "kind": "government", "level": "county", "reports": 0, "below": 0}]
        if "FROM expected" in sql:
            return [{"unit": "1", "year": y, "state": s, "evidence": "e"} for s, y in rows["expected"]]
        return []

    found = asyncio.run(place(query, "1", speaker("zh")))
    (_, cells), *more = found["matrix"]["rows"]
    assert not more and [cell["state"] for cell in cells] == ["missing", "unreachable", "late"]
    assert len({found["states"][cell["state"]] for cell in cells}) == 3 == len(found["matrix"]["states"])
    assert [speaker("zh")(f"state.{cell['state']}") for cell in cells] == ["缺", "网站不通", "迟发"]


def test_a_place_without_reports_says_so(built):
    page = get(built, "/place/9901").text
    assert "没有收录这里任何单位的报告" not in page  # the county's government stands below it
    assert "没有青石市政府本身的、可读出数字的报告" in page and 'id="peers"' not in page
    assert "没有收录这里任何单位的报告" in get(built, "/place/99").text


def test_peers_are_a_distribution_with_n(built):
    page = get(built, "/place/990181101").text
    peers = page[page.index('id="peers"') :]
    assert "不是排名" in peers and "没有可比的报告" in peers  # 2024: the other town has none
    peers = get(built, "/place/990181101?year=2022").text
    peers = peers[peers.index('id="peers"') :]
    first = peers[: peers.index("</figure>")]
    assert "n = 2" in first and "数量太少" in first and "6,000" in first
    order = re.findall(r'<th scope="row"><a href="/place/(\d+)', first)
    assert order == sorted(order) and len(order) == 3
    assert get(built, "/place/990181101?year=x'\"<b>").status_code == 200


def test_unit_page_lists_reports_figures_and_originals(built):
    answer = get(built, "/unit/990181101")
    assert answer.status_code == 200
    table = re.search(r'<table class="plain years">.*?</table>', answer.text, re.S)[0]
    assert re.findall(r'<th scope="row"><a href="/report/990181101-(\d+)', table) == ["2024", "2022", "2021", "2020"]
    assert "6,000" in table and "/report/990181101-2022/original" in table
    assert table.count('class="break"') == 1  # form 2021 above, 2019 below
    assert re.search(r'class="n missing">□', table)
    assert "S12" in answer.text and "/place/990181101" in answer.text


def test_history_is_not_joined_across_forms_or_gaps(built):
    page = get(built, "/unit/990181101").text
    first = re.search(r'<figure class="chart">.*?</figure>', page, re.S)[0]
    assert "收到申请数" in first and first.count('class="line ') == 2  # 2019–2020 and 2021–2022
    assert first.count('<line class="break"') == 1 and "2021→" in first
    assert first.count("∅</text>") == 2  # 2023: no report; 2024: not read
    table = first[first.index("<details>") :]
    assert [w for w in ("40", "50", "6,000", "∅ 未读到") if f">{w}<" not in table] == []
    assert 'role="img"' in first and "<script" not in first


def test_a_year_without_a_figure_is_blamed_on_the_form_only_where_there_is_one(tmp_path):
    """2018: the form of 2014 has no such figure; 2021: no table was read; 2022 has it."""
    empty = {"applications": {}, "disputes": {}, "disclosures": {}, "findings": [], "cells": []}
    old = report("old", year=2018, form="2014") | empty | {"statistics": {"requests": 5}}
    write(tmp_path, old, report("none", year=2021, form="none") | empty, report("full", year=2022))
    build(tmp_path)
    for path in ("/unit/990181101", "/place/990181101", "/compare?units=990181101&metric=M1,M7"):
        page = get(tmp_path, path).text
        refused = next(f for f in re.findall(r'<figure class="chart">.*?</figure>', page, re.S) if "不予公开率" in f)
        why = dict(re.findall(r'"row">(?:<a[^>]*>)?(\d{4})(?:</a>)?</th><td class="n">∅ ([^<]*)</td>', refused))
        assert why == {"2018": "该年报告的格式没有这一项", "2021": "有报告，没有读到官方表格"}, path


def test_a_unit_goes_on_from_what_it_was(built):
    page = get(built, "/unit/990181101").text
    assert "升格" in page and "&lt;b&gt;石桥乡" in page and "2020-06-01" in page and 'href="/unit/990990"' not in page
    former = r'/report/990181901-2019">2019</a><br><small><a href="/unit/990181901" lang="zh-CN">石桥乡人民政府'
    assert re.search(former, page)
    assert 'href="/unit/990181101"' in get(built, "/unit/990181901").text


def test_history_as_csv(built):
    answer = get(built, "/unit/990181101.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    lines = list(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff"))))
    assert [line["year"] for line in lines if line["id"]] == ["2019", "2020", "2021", "2022", "2024"]
    by_year = {line["year"]: line for line in lines}
    assert by_year["2022"]["requests_new"] == "6000" and by_year["2024"]["requests_new"] == ""
    assert by_year["2021"]["M3"] == "0.4" and by_year["2021"]["M3_n"] == "50" and by_year["2020"]["form"] == "2019"
    assert by_year["2022"]["original"] == digest("t22")


def test_words_that_a_spreadsheet_would_run_are_defused():
    from db.units import safe

    assert [safe(v) for v in ("=1+1", "@x", "镇", -3, None)] == ["'=1+1", "'@x", "镇", -3, None]
    assert [safe(v) for v in ("\n=1+1", " =1+1", "\u3000+1", "\t1")] == ["'\n=1+1", "' =1+1", "'\u3000+1", "'\t1"]
    assert [safe(v) for v in ("-", "/", " ", "", "1-2", "镇=1")] == ["-", "/", " ", "", "1-2", "镇=1"]


@pytest.mark.parametrize("path", ["/unit/990181102", "/place/990181", "/place/990181101?year=2022"])
def test_hostile_names_are_only_text(built, path):
    page = get(built, path).text
    assert "<script>alert" not in page and "&lt;script&gt;alert" in page


@pytest.mark.parametrize("path", ["/place/000000", "/unit/nobody", "/unit/nobody.csv", "/place/990181'--"])
def test_unknown_codes_are_404_with_a_message(built, path):
    answer = get(built, path)
    assert answer.status_code == 404 and ("没有这个地方" in answer.text or "没有这个单位" in answer.text)


def test_reports_lead_to_units_and_places(built):
    page = get(built, "/report/990181101-2022").text
    assert 'href="/unit/990181101"' in page and 'href="/place/990181"' in page


def test_every_lookup_of_both_pages_uses_an_index(built, tmp_path):
    """Only what is handed on within a query is read through: no table that grows with the reports."""
    copy = sqlite3.connect(shutil.copy(built / "gongkai.db", tmp_path))
    copy.row_factory = sqlite3.Row
    if copy.execute("SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_stat1'").fetchone():
        copy.executescript("DELETE FROM sqlite_stat1; ANALYZE sqlite_schema")  # else small tables are known to be small
    inner = {"up", "formulas", "json_each", "CONSTANT"} | {name for name, _, _ in schema.sql_files("metrics")}
    scanned, t = [], speaker("zh")

    async def query(sql, *values):
        for row in copy.execute(f"EXPLAIN QUERY PLAN {sql}", values):
            words = row["detail"].split()
            if words[0] == "SCAN" and words[1] not in inner and not words[1].startswith("(subquery"):
                scanned.append((row["detail"], sql))
        return [dict(row) for row in copy.execute(sql, values)]

    assert asyncio.run(place(query, "990181", t, 2022)) and asyncio.run(unit(query, "990181101", t))
    assert asyncio.run(page.load(query, "990181101-2022", t)) and asyncio.run(
        original.load(query, "990181101-2022", ("applications", "new", "total"), t)
    )
    assert scanned == []
