"""Search: everything that a LIKE scan finds, nothing private, an answer to whatever is typed."""

from __future__ import annotations

import random
import re
import sqlite3
from urllib.parse import quote, urlencode

import pytest

from db import found, search
from db.build import NAME, build
from extract.records import Unit
from tests.benchmark import search as generated
from tests.db.conftest import PARENTS, report, write
from tests.db.test_build import dump, query
from tests.db.test_site import get

COUNTY = Unit("990181", "白溪市人民政府", "government", "county", "990181", PARENTS[:2])
LONG = "一、总体情况"
PRIVATE = (
    "联系人：王小明，电话：0990-1234567、7654321，手机13812345678，邮箱 Wang.XM@163.com，400-123-4567，"
    "负责人：李四 电话同上"
)


def section(text: str, number: int = 1, heading: str = LONG) -> dict:
    return {"number": number, "heading": heading, "text": text}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Two units, three reports, of two years."""
    data = tmp_path_factory.mktemp("search")
    write(
        data,
        report(
            sections=[
                section("全年办结依申请公开12件。<script>alert(1)</script>" + PRIVATE),
                section("人员不足。", 5, "五、问题"),
            ]
        ),
        report(
            "b", year=2023, sections=[section("我镇公开Ａ１类信息，设１２３４５热线。"), section("", 2, "二、主动公开")]
        ),
        report("c", unit=COUNTY, year=2023, sections=[section("市政府办结申请；公平、开放。", 1)]),
    )
    build(data)
    return data


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """Three thousand generated sections."""
    data = tmp_path_factory.mktemp("large")
    generated.fill(data / NAME, 3000)
    return data


def ask(data, **asked):
    answer = get(data, "/search?" + urlencode(asked))
    assert answer.status_code == 200
    return answer.text


def hits(page: str) -> list[str]:
    return re.findall(r'<li><p>.*?href="(/report/[^"]+)"', page)


def test_words_of_any_length_are_found_as_a_scan_finds_them(large):
    words = generated.sought(large / NAME, each=30)
    assert {len(word) for each in words.values() for word in each} == {1, 2, 3, 4}
    for each in words.values():
        wanted, missed, beyond = generated.recall(large / NAME, each)
        assert wanted > 30 and (missed, beyond) == (0, 0)


def test_longer_words_and_several_words(large):
    texts = [text for (text,) in query(large, "SELECT text FROM sections")]
    source = random.Random(1)
    for _ in range(20):
        run = max(search.RUN.findall(search.searchable(source.choice(texts))), key=len)
        assert generated.recall(large / NAME, [run[:9]])[1:] == (0, 0)
    both = sum("行政复议" in text and "年" in text for text in texts)
    sql, match = search.find("行政复议 年", ["·stext"])
    assert len(query(large, sql, match, -1)) >= both > 0


def test_hits_are_marked_and_escaped(site):
    page = ask(site, q="公开12件")
    assert "<mark>公开12件</mark>" in page and "&lt;script&gt;" in page and "<script>alert" not in page
    (link,) = hits(page)
    assert link.startswith("/report/990181101-2022#section-")
    assert f'id="{link.partition("#")[2]}"' in get(site, link.partition("#")[0]).text


@pytest.mark.parametrize(
    ("q", "reports"),
    [
        ("溪", 3),
        ("镇", 4),
        ("足", 1),
        ("办结", 2),
        ("a1类", 1),
        ("Ａ１", 1),
        ("12345热线", 1),
        ("办结 申请", 2),
        ("公开 类", 1),
        ("公开放", 0),
        ("石桥镇 2022", 1),
    ],
)
def test_what_is_found(site, q, reports):
    assert len(hits(ask(site, q=q))) == reports


def test_titles_come_first_and_the_newest_year_before_older_ones(site):
    found_at = hits(ask(site, q="公开"))
    assert found_at[:3] == ["/report/990181-2023", "/report/990181101-2023", "/report/990181101-2022"]
    assert [re.search(r"-(\d{4})", link)[1] for link in found_at[3:]] == ["2023", "2023", "2022"]


@pytest.mark.parametrize(
    ("narrowed", "count"),
    [
        ({"year": "2023"}, 4),
        ({"level": "county"}, 1),
        ({"place": "990181101"}, 5),
        ({"place": "9901"}, 6),
        ({"section": "title"}, 3),
        ({"section": "text"}, 3),
        ({"section": "2"}, 1),
        ({"year": "2023", "level": "township", "section": "1"}, 1),
        ({"place": "98"}, 0),
    ],
)
def test_narrowing(site, narrowed, count):
    page = ask(site, q="公开", **narrowed)
    assert len(hits(page)) == count
    assert ("没有找到" in page) == (not count) == ("不加筛选再找" in page)


def test_facets_count_what_their_links_find(site):
    page = ask(site, q="公开")
    links = re.findall(r'<li><a href="(/search\?[^"]+)">.*?</a> <small>(\d+)</small>', page)
    names = {name for link, _ in links for name in found.VALID if f"{name}=" in link}
    assert names == set(found.VALID)
    for link, count in links:
        assert len(hits(get(site, link.replace("&amp;", "&")).text)) == int(count)


def test_only_narrowed_lists_what_is_there(site):
    assert len(hits(ask(site, section="5"))) == 1
    assert "去掉" in ask(site, section="5") and "依申请公开" in ask(site)


def test_pages(large):
    first, second = ask(large, q="公开"), ask(large, q="公开", page=2)
    assert len(hits(first)) == len(hits(second)) == found.PAGE and not set(hits(first)) & set(hits(second))
    assert 'rel="next"' in first and 'rel="prev"' not in first and 'rel="prev"' in second
    (pages,) = re.search(r"1 / (\d+)", first).groups()
    last = ask(large, q="公开", page=pages)
    assert 'rel="next"' not in last and 0 < len(hits(last)) <= found.PAGE
    assert "没有这一页" in ask(large, q="公开", page=int(pages) + 1)


@pytest.mark.parametrize(
    "q", ["王小明", "小明", "1234567", "7654321", "13812345678", "wang.xm@163.com", "wang", "163", "4567", "李四"]
)
def test_contacts_are_not_found(site, q):
    assert not hits(ask(site, q=q)), q


def test_contacts_are_hidden_in_snippets_too(site):
    page = ask(site, q="联系人")
    assert "<mark>联系人</mark>：***" in page
    assert not re.search(r"小明|1234567|163\.com|13812345678", page)


@pytest.mark.parametrize(
    "text",
    [
        "公开政府信息12500000条",
        "国办公开办函〔2021〕30号",
        "支出 1,234,567.00 元",
        "12345热线",
        "2022-2023年",
        "负责人为镇长",
    ],
)
def test_figures_and_words_are_no_contacts(text):
    assert search.HIDDEN not in search.searchable(text)


@pytest.mark.parametrize(
    "q",
    [
        '"', "'", '""公开', "公开 OR", "NEAR(公开 信息)", "公开*", "^公开", "words:公开", "-公开", "公开 AND NOT 信息",
        "{公开}:", "+", "(", "' OR 1=1 --", "'; DROP TABLE reports; --", "%", "_", "\\", "\0公开\0",
        "公\r\nSet-Cookie: a=b", "\x1b[31m", "\ufffe", "\u202e公开", "<script>alert(1)</script>", "{{7*7}}",
        "公" * 1500, "a b c d e f g h i j k", "😀", "𠀀𪚥", "①②", "ﷺ", "é", "ß", "İ",
    ],
)  # fmt: skip
def test_whatever_is_typed_is_answered(site, q):
    page = ask(site, q=q)
    assert "<script>alert" not in page and "49" not in re.findall(r'value="([^"]*)"', page)
    assert " 处 · " in page or "没有找到" in page or 'class="said"' in page


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"q": "公" * 81}, "不要超过 80 个字"),
        ({"q": "a b c d e f g h i"}, "不要超过 8 个词"),
        ({"q": "，。！"}, "没有可以查找的字词"),
        ({"q": "公开", "year": "20x1"}, "这不是年份"),
        ({"q": "公开", "year": "２０２２"}, "这不是年份"),
        ({"q": "公开", "level": "moon"}, "没有这个层级"),
        ({"q": "公开", "place": "99' --"}, "没有这样的区划代码"),
        ({"q": "公开", "section": "7"}, "没有这个部分"),
        ({"q": "公开", "page": "-1"}, "没有这一页"),
        ({"q": "公开", "page": "9" * 40}, "没有这一页"),
    ],
)
def test_what_is_not_understood_is_said(site, asked, said):
    assert said in ask(site, **asked)


def test_bytes_that_are_no_text(site):
    for raw in ("q=%ff%fe", "q=%00", "q=%ED%A0%80", "q[]=1&q=2&q=3", "q", "q=%E5%85", "place=%00"):
        assert get(site, f"/search?{raw}").status_code == 200


def test_a_search_that_takes_too_long_is_answered(large, monkeypatch):
    from datasette.database import QueryInterrupted

    async def slow(*_):
        raise QueryInterrupted(Exception("interrupted"), "", {})

    monkeypatch.setattr(found, "_facets", slow)
    assert "查找用时过长" in ask(large, q="公开", year=2021)


def test_a_database_of_before_has_no_index(tmp_path):
    generated.fill(tmp_path / NAME, 6)
    connection = sqlite3.connect(tmp_path / NAME)
    connection.executescript("; ".join(f"DROP TABLE {table}" for table in ("passages", *search.INDEXES)))
    connection.close()
    assert "请重新构建" in ask(tmp_path, q="公开", year=2021) and "依申请公开" in ask(tmp_path)


def test_two_builds_give_the_same_index(site):
    before = dump(site)
    build(site)
    assert dump(site) == before and any('INTO "passage_words_data"' in line for line in before)


def test_front_page_and_navigation_lead_to_the_search(site):
    page = get(site, "/").text
    assert 'action="/search"' in page and 'href="/search"' in page


def test_words_in_sql(site):
    sql = "select count(*) from passage_words where passage_words match zh_match('办结')"
    assert get(site, f"/gongkai.json?_shape=arrays&sql={quote(sql)}").json()["rows"] == [[2]]


def test_snippets_of_long_texts_are_short():
    text = "前" * 300 + "公开" + "中" * 300 + "公开" + "后" * 300
    pieces = search.snippet(text, ["公开"])
    assert [piece for piece, is_hit in pieces if is_hit] == ["公开", "公开"] and len(
        "".join(p for p, _ in pieces)
    ) < 200
    assert search.snippet("", ["公开"]) == [] and search.snippet("无", []) == [("无", False)]
    assert search.marked("公开公开公", ["公开", "开公"]) == [("公开公开公", True)]
