"""Rules that hold a report against its last year, its peers or its deadline: cases that fire, near misses."""

from __future__ import annotations

import pytest

from tests.db.bare_reports import (
    ANOTHER,
    FEW,
    IN,
    ISSUED,
    MANY,
    NEW,
    ONE_OF,
    OUT,
    REVIEWS,
    STOCK,
    TOWN,
    bare,
    generated,
    raised,
)

ITEMS, CHANGE = "disclosures/licensing/items_last_year", "disclosures/licensing/items_change"
DECISIONS = "disclosures/licensing/decisions"
PENDING, OTHER_RESULT = "disputes/reconsideration/pending", "disputes/reconsideration/other"
AFTER = "disputes/litigation_after_reconsideration/total"
RECENT, OLD, ACROSS = (2022, 2023), (2019, 2020), (2020, 2021)  # both form 2021, both form 2019, one of each
CASES = [  # rule, years, cells of the year before, cells of this year, what is said of this year
    ("Y01", RECENT, {OUT: ONE_OF}, {}, "error warning"),  # the total is an error, a column a warning
    ("Y01", RECENT, {OUT: ONE_OF}, {IN: ONE_OF}, ""),
    ("Y01", RECENT, {OUT: ONE_OF}, {IN: ANOTHER}, "warning"),
    ("Y01", ACROSS, {OUT: ONE_OF}, {}, "error warning"),  # the change of form does not matter
    ("Y01", ACROSS, {OUT: ONE_OF}, {IN: ONE_OF}, ""),
    ("Y01", RECENT, {OUT: [None] * 7}, {}, "not_assessable"),
    ("Y01", (2021, 2023), {OUT: ONE_OF}, {}, ""),  # a year is missing between
    ("Y02", RECENT, {STOCK: 37}, {STOCK: 44, ISSUED: 6}, "warning"),
    ("Y02", RECENT, {STOCK: 37}, {STOCK: 43, ISSUED: 6}, ""),
    ("Y02", ACROSS, {}, {}, "not_assessable"),  # published since ever (2019) is not in force (2021)
    ("Y03", RECENT, {NEW: 4}, {NEW: 21}, "notice"),
    ("Y03", RECENT, {NEW: 4}, {NEW: 20}, ""),
    ("Y03", RECENT, {NEW: 3}, {NEW: 19}, ""),  # too few to speak of a jump
    ("Y03", ACROSS, {DECISIONS: 500}, {DECISIONS: 99}, "notice"),  # decisions mean the same in both forms
    ("Y03", ACROSS, {"disclosures/normative_documents/made": 500}, {ISSUED: 1}, ""),  # made and issued need care
    ("Y04", RECENT, MANY, MANY, "warning"),
    ("Y04", RECENT, FEW, FEW, "notice"),
    ("Y04", RECENT, {}, {}, ""),  # all zero
    ("Y04", RECENT, MANY, MANY | {"applications/granted": ONE_OF}, ""),
    ("Y04", RECENT, {STOCK: 9}, {STOCK: 9}, ""),  # a stock may stay
    ("Y04", RECENT, MANY | {"applications/granted": [None] * 7}, MANY, "not_assessable"),
    ("Y05", RECENT, {PENDING: 2}, {REVIEWS: 1}, "notice"),
    ("Y05", RECENT, {PENDING: 2}, {REVIEWS: 2}, ""),
    ("Y05", RECENT, {PENDING: None}, {REVIEWS: 2}, "not_assessable"),
    ("Y06", OLD, {ITEMS: 9, CHANGE: -2}, {ITEMS: 9}, "warning"),
    ("Y06", OLD, {ITEMS: 9, CHANGE: -2}, {ITEMS: 7}, ""),
    ("Y06", ACROSS, {ITEMS: 9}, {}, ""),  # the form of 2021 has no items: the series ends
    ("B03", RECENT, {OTHER_RESULT: 1}, {AFTER: 2}, "notice"),
    ("B03", RECENT, {OTHER_RESULT: 1}, {AFTER: 1}, ""),
    ("B03", RECENT, {OTHER_RESULT: None}, {AFTER: 1}, "not_assessable"),
]


@pytest.mark.parametrize(("rule", "years", "before", "now", "expected"), CASES)
def test_rule(tmp_path, rule, years, before, now, expected):
    found = raised(tmp_path, rule, bare(years[0], before), bare(years[1], now))
    assert [said for report, said in found if report == f"{TOWN[0]}-{years[1]}"] == expected.split()


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("30件，同比上升8.9%", ["warning"]),
        ("30件，同比上升7.1%", []),  # 28 → 30 is 7.14 %
        ("30件，同比上升7%", []),
        ("30件，比上年下降7.1%", ["warning"]),
        ("30件，环比上升8.9%", []),  # against another month
        ("30件，比2019年下降50%", ["not_assessable"]),  # that report is not the one at hand
        ("30件，比2021年上升8.9%，与2022年相比持平", ["not_assessable"]),
        ("30件，比2022年上升8.9%", ["warning"]),
        ("30件，比2022年上升7.1%", []),
        ("30件（2022年28件），同比上升8.9%", ["warning"]),
    ],
)
def test_y07(tmp_path, claim, expected):
    found = raised(tmp_path, "Y07", bare(2022, {NEW: 28}), bare(2023, {NEW: 30}, claim=claim))
    assert [said for _, said in found] == expected


def test_y07_from_nothing_is_not_assessable(tmp_path):
    found = raised(tmp_path, "Y07", bare(2022), bare(2023, {NEW: 30}, claim="30件，同比上升8.9%"))
    assert found == [(f"{TOWN[0]}-2023", "not_assessable")]


def test_y03_far_from_its_peers(tmp_path):
    towns = [(f"9901{n:05}", f"{n}镇") for n in range(1, 31)]
    records = []
    for n, (code, name) in enumerate(towns):
        record = bare(2023, {NEW: 3 + n % 9})
        record["unit"] |= {"id": code, "division": code, "name": name}
        record["document"] = {"digest": f"sha256:{n:064}", "media_type": "text/html", "url": f"http://x.test/{n}"}
        records.append(record)
    assert raised(tmp_path, "Y03", *records) == []
    records[0]["applications"]["new"][6] = 900
    assert raised(tmp_path, "Y03", *records) == [(f"{towns[0][0]}-2023", "notice")]
    assert raised(tmp_path, "Y03", *records[:15]) == []  # too few peers to have a middle


@pytest.mark.parametrize(
    ("who", "on", "expected"),
    [
        (("990101-nyncj", "清溪县农业农村局"), "2024-02-01", ["warning"]),
        (("990101-nyncj", "清溪县农业农村局"), "2024-01-31", []),
        (TOWN, "2024-02-01", ["notice"]),  # no law names a day for townships: the deadline is assumed
        (TOWN, None, ["not_assessable"]),
    ],
)
def test_d01(tmp_path, who, on, expected):
    record = generated(2023, who) | {"published_on": on}
    assert [said for _, said in raised(tmp_path, "D01", record)] == expected
