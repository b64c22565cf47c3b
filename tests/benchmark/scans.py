"""`python -m tests.benchmark.scans`: reports as scans of three qualities, read and compared with their truth.

Right, flagged and silent are counted over cells that are not 0, and silent over all; a page counts as a table page
where it has a table. Each quality runs in a process of its own, so that its peak memory is its own.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import click

from crawler.replica.render import missing, scan, shows
from extract.formats import ocr
from extract.register import Register
from extract.report import read_report
from tests.benchmark.generated import Sample, document, places, samples, truth_cells
from tests.benchmark.score import score_cells

QUALITIES = tuple(scan.QUALITIES)
PAGES = 40  # table pages of each quality
FAULTY = 0.3


@dataclass(slots=True)
class Tally:
    """Sums over the reports of one quality; seconds are the processor's and the clock's, memory is in MB."""

    quality: str
    reports: int = 0
    pages: int = 0
    tables: int = 0
    cells: int = 0
    nonzero: int = 0
    right: int = 0
    flagged: int = 0
    silent: int = 0
    zeros_silent: int = 0
    processor: float = 0.0
    clock: float = 0.0
    memory: float = 0.0
    problems: list[Any] = field(default_factory=list)


def lacking() -> str | None:
    """What has to be installed before scans can be made and read, or None."""
    return missing("scan150") or ocr.missing()


def tally(quality: str, pages: int, seed: int = 7) -> Tally:
    """Make and read reports until there are as many table pages."""
    found, known = Tally(quality), places()
    _warm()
    for sample in _shown(seed):
        images, dpi = scan.scan(sample.made.title, sample.made.blocks, sample.seed, scan.QUALITIES[quality])
        _measure(found, sample, scan.as_pdf(images, dpi), known)
        found.pages += len(images)
        if found.tables >= pages:
            break
    found.memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return found


def _warm() -> None:
    """Load the models: what is measured is reading."""
    ocr.engine()
    ocr.read_lines([_white()])
    ocr.find_text(_white(), 20.0)


def _white() -> Any:
    import numpy as np

    return np.full((64, 256, 3), 255, np.uint8)


def _shown(seed: int) -> Iterator[Sample]:
    """Reports of which every fault can be seen on paper."""
    for sample in samples(10_000, seed, FAULTY):
        if shows(sample.made, "scan150"):
            yield sample


def _measure(found: Tally, sample: Sample, body: bytes, known: Register) -> None:
    clock, processor = time.perf_counter(), time.process_time()
    report = read_report(body, document(body, f"{sample.seed}.{found.quality}"), known)[0]
    found.clock += time.perf_counter() - clock
    found.processor += time.process_time() - processor
    truth = truth_cells(sample.made.truth)
    score = score_cells(report, truth, (), [tuple(cell) for cell in sample.made.truth["optional"]])
    nonzero_silent = score.wrong + score.missed
    found.reports += 1
    found.tables += _table_pages(sample)
    found.cells += score.cells
    found.nonzero += score.nonzero
    found.right += score.right
    found.flagged += score.flagged
    found.silent += nonzero_silent
    found.zeros_silent += score.silent - nonzero_silent
    found.problems += [(sample.seed, *map(str, problem)) for problem in score.problems]


def _table_pages(sample: Sample) -> int:
    """Sheets with ruling lines; the same look as `scan.scan` chooses."""
    return len([sheet for sheet in scan.sheets(sample.made.title, sample.made.blocks, sample.seed)[0] if sheet.strokes])


@click.command()
@click.option("--pages", default=PAGES, show_default=True, help="Table pages of each quality.")
@click.option("--quality", type=click.Choice(QUALITIES), multiple=True, default=QUALITIES)
@click.option("--seed", default=7, show_default=True)
@click.option("--problems", default=0, help="Show up to this many cells that are not right.")
@click.option("--one", is_flag=True, hidden=True)
def main(pages: int, quality: tuple[str, ...], seed: int, problems: int, one: bool) -> None:
    """Measure scans. Exit status 1 where a figure is silently wrong, or a clean quality has under 99 % right."""
    if reason := lacking():
        raise click.ClickException(f"not measured: {reason} is not installed")
    if one:
        found = tally(quality[0], pages, seed)
        click.echo(json.dumps({name: getattr(found, name) for name in Tally.__slots__}))
        return
    failed = False
    for name in quality:
        command = [sys.executable, "-m", "tests.benchmark.scans", "--one", "--quality", name]
        done = subprocess.run([*command, "--pages", str(pages), "--seed", str(seed)], capture_output=True, check=True)
        found = Tally(**json.loads(done.stdout.splitlines()[-1]))
        click.echo(_line(found))
        for problem in found.problems[:problems]:
            click.echo("  " + " ".join(problem if isinstance(problem, str) else map(str, problem)))
        clean = name != "scan_poor"
        failed |= found.silent + found.zeros_silent > 0 or (clean and found.right < 0.99 * found.nonzero)
    sys.exit(failed)


def _line(found: Tally) -> str:
    return (
        f"{found.quality}: {found.reports} reports, {found.tables} table pages of {found.pages}; cells ≠ 0: "
        f"{found.nonzero}, right {found.right} ({100 * found.right / max(1, found.nonzero):.2f} %), flagged "
        f"{found.flagged}, silent {found.silent}; zeros: {found.cells - found.nonzero}, silent {found.zeros_silent}; "
        f"{found.clock / found.pages:.1f} s a page ({found.processor / found.pages:.1f} s of processor), "
        f"{found.memory:.0f} MB"
    )


if __name__ == "__main__":
    main()
