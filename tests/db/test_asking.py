"""A page reads everything in one task of the database; a query over the time limit ends it."""

from __future__ import annotations

import asyncio
import sqlite3

import pytest
from datasette.database import Database, QueryInterrupted

from db import asking
from db.apart import Limits
from db.build import build
from db.serve import site

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"


def test_the_queries_of_a_page_wait_once(data, monkeypatch):
    build(data)
    tasks = []
    run = Database.execute_fn

    async def counted(self, function):
        tasks.append(function)
        return await run(self, function)

    async def ask():
        datasette = site(data)
        await datasette.invoke_startup()
        for path in ("/report/990181101-2022", "/unit/990181101", "/place/990181", "/", "/search?q=公开", "/health"):
            await datasette.client.get(path)  # connections and templates are made once
            tasks.clear()
            assert (await datasette.client.get(path)).status_code == 200
            assert len(tasks) <= 2, path  # the second: the facts in the footer

    monkeypatch.setattr(Database, "execute_fn", counted)
    asyncio.run(ask())


@pytest.mark.parametrize("limits", [Limits(0.05, 60), Limits(60, 0.05)])
def test_a_query_over_a_limit_ends_the_page(limits):
    connection = sqlite3.connect(":memory:")

    async def endless(query):
        return await query(ENDLESS)

    with pytest.raises(QueryInterrupted):
        asking._run(connection, limits, endless)
    assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_page_that_waits_for_something_else_is_told():
    async def waits(query):
        await asyncio.sleep(0)

    with pytest.raises(RuntimeError, match="something else"):
        asking._run(sqlite3.connect(":memory:"), Limits(1, 1), waits)
