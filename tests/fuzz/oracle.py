"""What the reading of a mutated document may be: refused in words, or each cell as it was, or open, or flagged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from extract.records import Finding, Report, ReportError
from extract.report import read_report
from tests.benchmark.generated import document, places
from tests.benchmark.score import Key, flags, shown


@dataclass(frozen=True, slots=True)
class Change:
    """A cell that reads differently, and nothing in the report says so."""

    where: Key
    was: Any
    now: Any

    def __str__(self) -> str:
        return f"{'/'.join(self.where)}: {self.was!r} → {self.now!r}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`outcome`: read, refused, crashed, or lost with its process; `detail`: the error of the last three."""

    outcome: str
    detail: str = ""
    silent: tuple[Change, ...] = ()


def truth(body: bytes) -> dict[Key, Any]:
    """What the unmutated document says: the cells of its reading at which no finding stands."""
    (report,) = read_report(body, document(body, "original"), places())
    marked = flags(report)
    return {key: v for key, v in shown(report).items() if v is not None and not {key, (*key[:2], None)} & marked}


def judge(body: bytes, cells: Mapping[Key, Any]) -> Verdict:
    """Read a mutated document and compare it with the cells of the original."""
    try:
        reports = read_report(body, document(body, "mutant"), places())
    except ReportError as error:
        return Verdict("refused", str(error))
    except Exception as error:  # whatever it is, it is the reader's
        return Verdict("crashed", f"{type(error).__name__}: {error}")
    return Verdict("read", silent=tuple(change for report in reports for change in _silent(report, cells)))


def _silent(report: Report, cells: Mapping[Key, Any]) -> Iterator[Change]:
    found = shown(report)
    marks, errors = flags(report), [f for f in report.findings if f.severity in ("error", "warning")]
    if report.form == "none":  # no table was found: one word for all cells
        if not errors:
            yield from (Change(key, was, None) for key, was in cells.items())
        return
    for key, was in cells.items():
        now = found.get(key)
        if now == was or {key, (*key[:2], None)} & marks:
            continue
        if not any(_covers(finding, key) for finding in errors):
            yield Change(key, was, now)


def _covers(found: Finding, key: Key) -> bool:
    """A broken relation speaks for its row or column; what is missing whole speaks for all of it."""
    table, row, column = key
    if found.table != table:
        return False
    if found.row is None and found.column is None:
        return found.severity == "error"
    return found.row == row or (found.rule.startswith("A") and found.column == column)
