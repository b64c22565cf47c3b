"""Findings, coverage, health and changes: the pages about all reports."""

from __future__ import annotations

import re
import sqlite3

import pytest
from lxml import html
from sqlite_utils import Database

from db import measures, overview
from db.build import build
from extract.records import Unit
from tests.db.conftest import PARENTS, TOWN, Fetched, get, report, write
from tests.db.decided import fingerprint_of, run
from tests.db.replaced import BAD, replaced


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    return replaced(tmp_path_factory.mktemp("overview"))


def change(data, *statements):
    """Rows that a build would have filled, and the counts made from them."""
    with sqlite3.connect(data / "gongkai.db") as connection:
        for sql, values in statements:
            connection.execute(sql, values)
        connection.execute("DELETE FROM finding_counts")
        connection.execute("DELETE FROM expected_counts")
        measures.run(Database(connection), "4_counts")


def test_the_queue_says_what_each_rule_says(built):
    page = get(built, "/findings")
    assert page.status_code == 200
    row = re.search(r'<tr id="S12">.*?</tr>', page.text, re.S)[0]
    assert "依据" not in row and "✕ 错误 2" in row and ">2</a>" in row
    assert "When:" in get(built, "/findings?lang=en").text and "条件：" in get(built, "/findings/S12").text
    assert "没有结果的规则" in page.text and "/feeds/findings.atom" in page.text
    assert "<script>alert" not in page.text


def test_counts_are_those_of_the_findings(built):
    with sqlite3.connect(built / "gongkai.db") as connection:
        sql = "SELECT rule, severity, review, count(*) FROM findings {} GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
        counts = "SELECT rule, severity, review, findings FROM finding_counts WHERE place = ? ORDER BY 1, 2, 3"
        assert connection.execute(counts, [""]).fetchall() == connection.execute(sql.format("")).fetchall()
        for place in ("99", "9901", "990181", "990181102"):
            own = f"WHERE report GLOB '{place}*'"
            assert connection.execute(counts, [place]).fetchall() == connection.execute(sql.format(own)).fetchall()


def test_findings_of_a_rule_with_their_reports(built):
    page = get(built, "/findings/S12").text
    assert page.count("/report/9901811") == 2 and "表三 › 5.属于三类内部事务信息 › 自然人" in page
    assert "出自原文" in page and "待复核" in page and "<script>alert" not in page
    only = get(built, "/findings/S12?place=990181102").text
    assert "/report/990181102-2022" in only and "/report/990181101-2022" not in only
    assert "没有“排除”的结果" in get(built, "/findings/S12?review=dismissed").text
    english = get(built, "/findings/S12?lang=en").text
    assert "&lt;script&gt;alert(2)" in english and "<script>alert" not in english


def test_a_review_moves_a_finding(tmp_path):
    write(tmp_path, report())
    build(tmp_path)
    run(tmp_path, "review", fingerprint_of(tmp_path, "S12"), "dismiss", "--why", "it <b>is</b> a number", "--by", "lin")
    build(tmp_path)
    page = get(tmp_path, "/findings/S12?review=dismissed").text
    assert "it &lt;b&gt;is&lt;/b&gt; a number" in page and "排除 (1)" in page
    assert "review=dismissed" in get(tmp_path, "/findings").text
    feed = get(tmp_path, "/feeds/findings.atom").text
    assert "S12" not in feed and "S11" in feed


def test_many_findings_are_paged(built, tmp_path, monkeypatch):
    units = [Unit(f"9901811{n:02}", f"第{n}镇", "government", "township", f"9901811{n:02}", PARENTS) for n in range(60)]
    write(tmp_path, *(report(f"p{n}", unit=unit) for n, unit in enumerate(units)))
    build(tmp_path)
    seen, link = [], "/findings/S12"
    while link:
        page = get(tmp_path, link).text
        seen += re.findall(r'/report/(\d+-2022)"', page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        link = following and following[1].replace("&amp;", "&")
    assert len(seen) == 60 and len(set(seen)) == 60 and seen == sorted(seen)


def test_coverage_never_claims_missing_where_the_portal_was_not_read(built, tmp_path):
    write(tmp_path, report(), report("c", unit=BAD))
    build(tmp_path)
    sql = "INSERT OR REPLACE INTO expected (unit, year, state, deadline, evidence) VALUES (?, ?, ?, '2025-01-31', ?)"
    due = [
        (TOWN.id, 2023, "missing", "the portal was read on 2026-01-01"),
        (TOWN.id, 2024, "unreachable", "it did not answer <b>"),
        (BAD.id, 2024, "found_unread", "a scan"),
    ]
    change(tmp_path, *((sql, row) for row in due))
    page = get(tmp_path, "/coverage?place=990181").text
    assert '<a href="/coverage?place=990181&amp;year=2023&amp;state=missing#units">1</a>' in page
    assert "year=2024&amp;state=missing" not in page and "year=2024&amp;state=unreachable#units" in page
    page = get(tmp_path, "/coverage?place=99&year=2024&state=unreachable").text
    assert "/unit/990181101" in page and "it did not answer &lt;b&gt;" in page and "/unit/990181102" not in page
    page = get(tmp_path, "/coverage?year=2024").text  # missing is what is asked for where no state is named
    assert "没有“缺”的单位" in page and "/unit/" not in page
    assert "云岭省" in get(tmp_path, "/coverage").text and "青石市" in get(tmp_path, "/coverage?place=云岭省").text


def test_health_in_words(built):
    page = get(built, "/health").text
    row = page[page.index('id="failing"') :]
    assert "高安市人民政府" in row and "没有见到报告；被防火墙拦截（ruishu）" in row and "2 × 瑞数防护" in row
    assert "1 × 没有见到报告" in row and "网站答以 404" in row and "http://x.test/&lt;b&gt;" in row
    assert "从未" not in row and "尚未采集" in page
    assert "没有已登记的网站" in get(built, "/health?place=990181").text


def test_changes_cell_by_cell(built):
    page = get(built, "/changes").text
    assert "表三 › 一、本年新收政府信息公开申请数量 › 总计" in page and "→ 7" in page and "New requests" in page
    assert "新题&lt;i&gt;" in page and "<i>" not in page and "最近一次建库" in page
    assert 'type="application/atom+xml"' in page and "/original/sha256:" in page
    other = get(built, "/changes?place=990181102").text
    assert "没有报告被新版替换" in other and "/report/990181101-2022" not in other


PAGES = (
    "/findings",
    "/findings/S12",
    "/coverage",
    "/coverage?year=2022&state=published",
    "/coverage?place=990181",
    "/health",
    "/changes",
    "/compare",
    "/compare?units=990181101&metric=M1,M3",
    "/search",
    "/search?q=公开",
    "/search?q=baixi",
    "/search?q=没有的词&year=2022",
)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_in_one_language(built, path):
    """What stands on it in the other one is marked as such, and is data, an official label or a formula."""
    sentences = {"zh": r"[A-Za-z’]{2,}(?: [A-Za-z’]{2,}){2}", "en": r"[\u3400-\u9fff、。，：（）]{6,}"}
    for language, foreign in sentences.items():
        page = html.fromstring(get(built, f"{path}{'&' if '?' in path else '?'}lang={language}").content.decode())
        assert page.get("lang").startswith(language)
        for element in page.xpath(
            "//*[@lang and not(self::html)] | //code | //script | //head | //a[starts-with(., 'http')]"
        ):
            element.drop_tree()
        words = re.sub("<script>.*</script>|gongkai 公开", "", page.text_content())
        assert not re.findall(foreign, words)
        hidden = " ".join(page.xpath("//@aria-label | //@placeholder"))
        assert not re.findall(foreign, hidden)


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/findings?place=1234567", 400, "没有叫“1234567”的地方"),
        ("/findings?place=%3Cimg%3E", 400, "&lt;img&gt;"),
        ("/findings/ZZ9", 404, "没有这条规则"),
        ("/findings/S12?review=perhaps", 400, "没有“perhaps”这种复核情况"),
        ("/findings/S12?after=x", 400, "无效：x"),
        ("/findings/S12?after=a,99999999999999999999", 400, "after"),
        ("/coverage?year=two", 400, "“two”不是年份"),
        ("/coverage?state=lost", 400, "没有“lost”这种状态"),
        ("/coverage?year=1999&state=late&after=%00", 200, "没有“迟发”的单位"),
        ("/health?place=x'--", 400, "没有叫“"),
        ("/changes?place=%F0%9F%98%80", 400, "没有叫“"),
        ("/feeds/reports.atom?place=nowhere", 400, "没有叫“nowhere”的地方"),
        ("/feeds/secrets.atom", 404, "没有这一页"),
    ],
)
def test_bad_parameters_are_answered_in_words(built, path, status, words):
    answer = get(built, path)
    assert answer.status_code == status and words in answer.text
    assert "Traceback" not in answer.text and "<script>" not in answer.text


@pytest.mark.parametrize(
    "path", ["/findings", "/coverage", "/health", "/changes", "/feeds/reports.atom", "/feeds/changes.atom"]
)
def test_an_empty_database_says_so(tmp_path, path):
    build(tmp_path, Fetched())
    assert get(tmp_path, path).status_code == 200


def test_nothing_counts_or_sorts_all_findings(built):
    """Each list of a page is a range of an index, so that a million reports cost no more."""
    with sqlite3.connect(built / "gongkai.db") as connection:
        plans = {
            overview._LISTED: ("S12", "open", "99", "99:", "", 0),
            overview._DUE: ("missing", 2022, "99", "99:", ""),
        }
        for sql, values in plans.items():
            steps = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", values)]
            assert not [step for step in steps if step.startswith("SCAN") or "TEMP B-TREE" in step], steps
