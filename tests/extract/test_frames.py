"""What a browser prints of old pages: a ruled layout cell around the tables, and rows cut where the page ends."""

from __future__ import annotations

import pytest

from extract.content import Content
from extract.formats.edges import edge
from extract.formats.frames import unframed
from extract.formats.pages import Rule
from tests.extract.paper import ROWS, XS, YS, filled, page, printed, read, ruled, texts


@pytest.mark.parametrize("gap", [1.5, 2.25, 3.0, 3.5, 8.0])
def test_a_frame_around_tables_is_no_cell_of_theirs(gap: float) -> None:
    """Old editors put the article into one ruled cell: what stands between its tables is no row of them."""
    low, (left, right) = tuple(y + 70 for y in YS), (XS[0] - gap, XS[-1] + gap)
    around = [*ruled((left, right), (60.0, 260.0)), Rule(left, 265, right, 265), Rule(left, 60, left, 265)]
    glyphs = [*filled(ROWS, XS, YS), *printed("二、另一张表", 152, 164), *filled(ROWS, XS, low)]
    content = read(page(glyphs, [*ruled(XS, YS), *ruled(XS, low), *around, Rule(right, 260, right, 265)]))
    assert [texts(table) for table in content.tables()] == [[list(row) for row in ROWS]] * 2
    assert [p.text for p in content.paragraphs()] == ["二、另一张表"]


def test_a_frame_goes_on_over_the_page_as_its_tables_do() -> None:
    ys, sides = (740.0, 760.0, 780.0), [Rule(x, 20, x, 795) for x in (XS[0] - 2.25, XS[-1] + 2.25)]
    first = page(filled(ROWS[:2], XS, ys), [*ruled(XS, ys), *sides])
    second = page(filled(ROWS[2:], XS, (20.0,)), [*ruled(XS, (20.0, 40.0)), *sides], 2)
    (table,) = read(first, second).tables()
    assert texts(table) == [list(row) for row in ROWS]


@pytest.mark.parametrize(
    "own",
    [
        Rule(48, 140, 60, 140),  # a row's rule that reaches the outer upright
        Rule(340, 140, 352, 140),
        Rule(40, 80, 40, 180),  # a third upright, further off: the others are not the outermost
        Rule(352, 160, 352, 300),  # the right side goes on below the left one
    ],
)
def test_uprights_of_which_one_has_another_use_are_no_frame(own: Rule) -> None:
    table = [edge(rule) for rule in ruled(XS, YS)]
    frame = [edge(Rule(x, 80, x, 180)) for x in (48.0, 352.0)]
    assert unframed([*frame, *table]) == table
    assert unframed(table) == table
    whole = [*frame, *table, edge(own)]
    assert unframed(whole) == whole


def test_a_column_merged_over_all_rows_beside_others_is_no_frame() -> None:
    """Label and sum, each a cell as high as the table: no rule inside reaches the outer ones, and they are cells."""
    for width in (100.0, 6.0):
        xs = (150 - width, 150.0, 250.0, 250 + width)
        rules = [*(Rule(x, 100, x, 160) for x in xs), Rule(xs[0], 100, xs[-1], 100), Rule(xs[0], 160, xs[-1], 160)]
        rules += [Rule(150, 120, 250, 120), Rule(150, 140, 250, 140)]
        inner = [g for n, y in enumerate(YS[:-1]) for g in printed(str(n), 190, y + 4)]
        glyphs = [*inner, *printed("7", 150 - width + 0.5, 124), *printed("9", 250.5, 124)]
        (table,) = read(page(glyphs, rules)).tables()
        assert [[cell.text for cell in row] for row in table.rows] == [["7", "0", "9"], ["", "1", ""], ["", "2", ""]]


HEAD = (("申请人情况", "", ""), ("自然", "法人或其他组织", "总计"))


def _cut_head(below: str, x: float = 52.0, top: float = 761.0) -> Content:
    """A head at the end of a page, something printed below it; the figures on the next page."""
    ys = (720.0, 740.0, 760.0)
    first = page([*filled(HEAD, XS, ys), *printed(below, x, top)], ruled(XS, ys))
    return read(first, page(filled((("6", "8", "18"),), XS, (20.0,)), ruled(XS, (20.0, 40.0)), 2))


def test_the_end_of_a_label_printed_below_the_table_for_want_of_room_is_the_labels() -> None:
    """A browser cuts the row where the page ends, and prints the last line of a narrow cell under its rules."""
    content = _cut_head("人")
    (table,) = content.tables()
    assert texts(table)[1:] == [["自然人", "法人或其他组织", "总计"], ["6", "8", "18"]]
    assert not list(content.paragraphs())


@pytest.mark.parametrize(
    ("below", "x", "top"),
    [
        ("人", 152.0, 761.0),  # below another label
        ("人", 52.0, 779.0),  # a line further down
        ("灾害", 52.0, 761.0),  # no label of the forms
        ("7件", 52.0, 761.0),
        ("人员名单如下", 52.0, 761.0),  # text of its own
    ],
)
def test_what_completes_no_label_is_text_below_the_table(below: str, x: float, top: float) -> None:
    content = _cut_head(below, x, top)
    assert [row for table in content.tables() for row in texts(table)][1][0] == "自然"
    assert [p.text for p in content.paragraphs()] == [below]
