"""One run of a kind at a time over one data folder: a lock that the system lets go when its holder dies."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Held(Exception):
    """Another process holds the lock; its text says which, and since when."""


@contextmanager
def held(data: Path, what: str) -> Iterator[None]:
    """Holds `data`/`what`.lock while the block runs. Raises Held at once where another process does."""
    data.mkdir(parents=True, exist_ok=True)
    with (data / f"{what}.lock").open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.seek(0)
            raise Held(file.read().strip() or "another process") from error
        file.truncate(0)
        since = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())  # crawler.archive.now would load the WARC library
        file.write(f"gongkai {what}, process {os.getpid()}, since {since}\n")
        file.flush()
        try:
            yield
        finally:
            file.truncate(0)
