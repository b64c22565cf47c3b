"""The feeds of reports, changes and findings: Atom, stable from build to build, and what they say."""

from __future__ import annotations

import re

import pytest
from lxml import etree

from db.build import build
from tests.db.conftest import Fetched, document, get, report, write
from tests.db.replaced import A, B, replaced
from tests.db.test_places import HOSTILE
from tests.db.test_versions import fetched

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    return replaced(tmp_path_factory.mktemp("overview"))


def entries(answer):
    """Checks what RFC 4287 asks of a feed, and gives its entries."""
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("application/atom+xml")
    feed = etree.fromstring(answer.content)
    stamp = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
    assert feed.tag == f"{ATOM}feed" and len(feed.findall(f"{ATOM}author/{ATOM}name")) == 1
    found = feed.findall(f"{ATOM}entry")
    for element in (feed, *found):
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"{ATOM}{name}")) == 1 and element.findtext(f"{ATOM}{name}")
        assert stamp.fullmatch(element.findtext(f"{ATOM}updated"))
        assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", element.findtext(f"{ATOM}id"))
        assert all(link.get("href").startswith("http://localhost/") for link in element.findall(f"{ATOM}link"))
    assert {link.get("rel") for link in feed.findall(f"{ATOM}link")} == {"self", "alternate"}
    ids = [entry.findtext(f"{ATOM}id") for entry in found]
    assert len(set(ids)) == len(ids) and feed.findtext(f"{ATOM}id") not in ids
    assert feed.findtext(f"{ATOM}updated") == max(
        (e.findtext(f"{ATOM}updated") for e in found), default=feed.findtext(f"{ATOM}updated")
    )
    return found


@pytest.mark.parametrize("kind", ["reports", "changes", "findings"])
def test_feeds_are_atom_and_stable(built, kind):
    answer = get(built, f"/feeds/{kind}.atom")
    found = entries(answer)
    assert found and get(built, f"/feeds/{kind}.atom").content == answer.content
    build(built, fetched(("a", 1, A), ("b", 5, A), ("c", 3, B)))
    assert get(built, f"/feeds/{kind}.atom").content == answer.content
    some = entries(get(built, f"/feeds/{kind}.atom?place=990181101"))
    assert some and all("/report/990181101-2022" in e.find(f"{ATOM}link").get("href") for e in some)
    assert not entries(get(built, f"/feeds/{kind}.atom?place=360983"))


def test_what_the_feeds_say(built):
    newest = entries(get(built, "/feeds/reports.atom"))
    assert [e.findtext(f"{ATOM}updated") for e in newest] == ["2026-05-01T00:00:00Z", "2026-03-01T00:00:00Z"]
    assert "新收申请：7 件" in newest[0].findtext(f"{ATOM}content")
    assert HOSTILE in newest[1].findtext(f"{ATOM}title")
    (changed,) = entries(get(built, "/feeds/changes.atom"))
    assert "总计: 6 → 7" in changed.findtext(f"{ATOM}content")
    found = [e.findtext(f"{ATOM}content") for e in entries(get(built, "/feeds/findings.atom"))]
    assert any("错误 · 出自原文" in text for text in found)
    english = get(built, "/feeds/findings.atom?lang=en")
    assert any("<script>alert(2)</script>\ufffd" in e.findtext(f"{ATOM}content") for e in entries(english))
    assert b"<script" not in english.content and b'xml:lang="en"' in english.content


def test_a_report_fetched_without_a_date_has_one_in_the_feed(tmp_path):
    write(tmp_path, report())
    build(tmp_path, Fetched(document("石桥镇 2022")))
    assert len(entries(get(tmp_path, "/feeds/reports.atom"))) == 1
    build(tmp_path, Fetched())
    assert len(entries(get(tmp_path, "/feeds/reports.atom"))) == 1
