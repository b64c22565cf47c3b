"""Generated reports with the statistics table of 2014, in its layouts, and lines of it to alter."""

from __future__ import annotations

from functools import cache

from crawler.replica import reports
from extract.forms.statistics import load
from extract.records import Report
from tests.extract.shapes import swap

SHAPES = ("page", "text", "tabbed")
NAMES = [row.name for row in load().rows]


@cache
def made(seed: int = 1, faults: tuple[str, ...] = (), year: int = 2016) -> reports.Synthetic:
    return reports.generate(seed, unit="990101", organ="清溪县", year=year, form="2014", faults=faults)


def layout(wanted: str, faults: tuple[str, ...] = ()) -> reports.Synthetic:
    """A report in one of the layouts, its page in plain cells and every repeated label with figures of its own."""
    heads = {
        "plain": "统  计  指  标\t单位\t统计数",
        "numbered": "序号\t",
        "halves": "统计数\t统  计",
        "year_head": "\t2016年",
    }
    for seed in range(400):
        report = made(seed, faults)
        v = report.truth["statistics"]
        apart = v["reconsiderations.corrected"] != v["lawsuits.corrected"] and v["lawsuits.other"] and v["requests"]
        head = report.tabbed.split("统计表\n", 1)[1].split("\n", 1)[0]
        if (
            apart
            and heads[wanted] in head
            and (wanted == "halves") == (head.count("单位") == 2)
            and "<td>0</td>" in report.page
        ):
            return report
    raise ValueError(wanted)


PLAIN = layout("plain")
FIGURES = PLAIN.truth["statistics"]


def line(document: str, label: str) -> str:
    """The tabbed line that bears a label."""
    return next(each for each in document.split("\n") if label in each and "\t" in each)


def without(document: str, *labels: str) -> str:
    """A tabbed document without the lines of some labels."""
    for label in labels:
        document = swap(document, (line(document, label) + "\n", ""))
    return document


def edited(label: str, value: object) -> str:
    row = line(PLAIN.tabbed, label)
    return swap(PLAIN.tabbed, (row, "\t".join([*row.split("\t")[:-1], str(value)])))


def wrong(report: Report, truth: dict) -> list[str]:
    """Indicators that are neither right nor open with a word."""
    said = {f.row for f in report.findings if f.table == "statistics"} | {
        c.row for c in report.cells if c.cls != "number"
    }
    return [
        name
        for name, value in truth.items()
        if (got := report.statistics[name]) != value and (got is not None or name not in said)
    ]
