"""Generated reports of known truth come out right in every format that can be read, or say what they lack."""

from __future__ import annotations

import pytest

from crawler.replica import render
from tests.benchmark import formats, generated
from tests.extract.shapes import raised, read, synthetic

READABLE = ("xlsx", "xls", "ofd", "mht", "doc_html", "markdown", "markdown_loose", "dump")
SILENT = ("wrong", "missed", "silent", "unflagged", "crashed")


def values(report) -> list:
    cells = [v for row in report.disclosures.values() for v in row.values()]
    return cells + [v for table in (report.applications, report.disputes) for row in table.values() for v in row]


@pytest.mark.parametrize("name", READABLE)
def test_generated_reports_come_out_right(name: str) -> None:
    if lacking := generated.missing(name):
        pytest.skip(f"{name} needs {lacking}, which is not installed")
    chosen = list(formats.chosen(name, 8))
    known = generated.places()
    for sample, body in zip(chosen, generated.rendered(chosen, name), strict=True):
        score = generated.judge(sample, name, generated.attempt(body, name, known))
        assert {what: getattr(score, what) for what in SILENT} == dict.fromkeys(SILENT, 0), score.problems
        assert score.right == score.nonzero or name in ("ofd", "dump"), score.problems


def test_a_dump_without_cell_bounds_gives_no_value_and_says_so_row_by_row() -> None:
    made = synthetic(7, 2023)
    report = read(render.render(made, "dump_glued", 1))
    assert set(values(report)) == {None}
    lost = {f.row for f in report.findings if f.table == "applications" and f.severity == "error"}
    assert lost >= set(report.applications)
    assert all(f.row for f in raised(report, "S08"))


def one_a_line(made) -> list[str]:
    """The dump with every cell on a line of its own."""
    return next(
        lines for seed in range(20) if "\n规章\n" in (lines := render.render(made, "dump", seed).decode())
    ).split("\n")


def test_figures_that_stand_before_their_labels_go_to_no_row() -> None:
    made = synthetic(7, 2023)
    lines = one_a_line(made)
    first = lines.index("一、本年新收政府信息公开申请数量")
    last = lines.index("四、结转下年度继续办理") + 8
    rows: list[list[str]] = []
    for line in lines[first:last]:
        if line.isdigit():
            rows[-1].append(line)
        else:
            rows.append([line])
    turned = [cell for row in rows for cell in (*row[1:], row[0])]
    straight, report = read("\n".join(lines)), read("\n".join([*lines[:first], *turned, *lines[last:]]))
    assert straight.applications["new"] == made.truth["applications"]["new"]
    assert {v for row in report.applications.values() for v in row} == {None}
    assert any(f.table == "applications" and f.severity == "error" for f in report.findings)


def test_two_figures_that_ran_together_open_the_whole_row() -> None:
    made = synthetic(7, 2023)
    lines = one_a_line(made)
    at = lines.index("（七）总计") + 1
    lines[at : at + 2] = [lines[at] + lines[at + 1]]
    report = read("\n".join(lines))
    assert report.applications["closed"] == [None] * 7
    assert [f.row for f in raised(report, "S08")] == ["closed"]
