"""The command line: import → extract → build on invented reports, exit statuses, and files that are no reports."""

import json
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from crawler.replica import reports
from gongkai import cli

ROOT = Path(__file__).resolve().parents[1]
KEYS = [
    "schema", "id", "document", "unit", "year", "scope", "form", "title", "published_on", "contact", "disclosures",
    "applications",
    "disputes", "statistics", "derived", "cells", "statements", "sections", "findings",
]  # fmt: skip
SECONDS, MEGABYTES = 10, 500


def run(data: Path, *arguments: object):
    """The command in this process; its result has exit_code, stdout and stderr."""
    return CliRunner().invoke(cli, ["--data", str(data), *map(str, arguments)])


# Between this process and the command: a process takes over the peak memory of the one that it was forked from
MEASURED = """
import resource, subprocess, sys
status = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(status)
"""


def child(data: Path, *arguments: object) -> tuple[int, str, float, float]:
    """The command in a process of its own: exit status, stderr, seconds, peak megabytes."""
    started = time.monotonic()
    command = [sys.executable, "-m", "gongkai", "--data", str(data), *map(str, arguments)]
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, *command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stderr, time.monotonic() - started, int(done.stdout) / 1024


def report(name: str, folder: Path, seed: int = 1, year: int = 2023) -> Path:
    """An invented report in a file."""
    file = folder / name
    made = reports.generate(seed, unit="990101101", organ="清溪县双桥镇", year=year)
    file.write_text(made.page if file.suffix == ".html" else made.text, encoding="utf-8")
    return file


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with the invented register."""
    folder = tmp_path / "data"
    (folder / "register").mkdir(parents=True)
    for file in (ROOT / "crawler" / "replica" / "register").glob("*.csv"):
        (folder / "register" / file.name).write_bytes(file.read_bytes())
    return folder


def lines(data: Path) -> list[dict]:
    """Every line of data/reports."""
    return [
        json.loads(line)
        for path in sorted((data / "reports").glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]


def test_all_stages(data: Path, tmp_path: Path) -> None:
    files = [report("甲.txt", tmp_path, 1, 2022), report("乙.html", tmp_path, 2, 2023)]
    for arguments in (["import", *files, "--fetched", "2024-02-01"], ["extract"], ["build"]):
        done = run(data, *arguments)
        assert done.exit_code == 0, done.output
    assert {line["id"] for line in lines(data)} == {"990101101-2022", "990101101-2023"}
    assert (data / "gongkai.db").stat().st_size > 0
    again = run(data, "extract")
    assert again.exit_code == 0
    assert "0 documents read, 2 unchanged" in again.stdout


def test_a_second_import_adds_nothing(data: Path, tmp_path: Path) -> None:
    file = report("甲.txt", tmp_path)
    for _ in range(2):
        assert run(data, "import", file, "--fetched", "2024-02-01").exit_code == 0
    run(data, "extract")
    assert run(data, "build").exit_code == 0
    import sqlite3

    with sqlite3.connect(data / "gongkai.db") as database:
        assert database.execute("select count(*) from reports").fetchone() == (1,)


def test_show_json_has_exactly_these_keys(data: Path, tmp_path: Path) -> None:
    shown = run(data, "show", "--json", report("甲.txt", tmp_path))
    assert shown.exit_code == 0
    record = json.loads(shown.stdout)
    assert list(record) == KEYS
    assert record["unit"]["id"] == "990101101"


def test_show_draws_the_tables(data: Path, tmp_path: Path) -> None:
    shown = run(data, "show", report("甲.html", tmp_path))
    assert shown.exit_code == 0
    assert "990101101-2023" in shown.stdout
    assert "总计" in shown.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["import"],
        ["import", "no-such-file"],
        ["show", "no-such-file"],
        ["crawl", "no-such-portal"],
        ["nonsense"],
        ["--data"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_two(data: Path, arguments: list[str]) -> None:
    assert run(data, *arguments).exit_code == 2


def test_one_url_for_two_files_is_wrong_usage(data: Path, tmp_path: Path) -> None:
    files = [report("甲.txt", tmp_path), report("乙.txt", tmp_path, 2)]
    assert run(data, "import", *files, "--url", "https://www.shuangqiao.test/1.html").exit_code == 2
    assert run(data, "import", files[0], "--fetched", "yesterday").exit_code == 2


# --- what is no report


TABLE = "<p>双桥镇2023年政府信息公开工作年度报告</p><table>{}</table>"
HOSTILE = {
    "one_letter.txt": lambda: b"a" * 50_000_000,
    "truncated.html": lambda: reports.generate(1, unit="990101101", organ="双桥镇", year=2023).page.encode()[:900],
    "colspan.html": lambda: TABLE.format('<tr><td colspan="1000000000" rowspan="1000000000">1</td></tr>' * 50).encode(),
    "nested.html": lambda: b"<html><body>" + b"<div>" * 100_000 + b"x" + b"</div>" * 100_000,
    "nested_tables.html": lambda: b"<html><body>" + b"<table><tr><td>" * 5_000 + b"x",
    "poem.txt": lambda: "桥下的水慢慢流过。\n两岸都是柳树。\n".encode(),
    "picture.png": lambda: b"\x89PNG\r\n\x1a\n" + bytes(500),
    "noise.bin": lambda: bytes(range(256)) * 40,
    "brackets.txt": lambda: ("(" * 200_000 + "年度报告").encode(),
    "tabs.txt": lambda: ("\t" * 1_000_000 + "0\n").encode(),
    "digits.txt": lambda: ("\t" + "9" * 3_000_000 + "\n").encode(),
}


def test_what_is_no_report_is_named_and_harms_nothing(data: Path, tmp_path: Path) -> None:
    """All hostile files beside a good one: one clear error each, quickly, in little memory; the good one is read."""
    empty = tmp_path / "empty.txt"
    empty.touch()
    files = [report("good.txt", tmp_path)]
    for name, make in HOSTILE.items():
        (tmp_path / name).write_bytes(make())
        files.append(tmp_path / name)
    status, errors, _, megabytes = child(data, "import", empty, *files, "--fetched", "2024-02-01")
    assert status == 1
    assert [line for line in errors.splitlines() if line.strip()] == [
        f"error: {empty}: the file is empty — fetch it again"
    ]
    assert megabytes < MEGABYTES
    status, errors, seconds, megabytes = child(data, "extract")
    told = [line for line in errors.splitlines() if line.strip()]
    assert status == 1
    assert "Traceback" not in errors and "bug" not in errors, errors[:2000]
    assert len(told) == len(HOSTILE), errors[:2000]
    assert {name for name in HOSTILE if not any(name in line for line in told)} == set()
    assert all(len(line) < 300 for line in told)
    assert seconds < SECONDS
    assert megabytes < MEGABYTES
    assert [line["id"] for line in lines(data) if "error" not in line] == ["990101101-2023"]
    assert run(data, "build").exit_code == 0


@pytest.mark.parametrize("name", ["truncated.html", "colspan.html", "nested.html", "poem.txt", "one_letter.txt"])
def test_show_of_what_is_no_report(name: str, data: Path, tmp_path: Path) -> None:
    file = tmp_path / name
    file.write_bytes(HOSTILE[name]())
    status, errors, seconds, megabytes = child(data, "show", file)
    assert status == 1
    assert name in errors and errors.count("error:") == 1 and "Traceback" not in errors
    assert seconds < SECONDS
    assert megabytes < MEGABYTES


# --- killed


def size(data: Path) -> int:
    """Bytes in the archive."""
    return sum(path.stat().st_size for path in (data / "archive").glob("*")) if (data / "archive").is_dir() else 0


def test_a_killed_import_loses_nothing_that_was_kept(data: Path, tmp_path: Path) -> None:
    files = [report(f"{n}.txt", tmp_path, n, 2021 + n % 5) for n in range(40)]
    command = [
        sys.executable,
        "-m",
        "gongkai",
        "--data",
        str(data),
        "import",
        *map(str, files),
        "--fetched",
        "2024-02-01",
    ]
    torn = 0
    for round_ in range(1, 6):  # killed as soon as the archive has grown further than the last time
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            before = size(data)
            while process.poll() is None and size(data) < before + round_ * 1000:
                time.sleep(0.001)
            process.send_signal(signal.SIGKILL)
        torn += process.returncode == -signal.SIGKILL
    assert torn, "no run was killed while it wrote"
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert run(data, "extract").exit_code == 0
    digests = {line["document"]["digest"] for line in lines(data)}
    assert len(digests) == len({file.read_bytes() for file in files})
    assert run(data, "build").exit_code == 0


def test_peak_memory_is_measured_at_all() -> None:
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > 1024
