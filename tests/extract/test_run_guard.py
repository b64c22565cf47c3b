"""Extraction: one document cannot hurt the rest, nor leave a process behind."""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from crawler.items import Document
from extract.pool import Limits, Lost, Pool, call
from extract.run import extract
from extract.worker import Job, limits
from tests.extract import misbehaving
from tests.extract.archived import FETCHED, archived, lines
from tests.extract.processes import ROOT, alive, children, environment, heard, within

TOLD = {
    "hang": "took more than 2 s",
    "spin": "took more than 2 s",
    "starve": "took more than 2 s",
    "crash": "the reader crashed (SIGSEGV)",
    "leave": "the reader ended without an answer (status 11)",
    "exit": "SystemExit: 3",
    "eat": "needs more than 2 GB of memory",
    "nibble": "needs more than 2 GB of memory",
    "recurse": "RecursionError: maximum recursion depth exceeded",
    "fill": "OSError: [Errno 27] File too large",
    "flood": "gives more than 20 MB of text",
    "noise": "ValueError: after the noise",
}


def test_what_hangs_crashes_or_eats_is_named_and_harms_nothing(tmp_path: Path, capfd, monkeypatch) -> None:
    archived(tmp_path, *TOLD)
    before = children(os.getpid())
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    done = extract(tmp_path, workers=2, seconds=2, read=misbehaving.by_name)
    assert (done.read, len(done.errors)) == (3 + len(TOLD), len(TOLD))
    told = {line["error"]["name"]: line["error"]["message"] for line in lines(tmp_path) if "error" in line}
    assert told == TOLD
    assert all(line["error"]["remedy"] for line in lines(tmp_path) if "error" in line)
    assert [line["year"] for line in lines(tmp_path) if "error" not in line] == [2023] * 3
    assert capfd.readouterr() == ("", "")
    names = [(Path("/proc") / str(pid) / "cmdline").read_bytes() for pid in children(os.getpid()) - before]
    assert all(b"forkserver" in name or b"resource_tracker" in name for name in names), "workers were left behind"
    assert list((tmp_path / "temporary").glob("gk-*")) == []


@pytest.mark.parametrize(
    ("media", "body", "seconds", "gigabytes"),
    [
        ("text/html", b"<html>" + bytes(3_000_000), 60, 2),
        ("text/html", b'<html><img src="data:image/png;base64,' + bytes(1_000_000), 180, 4),
        ("application/pdf", bytes(1_000_000), 180, 4),
        ("image/png", bytes(40_000_000), 900, 4),
    ],
)
def test_limits_follow_format_and_size(media: str, body: bytes, seconds: float, gigabytes: int) -> None:
    document = Document("", None, FETCHED, media, None, None, None, None, None, None)
    allowed = limits(Job(document, body))
    assert (round(allowed.seconds), allowed.memory) == (seconds, gigabytes * 10**9)
    assert limits(Job(document, body, seconds=5)).seconds == 5
    page = Document("", None, FETCHED, "text/plain", None, None, None, None, None, None)
    assert limits(Job(page, b"text", ((document, body),))) == allowed, "what hangs on a page counts"


def test_show_is_guarded_too(tmp_path: Path) -> None:
    """A file that makes its reader hang: Ctrl-C ends `show` and its worker at once."""
    file = tmp_path / "slow.html"
    file.write_bytes(b"<html><body>" + b"<p>&lt;</p>" * 600_000)
    command = [sys.executable, "-m", "gongkai", "--data", tmp_path, "show", file]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment(tmp_path), stderr=subprocess.PIPE, text=True, preexec_fn=heard
    ) as process:
        assert within(30, lambda: len(children(process.pid)) == 3), "fork server, resource tracker, worker"
        below = children(process.pid)
        process.send_signal(signal.SIGINT)
        errors = process.stderr.read()
    assert process.returncode == 1 and "Traceback" not in errors
    assert within(5, lambda: not alive(below)), alive(below)


def test_no_task_pays_for_those_before_it() -> None:
    limits = Limits(memory=1_000_000_000)
    with Pool(1) as pool:
        assert pool.submit(call, limits, misbehaving.hoard, 500_000_000).result() == 500_000_000
        assert pool.submit(call, limits, misbehaving.hoard, 600_000_000).result() == 600_000_000, "not a new process"
        with pytest.raises(Lost, match="more than 1 GB"):
            pool.submit(call, limits, misbehaving.hoard, 1_100_000_000).result()


def test_killed_parent_leaves_no_process(tmp_path: Path) -> None:
    told = tmp_path / "pids"
    script = (
        "from extract.pool import *; from tests.extract import misbehaving as m\n"
        f"if __name__ == '__main__': Pool(1).submit(call, Limits(), m.announce, {str(told)!r}).result()"
    )
    (tmp_path / "script.py").write_text(script)
    command = [sys.executable, tmp_path / "script.py"]
    with subprocess.Popen(command, cwd=ROOT, env=environment(tmp_path)) as process:
        assert within(30, lambda: told.exists() and len(told.read_text().split()) == 2)
        below = children(process.pid) | set(map(int, told.read_text().split()))
        assert len(alive(below)) >= 4  # fork server, resource tracker, worker and the process that it started
        process.send_signal(signal.SIGKILL)
    assert within(5, lambda: not alive(below)), alive(below)
