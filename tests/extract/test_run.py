"""Extraction: what one document does hurts no other; runs stop, go on and come to the same bytes."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from zlib import crc32

import pytest

from crawler.archive import Archive, digest_of
from crawler.items import Document
from crawler.replica import reports
from extract.pool import Limits, Lost, Pool, call
from extract.run import extract, grouped
from extract.worker import Job, limits
from tests.extract import misbehaving

ROOT = Path(__file__).resolve().parents[2]
FETCHED = "2024-02-01T00:00:00Z"


def page(seed: int) -> bytes:
    """An invented report."""
    return reports.generate(seed, unit="990101101", organ="清溪县双桥镇", year=2023).page.encode()


def archived(data: Path, *names: str, count: int = 3) -> Archive:
    """An archive of `count` reports with one document of each name among them."""
    archive = Archive(data / "archive", started=FETCHED)
    for n in range(count):
        archive.store(page(n), name=f"{n}.html", fetched=FETCHED)
    for name in names:
        archive.store(b"a document that is " + name.encode(), name=name, fetched=FETCHED)
    return archive


def files(data: Path) -> dict[str, bytes]:
    """What an extraction left."""
    return {path.name: path.read_bytes() for path in (data / "reports").iterdir() if path.suffix}


def lines(data: Path) -> list[dict]:
    """Every line of data/reports."""
    return [json.loads(line) for path in (data / "reports").glob("*.jsonl") for line in path.open(encoding="utf-8")]


def children(pid: int) -> set[int]:
    """The processes below one, from /proc."""
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            after = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(path.parent.name)] = int(after[1])
    found, last = {pid}, set()
    while found != last:
        last, found = found, found | {child for child, parent in parents.items() if parent in found}
    return found - {pid}


def alive(pids: set[int]) -> set[int]:
    """Those that run, zombies apart."""
    running = set()
    for pid in pids:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue
        running |= {pid} if state != "Z" else set()
    return running


def environment(folder: Path) -> dict[str, str]:
    """For a process that is killed: what it leaves behind lies in the test's own folder."""
    return os.environ | {"PYTHONPATH": str(ROOT), "TMPDIR": str(folder)}


def within(seconds: float, true) -> bool:
    """Whether it becomes true in time."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


# --- one document cannot hurt the rest


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
    with subprocess.Popen(command, cwd=ROOT, env=environment(tmp_path), stderr=subprocess.PIPE, text=True) as process:
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


# --- the same bytes, whoever reads and however often it is stopped


def test_workers_and_executor_do_not_matter(tmp_path: Path) -> None:
    left = {}
    for way in ("1", "4", "threads"):
        data = tmp_path / way
        archived(data, "crash", "recurse", count=6)
        with ThreadPoolExecutor(2) as threads:
            given = {"executor": threads} if way == "threads" else {"workers": int(way)}
            extract(data, read=misbehaving.by_name, **given)
        left[way] = files(data)
    assert len(lines(tmp_path / "1")) == 8
    assert left["1"] == left["4"] == left["threads"]


def test_only_what_is_new_is_read(tmp_path: Path) -> None:
    archive = archived(tmp_path, "poem.txt")
    told = []
    assert extract(tmp_path, lambda *count: told.append(count)).read == 4
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]
    first = files(tmp_path)
    again = extract(tmp_path)
    assert (again.read, again.kept, len(again.errors)) == (0, 4, 1)
    assert files(tmp_path) == first
    archive.store(page(9), name="9.html", fetched="2024-02-02T00:00:00Z")
    grown = extract(tmp_path)
    assert (grown.read, grown.kept) == (1, 4)
    (name,) = (name for name in first if name.endswith(".jsonl"))
    assert files(tmp_path)[name].startswith(first[name]) and len(lines(tmp_path)) == 5
    assert extract(tmp_path, again=True).read == 1, "what failed is read again when asked"


@pytest.mark.parametrize("harm", ["edited", "cut", "no key", "other key"])
def test_lines_that_are_not_what_was_written_are_read_anew(harm: str, tmp_path: Path) -> None:
    archived(tmp_path, count=2)
    extract(tmp_path, read=misbehaving.name)
    first = files(tmp_path)
    (path,), (key,) = (list((tmp_path / "reports").glob(pattern)) for pattern in ("*.jsonl", "*.key"))
    if harm == "edited":
        path.write_bytes(path.read_bytes().replace(b"0", b"1"))
    elif harm == "cut":
        path.write_bytes(path.read_bytes()[:-3])
    elif harm == "no key":
        key.unlink()
    else:
        key.write_text("0" * 64 + "\n")
    assert extract(tmp_path, read=misbehaving.name).read == 2
    assert files(tmp_path) == first


def test_torn_part_gives_what_is_whole_in_it(tmp_path: Path) -> None:
    """The part of a run that was killed, cut at every place where it can be torn, and with rubbish after it."""
    archived(tmp_path, count=4)
    extract(tmp_path, read=misbehaving.name)
    first, folder = files(tmp_path), tmp_path / "reports"
    (path,), (state,) = (list(folder.glob(pattern)) for pattern in ("*.jsonl", "*.key"))
    heads = state.read_text().splitlines()[1:]
    blocks = [f"{head} {crc32(line.encode())}\n{line}" for head, line in zip(heads, path.open(), strict=True)]
    whole, part = "".join(blocks).encode(), path.with_suffix(".part")
    ends = [len("".join(blocks[:n]).encode()) for n in range(5)]
    assert ends[-1] == len(whole)
    for cut in [0, 1, ends[1] - 1, ends[1], ends[1] + 1, ends[2] + 30, ends[3] + 80, len(whole)]:
        for rubbish in (b"", b"\xff\x00 rubbish 9\n"):
            path.unlink(missing_ok=True)
            part.write_bytes(whole[:cut] + rubbish)
            assert extract(tmp_path, read=misbehaving.name).read == 4 - sum(end <= cut for end in ends[1:])
            assert files(tmp_path) == first


def test_what_failed_is_read_again_when_an_optional_reader_is_there(tmp_path: Path, monkeypatch) -> None:
    archived(tmp_path, "poem.txt")
    programs = tmp_path / "bin"
    programs.mkdir()
    monkeypatch.setenv("PATH", str(programs))
    assert extract(tmp_path).read == 4
    (programs / "soffice").write_text("#!/bin/sh\n")
    (programs / "soffice").chmod(0o755)
    assert extract(tmp_path).read == 1
    assert extract(tmp_path).read == 0


def test_two_runs_do_not_write_into_each_other(tmp_path: Path) -> None:
    archived(tmp_path, count=1)
    with ThreadPoolExecutor(1) as other:
        slow = other.submit(extract, tmp_path, lambda *count: time.sleep(2))
        assert within(20, lambda: list((tmp_path / "reports").glob("*.part")))
        with pytest.raises(OSError, match="another extraction is running"):
            extract(tmp_path)
        assert slow.result().read == 1


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> tuple[Path, list[dict]]:
    """An archive of 40 reports and their lines, read without a stop."""
    data = tmp_path_factory.mktemp("whole")
    archived(data, count=40)
    extract(data)
    return data / "archive", lines(data)


@pytest.fixture(scope="module")
def program(tmp_path_factory) -> Path:
    """A copy of the program: what was read is read again when the code changes, as it may while tests run."""
    folder = tmp_path_factory.mktemp("program")
    for name in ("crawler", "extract", "db"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "gongkai.py", folder)
    return folder


@pytest.mark.parametrize(("how", "status"), [(signal.SIGINT, 130), (signal.SIGKILL, -signal.SIGKILL)])
def test_stopped_run_goes_on_where_it_was(
    how: signal.Signals, status: int, whole, program: Path, tmp_path: Path
) -> None:
    shutil.copytree(whole[0], tmp_path / "archive")
    command = [sys.executable, "-m", "gongkai", "--data", tmp_path, "extract"]
    part = lambda: sum(path.stat().st_size for path in tmp_path.glob("reports/*.part"))  # noqa: E731
    with subprocess.Popen(
        command, cwd=program, env=environment(tmp_path), stderr=subprocess.PIPE, text=True
    ) as process:
        assert within(30, lambda: part() > 50_000)
        below = children(process.pid)
        process.send_signal(how)
        errors = process.stderr.read()
    assert process.returncode == status
    assert within(5, lambda: not alive(below)), alive(below)
    if how == signal.SIGINT:
        assert errors.startswith("error: interrupted after") and errors.count("\n") == 1, errors
    rest = subprocess.run(command, cwd=program, capture_output=True, text=True, check=True)
    read, unchanged = (int(number) for number in re.findall(r"(\d+) (?:documents read|unchanged)", rest.stdout))
    assert read + unchanged == 40 and 0 < read < 40, f"it began anew: {rest.stdout}"
    assert lines(tmp_path) == whole[1]


# --- a page and what hangs on it


def crawled(archive: Archive, url: str, body: bytes, fetched: str, via: str | None = None) -> None:
    """What a crawl leaves of one report."""
    request = {"method": "GET", "request_headers": [], "request_body": b"", "status": "HTTP/1.1 200 OK", "headers": []}
    archive.response(url=url, body=body, fetched=fetched, **request)
    media = "text/html" if body.startswith(b"<html") else "image/png" if body.startswith(b"\x89") else "application/pdf"
    name = url.rpartition("/")[2]
    archive.add(Document(digest_of(body), url, fetched, media, name, None, None, "demo", None, None), via)


def test_files_are_read_with_their_page(tmp_path: Path) -> None:
    """A page that is a Document has its files with it; files of a page that is none stand alone, pictures together."""
    host, second = "https://www.shuangqiao.test", "2024-03-01T00:00:00Z"
    archive = Archive(tmp_path / "archive", "demo", FETCHED)
    crawled(archive, f"{host}/a.html", b"<html>a", FETCHED)
    crawled(archive, f"{host}/a1.pdf", b"%PDF a1", FETCHED, f"{host}/a.html")
    crawled(archive, f"{host}/b1.pdf", b"%PDF b1", FETCHED, f"{host}/b.html")
    crawled(archive, f"{host}/b2.pdf", b"%PDF b2", FETCHED, f"{host}/b.html")
    crawled(archive, f"{host}/a2.pdf", b"%PDF a2", FETCHED, f"{host}/a.html")
    crawled(archive, f"{host}/c1.png", b"\x89PNG c1", FETCHED, f"{host}/c.html")
    crawled(archive, f"{host}/c2.png", b"\x89PNG c2", FETCHED, f"{host}/c.html")
    later = Archive(tmp_path / "archive", "demo", second)
    crawled(later, f"{host}/a.html", b"<html>a changed", second)
    crawled(later, f"{host}/a1.pdf", b"%PDF a1 changed", second, f"{host}/a.html")
    done = extract(tmp_path, read=misbehaving.name)
    assert (done.read, done.errors) == (9, ())
    assert [line["names"] for line in lines(tmp_path)] == [
        ["a.html", "a1.pdf", "a2.pdf"],
        ["b1.pdf"],
        ["b2.pdf"],
        ["c1.png", "c2.png"],
        ["a.html", "a1.pdf", "a2.pdf"],  # as it is now, with the file that did not change
    ]
    units = [unit for found in grouped(later).values() for unit in found]
    assert units[-1].attachments[0].fetched == second and units[-1].attachments[1].fetched == FETCHED
    assert extract(tmp_path, read=misbehaving.name).read == 0


def test_every_document_is_known_by_some_line(tmp_path: Path) -> None:
    """Also one that was read with a page, and could not be: the page's report says so."""
    archive, url = Archive(tmp_path / "archive", "demo", FETCHED), "https://www.shuangqiao.test/a.html"
    report, broken = b"<html>" + page(1), b"%PDF-1.7\n%%EOF"
    crawled(archive, url, report, FETCHED)
    crawled(archive, url + ".pdf", broken, FETCHED, url)
    assert extract(tmp_path).read == 2
    (line,) = lines(tmp_path)
    assert (line["document"]["digest"], line["read_with"]) == (digest_of(report), [digest_of(broken)])
    assert "S35" in {finding["rule"] for finding in line["findings"]}
