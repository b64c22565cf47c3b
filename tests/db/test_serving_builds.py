"""Serving a build: it is immutable, and a new one takes its place without a failed request."""

from __future__ import annotations

import asyncio
import http.client
import json
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import asynccontextmanager, closing
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from datasette import NotFound

from db import fence, serve
from db.build import NAME, build
from db.serve import application, site
from tests.db.conftest import report, write
from tests.db.served import COUNTING, REPORT, fetch, running, until


@asynccontextmanager
async def started(app):
    """A client of an application between its start and its end."""
    said, heard = asyncio.Queue(), asyncio.Queue()
    life = asyncio.create_task(app({"type": "lifespan"}, said.get, heard.put))
    await said.put({"type": "lifespan.startup"})
    assert (await heard.get())["type"] == "lifespan.startup.complete"
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://site", timeout=60) as client:
        yield client
    await said.put({"type": "lifespan.shutdown"})
    await life


def deleted(process: Path) -> list[str]:
    """The builds that a process holds open although they are gone."""
    links = (str(name.readlink()) for name in process.glob("fd/*") if name.is_symlink())
    return [link for link in links if link.endswith(f"{NAME} (deleted)")]


def new_requests(data: Path, number: int) -> None:
    """The same town with another number of new requests, built."""
    line = report()
    line["applications"]["new"] = [number, 0, 0, 0, 0, 0, number]
    write(data, line)
    build(data)


def asked(port: int) -> int:
    """How many new requests the served build says there were."""
    return json.loads(fetch(port, "/gongkai/reports.json?_shape=array")[1])[0]["requests_new"]


# --- immutable ---------------------------------------------------------------------------------------------------


def test_the_database_cannot_be_written_to(built):
    before = (built / NAME).read_bytes()
    database = site(built).get_database()
    assert not database.is_mutable
    with closing(database.connect()) as connection, pytest.raises(sqlite3.OperationalError, match="readonly"):
        connection.execute("DELETE FROM meta")
    assert (built / NAME).read_bytes() == before


def test_counts_of_tables_are_known_without_counting(built):
    known = site(built).inspect_data["gongkai"]["tables"]
    with closing(sqlite3.connect(built / NAME)) as connection:
        for table, fact in known.items():
            if fact["count"] is not None:
                assert fact["count"] == connection.execute(f"SELECT count(*) FROM [{table}]").fetchone()[0], table
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert {table for table in tables if not table.startswith("sqlite_")} == set(known)
    assert {"reports", "meta"} <= {table for table, fact in known.items() if fact["count"]}


@pytest.mark.parametrize("content", [None, b"no database", b""])
def test_a_database_that_is_missing_or_none_is_said_in_one_sentence(tmp_path, content):
    if content is not None:
        (tmp_path / NAME).write_bytes(content)
    command = [sys.executable, "-m", "gongkai", "--data", str(tmp_path), "serve", "--port", "1"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 1 and "gongkai build" in done.stderr and "Traceback" not in done.stderr


# --- a new build ---------------------------------------------------------------------------------------------------


def test_a_new_build_appears_under_load_without_a_failed_request(built):
    paths = ("/", REPORT, "/gongkai/reports", "/unit/990181101", "/gongkai.json?sql=select+1", "/search?q=%E5%85%AC")
    failed, done, over = [], [], threading.Event()

    def read(first: int) -> None:
        number = first
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
            while not over.is_set():
                number += 1
                path = paths[number % len(paths)]
                try:
                    connection.request("GET", path)
                    answer = connection.getresponse()
                    answer.read()
                    done.append(path)
                    if answer.status != 200:
                        failed.append((path, answer.status))
                except Exception as error:
                    failed.append((path, repr(error)))

    with running(built) as (process, port):
        assert until(lambda: fetch(port, "/")[0] == 200) and asked(port) == 6
        readers = [threading.Thread(target=read, args=(number,)) for number in range(4)]
        for reader in readers:
            reader.start()
        for number in (11, 12, 13):
            new_requests(built, number)
            appeared = until(lambda number=number: asked(port) == number)
            if not appeared:
                break
        over.set()
        for reader in readers:
            reader.join()
        assert appeared and not failed and len(done) > 30
        held = Path(f"/proc/{process.pid}")
        assert until(lambda: not deleted(held), 10), f"builds that nobody reads any more are open: {deleted(held)}"
        children = [child for task in held.glob("task/*/children") for child in task.read_text().split()]
        assert len(children) == fence.PROCESSES


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")  # how a thread is ended
def test_an_answer_under_way_ends_on_the_build_it_began_with(built, monkeypatch):
    """A request that was asked before and answered after a new build; then the old file is let go."""

    async def ask() -> str:
        reached, go = threading.Event(), threading.Event()

        async def held(query, *_, **__):
            sql = "SELECT requests_new FROM reports"
            before = (await query(sql))[0]["requests_new"]
            reached.set()
            go.wait(60)
            raise NotFound(f"first {before}, then {(await query(sql))[0]['requests_new']}")

        monkeypatch.setattr("db.page.load", held)
        async with started(application(built)) as client:
            waiting = asyncio.create_task(client.get(REPORT))
            assert await asyncio.to_thread(reached.wait, 60)
            await asyncio.to_thread(new_requests, built, 21)
            for _ in range(300):
                answer = await client.get("/gongkai/reports.json?_shape=array")
                if answer.json()[0]["requests_new"] == 21:
                    break
                await asyncio.sleep(0.1)
            assert answer.json()[0]["requests_new"] == 21
            go.set()
            told = (await waiting).text
            assert not [link for link in deleted(Path("/proc/self")) if link.startswith(str(built))]
            return told

    assert "first 6, then 6" in asyncio.run(ask())


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")  # how a thread is ended
def test_nothing_is_left_of_a_build_that_cannot_be_opened(built, monkeypatch):
    children, opened = [], []

    async def broken(datasette):
        opened.append(datasette)
        await datasette.get_database().execute("select 1")
        datasette.get_database().start()
        idle = datasette.get_database().idle
        for _ in range(fence.PROCESSES):
            children.append(idle.get())
            idle.put(children[-1])
        raise RuntimeError("it cannot be opened")

    monkeypatch.setattr(serve, "_connect", broken)
    with pytest.raises(RuntimeError, match="cannot be opened"):
        asyncio.run(serve._open(built))
    assert len(children) == fence.PROCESSES and all(child.process.poll() is not None for child in children)
    assert not any(thread.is_alive() for thread in opened[0].executor._threads)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")  # how a thread is ended
def test_builds_are_served_after_one_that_could_not_be_closed(built, monkeypatch, caplog):
    close, failed = fence.Fenced.close, []

    def once(database):
        close(database)
        if not failed:
            failed.append(database)
            raise OSError("it cannot be closed")

    monkeypatch.setattr(fence.Fenced, "close", once)

    async def ask():
        async with started(application(built)) as client:
            for number in (41, 42):
                await asyncio.to_thread(new_requests, built, number)
                for _ in range(200):
                    answer = await client.get("/gongkai/reports.json?_shape=array")
                    if answer.json()[0]["requests_new"] == number:
                        break
                    await asyncio.sleep(0.1)
                assert answer.json()[0]["requests_new"] == number

    asyncio.run(ask())
    assert failed and any("cannot be closed" in record.message for record in caplog.records)


def test_a_file_that_cannot_be_shown_leaves_the_build_before_it(built):
    with running(built) as (_, port):
        assert until(lambda: fetch(port, "/")[0] == 200)
        broken = built / "other"
        broken.write_bytes(b"no database at all")
        broken.replace(built / NAME)
        log = built / "serve.log"
        assert until(lambda: "the build before it stays" in log.read_text())
        assert asked(port) == 6 and fetch(port, "/")[0] == 200
        new_requests(built, 31)
        assert until(lambda: asked(port) == 31)
        (built / NAME).unlink()  # even then
        time.sleep(2)
        assert asked(port) == 31


def test_a_request_under_way_is_answered_before_the_end(built):
    with running(built) as (process, port):
        assert until(lambda: fetch(port, "/")[0] == 200)
        answers = []
        reader = threading.Thread(
            target=lambda: answers.append(fetch(port, "/gongkai.json?sql=" + quote(COUNTING)))  # one second
        )
        reader.start()
        time.sleep(0.3)
        process.send_signal(signal.SIGTERM)
        reader.join()
        assert answers[0][0] == 400 and "error" in json.loads(answers[0][1])
        process.wait(30)
        assert "Traceback" not in (built / "serve.log").read_text()
