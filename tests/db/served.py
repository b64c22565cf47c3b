"""A served site, in this process or in one of its own: asking it, and waiting for what it does."""

from __future__ import annotations

import asyncio
import http.client
import socket
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from pathlib import Path

from db.serve import site

REPORT = "/report/990181101-2022"
COUNTING = "with recursive n(x) as (select 1 union all select x + 1 from n) select count(*) from n"
ALWAYS = (
    "content-security-policy",
    "x-content-type-options",
    "referrer-policy",
    "x-frame-options",
    "permissions-policy",
)


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
