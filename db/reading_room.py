"""Originals on demand: read and drawn in worker processes under limits, a few answers kept.

One process reads, one recognises scans (which takes seconds a page), one draws, so that no page waits for a scan. Who
asks for more than the queue holds is told so at once: visitors cannot take the machine.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, CancelledError, Future
from threading import Lock
from typing import Any

from db.fence import Busy
from db.paper import Sheet, sheet
from db.reread import Original, reread
from extract.formats.ocr import THREADS
from extract.pool import Limits, Lost, Pool, call
from extract.records import ReportError

LOG = logging.getLogger("gongkai.site")
READING = Limits(seconds=20)
RECOGNISING = Limits(seconds=60, memory=4_000_000_000)
DRAWING = Limits(seconds=20)
PATIENCE = 4.0  # seconds that a visitor waits; what takes longer is there when the page is asked for again
QUEUE = 16  # answers being made
KEPT, KEPT_BYTES = 64, 32_000_000  # answers kept, and bytes of the pictures among them
_answers: OrderedDict[tuple[Any, ...], Future[Any]] = OrderedDict()
_pools: dict[str, Pool] = {}
_lock = Lock()


async def original(digest: str, body: bytes, part: int, scanned: bool) -> Original | None:
    """A document as read; None while it is still being read. Raises Busy, or ReportError where it cannot be read."""
    room, limits = ("recognising", RECOGNISING) if scanned else ("reading", READING)
    return await _answer((digest, part), room, limits, reread, body, part)


async def page(digest: str, body: bytes, number: int, straight: bool) -> Sheet | None:
    """A page as a picture; None while it is still being drawn. Raises as `original` does."""
    return await _answer((digest, number, straight), "drawing", DRAWING, sheet, body, number, straight)


async def _answer(key: tuple[Any, ...], room: str, limits: Limits, function: Callable[..., Any], *args: Any) -> Any:
    with _lock:
        future = _answers.get(key)
        if future is None:
            if sum(not held.done() for held in _answers.values()) >= QUEUE:
                raise Busy
            future = _answers[key] = _pool(room).submit(call, limits, _gently, function, *args)
        _answers.move_to_end(key)
        _forget()
    waiting = asyncio.wrap_future(future)
    waiting.add_done_callback(lambda done: done.cancelled() or done.exception())  # else asyncio logs it as forgotten
    await asyncio.wait({waiting}, timeout=PATIENCE)
    if not future.done():
        return None
    try:
        return future.result()
    except (Lost, BrokenExecutor, CancelledError) as lost:  # it may go better another time
        with _lock:
            _answers.pop(key, None)
        raise ReportError(str(lost)) from lost
    except ReportError:
        raise
    except Exception as error:  # a fault of a reader: whoever looks at another document need not suffer from it
        LOG.error("%s: %s failed", room, key, exc_info=error)
        raise ReportError(f"{type(error).__name__}: {error}") from error


def _forget() -> None:
    """The oldest answers go first; what is being made stays."""
    done = [key for key, future in _answers.items() if future.done()]
    sizes = {key: _size(_answers[key]) for key in done}
    while done and (len(done) > KEPT or sum(sizes.values()) > KEPT_BYTES):
        oldest = done.pop(0)
        del _answers[oldest], sizes[oldest]


def _size(future: Future[Any]) -> int:
    made = None if future.exception() else future.result()
    return len(made.picture) if isinstance(made, Sheet) else 0


def _pool(room: str) -> Pool:
    """One process a room, started when it is first needed."""
    if room not in _pools:
        _pools[room] = Pool(1)
    return _pools[room]


def close() -> None:
    """Ends all processes at once: a site that stops does not wait for a scan."""
    with _lock:
        rooms = list(_pools.values())
        _pools.clear()
        _answers.clear()
    for room in rooms:
        room.kill()


def _gently(function: Callable[..., Any], *args: Any) -> Any:
    """In the child: pages that need no original go first."""
    os.setpriority(os.PRIO_PROCESS, 0, 10)
    os.environ[THREADS] = "1"
    return function(*args)
