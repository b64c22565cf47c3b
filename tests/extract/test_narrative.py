"""Sections, contact, dates and the figures of the prose, on made-up reports of places that do not exist."""

from __future__ import annotations

import pytest

from extract import narrative
from extract.contact import contact
from extract.content import Content, Paragraph
from extract.prose import number, part_lists, prose


def content(text: str, **options) -> Content:
    lines = enumerate(text.strip("\n").split("\n"), 1)
    return Content(tuple(Paragraph(line, {"line": n}) for n, line in lines if line.strip()), "text/plain", **options)


REPORT = """
云岭县石桥镇2020年政府信息公开工作年度报告
本报告所列数据的统计期限自2020年1月1日起至2020年12月31日止。如有疑问，请与石桥镇公开办联系（地址：云岭县青石路8号，邮编：990101，电话：0999-5550123，传真：0999-5550124，邮箱：gk@shiqiao.test）。
一、总体情况
（一）主动公开
主动公开政府信息30条。
-3 -
- （二）依申请公开
收到政府信息公开申请2件。
二、主动公开政府信息情况
三、收到和处理政府信息公开申请情况
四、因政府信息公开工作被申请行政复议、提起行政诉讼情况
五、存在问题及改进情况
一、存在的问题
人手偏紧。
二、改进情况
按月核对。
六、其他需要报告的事项：无
石桥镇人民政府
2021年1月12日
"""


def numbers(text: str) -> list[int]:
    return [s.number for s in narrative.sections(content(text))]


def test_sections_are_known_by_words_and_inner_headings_start_none():
    sections = narrative.sections(content(REPORT))
    assert [s.number for s in sections] == [0, 1, 2, 3, 4, 5, 6]
    assert sections[5].text == "一、存在的问题\n人手偏紧。\n二、改进情况\n按月核对。"
    assert sections[5].place == {"line": 12}
    assert [s.numeral for s in sections] == [None, *"一二三四五六"]


def test_title_stands_in_no_section_and_signature_is_no_content():
    sections = narrative.sections(content(REPORT))
    assert "年度报告\n" not in sections[0].text and sections[0].text.startswith("本报告所列")
    assert (sections[6].heading, sections[6].text) == ("六、其他需要报告的事项", "无")


def test_page_numbers_and_list_marks_leave_the_text():
    text = narrative.sections(content(REPORT))[1].text
    assert "-3 -" not in text and "\n（二）依申请公开\n" in text


@pytest.mark.parametrize(
    ("heading", "numeral"),
    [
        ("总体情况(仅供参考）", None),
        ("1、 总体情况", "1"),
        (" 一、总体概述", "一"),
        ("第一部分 概述", "一"),
        ("一 、总 体 情 况", "一"),
    ],
)
def test_headings_otherwise_numbered(heading, numeral):
    section = narrative.sections(content(f"{heading}\n修订目录3项。"))[0]
    assert (section.number, section.numeral, section.text) == (1, numeral, "修订目录3项。")
    assert section.heading == heading.strip()


@pytest.mark.parametrize(
    "line",
    [
        "（一）主动公开政府信息情况",
        "全文包括总体情况、主动公开政府信息情况、存在的主要问题及改进情况、其他需要报告的事项。",
        "存在问题：主要是人手偏紧，培训不够，栏目更新偏慢，需要逐月改进并在年底前完成整改。",
        "四、丝",
    ],
)
def test_no_heading(line):
    assert numbers(f"一、总体情况\n{line}\n修订目录3项。") == [1]


def test_a_table_of_contents_is_not_the_sections():
    heads = ["一、总体情况", "二、主动公开政府信息情况", "六、其他需要报告的事项"]
    sections = narrative.sections(content("\n".join([*heads, heads[0], "修订目录3项。", *heads[1:], "无"])))
    assert [(s.number, s.text) for s in sections if s.number] == [(1, "修订目录3项。"), (2, ""), (6, "无")]


def test_contact_of_the_inviting_sentence():
    assert contact(narrative.sections(content(REPORT))) == {
        "unit": "石桥镇公开办",
        "address": "云岭县青石路8号",
        "phone": "0999-5550123",
        "postcode": "990101",
        "email": "gk@shiqiao.test",
        "website": None,
        "fax": "0999-5550124",
    }


def test_mail_address_in_the_postcode_field_is_kept_as_written():
    found = narrative.contact(content("如有疑问，请与公开办联系（电话：0999-5550123，邮编：gk@shiqiao.test）。"))
    assert found["postcode"] is None and found["email"] is None
    assert found["postcode_as_written"] == found["email_found_elsewhere"] == "gk@shiqiao.test"


def test_contact_in_the_sentence_after_the_invitation():
    fields = "地址：青石路8号主楼（北）3楼；邮政编码：990101；联系电话：（0999）5550123。"
    found = narrative.contact(content(f"六、其他需要报告的事项\n无。如需咨询，请联系石桥镇公开办。{fields}"))
    assert (found["unit"], found["address"], found["phone"]) == (
        "石桥镇公开办",
        "青石路8号主楼(北)3楼",
        "(0999)5550123",
    )


def test_no_contact_from_other_sentences():
    found = narrative.contact(content("一、总体情况\n全年电话答复50次，加强与部门联系，公开12345热线和邮箱。"))
    assert not any(found.values())


@pytest.mark.parametrize(
    ("line", "signed"),
    [
        ("2021年1月13日", "2021-01-13"),
        ("二〇二一年一月十三日", "2021-01-13"),
        ("石桥镇人民政府 2021年1月13日", "2021-01-13"),
        ("          2021 年 1 月 13 日", "2021-01-13"),
        ("2021年2月30日", None),
        ("会议于2021年1月13日召开。", None),
        ("工作培训2021年1月13日", None),
    ],
)
def test_signature_dates(line, signed):
    assert narrative.signed_on(content(f"六、其他需要报告的事项\n无\n{line}")) == signed


def test_the_organ_that_signs():
    assert narrative.signature(content(REPORT)) == "石桥镇人民政府"
    assert narrative.signature(content("无\n云岭县财政局 2021年1月13日")) == "云岭县财政局"
    assert narrative.signature(content("一、总体情况\n按月核对。")) is None


def test_titles():
    assert narrative.title(content(REPORT)).place == {"line": 1}
    assert narrative.title(content("一、总体情况")) is None
    named = content("一、总体情况", title="石桥镇2020年政府信息公开工作年度报告")
    assert narrative.title(named).text == "石桥镇2020年政府信息公开工作年度报告"


@pytest.mark.parametrize(
    "words",
    [
        "统计限自 2020年1月1日至 2020年12月31日止",
        "统计期限从2020年1月1日到12月31日止",
        "统计期限为1月1日至12月31日",
        "统计时间为2020年度",
    ],
)
def test_periods(words):
    text = f"石桥镇2020年政府信息公开工作年度报告\n本报告数据的{words}。"
    assert narrative.period(content(text)) == ("2020-01-01", "2020-12-31")


def test_a_span_of_other_days_is_no_period():
    text = "石桥镇2020年政府信息公开工作年度报告\n一、总体情况\n3月1日至3月7日开展宣传。"
    assert narrative.period(content(text)) is None


def stated(text: str, kind: str = "requests_received") -> list[int]:
    made = content(f"一、总体情况\n{text}")
    return [s.value for s in narrative.statements(narrative.sections(made), made) if s.kind == kind]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("全年共收到政府信息公开申请12件。", 12),
        ("受理过1起依申请公开政府信息。", 1),
        ("本镇收到公民、法人和其他组织信息公开申请一件。", 1),
        ("政府信息公开申请共收到两件。", 2),
        ("今年接到依申请公开事项共计1,203件。", 1203),
        ("本年度未收到政府信息公开申请。", 0),
        ("没有收到公民提出的依申请公开。", 0),
        ("共收到信息 公开申请 3 宗。", 3),
    ],
)
def test_requests_received(text, value):
    assert stated(text) == [value]


@pytest.mark.parametrize(
    "text",
    [
        "未收到有关政府信息公开工作的举报、投诉、行政复议或行政诉讼。",
        "收到政府信息公开申请10余件。",
        "其中收到网上政府信息公开申请3件。",
        "收到政府信息公开行政复议申请2件。",
        "上年收到政府信息公开申请9件。",
        "第三季度收到政府信息公开申请9件。",
        "自2008年以来收到政府信息公开申请90件。",
        "收到政府信息公开申请后，予以公开3件。",
        "收到低保申请5件。",
        "未收到对政府信息公开申请的投诉。",
        "完善受理、答复政府信息公开申请的12个环节。",
    ],
)
def test_what_does_not_count_requests_of_the_year(text):
    assert stated(text) == []


def test_a_statement_knows_its_line_and_its_words():
    made = content(REPORT)
    found = [s for s in narrative.statements(narrative.sections(made), made) if s.kind == "requests_received"]
    assert [(s.quote, s.unit, s.place) for s in found] == [("收到政府信息公开申请2件", "件", {"line": 8})]


def test_active_disclosure_and_policy_documents():
    assert stated("全年主动公开各类信息1,030条，比去年多。", "active_disclosed") == [1030]
    assert stated("去年主动公开信息30条。主动公开信息300余条。", "active_disclosed") == []
    assert stated("印发规范性文件4件，政策解读文件6个，清理规范性文件9件。", "policy_documents") == [4]


@pytest.mark.parametrize(
    ("printed", "value"),
    [("12", 12), ("1,234", 1234), ("十二", 12), ("两百零五", 205), ("二〇", 20), ("三十", 30), ("一", 1)],
)
def test_numbers(printed, value):
    assert number(printed) == value


def parts(text: str) -> list[tuple[int, list[int]]]:
    return [(found.whole, [count for _, count, _ in found.parts]) for found in part_lists(prose(text))]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("公开信息50条，其中网站20条、宣传栏30条，解决问政15条。", [(50, [20, 30])]),
        ("公开信息50条，其中网站20条，宣传栏30条，答复来信15条。", [(50, [20, 30])]),
        ("公开信息50条，同比上升8.9%。其中：动态20条，同比下降3%；文件5件；目录240余个。", [(50, [20, 5])]),
        ("公开信息50条（其中网站20条，栏目30条），发布图片9条。", [(50, [20, 30])]),
        ("公开信息50条，其中网站20条，其中图片30条。", []),
        ("公开信息50条，比上年增加20条，其中网站20条、宣传栏30条。", [(50, [20, 30])]),
        ("公开信息50条，其中网站20条（含图片9条），宣传栏30条。", [(50, [20, 30])]),
        ("公开信息50余条，其中网站20条、宣传栏70条。", []),
    ],
)
def test_part_lists(text, found):
    assert parts(text) == found


def test_a_sentence_broken_over_lines_is_read_as_one():
    text = "这一行被版面在词的中间断开而且足够长所以下一行继续说收到政府信\n息公开申请4件。"
    assert stated(text) == [4]
