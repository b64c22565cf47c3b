"""Sources and versions: one report at two addresses, a replaced page, several reports in one document."""

from __future__ import annotations

import sqlite3

import pytest
from click.testing import CliRunner

from crawler.archive import Archive
from crawler.items import Document
from crawler.replica import reports
from db.build import build
from extract.records import Unit
from gongkai import cli
from tests.db.conftest import TOWN, Fetched, digest, document, get, report, write
from tests.db.test_build import dump, query

A, B = "http://www.baixi.test/a.htm", "http://www.baixi.test/b.htm"
ID = "990181101-2022"
NOBODY = Unit(None, None)


def said(body, url=A, **fields):
    """A reading of the document `body` from an address; `new` is the total of new requests."""
    new = fields.pop("new", 6)
    line = report(body, **fields)
    line["document"]["url"] = url
    line["applications"]["new"] = [new - 1, 1, 0, 0, 0, 0, new]
    return line


def fetched(*visits):
    """The archive after visits of (body, month, address)."""
    return Fetched(*(document(body, f"2026-{month:02}-01T00:00:00Z", url) for body, month, url in visits))


def current(data):
    return query(data, "SELECT id, document, versions, requests_new FROM reports ORDER BY id")


def changed(data):
    return query(data, "SELECT table_name, row_name, column_name, before, after, at FROM changes ORDER BY id")


def test_two_addresses_are_two_sources_of_one_report(data):
    write(data, said("a"), said("b", B))
    build(data, fetched(("a", 1, A), ("b", 2, B)))
    assert current(data) == [(ID, digest("a"), 1, 6)]
    assert query(data, "SELECT document FROM report_documents WHERE report = ? ORDER BY 1", ID) == sorted(
        [(digest("a"),), (digest("b"),)]
    )
    assert not query(data, "SELECT * FROM report_versions") and not changed(data)


@pytest.mark.parametrize(
    ("title", "new", "count"),
    [
        ("白溪市石桥镇2022年政府信息公开工作年度报告", 6, 1),  # the copy names the place above as well
        ("白溪市石桥镇2022年政府信息公开工作年度报告", 7, 2),
        ("石桥镇2022年政府信息公开工作年度报告（更正）", 6, 2),
    ],
)
def test_a_copy_whose_title_names_the_place_above_is_no_second_report(data, title, new, count):
    write(data, said("a"), said("b", B, title=title, new=new))
    build(data, fetched(("a", 1, A), ("b", 2, B)))
    assert query(data, "SELECT count(*) FROM reports") == [(count,)]
    assert query(data, "SELECT count(*) FROM findings WHERE rule = 'R02'") == [(0 if count == 1 else 2,)]


def test_the_same_bytes_at_two_addresses_are_one_document_with_two_fetches(data):
    write(data, said("a"), said("a", B))
    build(data, fetched(("a", 1, A), ("a", 2, B)))
    assert current(data) == [(ID, digest("a"), 1, 6)]
    assert query(data, "SELECT url FROM fetches ORDER BY id") == [(A,), (B,)]


def test_a_changed_page_supersedes_cell_by_cell(data):
    write(data, said("a"), said("b", new=7, title="石桥镇2022年政府信息公开工作年度报告（更正）"))
    build(data, fetched(("a", 1, A), ("b", 5, A)))
    assert current(data) == [(ID, digest("b"), 2, 7)]
    at = "2026-05-01T00:00:00Z"
    assert changed(data) == [
        ("applications", "new", "natural_person", "5", "6", at),
        ("applications", "new", "total", "6", "7", at),
        (
            "reports",
            "title",
            None,
            "石桥镇2022年政府信息公开工作年度报告",
            "石桥镇2022年政府信息公开工作年度报告（更正）",
            at,
        ),
    ]
    assert query(data, "SELECT document, position, first_fetched, replaced_by, replaced_at FROM report_versions") == [
        (digest("a"), 1, "2026-01-01T00:00:00Z", digest("b"), at)
    ]
    assert query(data, "SELECT DISTINCT from_document, to_document FROM changes") == [(digest("a"), digest("b"))]
    page = get(data, f"/report/{ID}").text
    assert "与旧版的差异" in page and digest("a") in page


def test_three_versions_change_step_by_step(data):
    write(data, said("a"), said("b", new=7), said("c", new=9))
    build(data, fetched(("a", 1, A), ("b", 2, A), ("c", 3, A)))
    assert current(data) == [(ID, digest("c"), 3, 9)]
    steps = query(
        data, "SELECT before, after FROM changes WHERE row_name = 'new' AND column_name = 'total' ORDER BY at"
    )
    assert steps == [("6", "7"), ("7", "9")]
    assert query(data, "SELECT document FROM report_versions ORDER BY position") == [(digest("a"),), (digest("b"),)]


def test_words_that_became_a_number_are_a_change(data):
    later = said("b")
    later["applications"]["refused.internal"][0] = 1
    later["cells"] = [c for c in later["cells"] if c["class"] != "text"]
    write(data, said("a"), later)
    build(data, fetched(("a", 1, A), ("b", 2, A)))
    assert [row[1:5] for row in changed(data)] == [("refused.internal", "natural_person", "见附件<b>", "1")]


def test_a_copy_that_has_not_caught_up_does_not_win(data):
    """The copy at B is fetched last but shows what A has replaced."""
    write(data, said("a"), said("b", new=7), said("copy", B))
    build(data, fetched(("a", 1, A), ("b", 2, A), ("copy", 6, B)))
    assert current(data) == [(ID, digest("b"), 3, 7)]
    assert query(data, "SELECT count(*) FROM reports") == [(1,)]


def test_other_bytes_that_say_the_same_are_no_version(data):
    write(data, said("a"), said("counter"))
    build(data, fetched(("a", 1, A), ("counter", 2, A)))
    assert current(data) == [(ID, digest("a"), 1, 6)]  # decisions about it stay


def test_changed_words_alone_are_a_version(data):
    later = said("b")
    later["sections"][0]["text"] += "更正：另公开 3 条。"
    write(data, said("a"), later)
    build(data, fetched(("a", 1, A), ("b", 2, A)))
    assert current(data) == [(ID, digest("b"), 2, 6)]
    assert [row[:2] for row in changed(data)] == [("sections", "1")]


def test_a_page_that_goes_back_is_current_again(data):
    write(data, said("a"), said("b", new=7))
    build(data, fetched(("a", 1, A), ("b", 2, A), ("a", 3, A)))
    assert current(data) == [(ID, digest("a"), 2, 6)]
    assert query(data, "SELECT first_fetched FROM reports") == [("2026-03-01T00:00:00Z",)]


def test_the_archive_tells_that_a_page_went_back(tmp_path):
    archive = Archive(tmp_path / "archive")

    def visit(body, day):
        at = f"2026-01-0{day}T00:00:00Z"
        sent = {"url": A, "method": "GET", "request_headers": [], "request_body": b"", "status": "HTTP/1.1 200 OK"}
        found = archive.response(**sent, headers=[("Content-Type", "text/html")], body=body.encode(), fetched=at)
        archive.add(Document(found, A, at, "text/html", None, None, None, None, None, None))

    for day, body in enumerate("aba", 1):
        visit(body, day)
    write(tmp_path, said("a"), said("b", new=7))
    build(tmp_path)
    assert current(tmp_path) == [(ID, digest("a"), 2, 6)]
    assert query(tmp_path, "SELECT fetched, document FROM fetches ORDER BY id") == [
        (f"2026-01-0{day}T00:00:00Z", digest(body)) for day, body in enumerate("aba", 1)
    ]


def test_two_different_reports_are_both_kept_and_flagged(data):
    write(data, said("a"), said("b", B, new=7))
    build(data, fetched(("a", 1, A), ("b", 2, B)))
    assert current(data) == [(ID, digest("a"), 1, 6), (f"{ID}-2", digest("b"), 1, 7)]
    assert {r for (r,) in query(data, "SELECT report FROM findings WHERE rule = 'R02'")} == {ID, f"{ID}-2"}


def test_the_same_address_with_another_year_is_another_report(data):
    """Some portals keep this year's report at one address."""
    write(data, said("a"), said("b", year=2023, title="石桥镇2023年政府信息公开工作年度报告"))
    build(data, fetched(("a", 1, A), ("b", 2, A)))
    assert [row[0] for row in current(data)] == [ID, "990181101-2023"]


def test_a_document_with_several_reports_keeps_all(data):
    other = Unit("990181102", "白溪市南岭乡人民政府", "government", "township", "990181102", TOWN.parents)
    write(data, said("both"), said("both", unit=other, title="南岭乡2022年政府信息公开工作年度报告"))
    build(data, fetched(("both", 1, A)))
    assert query(data, "SELECT id, document, part FROM reports ORDER BY id") == [
        (ID, digest("both"), 1),
        ("990181102-2022", digest("both"), 2),
    ]


def test_unresolved_reports_of_one_document_keep_apart(data):
    write(data, said("both", unit=NOBODY), said("both", unit=NOBODY, title="南岭乡2022年政府信息公开工作年度报告"))
    build(data, fetched(("both", 1, A)))
    x = f"x-{digest('both')[7:19]}"
    assert [row[0] for row in current(data)] == [x, f"{x}-2"]


def test_both_reports_of_a_replaced_document_have_their_versions(data):
    other = Unit("990181102", "白溪市南岭乡人民政府", "government", "township", "990181102", TOWN.parents)
    parts = {"unit": other, "title": "南岭乡2022年政府信息公开工作年度报告"}
    write(data, said("a"), said("a", **parts), said("b", new=7), said("b", new=8, **parts))
    build(data, fetched(("a", 1, A), ("b", 2, A)))
    assert [(row[0], *row[2:]) for row in current(data)] == [(ID, 2, 7), ("990181102-2022", 2, 8)]


@pytest.mark.parametrize("first, second", [(NOBODY, TOWN), (TOWN, NOBODY)])
def test_a_version_that_does_not_tell_its_unit_takes_the_others(data, first, second):
    short, long = "石桥镇2022年政府信息公开工作年度报告", "白溪市石桥镇2022年政府信息公开工作年度报告"
    titles = (short, long) if first is NOBODY else (long, short)
    write(data, said("a", unit=first, title=titles[0]), said("b", unit=second, title=titles[1], new=7))
    build(data, fetched(("a", 1, A), ("b", 2, A)))
    assert current(data) == [(ID, digest("b"), 2, 7)]
    assert query(data, "SELECT unit FROM reports") == [("990181101",)]
    answer = get(data, f"/report/x-{digest('a')[7:19]}", follow_redirects=False)
    assert answer.headers["location"] == f"/report/{ID}"


def test_unresolved_versions_supersede_under_the_address_of_the_newest(data):
    write(data, said("a", unit=NOBODY), said("b", unit=NOBODY, new=7))
    build(data, fetched(("a", 1, A), ("b", 2, A)))
    assert current(data) == [(f"x-{digest('b')[7:19]}", digest("b"), 2, 7)]


def test_other_titles_at_one_address_never_merge_unresolved(data):
    """A gateway serves all its reports from one address."""
    titles = ("石桥镇2022年政府信息公开工作年度报告", "南岭乡2022年政府信息公开工作年度报告")
    write(data, *(said(f"{n}", unit=NOBODY, title=title) for n, title in enumerate(titles)))
    build(data, fetched(("0", 1, A), ("1", 2, A)))
    assert len(current(data)) == 2


def test_the_dump_is_identical_twice(data):
    other = said("b", B, new=9)
    write(data, said("a"), other, said("c", new=8), said("d", unit=NOBODY))
    archive = fetched(("a", 1, A), ("b", 2, B), ("c", 3, A), ("d", 4, A))
    build(data, archive)
    first = dump(data)
    build(data, archive)
    assert dump(data) == first


def test_through_the_command_line(tmp_path):
    """Import a page, import what replaced it at its address, build: the new one stands, the changes are told."""
    run = CliRunner()
    url = "https://www.qingxi.test/2023.htm"
    for seed, day in ((1, "2024-01-10"), (2, "2024-03-10")):
        file = tmp_path / f"{seed}.html"
        made = reports.generate(seed, unit="990101101", organ="清溪县双桥镇", year=2023)
        file.write_text(made.page, encoding="utf-8")
        arguments = ["import", str(file), "--url", url, "--fetched", day, "--unit", "990101101"]
        assert run.invoke(cli, ["--data", str(tmp_path / "data"), *arguments]).exit_code == 0
    for command in ("extract", "build"):
        assert run.invoke(cli, ["--data", str(tmp_path / "data"), command]).exit_code == 0
    (row,) = query(tmp_path / "data", "SELECT versions, first_fetched, requests_new FROM reports")
    assert row == (2, "2024-03-10T00:00:00Z", made.truth["applications"]["new"][6])
    assert query(tmp_path / "data", "SELECT count(*) > 3 FROM changes WHERE table_name = 'applications'") == [(1,)]
    connection = sqlite3.connect(tmp_path / "data" / "gongkai.db")
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    connection.close()
