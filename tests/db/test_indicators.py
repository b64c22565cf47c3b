"""The statistics table of 2014 in the database, on the page of a report, and in the approximate crosswalk."""

from __future__ import annotations

import re
import sqlite3

import pytest

from crawler.replica import reports
from db import recheck
from db.build import build
from extract.forms import statistics
from tests.db.conftest import get, report, write
from tests.extract.shapes import read, swap

BUSY = next(
    made
    for made in (reports.generate(s, unit="990101", organ="清溪县", year=2016, form="2014") for s in range(99))
    if made.truth["statistics"]["fees"] and made.truth["statistics"]["refused.privacy"] and "\t万元\t" in made.tabbed
)
FIGURES = BUSY.truth["statistics"]


@pytest.fixture
def built(data):
    row = next(line for line in BUSY.tabbed.split("\n") if "传真申请数" in line)
    blank = swap(BUSY.tabbed, (row, row.rsplit("\t", 1)[0] + "\t"), ("答复数\t件\t", "答复数\t件\t9"))
    write(data, read(blank).to_json(), report())
    build(data)
    return data


def rows(data, sql: str) -> list[tuple]:
    with sqlite3.connect(data / "gongkai.db") as db:
        return db.execute(sql).fetchall()


def test_the_table_holds_every_indicator_with_the_unit_of_its_value(built) -> None:
    found = {name: (value, unit) for name, value, unit in rows(built, "SELECT indicator, value, unit FROM statistics")}
    assert list(found) == [row.name for row in statistics.load().rows]
    assert found["fees"] == (FIGURES["fees"], "元")
    assert found["requests"] == (FIGURES["requests"], "件")
    assert found["training.participants"][1] == "人次"
    assert found["requests.fax"] == (None, "件")


def test_nothing_of_it_is_written_into_the_tables_of_the_later_forms(built) -> None:
    assert rows(built, "SELECT count(*) FROM applications JOIN reports ON id = report WHERE form = '2014'") == [(0,)]
    assert rows(built, "SELECT count(*) FROM disputes JOIN reports ON id = report WHERE form = '2014'") == [(0,)]
    assert rows(built, "SELECT requests_new, closed FROM reports WHERE form = '2014'") == [(None, None)]


def test_the_crosswalk_is_marked_and_empty_where_a_part_is(built) -> None:
    sql = "SELECT row_name, value, approximate, report FROM crosswalk_2014 WHERE table_name = 'applications'"
    found = {row: value for row, value, _, _ in rows(built, sql)}
    assert {approximate for _, _, approximate, _ in rows(built, sql)} == {1}
    assert len({report for *_, report in rows(built, sql)}) == 1  # none for the report of the form of 2021
    assert found["new"] == FIGURES["requests"]
    assert found["refused.third_party"] == FIGURES["refused.trade_secret"] + FIGURES["refused.privacy"]
    assert found["unable.not_held"] == FIGURES["answered.not_this_organ"] + FIGURES["answered.not_existing"]
    disputes = rows(built, "SELECT value FROM crosswalk_2014 WHERE row_name = 'litigation' AND column_name = 'other'")
    assert disputes == [(FIGURES["lawsuits.other"],)]


def test_the_crosswalk_has_no_value_for_a_sum_with_a_gap(built) -> None:
    with sqlite3.connect(built / "gongkai.db") as db:
        db.execute("UPDATE statistics SET value = NULL WHERE indicator = 'refused.privacy'")
        sql = "SELECT value, indicators FROM crosswalk_2014 WHERE row_name = 'refused.third_party'"
        assert db.execute(sql).fetchall() == [(None, "refused.trade_secret + refused.privacy")]
        db.rollback()


def page(data) -> str:
    (id_,) = rows(data, "SELECT id FROM reports WHERE form = '2014'")[0]
    answer = get(data, f"/report/{id_}")
    assert answer.status_code == 200
    return answer.text


def test_the_page_shows_it_in_the_official_layout(built) -> None:
    text = page(built)
    table = re.search(r'<table class="official statistics">.*?</table>', text, re.S)[0]
    labels = re.findall(r'<th scope="row"><span lang="zh-CN">(.*?)</span>', table)
    printed = [label for label in labels if len(label.strip()) > 3]
    assert [label.strip("\u3000") for label in printed] == [row.label for row in statistics.load().rows]
    assert "\u3000\u3000\u3000\u30001.当面申请数</span>" in table  # indented under （一）收到申请数
    assert "In person" in table
    assert f"= {FIGURES['fees']:,} 元" in table  # the head says 万元, the database holds yuan
    fax = re.search(r"传真申请数.*?</tr>", table, re.S)[0]
    assert "S08" in fax and "□" in fax
    assert "A15" in re.search(r"申请答复数.*?</tr>", table, re.S)[0]
    assert "统计表 › 1.当面申请数" not in text and "统计表 › 2.传真申请数" in text
    assert "没有认出法定表格" not in text


def test_a_correction_asks_the_sums_of_the_table_again() -> None:
    total = FIGURES["requests"]
    record = read(swap(BUSY.tabbed, (f"收到申请数\t件\t{total}", f"收到申请数\t件\t{total + 1}"))).to_json()
    said = {f["fingerprint"] for f in record["findings"] if f["rule"] == "A15"}
    assert said and said <= set(recheck.arithmetic_of(record).findings)
    record["statistics"]["requests"] = total
    assert not said & set(recheck.arithmetic_of(record).findings)
