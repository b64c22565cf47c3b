"""Reports with private contacts, hostile and long texts: what releases, downloads and queries are made of."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from db import decisions
from db.build import build
from extract.records import Unit
from tests.db import baixi, decided
from tests.db.conftest import Fetched, digest, document, report, write

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
PRIVATE = "联系人：王小明，手机：13812345678，邮箱：wang.xm@163.com"
LINK = "http://www.baixi.test/art/13912345670.html"
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


def everywhere(tmp_path, monkeypatch):
    """A county whose documents, runs, readings and decisions all say `PRIVATE` and `LINK`, built."""
    folder = baixi.county(tmp_path, monkeypatch)
    baixi.run(folder, problems=[f"{LINK}: {PRIVATE}"], failing=[PRIVATE])
    failed = {"digest": digest("?"), "media_type": "application/pdf", "url": LINK}
    error = dict.fromkeys(("message", "place", "remedy"), PRIVATE)
    write(folder, _reading(), {"schema": 1, "document": failed, "error": error})
    told = dict.fromkeys(("title", "name", "publisher"), PRIVATE)
    fetched = Fetched(document(decided.TEXT, portal="baixi", **told), document("?", url=LINK, portal="baixi", **told))
    lines = {
        decisions.CORRECTIONS: decided.line("见 13812345678", 0).replace("seen,lin", f"{LINK} {PRIVATE},{PRIVATE}"),
        decisions.NOTES: f"{decided.ID},{PRIVATE},{LINK} {PRIVATE},2026-06-01",
        decisions.EXPECTED: f"{baixi.T2},2022,2022,not_required,{LINK} {PRIVATE}",
        decisions.RELATIONS: f"990181103,{PRIVATE},{baixi.T2},{PRIVATE},rename,2021-07-01,{LINK} {PRIVATE}",
    }
    for name, line in lines.items():
        (folder / name).write_text(f"{','.join(decisions.HEADS[name])}\n{line}\n", encoding="utf-8")
    build(folder, fetched)
    finding = decided.fingerprint_of(folder, "S01")
    assert decided.run(folder, "review", finding, "confirm", "--why", PRIVATE, "--by", PRIVATE).exit_code == 0
    build(folder, fetched)
    return folder


def _reading():
    record = report(title=f"2022年报告 {PRIVATE}", sections=[_section(f"{LINK} {PRIVATE}")], contact=CONTACT)
    record["applications"]["refused.internal"][0] = record["cells"][0]["raw"] = "见 13812345678"
    listed = record["cells"][0] | {"row": "granted", "column": None, "class": "unassigned"}
    record["cells"].append(listed | {"raw": ["联系人", "王小明", "手机", "13812345678"]})
    record["findings"][0] |= {"message": PRIVATE, "quote": PRIVATE}
    record["statements"][0] |= {"subject": PRIVATE, "quote": PRIVATE}
    record["unit"]["evidence"] = [{"kind": "phone", "text": PRIVATE, "weight": 1, "candidates": 1, "agrees": True}]
    return record


def texts(path: Path) -> dict[tuple[str, str], list[str]]:
    """Every text of a database by table and column."""
    found = {}
    for (table,) in rows(path, "SELECT name FROM sqlite_schema WHERE type = 'table'"):
        for _, column, *_ in rows(path, f"PRAGMA table_info([{table}])"):
            held = rows(path, f"SELECT [{column}] FROM [{table}] WHERE typeof([{column}]) = 'text'")
            found[table, column] = [value for (value,) in held]
    return found


def rows(path: Path, sql: str, *values):
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql, values).fetchall()
