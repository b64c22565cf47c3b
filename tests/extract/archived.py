"""An archive to extract from, and what an extraction left in data/reports."""

import json
from pathlib import Path

from crawler.archive import Archive
from crawler.replica import reports

FETCHED = "2024-02-01T00:00:00Z"


def page(seed: int) -> bytes:
    """An invented report."""
    return reports.generate(seed, unit="990101101", organ="清溪县双桥镇", year=2023).page.encode()


def archived(data: Path, *names: str, count: int = 3) -> Archive:
    """An archive of `count` reports with one document of each name among them."""
    archive = Archive(data / "archive", started=FETCHED)
    for n in range(count):
        archive.store(page(n), name=f"{n}.html", fetched=FETCHED)
    for name in names:
        archive.store(b"a document that is " + name.encode(), name=name, fetched=FETCHED)
    return archive


def files(data: Path) -> dict[str, bytes]:
    """What an extraction left."""
    return {path.name: path.read_bytes() for path in (data / "reports").iterdir() if path.suffix}


def lines(data: Path) -> list[dict]:
    """Every line of data/reports."""
    return [json.loads(line) for path in (data / "reports").glob("*.jsonl") for line in path.open(encoding="utf-8")]
