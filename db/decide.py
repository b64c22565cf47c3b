"""Decisions of people, written down after a look at the database that they are about."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from crawler.archive import now
from db import corrections, decisions, recheck
from db.build import NAME
from db.inputs import BuildError
from db.reviews import VERDICTS
from db.versions import named, shown

_VALUES = {
    "disclosures": "SELECT value FROM disclosures WHERE report = :report AND item = :row AND measure = :column",
    "applications": "SELECT [{column}] FROM applications WHERE report = :report AND outcome = :row",
    "disputes": "SELECT [{column}] FROM disputes WHERE report = :report AND channel = :row",
    "statistics": "SELECT value FROM statistics WHERE report = :report AND indicator = :row",
}
_LISTED = """SELECT class, raw, reason FROM cells
WHERE report = :report AND table_name = :table AND row_name = :row AND column_name = :column"""


class Mistake(ValueError):
    """What a person asked for cannot be meant: says why."""


@dataclass(frozen=True, slots=True)
class Written:
    """A decision that was written down: what it is about, before and after, and where it stands."""

    about: str
    before: str
    after: str
    place: str

    def __str__(self) -> str:
        return f"{self.about}\n  before  {self.before}\n  after   {self.after}\n{self.place}"


def review(data: Path, fingerprint: str, verdict: str, why: str, by: str) -> Written:
    """A verdict (confirm, dismiss, reopen) on a finding. Raises Mistake, or BuildError where there is no database."""
    fingerprint = fingerprint.strip().lower()
    with _opened(data) as connection:
        found = connection.execute(
            "SELECT report, rule, message, review FROM findings WHERE fingerprint = ? ORDER BY id", [fingerprint]
        ).fetchone()
    if found is None:
        raise Mistake(
            f"no finding has the fingerprint {fingerprint!r} — it stands behind the finding on its report's page"
        )
    report, rule, message, before = found
    if before == "resolved":
        raise Mistake(f"a correction has resolved this finding ({report} {rule}): there is nothing left to review")
    for _, line in decisions.read(data / decisions.REVIEWS):  # also what no build has taken in yet
        before = line["verdict"] if line["fingerprint"] == fingerprint else before
    if before == VERDICTS[verdict]:
        raise Mistake(f"{report} {rule}: this finding is {before} already")
    fields = {"report": report, "rule": rule, "fingerprint": fingerprint, "verdict": VERDICTS[verdict]}
    place = _append(data / decisions.REVIEWS, fields | {"why": why, "by": by, "at": now()})
    return Written(f"{report} {rule}: {message}", before, VERDICTS[verdict], place)


def correct(data: Path, report: str, where: tuple[str, str, str], value: str, why: str, by: str) -> Written:
    """The value of the cell `where` (table, row, column) as the original shows it. Raises as `review` does."""
    try:
        wanted = shown(corrections.number(value))
    except ValueError as error:
        raise Mistake(str(error)) from error
    with _opened(data) as connection:
        cell = _cell(connection, report, *where)
    before = _pending(data, cell, where)
    about = " ".join((report, *where))
    if (before or "") == (wanted or ""):
        raise Mistake(f"{about} already reads {before or 'nothing'}")
    at = dict(zip(("table", "row", "column"), where, strict=True))
    fields = {"document": cell.document, **at, "expected": before or "", "value": wanted or "", "evidence": why}
    place = _append(data / decisions.CORRECTIONS, fields | {"by": by, "at": now()})
    printed = f" (printed: {cell.printed})" if cell.printed and cell.printed != before else ""
    return Written(about, (before or "nothing") + printed, wanted or "nothing", place)


def _append(path: Path, fields: dict[str, str]) -> str:
    return f"{path}:{decisions.append(path, fields)}: `gongkai build` takes it in"


@contextmanager
def _opened(data: Path) -> Iterator[sqlite3.Connection]:
    path = data / NAME
    if not path.exists():
        raise BuildError(f"{path}: no database — run `gongkai build` first")
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    try:
        yield connection
    except sqlite3.DatabaseError as error:  # one of an earlier schema, or no database at all
        raise BuildError(f"{path}: {error} — run `gongkai build` again") from error
    finally:
        connection.close()


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell of a report as the database has it."""

    document: str
    value: str | None
    printed: str | None


def _cell(connection: sqlite3.Connection, report: str, table: str, row: str, column: str) -> _Cell:
    found = connection.execute("SELECT document, part, form FROM reports WHERE id = ?", [report]).fetchone()
    if found is None:
        raise Mistake(f"no report {report!r} — its id stands in the address of its page, e.g. 360983104-2022")
    document, part, form = found
    if form not in recheck.editions():
        raise Mistake(f"{report}: no official table was recognised in it, so it has no cell to correct")
    try:
        corrections.check_cell(table, row, column, form)
    except ValueError as error:
        raise Mistake(f"{report}: {error}") from error
    where = {"report": report, "table": table, "row": row, "column": column}
    values = connection.execute(_VALUES[table].format(column=column), where).fetchone()
    printed, value = None, shown(values[0]) if values else None
    for cls, raw, reason in connection.execute(_LISTED, where):
        printed = raw
        if value is None and cls == "text" and not decisions.corrected({"reason": reason}):
            value = raw  # words count as what was read
    return _Cell(named(document, part), value, printed)


def _pending(data: Path, cell: _Cell, where: tuple[str, str, str]) -> str | None:
    """What the cell will read after the corrections that no build has taken in yet."""
    value = cell.value
    for made in corrections.load(data).get(cell.document, ()):
        if (made.table, made.row, made.column) == where and corrections.plain(made.expected) == corrections.plain(
            value or ""
        ):
            value = shown(made.value)
    return value
