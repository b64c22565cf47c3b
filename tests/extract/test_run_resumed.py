"""Extraction: the same bytes, whoever reads and however often it is stopped; only what is new is read."""

import re
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from zlib import crc32

import pytest

from extract.run import extract
from tests.extract import misbehaving
from tests.extract.archived import archived, files, lines, page
from tests.extract.processes import ROOT, alive, children, environment, heard, within


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
        command, cwd=program, env=environment(tmp_path), stderr=subprocess.PIPE, text=True, preexec_fn=heard
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
