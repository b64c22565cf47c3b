"""What the prose claims: each rule's id with sentences that fire it and near misses that must not (DOMAIN §E, N)."""

from __future__ import annotations

import pytest

from extract import forms
from extract.records import Unit
from tests.extract.wording import COUNTY, OFFICE, ONE, raised_by, reading

REFUSED, UNABLE, UNPROCESSED = (
    {
        f"applications__{row.name}__total": 0
        for row in forms.load()["2019"].tables["applications"].rows
        if row.name.startswith(group)
    }
    for group in ("refused.", "unable.", "unprocessed.")
)
TABLE = {
    **REFUSED,
    **UNABLE,
    **UNPROCESSED,
    "applications__granted__total": 8,
    "applications__partly_granted__total": 2,
    "applications__refused.internal__total": 1,
    "applications__unable.not_held__total": 3,
    "applications__carried_in__total": 2,
    "applications__carried_out__total": 1,
}
PEOPLE = {
    f"applications__{row}__{column}": value
    for row, values in {
        "new": (4, 2, 0, 0, 1, 0),
        "carried_in": (1, 0, 0, 0, 0, 0),
        "closed": (5, 2, 0, 0, 1, 0),
    }.items()
    for column, value in zip(
        ("natural_person", "business", "research", "nonprofit", "legal_service", "other_organisation"),
        values,
        strict=True,
    )
}
SUITS = {
    f"disputes__{channel}__{column}": value
    for channel, values in {
        "reconsideration": (3, 1),
        "litigation_direct": (1, 0),
        "litigation_after_reconsideration": (1, 0),
    }.items()
    for column, value in zip(("total", "pending"), values, strict=True)
}
NOBODY = dict.fromkeys(SUITS, 0)
NEW_FORM = {"form": "2021", "year": 2022}
SIX = "六、其他需要报告的事项\n"
FOUR = "四、政府信息公开行政复议、行政诉讼情况\n"
CITY = {"unit": COUNTY, "scope": "aggregate"}

FIRES = [
    ("N04", "error", ONE + "收到政府信息公开申请15件，其中予以公开9件，不予公开1件。", TABLE),
    ("N04", "error", ONE + "申请办理结果：不予公开七件。", TABLE),
    ("N04", "error", ONE + "对申请作出3件部分公开。", TABLE),
    ("N05", "error", ONE + "因政府信息公开引起行政复议5件。", SUITS),
    ("N05", "error", ONE + "未发生因政府信息公开引起的行政复议、行政诉讼。", SUITS),
    ("N05", "error", ONE + "涉及政务公开的行政诉讼四起。", SUITS),
    ("N07", "warning", ONE + "公开信息3条，同比增长35%。", {}),
    ("N07", "warning", ONE + "公开信息12条，同比下降109%。", {}),
    ("N07", "warning", ONE + "公开信息12条，比上年增加2条，增长35%。", {}),
    ("N07", "warning", ONE + "收到申请55件，其中网上申请52件，占总数的84.5%。", {}),
    (
        "N09",
        "error",
        "现编制石桥镇2019年政府信息公开工作年度报告。",
        {"title": "石桥镇2020年政府信息公开工作年度报告"},
    ),
    ("N09", "error", ONE + "2019年，我镇修订目录3项。\n2019年，我镇培训2次。", {}),
    ("N12", "error", ONE + "结转下年度继续办理的申请3件。", TABLE),
    ("N12", "error", ONE + "上年结转申请两件，没有申请结转下年度。", TABLE),
    ("N12", "error", ONE + "收到申请15件，上年结转5件。", TABLE),
    ("N13", "notice", SIX + "依法收取信息处理费。", NEW_FORM),
    ("N14", "warning", ONE + "收到政府信息公开申请7件，其中自然人6件，法人或其他组织3件。", PEOPLE),
    (
        "N14",
        "warning",
        ONE + "收到政府信息公开申请7件，其中自然人4件，法人或其他组织2件。",
        {**PEOPLE, "applications__new__business": 3},
    ),
]

SILENT = [
    ("N04", ONE + "收到政府信息公开申请15件，其中予以公开8件，部分公开2件，不予公开1件，无法提供3件。", TABLE),
    ("N04", ONE + "收到政府信息公开申请15件，其中予以公开10件。", TABLE),  # 部分公开 may be meant too
    ("N04", ONE + "收到政府信息公开申请15件，其中不予公开4件。", TABLE),  # 无法提供 may be meant too
    ("N04", ONE + "收到申请15件，予以公开9件。", {}),  # table 三 not readable: not assessable
    ("N04", ONE + "去年收到申请，予以公开9件。", TABLE),
    ("N04", ONE + "2019年收到申请20件，予以公开9件。", TABLE),
    ("N04", ONE + "2008年以来收到申请90件，累计予以公开70件。", TABLE),
    ("N04", ONE + "收到网上申请12件，予以公开6件。", TABLE),  # of some requests only
    ("N04", ONE + "全市收到申请90件，予以公开70件。", TABLE),  # another organ's
    ("N04", ONE + "区政府办公室收到申请6件，予以公开5件。", {**TABLE, **CITY}),
    ("N04", ONE + "收到申请，予以公开近9件，不予公开两三件，无法提供10余件。", TABLE),
    ("N04", ONE + "建议提案和申请中予以公开9件。", TABLE),
    ("N05", ONE + "因政府信息公开引起行政复议3件，行政诉讼2件。", SUITS),
    ("N05", ONE + "因政府信息公开引起行政复议2件。", SUITS),  # one is pending
    ("N05", ONE + "因政府信息公开引起行政诉讼1件。", SUITS),  # one channel may be meant
    ("N05", ONE + "全年审理行政复议案件31件，行政诉讼出庭应诉9件。", SUITS),  # as the organ that decides
    ("N05", ONE + "收到行政复议申请31件，做好信息公开。", {**SUITS, "unit": COUNTY}),
    ("N05", ONE + "未发生政府信息公开行政复议被纠错和行政诉讼败诉的情况。", SUITS),
    ("N05", ONE + "未收到有关政府信息公开工作的举报、投诉、行政复议或行政诉讼。", NOBODY),
    ("N05", ONE + "未发生因收费引起的行政复议。", SUITS),
    ("N05", ONE + "上年政府信息公开行政复议5件。", SUITS),
    ("N05", FOUR + "未经行政复议直接起诉的情况见下表。", SUITS),
    ("N05", ONE + "因政府信息公开引起行政复议5件。", {}),
    ("N07", ONE + "公开信息20条，同比下降41.2%；专栏38个，同比下降45%；动态3801条，同比上升109%。", {}),
    ("N07", ONE + "公开信息12条，比上年增加2条，增长20%。", {}),
    ("N07", ONE + "收到申请55件，其中网上申请52件，占总数的94.5%。", {}),
    ("N07", ONE + "收到申请55件，其中网上申请52件，占94%。", {}),  # cut off, not rounded
    ("N07", ONE + "公开信息近3条，同比增长35%；答复咨询3次，群众满意度同比增长35%。", {}),
    ("N07", ONE + "清理群组20个，减少了41.7%。", {}),  # of how many is not told
    ("N07", ONE + "公开信息1条，同比增长100%。", {}),  # from nothing
    ("N07", ONE + "公开信息0条，同比下降100%。", {}),
    (
        "N09",
        "现编制石桥镇2020年政府信息公开工作年度报告。参照《石桥镇2019年政府信息公开工作年度报告》。",
        {"title": "石桥镇2020年政府信息公开工作年度报告"},
    ),
    ("N09", ONE + "2019年，我镇列为试点。\n2020年，我镇培训2次。", {}),
    ("N09", ONE + "2019年，我镇列为试点。修订目录3项。", {}),
    ("N12", ONE + "结转下年度继续办理的申请1件，上年结转2件。", TABLE),
    ("N12", ONE + "2019年收到申请9件，3件结转下年办理。", TABLE),
    ("N12", ONE + "行政复议结转下年度3件。", TABLE),
    ("N12", ONE + "结转下年度继续办理的申请3件。", {}),
    ("N13", SIX + "2022年收取信息处理费400元。", NEW_FORM),
    ("N13", SIX + "未收取信息处理费。", NEW_FORM),
    ("N13", SIX + "无", NEW_FORM),  # T04 says that nothing is said
    ("N13", SIX + "依法收取信息处理费。", {"form": "2019", "year": 2020}),
    ("N14", ONE + "收到政府信息公开申请7件，其中自然人4件，法人或其他组织3件。", PEOPLE),
    ("N14", ONE + "收到公民、法人和其他组织政府信息公开申请7件。", PEOPLE),  # shared by all three
    ("N14", ONE + "收到政府信息公开申请7件，其中自然人5件。", PEOPLE),  # with what was carried in
    ("N14", ONE + "收到政府信息公开申请7件，其中法人2件，其他组织1件。", PEOPLE),
    ("N14", ONE + "收到政府信息公开申请7件，其中自然人6件。", {}),
    ("N14", ONE + "答复公民咨询6件。", PEOPLE),
    ("N14", ONE + "上年收到政府信息公开申请9件，其中自然人6件。", PEOPLE),
]


def _ids(rows: list) -> list[str]:
    return [f"{rule}-{n}" for n, (rule, *_) in enumerate(rows)]


@pytest.mark.parametrize(("rule", "severity", "text", "options"), FIRES, ids=_ids(FIRES))
def test_fires(rule, severity, text, options):
    assert [f.severity for f in raised_by(rule, reading(text, **options))][:1] == [severity]


@pytest.mark.parametrize(("rule", "text", "options"), SILENT, ids=_ids(SILENT))
def test_near_miss(rule, text, options):
    assert raised_by(rule, reading(text, **options)) == []


def test_every_rule_is_tested_both_ways():
    assert (
        {rule for rule, *_ in FIRES} == {rule for rule, *_ in SILENT} == {f"N{n:02}" for n in (4, 5, 7, 9, 12, 13, 14)}
    )


def test_n04_says_what_stands_in_the_table():
    (found,) = raised_by("N04", reading(ONE + "修订目录。\n申请中予以公开9件。", **TABLE))
    assert (found.table, found.row, found.column) == ("applications", "granted", "total")
    assert (found.left, found.right, found.delta, found.place) == (9, 8, 1, {"line": 3})


def test_n04_of_an_office_ignores_its_government():
    unit = {"unit": OFFICE}
    assert raised_by("N04", reading(ONE + "各部门收到申请，予以公开9件。", **TABLE, **unit)) == []
    assert raised_by("N04", reading(ONE + "我局收到申请，予以公开9件。", **TABLE, **unit))


def test_n09_reads_the_year_in_a_header():
    from tests.extract.shapes import raised, read, swap, synthetic

    text = synthetic(3, 2023, ("year_in_header",)).text
    assert raised(read(text), "N09") == []
    (found,) = raised(read(swap(text, ("（2023）", "（2022）"))), "N09")
    assert (found.left, found.right) == (2022, 2023)


def test_a_city_without_a_level_of_its_own_is_left_alone():
    assert raised_by("N05", reading(ONE + "因政府信息公开引起行政复议5件。", unit=Unit(None, None), **SUITS))
