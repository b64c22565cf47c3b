"""PDFs printed by Chromium: embedded fonts, look-alike radicals in the text layer, rules as filled boxes.

One Chromium prints any number of pages: it is told so over a pair of pipes, in the words of its DevTools protocol.
"""

from __future__ import annotations

import base64
import html
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from crawler.replica.reports import Synthetic

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_PATIENCE = 60.0  # seconds for one answer
_MM = 1 / 25.4  # in inches, which is what Chromium asks for
# Chromium listens on descriptor 3 and answers on 4: a small Python puts our pipes there and becomes Chromium
_PLACE_PIPES = (
    "import os, sys; os.dup2(int(sys.argv[1]), 3); os.dup2(int(sys.argv[2]), 4); os.execv(sys.argv[3], sys.argv[3:])"
)


def make(report: Synthetic, rng: Random) -> bytes:
    """One report as Chromium prints it."""
    return many([(report, rng)])[0]


def many(jobs: Sequence[tuple[Synthetic, Random]]) -> list[bytes]:
    """Reports as one Chromium prints them. Raises RuntimeError where it is not there or does not answer in time."""
    with _chromium() as ask:
        return [_print(ask, report, rng) for report, rng in jobs]


def _page(report: Synthetic, rng: Random) -> str:
    size, font = rng.choice((9, 10, 12)), rng.choice(("serif", "sans-serif"))
    style = (
        f"body {{ font: {size}pt {font} }} table {{ border-collapse: collapse; width: 100% }}"
        f" td {{ border: 1px solid #{rng.choice(('000', '444', 'bbb'))}; text-align: center; padding: 2px }}"
        f" tr {{ break-inside: {rng.choice(('auto', 'avoid'))} }}"
    )
    title = html.escape(report.title)
    head = f'<meta charset="utf-8"><title>{title}</title><style>{style}</style>'
    return f'<!DOCTYPE html><html lang="zh-CN">{head}<body><h2>{title}</h2>{report.html}</body></html>'


def _print(ask: _Ask, report: Synthetic, rng: Random) -> bytes:
    target = ask("Target.createTarget", url="about:blank")["targetId"]
    session = ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
    frame = ask("Page.getFrameTree", session)["frameTree"]["frame"]["id"]
    ask("Page.setDocumentContent", session, frameId=frame, html=_page(report, rng))
    margin = rng.choice((12, 20)) * _MM
    printed = ask(
        "Page.printToPDF",
        session,
        landscape=rng.random() < 0.3,
        displayHeaderFooter=rng.random() < 0.3,
        paperWidth=210 * _MM,
        paperHeight=297 * _MM,
        **{f"margin{side}": margin for side in ("Top", "Bottom", "Left", "Right")},
    )
    ask("Target.closeTarget", targetId=target)
    return base64.b64decode(printed["data"])


class _Ask:
    """Calls to a running Chromium, one at a time."""

    def __init__(self, to: int, back: int) -> None:
        self.to, self.back, self.number, self.rest = to, back, 0, b""

    def __call__(self, method: str, session: str = "", /, **arguments: Any) -> dict[str, Any]:
        self.number += 1
        call: dict[str, Any] = {"id": self.number, "method": method, "params": arguments}
        if session:
            call["sessionId"] = session
        os.write(self.to, json.dumps(call).encode() + b"\0")
        end = time.monotonic() + _PATIENCE
        while True:
            answer = json.loads(self._message(end))
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(f"chromium: {method}: {answer['error'].get('message')}")
                return dict(answer["result"])

    def _message(self, end: float) -> bytes:
        while b"\0" not in self.rest:
            ready, _, _ = select.select([self.back], [], [], max(0.0, end - time.monotonic()))
            got = os.read(self.back, 1 << 16) if ready else b""
            if not got:
                raise RuntimeError("chromium does not answer" if not ready else "chromium ended early")
            self.rest += got
        message, _, self.rest = self.rest.partition(b"\0")
        return message


@contextmanager
def _chromium() -> Iterator[_Ask]:
    program = next((found for name in _NAMES if (found := shutil.which(name))), None)
    if not program:
        raise RuntimeError("chromium is not installed")
    theirs_in, to = os.pipe()
    back, theirs_out = os.pipe()
    with TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [
            *(sys.executable, "-c", _PLACE_PIPES, str(theirs_in), str(theirs_out), program),
            *("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--remote-debugging-pipe"),
            f"--user-data-dir={profile}",
        ]
        running = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=(theirs_in, theirs_out),
            start_new_session=True,
        )
        os.close(theirs_in)
        os.close(theirs_out)
        try:
            yield _Ask(to, back)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(running.pid, signal.SIGKILL)
            running.wait()
            os.close(to)
            os.close(back)
