"""Rows are found by label and in order: a lost or misspelt label never moves another row's figures."""

import re
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.replica import printing, tables
from extract import forms
from tests.extract.shapes import raised, read, synthetic

slow = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
YEARS = st.sampled_from([2020, 2023])
SEEDS = st.integers(0, 40)


def unique(year: int) -> tuple[str, dict[str, list[int]]]:
    """Table 三 with a number of its own in every cell, so that a misplaced one shows."""
    form = "2019" if year <= 2020 else "2021"
    names = tables.outcomes(form)
    truth = {name: [1000 + 10 * at + column for column in range(7)] for at, name in enumerate(names)}
    return form, truth


def rendered(year: int, shape: str, dropped: set[str], spelling: dict[str, str]) -> str:
    """The synthetic report with its table 三 redrawn: rows left out, labels respelt."""
    form, truth = unique(year)
    labels = tables.labels(form) | spelling
    printed = {name: [str(v) for v in row] for name, row in truth.items()}
    grid = tables.application_grid(form, labels, printed, dropped)
    clean = synthetic(1, year)
    drawn = {"lines": printing.as_lines, "tabs": printing.as_tabs}.get(shape)
    if drawn is None:
        head, *rest = re.split(r"(?=<p>[三四]、)", clean.html)
        body = head + "<p>三、收到和处理政府信息公开申请情况</p>" + printing.as_html(grid, shape, Random(1)) + rest[-1]
        return f"<html><body><h1>{clean.title}</h1><div class='article'>{body}</div></body></html>"
    text = clean.text if shape == "lines" else clean.tabbed
    before, after = text.split("三、收到和处理政府信息公开申请情况\n")[0], text.split("\n四、政府信息公开行政复议")[1]
    return f"{before}三、收到和处理政府信息公开申请情况\n{drawn(grid)}\n\n四、政府信息公开行政复议{after}"


def placed(report) -> dict[str, list]:
    """Rows of table 三 with the values that the reader placed."""
    return {row: values for row, values in report.applications.items() if any(v is not None for v in values)}


SHAPES = ["lines", "tabs", "plain", "paragraphs", "spans"]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("year", [2020, 2023])
def test_every_cell_where_it_stands(year: int, shape: str) -> None:
    _, truth = unique(year)
    report = read(rendered(year, shape, set(), {}))
    assert report.form == ("2019" if year <= 2020 else "2021")
    assert placed(report) == truth


@slow
@given(YEARS, st.sampled_from(SHAPES), st.data())
def test_rows_left_out_never_move_the_others(year: int, shape: str, data) -> None:
    _, truth = unique(year)
    dropped = data.draw(st.sets(st.sampled_from(sorted(truth)), max_size=18))
    found = placed(read(rendered(year, shape, dropped, {})))
    assert not set(found) & dropped, "a row that is not printed got figures"
    assert all(found[row] == truth[row] for row in found)
    assert set(found) == set(truth) - dropped, "a row that is printed was not found"


def garble(draw, label: str, edits: int) -> str:
    """A label with some characters dropped, replaced or doubled."""
    for _ in range(edits):
        at = draw(st.integers(0, len(label) - 1))
        label = draw(
            st.sampled_from(
                [label[:at] + label[at + 1 :], label[:at] + "某" + label[at + 1 :], label[: at + 1] + label[at:]]
            )
        )
        label = label or "某"
    return label


@slow
@given(YEARS, st.sampled_from(SHAPES), st.data())
def test_misspelt_labels_are_read_or_left_never_misread(year: int, shape: str, data) -> None:
    form, truth = unique(year)
    labels = tables.labels(form)
    chosen = data.draw(st.sets(st.sampled_from(sorted(truth)), min_size=1, max_size=8))
    spelling = {name: garble(data.draw, labels[name], data.draw(st.integers(1, 12))) for name in sorted(chosen)}
    dropped = data.draw(st.sets(st.sampled_from(sorted(truth)), max_size=6)) - chosen
    found = placed(read(rendered(year, shape, dropped, spelling)))
    wrong = {row: (found[row], spelling.get(row)) for row in found if found[row] != truth[row]}
    assert not wrong


@slow
@given(st.sampled_from(SHAPES), st.data())
def test_swapped_labels_follow_the_label_or_stay_open(shape: str, data) -> None:
    """Labels out of order cannot both be believed: each value goes to the row its label names, or nowhere."""
    form, truth = unique(2020)
    labels = tables.labels(form)
    a, b = data.draw(st.permutations([n for n in sorted(truth) if n.startswith(("refused", "unable", "unprocessed"))]))[
        :2
    ]
    found = placed(read(rendered(2020, shape, set(), {a: labels[b], b: labels[a]})))
    truth = truth | {a: truth[b], b: truth[a]}
    assert all(found[row] == truth[row] for row in found)


# --- tab windows


def tabbed(**rows: str) -> str:
    """The tabbed report with some lines of table 三 replaced; the key is the end of a label."""
    text = synthetic(3, 2020).tabbed
    for label, line in rows.items():
        text, count = re.subn(rf"(?m)^(\t*[^\t\n]*\t)?[^\t\n]*{label}\t.*$", line, text)
        assert count == 1, label
    return text


def test_an_empty_field_shows_which_value_is_missing() -> None:
    report = read(tabbed(予以公开="三、本年度办理结果\t（一）予以公开\t\t\t0\t4\t0\t0\t0\t5"))
    assert report.applications["granted"] == [None, 0, 4, 0, 0, 0, 5]
    (found,) = raised(report, "S08")
    assert (found.row, found.left, found.right, found.origin) == ("granted", 6, 7, "extraction")


def test_a_value_outside_the_window_leaves_the_row_open() -> None:
    report = read(tabbed(予以公开="三、本年度办理结果\t（一）予以公开\t1\t0\t\t0\t0\t0\t1"))
    assert report.applications["granted"] == [None] * 7
    assert [f.row for f in raised(report, "S08")] == ["granted"]
    assert [c.raw for c in report.cells if c.row == "granted" and c.column is None] == [["1", "0", "0", "0", "0", "1"]]


def test_a_short_row_without_fields_is_left_open() -> None:
    report = read(tabbed(予以公开="（一）予以公开\t1\t0\t0\t1"))
    assert report.applications["granted"] == [None] * 7


NO_TOTALS = re.sub(r"(?m)\t\d+$", "\t", synthetic(3, 2020).tabbed)


def test_without_complete_rows_the_head_shows_the_window() -> None:
    assert read(NO_TOTALS).applications["new"] == [3, 0, 0, 0, 0, 0, None]


@pytest.mark.parametrize("shift", [1, 2, 3])
def test_a_head_that_stands_over_the_labels_shows_nothing(shift: int) -> None:
    text = NO_TOTALS.replace("\t\t\t自然人", "\t" * (3 - shift) + "自然人")
    assert not placed(read(text.replace("\t\t\t\t商业企业", "\t" * (4 - shift) + "商业企业")))


def test_without_rows_or_head_there_is_no_window() -> None:
    assert not placed(read(NO_TOTALS.replace("自然人", "甲").replace("科研机构", "乙")))


def test_eight_values_are_not_seven() -> None:
    report = read(tabbed(予以公开="三、本年度办理结果\t（一）予以公开\t\t1\t0\t0\t0\t0\t0\t0\t1"))
    assert report.applications["granted"] == [None] * 7
    assert [f.row for f in raised(report, "S09")] == ["granted"]


# --- spans


def page(body: str) -> str:
    return f"<html><body><h1>双桥镇2020年政府信息公开工作年度报告</h1><div class='article'>{body}</div></body></html>"


def test_a_span_that_hides_a_column_leaves_the_row_open() -> None:
    html = synthetic(1, 2020).html
    form, truth = unique(2020)
    grid = printing.as_html(
        tables.application_grid(form, tables.labels(form), {n: list(map(str, r)) for n, r in truth.items()}, set()),
        "plain",
        Random(1),
    )
    wide = grid.replace("<td>1020</td><td>1021</td>", '<td colspan="2">1020</td>')
    assert wide != grid
    report = read(page(html.split("<p>三、")[0] + "<p>三、收到和处理政府信息公开申请情况</p>" + wide))
    assert report.applications["granted"] == [None] * 7
    assert report.applications["partly_granted"] == truth["partly_granted"]
    assert [f.row for f in raised(report, "S08")] == ["granted"]


def test_a_short_grid_row_does_not_slide() -> None:
    form, truth = unique(2020)
    grid = printing.as_html(
        tables.application_grid(form, tables.labels(form), {n: list(map(str, r)) for n, r in truth.items()}, set()),
        "plain",
        Random(1),
    )
    short = grid.replace("<td>1021</td>", "")
    assert short != grid
    report = read(page("<p>三、收到和处理政府信息公开申请情况</p>" + short))
    assert report.applications["granted"] == [None] * 7
    assert {row: v for row, v in placed(report).items() if row != "granted"} == {
        k: v for k, v in truth.items() if k != "granted"
    }


def test_forms_know_every_row_of_the_generator() -> None:
    for form in ("2019", "2021"):
        assert [row.name for row in forms.load()[form].tables["applications"].rows] == list(tables.outcomes(form))


# --- a damaged table: right or flagged


def damage(draw, shape: str, lines: list[str]) -> list[str]:
    """The lines of a table after a few of the accidents that converters have."""
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(1, len(lines) - 2))
        fields = lines[at].split("\t")
        field = draw(st.integers(0, len(fields) - 1))
        match draw(st.sampled_from(["lose", "double", "join", "blank", "break", "field", "glue", "empty"])):
            case "lose":
                del lines[at]
            case "double":
                lines.insert(at, lines[at])
            case "join":
                lines[at : at + 2] = [lines[at] + lines[at + 1]]
            case "blank":
                lines.insert(at, "")
            case "break":
                lines[at : at + 1] = ["\t".join(fields[:field]), "\t".join(fields[field:])]
            case "field":
                lines[at] = "\t".join(fields[:field] + fields[field + 1 :])
            case "glue":
                lines[at] = "\t".join([*fields[:field], " ".join(fields[field : field + 2]), *fields[field + 2 :]])
            case "empty":
                lines[at] = "\t".join([*fields[:field], "", *fields[field + 1 :]])
    return lines


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(YEARS, st.sampled_from(["lines", "tabs"]), st.data())
def test_a_damaged_table_is_right_or_flagged(year: int, shape: str, data) -> None:
    _, truth = unique(year)
    document = rendered(year, shape, set(), {})
    start, end = document.index("三、收到和处理"), document.index("\n四、政府信息公开行政复议")
    lines = damage(data.draw, shape, document[start:end].split("\n"))
    report = read(document[:start] + "\n".join(lines) + document[end:])
    wrong = {
        row
        for row, values in report.applications.items()
        if any(v not in (None, t) for v, t in zip(values, truth[row], strict=True))
    }
    flagged = {f.row for f in report.findings if f.severity in ("error", "warning")}
    assert wrong <= flagged, f"silently wrong: {wrong - flagged}"
