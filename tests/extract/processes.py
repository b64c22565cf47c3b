"""What the tests of extraction ask of the system: which processes run below one, and whether they end in time."""

import os
import signal
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


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


def heard() -> None:
    """Before a process starts: let it hear Ctrl-C, which a shell has all that it puts into the background ignore."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def within(seconds: float, true) -> bool:
    """Whether it becomes true in time."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True
