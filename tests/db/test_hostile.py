"""Requests and reports of bad faith (hostile.toml): every answer is in words, nothing leaks, nothing runs."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import tomllib
from collections.abc import Iterator
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree

import pytest

from crawler.archive import Archive
from db.build import NAME, build
from db.serve import site
from extract.records import Unit
from tests.db.conftest import digest, report, write
from tests.db.served import ALWAYS, fetch, running, until

GROUPS = tomllib.loads((Path(__file__).parent / "hostile.toml").read_text("utf-8"))["group"]
EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{7*7}}"
SECRET = "no reader shall see this"
LEAKS = ("Traceback", "site-packages", "root:x:0", '.py"', "RuntimeError", "sqlite3.", SECRET)


class Runs(HTMLParser):
    """What a browser would execute."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "script" and not (given.get("src") or "").startswith("/"):
            self.found.append(self.get_starttag_text())
        if tag in ("iframe", "object", "embed", "base") or (tag == "meta" and "http-equiv" in given):
            self.found.append(self.get_starttag_text())
        for name, value in attrs:
            scheme = re.sub(r"[\s\x00-\x1f]", "", value or "").lower()
            if name.startswith("on") or (name != "value" and scheme.startswith(("javascript:", "vbscript:"))):
                self.found.append(self.get_starttag_text())


def executed(html: str) -> list[str]:
    runs = Runs()
    runs.feed(html)
    # Datasette's own pages bring scripts of their own, which the policy does not let run
    theirs = re.findall(r"<script(?! src)[^>]*>(.*?)</script>", html, re.DOTALL)
    return [found for found in runs.found if found != "<script>"] + [text for text in theirs if "alert(1)" in text]


def requests() -> Iterator[pytest.param]:
    """Every request as bytes, with what may be answered."""
    for group in GROUPS:
        paths = [*group.get("paths", ()), *(start + piece * times for start, piece, times in group.get("many", ()))]
        paths += [f"/gongkai.json?sql={quote(sql)}" for sql in group.get("sql", ())]
        paths += [f"/gongkai?sql={quote(sql)}" for sql in group.get("sql", ())]
        paths += [f"/gongkai/reports?_where={quote(sql)}" for sql in group.get("where", ())]
        sent = [f"GET {quote(path, safe=PRINTED)} HTTP/1.1\r\nHost: site\r\n\r\n" for path in paths]
        for number, request in enumerate([*sent, *group.get("raw", ())]):
            status, malformed = tuple(group["status"]), group.get("malformed", False)
            yield pytest.param(request, status, malformed, id=f"{group['name']}-{number}".replace(" ", "_"))


PRINTED = "".join(map(chr, range(0x21, 0x7F)))
REQUESTS = list(requests())


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    data = tmp_path_factory.mktemp("hostile")
    write(data, report())
    (data / "secret.txt").write_text(SECRET)
    Archive(data / "archive").store(b"<p>x", name="a.htm", fetched="2026-01-03T03:04:05Z", media_type="text/html")
    build(data)
    before = sha256((data / NAME).read_bytes()).digest()
    with running(data) as (process, port):
        assert until(lambda: fetch(port, "/")[0] == 200)
        yield data, port
        assert process.poll() is None, "the site is gone"
        assert fetch(port, "/")[0] == 200
    assert sha256((data / NAME).read_bytes()).digest() == before
    assert "Traceback" not in (data / "serve.log").read_text(), (data / "serve.log").read_text()[-3000:]


def send(port: int, request: str) -> tuple[int, dict[str, str], str]:
    """What comes back for the bytes of a request."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall(request.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n", 1).encode())
        answer = b""
        while part := connection.recv(65536):
            answer += part
    head, _, body = answer.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers: dict[str, str] = {}
    for name, _, value in (line.partition(": ") for line in lines):
        headers[name.lower()] = headers.get(name.lower(), "") + value
    return int(first.split()[1]), headers, body.decode("utf-8", "replace")


def test_there_are_enough_of_them():
    assert len(REQUESTS) >= 200


@pytest.mark.parametrize(
    "html", [EVIL, "<a href=' java\nscript:alert(1)'>x</a>", "<p onclick='f()'>", "<base href=/x>"]
)
def test_what_would_run_is_seen(html):
    assert executed(html)


@pytest.mark.parametrize(("request_", "allowed", "malformed"), REQUESTS)
def test_a_hostile_request_is_answered_in_words_and_gets_nothing(served, request_, allowed, malformed):
    data, port = served
    status, headers, body = send(port, request_)
    assert status in allowed, body[:500]
    assert body.strip() or status == 302 or request_.startswith("HEAD")
    assert malformed or all(headers.get(name) for name in ALWAYS)
    assert not [leak for leak in (*LEAKS, str(data)) if leak in body]
    assert "x-evil" not in headers and not re.search(r"evil", headers.get("set-cookie", "") + headers.get("server", ""))
    assert re.fullmatch(r"(lang=(zh|en); Path=/; Max-Age=\d+; SameSite=Lax; HttpOnly)?", headers.get("set-cookie", ""))
    assert re.match(r"/(?![/\\])", headers.get("location", "/"))
    if headers.get("content-type", "").startswith("text/html"):
        assert not executed(body)
        assert "49{%" not in body and "<b>evil" not in body


# --- reports of bad faith ------------------------------------------------------------------------------------------

PAGES = (
    "/", "/report/{id}", "/report/{id}/original", "/report/{id}?lang=en", "/report/{id}.json", "/report/{id}.csv",
    "/unit/990181199", "/unit/990181199.csv", "/place/990181", "/place/990181199", "/findings", "/findings/S12",
    "/coverage", "/health", "/changes", "/search", "/search?q=alert", "/search?q=script", "/compare",
    "/compare?units=990181199&metric=M1&years=2022", "/compare.csv?units=990181199&metric=M1&years=2022", "/data",
    "/about", "/glossary", "/feeds/reports.atom", "/feeds/changes.atom", "/feeds/findings.atom", "/gongkai",
    "/gongkai/reports", "/gongkai/findings", "/gongkai/cells", "/gongkai/sections", "/gongkai/documents",
    "/gongkai/statements", "/gongkai/contacts", "/gongkai/units", "/gongkai/portals", "/gongkai/runs",
    "/gongkai/reports/{id}", "/gongkai/documents.json", "/gongkai/sections.csv", "/original/{digest}",
    "/gongkai?sql=select+*+from+sections", "/gongkai?sql=select+url+from+documents",
)  # fmt: skip


@pytest.fixture(scope="module")
def poisoned(tmp_path_factory):
    """A report that says everything a report can say in the worst way, from a portal named likewise."""
    data = tmp_path_factory.mktemp("poisoned")
    body = f"<title>{EVIL}</title>{EVIL}"
    kept = Archive(data / "archive").store(
        body.encode(), name=f"{EVIL}.htm", url="javascript:alert(1)", fetched="2026-01-03T03:04:05Z",
        media_type="text/html",
    )  # fmt: skip
    unit = Unit("990181199", f"镇{EVIL}", "government", "township", "990181199", (("99", EVIL), ("9901", EVIL)))
    line = report(body, unit=unit, title=f"报告{EVIL}", url="javascript:alert(1)", published_on="2023-01-16")
    assert line["document"]["digest"] == kept
    line["document"]["url"] = "javascript:alert(1)"
    line["contact"] = {name: EVIL for name in ("telephone", "address", "email", "organ")}
    line["sections"] = [{"number": 1, "heading": f"一、{EVIL}", "text": f"公开 alert script {EVIL}"}]
    for cell in line["cells"]:
        cell["raw"] = EVIL
    for finding in line["findings"]:
        finding |= {"message": EVIL, "quote": EVIL}
    write(data, line)
    run = {"portal": "<img src=x onerror=alert(1)>", "started": "2026-01-02T03:04:05Z", "reports": 0}
    run |= {"finished": "2026-01-02T03:05:05Z", "problems": [EVIL], "blocked": [[EVIL, EVIL]], "failing": [EVIL]}
    (data / "runs").mkdir()
    (data / "runs" / "20260102T030405Z-evil.json").write_text(json.dumps(run))
    build(data)
    return data, digest(body)


def test_a_poisoned_report_is_text_everywhere(poisoned):
    data, kept = poisoned

    async def ask():
        datasette = site(data)
        await datasette.invoke_startup()
        paths = [page.format(id="990181199-2022", digest=kept) for page in PAGES]
        return [(path, await datasette.client.get(path, follow_redirects=True)) for path in paths]

    shown = 0
    for path, answer in asyncio.run(ask()):
        assert answer.status_code in (200, 404), (path, answer.text[:500])
        kind = answer.headers["content-type"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        if path.startswith("/original/"):
            assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
        elif kind.startswith("text/html"):
            assert not executed(answer.text), path
            assert "script-src 'self'" in answer.headers["content-security-policy"]
            shown += "&lt;script&gt;alert(1)" in answer.text
        elif kind.startswith("application/atom"):
            ElementTree.fromstring(answer.text)
        else:
            assert kind.startswith(("application/json", "text/csv", "text/plain")), path
    assert shown >= 8, "the poison did not reach the pages"
