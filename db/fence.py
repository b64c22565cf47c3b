"""SQL of readers runs in processes of its own (`apart.py`), a few at a time; one that does not answer is killed."""

from __future__ import annotations

import asyncio
import contextlib
import queue
import sqlite3
import subprocess
import sys
from contextvars import ContextVar
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from typing import Any, NamedTuple

from datasette.database import Database, QueryInterrupted, Results

THEIRS: ContextVar[tuple[str, ...]] = ContextVar("theirs", default=())  # the SQL that a request brings along
PROCESSES = 2
QUEUE = 20  # requests that may wait for one of them
GRACE = 1.0  # seconds beyond the time limit until a process is killed
START = 60.0  # seconds within which one has to be ready


class Busy(Exception):
    """More readers' SQL is waiting than can be answered soon."""


class Child(NamedTuple):
    """A process and the way to talk to it."""

    process: subprocess.Popen[bytes]
    pipe: Connection


class Fenced(Database):
    """A database where every query that contains SQL of a reader goes to a process of its own."""

    def __init__(self, datasette: Any, path: str) -> None:
        super().__init__(datasette, path, is_mutable=False)
        self.idle: queue.SimpleQueue[Child | None] = queue.SimpleQueue()  # None: one that is yet to be started
        for _ in range(PROCESSES):
            self.idle.put(None)
        self.turn = asyncio.Semaphore(PROCESSES)
        self.under_way = 0

    async def execute(
        self, sql: str, params: Any = None, truncate: bool = False, custom_time_limit: int | None = None,
        page_size: int | None = None, log_sql_errors: bool = True,
    ) -> Results:  # fmt: skip
        """As Datasette's. Raises Busy where too many wait."""
        if not any(text in sql for text in THEIRS.get()):
            return await super().execute(sql, params, truncate, custom_time_limit, page_size, log_sql_errors)
        if self.under_way >= PROCESSES + QUEUE:
            raise Busy
        limit = min(custom_time_limit or self.ds.sql_time_limit_ms, self.ds.sql_time_limit_ms) / 1000
        rows = self.ds.max_returned_rows if truncate else None
        if rows and rows == (page_size or self.ds.page_size):
            rows += 1
        given = dict(params) if isinstance(params, dict) else list(params or ())
        self.under_way += 1
        try:
            async with self.turn:
                answer = await asyncio.to_thread(self._ask, sql, given, limit, rows)
        finally:
            self.under_way -= 1
        return _results(answer, sql, params)

    def start(self) -> None:
        """Starts the processes before they are needed: later the same path may lead to another file."""
        children = [self.idle.get() or _start(self.path) for _ in range(PROCESSES)]
        for child in children:
            self.idle.put(child)

    def close(self) -> None:
        """Ends the processes and closes the connections."""
        with contextlib.suppress(queue.Empty):
            while True:
                _end(self.idle.get_nowait())
        super().close()

    def _ask(self, sql: str, params: Any, limit: float, rows: int | None) -> tuple[Any, ...]:
        child = self.idle.get()
        try:
            child = child or _start(self.path)
            child.pipe.send((sql, params, limit, rows))
            if child.pipe.poll(limit + GRACE):
                return child.pipe.recv()
            _end(child)
            child = None
            return ("slow",)
        except (EOFError, OSError):  # the kernel ended it
            _end(child)
            child = None
            return "error", "OperationalError", "the query needs too much memory or time"
        finally:
            self.idle.put(child)


def _start(path: str) -> Child:
    ours, theirs = Pipe()
    with theirs:
        command = [sys.executable, "-m", "db.apart", str(Path(path).resolve()), str(theirs.fileno())]
        process = subprocess.Popen(
            command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, cwd=Path(__file__).parent.parent
        )
    child = Child(process, ours)
    if not ours.poll(START):
        _end(child)
        raise OSError("the process for readers' SQL does not start")
    ours.recv()
    return child


def _end(child: Child | None) -> None:
    if child:
        child.process.kill()
        child.process.wait()
        child.pipe.close()


def _results(answer: tuple[Any, ...], sql: str, params: Any) -> Results:
    kind, *rest = answer
    if kind == "slow":
        raise QueryInterrupted(sqlite3.OperationalError("interrupted"), sql, params)
    if kind == "error":
        raise getattr(sqlite3, rest[0], sqlite3.OperationalError)(rest[1])
    columns, rows, truncated = rest
    names = ", ".join('NULL AS "' + column.replace('"', '""') + '"' for column in columns) or "NULL"
    with contextlib.closing(sqlite3.connect(":memory:")) as memory:
        cursor = memory.execute(f"SELECT {names}")  # a sqlite3.Row takes the names of its columns from a cursor
        return Results([sqlite3.Row(cursor, row) for row in rows], truncated, cursor.description)
