"""Which titles are annual reports, and what they name."""

import pytest

from crawler.titles import parse_title, refuse

REPORTS = [
    ("高安市八景镇2022年政府信息公开工作年度报告", "高安市八景镇", 2022),
    ("芙蓉镇 2020 年政府信息公开工作年度报告", "芙蓉镇", 2020),
    ("2021年袁州区政府信息公开工作年度报告", "袁州区", 2021),
    ("二〇二〇年云岭县人民政府信息公开年度报告", "云岭县人民政府", 2020),
    ("《云岭县财政局2023年度政府信息公开工作年度报告》", "云岭县财政局", 2023),
    ("关于云岭县2019年政府信息公开工作的报告", "云岭县", 2019),
    ("关于发布石桥镇2019年政府信息公开年度报告的公告", "石桥镇", 2019),
    ("石桥镇信息公开年报", "石桥镇", None),
    ("石桥镇2018年信息公开年报（图片版）", "石桥镇", 2018),
    ("【年报】石桥镇2018年政务公开年度报告", "石桥镇", 2018),
    ("石桥镇\n2022年\u3000政府信息公开\n工作年度报告", "石桥镇", 2022),
    ("政府信息公开工作年度报告（2021年）", "", 2021),
    ("2021年政府信息公开工作年度报告（城区本级）", "城区本级", 2021),
    ("2020年政府信息公开工作报告", "", 2020),
    ("政府信息公开2021年度报告-云岭县人民政府", "云岭县人民政府", 2021),
    ("石桥镇２０２２年政务信息公开年度报告.docx", "石桥镇", 2022),
    ("石桥镇202020年政府信息公开工作年度报告", "石桥镇", None),
    ("云岭县市场监督管理局2024年政府信息公开年度工作报告", "云岭县市场监督管理局", 2024),
    ("石桥镇二○一九年度政府信息公开工作年度报告", "石桥镇", 2019),
    ("石桥镇2022年政府信息公开工作年度报告（2023年1月公布）", "石桥镇", 2022),
    ("石橋鎮2022年政府信息公開工作年度報告", "石桥镇", 2022),
    ("關於雲嶺縣2019年政府信息公開工作的報告", "云岭县", 2019),
]
FALSE_FRIENDS = [
    ("云岭县2022年财政预算信息公开年度报告", "budget"),
    ("云岭县2021年部门决算公开报告", "budget"),
    ("云岭县2022年法治政府建设年度报告", "rule-of-law report"),
    ("云岭县政府网站工作年度报表（2022年度）", "website report"),
    ("《云岭县2022年政府信息公开工作年度报告》解读", "interpretation"),
    ("一图读懂云岭县2022年政府信息公开工作年度报告", "interpretation"),
    ("云岭县政府信息公开指南", "guide"),
    ("云岭县政府信息公开年度报告制度", "rule"),
    ("云岭县政府信息公开工作年度报告发布办法", "rule"),
    ("云岭县2022年政府信息公开工作年度报告（模板）", "guide"),
    ("云岭县政府信息公开申请表", "request form"),
    ("云岭县依申请公开流程", "request form"),
    ("雲嶺縣2022年政府信息公開工作年度報告解讀", "interpretation"),
    ("云岭县2023年度部门“三公”经费公开报告", "budget"),
    ("关于做好2022年政府信息公开工作年度报告编制工作的通知", "notice"),
    ("2022年云岭县政府工作报告", "government work report"),
]
OTHERS = [
    "云岭县召开政府信息公开工作会议",
    "",
    "石桥镇2022年政府信息公开工作年度报告已经发布，欢迎查阅",
    "2022年政务公开工作要点",
    "年度报告",
    "信息公开",
]


@pytest.mark.parametrize(("text", "organ", "year"), REPORTS)
def test_report(text: str, organ: str, year: int | None) -> None:
    title = parse_title(text)
    assert title is not None
    assert (title.organ, title.year, title.raw) == (organ, year, text)
    assert refuse(text) is None


@pytest.mark.parametrize(("text", "name"), FALSE_FRIENDS)
def test_false_friend(text: str, name: str) -> None:
    assert refuse(text) == name
    assert parse_title(text) is None


@pytest.mark.parametrize("text", OTHERS)
def test_neither(text: str) -> None:
    assert parse_title(text) is None
    assert refuse(text) is None


def test_a_sentence_is_no_title() -> None:
    assert parse_title("为" * 200 + "2022年政府信息公开工作年度报告") is None
