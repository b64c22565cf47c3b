"""gongkai release: the files, their sameness, what they say of themselves; runs that fail or meet another."""

from __future__ import annotations

import csv
import hashlib
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from crawler import lock
from db import downloads, schema
from db.build import NAME, build
from db.units import safe
from gongkai import cli
from tests.db.conftest import Fetched, document, get
from tests.db.private_reports import rows

pyarrow = pytest.importorskip("pyarrow.parquet")
pytest.importorskip("xlsxwriter")

from db import release as released  # noqa: E402  (only where its libraries are)
from db import tablefiles  # noqa: E402


def contents(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_the_same_database_gives_the_same_bytes(published, folder):
    first = contents(folder)
    build(published, Fetched(document("a"), document("b", "2026-02-02T03:04:05Z"), document("c", url="http://c.test/")))
    assert contents(released.release(published)) == first
    assert {path.split("/")[0] for path in first} == {"csv", "xlsx", "parquet", NAME, "datapackage.json", "SHA256SUMS"}
    assert not list(published.glob("release.*.*"))


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
        told = [["" if v is None else str(safe(v)) for v in row] for row in read]
        assert head == table.column_names and lines == told


def test_csv_opens_right_in_spreadsheets(folder):
    raw = (folder / "csv/reports.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf") and raw.count(b"\xef\xbb\xbf") == 1 and "石桥镇".encode() in raw


def test_csv_holds_no_formula_and_the_package_says_so(folder):
    with (folder / "csv/reports.csv").open(encoding="utf-8-sig", newline="") as file:
        titles = [line["title"] for line in csv.DictReader(file)]
    (evil,) = (title for title in titles if "HYPERLINK" in title)
    assert evil.startswith("'=HYPERLINK")
    assert "apostrophe" in json.loads((folder / "datapackage.json").read_text())["notes"]["csv"]


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


def test_a_table_too_long_for_a_worksheet_has_none_and_says_so(published, monkeypatch):
    monkeypatch.setattr(tablefiles, "SHEET_ROWS", 20)
    found = released.release(published)
    assert not (found / "xlsx/applications.xlsx").exists() and (found / "xlsx/reports.xlsx").exists()
    note = json.loads((found / "datapackage.json").read_text())["notes"]["xlsx/applications.xlsx"]
    assert "more than a worksheet can hold" in note
    assert "More rows than a worksheet can hold" in get(published, "/data?lang=en").text
    monkeypatch.undo()
    released.release(published)


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


def test_names_in_the_tables_have_their_labels(published, folder):
    tables = (("disclosures", "item"), ("applications", "outcome"), ("disputes", "channel"))
    for table, column in tables:
        unknown = f"SELECT {column} FROM {table} WHERE {column} NOT IN (SELECT name FROM labels WHERE table_name = ?)"
        assert rows(folder / NAME, unknown, table) == [] != rows(folder / NAME, f"SELECT {column} FROM {table}")
    sql = "SELECT zh, en, article FROM labels WHERE form = '2021' AND name = 'unable.not_held'"
    ((zh, en, article),) = rows(folder / NAME, sql)
    assert zh.endswith("1.本机关不掌握相关政府信息") and en.endswith("Not held") and "第三十六条" in article


def test_a_release_that_fails_leaves_the_old_one(published, folder, monkeypatch):
    before = contents(folder)

    def full(*_):
        raise OSError("no space left on device")

    monkeypatch.setattr(released.package, "write", full)
    with pytest.raises(OSError, match="no space"):
        released.release(published)
    assert contents(folder) == before and not list(published.glob("release.*.*"))


def test_a_build_that_comes_meanwhile_does_not_mix_two_databases(published, folder, monkeypatch):
    before, kept, looked = contents(folder), (published / NAME).read_bytes(), released._private

    def replaced(source):
        other = published / "other.db"
        other.write_bytes(kept)
        with closing(sqlite3.connect(other)) as connection, connection:
            connection.execute("UPDATE reports SET name = 'another'")
        other.replace(published / NAME)
        looked(source)

    monkeypatch.setattr(released, "_private", replaced)
    try:
        assert contents(released.release(published)) == before
    finally:
        (published / NAME).write_bytes(kept)


def test_a_release_that_cannot_be_put_in_place_gives_the_old_one_back(tmp_path):
    (tmp_path / "release").mkdir()
    with pytest.raises(OSError, match="nothing.new"):
        released._swap(tmp_path / "nothing.new", tmp_path / "release", tmp_path / "old")
    assert (tmp_path / "release").is_dir() and not (tmp_path / "old").exists()


def test_what_a_killed_run_left_behind_goes(published, folder):
    (published / "release.1.new" / "csv").mkdir(parents=True)
    (published / "release.1.db").write_bytes(b"")
    released.release(published)
    assert not list(published.glob("release.*.*"))


def test_only_what_a_release_made_is_cleared(published, folder):
    names = ("release.2025-12.tar.gz", "release.1.tar", "release.a.old", "release.1.db.bak")
    mine = [published / name for name in names]
    for path in mine:
        path.write_bytes(b"mine")
    released.release(published)
    assert [path.read_bytes() for path in mine] == [b"mine"] * 4
    for path in mine:
        path.unlink()


def test_a_run_killed_between_its_renames_loses_nothing(tmp_path):
    for name in ("release.7.old", "release.7.new"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "which").write_text(name)
    released._clear(tmp_path)
    assert (tmp_path / "release" / "which").read_text() == "release.7.old"
    assert [path.name for path in tmp_path.iterdir()] == ["release"]
    (tmp_path / "release.8.old").mkdir()  # one too many: the release is in place
    released._clear(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["release"]


def test_one_release_at_a_time(published):
    with lock.held(published, "release"), pytest.raises(released.ReleaseError, match="another release is running"):
        released.release(published)


def test_the_command(published, tmp_path):
    done = CliRunner().invoke(cli, ["--data", str(published), "release"])
    assert done.exit_code == 0 and "csv/reports.csv" in done.output and "MB" in done.output
    failed = CliRunner().invoke(cli, ["--data", str(tmp_path), "release"])
    assert failed.exit_code == 1 and "gongkai build" in failed.output
