"""Serving: an immutable database, new builds without a failed request, readers' SQL behind a fence, errors in words."""

from __future__ import annotations

import asyncio
import http.client
import json
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from datasette import NotFound

from db import fence
from db.build import NAME, build
from db.serve import application, site
from tests.db.conftest import report, write

REPORT = "/report/990181101-2022"
WITHS = "with t0 as (select 1 x)" + "".join(f", t{i} as (select a.x from t{i - 1} a, t{i - 1} b)" for i in range(1, 26))
LONG = "with x as (select replace(hex(zeroblob(900000)), '0', 'a') a)"
COUNTING = "with recursive n(x) as (select 1 union all select x + 1 from n) select count(*) from n"


@pytest.fixture
def built(data):
    build(data)
    return data


def get(data: Path, *paths: str, **kwargs):
    """The answers to several requests to one site, one after the other."""

    async def ask():
        datasette = site(data)
        await datasette.invoke_startup()
        try:
            return [await datasette.client.get(path, **kwargs) for path in paths]
        finally:
            datasette.get_database().close()

    return asyncio.run(ask())


@contextmanager
def running(data: Path):
    """`gongkai serve` in a process of its own: yields (process, port)."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gongkai", "--data", str(data), "serve", "--port", str(port)]
    with (data / "serve.log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            for _ in range(600):
                assert process.poll() is None, (data / "serve.log").read_text()
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.1)
            yield process, port
        finally:
            process.kill()
            process.wait()


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


def fetch(port: int, path: str) -> tuple[int, str]:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


def until(true, seconds: float = 60) -> bool:
    """Whether something becomes true in time."""
    end = time.monotonic() + seconds
    while not (done := true()) and time.monotonic() < end:
        time.sleep(0.2)
    return bool(done)


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


# --- readers' SQL --------------------------------------------------------------------------------------------------


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


# --- headers, robots, errors ---------------------------------------------------------------------------------------

ALWAYS = (
    "content-security-policy",
    "x-content-type-options",
    "referrer-policy",
    "x-frame-options",
    "permissions-policy",
)


@pytest.mark.parametrize(
    ("path", "status"),
    [("/", 200), (REPORT, 200), ("/gongkai", 200), ("/gongkai/reports.json", 200), ("/static/site.css", 200),
     ("/robots.txt", 200), ("/nowhere/", 302), ("/gongkai/reports?_size=x", 400), ("/nowhere", 404),
     ("/-/plugins", 404), ("/static/nothing.css", 404), ("/x" * 2000, 414)],
)  # fmt: skip
def test_headers_stand_on_every_answer(built, path, status):
    (answer,) = get(built, path)
    assert answer.status_code == status and all(answer.headers.get(name) for name in ALWAYS)


def test_no_header_is_too_long_for_nginx(built):
    (answer,) = get(built, "/gongkai?sql=" + quote("select 1 " + "-- a long comment\n" * 400))
    assert answer.status_code == 200 and sum(map(len, answer.headers.values())) < 2000


def test_the_rest_of_a_stream_is_not_made_for_a_reader_who_left(built):
    """A stream asks for its rows page by page."""

    async def ask(leaves: bool) -> tuple[int, int]:
        datasette = site(built)
        await datasette.invoke_startup()
        sent, away = [], asyncio.Event()

        async def receive():
            if not sent:
                return {"type": "http.request", "body": b"", "more_body": False}
            await away.wait()
            return {"type": "http.disconnect"}

        async def send(event):
            sent.append(event)
            if leaves and len(sent) == 3:
                away.set()

        scope = {"type": "http", "method": "GET", "path": "/gongkai/rules.csv", "query_string": b"_stream=1&_size=max",
                 "raw_path": b"/gongkai/rules.csv", "headers": [(b"host", b"site")], "scheme": "http"}  # fmt: skip
        datasette.max_returned_rows = 10
        await datasette.app()(scope, receive, send)
        return sent[0]["status"], len(sent)

    (status, events), (whole, all_events) = asyncio.run(ask(True)), asyncio.run(ask(False))
    assert status == whole == 200 and events < all_events / 2


def test_pages_may_be_indexed_tables_and_originals_may_not(built):
    robots = get(built, "/robots.txt")[0].text.splitlines()
    assert robots[0] == "User-agent: *" and "Disallow: /gongkai" in robots and "Disallow: /" not in robots
    paths = ("/", REPORT, "/place/990181", "/gongkai", "/gongkai/reports", "/gongkai?sql=select+1", "/search?q=a")
    assert [answer.headers.get("x-robots-tag") for answer in get(built, *paths)] == [None] * 3 + ["noindex"] * 4


@pytest.mark.parametrize(
    "path", ["databases", "databases.json", "plugins", "settings", "threads", "versions", "metadata"]
)
def test_datasette_does_not_tell_about_itself(built, path):
    (answer,) = get(built, f"/-/{path}")
    assert answer.status_code == 404 and str(built) not in answer.text


def fail(*_, **__):
    raise RuntimeError("a secret of the machine")


def test_a_fault_is_our_page_with_a_number_and_nothing_from_inside(built, monkeypatch, caplog):
    monkeypatch.setattr("db.page.load", fail)
    chinese, english = get(built, REPORT, REPORT + "?lang=en")
    for answer, words in ((chinese, "责任在我们"), (english, "It is not your fault")):
        assert answer.status_code == 500 and words in answer.text and 'href="/"' in answer.text
        assert "secret" not in answer.text and "Traceback" not in answer.text
        number = re.search(r"\b[0-9a-f]{8}\b", re.search(r"<main.*</main>", answer.text, re.DOTALL)[0])[0]
        assert any(number in record.message and record.exc_info for record in caplog.records)


def test_where_even_the_templates_fail_there_is_a_message(built, monkeypatch):
    monkeypatch.setattr("datasette.app.Datasette.render_template", fail)
    (answer,) = get(built, REPORT)
    assert answer.status_code == 500 and "责任在我们" in answer.text and "secret" not in answer.text
    assert answer.headers["content-security-policy"]


def test_errors_are_in_the_form_that_was_asked_for(built):
    page, data, table = get(built, "/nowhere?lang=en", "/nowhere.json?lang=en", "/unit/nobody.csv?lang=en")
    assert [answer.status_code for answer in (page, data, table)] == [404] * 3
    assert page.headers["content-type"].startswith("text/html") and "There is no such page" in page.text
    assert data.json()["ok"] is False and "There is no such page" in data.json()["error"]
    assert table.headers["content-type"].startswith("text/plain") and "There is no such page" in table.text
