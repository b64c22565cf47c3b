"""Pages of glyphs and rules → Content, without any file format: what PDF, OFD and pictures have in common."""

from __future__ import annotations

from dataclasses import replace

import pytest

from extract.figures import parse
from extract.formats.layout import turned
from extract.formats.lines import plain
from extract.formats.pages import Rule
from tests.extract.paper import HEIGHT, ROWS, WIDTH, XS, YS, filled, page, printed, read, ruled, texts


def test_a_ruled_table_becomes_a_grid_with_the_place_of_each_cell() -> None:
    (table,) = read(page(filled(ROWS, XS, YS), ruled(XS, YS))).tables()
    assert texts(table) == [list(row) for row in ROWS]
    assert table.rows[1][2].place == {"page": 1, "bbox": [250.0, 120.0, 350.0, 140.0]}


def test_merged_cells_continue_as_cells_that_are_not_their_own() -> None:
    rules = [*ruled(XS, YS[1:]), Rule(50, 100, 350, 100), Rule(50, 100, 50, 120), Rule(350, 100, 350, 120)]
    (table,) = read(page(filled((("第（一）项",), *ROWS[1:]), XS, YS), rules)).tables()
    assert texts(table)[0] == ["第（一）项", "·", "·"]


def test_outer_rules_that_are_left_out_are_where_the_others_end() -> None:
    (table,) = read(page(filled(ROWS, XS, YS), ruled(XS, YS, outer=False))).tables()
    assert texts(table) == [list(row) for row in ROWS]


def test_rows_beside_a_longer_one_end_where_their_rules_end() -> None:
    """No outer rules, and one row sticks out: the others keep their last column, and nothing is put into a new one."""
    longer, xs = [*ROWS[:2], (*ROWS[2], "9")], (*XS, 400.0)
    rules = [Rule(50, 120, 350, 120), Rule(50, 140, 400, 140), Rule(50, 160, 400, 160)]
    rules += [Rule(150, 100, 150, 160), Rule(250, 100, 250, 160), Rule(350, 140, 350, 160), Rule(400, 140, 400, 160)]
    (table,) = read(page(filled(longer, xs, YS), [*rules, Rule(50, 100, 350, 100)])).tables()
    assert texts(table) == [[*ROWS[0], "·"], [*ROWS[1], "·"], [*ROWS[2], "9"]]


def test_what_stands_beyond_the_end_of_a_row_keeps_it_open() -> None:
    """A figure right of where the rules end: the row may be longer than its rules, so no side is made up for it."""
    rules = [Rule(50, 120, 350, 120), Rule(50, 140, 400, 140), Rule(50, 160, 400, 160), Rule(50, 100, 350, 100)]
    rules += [Rule(150, 100, 150, 160), Rule(250, 100, 250, 160), Rule(350, 140, 350, 160), Rule(400, 140, 400, 160)]
    content = read(page([*filled(ROWS, XS, YS), *printed("5", 360, 124)], rules))
    assert "12" not in [text for table in content.tables() for text in texts(table)[1]]


def test_level_rules_alone_make_columns_where_every_figure_lines_up() -> None:
    (table,) = read(page(filled(ROWS, XS, YS), ruled(XS, YS, upright=False))).tables()
    assert texts(table) == [list(row) for row in ROWS]


def test_level_rules_alone_make_no_columns_where_a_figure_stands_between_two() -> None:
    for at in (200, 150):  # in the white between the columns, or under both
        stray = printed("7" if at == 200 else "3" * 22, at, 144)
        content = read(page([*filled((*ROWS[:2], ("文件",)), XS, YS), *stray], ruled(XS, YS, upright=False)))
        assert not list(content.tables())
        assert any(stray[0].text in p.text for p in content.paragraphs())


def test_a_gap_between_digits_is_never_closed() -> None:
    rows = (ROWS[0], ROWS[1], ("文件", "3", ""))
    glyphs = [*filled(rows, XS, YS), *printed("1", 252, 144), *printed("2", 259, 144)]
    (table,) = read(page(glyphs, ruled(XS, YS))).tables()
    assert table.rows[2][2].text == "1 2"
    assert parse(table.rows[2][2].text).value is None


def test_a_small_raised_digit_is_no_digit_of_the_figure() -> None:
    rows = (ROWS[0], ROWS[1], ("文件", "5", "0"))
    (table,) = read(page([*filled(rows, XS, YS), *printed("2", 157, 142, size=5)], ruled(XS, YS))).tables()
    assert parse(table.rows[2][1].text).value is None


def test_bold_printed_twice_is_read_once_and_two_figures_over_one_another_not_at_all() -> None:
    rows = (ROWS[0], ("规章", "11", "5"), ROWS[2])
    twice = [*printed("11", 152.4, 124), *printed("7", 253, 124)]
    (table,) = read(page([*filled(rows, XS, YS), *twice], ruled(XS, YS))).tables()
    assert table.rows[1][1].text == "11"
    assert parse(table.rows[1][2].text).value is None


def test_a_figure_that_reaches_over_a_rule_belongs_to_nobody_for_certain() -> None:
    rows = (ROWS[0], ("规章", "", "0"), ROWS[2])
    (table,) = read(page([*filled(rows, XS, YS), *printed("357595", 232, 124)], ruled(XS, YS))).tables()
    assert all((cell.confidence or 1) < 0.9 for cell in table.rows[1][1:])


def test_labels_that_touch_are_parted_by_the_rule_between_them() -> None:
    rows = (("信息内容", "本年新制作件数量是", "废止件数"), *ROWS[1:])
    glyphs = [*filled((rows[0][:1],), XS, YS), *printed(rows[0][1], 159.8, 104), *printed(rows[0][2], 250.2, 104)]
    (table,) = read(page([*glyphs, *filled(rows[1:], XS, YS[1:])], ruled(XS, YS))).tables()
    assert texts(table)[0] == list(rows[0])


def test_a_box_around_a_paragraph_is_no_table() -> None:
    content = read(page(printed("一、总体情况", 52, 104), ruled((50.0, 350.0), (100.0, 120.0, 140.0))))
    assert [p.text for p in content.paragraphs()] == ["一、总体情况"] and not list(content.tables())


def test_cells_shown_by_their_grounds_only_are_cells() -> None:
    grounds = [
        Rule(a + 0.5, c + 0.5, b - 0.5, d - 0.5)
        for a, b in zip(XS, XS[1:], strict=False)
        for c, d in zip(YS, YS[1:], strict=False)
    ]
    (table,) = read(page(filled(ROWS, XS, YS), boxes=grounds)).tables()
    assert texts(table) == [list(row) for row in ROWS]


def test_a_table_goes_on_over_the_page_and_its_head_is_printed_again() -> None:
    ys = (700.0, 720.0, 740.0, 760.0)
    more = (ROWS[0], ("其他", "7", "8"))
    first = page([*filled(ROWS, XS, ys), *printed("- 1 -", 290, 785)], ruled(XS, ys))
    second = page([*filled(more, XS, (50.0, 70.0)), *printed("- 2 -", 290, 785)], ruled(XS, (50.0, 70.0, 90.0)), 2)
    (table,) = read(first, second).tables()
    assert texts(table) == [*(list(row) for row in ROWS), ["其他", "7", "8"]]
    assert table.rows[3][1].place["page"] == 2


def test_a_label_on_one_page_and_its_figures_on_the_next_are_one_row() -> None:
    ys = (700.0, 720.0, 740.0, 760.0)
    cut = page(filled((*ROWS[:2], ("文件", "", "")), XS, ys), ruled(XS, ys))
    rest = page(filled((("", "3", "4"),), XS, (50.0,)), ruled(XS, (50.0, 70.0)), 2)
    (table,) = read(cut, rest).tables()
    assert texts(table) == [list(row) for row in ROWS]


def test_figures_below_a_row_that_has_its_own_are_left_apart() -> None:
    ys = (700.0, 720.0, 740.0, 760.0)
    rest = page(filled((("", "3", "4"),), XS, (50.0,)), ruled(XS, (50.0, 70.0)), 2)
    (table,) = read(page(filled(ROWS, XS, ys), ruled(XS, ys)), rest).tables()
    assert texts(table) == [*(list(row) for row in ROWS), ["", "3", "4"]]


@pytest.mark.parametrize(
    ("right", "down", "shown"),
    [
        (18, 0, "1272 0"),  # two fifths of a digit over the last one
        (19, 1.5, "1272 0"),  # one fifth, and lower
        (19, 0, "12720"),  # near misses: set tight, and set a little lower
        (20, 0.5, "12720"),
    ],
)
def test_a_figure_printed_over_another_is_no_digit_of_it(right: float, down: float, shown: str) -> None:
    moved = [*printed("1272", 252, 144), *printed("0", 252 + right, 144 + down)]
    rest = filled((*ROWS[:2], ("文件", "3", "")), XS, YS)
    (table,) = read(page([*rest, *moved], ruled(XS, YS))).tables()
    assert texts(table)[2][2] == shown


def test_tables_of_other_widths_stay_two() -> None:
    first = page(filled(ROWS, XS, (700.0, 720.0, 740.0)), ruled(XS, (700.0, 720.0, 740.0, 760.0)))
    other = (50.0, 150.0, 250.0, 400.0)
    second = page(filled(ROWS, other, YS), ruled(other, YS), 2)
    assert len(list(read(first, second).tables())) == 2


def test_lines_of_a_paragraph_are_joined_also_over_the_page_and_a_number_cut_in_two_is_not_closed() -> None:
    full = "本" * 48 + "年12"
    first = page([*printed("一、总体情况", 70, 700), *printed(full, 50, 720)])
    second = page([*printed("34件。", 50, 60), *printed("二、主动公开", 70, 80)], number=2)
    found = [p.text for p in read(first, second).paragraphs()]
    assert found == ["一、总体情况", full + " 34件。", "二、主动公开"]


def test_running_heads_and_page_numbers_are_no_text() -> None:
    pages = [
        page(
            [
                *printed("某县年度报告", 250, 20),
                *printed(f"正文第{n}段", 70, 300),
                *printed(f"第{n}页 共3页", 280, 780),
            ],
            number=n,
        )
        for n in (1, 2, 3)
    ]
    wide = page(printed("宽" * 49, 50, 100), number=4)
    assert [p.text for p in read(*pages, wide).paragraphs()][:3] == ["正文第1段", "正文第2段", "正文第3段"]


def test_radicals_that_look_like_characters_are_the_characters() -> None:
    assert plain("⽂件⻚⻓") == "文件页长"
    assert plain("Ａ①") == "Ａ①"  # what is no radical stays as printed


def test_places_on_a_page_that_was_turned_are_those_of_the_page_as_displayed() -> None:
    box = (10.0, 20.0, 40.0, 30.0)
    for degrees in (90, 180, 270):
        size = (HEIGHT, WIDTH) if degrees % 180 else (WIDTH, HEIGHT)
        upright = replace(page([]), width=size[0], height=size[1], turn=degrees)
        assert upright.place(*turned(box, WIDTH, HEIGHT, degrees))["bbox"] == list(box)


def test_a_head_at_the_end_of_a_page_belongs_to_the_figures_on_the_next() -> None:
    xs = (50.0, 150.0, 250.0, 350.0)
    head = [Rule(150, 740, 350, 740), *(Rule(x, 740, x, 760) for x in xs[1:])]  # its left field is not ruled
    first = page([*printed("信息内容", 52, 744), *printed("制发", 152, 744), *printed("废止", 252, 744)], head)
    second = page(filled(ROWS[1:], xs, (50.0, 70.0)), ruled(xs, (50.0, 70.0, 90.0)), 2)
    (table,) = read(first, second).tables()
    assert texts(table) == [["·", "制发", "废止"], *(list(row) for row in ROWS[1:])]
