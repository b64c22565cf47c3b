"""What the tests of reading share: the invented register, a document read whole, a synthetic report to alter."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import crawler.replica
from crawler.items import Document
from crawler.replica import reports
from extract import register
from extract.formats import sniff
from extract.records import Report
from extract.report import read_report

FETCHED = "2024-03-01T00:00:00Z"


@cache
def places() -> register.Register:
    """The divisions, with the replica's invented ones."""
    return register.load(Path(crawler.replica.__file__).parent / "register")


def read_all(body: bytes | str, name: str = "报告.txt", unit: str | None = None) -> list[Report]:
    """Every report in a document, read as `gongkai show` reads it."""
    raw = body.encode() if isinstance(body, str) else body
    document = Document("sha256:" + "0" * 64, None, FETCHED, sniff(raw), name, unit, None, None, None, None, "w")
    return read_report(raw, document, places())


def read(body: bytes | str) -> Report:
    """The one report in a document."""
    (report,) = read_all(body)
    return report


def synthetic(seed: int = 3, year: int = 2020, faults: tuple[str, ...] = (), **more: str) -> reports.Synthetic:
    """A report of the replica's 双桥镇."""
    return reports.generate(seed, unit="990101101", organ="双桥镇", year=year, faults=faults, **more)


def raised(report: Report, rule: str) -> list:
    """The findings of one rule."""
    return [finding for finding in report.findings if finding.rule == rule]


def row(text: str, label: str, *values: object) -> str:
    """A one-cell-a-line text with other values under a label."""
    pattern = rf"^(\t{re.escape(label)}\n)(?:\t[^\n]*\n)+"
    made, count = re.subn(
        pattern, lambda m: m[1] + "".join(f"\t{v}\n" for v in values), text, count=1, flags=re.MULTILINE
    )
    if not count:
        raise ValueError(f"no row {label!r}")
    return made


def swap(text: str, *pairs: tuple[str, str]) -> str:
    """The text with each first string replaced by the second, once; finding nothing is a mistake in the test."""
    for old, new in pairs:
        if old not in text:
            raise ValueError(f"{old!r} is not there")
        text = text.replace(old, new, 1)
    return text
