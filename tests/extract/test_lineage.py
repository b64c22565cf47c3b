"""Names and codes over time: a report's unit is the one of its year, and leads to the one of today."""

from collections import Counter
from dataclasses import replace

import pytest

from extract import register
from extract.identity import Evidence, resolve
from extract.register import load
from extract.register.lineage import SAME, as_of, kin, kind_names, relations

REGISTER = load()


def unit(organ: str, year: int | None, **more: str):
    title = f"{organ}{year or ''}{'年' if year else ''}政府信息公开工作年度报告"
    return resolve(Evidence(title=title, **more), REGISTER).unit


@pytest.mark.parametrize(
    ("organ", "year", "id", "name", "county"),
    [
        ("华亭县", 2016, "620824", "华亭县人民政府", None),  # 2018-07-02 upgraded to a city
        ("华亭市", 2019, "620881", "华亭市人民政府", None),
        ("华亭县", 2018, "620824", "华亭县人民政府", None),  # printed before the change
        ("华亭市", 2018, "620881", "华亭市人民政府", None),
        ("华亭县", 2021, "620881", "华亭市人民政府", None),  # printed under a name of the past
        ("华亭市", 2016, "620824", "华亭县人民政府", None),  # published anew under the name of today
        ("华亭县", None, "620824", "华亭县人民政府", None),
        ("华亭县东华镇", 2016, "620824100", "东华镇人民政府", "华亭县"),
        ("华亭市东华镇", 2020, "620881100", "东华镇人民政府", "华亭市"),
        ("襄樊市", 2009, "4206", "襄樊市人民政府", None),  # renamed on 2010-12-09, the code stayed
        ("襄阳市", 2015, "4206", "襄阳市人民政府", None),
        ("密云县", 2012, "110228", "密云县人民政府", None),
        ("密云区", 2020, "110118", "密云区人民政府", None),
        ("宣武区", 2009, "110104", "宣武区人民政府", None),  # merged into 西城区
        ("华亭县财政局", 2016, "620824-czj", "华亭县财政局", "华亭县"),
        ("华亭市财政局", 2020, "620881-czj", "华亭市财政局", "华亭市"),
        ("临平区", 2021, "330113", "临平区人民政府", None),  # split off on 2021-04-09, in the lists of the end of 2022
        ("新星市", 2021, "659011", "新星市人民政府", None),  # its date is that list's: two years may lie between
        ("三明市三元区", 2021, "350404", "三元区人民政府", None),
        ("三明市三元区", 2020, "350403", "三元区人民政府", None),
        ("吉利区", 2020, "410306", "吉利区人民政府", None),
        (
            "南通市崇川区",
            2019,
            "320602",
            "崇川区人民政府",
            None,
        ),  # not its next code, though the list of 2020 is late too
    ],
)
def test_name_and_code_as_of_the_year(organ: str, year: int | None, id: str, name: str, county: str | None) -> None:
    found = unit(organ, year)
    assert (found.id, found.name) == (id, name)
    if county:
        assert found.parents[-1][1] == county


@pytest.mark.parametrize(("organ", "year"), [("新星市", 2020), ("临平区", 2019), ("吉利区", 2022), ("白杨市", 2021)])
def test_nobody_is_named_before_and_after_its_time(organ: str, year: int) -> None:
    assert unit(organ, year).id is None


def test_what_was_split_off_is_neither_its_predecessor_nor_its_host() -> None:
    split = {(r.predecessor, r.successor): r.date for r in relations() if r.kind == "split"}
    assert split["330110", "330113"] == split["330109", "330114"] == "2021-04-09"
    assert split["330327", "330383"] == "2019-10-31"  # no date but the list's
    assert "330110" not in kin("330113") and "330113" not in kin("330110")
    assert "330113" not in register.coordinates()  # not at the seat of 余杭区


def test_one_approval_one_date() -> None:
    dates = {r.predecessor: r.date for r in relations()}
    assert dates["410306"] == dates["410322"] == "2021-03-18"  # 吉利区 and 孟津县: 孟津区
    assert dates["350402"] == dates["350403"] == dates["350427"] == "2021-02-06"
    assert dates["350402001"] == "2021-02-06"  # and the towns with it


def test_a_merged_unit_is_not_its_successor() -> None:
    assert unit("宣武区", 2020).id is None  # there was none any more, and 西城区 is more than it was


@pytest.mark.parametrize("host", ["620881", "620824"])
def test_a_host_of_today_speaks_for_what_its_place_was(host: str) -> None:
    found = resolve(
        Evidence(title="东华镇2016年政府信息公开工作年度报告", host="www.ht.test"), REGISTER, {"www.ht.test": host}
    )
    assert found.unit.id == "620824100"


def test_credit_code_under_a_code_of_the_nineties() -> None:
    found = unit("丽水市", 2020, url="http://x.test/?area=113325000026455663")
    assert found.id == "3311"
    assert [(p.kind, p.agrees) for p in found.evidence] == [("title", True), ("credit code", True)]


@pytest.mark.parametrize(
    ("organ", "year", "id", "name"),
    [
        ("乐清市国土资源局", 2016, "330382-zrzyj", "乐清市国土资源局"),
        ("乐清市自然资源局", 2020, "330382-zrzyj", "乐清市自然资源局"),
        ("乐清市国土局", 2016, "330382-zrzyj", "乐清市自然资源局"),  # a short name tells no formal one
        ("乐清市工商行政管理局", 2012, "330382-gsxzj", "乐清市工商行政管理局"),  # three offices until the reform
        ("乐清市质监局", 2012, "330382-zljdj", "乐清市质量技术监督局"),
        ("乐清市市场监督管理局", 2020, "330382-scjgj", "乐清市市场监督管理局"),
        ("乐清市国税局", 2012, "330382-guosj", "乐清市国家税务局"),
        ("国家税务总局乐清市税务局", 2020, "330382-sw", "乐清市税务局"),
        ("乐清市人民政府城东街道办事处", 2020, "330382001", "城东街道办事处"),
    ],
)
def test_departments_before_and_after_the_reform(organ: str, year: int, id: str, name: str) -> None:
    found = unit(organ, year)
    assert (found.id, found.name) == (id, name)


def test_zones_that_the_statistics_list_have_their_code() -> None:
    assert unit("苏州工业园区管委会", 2024).id == "320576"
    assert unit("苏州工业园区管理委员会", 2018).id == "320571"  # under its code of that year
    assert unit("苏州市苏州工业园区", 2024).kind == "zone_committee"
    assert unit("苏州市吴中区", 2024).kind == "government"


def test_vertical_organs_leave_out_what_their_place_is() -> None:
    assert unit("国家统计局高安调查队", 2020).id == "360983-dcd"
    found = unit("中华人民共和国南昌海关", 2020)  # there are a city and a county
    assert (found.id, found.candidates) == (None, ("3601-hg", "360121-hg"))


def test_every_relation_leads_from_a_known_name_to_a_known_name() -> None:
    known = {(d.code, d.name.removesuffix("办事处")) for d in REGISTER.divisions.values()}
    known |= {(d.code, d.name.removesuffix("办事处")) for each in REGISTER.former.values() for d in each}
    for r in relations():
        assert (r.predecessor, r.predecessor_name.removesuffix("办事处")) in known
        assert (r.successor, r.successor_name.removesuffix("办事处")) in known
        assert r.date and r.source and r.kind in (*SAME, "merge", "split")
        assert (r.predecessor, r.predecessor_name) != (r.successor, r.successor_name)
    assert len(relations()) > 5000


def test_one_successor_a_name() -> None:
    after = Counter((r.predecessor, r.predecessor_name) for r in relations() if r.kind != "split")
    assert max(after.values()) == 1


def test_no_series_goes_round() -> None:
    for division in [d for each in REGISTER.former.values() for d in each]:
        later = as_of(division, "2024-12-31", REGISTER)
        assert later is None or later.valid("2024-12-31")
        assert division.code in kin(division.code)


def test_kin_follows_neither_sideways_nor_by_likeness() -> None:
    assert kin("620824") == {"622725", "620824", "620881"}  # 平凉地区 became a city in 2002
    assert "110103" in kin("110101") and "110104" not in kin("110101")
    assert kin("360902") & kin("360983") == frozenset()


def test_kind_names_are_known_names_of_their_kind() -> None:
    kinds = {kind.slug: kind for kind in register.kinds()}
    for former in kind_names():
        assert former.name in (kinds[former.slug].name, *kinds[former.slug].aliases)
        assert former.successor in kinds
        assert former.kind in ("rename", "merge")
        assert (former.kind == "merge") == (former.slug != former.successor)


def test_coordinates_are_in_the_country() -> None:
    places = register.coordinates()
    assert len(places) > 3000
    assert all(3 < lat < 54 and 73 < lon < 136 for lat, lon in places.values())
    assert places["360983"] == pytest.approx((28.4, 115.4), abs=0.3)


def test_contradictions_stay_visible() -> None:
    found = unit("高安市八景镇", 2020, contact="电话：0577-00000000", url="", host="www.yueqing.gov.cn")
    assert found.id == "360983104"  # its full name outweighs a telephone and a host
    assert {p.kind: p.agrees for p in found.evidence} == {"title": True, "phone": False, "host": False}
    found = unit("高安市八景镇", 2020, signature="丰城市上塘镇人民政府")
    assert found.id is None
    assert [p.agrees for p in found.evidence] == [True, False]
    weights = [p.weight for p in unit("芙蓉镇", 2020, contact="0577-00000000", host="www.yueqing.gov.cn").evidence]
    assert weights == sorted(weights, reverse=True)


def test_replacing_a_reading_keeps_the_rest() -> None:
    found = unit("华亭县", 2021)
    assert replace(found, evidence=(), candidates=()).parents == (("62", "甘肃省"), ("6208", "平凉市"))
