"""What a build costs by the number of reports, in time and memory: `python -m tests.benchmark.build`."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from time import process_time

import click

from db.build import NAME, build
from tests.benchmark.formats import peak
from tests.benchmark.many import Fetched, write


@dataclass(frozen=True, slots=True)
class Cost:
    """Processor seconds, the most memory held (MB) and the size of the database (MB) of one build."""

    reports: int
    seconds: float
    memory: float
    size: float

    @property
    def each(self) -> float:
        """Milliseconds a report."""
        return 1000 * self.seconds / self.reports


def measure(reports: int, folder: Path | None = None) -> Cost:
    """Builds so many reports in a process of its own; `folder` keeps readings and database for further use."""
    with tempfile.TemporaryDirectory() as name:
        data = folder or Path(name)
        if not (data / "reports").exists():
            write(data, reports)
        asked = [sys.executable, "-m", "tests.benchmark.build", "--only", str(data)]
        found = subprocess.run(asked, check=True, stdout=subprocess.PIPE, text=True).stdout
    return Cost(**json.loads(found))


def _built(data: Path) -> Cost:
    """One build in this process, from its first line on: the interpreter and what it imports are in the memory."""
    start = process_time()
    told = build(data, Fetched(data))
    return Cost(told.reports, process_time() - start, peak(), (data / NAME).stat().st_size / 1e6)


@click.command()
@click.option("--sizes", default="1000,10000", show_default=True, help="How many reports, separated by commas.")
@click.option("--keep", type=click.Path(path_type=Path), help="Folder that keeps the readings and the last database.")
@click.option("--only", type=click.Path(path_type=Path, exists=True), hidden=True)
def main(sizes: str, keep: Path | None, only: Path | None) -> None:
    """Build databases of invented reports and say what a report costs, by their number."""
    if only:
        print(json.dumps(asdict(_built(only))))
        return
    counts = sorted(int(size) for size in sizes.split(","))
    first = None
    for count in counts:
        cost = measure(count, keep if count == counts[-1] else None)
        first = first or cost
        print(f"{cost.reports:>9,} reports {cost.seconds:8.1f} s  {cost.each:6.2f} ms each", end="", flush=True)
        print(f" ({cost.each / first.each:4.2f} x)  {cost.memory:6.0f} MB  database {cost.size:7.0f} MB", flush=True)


if __name__ == "__main__":
    main()
