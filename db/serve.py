"""The site: Datasette on db/site with the database of one data folder. A new build replaces it between two requests."""

from __future__ import annotations

import asyncio
import logging
import socket
import sqlite3
import sys
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote

import uvicorn
from datasette.app import Datasette
from datasette.utils.asgi import AsgiLifespan
from jinja2.bccache import Bucket, BytecodeCache

from db import reading_room
from db.build import NAME
from db.fence import Fenced

SITE = Path(__file__).parent / "site"
HOST = "127.0.0.1"
EVERY = 1.0  # seconds between two looks for a new build
PATIENCE = 10  # seconds that requests under way get when the site is stopped

LOG = logging.getLogger("gongkai.site")
App = Callable[[Any, Any, Any], Awaitable[None]]


@dataclass(slots=True)
class Served:
    """A build that requests are answered from: the file it is, and how many are being answered."""

    key: tuple[int, ...]
    datasette: Datasette
    app: App
    requests: int = 0


class Compiled(BytecodeCache):
    """Compiled templates, which outlive a build: compiling them again would hold up the readers of the old one."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """What is kept of a template; jinja2 sees whether its source is still the same."""
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keeps it."""
        self.kept[bucket.key] = bucket.bytecode_to_string()


COMPILED = Compiled()


def site(data: Path) -> Datasette:
    """The Datasette of a data folder, which nothing can write to.

    Raises FileNotFoundError where nothing was built yet, OSError where the file is no database of ours."""
    database = Path(data) / NAME
    if not database.exists():
        raise FileNotFoundError(f"{database}: no database — run `gongkai build` first")
    datasette = Datasette(immutables=[str(database)], config_dir=SITE, inspect_data={database.stem: _known(database)})
    datasette.remove_database(database.stem)
    datasette.add_database(Fenced(datasette, str(database)), name=database.stem)
    datasette.jinja_env.bytecode_cache = COMPILED
    return datasette


def serve(data: Path, port: int = 8001) -> None:
    """Serves until Ctrl-C or SIGTERM; requests under way are answered first. Raises OSError like `site`, or where the
    port is taken."""
    site(data)  # says what is missing before anything is announced
    _free(port)
    _log_plainly()
    print(f"http://{HOST}:{port}/  (Ctrl-C stops)", flush=True)
    config = uvicorn.Config(
        application(Path(data)),
        host=HOST,
        port=port,
        log_level="warning",
        lifespan="on",
        http="h11",
        ws="none",
        server_header=False,
        timeout_graceful_shutdown=PATIENCE,
    )
    uvicorn.Server(config).run()


def application(data: Path) -> App:
    """The ASGI application: every request is answered from one build from its first query to its last."""
    current: Served | None = None
    watcher: asyncio.Task[None] | None = None

    async def start() -> None:
        nonlocal current, watcher
        current = await _open(data)
        await _greets(current.datasette)
        watcher = asyncio.create_task(watch())

    async def stop() -> None:
        if watcher and current:
            watcher.cancel()
            await _close(current)
        await asyncio.to_thread(reading_room.close)

    async def watch() -> None:
        nonlocal current
        tried = current.key
        while True:
            await asyncio.sleep(EVERY)
            key = _key(data / NAME)
            if key in (None, tried, current.key):
                continue
            tried = key
            try:
                new = await _fit(data)
                if new is None:
                    continue
                tried, old, current = new.key, current, new
                LOG.info("a new build is served: %s", data / NAME)
                if not old.requests:
                    await _close(old)
            except Exception:  # whatever it is, builds to come must be seen
                LOG.exception("%s: a new build was not taken over without fault", data / NAME)

    async def answer(scope: Any, receive: Any, send: Any) -> None:
        mine = current
        mine.requests += 1
        try:
            await mine.app(scope, receive, send)
        finally:
            mine.requests -= 1
            if mine is not current and not mine.requests:
                await _close(mine)

    return AsgiLifespan(answer, on_startup=[start], on_shutdown=[stop])


async def _open(data: Path) -> Served:
    """Opens what is there now. Another build may arrive meanwhile: then all connections are made again."""
    while True:
        key = _key(data / NAME)
        datasette = await asyncio.to_thread(site, data)
        served = Served(key, datasette, datasette.app())
        try:
            await datasette.invoke_startup()
            await _connect(datasette)
        except BaseException:  # also where the site is stopped meanwhile: threads and processes would outlive it
            await _close(served)
            raise
        if key == _key(data / NAME):
            return served
        await _close(served)


async def _fit(data: Path) -> Served | None:
    """The new build, once its front page can be shown; else None: the one before stays."""
    new = None
    try:
        new = await _open(data)
        if await _greets(new.datasette):
            return new
        LOG.error("%s: its front page fails — the build before it stays", data / NAME)
    except Exception as error:  # whatever it is, the site goes on with what it has
        LOG.error("%s cannot be served — the build before it stays: %s", data / NAME, error)
    if new:
        await _close(new)
    return None


async def _greets(datasette: Datasette) -> bool:
    """Whether the front page works. It also prepares the templates, so that no reader waits for that."""
    return (await datasette.client.get("/")).status_code == 200


async def _connect(datasette: Datasette) -> None:
    """Every thread and process opens its connection now: later the same path may lead to another file."""
    threads = datasette.setting("num_sql_threads")
    together = threading.Barrier(threads, timeout=60)
    database = datasette.get_database()
    await asyncio.to_thread(database.start)
    try:
        await asyncio.gather(*(database.execute_fn(lambda _: together.wait()) for _ in range(threads)))
    except BaseException:
        together.abort()  # else the others wait for the one that failed
        raise


async def _close(served: Served) -> None:
    """Ends the threads and connections of a build that nobody asks any more. A fault is logged: the site goes on."""
    try:
        internal = served.datasette.get_database("_internal")
        await internal.execute_write_fn(lambda _: sys.exit(), block=False)  # else its writing thread waits for ever
        await asyncio.to_thread(served.datasette.executor.shutdown)
    except Exception:
        LOG.exception("the threads of a build that is not served any more cannot be ended")
    try:
        served.datasette.get_database().close()
    except Exception:
        LOG.exception("a build that is not served any more cannot be closed")


def _key(database: Path) -> tuple[int, ...] | None:
    """What tells one file from the next at the same path; None where there is none."""
    try:
        found = database.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def _known(database: Path) -> dict[str, Any]:
    """What Datasette would else learn by reading the whole file: rows by table, and a name for its bytes.

    `ANALYZE`, the last step of a build, has counted every table that has rows; what cannot be counted at once is
    left open (None). Raises OSError where this is no built database."""
    try:
        connection = sqlite3.connect(f"file:{quote(str(database))}?immutable=1", uri=True)
        try:
            tables = "SELECT name, sql LIKE 'CREATE VIRTUAL%' FROM sqlite_master WHERE type = 'table'"
            found = connection.execute(f"{tables} AND name NOT LIKE 'sqlite%'")
            counts = {name: None if virtual else 0 for name, virtual in found}
            for table, stat in connection.execute("SELECT tbl, stat FROM sqlite_stat1"):
                counts[table] = max(counts[table] or 0, int(stat.split()[0]))  # an index may hold a part of the rows
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise OSError(f"{database}: not a built database ({error}) — run `gongkai build`") from error
    name = sha256(repr(_key(database)).encode()).hexdigest()
    tables = {table: {"count": count} for table, count in counts.items()}
    return {"file": database.name, "hash": name, "size": database.stat().st_size, "tables": tables}


def _log_plainly() -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    logging.getLogger("gongkai").addHandler(handler)
    logging.getLogger("gongkai").setLevel(logging.INFO)


def _free(port: int) -> None:
    """Raises OSError where the port is taken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise OSError(f"port {port} of {HOST} is taken — choose another with --port") from error
