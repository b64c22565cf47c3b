"""SQL of readers runs in processes of its own (`apart.py`), a few at a time; one that does not answer is killed.

Our own is bounded by what it computes, not by the clock: where the disk is slow, a page is slow, but there is one.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import queue
import sqlite3
import subprocess
import sys
import threading
from contextvars import ContextVar
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from typing import Any, NamedTuple

from datasette.database import Database, QueryInterrupted, Results

from db import apart, queries

LOG = logging.getLogger("gongkai.site")
THEIRS: ContextVar[tuple[str, ...]] = ContextVar("theirs", default=())  # the SQL that a request brings along
PROCESSES = 2
QUEUE = 20  # requests that may wait for one of them
GRACE = 1.0  # seconds beyond the time limit until a process is killed
AHEAD = 1 << 20  # bytes of the file that are read ahead at once
START = 60.0  # seconds within which one has to be ready
# What a page or a canned query may take; a look at the clocks has to wait for the other threads
OURS = apart.Limits(processor=2.0, clock=10.0, steps=20_000)


class Busy(Exception):
    """More is asked than can be answered soon, or nothing is there to answer: ask again in a moment."""


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
        """As Datasette's. Raises Busy where too many wait, or where a canned query takes too long."""
        theirs = any(text in sql for text in THEIRS.get())
        canned = sql in {query.sql for query in queries.load()}
        if not theirs and not canned:
            return await super().execute(sql, params, truncate, custom_time_limit, page_size, log_sql_errors)
        rows = self.ds.max_returned_rows if truncate else None
        if rows and rows == (page_size or self.ds.page_size):
            rows += 1
        if not theirs:
            answer = await self.execute_fn(lambda connection: apart.run(connection, sql, params or {}, OURS, rows))
            if answer == ("slow",):
                raise Busy
            return _results(answer, sql, params)
        if self.under_way >= PROCESSES + QUEUE:
            raise Busy
        longest = self.ds.sql_time_limit_ms
        limit = max(1, min(custom_time_limit or longest, longest)) / 1000  # below 0 a healthy process would be killed
        given = dict(params) if isinstance(params, dict) else list(params or ())
        self.under_way += 1
        try:
            async with self.turn:
                answer = await asyncio.to_thread(self._ask, sql, given, limit, rows)
        finally:
            self.under_way -= 1
        return _results(answer, sql, params)

    def start(self) -> None:
        """Starts the processes before they are needed: later the same path may lead to another file. Meanwhile the
        file comes into memory: after a restart of the machine every first page would else wait for the disk."""
        threading.Thread(target=_read_ahead, args=(os.open(self.path, os.O_RDONLY),), daemon=True).start()
        for _ in range(PROCESSES):  # each is put back at once, so that `close` finds it where the next does not start
            child = self.idle.get()
            try:
                child = child or _start(self.path)
            finally:
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
            child = child or _started(self.path)
            answer, well = _answer(child, sql, params, limit, rows)
            if not well:
                _end(child)
                child = None
            return answer
        finally:
            self.idle.put(child)


def _read_ahead(file: int) -> None:
    """Has the system read the open file, where it takes no more than half of the memory; closes it."""
    try:
        size, memory = os.fstat(file).st_size, os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
        for start in range(0, size if size <= memory / 2 else 0, AHEAD):
            os.posix_fadvise(file, start, AHEAD, os.POSIX_FADV_WILLNEED)
    finally:
        os.close(file)


def _started(path: str) -> Child:
    """A new process. Raises Busy where none starts: that is no fault of the query."""
    try:
        return _start(path)
    except OSError as error:
        LOG.error("%s", error)
        raise Busy from error


def _answer(child: Child, sql: str, params: Any, limit: float, rows: int | None) -> tuple[tuple[Any, ...], bool]:
    """(the answer, whether the process can take another question)."""
    try:
        child.pipe.send((sql, params, limit, rows))
        return (child.pipe.recv(), True) if child.pipe.poll(limit + GRACE) else (("slow",), False)
    except (EOFError, OSError):  # the kernel ended it
        return ("error", "OperationalError", "the query needs too much memory or time"), False


def _start(path: str) -> Child:
    ours, theirs = Pipe()
    with theirs:
        command = [sys.executable, "-m", "db.apart", str(Path(path).resolve()), str(theirs.fileno())]
        process = subprocess.Popen(
            command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, cwd=Path(__file__).parent.parent
        )
    child = Child(process, ours)
    with contextlib.suppress(EOFError, OSError):  # it ended before it was ready
        if ours.poll(START):
            ours.recv()
            return child
    _end(child)
    raise OSError("the process for readers' SQL does not start")


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
