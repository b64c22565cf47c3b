"""Accuracy, time and memory of every format: each in a process of its own, its documents made beforehand by another."""

from __future__ import annotations

import multiprocessing
import resource
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from typing import Any

from crawler.replica import render
from tests.benchmark import generated
from tests.benchmark.score import Score

DIGITAL = 200  # reports of each format
MORE = dict.fromkeys(("html", "text", "tabbed"), 500)
# A recogniser takes seconds a page, a report has two to four pages of tables
FEWER = {"scan": 16, "image_html": 8, "png": 8, "jpeg": 8, "tiff": 8, "pdf_error": 20, "dump_glued": 50}
SPAWN = multiprocessing.get_context("spawn")  # a child that shares nothing: its memory is its own


@dataclass(slots=True)
class Measured:
    """One format. Times are medians in seconds a document; `html` that of the same reports as pages."""

    score: Score = field(default_factory=Score)
    seconds: float = 0.0
    html: float = 0.0
    megabytes: float = 0.0  # peak, without programs that a reader starts

    @property
    def ratio(self) -> float:
        """Time against the reading of the same reports as HTML."""
        return self.seconds / self.html if self.html else 0.0

    @property
    def figures(self) -> dict[str, float]:
        """What has a floor."""
        return self.score.figures | {"html_ratio": round(self.ratio, 2), "megabytes": round(self.megabytes)}


def count(form: str) -> int:
    """How many reports of a format are measured unless it is said."""
    return MORE.get(form) or next((n for name, n in FEWER.items() if form.startswith(name)), DIGITAL)


def chosen(form: str, number: int) -> Iterator[generated.Sample]:
    """The first reports of the one series whose faults all show in a format."""
    return islice((sample for sample in generated.samples(number * 5) if render.shows(sample.made, form)), number)


def measure(form: str, number: int) -> Measured:
    """Render, then read in a child and compare. A child that dies scores as if every report had crashed."""
    with tempfile.TemporaryDirectory(prefix="gongkai-") as folder:
        ours, theirs = SPAWN.Pipe()
        for work in (_render, _read):
            child = SPAWN.Process(target=work, args=(form, number, Path(folder), theirs))
            child.start()
            found = _received(ours, child)
            child.join()
            if isinstance(found, Exception):
                raise found
            if found is None:
                died = Measured(Score(reports=number))
                died.score.note("crashed", form, None, f"{work.__name__.strip('_')}: status {child.exitcode}")
                return died
    return found


def _received(pipe: Connection, child: Any) -> Any:
    while not pipe.poll(0.2):
        if not child.is_alive() and not pipe.poll():
            return None
    return pipe.recv()


def _render(form: str, number: int, folder: Path, pipe: Connection) -> None:
    try:
        samples = list(chosen(form, number))
        for at, body in enumerate(generated.rendered(samples, form)):
            (folder / f"{at:05}").write_bytes(body)
        pipe.send(True)
    except Exception as error:
        pipe.send(RuntimeError(f"{form} cannot be rendered: {type(error).__name__}: {error}"))


def _read(form: str, number: int, folder: Path, pipe: Connection) -> None:
    pipe.send(read(form, number, (path.read_bytes() for path in sorted(folder.iterdir()))))


def read(form: str, number: int, bodies: Iterable[bytes]) -> Measured:
    """Read every report of a format, and its page beside it, so that a slow moment of the machine strikes both."""
    found, known = Measured(), generated.places()
    times: list[float] = []
    pages: list[float] = []
    for sample, body in zip(chosen(form, number), bodies, strict=True):
        page = generated.attempt(sample.body("html"), f"{sample.seed}.html", known)
        reading = generated.attempt(body, f"{sample.seed}{render.FORMATS[form].suffix}", known)
        found.score.add(generated.judge(sample, form, reading))
        times.append(reading.seconds)
        pages.append(page.seconds)
    found.seconds, found.html, found.megabytes = median(times), median(pages), peak()
    return found


def peak() -> float:
    """The most memory this process ever had, in MB; Linux tells it without what stood there before this program."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1000
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
