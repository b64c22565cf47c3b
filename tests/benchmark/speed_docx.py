"""DOCX: bytes → Content against what zip and lxml alone need for the same file, as a ratio in one run."""

from __future__ import annotations

import gc
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import process_time

from lxml import etree

from extract.formats import read
from tests.benchmark.generated import samples

ROUNDS = 9
REPORTS = 8


@dataclass(frozen=True, slots=True)
class DocxSpeed:
    """Medians in milliseconds a document."""

    kilobytes: float
    bare: float  # unzip and parse word/document.xml
    content: float  # bytes → Content

    @property
    def ratio(self) -> float:
        """bytes → Content against the bare parse (bar: 8)."""
        return self.content / self.bare


def bare(body: bytes) -> etree._Element:
    """Zip and lxml, nothing else."""
    with zipfile.ZipFile(io.BytesIO(body)) as package:
        return etree.fromstring(package.read("word/document.xml"))


def measure(rounds: int = ROUNDS, reports: int = REPORTS) -> DocxSpeed:
    """Every document by both ways in every round, in turn, in processor time: other work does not count."""
    bodies = [sample.body("docx") for sample in samples(reports, seed=7, faulty=0.5)]

    def timed(work: Callable[[], object]) -> float:
        start = process_time()
        work()
        return (process_time() - start) * 1000

    times: dict[str, list[float]] = {"bare": [], "content": []}
    gc.collect()
    gc.disable()
    try:
        for turn in range(rounds + 1):
            for body in bodies:
                found = {"bare": timed(lambda body=body: bare(body)), "content": timed(lambda body=body: read(body))}
                if turn:  # the first round imports the reader
                    for way, taken in found.items():
                        times[way].append(taken)
            gc.collect()
    finally:
        gc.enable()
    return DocxSpeed(sum(map(len, bodies)) / len(bodies) / 1000, median(times["bare"]), median(times["content"]))


if __name__ == "__main__":
    speed = measure()
    print(f"{speed.kilobytes:.0f} kB: {speed.bare:.2f} ms bare, {speed.content:.2f} ms read, ratio {speed.ratio:.1f}")
