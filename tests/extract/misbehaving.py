"""Readers that do what a hostile document would have a library do. They live here so that a worker imports little."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from extract.worker import Job, read

kept = []


def hang() -> None:
    time.sleep(1000)


def spin() -> None:
    while True:
        pass


def crash() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def leave() -> None:
    os._exit(11)


def exit() -> None:
    sys.exit(3)


def eat() -> None:
    kept.append(bytes(10**11))


def nibble() -> None:
    while True:
        kept.append(bytes(10**7))  # reserved, never touched: what counts is address space


def recurse() -> None:
    recurse()


def starve() -> None:
    """Keeps its memory and hangs, with a process of its own that hangs too."""
    subprocess.Popen(["sleep", "1000"])
    hang()


def noise() -> None:
    print("to stdout")
    os.write(2, b"to stderr\n")
    raise ValueError("after the noise")


def fill() -> None:
    with Path(os.environ["TMPDIR"], "large").open("wb") as file:
        file.seek(10**9)
        file.write(b"1")


def flood() -> str:
    return "x" * 30_000_000


def by_name(job: Job) -> str:
    """Does what the document is called, reads it where that is nothing of the above."""
    act = globals().get(str(job.document.name).partition(".")[0])
    return act() or "" if act else read(job)


def name(job: Job) -> str:
    """One line with the names of all documents that are read together."""
    names = [job.document.name, *(document.name for document, _ in job.attachments)]
    return json.dumps({"schema": 1, "names": names}) + "\n"


def hoard(size: int) -> int:
    """Keeps so many bytes for as long as the process lives; returns how many it keeps."""
    kept.append(bytes(size))
    return sum(map(len, kept))


def announce(file: str) -> None:
    """Starts a process, writes its own id and that one's into a file, hangs without letting go of the interpreter."""
    other = subprocess.Popen(["sleep", "1000"])
    Path(file).write_text(f"{os.getpid()} {other.pid}")
    spin()
