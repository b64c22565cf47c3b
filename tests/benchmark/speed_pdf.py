"""Digital PDF: bytes → Report against what pdfplumber alone takes for text and tables of the same file, in one run."""

from __future__ import annotations

import gc
import io
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from time import process_time

import pdfplumber

from extract import gate
from extract.formats import read
from extract.report import read_report
from tests.benchmark.generated import document, places, samples

ROUNDS = 3
REPORTS = 8


@dataclass(frozen=True, slots=True)
class PdfSpeed:
    """Medians in milliseconds a document."""

    kilobytes: float
    bare: float  # pdfplumber alone: text and tables
    report: float  # bytes → Report, through the gate
    reference: float  # bytes → Content by the reference alone
    ratio: float  # median over documents of report to bare (bar: 0.5)
    fast: float  # share of the documents of which the fast path's reading was taken


def bare(body: bytes) -> int:
    """pdfplumber's text and tables, nothing else; each page closed, which is its fastest way on many pages."""
    found = 0
    with pdfplumber.open(io.BytesIO(body)) as pdf:
        for page in pdf.pages:
            found += len(page.extract_text() or "") + len(page.extract_tables())
            page.close()
    return found


def measure(bodies: Sequence[bytes] | None = None, rounds: int = ROUNDS) -> PdfSpeed:
    """Every document by each way in every round, in turn, in processor time: other work does not count."""
    bodies = bodies or [sample.body("pdf") for sample in samples(REPORTS, seed=7, faulty=0.0)]
    known = places()
    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    ways: dict[str, Callable[[bytes], object]] = {
        "bare": bare,
        "report": lambda body: read_report(body, document(body, "speed.pdf"), known),
        "reference": read,
    }
    times: dict[tuple[str, int], list[float]] = {}
    gate.counts.clear()
    for turn in range(rounds + 1):
        for index, body in enumerate(bodies):
            for way, work in ways.items():
                gc.collect()
                start = process_time()
                work(body)
                if turn:  # the first round imports the readers
                    times.setdefault((way, index), []).append((process_time() - start) * 1000)
    typical = {key: median(taken) for key, taken in times.items()}
    each = {way: [typical[way, i] for i in range(len(bodies))] for way in ways}
    ratios = [report / alone for report, alone in zip(each["report"], each["bare"], strict=True)]
    middle = {way: median(taken) for way, taken in each.items()}
    size = sum(map(len, bodies)) / len(bodies) / 1000
    share = gate.counts["pdfium"] / max(1, gate.counts.total())
    return PdfSpeed(size, middle["bare"], middle["report"], middle["reference"], median(ratios), share)


if __name__ == "__main__":
    speed = measure()
    print(
        f"{speed.kilobytes:.0f} kB: {speed.bare:.0f} ms pdfplumber alone, {speed.report:.0f} ms to the Report, "
        f"ratio {speed.ratio:.2f}; the fast path's reading was taken of {speed.fast:.0%}"
    )
