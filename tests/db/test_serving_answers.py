"""Around every answer of the site: headers, what robots may index, streams that readers leave, errors in words."""

from __future__ import annotations

import asyncio
import re
from urllib.parse import quote

import pytest

from db.serve import site
from tests.db.served import ALWAYS, REPORT, get


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
