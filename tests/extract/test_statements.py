"""Figures of the prose: what each wording states, and the near misses that state nothing of the kind."""

from __future__ import annotations

import pytest

from extract import narrative
from extract.prose import NUM, exact
from extract.records import Statement
from extract.wordings import GROWTH, WORDINGS
from tests.extract.test_narrative import content

# kind, text, values
STATED = [
    ("requests_received", "共收到政府信息公开申请一百二十三件。", [123]),
    ("requests_received", "共收到政府信息公开申请两件。", [2]),
    ("requests_online", "收到政府信息公开申请55件，其中网上申请52件，书面申请3件。", [52]),
    ("requests_online", "收到依申请公开十五件，其中通过电子邮件提交的申请十二件。", [12]),
    ("requests_paper", "收到政府信息公开申请55件，其中网上申请52件，信函方式3件。", [3]),
    ("requests_in_person", "收到政府信息公开申请5件，其中当面申请两件。", [2]),
    ("requests_natural_person", "收到政府信息公开申请7件，其中自然人4件，法人或其他组织3件。", [4]),
    ("requests_organisation", "收到政府信息公开申请7件，其中自然人4件，法人2件，其他组织1件。", [2, 1]),
    ("requests_organisation", "收到政府信息公开申请7件，其中自然人4件、法人或者其他组织3件。", [3]),
    ("requests_natural_person", "收到政府信息公开申请7件，其中法人3件、自然人4件。", [4]),
    ("outcome_granted", "收到申请9件，其中予以公开5件，部分公开1件。", [5]),
    ("outcome_granted", "收到申请13件，上年结转2件，办结14件（予以公开8件、部分公开2件）。", [8]),
    ("outcome_granted", "办理的申请中，5件予以公开、1件不予公开。", [5]),
    ("outcome_partly_granted", "收到申请9件，其中予以公开5件，部分公开1件。", [1]),
    ("outcome_refused", "答复申请：不予公开决定三件。", [3]),
    ("outcome_unable", "申请中无法提供2件，不予处理1件。", [2]),
    ("outcome_unprocessed", "申请中无法提供2件，不予处理1件。", [1]),
    ("requests_closed", "已按时办结政府信息公开申请9件。", [9]),
    ("carried_out", "结转下年度继续办理的申请1件。", [1]),
    ("carried_out", "没有申请结转下年度。", [0]),
    ("carried_in", "上年结转申请两件。", [2]),
    ("active_website", "全年在政府网站发布各类信息300条，微信公众号推送信息120篇。", [300]),
    ("active_wechat", "全年在政府网站发布各类信息300条，微信公众号推送信息120篇。", [120]),
    ("active_weibo", "政务微博发布信息四十条。", [40]),
    ("active_gazette", "编印政府公报12期。", [12]),
    ("trainings", "组织业务培训3次。", [3]),
    ("trainings", "举办两期政务公开培训班。", [2]),
    ("trained_people", "培训工作人员120人次。", [120]),
    ("meetings", "召开4次专题学习工作会议。", [4]),
    ("reconsiderations", "因政府信息公开被申请行政复议2件，行政诉讼一件。", [2]),
    ("lawsuits", "因政府信息公开被申请行政复议2件，行政诉讼一件。", [1]),
    ("reconsiderations", "未发生因政府信息公开引起的行政复议、行政诉讼。", [0]),
    ("lawsuits", "未发生因政府信息公开引起的行政复议、行政诉讼。", [0]),
    ("processing_fee", "全年收取信息处理费共计400元。", [400]),
    ("processing_fee", "信息处理费收取金额为0.12万元。", [1200]),
    ("processing_fee", "全年未收取信息处理费。", [0]),
    ("processing_fee", "信息处理费收取情况：0元。", [0]),
    ("processing_fee", "按照《政府信息公开信息处理费管理办法》，发出收费通知2件，总金额300元，实际收取200元。", [200]),
    ("processing_fee", "依申请公开发出收费通知0件，总金额0元，实际收取总金额0元。", [0]),
    ("processing_fee", "按照规定收取信息处理费400元。", [400]),
    ("processing_fee", "收取信息处理费情况：无。", [0]),
    ("processing_fee", "办理信息公开申请未收取任何费用。", [0]),
    ("processing_fee", "未收取政府信息公开费用，未发生政府信息公开收费。", [0, 0]),  # each said once
    ("growth", "公开信息30条，同比增长8.9%，比上年减少5%。", [8.9, -5]),
]

NOT_STATED = [
    ("requests_received", "收到政府信息公开申请近10件。"),
    ("requests_received", "收到政府信息公开申请两三件。"),
    ("requests_received", "收到政府信息公开申请2-3件。"),
    ("requests_received", "收到政府信息公开申请二十多件。"),
    ("requests_received", "收到政府信息公开申请10件以上。"),
    ("requests_received", "收到政府信息公开申请数十件。"),
    ("requests_online", "网上办理建议12件。"),
    ("requests_online", "收到政府信息公开申请5件，网上予以公开3件。"),
    ("requests_paper", "收到来信12件。"),
    ("requests_in_person", "窗口受理业务12件。"),
    ("requests_natural_person", "答复公民咨询6件。"),
    ("requests_organisation", "收到企业诉求3件，办理法人变更2件。"),
    ("requests_organisation", "收到公民、法人和其他组织政府信息公开申请7件。"),
    ("requests_organisation", "收到公民法人及其他组织政府信息公开申请7件。"),
    ("requests_organisation", "收到公民或者法人与其他组织提出的政府信息公开申请7件。"),
    ("requests_organisation", "收到自然人，法人，其他组织政府信息公开申请7件。"),
    ("requests_natural_person", "收到法人和自然人政府信息公开申请7件。"),
    ("outcome_granted", "申请中不予公开3件。"),
    ("outcome_granted", "累计收到申请90件，予以公开70件。"),
    ("outcome_granted", "收到政府信息公开申请，予以公开30余件。"),
    ("outcome_partly_granted", "政务公开的部分公开栏3件设施已更新。"),
    ("outcome_refused", "去年的申请中不予公开3件。"),
    ("outcome_unable", "建议中无法提供资料2件。"),
    ("outcome_unprocessed", "投诉中不予处理2件。"),
    ("requests_closed", "办结人大建议9件，答复电话咨询5件。"),
    ("carried_out", "行政复议结转下年度3件。"),
    ("carried_in", "上年结转资金3件。"),
    ("active_website", "通过政府网站、微博、微信公开信息300条。"),
    ("active_website", "网站访问量300条，清理网站错误链接20条。"),
    ("active_wechat", "微信公众号推送信息近120篇。"),
    ("active_weibo", "去年政务微博发布信息四十条。"),
    ("active_gazette", "编印政府公报累计12期。"),
    ("trainings", "培训3名干部。"),
    ("trained_people", "受训人达300多人次。"),
    ("meetings", "召开新闻发布会2次。"),
    ("reconsiderations", "全年审理行政复议案件31件，做好信息公开。"),
    ("reconsiderations", "未发生政府信息公开行政复议被纠错的情形。"),
    ("lawsuits", "行政诉讼出庭应诉9件。"),
    ("lawsuits", "因政府信息公开引起行政复议、行政诉讼共5件。"),
    ("reconsiderations", "因政府信息公开引起行政复议、行政诉讼共5件。"),
    ("reconsiderations", "未因政府信息公开收费被申请行政复议。"),
    ("lawsuits", "未经复议直接起诉，后提起行政诉讼。"),
    ("processing_fee", "信息处理费按件计收，每件100元。"),
    ("processing_fee", "修订《政府信息公开信息处理费管理办法》，节约经费400元。"),
    ("processing_fee", "发出收费通知2件，总金额300元。"),  # asked for, not received
    ("processing_fee", "实际收取土地出让金200元。"),
    ("processing_fee", "举办政策讲座，未收取任何费用。"),
    ("growth", "解读率达100%，减少了70.4%。"),
]


def stated(text: str, kind: str, heading: str = "一、总体情况") -> list[Statement]:
    made = content(f"{heading}\n{text}")
    return [s for s in narrative.statements(narrative.sections(made), made) if s.kind == kind]


@pytest.mark.parametrize(("kind", "text", "values"), STATED, ids=[f"{k}-{i}" for i, (k, *_) in enumerate(STATED)])
def test_stated(kind, text, values):
    assert [s.value for s in stated(text, kind)] == values


@pytest.mark.parametrize(("kind", "text"), NOT_STATED, ids=[f"{k}-{i}" for i, (k, _) in enumerate(NOT_STATED)])
def test_near_miss(kind, text):
    assert stated(text, kind) == []


def test_every_kind_is_tested_both_ways():
    kinds = {wording.kind for wording in WORDINGS} | {"growth", "requests_received"}
    assert {kind for kind, *_ in STATED} == kinds
    assert {kind for kind, _ in NOT_STATED} == kinds


def test_a_statement_has_unit_subject_quote_and_place():
    (found,) = stated("修订目录。\n全年收取信息处理费共计0.04万元。", "processing_fee")
    assert (found.value, found.unit, found.place) == (400, "元", {"line": 3})
    assert (found.subject, found.quote) == ("全年收取信息处理费共计", "全年收取信息处理费共计0.04万元")
    (rate,) = stated("主动公开政府信息30条，同比增长8.9%。", "growth")
    assert (rate.unit, rate.subject) == ("%", "主动公开政府信息30条，")


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("12件", True), ("十二件", True), ("二〇件", True), ("一百二十三件", True), ("两件", True), ("二十件", True),
        ("12余件", False), ("近12件", False), ("超过12件", False), ("12件左右", False), ("三五件", False),
        ("七八十件", False), ("上百件", False), ("增加3件", False), ("2至3件", False), ("2～3件", False),
    ],
)  # fmt: skip
def test_exact(text, whole):
    import re

    from extract.prose import prose

    plain = prose(text).text
    found = re.search(rf"(?P<n>{NUM})(?P<u>件)", plain)
    assert bool(found and exact(plain, found)) is whole


@pytest.mark.parametrize(
    ("text", "values"),
    [("2022年度未收取任何费用。", [0]), ("本机关没有收取费用", [0]), ("举办培训班三期，未收取任何费用。", [])],
)
def test_section_six_speaks_of_no_other_fee(text, values):
    assert [s.value for s in stated(text, "processing_fee", "六、其他需要报告的事项")] == values


@pytest.mark.parametrize(
    ("text", "kind", "quote"),
    [
        ("通过网站公开信息1,234条、微信推送56条。", "active_wechat", "通过网站公开信息1,234条、微信推送56条"),
        ("修订目录31,234条,微信推送56条。", "active_wechat", "微信推送56条"),  # a comma between two things
        ("修订目录3,微信推送567条。", "active_wechat", "微信推送567条"),
    ],
)
def test_the_comma_of_thousands_ends_no_clause(text, kind, quote):
    assert [s.quote for s in stated(text, kind)] == [quote]


def test_growth_needs_a_year_to_compare_with():
    assert GROWTH.search("同比增长8.9%")
    assert not GROWTH.search("解读率达100%")
