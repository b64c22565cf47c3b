"""Places and units by name and pinyin: how they are spelt, what finds them, what is asked where a choice is left."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest

from db import names
from db.build import build
from db.pinyin import keys, letters, spelt
from extract.records import Unit
from tests.db.conftest import PARENTS, get, report, write
from tests.db.test_build import query

TOWN = Unit("990181101", "石桥镇人民政府", "government", "township", "990181101", PARENTS)
SCHOOLS = Unit("990181-jyj", "白溪市教育局", "department", "county", "990181", PARENTS)
TWINS = [
    Unit(f"{code}101", "石桥镇人民政府", "government", "township", f"{code}101", (*PARENTS[:2], (code, name)))
    for code, name in (("990182", "高安市"), ("990183", "吕梁市"))
]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A department, and three towns of one name in three counties."""
    data = tmp_path_factory.mktemp("names")
    units = (TOWN, SCHOOLS, *TWINS)
    write(data, *(report(f"n{n}", unit=unit) for n, unit in enumerate(units)))
    build(data)
    return data


@pytest.mark.parametrize(
    ("name", "above", "spelling"),
    [
        ("高安市", (), "Gao'an Shi"),
        ("丰城市", (), "Fengcheng Shi"),
        ("西安市", (), "Xi'an Shi"),
        ("陕西省", (), "Shaanxi Sheng"),
        ("山西省", (), "Shanxi Sheng"),
        ("重庆市", (), "Chongqing Shi"),
        ("内蒙古自治区", (), "Nei Mongol Zizhiqu"),
        ("恩施土家族苗族自治州", (), "Enshi Tujiazu Miaozu Zizhizhou"),
        ("吕梁市", (), "Lüliang Shi"),
        ("沙市区", (), "Shashi Qu"),
        ("和平区", (), "Heping Qu"),
        ("长子县", (), "Zhangzi Xian"),
        ("解放街道", (), "Jiefang Jiedao"),
        ("高安市农业农村局", ("江西省", "宜春市", "高安市"), "Gao'an Shi Nongye Nongcun Ju"),
        ("白溪市石桥镇人民政府", ("白溪市", "石桥镇"), "Baixi Shi Shiqiao Zhen Renmin Zhengfu"),
        ("发展和改革委员会", (), "Fazhan he Gaige Weiyuanhui"),
        ("市", (), "Shi"),
        ("", (), ""),
        ("<b>镇", (), "<b> Zhen"),
    ],
)
def test_spelling(name, above, spelling):
    assert spelt(name, above) == spelling


def test_keys_begin_at_every_syllable_and_know_both_spellings():
    assert keys("高安市") == ["gaoanshi", "anshi", "shi"]
    assert {"shaanxisheng", "shanxisheng"} <= set(keys("陕西省"))
    assert letters("LÜ-liang") == letters("lvliang") == "luliang"
    assert max(map(len, keys("积石山保安族东乡族撒拉族自治县"))) <= names.LONGEST


def test_every_place_and_unit_has_its_pinyin(site):
    assert dict(query(site, "SELECT name, pinyin FROM divisions WHERE length(code) < 9")) == {
        "云岭省": "Yunling Sheng",
        "青石市": "Qingshi Shi",
        "白溪市": "Baixi Shi",
        "高安市": "Gao'an Shi",
        "吕梁市": "Lüliang Shi",
    }
    assert dict(query(site, "SELECT id, pinyin FROM units"))["990181-jyj"] == "Baixi Shi Jiaoyu Ju"
    assert not query(site, "SELECT id FROM units WHERE pinyin IS NULL")


def found(site, q, **asked):
    """Ids of the places and units in the box above the hits."""
    page = get(site, "/search?" + urlencode({"q": q} | asked)).text
    box = page.partition('<div class="called">')[2].partition("</div>")[0]
    return re.findall(r'<li><a href="/(?:place|unit)/([^"]+)">', box)


@pytest.mark.parametrize(
    ("q", "ids"),
    [
        ("baixi", ["990181", "990181-jyj"]),
        ("bai xi", ["990181", "990181-jyj"]),
        ("BaiXi", ["990181", "990181-jyj"]),
        ("baixishi", ["990181", "990181-jyj"]),
        ("gaoan", ["990182"]),
        ("Gao'an", ["990182"]),
        ("lvliang", ["990183"]),
        ("lüliang", ["990183"]),
        ("luliang", ["990183"]),
        ("jiaoyu", ["990181-jyj"]),
        ("baixi jiaoyu", ["990181-jyj"]),
        ("白溪", ["990181", "990181-jyj"]),
        ("溪市", ["990181", "990181-jyj"]),
        ("石桥镇人民政府", ["990181101", "990182101", "990183101"]),
        ("教育局", ["990181-jyj"]),
        ("石桥镇", ["990181101", "990182101", "990183101"]),
        ("高安 石桥", ["990182101"]),
        ("gaoan shiqiao", ["990182101"]),
        ("云岭 白溪", ["990181", "990181-jyj"]),
        ("q", []),
        ("xyz", []),
    ],
)
def test_what_finds_a_place_or_unit(site, q, ids):
    assert found(site, q) == ids


def test_names_that_begin_so_come_first(site):
    assert found(site, "shi")[0] in ("990181101", "990182101", "990183101")  # Shiqiao before …shi
    assert found(site, "qing") == ["9901"]


def test_the_box_is_for_the_first_page_of_an_open_search(site):
    assert not found(site, "石桥", year="2022") and found(site, "石桥")


def test_letters_that_find_no_text_are_told_why(site):
    page = get(site, "/search?q=baixi&lang=en").text
    assert "Baixi Shi <span" in page and "pinyin made by a program" in page and "The reports are in Chinese" in page
    assert "拼音由程序转写" in get(site, "/search?q=baixi&lang=zh").text


@pytest.mark.parametrize("path", ["/coverage", "/findings", "/findings/S12", "/health", "/changes"])
def test_a_place_is_chosen_by_name_or_pinyin(site, path):
    for asked in ("白溪市", "990181", "baixi", "Baixi Shi", "bai xi"):
        answer = get(site, f"{path}?{urlencode({'place': asked, 'lang': 'en'})}")
        assert answer.status_code == 200 and "place=990181" in answer.text
    choice = get(site, f"{path}?place=shiqiao&lang=en&review=open")
    assert choice.status_code == 300 and "Which “shiqiao”?" in choice.text
    links = re.findall(rf'href="({path}\?lang=en&amp;review=open&amp;place=\d+)"', choice.text)
    assert len(links) == 3
    assert all(get(site, link.replace("&amp;", "&")).status_code == 200 for link in links)


def test_a_unit_is_added_to_a_comparison_by_its_name(site):
    answer = get(site, "/compare?units=990182101&find=baixi%20jiaoyu&metric=M1&metric=M7&years=2022")
    assert answer.status_code == 302
    assert answer.headers["location"] == "/compare?units=990182101,990181-jyj&metric=M1,M7&years=2022-2022"
    page = get(site, "/compare?find=石桥").text
    assert re.findall(r'href="/compare\?units=(\d+)&', page) == ["990181101", "990182101", "990183101"]
    assert get(site, "/compare?find=nowhere").status_code == 400


def test_a_name_is_no_query(site):
    for q in ('"', "baixi*", "(", "NEAR", "·gaoan", "↑云岭省", "' OR 1=1", "\0", "a" * 5000, "石 " * 80):
        assert get(site, "/search?" + urlencode({"q": q})).status_code == 200
        assert get(site, "/coverage?" + urlencode({"place": q})).status_code in (200, 300, 400)
