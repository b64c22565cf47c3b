"""The crawl's commands as a person types them, against the demo's replicas."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler import fleet, lock, runs
from crawler.archive import Archive
from crawler.items import Counts
from crawler.portals import HERE, load
from crawler.replica import serve
from crawler.replica.demo import demo

ROOT = HERE.parents[1]
FAST = "import crawler.settings as s; s.DOWNLOAD_DELAY = 0; s.AUTOTHROTTLE_ENABLED = False; s.RETRY_TIMES = 0\n"


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Where the demo's sites are served, and nothing waits."""
    hook = tmp_path / "hook"
    hook.mkdir()
    (hook / "sitecustomize.py").write_text(FAST)
    with serve(demo()) as replica:
        yield os.environ | replica.environment | {"PYTHONPATH": os.pathsep.join([str(hook), str(ROOT)])}


def gongkai(environment: dict[str, str], data: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "gongkai", "--data", str(data), *words]
    return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)


def test_update_under_one_lock(environment: dict[str, str], tmp_path: Path) -> None:
    data = tmp_path / "data"
    done = gongkai(environment, data, "update", "zhupu", "xialing")
    assert done.returncode == 0, done.stderr
    assert "zhupu: 9 reports (9 new)" in done.stdout and "xialing: 6 reports (6 new)" in done.stdout
    assert "2 portals crawled, 15 reports seen, 15 new, 0 gone" in done.stdout
    assert (data / "gongkai.db").exists() and (data / "logs" / "zhupu.log").exists()

    with lock.held(data, "update"):
        for choice, status in (("ok", 0), ("fail", 1)):
            second = gongkai(environment, data, "update", "zhupu", "--if-running", choice)
            assert second.returncode == status and "already running: gongkai update, process" in second.stdout
    again = gongkai(environment, data, "update", "zhupu", "--strict")
    assert again.returncode == 0 and "9 reports (0 new)" in again.stdout
    assert (data / "logs" / "zhupu.1.log").exists()  # the older log moved up

    late = gongkai(environment, data, "update", "zhupu", "xialing", "--stop-after", "0.5s")
    assert "2 left for the next run" in late.stdout and late.returncode == 0


def test_update_says_what_needs_a_person_once(environment: dict[str, str], tmp_path: Path) -> None:
    data = tmp_path / "data"
    dead = environment | {"http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"}  # nobody listens
    first = gongkai(dead, data, "update", "zhupu")
    assert first.returncode == 1 and "zhupu  no report found" in first.stdout
    second = gongkai(dead, data, "update", "zhupu")
    assert second.returncode == 0 and "zhupu  no report found" in second.stdout  # it failed before
    assert gongkai(dead, data, "update", "zhupu", "--strict").returncode == 1
    mended = gongkai(environment, data, "update", "zhupu")
    assert mended.returncode == 0 and "For a person" not in mended.stdout


def test_slips_are_wrong_usage(environment: dict[str, str], tmp_path: Path) -> None:
    for words, sentence in (
        (("update", "nowhere"), "no portal 'nowhere'"),
        (("update", "zhupu", "--stop-after", "soon"), "is no length of time — write 45m or 4h"),
        (("portals", "check", "nowhere"), "no portal 'nowhere'"),
        (("portals", "detect", "place"), "is no web address"),
        (("archive", "verify"), "no archive here"),
        (("install-schedule",), "say --cron or --systemd"),
    ):
        done = gongkai(environment, tmp_path / "data", *words)
        assert done.returncode == 2 and sentence in done.stderr, done.stderr


def test_list_check_and_verify(environment: dict[str, str], tmp_path: Path) -> None:
    data = tmp_path / "data"
    gongkai(environment, data, "crawl", "zhupu")
    listed = gongkai(environment, data, "portals", "list")
    assert f"{len(load())} portals" in listed.stdout and "gaoan" in listed.stdout and "never crawled" in listed.stdout
    line = next(line for line in listed.stdout.splitlines() if line.startswith("zhupu"))
    assert line.split()[-2:] == ["9", "ok"]

    checked = gongkai(environment, tmp_path / "other", "portals", "check", "chenghu")
    assert checked.returncode == 0 and "chenghu: 9 reports" in checked.stdout and "2025-01-" in checked.stdout
    assert not (tmp_path / "other").exists()  # into nowhere

    assert "documents: all digests are right" in gongkai(environment, data, "archive", "verify").stdout
    path = next((data / "archive").glob("zhupu-*.warc.gz"))
    blob = bytearray(path.read_bytes())
    blob[len(blob) // 2] ^= 0xFF
    path.write_bytes(blob)
    broken = gongkai(environment, data, "archive", "verify")
    assert broken.returncode == 1 and path.name in broken.stderr and "restore this file from a copy" in broken.stderr


@pytest.mark.parametrize(
    ("slug", "url"),
    [
        ("bitan", "http://www.bitan.test/btxrmzf/xxgkml/zzxxgk_bm.shtml"),
        ("chenghu", "http://www.chenghu.test/"),
        ("yuanping", "https://www.yuanping.test/"),
        ("xialing", "http://www.xialing.test/XxgkContent/showList/9/0/page_1.html"),
        ("qingxi", "https://www.qingxi.test/"),
    ],
)
def test_detect_finds_the_platform_and_a_ready_entry(
    environment: dict[str, str], tmp_path: Path, slug: str, url: str
) -> None:
    done = gongkai(environment, tmp_path / "data", "portals", "detect", url)
    portal = load()[slug]
    assert f'platform = "{portal.platform}"' in done.stdout, done.stderr
    assert f"[{slug}]" in done.stdout and f'name = "{portal.name}"' in done.stdout
    assert "# column with" in done.stdout or "# directory of" in done.stdout


def test_what_is_due(tmp_path: Path) -> None:
    portals = {slug: load()[slug] for slug in ("gaoan", "yzq", "jxfc", "yueqing")}
    moment = datetime(2026, 3, 20, tzinfo=UTC)

    def ran(slug: str, days: int, problems: tuple[str, ...] = ()) -> None:
        started = (moment - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")
        runs.write(tmp_path, Counts(slug, started, started, reports=3, problems=problems))

    ran("gaoan", 2)
    ran("yzq", 8)
    ran("jxfc", 2, ("x: answered 500",))  # on another day
    assert fleet.due(portals, tmp_path, moment) == ["yueqing", "yzq", "jxfc"]  # never crawled first, then the longest
    assert all(not load()[slug].host.endswith(".test") for slug in fleet.choose((), tmp_path))


def test_schedules_are_printed(environment: dict[str, str], tmp_path: Path) -> None:
    cron = gongkai(environment, tmp_path, "install-schedule", "--cron", "--contact", "mailto:a@b.test").stdout
    assert cron.startswith("30 2 * * *  GONGKAI_CONTACT=mailto:a@b.test ") and f"--data {tmp_path} update" in cron
    timer = gongkai(environment, tmp_path, "install-schedule", "--systemd").stdout
    assert "OnCalendar=*-*-* 02:30" in timer and "[Service]" in timer


def test_warcs_are_read_by_the_standard_tools(environment: dict[str, str], tmp_path: Path) -> None:
    data = tmp_path / "data"
    gongkai(environment, data, "crawl", "chenghu")
    path = next((data / "archive").glob("*.warc.gz"))
    done = subprocess.run(
        [Path(sys.executable).with_name("warcio"), "check", "-v", path], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout
    assert len(list(Archive(data / "archive").documents())) == 9
    record = json.loads(next((data / "runs").glob("*.json")).read_text())
    assert record["ok"] and record["failing"] == [] and record["bytes"] > 10_000
