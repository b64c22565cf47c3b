"""The site: pages through Datasette's in-process client."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import pytest

from crawler.archive import Archive
from crawler.settings import CONTACT
from db.build import build
from extract import forms
from extract.records import Unit
from tests.db.conftest import digest, get, report, write

TEXT = "石桥镇 2022"
LOADING = {
    "link": "href",
    "script": "src",
    "img": "src",
    "iframe": "src",
    "form": "action",
    "object": "data",
    "source": "src",
}


@pytest.fixture
def built(data):
    page = "<title>报告</title><script>alert(1)</script>"
    archive = Archive(data / "archive")
    assert archive.store(
        TEXT.encode(), name="2022.txt", fetched="2026-01-02T03:04:05Z", media_type="text/plain"
    ) == digest(TEXT)
    archive.store(page.encode(), name="a.htm", fetched="2026-01-03T03:04:05Z", media_type="text/html")
    build(data)
    return data


def test_portals_with_trouble_stand_on_the_front_page(data):
    counts = {"portal": "gaoan", "started": "2026-01-02T03:04:05Z", "finished": "2026-01-02T03:05:05Z"}
    good = counts | {"reports": 3, "problems": [], "blocked": [], "failing": []}
    bad = counts | {
        "reports": 0,
        "problems": ["x: 404"],
        "blocked": [["ruishu", "http://x"]],
        "failing": ["no report found"],
    }
    for record, shown in ((good, False), (bad, True)):
        path = data / "runs" / "20260102T030405Z-gaoan.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(record))
        build(data)
        page = get(data, "/").text
        assert ("no report found" in page and "高安市人民政府" in page) is shown


def test_report_page_draws_the_official_tables(built):
    answer = get(built, "/report/990181101-2022")
    assert answer.status_code == 200
    page = answer.text
    for words in (
        "第二十条第（一）项",
        "法人或其他组织",
        "（三）不予公开",
        "复议后起诉",
        "云岭省",
        "2022",
        "可能是本库读取所致",
    ):
        assert words in page
    assert re.search(r'rowspan="8"><span lang="zh-CN">（三）不予公开', page)
    assert re.search(r'colspan="5"><span lang="zh-CN">法人或其他组织', page)
    assert re.search(r'colspan="5"><span lang="zh-CN">行政复议', page)
    assert "1.25005" in page and "12,500.5 元" in page  # the heading says 万元


def test_rows_that_a_report_prints_as_one_are_drawn_as_one(tmp_path):
    """（六）其他处理 as one row on the form of 2021: its figures stand in the table, the form's three rows do not."""
    line = report()
    line["applications"] |= {"other": [71, 0, 0, 0, 0, 0, 71]} | {
        row: [None] * 7 for row in forms.load()["2021"].merged.open_rows
    }
    write(tmp_path, line)
    build(tmp_path)
    page = get(tmp_path, "/report/990181101-2022").text
    table = re.search(r"<table(?:(?!<table).)*?法人或其他组织.*?</table>", page, re.DOTALL)[0]
    assert "（六）其他处理" in table and table.count(">71<") == 2
    assert "逾期不补正" not in page and "逾期未按收费通知" not in page


def test_cells_that_are_no_numbers_say_so_in_words(built):
    page = get(built, "/report/990181101-2022").text
    row = re.search(r"5\.属于三类内部事务信息.*?</tr>", page, re.S)[0]
    assert "见附件&lt;b&gt;" in row and "✕ S12" in row and "▲ S11" in row and "<b>" not in row
    notes = page[page.index('class="notes"') :]
    assert "原文" in notes and "表三 › 5.属于三类内部事务信息 › 自然人" in notes
    assert "Table 3 › Internal affairs (three kinds) › Natural persons" in notes


@pytest.mark.parametrize("path", ["/report/990181101-1999", "/report/x-000000000000", "/original/sha256:" + "0" * 64])
def test_unknown_addresses_are_404(built, path):
    answer = get(built, path)
    assert answer.status_code == 404 and "没有" in answer.text


def test_an_unresolved_address_leads_on(built):
    answer = get(built, f"/report/x-{digest(TEXT)[7:19]}", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (302, "/report/990181101-2022")


def test_originals_are_served_harmless(built):
    answer = get(built, f"/original/{digest(TEXT)}")
    assert answer.text == TEXT and answer.headers["content-type"] == "text/plain; charset=utf-8"
    page = get(built, f"/original/{digest('<title>报告</title><script>alert(1)</script>')}")
    assert page.status_code == 200 and page.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert page.headers["x-content-type-options"] == "nosniff"


def test_banner_only_over_invented_places(built, tmp_path_factory):
    for path in ("/", "/report/990181101-2022", "/gongkai/reports", "/gongkai", "/nowhere"):
        assert "演示数据" in get(built, path).text
    other = tmp_path_factory.mktemp("real")
    write(other, report(unit=Unit("360983104", "某镇", "government", "township", "360983104"), year=2022))
    build(other)
    assert "演示数据" not in get(other, "/report/360983104-2022").text


class Loads(HTMLParser):
    """Addresses that a browser would ask for without a click."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found += [value for name, value in attrs if LOADING.get(tag) == name]


@pytest.mark.parametrize(
    "path", ["/", "/report/990181101-2022", "/gongkai", "/gongkai/reports", "/gongkai/findings/1", "/nowhere"]
)
def test_no_page_asks_another_host(built, path):
    answer = get(built, path)
    loads = Loads()
    loads.feed(answer.text)
    assert loads.found and not [url for url in loads.found if re.match(r"(https?:)?//", url) and "localhost" not in url]
    external = set(re.findall(r"https?://[^\s\"'<]+", answer.text)) - {"http://www.baixi.test/2022.htm", CONTACT}
    assert not {url for url in external if "localhost" not in url and "w3.org" not in url}
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "script-src 'self';" in answer.headers["content-security-policy"]


def test_tables_carry_the_schemas_descriptions_and_labels(built):
    page = get(built, "/gongkai/reports").text
    assert "new requests in the year (requests, 件)" in page and "one row a unit and year" in page
    assert "白溪市石桥镇人民政府" in page  # the unit's label beside its key
    assert get(built, "/gongkai.json?sql=select+1").status_code == 200
