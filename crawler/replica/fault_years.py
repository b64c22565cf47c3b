"""Oddities that only the year before shows, or another unit's report: of reports in a series."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from random import Random
from typing import Any

from crawler.replica import tables
from crawler.replica.chronicle import tell
from crawler.replica.draft import Draft
from crawler.replica.fault import Fault, entering

ALL: dict[str, Fault] = {}
_fault = entering(ALL)
BESIDE = ("borrowed_text", "borrowed_requests")  # these need another unit's report, and its reader finds them there too


@_fault("Y01")
def carried_wrong(draft: Draft, rng: Random) -> None:
    """More carried in than the year before carried out; within the year everything agrees."""
    for row in ("carried_in", "granted", "closed"):
        for column in ("natural_person", "total"):
            draft.request(row, column, draft.applications[row][tables.COLUMNS.index(column)] + 2)


@_fault("Y02", forms=("2021",))
def stock_wrong(draft: Draft, rng: Random) -> None:
    draft.put("normative_documents", "in_force", draft.disclosures["normative_documents"]["in_force"] + 3)


@_fault("Y03", forms=("2021",))
def jump(draft: Draft, rng: Random) -> None:
    draft.put("licensing", "decisions", 6 * draft.before["disclosures"]["licensing"]["decisions"] + 90)


@_fault("Y04", forms=("2021",))
def old_requests(draft: Draft, rng: Random) -> None:
    """Table 三 is last year's."""
    _requests(draft, draft.before["applications"])


@_fault("Y06", forms=("2019",))
def items_wrong(draft: Draft, rng: Random) -> None:
    draft.put("licensing", "items_last_year", draft.disclosures["licensing"]["items_last_year"] + 5)


@_fault("Y08", forms=("2021",))
def old_tables(draft: Draft, rng: Random) -> None:
    """All three tables are last year's: the wrong file was uploaded under a new title."""
    _requests(draft, draft.before["applications"])
    for item, row in draft.before["disclosures"].items():
        for measure, value in row.items():
            # Yuan are printed as 万元
            draft.put(item, measure, value, f"{value / 10_000:.2f}" if measure == "amount" and value else None)
    for channel, values in draft.before["disputes"].items():
        for at, value in enumerate(values):
            draft.dispute(channel, at, value)
    draft.expect += ["Y04", "Y08"]


@_fault("P05")
def old_text(draft: Draft, rng: Random) -> None:
    draft.told = tell(draft.unit, draft.year - 1)


@_fault("P06")
def borrowed_text(draft: Draft, rng: Random) -> None:
    draft.told = tell(draft.lender[0], draft.year)


@_fault("R03")
def borrowed_requests(draft: Draft, rng: Random) -> None:
    _requests(draft, draft.lender[1]["applications"])


def fits(name: str, before: Mapping[str, Any] | None, beside: Collection[Any] | None) -> bool:
    """Whether what the fault is taken from is there."""
    return bool(beside if name in BESIDE else before)


def _requests(draft: Draft, rows: Mapping[str, Any]) -> None:
    for row, values in rows.items():
        for column, value in zip(tables.COLUMNS, values, strict=True):
            draft.request(row, column, value)
    draft.stated = draft.applications["new"][6]
