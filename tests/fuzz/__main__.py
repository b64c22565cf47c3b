"""`python -m tests.fuzz`: mutate documents, read them, compare. Exit status 1 where one crashed, hung or lied."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from time import monotonic
from typing import Any

import click
from rich.console import Console
from rich.progress import Progress

from extract.pool import Pool
from extract.records import ReportError
from tests.benchmark.generated import FORMATS, missing
from tests.fuzz import campaign
from tests.fuzz.sample import show

COUNTS = dict.fromkeys(("html", "text", "pdf", "docx"), 10_000)
OTHERS = 300


@click.command()
@click.option("--count", type=int, help="Mutations of each format; else as many as the format is due.")
@click.option("--formats", help="Names with commas between; else all.")
@click.option("--seed", default=1, show_default=True)
@click.option("--seconds", type=float, help="Stop each format after so many.")
@click.option("--samples", default=5, show_default=True, help="Changes to show for judging by eye, a format.")
@click.option("--only", type=int, help="One mutation by its number.")
@click.option("--keep", type=click.Path(path_type=Path), help="Write what went wrong into this folder.")
@click.option("--processes", default=os.cpu_count() or 1, show_default=True)
def main(
    count: int | None,
    formats: str | None,
    seed: int,
    seconds: float | None,
    samples: int,
    only: int | None,
    keep: Path | None,
    processes: int,
) -> None:
    """Mutate documents of every format and hold the readings against the originals'."""
    console = Console(soft_wrap=True, highlight=False)
    names = formats.split(",") if formats else list(FORMATS)
    if unknown := sorted(set(names) - set(FORMATS)):
        raise click.UsageError(f"no such format: {', '.join(unknown)}; there are {', '.join(FORMATS)}")
    wrong = 0
    for name in names:
        if reason := missing(name):
            console.print(f"{name}: not run: needs {reason}")
            continue
        started = monotonic()
        many = count or COUNTS.get(name, OTHERS)
        try:
            with Pool(processes) as pool:
                result = _run(name, many, seed=seed, pool=pool, seconds=seconds, only=only)
        except ReportError as error:
            console.print(f"{name}: an unspoilt document cannot be read: {error}", markup=False)
            wrong += 1
            continue
        wrong += len(result.wrong)
        _print(console, name, result, monotonic() - started)
        show(console, name, result, seed=seed, most=samples, keep=keep)
    sys.exit(wrong > 0)


def _run(name: str, count: int, **how: Any) -> campaign.Result:
    with Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as progress:
        bar = progress.add_task(name, total=count)
        return campaign.run(name, count, progress=lambda n: progress.advance(bar, n), **how)


def _print(console: Console, name: str, result: campaign.Result, took: float) -> None:
    outcomes = ", ".join(f"{n:,} {outcome}" for outcome, n in sorted(result.outcomes.items()))
    console.print(
        f"{name}: {sum(result.outcomes.values()):,} mutations in {took:.0f} s: {outcomes}; "
        f"{len(result.wrong):,} wrong, {len(result.troubles) - len(result.wrong):,} changes to judge by eye"
    )


if __name__ == "__main__":
    main()
