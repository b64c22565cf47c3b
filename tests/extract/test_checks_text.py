"""Groups N P T C D J U: every rule has a sentence that it fires on and a near miss that it leaves alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crawler.items import Document
from crawler.titles import parse_title
from extract import forms, narrative
from extract.checks import between, claims, contact, dates, identity, placeholders, template, units
from extract.checks import narrative as numbers
from extract.content import Content, Paragraph
from extract.reading import Reading
from extract.records import Cell, Unit

MODULES = (between, claims, numbers, placeholders, template, contact, identity, dates, units)
REPORTS = Path(__file__).resolve().parents[2].parent / "shared" / "reports"
TOWN = Unit(
    "990101101",
    "石桥镇",
    "government",
    "township",
    "990101101",
    (("99", "云省"), ("9901", "云州市"), ("990101", "云岭县")),
)
COUNTY = Unit("990101", "青川区", "government", "county", "990101", (("99", "云省"), ("9901", "云州市")))
OFFICE = Unit("990101-czj", "云岭县财政局", "department", "county", "990101", (("99", "云省"), ("9901", "云州市")))


def reading(
    text: str,
    *,
    unit=TOWN,
    form="2019",
    year=2020,
    scope="own",
    title=None,
    published=None,
    namesakes=1,
    found=None,
    meta=None,
    **cells,
):
    """A reading of a text; cells are given as `applications__new__total=3` (a list: value and unit)."""
    lines = enumerate(text.strip("\n").split("\n"), 1)
    made = Content(
        tuple(Paragraph(line, {"line": n}) for n, line in lines if line.strip()),
        "text/plain",
        meta=meta or {},
        title=title,
    )
    sections = narrative.sections(made)
    placed = {}
    for name, value in cells.items():
        table, row, column = name.split("__")
        value, printed = value if isinstance(value, list) else (value, None)
        placed[table, row, column] = Cell(table, row, column, "number", str(value), value, printed)
    return Reading(
        made,
        forms.load()[form],
        placed,
        unit,
        year,
        scope,
        title,
        published or narrative.signed_on(made),
        namesakes,
        sections,
        narrative.contact(made),
        narrative.statements(sections, made),
        document=Document("", None, "", "", None, None, None, None, None, None) if found is None else found,
    )


def at(url=None, unit=None, published_on=None) -> Document:
    """A document that was found at an address, or that a list dates."""
    return Document("", url, "", "", None, unit, None, None, published_on, None)


def raised_by(rule: str, made: Reading) -> list:
    """The findings of one rule of these groups."""
    return [f for module in MODULES for check in module.CHECKS for f in check(made) if f.rule == rule]


def fired(rule: str, text: str, **options) -> list:
    return raised_by(rule, reading(text, **options))


ONE = "一、总体情况\n"
NEW = {"applications__new__total": 5, "applications__carried_in__total": 2}
UNPAID = {"form": "2021", "year": 2022, "applications__other.fee_unpaid__total": 1}
JIANSHAN = Unit(
    "360983107",
    "建山镇",
    "government",
    "township",
    "360983107",
    (("36", "江西省"), ("3609", "宜春市"), ("360983", "高安市")),
)
TITLE = "石桥镇2020年政府信息公开工作年度报告"
SIGNED = "修订目录3项。\n六、其他需要报告的事项\n无\n{}\n2021年1月13日"
MADE = {"disclosures__normative_documents__published": 70, "disclosures__normative_documents__made": 70}

# rule, severity, text, options
FIRES = [
    ("N01", "error", ONE + "全年收到政府信息公开申请3件。", NEW),
    ("N01", "error", ONE + "全年未收到政府信息公开申请。", NEW),
    ("N01", "notice", ONE + "全年收到政府信息公开申请7件。", NEW),
    ("N02", "error", ONE + "公开信息50条，其中网站20条、宣传栏32条。", {}),
    ("N02", "notice", ONE + "公开信息50条，其中网站20条、宣传栏2条。", {}),
    ("N03", "warning", ONE + "收到政府信息公开申请5件，其中网上申请2件，书面申请2件。", NEW),
    ("N06", "notice", ONE + "全年印发规范性文件38件。", MADE),
    ("N08", "notice", ONE + "修订目录3项。", {}),
    ("N08", "warning", "统计期限自2019年1月1日起至2019年12月31日止。", {}),
    ("N10", "notice", ONE + "设置4个目录(机构设置、政策文件、人事任免)。", {}),
    ("N10", "notice", ONE + "新开三大专题，分别是“防汛”、“供水”。", {}),
    ("N11", "notice", ONE + "修订目录3项。", {"disputes__reconsideration__corrected": 2}),
    ("N15", "notice", ONE + "主动公开信息62条。", MADE),
    ("P02", "warning", "一、总体情况(仅供参考）\n修订目录3项。", {}),
    ("P02", "warning", ONE + "（此处为文字描述，可续页）", {}),
    ("P03", "warning", ONE + "××（单位名称）还有差距。", {}),
    ("P03", "warning", ONE + "由XX科室负责。", {}),
    ("P03", "warning", ONE + "联系人是____同志。", {}),
    ("P04", "warning", ONE + "进一步提高全市公开水平。", {}),
    ("P04", "warning", ONE + "在全街道范围内开展宣传。", {}),
    ("P04", "warning", ONE + "按要求，我局修订目录。", {}),
    ("P04", "warning", ONE + "全省各级部门高度重视，组织培训3次。", {"unit": OFFICE}),
    ("P07", "notice", ONE + "（1）2020年，按照〔2020〕17号文件要求稳步推进。", {}),
    ("P08", "notice", "五、存在的主要问题及改进情况\n无", {}),
    ("T01", "warning", ONE, {"year": 2021, **NEW}),
    ("T01", "info", ONE, {"year": 2019, "form": "2021", **NEW}),
    ("T03", "error", ONE, {"disclosures__regulations__published": 3}),
    ("T04", "notice", ONE + "健全考核机制，制定责任追究制度。", {}),
    (
        "T04",
        "notice",
        ONE + "修订目录3项。\n六、其他需要报告的事项\n无",
        {"unit": OFFICE, "form": "2021", "year": 2022, **NEW},
    ),
    ("T05", "info", "按照国办公开办函〔2019〕60号要求编制。", {"year": 2022}),
    ("C01", "notice", ONE + "修订目录3项。", {}),
    ("C02", "warning", "请与公开办联系（电话：0999-5550123，邮编：gk@shiqiao.test）。", {}),
    ("C05", "info", "请与公开办联系（邮箱：shiqiao@163.com）。", {}),
    ("C07", "info", "请与公开办联系（电话：0999-5550123）。", {}),
    ("D02", "notice", ONE, {"published": "2020-12-30"}),
    ("D03", "info", ONE + "修订目录3项。", {}),
    ("D05", "warning", "统计期限自202020年1月1日起。", {}),
    ("D05", "warning", ONE + "修订目录3项。\n2021年2月30日", {}),
    ("D05", "warning", ONE + "2020年13月召开会议。", {}),
    ("J01", "info", ONE, {"title": "石桥镇2020年政府信息公开工作年度报告"}),
    ("J02", "notice", ONE, {"title": "石桥镇2020年政府信息公开工作年度报告", "namesakes": 3}),
    ("U03", "notice", ONE, {"disclosures__procurement__amount": 276000}),
    ("U03", "notice", ONE, {"disclosures__procurement__amount": 35.5}),
    ("B04", "notice", ONE + "修订目录3项。", UNPAID),
    ("B05", "warning", ONE + "办理申请不收取任何费用。", UNPAID),
    ("B05", "warning", ONE + "一律免费提供政府信息，未发生费用纠纷。", UNPAID),
    ("C03", "notice", "请与公开办联系（地址：青石路8号，邮编：99010）。", {}),
    ("C03", "notice", "请与公开办联系（地址：青石路8号，邮编：325600）。", {"unit": JIANSHAN}),
    ("C04", "notice", "请与公开办联系（电话：0577-5550123）。", {"unit": JIANSHAN}),
    ("C06", "notice", "电子版可从政府网站（www.jianshan.gov.cn）下载。", {"found": at("http://gov.mirror.com/1.html")}),
    ("D04", "notice", ONE + "修订目录3项。\n2021年1月29日", {"meta": {"pubdate": "2021-01-13"}}),
    (
        "D04",
        "notice",
        ONE,
        {"meta": {"pubdate": "2022-01-29 08:00"}, "found": at("http://a.test/202202/t20220218_77.html")},
    ),
    ("D04", "notice", ONE, {"meta": {"pubdate": "2021-01-13"}, "found": at(published_on="2021-03-30")}),
    ("J03", "error", ONE + SIGNED.format("云岭县南岭镇人民政府"), {"title": TITLE}),
    ("J03", "error", ONE + SIGNED.format("云岭县教育局"), {"title": "云岭县财政局2020年政府信息公开工作年度报告"}),
    ("J03", "error", "如有疑问，请与南岭镇党政办联系（电话：0999-5550123）。", {"title": TITLE}),
    ("J04", "warning", ONE, {"unit": JIANSHAN, "found": at("http://www.yueqing.gov.cn/art/1.html")}),
    ("J04", "warning", ONE, {"unit": JIANSHAN, "found": at("http://a.test/xxgk.jsp?area=113708830043262784")}),
    ("J04", "warning", ONE, {"unit": OFFICE, "found": at("http://a.test/1.html", "990101-fgw")}),
    ("J05", "info", ONE + "2020年8月，石桥乡撤乡设镇，更名为石桥镇。", {"title": TITLE}),
    ("P08", "notice", ONE + "收取信息处理费400元。\n六、其他需要报告的事项\n无", {}),
    (
        "T04",
        "notice",
        ONE + "主动公开政府信息30条，更新目录3项，开展培训2次，未收取费用。",  # nothing on requests and platforms
        {"unit": OFFICE, "form": "2021", "year": 2022, **NEW},
    ),
    ("T07", "warning", "一、概述\n修订目录3项。\n五、政府信息公开收费及减免情况\n未收费。", {"year": 2021}),
    ("T07", "info", "一、概述\n修订目录3项。\n四、收费及减免情况\n未收费。", {"year": 2019}),
    ("U03", "notice", ONE, {"disclosures__fees__amount": [5_000_010_000, "万元"], "unit": COUNTY}),
]

SILENT = [
    ("N01", ONE + "全年收到政府信息公开申请5件。", NEW),
    ("N01", ONE + "全年收到政府信息公开申请3件。", {}),  # table 三 not readable: not assessable
    ("N01", ONE + "县本级收到政府信息公开申请3件。镇街收到政府信息公开申请2件。", NEW),
    ("N01", ONE + "区政府办公室收到政府信息公开申请3件。", {"unit": COUNTY, "scope": "aggregate", **NEW}),
    ("N01", ONE + "2019年收到政府信息公开申请9件。", NEW),
    ("N01", ONE + "未收到有关信息公开的举报、投诉、行政复议。", NEW),
    ("N02", ONE + "公开信息50条，其中网站20条、宣传栏30条；解决问政15条。", {}),
    ("N02", ONE + "公开信息50条，其中网站20条，宣传栏30条，办理建议7件。", {}),
    ("N02", ONE + "公开信息50条，其中重点领域20条。", {}),
    ("N02", ONE + "公开信息50条，其中网站20条（含图片90条）、宣传栏30条。", {}),
    ("N02", ONE + "公开信息50条，其中网站20条，同比增加60条，宣传栏30条。", {}),
    ("N02", ONE + "收到政府信息公开申请5件，其中网上申请3件，书面申请2件。", {}),
    ("N02", ONE + "公开信息50条，其中网站公开50条，微信公开30条。", {}),
    ("N02", ONE + "发布动态30条、公告20条，其中网站40条、微信10条。", {}),
    ("N02", ONE + "发布动态30条，公告20条，其中动态被采用25条。", {}),
    ("N03", ONE + "收到政府信息公开申请5件，其中网上申请3件，书面申请2件。", {}),
    ("N03", ONE + "收到政府信息公开申请5件，其中网上申请3件。", {}),
    ("N06", ONE + "全年印发规范性文件70件，政策解读文件38个。", MADE),
    ("N06", ONE + "清理规范性文件38件。", MADE),
    ("N08", "统计限自 2020年1月1日至 2020年12月31日止。", {}),
    ("N10", ONE + "设置4个目录(机构设置、政策文件、人事任免、规划计划)。", {}),
    ("N10", ONE + "设置26个目录(机构设置、政策文件、人事任免等)。", {}),
    ("N10", ONE + "设置4个目录(机构设置、政策和规划、人事任免)。", {}),
    ("N10", ONE + "新开三大专题，分别是“防汛”、“供水”、“灌溉”，解释政策。", {}),
    ("N11", ONE + "行政复议2件，均被纠正。", {"disputes__reconsideration__corrected": 2}),
    ("N11", ONE + "修订目录3项。", {"disputes__reconsideration__upheld": 2}),
    ("N15", ONE + "主动公开信息7578条。", MADE),
    ("N15", ONE + "主动公开信息62条。", {}),
    ("P02", ONE + "完善申请表和填写说明，网上内容不再标注参考。", {}),
    ("P03", ONE + "答复申请人张××的申请，使用XXL尺寸展板。", {}),
    ("P04", ONE + "落实市委、市政府和全省部署，在全市考核中排名第三，采用全市统一管理系统。", {}),
    ("P04", ONE + "贯彻《关于推进全县政务公开的意见》，推进全市统一平台应用。", {}),
    ("P04", ONE + "我镇对全镇干部培训3次。", {}),
    ("P04", ONE + "为全区政务公开打牢基础，采用全市统一管理系统，提高全区水平。", {"unit": COUNTY}),
    ("P04", ONE + "我局修订目录。", {"unit": OFFICE}),
    ("P07", ONE + "修订目录3项。", {}),
    ("P07", ONE + "召开会议两次，未收到申请。", {}),
    ("P08", "五、存在的主要问题及改进情况\n无专职人员。", {}),
    ("T01", ONE, {"year": 2020, **NEW}),
    ("T01", ONE, {"year": 2021}),  # no table: no form was recognised
    ("T03", ONE, {"disclosures__regulations__published": 0}),
    (
        "T03",
        ONE,
        {"disclosures__regulations__published": 3, "unit": Unit("9901", "云州市", "government", "prefecture")},
    ),
    ("T04", ONE + "考核中取得良好成绩。社会评议结果较好。未发生责任追究情况。", {}),
    ("T04", ONE + "修订目录3项。", {"unit": OFFICE}),
    ("T05", "按照国办公开办函〔2019〕60号要求编制。", {"year": 2020}),
    ("T05", "按照国办公开办函〔2021〕30号要求编制。", {"year": 2022}),
    ("C01", "请与公开办联系（电话：0999-5550123）。", {}),
    ("C02", "请与公开办联系（邮箱：gk@shiqiao.test，邮编：990101）。", {}),
    ("C05", "请与公开办联系（邮箱：gk@shiqiao.test）。", {}),
    ("C07", "请与公开办联系（地址：青石路8号，邮编：990101）。", {}),
    ("C07", ONE + "修订目录3项。", {}),  # no contact at all is C01
    ("D02", ONE, {"published": "2021-01-01"}),
    ("D03", ONE + "修订目录3项。\n2021年2月30日", {}),
    ("D03", ONE, {"published": "2021-01-13"}),
    ("D05", "统计期限自2020年1月1日起，历时18月，2月29日结束；预算20000元，〔2020〕20号。", {}),
    ("D05", "2020年2月29日、12月31日。", {}),
    ("J01", ONE, {"title": "云岭县石桥镇2020年政府信息公开工作年度报告"}),
    ("J01", ONE, {"title": "云州市2020年政府信息公开工作年度报告", "unit": Unit("9901", "云州市", None, "prefecture")}),
    ("J02", ONE, {"title": "云岭县石桥镇2020年政府信息公开工作年度报告", "namesakes": 3}),
    ("J02", ONE, {"title": "石桥镇2020年政府信息公开工作年度报告"}),
    ("U03", ONE, {"disclosures__procurement__amount": 0}),
    ("U03", ONE, {"disclosures__procurement__amount": [357595, "元"]}),
    ("U03", ONE, {"disclosures__procurement__amount": [41661800.0, "万元"], "unit": COUNTY}),
    ("B04", ONE + "未收取信息处理费。", UNPAID),
    ("B04", ONE + "修订目录3项。", {**UNPAID, "applications__other.fee_unpaid__total": 0}),
    ("B05", ONE + "2020年未收取信息处理费。", UNPAID),  # consistent: nothing was paid
    ("B05", ONE + "不收取任何费用。", {"applications__other.fee_unpaid__total": 0}),
    ("C03", "请与公开办联系（地址：青石路8号，邮编：330803）。", {"unit": JIANSHAN}),
    ("C03", "请与公开办联系（地址：青石路8号，邮编：990101）。", {}),  # an unknown province
    ("C04", "请与公开办联系（电话：0795-5550123）。", {"unit": JIANSHAN}),
    ("C04", "请与公开办联系（电话：5550123）。", {"unit": JIANSHAN}),
    ("C04", "请与公开办联系（电话：0999-5550123）。", {}),
    (
        "C04",
        "请与公开办联系（电话：0719-5550123）。",  # a county under the province itself shares a neighbour's code
        {"unit": Unit("429021", "神农架林区", "government", "county", "429021", (("42", "湖北省"),))},
    ),
    ("C06", "可从网站（www.jianshan.gov.cn）下载。", {"found": at("http://xxgk.jianshan.gov.cn/1.html")}),
    ("C06", "可从网站（www.gaoan.gov.cn）下载。", {"found": at("http://www.gaoan.gov.cn/1.html")}),
    ("C06", "可从网站（www.gaoan.gov.cn）下载。", {}),  # a file without an address
    ("C06", "可从政府网站下载。", {"found": at("http://gov.mirror.com/1.html")}),
    ("D04", ONE + "修订目录3项。\n2021年1月13日", {"meta": {"pubdate": "2021-01-29"}}),  # put online later
    (
        "D04",
        ONE,
        {"meta": {"pubdate": "2022-01-29 08:00"}, "found": at("http://a.test/202201/t20220127_77.html")},
    ),
    ("D04", ONE, {"meta": {"pubdate": "2021-01-13"}, "found": at(published_on="2021-01-14")}),
    ("J03", ONE + SIGNED.format("云岭县石桥镇人民政府"), {"title": TITLE}),
    ("J03", ONE + SIGNED.format("石桥街道办事处"), {"title": TITLE}),  # the town became a street
    ("J03", ONE + SIGNED.format("云岭县人民政府"), {"title": TITLE}),  # its government may sign
    ("J03", ONE + SIGNED.format("云岭县农业局"), {"title": "云岭县农业农村局2020年政府信息公开工作年度报告"}),
    ("J03", ONE + SIGNED.format("云岭县政府办公室"), {"title": "云岭县2020年政府信息公开工作年度报告"}),
    (
        "J03",
        "如有疑问，请与云岭县教育局联系（电话：0999-5550123）。",
        {"title": "云岭县财政局2020年政府信息公开年度报告"},
    ),
    ("J04", ONE, {"unit": JIANSHAN, "found": at("http://xxgk.gaoan.gov.cn/art/1.html")}),
    ("J04", ONE, {"unit": JIANSHAN, "found": at("http://www.jiangxi.test/art/1.html")}),
    ("J04", ONE, {"unit": JIANSHAN, "found": at("http://a.test/xxgk.jsp?area=113708830043262780")}),  # not a right code
    ("J04", ONE, {"unit": OFFICE, "found": at("http://a.test/1.html", "990101-czj")}),
    ("J04", ONE, {"unit": OFFICE, "found": at("http://a.test/1.html", "990101")}),
    ("J05", ONE + "2019年8月，石桥乡更名为石桥镇。", {"title": TITLE}),
    ("J05", ONE + "2020年，石桥镇将公众号更名为石桥发布。", {"title": TITLE}),
    ("J05", ONE + "指导南岭乡撤乡设镇。", {"title": TITLE}),
    ("P08", ONE + "未收取信息处理费。\n六、其他需要报告的事项\n无", {}),
    (
        "T04",
        ONE + "主动公开信息30条，更新目录，网站运行正常，开展培训2次，收到申请0件，未收取费用。",
        {"unit": OFFICE, "form": "2021", "year": 2022, **NEW},
    ),
    ("T07", "一、概述\n修订目录3项。\n四、收费及减免情况\n未收费。", {"year": 2018}),
    ("T07", "一、概述\n修订目录3项。\n四、收费及减免情况\n未收费。", {"year": 2021, **NEW}),  # has the tables
    ("T07", ONE + "未收费，无减免情况。", {"year": 2021}),
    ("U03", ONE, {"disclosures__fees__amount": [1_000_000_000, "万元"], "unit": COUNTY}),
    ("U03", ONE, {"disclosures__procurement__amount": [12_000_000_000, "万元"], "unit": COUNTY}),
]


@pytest.mark.parametrize(("rule", "severity", "text", "options"), FIRES)
def test_fires(rule, severity, text, options):
    found = fired(rule, text, **options)
    assert [f.severity for f in found][:1] == [severity]


@pytest.mark.parametrize(("rule", "text", "options"), SILENT)
def test_near_miss(rule, text, options):
    assert fired(rule, text, **options) == []


def test_every_rule_of_the_modules_is_tested_both_ways():
    assert {rule for rule, *_ in FIRES} == {rule for rule, *_ in SILENT}


def test_a_finding_says_where_and_by_how_much():
    (found,) = fired("N02", ONE + "修订目录。\n公开信息50条，其中网站20条、宣传栏32条。")
    assert (found.left, found.right, found.delta, found.place) == (52, 50, 2, {"line": 3})
    assert found.quote == "50条，其中网站20条、宣传栏32条"
    assert fired("T03", ONE, disclosures__regulations__published=3)[0].row == "regulations"


# --- the five real reports: cells as the truth has them, prose as the readers find it

LEFT_TO_OTHERS = {"P01", "T02", "T06", "U01", "U02"}
LEVELS = {"township": "government", "county": "government"}


def _real(stem: str) -> tuple[Reading, dict]:
    from extract.formats.text import read_text

    truth = json.loads((REPORTS / f"{stem}.truth.json").read_text(encoding="utf-8"))
    made = read_text((REPORTS / f"{stem}.txt").read_bytes())
    form = forms.load()[truth["template"][:4]]
    heading = narrative.title(made)
    parents = tuple((str(n), name) for n, name in enumerate(truth["division"]["path"].split("/")[:-1]))
    level = truth["agency_detail"]["level"]
    unit = Unit(truth["division"]["code"], truth["agency"], LEVELS[level], level, truth["division"]["code"], parents)
    sections = narrative.sections(made)
    ambiguous = 3 if any(e["rule"] == "J02" for e in truth["expected_findings"]) else 1
    return Reading(
        made,
        form,
        _cells(form, truth),
        unit,
        parse_title(heading.text).year,
        truth["scope"],
        heading.text,
        narrative.signed_on(made),
        ambiguous,
        sections,
        narrative.contact(made),
        narrative.statements(sections, made),
    ), truth


def _cells(form: forms.Form, truth: dict) -> dict[tuple[str, str, str], Cell]:
    cells: dict[tuple[str, str, str], Cell] = {}

    def put(table: str, row: str, column: str, value: object, unit: str | None = None) -> None:
        kind = "number" if isinstance(value, int | float) else "text" if value else "blank"
        cells[table, row, column] = Cell(
            table, row, column, kind, str(value), value if kind == "number" else None, unit
        )

    for row in form.tables["disclosures"].rows:
        printed = next((v for k, v in truth["table2"].items() if k in (row.label, *row.aliases)), {})
        normal = truth.get("table2_normalised", {})
        for column, value in zip(row.columns, printed.values(), strict=False):
            unit = next((n["unit"] for k, n in normal.items() if column.money and k.startswith(row.label)), None)
            put("disclosures", row.name, column.name, value, unit)
    for name, key in (("applications", "table3"), ("disputes", "table4")):
        for row, values in zip(form.tables[name].rows, truth[key].values(), strict=True):
            for column, value in zip(form.tables[name].columns, values, strict=True):
                put(name, row.name, column.name, value)
    return cells


STEMS = sorted(path.stem for path in REPORTS.glob("*.txt")) or [""]


@pytest.mark.skipif(not REPORTS.is_dir(), reason="the real reports are not part of the repository")
@pytest.mark.parametrize("stem", STEMS)
def test_real_reports_raise_what_a_reader_finds_and_nothing_else(stem):
    made, truth = _real(stem)
    found = {(f.rule, f.severity) for module in MODULES for check in module.CHECKS for f in check(made)}
    groups = tuple(f"{g}" for g in "NPTCDUJ")
    expected = {(e["rule"], e["severity"]) for e in truth["expected_findings"] if e["rule"].startswith(groups)}
    assert found == {e for e in expected if e[0] not in LEFT_TO_OTHERS}
    assert not {rule for rule, _ in found} & set(truth["must_not_fire"])


@pytest.mark.skipif(not REPORTS.is_dir(), reason="the real reports are not part of the repository")
@pytest.mark.parametrize("stem", STEMS)
def test_real_reports_contact_date_and_period(stem):
    made, truth = _real(stem)
    in_words = {"website"} if "（" in (truth["contact"]["website"] or "") else set()  # a site named without its address
    assert {k: v for k, v in made.contact.items() if k not in in_words} == {
        k: v for k, v in truth["contact"].items() if k not in in_words
    }
    assert made.published_on == truth["date_signed"]
    assert narrative.period(made.content) == (tuple(truth["period"]) if truth["period"] else None)
    assert [s.number for s in made.sections if s.number] == [1, 2, 3, 4, 5, 6]
