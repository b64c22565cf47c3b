"""Oddities of cells and rows: each alters a draft's print and its truth side by side."""

from __future__ import annotations

from random import Random

from crawler.replica import tables
from crawler.replica.draft import Draft
from crawler.replica.fault import Fault, entering, flag

ALL: dict[str, Fault] = {}
_fault = entering(ALL)
_QUIET = (
    "refused.state_secret",
    "refused.internal",
    "unable.not_held",
    "unprocessed.repeat",
    "unprocessed.publication",
)


def _row(draft: Draft, rng: Random) -> str:
    """A row that no earlier fault has touched, if there is one."""
    taken = {row for table, row, _ in draft.flagged if table == "applications"} | draft.missing_rows
    free = [name for name in _QUIET if name not in taken]
    return rng.choice(free or list(_QUIET))


@_fault("A07")
def negative(draft: Draft, rng: Random) -> None:
    row = _row(draft, rng)
    draft.request(row, "research", -1)
    flag(draft, "applications", row, "research")


@_fault("S11")
def blank_cell(draft: Draft, rng: Random) -> None:
    row, at = _row(draft, rng), rng.randrange(1, 6)
    _blank(draft, row, at)
    draft.expect.append("S11" if draft.medium == "html" else "S08")


@_fault("A14")
def blank_totals(draft: Draft, rng: Random) -> None:
    details = any(value for row in draft.applications.values() for value in row[:6])
    for row, values in draft.applications.items():
        if any(value is not None for value in values):
            _blank(draft, row, 6)
    draft.expect += ["S11" if draft.medium == "html" else "S08"] + ["A14"] * details
    draft.stated = None


def _blank(draft: Draft, row: str, at: int) -> None:
    draft.applications[row][at], draft.printed_applications[row][at] = None, ""
    flag(draft, "applications", row, tables.COLUMNS[at])


@_fault("S08")
def short_row(draft: Draft, rng: Random) -> None:
    row = _row(draft, rng)
    draft.printed_applications[row] = draft.printed_applications[row][: rng.randint(4, 6)]
    draft.applications[row] = [None] * 7
    flag(draft, "applications", row)


@_fault("S09")
def long_row(draft: Draft, rng: Random) -> None:
    row = _row(draft, rng)
    draft.printed_applications[row].append("0")
    draft.applications[row] = [None] * 7
    flag(draft, "applications", row)


@_fault("S09")
def long_disputes(draft: Draft, rng: Random) -> None:
    draft.printed_disputes["litigation_after_reconsideration"].append("0")
    for channel in tables.CHANNELS:
        draft.disputes[channel] = [None] * 5
        flag(draft, "disputes", channel)


@_fault("S23")
def split_digits(draft: Draft, rng: Random) -> None:
    for row in ("new", "granted", "closed"):  # a number of two digits, so that it can fall apart
        for column in ("natural_person", "total"):
            draft.request(row, column, draft.applications[row][tables.COLUMNS.index(column)] + 20)
    first, *rest = draft.printed_applications["granted"]
    draft.printed_applications["granted"] = [first[:-1], first[-1], *rest]
    draft.applications["granted"] = [None] * 7
    draft.stated = draft.applications["new"][6]
    draft.expect += ["S09", "S23"]
    flag(draft, "applications", "granted")


@_fault("S12")
def word_in_cell(draft: Draft, rng: Random) -> None:
    row = _row(draft, rng)
    draft.applications[row][4] = draft.printed_applications[row][4] = "见附表"
    flag(draft, "applications", row, "legal_service")


@_fault("S12")
def slash(draft: Draft, rng: Random) -> None:
    row = _row(draft, rng)
    draft.applications[row][3] = None  # not applicable is no value, and not 0
    draft.printed_applications[row][3] = "/"
    flag(draft, "applications", row, "nonprofit")


@_fault("S13")
def unit_in_cell(draft: Draft, rng: Random) -> None:
    value = rng.randint(2, 400)
    draft.put("licensing", "decisions", value, f"{value}件")
    flag(draft, "disclosures", "licensing", "decisions")


@_fault("S13", forms=("2019",))
def yuan_in_cell(draft: Draft, rng: Random) -> None:
    amount = rng.randint(20000, 900000)
    draft.put("procurement", "projects", rng.randint(1, 30))
    draft.put("procurement", "amount", amount, f"{amount} 元")
    flag(draft, "disclosures", "procurement", "amount")


@_fault("S14", forms=("2019",))
def direction_word(draft: Draft, rng: Random) -> None:
    change, word = rng.randint(2, 120), rng.choice("增减")
    if word == "减":  # nothing can fall below none (A10)
        change = min(change, int(draft.disclosures["licensing"]["items_last_year"] or 0))
    word = word if change else "增"
    change = change or 2
    draft.put(
        "licensing", "items_change", change if word == "增" else -change, f"{word}{rng.choice(['', ' '])}{change}"
    )
    flag(draft, "disclosures", "licensing", "items_change")


@_fault("S15")
def leading_zero(draft: Draft, rng: Random) -> None:
    row = _row(draft, rng)
    draft.printed_applications[row][2] = f"0{draft.applications[row][2]}"
    flag(draft, "applications", row, "research")


@_fault("S15")
def fullwidth_digits(draft: Draft, rng: Random) -> None:
    value = rng.randint(10, 99)
    draft.put("penalties", "decisions", value, "".join(chr(ord(c) + 0xFEE0) for c in str(value)))
    flag(draft, "disclosures", "penalties", "decisions")


@_fault("S24")
def hard_spaces(draft: Draft, rng: Random) -> None:
    for row in draft.printed_applications.values():
        row[:] = [
            rng.choice(["\u00a0", "\u2002", ""]) + text + rng.choice(["\u00a0", ""]) if text else text for text in row
        ]


@_fault("S29", forms=("2019",))
def unsigned_change(draft: Draft, rng: Random) -> None:
    draft.put("penalties", "items_change", rng.randint(1, 50))
    flag(draft, "disclosures", "penalties", "items_change")


@_fault("P01")
def placeholder(draft: Draft, rng: Random) -> None:
    text = "2000年以来本机关作出的行政强制决定数量"  # begins with digits on purpose: it is no number
    draft.put("coercion", "decisions", text)
    flag(draft, "disclosures", "coercion", "decisions")


@_fault("T03")
def regulations_by_town(draft: Draft, rng: Random) -> None:
    for _, measure in (cell for cell in draft.measures() if cell[0] == "regulations"):
        if measure != "repealed":
            draft.put("regulations", measure, 3)
            flag(draft, "disclosures", "regulations", measure)


@_fault("S18")
def extra_column(draft: Draft, rng: Random) -> None:
    draft.extra_column = 3  # 行政事业性收费, where both forms leave room


@_fault("S05")
def missing_row(draft: Draft, rng: Random) -> None:
    row = _row(draft, rng)
    draft.missing_rows.add(row)
    draft.applications[row] = [None] * 7
    flag(draft, "applications", row)


@_fault("S22", media=("text",))
def lost_row_break(draft: Draft, rng: Random) -> None:
    if draft.medium == "text":
        draft.glued.add("closed")
        draft.applications["closed"][6] = None
        draft.expect += ["S22", "S08"]
        flag(draft, "applications", "closed", "total")


@_fault("S27", media=("text",))
def stray_value(draft: Draft, rng: Random) -> None:
    if draft.medium == "text":
        row = _row(draft, rng)
        draft.strays[row] = "0"
        draft.optional += [("applications", row, column) for column in tables.COLUMNS]
        flag(draft, "applications", row)
