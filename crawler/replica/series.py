"""How a report goes on from the year before: its figures move, its stocks add up, its open cases come back.

What the years owe each other is known here on its own, like the rest of the replica's truth: nothing of the reader.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from math import exp, log
from random import Random
from typing import Any

from crawler.replica import tables
from crawler.replica.draft import Draft, distribute

LEAST = 10_000  # yuan: an amount below was printed without its unit, and is no amount to go on from
MOST = 3000  # decisions of a year; items stay above it, so that no count of decisions is their sum (A09)
Truth = Mapping[str, Any]


def size(rng: Random, most: int) -> int:
    """A count from 1 to `most`, as skewed as counts are: many small, few large."""
    return round(exp(rng.uniform(0, log(most))))


def moved(rng: Random, value: int, most: int) -> int:
    """A figure a year later: up or down by one, or by two fifths at most; seldom out of nothing, never the same."""
    if value < 1:
        return rng.randint(1, 3) if rng.random() < 0.1 else 0
    step = max(1, round(value * rng.uniform(0.05, 0.4)))
    down = value + step > most or rng.random() < 0.5
    return value - step if down else value + step


def go_on(draft: Draft, rng: Random, before: Truth) -> None:
    """Move the draft's figures on from the truth of the year before; where that is unknown, they begin here."""
    _disclose(draft, rng, before.get("disclosures", {}), before.get("form") == draft.form)
    _answer(draft, rng, before)
    _contest(draft, rng, before.get("disputes", {}))


def _disclose(draft: Draft, rng: Random, before: Mapping[str, Mapping[str, Any]], same: bool) -> None:
    for item, row in draft.disclosures.items():
        last = before.get(item, {})
        if "decisions" in row:
            _flow(draft, rng, item, "decisions", last.get("decisions"), MOST if draft.level != "township" else 200)
        if item == "normative_documents":
            first = "made" if draft.form == "2019" else "issued"
            _flow(draft, rng, item, first, last.get("made", last.get("issued")), 60)
        if draft.form == "2019":
            _items(draft, rng, item, last if same else {})
        _stock(draft, rng, item, last if same else {})
    amount = before.get("fees", {}).get("amount")
    if draft.form == "2021" and isinstance(amount, int | float) and (not amount or amount > LEAST):
        printed = Decimal(moved(rng, round(amount / 100), 99_999) if amount else 0) / 100
        draft.put("fees", "amount", printed * 10_000, str(printed))


def _flow(draft: Draft, rng: Random, item: str, measure: str, last: Any, most: int) -> None:
    if isinstance(last, int):
        draft.put(item, measure, moved(rng, min(last, most), most))
    elif draft.disclosures[item][measure] or item != "coercion":
        draft.put(item, measure, size(rng, most))


def _stock(draft: Draft, rng: Random, item: str, last: Mapping[str, Any]) -> None:
    """Documents in force are those before, plus issued, less repealed; those published only become more."""
    row = draft.disclosures[item]
    if item == "regulations":
        return  # those that were counted by mistake (T03) are gone
    if "in_force" in row:
        stock = _known(last.get("in_force"), row["in_force"])
        repealed = min(row["repealed"], stock)
        draft.put(item, "repealed", repealed)
        draft.put(item, "in_force", stock + row["issued"] - repealed)
    elif "published_total" in row:
        published = max(0, row["made"] - rng.randint(0, 2))
        stock = _known(last.get("published_total"), row["published_total"])
        draft.put(item, "published", published)
        draft.put(item, "published_total", stock + published)


def _items(draft: Draft, rng: Random, item: str, last: Mapping[str, Any]) -> None:
    """Last year's items are those that last year's report ended with."""
    row = draft.disclosures[item]
    if item == "other_services" and not last:
        draft.put(item, "items_last_year", rng.randint(MOST + 1, MOST + 1000))
    items = last.get("items_last_year")
    if "items_last_year" not in row or not isinstance(items, int):
        return
    items += _known(last.get("items_change"), 0)
    draft.put(item, "items_last_year", items)
    if items + row["items_change"] <= MOST:
        draft.put(item, "items_change", 0)


def _answer(draft: Draft, rng: Random, before: Truth) -> None:
    """Requests by applicant, and what was carried over; the form of 2014 counted them in one figure."""
    rows = before.get("applications") or {}
    new, carried = draft.applications["new"][:6], draft.applications["carried_in"][:6]
    asked = before.get("statistics", {}).get("requests")
    most = {"township": 40, "county": 600}.get(draft.level, 2000)
    if rows:
        new = [moved(rng, _known(value, 0), most) for value in rows["new"][:6]]
        carried = [_known(value, 0) for value in rows["carried_out"][:6]]
    elif isinstance(asked, int):
        new = [moved(rng, min(asked, most), most), *new[1:]]
    distribute(draft, rng, new, carried)


def _contest(draft: Draft, rng: Random, before: Mapping[str, Sequence[Any]]) -> None:
    """What was pending comes back; suits after a review are no more than the reviews concluded in two years."""
    closed = draft.applications["closed"][6]
    last = {name: [_known(v, 0) for v in before.get(name, [0] * 5)] for name in tables.CHANNELS}
    while (cases := _cases(rng, closed, last)) == last and any(map(any, last.values())):
        pass  # not the same table twice (Y04)
    for channel, values in cases.items():
        for at, value in enumerate(values):
            draft.dispute(channel, at, value)


def _cases(rng: Random, closed: int, last: Mapping[str, Sequence[int]]) -> dict[str, list[int]]:
    cases: dict[str, list[int]] = {}
    for channel in tables.CHANNELS:
        values, pending, most = [0, 0, 0, 0], last[channel][3], closed
        count = rng.randint(1, max(1, closed // 8)) if closed > 8 and rng.random() < 0.5 else 0
        if channel == "litigation_after_reconsideration":
            most = sum(cases["reconsideration"][:3])  # what stays open now, next year's reviews must account for
            count = max(0, min(count, sum(last["reconsideration"][:3]) + most - pending))
        for at in [*rng.choices(range(4), (5, 2, 2, 2), k=count), *rng.choices(range(3), (5, 2, 2), k=pending)]:
            values[2 if at == 3 and values[3] >= most else at] += 1
        cases[channel] = [*values, sum(values)]
    return cases


def broken(applications: Truth, disclosures: Mapping[str, Truth], before: Truth) -> set[str]:
    """The rules between years that a report breaks against the one before; an open operand breaks none."""
    rules = set()
    if before.get("applications"):
        pairs = zip(applications["carried_in"], before["applications"]["carried_out"], strict=True)
        rules |= {"Y01"} if any(_differ(now, last) for now, last in pairs) else set()
    for item, row in disclosures.items():
        last = before.get("disclosures", {}).get(item, {})
        if _differ(row.get("in_force"), last.get("in_force"), row.get("issued"), _less(row.get("repealed"))):
            rules.add("Y02")
        if _differ(row.get("items_last_year"), last.get("items_last_year"), last.get("items_change")):
            rules.add("Y06")
    return rules


def _differ(now: Any, *parts: Any) -> bool:
    return all(isinstance(value, int) for value in (now, *parts)) and now != sum(parts)


def _less(value: Any) -> Any:
    return -value if isinstance(value, int) else value


def _known(value: Any, otherwise: int) -> int:
    """A cell of the year before that holds no number: whoever wrote this year's report had the figure."""
    return value if isinstance(value, int) else otherwise
