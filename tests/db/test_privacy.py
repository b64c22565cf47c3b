"""Private contacts: what is hidden and what is not, and that no file of a release and no table of the site has them."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import openpyxl
import pytest

from crawler.replica.reports import generate
from db import privacy, search
from db.build import NAME, build
from db.reread import reread
from tests.db.conftest import get, report, write
from tests.db.private_reports import HIDDEN, LINK, PRIVATE, TEXT, everywhere, rows, texts

pyarrow = pytest.importorskip("pyarrow.parquet")
pytest.importorskip("xlsxwriter")

from db import release as released  # noqa: E402  (only where its libraries are)


def test_private_contacts_are_nowhere_but_in_the_originals(published, folder):
    texts = [path.read_bytes() for path in (published / NAME, *folder.rglob("*")) if path.is_file()]
    for word in HIDDEN:
        assert not any(word.encode() in body for body in texts), word
    for path in folder.glob("xlsx/*.xlsx"):
        for sheet in openpyxl.load_workbook(path, read_only=True):
            said = "\n".join(str(cell) for row in sheet.values for cell in row)
            assert not [word for word in HIDDEN if word in said], path.name
    for path in folder.glob("parquet/*.parquet"):
        said = str(pyarrow.read_table(path).to_pydict())
        assert not [word for word in HIDDEN if word in said], path.name
    for field, value in (("address", "白溪路1号"), ("phone", "*" * 11), ("email", "*" * 14), ("unit", "***")):
        assert rows(
            folder / NAME, "SELECT value FROM contacts WHERE report LIKE '990181101%' AND field = ?", field
        ) == [(value,)]
    ((text,),) = rows(folder / NAME, "SELECT text FROM sections WHERE number = 1 AND report LIKE '990181101%'")
    assert len(text) == len(TEXT) and "0990-5550100" in text and "zwgk@baixi.gov.cn" in text
    before = json.loads(rows(folder / NAME, "SELECT record FROM report_versions")[0][0])
    assert before["contact"]["email"] == "*" * 14 and "0990-5550100" in before["sections"][0]["text"]


SAID = {
    "documents": "title name publisher error error_place remedy", "runs": "failing record", "portals": "failing",
    "corrections": "evidence made_by expected found", "reviews": "why made_by",
    "findings": "message quote review_why review_by",
    "notes": "text source", "expected": "evidence", "unit_successions": "predecessor_name successor_name source",
    "reports": "title", "sections": "text", "statements": "subject quote", "unit_evidence": "text", "contacts": "value",
    "cells": "raw reason",
}  # fmt: skip


def test_no_way_into_the_database_leaves_a_private_contact_open(tmp_path, monkeypatch):
    folder = everywhere(tmp_path, monkeypatch)
    found = texts(folder / NAME)
    for where, values in found.items():
        assert not [value for value in values if any(word in value for word in HIDDEN)], where
        assert [privacy.hide(value) for value in values] == values, where
    starred = {where for where, values in found.items() if any("*" * 11 in value for value in values)}
    assert starred == {(table, column) for table, columns in SAID.items() for column in columns.split()}
    assert rows(folder / NAME, "SELECT state, value FROM corrections") == [("applied", 0)]
    linked = {where for where, values in found.items() if any(LINK in value for value in values)}
    assert linked >= {("documents", "url"), ("fetches", "url"), ("runs", "record"), ("expected", "evidence")}
    assert linked >= {("notes", "source"), ("corrections", "evidence"), ("sections", "text")}
    for path in released.release(folder).glob("csv/*.csv"):
        assert not [word for word in HIDDEN if word in path.read_text(encoding="utf-8")], path.name


@pytest.mark.parametrize("path", ["/gongkai/contacts.json", "/gongkai/sections.csv", "/gongkai/report_versions.json"])
def test_private_contacts_are_not_in_the_tables_of_the_site(published, path):
    page = get(published, path).text
    assert "990181101-2022" in page and not [word for word in HIDDEN if word in page]


def test_the_live_database_is_no_download(published):
    assert get(published, f"/{NAME}").status_code in (403, 404)


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("请与张三联系", "请与**联系"),
        ("请与王小明科长联系", "请与***科长联系"),
        ("联系人：李四", "联系人：**"),
        ("发至 abc@vip.qq.com 即可", "发至 ************** 即可"),
        ("手机 +86 138-1234-5678", "手机 *****************"),
        ("联系电话：13812345678\n人民路12号", "联系电话：***********\n人民路12号"),
        ("13812345678\n人民路12号", "***********\n人民路12号"),
        ("手机：13812345678 万载县康乐街道", "手机：*********** 万载县康乐街道"),
        ("13812345678 元氏县", "*********** 元氏县"),
        ("13812345678个旧市", "***********个旧市"),
        ("手机：13812345678 次日回复", "手机：*********** 次日回复"),
        ("微信号13812345678条", "微信号***********条"),
        ("手机（微信同号）：13812345678件", "手机（微信同号）：***********件"),
        ("1381 2345 678", "*************"),
        ("13812345678 1381 2345 678", "*********** *************"),
        ("138 123 45678", "*************"),
        ("138.1234.5678", "*************"),
        ("138—1234—5678", "*************"),
        ("138–1234–5678，", "*************，"),
        ("１３８－１２３４－５６７８", "*************"),
        ("邮箱zhang@163.com. www.gaoan.gov.cn", "邮箱*************. www.gaoan.gov.cn"),
        ("zhang@163. com", "*" * 14),
        ("联系人：张 三", "联系人：***"),
        ("联系人：张\u3000三，电话", "联系人：***，电话"),
        ("联系人（张三丰）", "联系人（***）"),
        ("联系人 张三 电话", "联系人 ** 电话"),
        ("联系人及电话：张三丰 0795-5550793", "联系人及电话：*** 0795-5550793"),
        ("联系人、联系电话：张三，0795-5550793", "联系人、联系电话：**，0795-5550793"),
        ("联系人∶张三", "联系人∶**"),
        ("联系人︰张三", "联系人︰**"),
        ("联系人：张三丰通讯地址高安市", "联系人：***通讯地址高安市"),
        ("请与办公室徐志刚联系", "请与办公室***联系"),
        ("请与县府办信息科徐刚同志联系", "请与县府办信息科**同志联系"),
        ("咨询：张三 13812345678，", "咨询：** ***********，"),
        ("张三13812345678.docx", "*************.docx"),
        ("0795-5550793/13812345678", "0795-5550793/***********"),
        ("微信wx13812345678", "微信wx***********"),
        ("手机13812345678QQ12345", "手机***********QQ12345"),
        ("（http://a.test/1）13812345678", "（http://a.test/1）***********"),
        ("http://a.test/?to=zhang@163.com", "http://a.test/?to=" + "*" * 13),
    ],
)
def test_what_is_hidden(text, hidden):
    assert privacy.hide(text) == privacy.hide(hidden) == hidden
    assert not {word for word in ("138", "１３８", "张三", "张 三", "徐", "zhang") if word in search.searchable(text)}


@pytest.mark.parametrize(
    "text",
    [
        "请与党政办联系", "请与区政府联系", "请与石桥镇人民政府联系", "与高校联系", "公务邮箱 zwgk@gaoan.gov.cn",
        "电话：0990-5550100", "收入13812345678元", "共13812345678件", "12345热线", "国办公开办函〔2021〕30号",
        "负责人为镇长", "收入13812345678 元。", "13812345678.50元", "0.13812345678", "13812345.678", "1381234.5678",
        "138.12345678", "12 1500 1200 300 45", "1500 1200 300 万元", "1998-2021 365", "2021-12-31 1350", "2021.12.31",
        "手机申报税款13812345678元", "办公电话：0795-5550793 万载县", "邮箱 zwgk@gaoan. gov. cn", "zwgk@gaoan.gov. cn",
        "请与石桥镇政务公开办公室联系", "请与办公室方面联系", "请与综合科安全员联系", "请与教科文卫股联系",
        "请与县财政局办公室联系", "联系人（兼职）", "联系人 工作机制", "联系人\n高安市人民政府", "联系人员名单",
        "联系人及电话：党政办 0795-5550793", "联系人及电话：石桥镇综合科，0795-5550793",
        "联系人：\n联系电话：0795-5550793", LINK, f"见{LINK}。", "https://a.test/p?id=13812345678&n=1",
        "www.baixi.gov.cn/2022/13812345678.htm", "baixi.gov.cn:8080/13812345678", "http://a.test/list.html#tab.one",
        f"sha256:{'a' * 20}b13812345678c{'f' * 31}", "x-a13812345678", "x-13812345678a-2", "f13812345678abcd",
        "信用代码13812345678ABCDEFE", "P02021011381234567890.doc",
    ],
)  # fmt: skip
def test_what_is_not_hidden(text):
    assert privacy.hide(text) == text


def test_figures_addresses_and_digests_stay_as_they_are():
    kept = {"document": {"url": "http://a.test/13812345678.htm"}, "digest": "13812345678", "fingerprint": "a@qq.com"}
    assert privacy.hide_all(kept) == kept
    kept = {"disclosures": {"fees": {"amount": 13812345678}}, "findings": [{"quote": "13812345678"}]}
    assert privacy.hide_all(kept) == kept
    kept = {"cells": [{"raw": "13812345678", "value": 138123456780000}], "findings": [{"quote": "13812345678"}]}
    assert privacy.hide_all(kept) == kept
    assert privacy.hide_all({"cells": [{"raw": "13812345678"}]}) == {"cells": [{"raw": "*" * 11}]}
    assert privacy.hide_all(kept | {"title": "13912345678"})["title"] == "*" * 11
    assert privacy.hide_all({"contact": {"phone": "13812345678"}}) == {"contact": {"phone": "*" * 11}}


@pytest.mark.parametrize(
    ("table", "hidden"),
    [
        ([["联系人", "张三", "手机", "13812345678"]], [["联系人", "**", "手机", "*" * 11]]),
        ([["填报人：", "", "张 三"]], [["填报人：", "", "***"]]),
        ([["联系人", "电话"], ["张三", "5550793"], ["李四", ""]], [["联系人", "电话"], ["**", "5550793"], ["**", ""]]),
        ([["联系人", "手机"], ["欧阳文", "13812345678"]], [["联系人", "手机"], ["***", "*" * 11]]),
        ([["审核人", "填报人"], ["张三", "李四"]], [["审核人", "填报人"], ["**", "**"]]),
        ([["联系人", "党政办"], ["地址", "白溪路1号"]],) * 2,
        ([["联系人", "联系电话"], ["石桥镇", "0795-5550793"]],) * 2,
        ([["申请人", "张三"], ["总计", "1500", "1200"]],) * 2,
    ],
)  # fmt: skip
def test_names_in_tables(table, hidden):
    assert privacy.hide_table(table) == hidden


def test_an_original_is_shown_as_the_database_has_it():
    page = generate(7, unit="990101101", organ="双桥镇人民政府", year=2022).page
    row = page.index("<tr", page.rindex("<tr", 0, page.index("行政事业性收费")))
    cell = page.index("</td>", page.index("</td>", row) + 5)
    page = page[: page.rindex(">", 0, cell) + 1] + "13812345678" + page[cell:]
    end = page.rindex("</p>") + 4
    table = "<table><tr><td>联系人</td><td>王小明</td><td>手机</td><td>13812345678</td></tr></table>"
    lines = f"<p>联系人</p><p>陈大文</p><p>{PRIVATE}</p><p>{LINK}</p>"
    read = reread((page[:end] + table.replace("13812345678", "13912345678") + lines + page[end:]).encode(), 1)
    assert read.cells["disclosures", "fees", "amount"].printed == "13812345678"
    said = [field.text for block in read.blocks for row in block.rows for field in row]
    said += [block.text for block in read.blocks]
    assert {"联系人", "***", "*" * 11, "13812345678", LINK} <= set(said)
    assert not [text for text in said if any(word in text for word in ("13912345678", "王小明", "陈大文", "163.com"))]


@pytest.mark.parametrize("sql", ["DELETE FROM meta WHERE key = 'privacy'", "UPDATE meta SET value = 'an older rule'"])
def test_a_database_built_by_another_rule_is_not_released(tmp_path, sql):
    write(tmp_path, report())
    build(tmp_path)
    with closing(sqlite3.connect(tmp_path / NAME)) as connection, connection:
        connection.execute(sql)
    with pytest.raises(released.ReleaseError, match="run `gongkai build` first"):
        released.release(tmp_path)
    assert not (tmp_path / "release").exists()
