"""A printed figure becomes a number only where nothing else is possible."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from extract.figures import is_value, parse, yuan

FULLWIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
COUNTS = st.integers(0, 10**12)
HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1, max_size=12)
# Words that the reader knows as units or signs are tested by name below.
WORDS = HAN.filter(lambda t: not set(t) & set("元万亿件条项起个宗份增减加少无不适用一二三四五六七八九十〇零"))


@given(st.integers(-(10**12), 10**12))
def test_any_integer_prints_and_parses_back(value: int) -> None:
    figure = parse(str(value))
    assert (figure.cls, figure.value, figure.rules) == ("number", value, ())


@given(COUNTS, st.sampled_from(["", " ", "\u00a0", "\u3000", "\t", "\n"]), st.sampled_from(["", " ", "\u2002", "\n"]))
def test_white_space_around_is_no_oddity(value: int, before: str, after: str) -> None:
    assert parse(f"{before}{value}{after}").value == value
    assert parse(f"{before}{value}{after}").cls == "number"


@given(st.integers(1000, 10**12))
def test_thousands_are_read_and_flagged(value: int) -> None:
    figure = parse(f"{value:,}")
    assert (figure.cls, figure.value) == ("annotated", value)
    assert figure.rules == (("S15", None),)


@given(COUNTS)
def test_full_width_digits_are_read_and_flagged(value: int) -> None:
    figure = parse(str(value).translate(FULLWIDTH))
    assert (figure.cls, figure.value, figure.rules) == ("annotated", value, (("S15", None),))


@given(COUNTS)
def test_a_leading_zero_is_flagged(value: int) -> None:
    assert parse(f"0{value}").rules == (("S15", None),)
    assert parse(f"0{value}").value == value


@given(st.integers(0, 10**9), st.sampled_from(["增", "减", "增加", "减少", "+"]), st.sampled_from(["", " "]))
def test_sign_words(value: int, word: str, space: str) -> None:
    figure = parse(f"{word}{space}{value}")
    assert figure.value == (-value if word.startswith("减") else value)
    assert (figure.cls, figure.rules) == ("annotated", (("S14", None),))


@given(
    COUNTS,
    st.sampled_from(["元", "万元", "亿元", "件", "条", "项", "起", "个", "宗", "份"]),
    st.sampled_from(["", " "]),
)
def test_units_beside_a_number(value: int, unit: str, space: str) -> None:
    figure = parse(f"{value}{space}{unit}")
    assert (figure.cls, figure.value, figure.unit, figure.rules) == ("annotated", value, unit, (("S13", None),))


@given(COUNTS, WORDS, st.sampled_from(["（）", "()"]))
def test_a_note_in_brackets_is_kept(value: int, note: str, brackets: str) -> None:
    figure = parse(f"{value}{brackets[0]}{note}{brackets[1]}")
    assert (figure.cls, figure.value, figure.rules) == ("annotated", value, (("S15", "note"),))
    assert figure.note


@given(WORDS, COUNTS, WORDS)
@example("自", 2000, "年以来对外公开总数量")
def test_words_with_digits_are_never_a_number(before: str, value: int, after: str) -> None:
    for text in (f"{value}{after}", f"{before}{value}", f"{before}{value}{after}", f"{value}{after}{value}"):
        figure = parse(text)
        assert (figure.cls, figure.value) == ("text", None), text
        assert figure.rules and not is_value(text)


@pytest.mark.parametrize(
    "text",
    [
        "2000年以来对外公开总数量",
        "2000年以来",
        "12个环节",
        "3件以上",
        "约5",
        "5左右",
        "1-2件",
        "第3",
        "一",
        "十二",
        "5件（含）",
    ],
)
def test_text_that_begins_or_ends_with_digits(text: str) -> None:
    assert parse(text).value is None


@given(st.lists(COUNTS.map(str), min_size=2, max_size=4), st.sampled_from([" ", "\u00a0", "\u3000", "\n", "  "]))
@example(["1", "2"], " ")
def test_two_numbers_are_never_one(parts: list[str], space: str) -> None:
    figure = parse(space.join(parts))
    assert (figure.cls, figure.value, figure.rules) == ("unassigned", None, (("S15", None),))


@pytest.mark.parametrize("text", ["1,2", "1.2.3", "12,34", "1,0000", "--1", "1-2", "1.", "1" * 16, "0.1234567"])
def test_malformed_figures_have_no_value(text: str) -> None:
    assert parse(text).value is None
    assert parse(text).rules


@given(st.text("0123456789.,+-－/ 增减件元万（）()年\u3000\n", max_size=12))
def test_whatever_the_print_a_value_repeats_its_digits(text: str) -> None:
    """The digits of a value are the digits of the print: none is dropped, none invented."""
    figure = parse(text)
    if figure.value is None or figure.note is not None:
        return
    printed = "".join(c for c in text if c.isdigit())
    digits = (
        "".join(c for c in f"{figure.value:f}" if c.isdigit())
        if isinstance(figure.value, float)
        else str(abs(figure.value))
    )
    if isinstance(figure.value, int) and "." not in text:
        assert printed.lstrip("0") == digits.lstrip("0")
    else:
        assert float("".join(c for c in text if c.isdigit() or c == ".")) == abs(figure.value)


@pytest.mark.parametrize("text", ["5①", "5²", "②", "5⑩", "½", "⒈", "３②"])
def test_footnote_marks_are_no_digits(text: str) -> None:
    figure = parse(text)
    assert (figure.cls, figure.value, figure.rules) == ("unassigned", None, (("S15", None),))


@pytest.mark.parametrize("text", ["/", "-", "--", "—", "无", "N/A", "不适用", "／", " - "])
def test_marks_for_nothing(text: str) -> None:
    assert parse(text).cls == "not_applicable"
    assert parse(text).value is None


@pytest.mark.parametrize("text", ["1.000", "12.345", "123.000", "1.000件", "增1.000", "1.000.000", "-2.500"])
def test_a_point_that_may_part_thousands_has_no_value_in_a_count(text: str) -> None:
    figure = parse(text)
    assert (figure.cls, figure.value) == ("unassigned", None)
    assert ("S15", None) in figure.rules and is_value(text)


@given(st.integers(0, 10**6), st.integers(1, 6))
def test_money_keeps_its_decimals(value: int, places: int) -> None:
    figure = parse(f"{value}.{'1' * places}", money=True)
    assert (figure.cls, figure.rules) == ("number", ())
    assert f"{figure.value:.{places}f}" == f"{value}.{'1' * places}"


@pytest.mark.parametrize(("text", "value"), [("5.0", 5), ("1.5", 1.5), ("0.00", 0), ("12.50件", 12.5)])
def test_other_decimals_in_a_count_are_flagged(text: str, value: float) -> None:
    figure = parse(text)
    assert (figure.cls, figure.value) == ("annotated", value)
    assert ("S15", None) in figure.rules


def test_a_minus_sign_is_a_minus() -> None:
    assert (parse("\u22125").value, parse("\u22125").rules) == (-5, (("S15", None),))
    assert parse("5\u22123").value is None
    assert parse("\u2212").cls == "not_applicable"


@pytest.mark.parametrize(
    ("text", "cls", "value"),
    [
        ("12\u00ad", "number", 12),
        ("1\u00ad2", "unassigned", None),
        ("\u00ad5", "unassigned", None),  # a hint to the printer, or a minus as some converters write it
        ("\u00ad", "not_applicable", None),
    ],
)
def test_soft_hyphens(text: str, cls: str, value: int | None) -> None:
    assert (parse(text).cls, parse(text).value) == (cls, value)


@pytest.mark.parametrize("text", ["减5", "減5", "減少5項", "减少 5 项"])
def test_traditional_words_are_the_same_words(text: str) -> None:
    assert (parse(text).value, parse(text).rules) == (-5, (("S14", None),))


@pytest.mark.parametrize("text", ["22（其中修订16件）", "22件（其中修订16件）", "22(含修订16件)"])
def test_a_note_may_hold_figures(text: str) -> None:
    figure = parse(text)
    assert (figure.cls, figure.value) == ("annotated", 22)
    assert "修订16件" in (figure.note or "")


@pytest.mark.parametrize("text", ["", " ", "\u00a0", "\u3000\n"])
def test_blank_is_not_zero(text: str) -> None:
    assert (parse(text).cls, parse(text).value) == ("blank", None)


@given(st.integers(0, 10**11), st.integers(0, 4))
def test_yuan_is_exact(units: int, places: int) -> None:
    printed = f"{units // 10**places}" + (f".{units % 10**places:0{places}}" if places else "")
    value = parse(printed, money=True).value
    assert value is not None
    assert yuan(value, "万元") == units * 10_000 // 10**places if places <= 4 else True
    assert isinstance(yuan(value, "万元"), int)


def test_yuan_of_a_known_amount() -> None:
    assert yuan(4166.18, "万元") == 41661800
    assert yuan(0.07, "亿元") == 7_000_000
    assert yuan(1.1, "元") == 1.1
