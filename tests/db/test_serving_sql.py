"""Readers' SQL behind a fence: stopped where it would take all, answered as Datasette answers it elsewhere."""

from __future__ import annotations

import asyncio
import re
import time
from urllib.parse import quote

import pytest
from datasette.database import QueryInterrupted

from db import apart, fence, queries
from db.build import NAME
from db.serve import site
from tests.db.served import COUNTING, REPORT, get, until

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


def asked_of(data, question):
    """What comes of `question(database)` on a site where `select 1` is SQL of a reader."""

    async def ask():
        datasette = site(data)
        await datasette.invoke_startup()
        database, before = datasette.get_database(), fence.THEIRS.set(("select 1",))
        try:
            return await question(database)
        finally:
            fence.THEIRS.reset(before)
            database.close()

    return asyncio.run(ask())


def test_no_time_limit_kills_a_process(built):
    async def question(database):
        database.start()
        children = {database.idle.get() for _ in range(fence.PROCESSES)}
        for child in children:
            database.idle.put(child)
        for limit in (-5000, -1):
            rows = await database.execute("select 1", custom_time_limit=limit)
            assert [tuple(row) for row in rows.rows] == [(1,)]
        assert {database.idle.get() for _ in range(fence.PROCESSES)} == children
        for child in children:
            database.idle.put(child)

    asked_of(built, question)


def test_a_canned_query_is_bounded_by_what_it_computes_and_not_by_the_clock(built, monkeypatch):
    canned = next(query for query in queries.load() if query.name == "reports_of_a_place")
    monkeypatch.setattr(queries, "load", lambda: (canned, queries.Query("endless", {}, {}, COUNTING.upper(), ())))

    async def question(database):
        database.ds.sql_time_limit_ms = 0
        with pytest.raises(QueryInterrupted):
            await database.execute("select count(*) from reports, reports")
        rows = await database.execute(canned.sql, {"place": "9901", "year": ""}, truncate=True)
        assert rows.rows and rows.columns[0] == "report"
        monkeypatch.setattr(fence, "OURS", apart.Limits(0.1, 60))
        with pytest.raises(fence.Busy):
            await database.execute(COUNTING.upper())

    asked_of(built, question)


def test_a_page_that_takes_too_long_is_no_fault_of_the_reader(built, monkeypatch):
    monkeypatch.setattr(fence, "OURS", apart.Limits(60, 0, steps=1))
    for answer in get(built, REPORT, "/feeds/findings.atom", "/gongkai/not_published?place=99"):
        assert (answer.status_code, answer.headers.get("retry-after")) == (503, "10")
        assert "缩小范围" not in answer.text and "正忙" in answer.text


def test_the_file_is_read_ahead_where_it_fits(built, monkeypatch):
    size, asked = (built / NAME).stat().st_size, []
    monkeypatch.setattr(fence.os, "posix_fadvise", lambda _, start, length, __: asked.append((start, start + length)))
    for memory, wanted in ((2 * size, size), (2 * size - 2, 0)):
        monkeypatch.setattr(fence.os, "sysconf", {"SC_PHYS_PAGES": memory, "SC_PAGE_SIZE": 1}.get)
        asked.clear()
        database = site(built).get_database()
        database.start()
        database.close()
        assert until(lambda wanted=wanted: max((end for _, end in asked), default=0) >= wanted)
        assert all(end == start for (_, end), (start, _) in zip(asked, asked[1:], strict=False))
        assert bool(asked) == bool(wanted)


@pytest.mark.parametrize("limit", ["-5000", "0", "x", "1.5", "", "1" * 5000])
def test_a_time_limit_that_is_none_is_refused(built, limit):
    paths = [f"/gongkai.json?sql=select+1&_timelimit={limit}", f"/gongkai/reports.json?_timelimit={limit}"]
    assert [answer.status_code for answer in get(built, *paths)] == [400, 400]


def test_a_time_limit_may_be_given(built):
    assert get(built, "/gongkai.json?sql=select+1&_timelimit=500")[0].status_code == 200


@pytest.mark.parametrize("sooner", [False, True])
def test_a_process_that_does_not_start_is_no_fault_of_the_query(built, monkeypatch, caplog, sooner):
    monkeypatch.setattr(fence, "START", 60.0 if sooner else 0.0)
    if sooner:  # it ends before it is ready
        monkeypatch.setattr(fence.sys, "executable", "/bin/false")
    first, page = get(built, "/gongkai.json?sql=select+1", REPORT)
    assert first.status_code == 503 and "memory" not in first.text and page.status_code == 200
    assert any("does not start" in record.message for record in caplog.records)
    monkeypatch.undo()
    assert get(built, "/gongkai.json?sql=select+1")[0].status_code == 200


def test_what_was_started_can_be_closed_where_the_next_does_not_start(built, monkeypatch):
    start, children = fence._start, []

    def once(path):
        if children:
            raise OSError("the machine is full")
        children.append(start(path))
        return children[0]

    monkeypatch.setattr(fence, "_start", once)
    database = site(built).get_database()
    with pytest.raises(OSError, match="full"):
        database.start()
    database.close()
    assert children[0].process.poll() is not None


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
