"""Variants of the form that real reports use: not wrong in themselves, but not as the form is printed."""

from __future__ import annotations

from random import Random

from crawler.replica import tables
from crawler.replica.draft import Draft
from crawler.replica.fault import Fault, entering, flag

ALL: dict[str, Fault] = {}
_fault = entering(ALL)
_PLAIN_ROWS = ("new", "carried_in", "granted", "closed", "carried_out")
_DETAILS = ("other.no_correction", "other.fee_unpaid", "other.else")


@_fault("S05", forms=("2021",))
def other_as_one_row(draft: Draft, rng: Random) -> None:
    """（六）其他处理 as the form of 2019 had it: the three rows that it now has are not printed."""
    rows = [draft.applications[name] for name in _DETAILS]
    draft.applications["other"] = [sum(values) for values in zip(*rows, strict=True)]
    draft.printed_applications["other"] = [str(value) for value in draft.applications["other"]]
    draft.labels["other"] = tables.SINGLE["other"]
    for name in _DETAILS:
        draft.missing_rows.add(name)
        del draft.applications[name]  # nobody asks for a row of which another one took the place
    flag(draft, "applications", "other")


@_fault("S07", forms=("2021",))
def old_item_label(draft: Draft, rng: Random) -> None:
    draft.labels["item.normative_documents"] = "规范性文件"


@_fault("S07", forms=("2019",))
def item_remark(draft: Draft, rng: Random) -> None:
    draft.labels["item.normative_documents"] = "规范性文件（本单位制发的）"


@_fault("T06")
def year_in_heads(draft: Draft, rng: Random) -> None:
    if draft.form == "2019":
        draft.labels["measure.0.made"] = f"本年（{draft.year}）新制作数量"
        draft.labels["measure.0.published"] = f"本年（{draft.year}）新公开数量"
    else:
        for block in (1, 2):
            draft.labels[f"measure.{block}.decisions"] = f"本年({draft.year})处理决定数量"


def _busy(draft: Draft) -> None:
    """See to it that table 三 holds figures."""
    if not draft.applications["new"][6]:
        for row in ("new", "granted", "closed"):
            for column in ("natural_person", "total"):
                draft.request(row, column, draft.applications[row][tables.COLUMNS.index(column)] + 1)
        draft.stated = draft.applications["new"][6]


@_fault("S11", media=("html",))
def blanks_for_zeros(draft: Draft, rng: Random) -> None:
    """No 0 is printed in tables 三 and 四. Every relation holds with 0 in the blanks, but no 0 is there to be read."""
    if draft.medium == "html":
        _busy(draft)
        for name, columns, rows, printed in (
            ("applications", tables.COLUMNS, draft.applications, draft.printed_applications),
            ("disputes", tables.RESULTS, draft.disputes, draft.printed_disputes),
        ):
            for row, values in rows.items():
                for at, value in enumerate(values):
                    if value == 0:
                        values[at], printed[row][at] = None, ""
                        draft.blanks.append((name, row, columns[at]))


@_fault("A14")
def zero_totals(draft: Draft, rng: Random) -> None:
    """The last column is 0 throughout, though the parts are not: nobody filled it."""
    _busy(draft)
    for row in draft.applications:
        if draft.applications[row][6]:
            flag(draft, "applications", row, "total")
        draft.request(row, "total", 0)
    for channel in tables.CHANNELS:  # no dispute without an answer
        for at in range(5):
            draft.dispute(channel, at, 0)
    draft.stated = None
    draft.expect += ["A14", "A01"]


@_fault("S15")
def note_in_cell(draft: Draft, rng: Random) -> None:
    """A figure with a remark behind it: 22（其中修订16件）. The figure counts."""
    value = rng.randint(4, 90)
    part = rng.randint(1, value - 1)
    stock = draft.stock("normative_documents") if draft.form == "2021" else 0
    first, second, last = [m for i, m in draft.measures() if i == "normative_documents"]
    remark = rng.choice((f"{value}（其中修订{part}件）", f"{value}（含修订{part}件）", f"{value}(其中:修订{part}件)"))
    draft.put("normative_documents", first, value, remark)
    if draft.form == "2019":
        draft.put("normative_documents", second, value)
        draft.put("normative_documents", last, value + rng.randint(1, 90))
    else:
        draft.put("normative_documents", last, stock + value - draft.disclosures["normative_documents"][second])
    flag(draft, "disclosures", "normative_documents", first)


@_fault("S28", media=("html",))
def stray_cell(draft: Draft, rng: Random) -> None:
    """An empty cell stands between a label and its figures, so that the row is wider than its head."""
    if draft.medium == "html":
        row = rng.choice([name for name in _PLAIN_ROWS if name not in draft.missing_rows])
        draft.beside.add(row)
        draft.optional += [("applications", row, column) for column in tables.COLUMNS]
        flag(draft, "applications", row)


@_fault("S19")
def traditional_characters(draft: Draft, rng: Random) -> None:
    """The whole report as a mirror in traditional characters shows it."""
    draft.traditional = True
