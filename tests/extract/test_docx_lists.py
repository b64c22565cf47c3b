"""Lists in Word documents print the numbers that the text lacks."""

from __future__ import annotations

from random import Random

import pytest

from crawler.replica.render.docx import Habits, write
from extract.formats.docx import read_docx
from extract.formats.docx_lists import formatted
from tests.extract.shapes import read
from tests.extract.word_xml import BASE, docx, p, paragraphs, r, tbl, tc, texts, tr


def numbering(*levels: tuple[str, str], extra: str = "") -> str:
    made = "".join(
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for n, (form, text) in enumerate(levels)
    )
    number = '<w:num w:numId="3"><w:abstractNumId w:val="7"/></w:num>'
    return f'<w:abstractNum w:abstractNumId="7">{made}</w:abstractNum>{number}{extra}'


def item(text: str, depth: int = 0, number: int = 3) -> str:
    return p(r(text), properties=f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>')


def test_lists_print_the_numbers_that_the_text_lacks() -> None:
    lists = numbering(("chineseCounting", "%1、"), ("chineseCountingThousand", "（%2）"), ("decimal", "%3."))
    body = item("总体情况") + item("主动公开", 1) + item("依申请公开", 1) + item("其一", 2) + item("主动公开情况")
    body += item("再一", 1) + item("无号", number=0)
    shown = ["一、总体情况", "（一）主动公开", "（二）依申请公开", "1. 其一", "二、主动公开情况", "（一）再一", "无号"]
    assert paragraphs(read_docx(docx(body, numbering=lists))) == shown


def test_a_list_can_begin_anew_and_elsewhere() -> None:
    start = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>'
    start = f'<w:num w:numId="4"><w:abstractNumId w:val="7"/>{start}</w:num>'
    body = item("甲") + item("乙") + item("丙", number=4) + item("丁", number=4) + item("戊")
    made = paragraphs(read_docx(docx(body, numbering=numbering(("decimal", "%1、"), extra=start))))
    assert made == ["1、甲", "2、乙", "5、丙", "6、丁", "7、戊"]


def test_a_style_can_carry_the_list() -> None:
    styles = '<w:style w:styleId="H"><w:pPr><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr></w:style>'
    body = p(r("总体情况"), properties='<w:pStyle w:val="H"/>') * 2
    content = read_docx(docx(body, numbering=numbering(("chineseCounting", "%1、")), styles=styles))
    assert paragraphs(content) == ["一、总体情况", "二、总体情况"]


def test_a_list_number_never_runs_into_a_figure() -> None:
    body = tbl(tr(tc("甲"), tc(item("5"))))
    assert texts(read_docx(docx(body, numbering=numbering(("decimal", "%1."))))) == [[["甲", "1.\n5"]]]


@pytest.mark.parametrize(
    ("number", "form", "text"),
    [
        (10, "chineseCounting", "十"),
        (21, "chineseCounting", "二十一"),
        (105, "chineseCountingThousand", "一百零五"),
        (1010, "chineseCountingThousand", "一千零一十"),
        (3, "ideographTraditional", "丙"),
        (2, "ideographZodiac", "丑"),
        (3, "decimalEnclosedCircle", "③"),
        (12, "chineseLegalSimplified", "壹拾贰"),
        (4, "upperRoman", "IV"),
        (28, "lowerLetter", "bb"),
        (7, "decimalZero", "07"),
        (7, "ofSomeOtherKind", "7"),
        (3, "bullet", ""),
    ],
)
def test_numbers_are_formatted_as_word_does(number: int, form: str, text: str) -> None:
    assert formatted(number, form) == text


def test_headings_that_only_the_list_numbers_are_found_as_sections() -> None:
    report = read(write(BASE, Habits(numbered=True), Random(1)))
    assert [section.number for section in report.sections if section.number] == [1, 2, 3, 4, 5, 6]
    assert all(section.heading[1:2] == "、" for section in report.sections if section.number)
