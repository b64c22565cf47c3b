"""Oddities of figures that are well printed but cannot be right, and of money."""

from __future__ import annotations

from random import Random

from crawler.replica import tables
from crawler.replica.draft import Draft, money
from crawler.replica.fault import Fault, entering, flag

ALL: dict[str, Fault] = {}
_fault = entering(ALL)


# --- arithmetic


@_fault("A01")
def row_sum(draft: Draft, rng: Random) -> None:
    for row in ("new", "granted", "closed"):  # columns still agree with each other: only the rows do not
        draft.request(row, "total", draft.applications[row][6] + 1)
        flag(draft, "applications", row, "total")
    draft.stated = draft.applications["new"][6]


@_fault("A02")
def results_sum(draft: Draft, rng: Random) -> None:
    for row in ("new", "closed"):
        for column in ("natural_person", "total"):
            draft.request(row, column, draft.applications[row][tables.COLUMNS.index(column)] + 2)
    flag(draft, "applications", "closed", "natural_person", "total")
    draft.stated = draft.applications["new"][6]


@_fault("A03")
def identity(draft: Draft, rng: Random) -> None:
    for column in ("natural_person", "total"):
        draft.request("new", column, draft.applications["new"][tables.COLUMNS.index(column)] + 1)
        flag(draft, "applications", "new", column)
    draft.stated = draft.applications["new"][6]


@_fault("A04")
def disputes_sum(draft: Draft, rng: Random) -> None:
    channel = rng.choice(list(tables.CHANNELS))
    draft.dispute(channel, 4, draft.disputes[channel][4] + 1)
    flag(draft, "disputes", channel, "total")


@_fault("A05", forms=("2019",))
def published_over_made(draft: Draft, rng: Random) -> None:
    made = rng.randint(1, 9)
    for measure, value in (("made", made), ("published", made + 4), ("published_total", made + 90)):
        draft.put("normative_documents", measure, value)
    flag(draft, "disclosures", "normative_documents", "published")


@_fault("A06", forms=("2021",))
def in_force_below_issued(draft: Draft, rng: Random) -> None:
    stock = draft.stock("normative_documents")  # it goes on from there (Y02)
    for measure, value in (("issued", 9), ("repealed", stock + 5), ("in_force", 4)):
        draft.put("normative_documents", measure, value)
    flag(draft, "disclosures", "normative_documents", "in_force")


@_fault("A09", forms=("2019",))
def decisions_as_sum(draft: Draft, rng: Random) -> None:
    items = draft.disclosures["other_services"]["items_last_year"] or rng.randint(20, 90)
    change = rng.randint(2, 9)
    for measure, value in (("items_last_year", items), ("items_change", change), ("decisions", items + change)):
        draft.put("other_services", measure, value)
    draft.expect += ["A09", "S29"]
    flag(draft, "disclosures", "other_services", "decisions")


# --- money


@_fault("U01", forms=("2019",))
def money_without_unit(draft: Draft, rng: Random) -> None:
    draft.put("procurement", "projects", rng.randint(1, 9))
    draft.put("procurement", "amount", rng.randint(10000, 990000))
    flag(draft, "disclosures", "procurement", "amount")


@_fault("U01", forms=("2021",))
def fees_without_unit(draft: Draft, rng: Random) -> None:
    draft.labels["measure.3.amount"] = "本年收费金额"
    draft.disclosures["fees"]["amount"] = money(draft, "fees", rng)
    flag(draft, "disclosures", "fees", "amount")


@_fault("T06", forms=("2019",))
def wan_header(draft: Draft, rng: Random) -> None:
    draft.labels["measure.4.amount"] = "采购总金额（万元）"
    draft.put("procurement", "projects", rng.randint(1, 600))
    money(draft, "procurement", rng)


@_fault("T06", forms=("2021",))
def year_in_header(draft: Draft, rng: Random) -> None:
    draft.labels["measure.0.issued"] = f"本年（{draft.year}）制发件数"


# --- disputes against requests, prose against tables


@_fault("B01")
def more_disputes_than_answers(draft: Draft, rng: Random) -> None:
    count = draft.applications["closed"][6] + draft.applications["carried_in"][6] + 3
    count = count if isinstance(count, int) else 3
    for at in (0, 4):
        draft.dispute("reconsideration", at, draft.disputes["reconsideration"][at] + count)


@_fault("N01")
def narrative_count(draft: Draft, rng: Random) -> None:
    # neither row 一 nor rows 一 and 二 together
    draft.stated = draft.applications["new"][6] + draft.applications["carried_in"][6] + rng.randint(1, 5)
