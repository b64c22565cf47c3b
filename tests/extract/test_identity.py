"""Who wrote a report: the right unit or none, never a wrong one."""

from random import Random

import pytest

from extract.identity import Evidence, division_of_host, host_map, resolve, scope
from extract.organs import read_organ
from extract.records import Unit
from extract.register import Division, load

REGISTER = load()
TAIL = "2020年政府信息公开工作年度报告"


def of(organ: str, year: int | None = None, **more: str) -> Evidence:
    tail = TAIL.replace("2020", str(year)) if year else TAIL
    return Evidence(title=organ + tail, **more)


KNOWN = [
    (of("建山镇", contact="地址：高安市建山镇，电话：0795-0000000，网站 www.gaoan.gov.cn"), "360983107", 1),
    (of("芙蓉镇", contact="0577-00000000", body_prefixes="乐政办发", host="www.yueqing.gov.cn"), "330382105", 3),
    (of("袁州区", host="www.yzq.gov.cn"), "360902", 1),
    (Evidence(title="高安市八景镇2022年政府信息公开工作年度报告"), "360983104", 1),
    (of("上塘镇", signature="丰城市上塘镇人民政府"), "360981127", 3),
    (of("乐清市农业农村局"), "330382-nyncj", 1),
]
ALONE = [  # each kind of evidence by itself
    (of("芙蓉镇", url="http://x.test/xxgkAnnualReport.jsp?area=11330382002558286L"), "330382105"),
    (of("芙蓉镇", index="索 引 号：11330382002558286L/2021-00013"), "330382105"),
    (of("", listing="永顺县芙蓉镇2020年政府信息公开年报"), "433127103"),
    (of("芙蓉镇", host="www.yueqing.gov.cn"), "330382105"),
    (of("芙蓉镇", host="xxgk.yueqing.gov.cn"), "330382105"),
    (of("芙蓉镇", contact="网址：www.yueqing.gov.cn"), "330382105"),
    (of("芙蓉镇", contact="电话（0577）00000000"), "330382105"),
    (of("芙蓉镇", contact="地址：永顺县芙蓉镇"), "433127103"),
    (of("芙蓉镇", signature="万安县芙蓉镇人民政府"), "360828100"),
    (of("芙蓉镇", publisher="万安县人民政府办公室"), "360828100"),
    (of("芙蓉镇", registered="360828"), "360828100"),
    (of("", registered="330382-nyncj"), "330382-nyncj"),
    (of("", registered="360983104"), "360983104"),
    (of("", signature="高安市八景镇人民政府"), "360983104"),
    (of("市农业农村局", host="www.yueqing.gov.cn"), "330382-nyncj"),
    (of("市场监督管理局", signature="乐清市市场监督管理局"), "330382-scjgj"),
]
NAMES = [
    ("高安市人民政府", "360983", "government"),
    ("高安市", "360983", "government"),
    ("江西省", "36", "government"),
    ("高安市人民政府办公室", "360983-zfb", "government_office"),
    ("江西省宜春市高安市八景镇人民政府", "360983104", "government"),
    ("高安市八景镇党政办", "360983104", "government"),
    ("北京市东城区东华门街道办事处", "110101001", "street_office"),
    ("东城区东华门街道", "110101001", "street_office"),
    ("乐清市农业局", "330382-nyncj", "department"),
    ("乐清市国土资源局", "330382-zrzyj", "department"),
    ("江西省农业农村厅", "36-nyncj", "department"),
    ("乐清市税务局", "330382-sw", "vertical_organ"),
    ("高安市人民政府（本级）", "360983", "government"),
]
NOBODY = [
    of("高安市八景镇", url="http://x.test/?area=113304830025582868"),  # the credit code is one of 桐乡
    of("芙蓉镇"),
    of("上塘镇", signature="上塘镇人民政府"),
    of("高安市八景镇", signature="丰城市上塘镇人民政府"),  # two voices
    of("建山镇", contact="0577-00000000"),  # a town of 宜春 with a telephone in 温州
    of("建山镇", host="www.yueqing.gov.cn"),
    of("农业农村局", host="www.yueqing.gov.cn"),  # cities republish their districts' reports
    of("县农业农村局", host="www.yueqing.gov.cn"),  # 乐清 is a city, not a county
    of("", publisher="高安市人民政府办公室"),  # offices publish for everybody
    of("高安市八景镇", registered="330382"),
    of("新华街道", body_prefixes="晋政办发〔2020〕3号"),  # a number of 山西, not of 晋中: one of its two bears the name
    of("城南街道", body_prefixes="苏政办发〔2020〕3号"),
    of("城南街道", body_prefixes="江府办发〔2020〕1号"),  # 江门, not 江城
    of("城区财政局", body_prefixes="晋政发〔2020〕1号"),
    of("芙蓉镇", body_prefixes="乐政办发〔2020〕1号"),  # a cited number alone settles nothing, even where it is right
    of("芙蓉镇", body_prefixes="永政办发〔2020〕1号", host="www.yueqing.gov.cn"),  # but it may speak against: 永顺
    of("无此市无此镇"),
    of("高安市无此局"),
    Evidence(),
]


@pytest.mark.parametrize(("evidence", "unit", "ambiguous"), KNOWN)
def test_known_reports(evidence: Evidence, unit: str, ambiguous: int) -> None:
    found = resolve(evidence, REGISTER)
    assert (found.unit.id, found.ambiguous, found.candidates) == (unit, ambiguous, (unit,))
    assert found.evidence[0].kind == "title"


@pytest.mark.parametrize(("evidence", "unit"), ALONE)
def test_one_piece_of_evidence(evidence: Evidence, unit: str) -> None:
    assert resolve(evidence, REGISTER).unit.id == unit


@pytest.mark.parametrize(("name", "unit", "kind"), NAMES)
def test_names(name: str, unit: str, kind: str) -> None:
    found = resolve(of(name), REGISTER).unit
    assert (found.id, found.kind) == (unit, kind)


@pytest.mark.parametrize("evidence", NOBODY)
def test_nobody_is_named(evidence: Evidence) -> None:
    assert resolve(evidence, REGISTER).unit.id is None


@pytest.mark.parametrize("numbers", ["浙政发〔2020〕1号", "温政办发〔2020〕2号 湘政发〔2020〕1号", "京政发〔2020〕4号"])
def test_a_number_of_the_province_or_the_prefecture_does_not_contradict(numbers: str) -> None:
    found = resolve(of("芙蓉镇", body_prefixes=numbers, host="www.yueqing.gov.cn"), REGISTER)
    assert found.unit.id == "330382105"
    assert all(piece.agrees for piece in found.evidence)


def test_a_city_whose_numbers_begin_otherwise() -> None:
    known = {"www.place.gov.cn": "320105"}
    found = resolve(of("南苑街道", body_prefixes="宁政发〔2020〕1号", host="www.place.gov.cn"), REGISTER, known)
    assert found.unit.id == "320105007"  # 宁 is 南京, not only 济宁


@pytest.mark.parametrize("number", ["市政办发〔2020〕1号", "市府函〔2020〕1号"])
def test_a_number_that_names_no_place(number: str) -> None:
    found = resolve(of("青平镇", body_prefixes=number), REGISTER)
    assert (found.unit.id, [piece.kind for piece in found.evidence]) == (None, ["title"])  # 乐山 has one, in 市中区


def test_unresolved_keeps_its_printed_name_and_candidates() -> None:
    found = resolve(of("芙蓉镇"), REGISTER)
    assert (found.unit.name, found.unit.level, found.unit.division) == ("芙蓉镇", "township", None)
    assert found.candidates == ("330382105", "360828100", "433127103")


def test_zone_committee_has_no_code_but_a_place_and_an_id_of_its_own() -> None:
    found = resolve(of("高安市高新技术产业园区管理委员会"), REGISTER).unit
    assert (found.kind, found.division) == ("zone_committee", "360983")
    assert found.id is not None and found.id.startswith("360983-z")
    assert resolve(of("宜春市高安市高新技术产业园区管委会"), REGISTER).unit.id == found.id
    assert resolve(of("高安市工业园区管理委员会"), REGISTER).unit.id != found.id
    assert resolve(of("丰城市高新技术产业园区管理委员会"), REGISTER).unit.id != found.id
    assert resolve(of("高安市高新技术产业园区财政局"), REGISTER).unit.id is None  # a zone's department has no place yet


def test_parents() -> None:
    assert resolve(of("高安市八景镇"), REGISTER).unit.parents == (
        ("36", "江西省"),
        ("3609", "宜春市"),
        ("360983", "高安市"),
    )
    assert resolve(of("乐清市农业农村局"), REGISTER).unit.parents[-1] == ("330382", "乐清市")
    assert resolve(of("江西省"), REGISTER).unit.parents == ()


def _township_sample(count: int) -> list[Division]:
    towns = [d for d in REGISTER.divisions.values() if d.level == "township" and d.name.endswith(("镇", "乡", "街道"))]
    return Random(7).sample(towns, count)


def test_full_path_is_always_right() -> None:
    for town in _township_sample(200):
        path = [*REGISTER.parents(town.code), town]
        for names in (path, path[-2:]):
            found = resolve(of("".join(d.name for d in names), 2024), REGISTER)
            if names is path:
                assert found.unit.id == town.code
            assert found.unit.id in (town.code, None), names
            if found.unit.id:
                assert [p[0] for p in found.unit.parents] == [d.code for d in path[:-1]]


def test_a_name_alone_is_right_or_nobody() -> None:
    shared = 0
    for town in _township_sample(400):
        found = resolve(of(town.name, 2026), REGISTER)
        bearers = {d.code for d in REGISTER.bearers(town.name) if not d.until}
        if town.name.endswith("街道"):
            bearers |= {d.code for d in REGISTER.named(town.name + "办事处")}
        shared += len(bearers) > 1
        assert found.unit.id == (town.code if len(bearers) == 1 else None)
        assert len(found.candidates) == len(bearers) == found.ambiguous
    assert shared > 50


def test_signature_settles_a_shared_name() -> None:
    for town in _township_sample(200):
        path = "".join(d.name for d in (*REGISTER.parents(town.code), town))
        assert resolve(of(town.name, 2024, signature=path + "人民政府"), REGISTER).unit.id == town.code


def test_departments_of_every_county() -> None:
    counties = [d for d in REGISTER.divisions.values() if d.level == "county" and len(REGISTER.named(d.name)) == 1]
    for county in Random(3).sample(counties, 150):
        for name, slug in (("财政局", "czj"), ("卫生和计划生育委员会", "wjw"), ("人民政府办公室", "zfb")):
            assert resolve(of(county.name + name, 2024), REGISTER).unit.id == f"{county.code}-{slug}"


def test_invented_places_and_hosts(tmp_path) -> None:
    (tmp_path / "99.csv").write_text(
        "code,name\n99,云上省\n9901,青川州\n990101,云岭县\n990101101,石桥镇乙\n", encoding="utf-8"
    )
    register = load(tmp_path)
    found = resolve(of("石桥镇乙", host="www.yunling.test"), register, {"www.yunling.test": "990101"})
    assert found.unit.id == "990101101"


def test_hosts() -> None:
    assert division_of_host("www.gaoan.gov.cn", host_map()) == "360983"
    assert division_of_host("xxgk.gaoan.gov.cn:443", host_map()) == "360983"
    assert division_of_host("www.gov.cn", host_map()) is None
    assert division_of_host("notgaoan.gov.cn", host_map()) is None


def test_reading_a_name_that_is_no_organ() -> None:
    assert read_organ("高安市第三中学", REGISTER) == ()
    assert read_organ("", REGISTER) == ()


GOVERNMENT = Unit("990101", "云岭县人民政府", "government", "county", "990101")
OFFICE = Unit("990101-zfb", "", "government_office", "county", "990101")


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [
        ("2020年，全区共收到政府信息公开申请12件。", GOVERNMENT, "aggregate"),
        ("本报告综合各乡镇和县直部门的年度报告编制而成。", GOVERNMENT, "aggregate"),
        ("本机关共收到申请2件。", GOVERNMENT, "own"),
        ("全县上下认真落实。", GOVERNMENT, "unknown"),
        ("本机关收到申请2件。", OFFICE, "own"),
        ("全县各级行政机关共收到申请2件。", OFFICE, "aggregate"),
        ("全县政务服务中心受理事项1200件。本机关收到政府信息公开申请3件。", GOVERNMENT, "own"),
        ("全县政务服务中心全年受理行政许可申请1200件。", GOVERNMENT, "unknown"),
        ("认真落实综合协调职责，按时向各部门报告工作情况。本机关收到申请3件。", GOVERNMENT, "own"),
        ("本报告由综合科会同各部门编制。", GOVERNMENT, "unknown"),
        ("要求各乡镇汇总编制年度报告。", GOVERNMENT, "unknown"),
        ("根据各乡镇、县直各部门年度报告汇总编制。", GOVERNMENT, "aggregate"),
        ("全县依申请公开情况：共受理12件。", GOVERNMENT, "aggregate"),
        ("全县共收到政府信息公开申请12件，其中本级收到政府信息公开申请3件。", GOVERNMENT, "unknown"),
        ("本报告综合各乡镇年度报告编制而成。本机关收到申请2件。", OFFICE, "unknown"),
        ("全县事项1200件。", OFFICE, "own"),
        ("全市共收到申请2件。", Unit("990101101", "", "government", "township", "990101101"), "own"),
        ("全市共收到申请2件。", Unit("990101-czj", "", "department", "county", "990101"), "own"),
        ("共收到申请2件。", Unit(None, "某单位"), "unknown"),
    ],
)
def test_scope(text: str, unit: Unit, expected: str) -> None:
    assert scope(text, unit) == expected
