"""One run at a time over one data folder: a lock that the system lets go when its holder dies."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crawler.archive import now


class Held(Exception):
    """Another process holds the lock; its text says which, and since when."""


@contextmanager
def held(data: Path, what: str) -> Iterator[None]:
    """Holds `data`/lock while the block runs. Raises Held at once where another process does."""
    data.mkdir(parents=True, exist_ok=True)
    with (data / "lock").open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.seek(0)
            raise Held(file.read().strip() or "another process") from error
        file.truncate(0)
        file.write(f"gongkai {what}, process {os.getpid()}, since {now()}\n")
        file.flush()
        try:
            yield
        finally:
            file.truncate(0)
