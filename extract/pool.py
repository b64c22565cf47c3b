"""Worker processes in which a task can hang, crash or eat memory and hurt nobody but itself.

The standard library's process pool breaks as a whole when one worker dies, and it knows no limits. Here each thread
of a pool has one child process; `call` hands a task to it and enforces the limits. `call` needs no more than a thread,
so it works the same within the tasks of any other executor, on this machine or on another.
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import logging
import multiprocessing
import os
import pickle
import resource
import shutil
import signal
import tempfile
import threading
import traceback
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, CancelledError, ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing import connection, util
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Self, TypeVar

T = TypeVar("T")
ROOM, SHORT = 70, "/tmp"
RECYCLE = 100  # tasks that a process serves: libraries leak
_processes = multiprocessing.get_context(
    "forkserver"
)  # forks are cheap there, and it has no threads that a fork breaks
_processes.set_forkserver_preload(["__main__", "extract.ready"])
_starting = threading.Lock()  # multiprocessing's own list of children is not made for threads
_thread = threading.local()


@dataclass(frozen=True, slots=True)
class Limits:
    """What one task may use."""

    seconds: float = 60  # by the clock
    memory: int = 2_000_000_000  # bytes of address space, of the process and of each one that it starts
    output: int = 20_000_000  # bytes of the answer
    file: int = 500_000_000  # bytes of the largest file that it writes


class Lost(Exception):
    """A task that broke its limits or took its process with it; says what happened."""


class Late(Lost):
    """A task that took too long."""


class _Died(Lost):
    """The process is gone, or has no memory left: it can be what earlier tasks left behind."""


def call(limits: Limits, function: Callable[..., T], *args: Any) -> T:
    """`function(*args)` in a child process of the calling thread; function, arguments and answer are pickled.

    Raises what the function raises, Lost where it breaks a limit or crashes, BrokenExecutor where there is no process.
    """
    child: _Child | None = getattr(_thread, "child", None)
    if child is None:
        child = _thread.child = _Child()
    return child.call(limits, pickle.dumps((limits, function, args)))  # type: ignore[no-any-return]


class Pool(ThreadPoolExecutor):
    """An Executor whose threads each own one child process, for tasks that use `call`. Left by an error, it kills."""

    def __init__(self, workers: int) -> None:
        super().__init__(workers, "worker", self._adopt)
        self._children: list[_Child] = []

    def _adopt(self) -> None:
        _thread.child = _Child()
        self._children.append(_thread.child)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Waits for the tasks, then ends the processes."""
        super().shutdown(wait, cancel_futures=cancel_futures)
        for child in self._children if wait else ():
            child.end()

    def kill(self) -> None:
        """Ends every task at once, also those that run."""
        super().shutdown(wait=False, cancel_futures=True)
        for child in self._children:
            child.kill()
        self.shutdown()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if kind is None:
            self.shutdown()
        else:
            self.kill()


class _Child:
    """One process at a time, started when there is something to do, replaced when it is used up or dead."""

    def __init__(self) -> None:
        self._process: Any = None
        self._pipe: Connection | None = None
        self._folder = ""
        self._served = 0
        self._killed = False

    def call(self, limits: Limits, task: bytes) -> Any:
        if self._served >= RECYCLE:
            self.end()
        fresh = self._process is None
        try:
            return self._ask(limits, task)
        except _Died as died:
            if self._killed:
                raise CancelledError from died
            if fresh:
                raise
        return self._ask(limits, task)  # in a new process, so that no task pays for those before it

    def _ask(self, limits: Limits, task: bytes) -> Any:
        pipe = self._pipe if self._process else self._start()
        assert pipe is not None
        self._served += 1
        try:
            pipe.send_bytes(task)
            if not pipe.poll(limits.seconds):
                self.end(wait=0)
                raise Late(f"took more than {limits.seconds:.0f} s")
            good, answer = pickle.loads(pipe.recv_bytes())
        except (EOFError, OSError) as error:  # it died while it was asked, or before
            raise _Died(_how(self.end(wait=5))) from error
        if isinstance(answer, MemoryError):
            self.end()
            raise _Died(f"needs more than {limits.memory / 1e9:.0f} GB of memory")
        if not good:
            raise answer
        return answer

    def _start(self) -> Connection:
        with _starting:
            if self._killed:
                raise CancelledError
            _make_room()
            self._pipe, theirs = _processes.Pipe()
            self._folder = tempfile.mkdtemp(prefix="gk-")  # short: the path of a socket may have 107 characters
            # A daemon, so that an interpreter that ends does not wait for it
            self._process = _processes.Process(target=_serve, args=(theirs, self._folder), daemon=True)
            try:
                self._process.start()
            except OSError as error:
                self._process = None
                raise BrokenExecutor(f"no process for a worker: {error}") from error
            self._served = 0
            theirs.close()
            return self._pipe

    def end(self, wait: float = 5) -> int | None:
        """Ends the process and all that it started; it has `wait` seconds to end by itself. Returns its exit code."""
        if self._process is None or self._pipe is None:
            return None
        self._pipe.close()
        connection.wait([self._process.sentinel], wait)
        _kill_group(self._process.pid)  # what it started outlives it
        with _starting:
            self._process.join()
            code: int | None = self._process.exitcode
            self._process = None
        shutil.rmtree(self._folder, ignore_errors=True)
        return code

    def kill(self) -> None:
        """From another thread: the task ends now and no other begins."""
        with _starting:
            self._killed = True
            if self._process is not None:
                _kill_group(self._process.pid)


def _make_room() -> None:
    """The fork server's socket lies in the temporary folder, and its path may have no more than 107 characters."""
    if len(util.get_temp_dir()) > ROOM:
        multiprocessing.process.current_process()._config.pop("tempdir", None)  # type: ignore[attr-defined]
        kept, tempfile.tempdir = tempfile.tempdir, SHORT
        try:
            util.get_temp_dir()  # made there, and kept for as long as this process runs
        finally:
            tempfile.tempdir = kept


def _kill_group(pid: int) -> None:
    for kill in (os.killpg, os.kill):  # a process that has just begun leads no group yet
        try:
            return kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    return None


def _how(code: int | None) -> str:
    if code is not None and code < 0:
        named = signal.Signals(-code).name if -code in set(signal.Signals) else "?"
        return "was killed, perhaps for want of memory" if named == "SIGKILL" else f"the reader crashed ({named})"
    return f"the reader ended without an answer (status {code})"


# --- in the child


def _serve(pipe: Connection, folder: str) -> None:
    os.setpgid(0, 0)  # a group of its own: Ctrl-C does not reach it, and what it starts can be ended with it
    _die_with_parent()
    _keep_quiet()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")  # where memory runs out, this goes, not the parent
    tempfile.tempdir = os.environ["TMPDIR"] = folder
    with contextlib.suppress(EOFError, OSError):
        while True:
            pipe.send_bytes(_perform(pipe.recv_bytes()))
    atexit._run_exitfuncs()  # multiprocessing leaves them out; a reader's own processes are ended there


def _perform(task: bytes) -> bytes:
    answer: tuple[bool, Any]
    output = Limits().output
    try:
        limits, function, args = pickle.loads(task)
        output = limits.output
        _limit(resource.RLIMIT_AS, limits.memory)
        _limit(resource.RLIMIT_FSIZE, limits.file)
        answer = (True, function(*args))
        blob = pickle.dumps(answer)
    except MemoryError:
        _limit(resource.RLIMIT_AS, resource.RLIM_INFINITY)
        blob = pickle.dumps((False, MemoryError()))
    except BaseException as error:  # also SystemExit: it must not end the parent
        blob = _error(error)
    if len(blob) > output:
        blob = pickle.dumps((False, Lost(f"gives more than {output / 1e6:.0f} MB of text")))
    return blob


def _error(error: BaseException) -> bytes:
    """The error as it is where it survives the way, else its type and words."""
    error.add_note(traceback.format_exc())
    try:
        blob = pickle.dumps((False, error))
        pickle.loads(blob)
    except Exception:
        blob = b""
    if blob and isinstance(error, Exception):
        return blob
    return pickle.dumps((False, Lost(f"{type(error).__name__}: {error}")))


def _limit(what: int, value: int) -> None:
    _, hard = resource.getrlimit(what)
    allowed = value if hard == resource.RLIM_INFINITY else hard if value == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(what, (allowed, hard))


def _die_with_parent() -> None:
    """The kernel kills this whole group when the parent's end of its pipe closes: also where Python does not run.

    PR_SET_PDEATHSIG would leave behind what this process has started (LibreOffice).
    """
    parent = multiprocessing.parent_process()
    if parent is None or not hasattr(fcntl, "F_SETSIG"):  # not Linux: an idle worker ends when its pipe closes
        return
    alive = parent.sentinel
    fcntl.fcntl(alive, fcntl.F_SETOWN, -os.getpgrp())
    fcntl.fcntl(alive, fcntl.F_SETSIG, signal.SIGKILL)
    fcntl.fcntl(alive, fcntl.F_SETFL, fcntl.fcntl(alive, fcntl.F_GETFL) | os.O_ASYNC)


def _keep_quiet() -> None:
    """What libraries print or log belongs nowhere; a debug log that is built and thrown away costs pdfminer 3 ×."""
    logging.disable(logging.WARNING)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    os.close(nowhere)
