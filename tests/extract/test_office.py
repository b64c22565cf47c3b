"""DOC, WPS and RTF through the real LibreOffice: the same report, one instance for all, nothing left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from http.server import BaseHTTPRequestHandler, HTTPServer
from multiprocessing import get_context
from pathlib import Path
from random import Random

import pytest

from crawler.replica.render import missing, render
from crawler.replica.render.docx import Habits, write
from crawler.replica.render.office import convert
from crawler.replica.reports import generate
from extract.formats import soffice
from extract.formats.docx import read_docx
from extract.formats.office import read_office
from extract.formats.sniff import sniff
from extract.records import ReportError
from tests.extract.shapes import raised, read

BASE = generate(1, unit="990101101", organ="清溪县双桥镇", year=2023)
OPEN = "urn:oasis:names:tc:opendocument:xmlns"
LINKED = (
    f'<office:document xmlns:office="{OPEN}:office:1.0" xmlns:text="{OPEN}:text:1.0" xmlns:draw="{OPEN}:drawing:1.0" '
    f'xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:svg="{OPEN}:svg-compatible:1.0" office:version="1.2" '
    'office:mimetype="application/vnd.oasis.opendocument.text"><office:body><office:text><text:p>before '
    '<draw:frame text:anchor-type="as-char" svg:width="5cm" svg:height="5cm"><draw:image xlink:href="@" '
    'xlink:type="simple" xlink:show="embed" xlink:actuate="onLoad"/></draw:frame></text:p></office:text>'
    "</office:body></office:document>"
)
needs_office = pytest.mark.skipif(soffice.found() is None, reason=f"{soffice.PACKAGE} is not installed")
pytestmark = pytest.mark.timeout(300)  # a first start builds a profile


@pytest.fixture(scope="module", autouse=True)
def _ended() -> Iterator[None]:
    yield
    if soffice._running is not None:
        soffice._running.stop()
        soffice._running = None


@needs_office
@pytest.mark.parametrize("form", ["doc", "rtf", "rtf_writer"])
def test_a_report_in_another_format_is_the_same_report(form: str) -> None:
    assert missing(form) is None
    report = read(render(BASE, form, 1))
    assert report.applications == BASE.truth["applications"]
    assert report.disputes == BASE.truth["disputes"]
    assert report.disclosures == BASE.truth["disclosures"]
    assert [section.number for section in report.sections if section.number] == [1, 2, 3, 4, 5, 6]


@needs_office
def test_one_instance_serves_many_documents() -> None:
    body = render(BASE, "rtf", 1)
    read_office(body)
    assert soffice._running is not None and soffice._running._process is not None
    first = soffice._running._process.pid
    read_office(body)
    assert soffice._running._process.pid == first


@needs_office
def test_a_dead_instance_is_replaced() -> None:
    body = render(BASE, "rtf", 1)
    read_office(body)
    assert soffice._running is not None and soffice._running._process is not None
    soffice._running._process.kill()
    soffice._running._process.wait()
    assert read_office(body).media_type == "application/rtf"


@needs_office
def test_a_hang_ends_at_the_limit_and_hurts_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    body = render(BASE, "rtf", 1)
    read_office(body)
    assert soffice._running is not None and soffice._running._process is not None
    os.kill(soffice._running._process.pid, signal.SIGSTOP)
    monkeypatch.setattr(soffice, "SECONDS", 1.0)
    with pytest.raises(ReportError, match="more than 1 s"):
        read_office(body)
    monkeypatch.undo()
    assert read_office(body).media_type == "application/rtf"


@needs_office
def test_nothing_stays_when_the_process_is_killed(tmp_path: Path) -> None:
    script = (
        "import sys, time; from extract.formats import soffice;"
        "soffice.to_docx(b'{\\\\rtf1 a}', '.rtf');"
        "print(soffice._running._process.pid, flush=True); time.sleep(600)"
    )
    own = os.environ | {"TMPDIR": str(tmp_path)}
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, env=own) as child:
        assert child.stdout is not None
        office = int(child.stdout.readline())
        child.kill()
    until = time.monotonic() + 10
    while _runs(office) and time.monotonic() < until:
        time.sleep(0.1)
    assert not _runs(office)


def _tables(body: bytes) -> int:
    return sum(1 for _ in read_office(body).tables())


@needs_office
def test_workers_have_an_instance_each_and_leave_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with ProcessPoolExecutor(2, get_context("fork")) as workers:
        assert list(workers.map(_tables, [render(BASE, "rtf", 1)] * 4)) == [3] * 4
    assert list(tmp_path.iterdir()) == []


def _runs(pid: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


@needs_office
def test_a_linked_picture_is_not_fetched() -> None:  # without SETTINGS it is
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        do_HEAD = do_OPTIONS = do_PROPFIND = do_GET

        def log_message(self, *_: object) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/x.png"
    try:
        made = soffice.to_docx(
            ('<?xml version="1.0" encoding="UTF-8"?>\n' + LINKED.replace("@", address)).encode(), ".fodt"
        )
    finally:
        server.shutdown()
        server.server_close()
    assert "before" in next(read_docx(made).paragraphs()).text
    assert asked == []


@needs_office
def test_revisions_survive_the_conversion() -> None:
    (doc,) = convert([write(BASE, Habits(tracked=True), Random(3))], "docx", "doc", "MS Word 97")
    report = read(doc)
    assert report.applications == BASE.truth["applications"]
    assert raised(report, "S32")


@needs_office
@pytest.mark.parametrize("form", ["doc", "rtf"])
def test_a_cut_document_is_refused_or_flagged(form: str) -> None:
    body = render(BASE, form, 1)
    try:
        report = read(body[: len(body) // 2])
    except ReportError as error:
        assert error.remedy
        return
    assert raised(report, "S01") or raised(report, "S05")
    truth = BASE.truth["applications"]
    wrong = [row for row, values in report.applications.items() if any(v is not None for v in values)]
    assert all(report.applications[row] == truth[row] for row in wrong)


def test_without_libreoffice_the_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(ReportError) as caught:
        read(render(BASE, "rtf", 1))
    assert "LibreOffice" in caught.value.message and soffice.PACKAGE in caught.value.remedy


def test_a_password_is_told() -> None:
    fib = b"\xec\xa5" + bytes(9) + b"\x01"
    body = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504) + fib + bytes(2000)
    with pytest.raises(ReportError, match="encrypted"):
        read_office(body)


def test_types_are_told_by_bytes() -> None:
    assert sniff(render(BASE, "rtf", 1)) == "application/rtf"
