"""What is found beside annual reports is refused by its kind; a report is never taken for one of them."""

from __future__ import annotations

import re

import pytest

from extract.records import ReportError
from tests.extract.shapes import read, read_all, synthetic

TEXT, PAGE = synthetic(1, 2023).text, synthetic(1, 2023).page
TITLED = [
    ("《双桥镇2023年政府信息公开工作年度报告》解读", "解读"),
    ("一图读懂双桥镇2023年政府信息公开工作年度报告", "解读"),
    ("双桥镇政府信息公开工作年度报告制度", "制度"),
    ("双桥镇政府信息公开年度报告发布办法", "办法"),
    ("双桥镇政府信息公开指南", "指南"),
    ("清溪县政府网站工作年度报表（2023年度）", "政府网站工作年度报表"),
    ("双桥镇2023年部门预算公开", "预算"),
    ("双桥镇2022年度部门决算公开说明", "决算"),
    ("双桥镇2023年法治政府建设年度报告", "法治政府建设"),
    ("关于做好2023年政府信息公开工作年度报告编制工作的通知", "通知"),
    ("双桥镇政府信息公开申请表", "依申请公开"),
    ("2023年清溪县政府工作报告", "政府工作报告"),
]
# No title at all: the contents tell
UNTITLED = [
    (
        "网站名称\t清溪县人民政府\n首页网址\twww.qingxi.test\n政府网站标识码\t9901010001\n独立用户访问总量\t52310\n",
        "报表",
    ),
    ("申请人信息\n姓名\n证件名称\n证件号码\n所需信息\n内容描述\n申请人签名\n", "依申请公开"),
    ("一、收支预算总表\n一般公共预算支出表\n“三公”经费支出表\n本镇共有编制12名。\n", "预算"),
    ("第一条 为规范工作，制定本制度。\n第三条 报告应当真实。\n第五条 本制度自印发之日起施行。\n", "制度"),
    ("公开指南\n受理机构：双桥镇党政办\n办公时间：上午八时\n申请的受理由党政办负责。\n", "指南"),
    ("一年来推进法治政府建设。\n坚持依法行政，聘请法律顾问2名。\n", "法治政府建设"),
    ("各乡镇人民政府：\n现将有关事项通知如下\n请于1月20日前将材料报送我办。\n", "通知"),
    ("一、编制背景\n问：报告有哪些内容？\n答：共六个部分。\n", "解读"),
]


def refusal(document: str) -> str:
    with pytest.raises(ReportError) as caught:
        read_all(document)
    return str(caught.value)


@pytest.mark.parametrize(("title", "kind"), TITLED)
def test_by_title(title: str, kind: str) -> None:
    told = refusal(f"{title}\n\n为方便公众，现予公布。\n一、有关情况\n全年共办理3件。\n")
    assert "not a report" in told
    assert kind in told


@pytest.mark.parametrize(("title", "kind"), TITLED)
def test_by_the_title_of_the_page(title: str, kind: str) -> None:
    body = "<p>为方便公众，现予公布。</p>" * 20
    head = f'<head><meta name="ArticleTitle" content="{title}"></head>'
    assert kind in refusal(f'<html>{head}<body><div id="zoom">{body}</div></body></html>')


@pytest.mark.parametrize(("text", "kind"), UNTITLED)
def test_by_contents_where_no_title_stands(text: str, kind: str) -> None:
    told = refusal(text)
    assert "not a report" in told
    assert kind in told


def test_what_is_of_no_known_kind_is_refused_too() -> None:
    assert "no title, table or section" in refusal("双桥镇昨日举行运动会，共有32人参加。\n天气晴好。\n")


def test_a_cover_without_text_says_where_to_look() -> None:
    assert "attachment" in refusal("双桥镇2023年政府信息公开工作年度报告\n附件：点击下载\n")


def test_the_empty_pattern_that_hangs_on_a_notice_is_the_notice() -> None:
    empty = re.sub(r"(?m)(?<=\t)\d+(?:\.\d+)?$", "", TEXT)
    assert read(empty).year == 2023
    assert "通知" in refusal("关于做好2023年政府信息公开工作年度报告编制工作的通知\n" + empty)


def test_tables_inside_an_interpretation_are_the_interpretations() -> None:
    body = PAGE.replace("双桥镇2023年政府信息公开工作年度报告", "双桥镇2023年政府信息公开工作年度报告解读")
    assert "解读" in refusal(body)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("year", [2020, 2023])
def test_reports_are_reports(seed: int, year: int) -> None:
    made = synthetic(seed, year)
    for document in (made.page, made.text, made.tabbed, made.text.split("\n", 1)[1]):
        assert read(document).form in ("2019", "2021")
