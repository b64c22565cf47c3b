"""A search that finds more than is looked up: what is counted, what is only listed, what that costs."""

from __future__ import annotations

import re
import sqlite3

import pytest

from db import found
from db.build import NAME
from tests.benchmark import search as generated
from tests.db.test_search import ask
from tests.db.test_site import get


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """Three thousand generated sections."""
    data = tmp_path_factory.mktemp("wide")
    generated.fill(data / NAME, 3000)
    return data


def test_more_than_is_counted_is_said(large, monkeypatch):
    monkeypatch.setattr(found, "MOST", 100)
    monkeypatch.setattr(found, "COUNTED", 40)
    page = ask(large, q="公开")
    assert "超过 100 处" in page and "1 / 5" in page
    counts = re.findall(r'<a href="(/search\?[^"]+)">.*?</a> <small>(\d+|40 以上)</small>', page)
    assert {name for link, _ in counts for name in found.VALID if f"{name}=" in link} == set(found.VALID)
    monkeypatch.setattr(found, "MOST", 20)
    page = ask(large, q="公开 年")
    assert "超过 20 处" in page and "year=2021" in page and not re.search(r"</a> <small>\d", page)
    monkeypatch.setattr(found, "MOST", 10_000)
    for link, count in counts[::7]:
        total = int(re.search(r"<p>([\d,]+) 处", get(large, link.replace("&amp;", "&")).text)[1].replace(",", ""))
        assert total > 40 if count == "40 以上" else total == int(count)


def test_parts_of_a_wide_search_are_all_listed_and_only_counted_where_it_is_known(large, monkeypatch):
    monkeypatch.setattr(found, "MOST", 100)
    monkeypatch.setattr(found, "COUNTED", 2)
    monkeypatch.setattr(found, "SAMPLE", 13)  # two reports and the first part of a third
    listed = re.findall(r"section=(\w+)[^\"]*\">.*?</a> <small>([^<]*)</small>", ask(large, q="公开"))
    assert dict(listed) == {"title": "2 以上", "text": "2 以上"} | dict.fromkeys("023456", "") | {"1": "2 以上"}
    monkeypatch.setattr(found, "SAMPLE", 10_000)
    listed = re.findall(r"section=(\w+)[^\"]*\">.*?</a> <small>([^<]*)</small>", ask(large, q="公开"))
    assert dict(listed) == dict.fromkeys(("title", "text", *"123456"), "2 以上")  # and none has the number 0


def test_the_words_are_looked_up_once_and_once_more_for_what_is_too_much_to_count(large, monkeypatch):
    connection = sqlite3.connect(large / NAME)
    connection.row_factory = sqlite3.Row
    asked = []

    async def query(sql, *values):
        asked.extend([sql] * sql.count("passage_words MATCH"))
        return [dict(row) for row in connection.execute(sql, values)]

    for most, times in ((found.MOST, 1), (100, 3)):  # by place, level and year; by part
        monkeypatch.setattr(found, "MOST", most)
        asked.clear()
        with pytest.raises(StopIteration):
            found.load(query, found.asked({"q": "公开", "place": "13"})).send(None)
        assert len(asked) == times
