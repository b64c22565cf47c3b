"""Group A: every rule has a document that fires it and a near miss that it leaves alone."""

import re

import pytest

from tests.extract.shapes import raised, read, row, swap, synthetic

TEXT, NEW = synthetic(3, 2020).text, synthetic(3, 2023).text
IN, OUT, GRANTED, CLOSED = "一、本年新收政府信息公开申请数量", "四、结转下年度继续办理", "（一）予以公开", "（七）总计"
CARRIED = "二、上年结转政府信息公开申请数量"
DOCUMENTS, CHANGES = "规范性文件", "行政许可"
EMPTY = re.sub(r"\t\d+\n", "\t0\n", TEXT)
DISPUTES = "\t0\n" * 15
HTML_TOTALS = synthetic(3, 2020, ("blank_totals",)).page


def disputes(*values: int) -> str:
    """The report with these fifteen values in table 四."""
    return swap(TEXT, (DISPUTES, "".join(f"\t{v}\n" for v in values)))


def outcome(**rows: list) -> str:
    """A report without requests except in these rows of table 三."""
    labels = {
        "new": IN,
        "carried_in": CARRIED,
        "granted": GRANTED,
        "closed": CLOSED,
        "carried_out": OUT,
        "repeat": "2.重复申请",
    }
    text = EMPTY
    for name, values in rows.items():
        text = row(text, labels[name], *values)
    return text


ONE, TWO = [1, 0, 0, 0, 0, 0, 1], [2, 0, 0, 0, 0, 0, 2]
NEGATIVE = [-1, 0, 0, 0, 0, 0, -1]

# rule, severity, document
FIRES = [
    ("A01", "error", outcome(new=[1, 0, 0, 0, 0, 0, 2])),
    ("A02", "error", outcome(new=TWO, granted=ONE, closed=TWO)),
    ("A03", "error", outcome(new=TWO, granted=ONE, closed=ONE)),
    ("A04", "error", disputes(1, 0, 0, 0, 2, *[0] * 10)),
    ("A05", "warning", row(TEXT, DOCUMENTS, 1, 5, 90)),
    ("A06", None, row(TEXT, DOCUMENTS, 5, 5, 4)),
    ("A06", None, row(NEW, "行政规范性文件", 9, 0, 4)),
    ("A07", None, outcome(granted=NEGATIVE)),
    ("A08", None, row(TEXT, CHANGES, 0, 0, 1.5)),
    ("A09", "notice", row(TEXT, CHANGES, 60, 6, 66)),
    ("A10", None, row(TEXT, CHANGES, 3, -5, 0)),
    ("A11", "info", row(TEXT, GRANTED, 1, 0, 0)),
    ("A12", "notice", EMPTY),
    ("A13", None, outcome(new=ONE, granted=TWO, repeat=NEGATIVE, closed=ONE)),
    ("A14", None, HTML_TOTALS),
]

# rule, document
SILENT = [
    ("A01", outcome(new=TWO, closed=TWO, granted=TWO)),
    ("A01", outcome(new=[1, 0, 0, 0, 0, "", 9])),  # an operand is missing: not assessable
    ("A02", outcome(new=TWO, granted=["", 0, 0, 0, 0, 0, ""], closed=TWO)),
    ("A02", outcome(new=TWO, granted=TWO, closed=TWO)),
    ("A03", outcome(new=ONE, carried_in=ONE, granted=ONE, closed=ONE, carried_out=ONE)),
    ("A03", outcome(new=["", 0, 0, 0, 0, 0, ""], granted=ONE, closed=ONE)),
    ("A04", disputes(1, 0, 1, 0, 2, *[0] * 10)),
    ("A04", disputes(*[0] * 14)),
    ("A05", row(TEXT, DOCUMENTS, 5, 5, 90)),
    ("A06", row(TEXT, DOCUMENTS, 5, 5, 5)),
    ("A06", row(NEW, "行政规范性文件", 4, 0, 4)),
    ("A07", row(TEXT, CHANGES, 9, -1, 0)),  # a change may be negative
    ("A08", row(NEW, "行政事业性收费", 222.3)),  # money may be a fraction
    ("A09", row(TEXT, CHANGES, 60, 0, 60)),
    ("A09", row(TEXT, CHANGES, 60, 6, 65)),
    ("A10", row(TEXT, CHANGES, 5, -5, 0)),
    ("A11", TEXT),
    ("A12", outcome(new=ONE, granted=ONE, closed=ONE)),
    ("A13", outcome(new=ONE, granted=ONE, closed=ONE)),
    ("A13", outcome(new=ONE, granted=TWO, closed=ONE)),  # the sum does not hold: A02 says so
    ("A14", synthetic(1, 2020, ("blank_cell",)).page),
    ("A14", synthetic(1, 2020, ("blank_totals",)).page),  # nothing but zeros beside the blanks
]


@pytest.mark.parametrize(("rule", "severity", "document"), FIRES, ids=[f"{r}-{i}" for i, (r, *_) in enumerate(FIRES)])
def test_fires(rule: str, severity: str | None, document: str) -> None:
    found = raised(read(document), rule)
    assert found
    assert severity is None or severity in {f.severity for f in found}


@pytest.mark.parametrize(("rule", "document"), SILENT, ids=[f"{r}-{i}" for i, (r, _) in enumerate(SILENT)])
def test_near_miss(rule: str, document: str) -> None:
    assert raised(read(document), rule) == []


def test_every_rule_of_the_group_is_tested_both_ways() -> None:
    assert {rule for rule, *_ in FIRES} == {rule for rule, _ in SILENT} == {f"A{n:02}" for n in range(1, 15)}


def test_a_sum_names_its_line_and_its_sides() -> None:
    (found,) = raised(read(outcome(new=[1, 0, 0, 0, 0, 0, 2])), "A01")
    assert (found.table, found.row, found.column) == ("applications", "new", None)
    assert (found.left, found.right, found.delta) == (1, 2, -1)
    by_column = raised(read(outcome(new=TWO, granted=ONE, closed=ONE)), "A03")
    assert [(f.column, f.left, f.right) for f in by_column] == [("natural_person", 2, 1), ("total", 2, 1)]


def test_what_cannot_be_assessed_is_told_and_never_passed() -> None:
    report = read(row(TEXT, GRANTED, 1, 0, 0))
    told = raised(report, "A11")
    assert {f.message.split()[0] for f in told} == {"A01", "A02"}
    assert not raised(report, "A02"), "a sum with a missing part was judged"


def test_a_derived_value_never_stands_in_the_table() -> None:
    report = read(synthetic(1, 2020, ("blank_cell",)).page)
    (derived,) = report.derived
    column = [
        c
        for c in ("natural_person", "business", "research", "nonprofit", "legal_service", "other_organisation", "total")
    ].index(derived.column)
    assert report.applications[derived.row][column] is None
