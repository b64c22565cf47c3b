"""Reports with private contacts, hostile and long texts: what releases, downloads and queries are made of."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from db.build import build
from extract.records import Unit
from tests.db.conftest import Fetched, document, report, write

COUNTY = Unit("990181", "白溪市人民政府", "government", "county", "990181", (("99", "云岭省"), ("9901", "青石市")))
LONG = "长" * 40_000
HIDDEN = (
    "王小明",
    "陈大文",
    "13812345678",
    "139 8765 4321",
    "wang.xm@163.com",
    "ＷＡＮＧ＠１６３．ＣＯＭ",
    "chenlin@qq.com",
)
TEXT = (
    "如有疑问，请与陈大文联系（联系人：王小明，手机：13812345678，电话：0990-5550100，邮箱：wang.xm@163.com、"
    "ＷＡＮＧ＠１６３．ＣＯＭ，公务邮箱 zwgk@baixi.gov.cn）。另可拨打 139 8765 4321。"
)
CONTACT = {"unit": "陈大文", "phone": "13812345678", "email": "chenlin@qq.com", "address": "白溪路1号"}
EVIL = '=HYPERLINK("http://evil.test")\r\n\'",;<b>'


def _section(text, number=1):
    return {"number": number, "heading": "一、总体情况", "text": text}


def built(folder):
    """Two reports, one of them with a version before it, hostile and long texts, private contacts everywhere."""
    finding = {
        **report()["findings"][0],
        "column": "total",
        "message": f"the mailbox {HIDDEN[4]} is private",
        "quote": TEXT,
    }
    cell = {**report()["cells"][0], "raw": "见 13812345678"}
    old = report("a", contact={**CONTACT, "phone": "0990-5550100"}, sections=[_section(TEXT)])
    write(
        folder,
        old,
        report("b", contact=CONTACT, sections=[_section(TEXT), _section(LONG, 2), _section("", 3)], title=EVIL,
               findings=[finding], cells=[cell]),
        report("c", unit=COUNTY, scope="aggregate", sections=[_section("公开12件。")]),
    )  # fmt: skip
    build(folder, Fetched(document("a"), document("b", "2026-02-02T03:04:05Z"), document("c", url="http://c.test/")))
    return folder


def rows(path: Path, sql: str, *values):
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql, values).fetchall()
