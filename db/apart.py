"""A process that answers SQL written by readers, and nothing else: `python -m db.apart FILE DESCRIPTOR`.

SQLite's time limit is looked at between two steps of a query. One step (`trim()` over long texts, the preparation of
nested WITHs) can take minutes and gigabytes, so such a query must be somewhere where it can be killed.
"""

from __future__ import annotations

import contextlib
import resource
import sqlite3
import sys
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from typing import Any, NamedTuple
from urllib.parse import quote

from db import search

MEMORY = 1_000_000_000  # bytes of address space
CPU = 10  # seconds a query may use before the kernel ends the process, should its parent be gone
SPILL = 200_000_000  # bytes of a temporary file (sorting)
ANSWER = 16_000_000  # bytes of values in one answer
LENGTH = 5_000_000  # bytes of one value or row; the longest text of a report is far below
PRAGMAS = {"table_info", "table_xinfo", "table_list", "index_list", "index_info", "index_xinfo", "foreign_key_list",
           "schema_version", "data_version"}  # fmt: skip
TELLING = {"load_extension", "fts3_tokenizer"}  # the second gives an address in memory


class Limits(NamedTuple):
    """What SQL may take: seconds of processor time, seconds on the clock; the clocks are looked at every so many steps
    of SQLite's machine (a thousand take 0.05 to 0.3 ms, or longer where the disk is slow)."""

    processor: float
    clock: float
    steps: int = 1000


def open_database(path: str) -> sqlite3.Connection:
    """A connection that can read this file and nothing else."""
    connection = sqlite3.connect(f"file:{quote(path)}?immutable=1", uri=True)
    connection.text_factory = lambda text: str(text, "utf-8", "replace")
    connection.create_function("zh_match", 1, lambda words: search.match(str(words or "")), deterministic=True)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LENGTH)
    connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    connection.execute("PRAGMA query_only = 1")
    connection.execute("SELECT 1 FROM sqlite_master LIMIT 1")
    connection.set_authorizer(_may)
    return connection


def _may(action: int, first: str | None, second: str | None, *_: str | None) -> int:
    """Asking what tables are like, but not where the file lies; that nothing is written, the connection sees to."""
    closed = action in (sqlite3.SQLITE_ATTACH, sqlite3.SQLITE_DETACH) or second in TELLING
    closed |= action == sqlite3.SQLITE_PRAGMA and first not in PRAGMAS
    return sqlite3.SQLITE_DENY if closed else sqlite3.SQLITE_OK


@contextlib.contextmanager
def limited(connection: sqlite3.Connection, limits: Limits) -> Iterator[None]:
    """Interrupts what the connection does in this thread beyond the limits."""
    busy, late = time.thread_time() + limits.processor, time.monotonic() + limits.clock
    connection.set_progress_handler(lambda: time.thread_time() > busy or time.monotonic() > late, limits.steps)
    try:
        yield
    finally:
        connection.set_progress_handler(None, 0)


def run(connection: sqlite3.Connection, sql: str, params: Any, limits: Limits, rows: int | None) -> tuple[Any, ...]:
    """`("rows", columns, rows, truncated)` of at most `rows` rows, `("slow",)` beyond the limits, or
    `("error", name of the error, message)`."""
    try:
        found, size = [], 0
        with limited(connection, limits):
            cursor = connection.execute(sql, params)
            for row in cursor:
                size += sum(len(value) for value in row if isinstance(value, str | bytes)) + 8 * len(row)
                if size > ANSWER:
                    return "error", "OperationalError", f"the answer is longer than {ANSWER:,} bytes: ask for less"
                found.append(tuple(row))
                if rows and len(found) > rows:
                    break
        columns = [column[0] for column in cursor.description or ()]
    except MemoryError:
        return "error", "OperationalError", "the query needs too much memory"
    except (sqlite3.Error, sqlite3.Warning) as error:
        if str(error) == "interrupted":
            return ("slow",)
        return "error", type(error).__name__, str(error)
    except (ValueError, TypeError, OverflowError) as error:
        return "error", "OperationalError", str(error)
    return "rows", columns, found[:rows] if rows else found, bool(rows) and len(found) > rows


def main(path: str, descriptor: int) -> None:
    """Answers until the other end is closed."""
    connection = open_database(path)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (SPILL, SPILL))
    asked = Connection(descriptor)
    asked.send("ready")
    with contextlib.suppress(EOFError, KeyboardInterrupt, BrokenPipeError):
        while True:
            sql, params, limit, rows = asked.recv()
            resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time()) + CPU, resource.RLIM_INFINITY))
            asked.send(run(connection, sql, params, Limits(limit, limit), rows))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
