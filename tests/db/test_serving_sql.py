"""Readers' SQL behind a fence: stopped where it would take all, answered as Datasette answers it elsewhere."""

from __future__ import annotations

import asyncio
import re
import time
from urllib.parse import quote

import pytest

from db import fence
from db.serve import site
from tests.db.served import COUNTING, REPORT, get

WITHS = "with t0 as (select 1 x)" + "".join(f", t{i} as (select a.x from t{i - 1} a, t{i - 1} b)" for i in range(1, 26))
LONG = "with x as (select replace(hex(zeroblob(900000)), '0', 'a') a)"


@pytest.mark.parametrize(
    "sql",
    [
        pytest.param(COUNTING, id="endless"),
        pytest.param(f"{WITHS} select count(*) from t25", id="exponential-preparation"),
        pytest.param(f"{LONG} select length(trim(a, replace(a, 'a', 'xyzw'))) from x", id="one-long-step"),
        pytest.param(f"{LONG} select instr(a, substr(a, 1, 800000) || 'b') from x", id="quadratic"),
        pytest.param("select zeroblob(4000000) from findings, findings, rules", id="long-answer"),
        pytest.param("select hex(zeroblob(1000000000))", id="long-value"),
    ],
)
def test_sql_that_would_take_all_is_stopped(built, sql):
    start = time.monotonic()
    slow, where, after = get(
        built, "/gongkai.json?sql=" + quote(sql), "/gongkai/reports.json?_where=" + quote(f"1 in ({sql})"), "/"
    )
    assert time.monotonic() - start < 30
    assert (slow.status_code, where.status_code, after.status_code) == (400, 400, 200)
    assert slow.json()["error"] and where.json()["error"]


def test_readers_sql_answers_as_datasette_does(built, monkeypatch):
    queries = [
        "select id, year, requests_new as n from reports",
        "select 1 as a, 2 as a",
        "select x'00ff' as bytes, null as nothing, 1.5 as real, '公开' as text",
        "select * from reports where year = :year&year=2022",
        "select * from pragma_table_info('meta')",
        "select * from findings, findings, rules",  # truncated
        "select zh_match('公开') as words",
        "select no_such_column",
        "select 1; select 2",
    ]
    paths = [f"/gongkai.json?sql={quote(sql, safe='&=')}" for sql in queries]
    paths += ["/gongkai/rules.csv?_stream=1&_where=1", "/gongkai/findings.json?_where=rule='S12'&_labels=on"]

    def answers():
        timed = re.compile(r'"query_ms": [\d.]+')
        return [(answer.status_code, timed.sub("", answer.text)) for answer in get(built, *paths)]

    apart = answers()
    monkeypatch.setattr(fence.Fenced, "execute", fence.Database.execute)
    assert apart == answers()


def test_only_so_many_queries_wait(built, monkeypatch):
    monkeypatch.setattr(fence, "QUEUE", 1)

    async def ask():
        datasette = site(built)
        await datasette.invoke_startup()
        paths = ["/gongkai.json?sql=" + quote(COUNTING)] * 5 + [REPORT]
        answers = await asyncio.gather(*(datasette.client.get(path) for path in paths))
        datasette.get_database().close()
        return answers

    *queries, page = asyncio.run(ask())
    assert sorted(answer.status_code for answer in queries) == [400, 400, 400, 503, 503]
    assert {answer.headers.get("retry-after") for answer in queries if answer.status_code == 503} == {"10"}
    assert page.status_code == 200
