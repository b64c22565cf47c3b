"""Credit codes: only right ones speak, and only for their division."""

import pytest

from extract import credit

# Codes of governments as they stand in addresses and index numbers of their portals
RIGHT = {
    "113708830043262784": "370883",
    "113325000026455663": "3325",
    "113304830025582868": "330483",
    "11341702486344515H": "341702",
}


@pytest.mark.parametrize(("code", "division"), RIGHT.items())
def test_real_codes(code: str, division: str) -> None:
    assert credit.valid(code)
    assert credit.division(code) == division


@pytest.mark.parametrize("code", RIGHT)
def test_one_wrong_character_is_noticed(code: str) -> None:
    for position in range(8, 18):
        other = "1" if code[position] != "1" else "2"
        assert not credit.valid(code[:position] + other + code[position + 1 :])


def test_a_province_has_two_digits() -> None:
    code = "11360000014500000"
    assert credit.division(code + credit.check(code)) == "36"


def test_addresses() -> None:
    assert credit.in_address("http://x.test/xxgkAnnualReport.jsp?area=113708830043262784&y=2021") == (
        "113708830043262784",
    )
    assert credit.in_address("http://x.test/xxgk/11341702486344515h/report.html") == ("11341702486344515H",)
    assert credit.in_address("http://x.test/art/202101131537300012.html") == ()  # a time is no code
    assert credit.in_address("http://x.test/?area=113708830043262785") == ()  # wrong check character
    assert credit.in_address("http://x.test/?id=91370883004326278X") == ()  # a company
    assert credit.in_address("http://x.test/?area=1137088300432627841") == ()  # one digit too many


def test_index_numbers() -> None:
    assert credit.in_text("索引号:11341702486344515H/202110-00013信息分类") == ("11341702486344515H",)
    assert credit.in_text("11341702486344515H") == ()  # nothing says what it is
    assert credit.in_text("索引号:002645566/2021-00013") == ()  # nine characters carry no division (GB 11714)
    assert credit.in_text("统一社会信用代码:113708830043262784") == ("113708830043262784",)
