"""What a page reads from the database: all its queries one after the other in one thread.

Datasette runs every query as a task of its own; where twenty readers ask at once, a page of 25 queries waits 25 times.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Coroutine
from typing import Any

from datasette import Forbidden
from datasette.app import Datasette
from datasette.database import QueryInterrupted
from datasette.utils.asgi import Request

from db import fence
from db.apart import Limits, limited
from db.cells import Query, Row

Load = Callable[[Query], Coroutine[Any, Any, Any]]


async def read(datasette: Datasette, request: Request, load: Load) -> Any:
    """What `load(query)` gives; it may await `query(sql, *values)` → rows as dicts, and nothing else.

    Raises Forbidden where the reader may not see the database, QueryInterrupted where all of it takes too long."""
    await allowed(datasette, request)
    return await datasette.get_database("gongkai").execute_fn(lambda connection: _run(connection, fence.OURS, load))


async def allowed(datasette: Datasette, request: Request) -> None:
    """Raises Forbidden where the reader may not see the database."""
    if not await datasette.permission_allowed(request.actor, "view-database", "gongkai", default=True):
        raise Forbidden("view-database")


def _run(connection: sqlite3.Connection, limits: Limits, load: Load) -> Any:
    """Drives the coroutine to its end; as its queries are answered at once, it never waits."""

    async def query(sql: str, *values: Any) -> list[Row]:
        try:
            return [dict(row) for row in connection.execute(sql, values).fetchall()]
        except sqlite3.OperationalError as error:
            if error.args == ("interrupted",):
                raise QueryInterrupted(error, sql, values) from error
            raise

    loading = load(query)
    try:
        with limited(connection, limits):
            loading.send(None)
    except StopIteration as done:
        return done.value
    loading.close()
    raise RuntimeError("a page waits for something else than its queries")
