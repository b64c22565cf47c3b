"""The languages of the interface: what a reader gets, and a catalogue that lacks nothing and has nothing left over."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import db
from db import schema
from db.build import build
from db.downloads import INDEXED
from db.inputs import rule_rows
from db.language import CATALOGUE, catalogue, chosen, described, descriptions, flag_words, speaker
from db.measures import register
from extract.wordings import WORDINGS
from tests.db.conftest import get

HOME = Path(db.__file__).parent
SOURCES = [*HOME.glob("site/templates/*.html"), *HOME.glob("*.py"), *HOME.glob("site/plugins/*.py")]
KEY = r"""(?P<f>\bf)?(?P<quote>["'])(?P<key>[a-z_]+\.[^"'{\s]*)(?:(?P<open>\{)|[^"'\n]*(?P=quote)\s*(?P<more>[~+])?)"""
SAID, LITERAL, ENDING = re.compile(r"\b(?:t|say)\(\s*" + KEY), re.compile(KEY), re.compile(r"""~ ["'](\.\w+)["']""")


def _said(pattern: re.Pattern[str]) -> dict[tuple[str, bool], str]:
    """(key or the beginning of one, whether it is only the beginning) → the file that says it."""
    found = {}
    for path in SOURCES:
        for match in pattern.finditer(path.read_text(encoding="utf-8")):
            beginning = bool(match["more"] or (match["f"] and match["open"]) or match["key"].endswith("."))
            found[match["key"], beginning] = path.name
    return found


def test_every_key_that_is_said_is_in_the_catalogue():
    missing = []
    for (key, beginning), name in sorted(_said(SAID).items()):
        known = any(k.startswith(key) for k in catalogue()) if beginning else key in catalogue()
        if not known:
            missing.append(f"{name}: {key}{'…' if beginning else ''}")
    assert not missing


def test_every_key_of_the_catalogue_is_said():
    said = _said(LITERAL)
    whole = {key for key, beginning in said if not beginning}
    beginnings = tuple(key for key, beginning in said if beginning)
    endings = tuple(end for path in SOURCES for end in ENDING.findall(path.read_text(encoding="utf-8")))
    left = [key for key in catalogue() if not (key in whole or key.startswith(beginnings) or key.endswith(endings))]
    assert left == []


def test_both_languages_take_the_same_fields_and_say_something():
    field = re.compile(r"\{(\w*)\}")
    for key, text in catalogue().items():
        assert sorted(field.findall(text["zh"])) == sorted(field.findall(text["en"])), key
        assert bool(text["zh"]) == bool(text["en"]), key
        assert not re.search("[一-鿿]", text["en"]) or re.search("[一-鿿]", text["zh"]), key


def test_a_language_that_lacks_is_named(monkeypatch, tmp_path):
    broken = tmp_path / "catalogue.toml"
    broken.write_text('[page]\nword = { zh = "字" }\n', encoding="utf-8")
    monkeypatch.setattr("db.language.CATALOGUE", broken)
    with pytest.raises(ValueError, match=r"page\.word needs exactly zh and en"):
        catalogue.__wrapped__()
    assert CATALOGUE.exists()


@pytest.mark.parametrize(
    ("asked", "kept", "accepted", "language"),
    [
        (None, None, "", "zh"),
        ("en", "zh", "zh", "en"),
        ("xx", "en", "zh", "en"),
        (None, None, "en-GB,en;q=0.9", "en"),
        (None, None, "fr, en;q=0.5, zh;q=0.8", "zh"),
        (None, None, "zh;q=0, en", "en"),
        (None, None, "fr", "zh"),
        (None, None, "en;q=, *;q=x", "zh"),
        ("../en", "<script>", "\x00;;,,", "zh"),
    ],
)
def test_the_language_of_a_reader(asked, kept, accepted, language):
    assert chosen(asked, kept, accepted) == language


def test_every_description_has_its_chinese_and_none_is_left_over():
    tables = [told for name, told in schema.descriptions().items() if name not in INDEXED]
    english = {sentence for table, columns in tables for sentence in (table, *columns.values())}
    english |= {sentence for folder in ("views", "metrics") for _, sentence, _ in schema.sql_files(folder)}
    english |= {line[name] for line in register("metrics") for name in ("formula", "note") if line[name]}
    english |= {row["formula"] for row in rule_rows() if row["formula"]}
    assert set(descriptions()) == english
    assert all(re.search("[一-鿿]", zh) for zh in descriptions().values())


def test_a_description_that_nobody_knows_stays():
    assert described("zh", "facts about this build") == "本次构建的基本情况"
    assert described("en", "facts about this build") == "facts about this build"
    assert described("zh", "of an older build") == "of an older build" and described("zh", None) == ""


def test_flags_are_put_into_words():
    assert flag_words(speaker("zh"), "small n; incomplete: 3 missing") == "样本少、另缺 3 份报告"
    assert flag_words(speaker("en"), "incomplete: 3 missing") == "incomplete: 3 reports missing"
    assert flag_words(speaker("en"), None) == flag_words(speaker("en"), "") == ""


def test_every_kind_of_statement_has_words():
    kinds = {wording.kind for wording in WORDINGS} | {"requests_received", "active_disclosed", "policy_documents"}
    assert {f"stated.{kind}" for kind in kinds | {"growth", "parts_of", "other"}} <= set(catalogue())


def test_every_flag_and_unit_of_a_metric_has_words():
    written = "".join(path.read_text("utf-8") for path in [*HOME.glob("metrics/*.sql"), *HOME.glob("fills/*.sql")])
    flags = set(re.findall(r"'; ([a-z0-9][a-z0-9 ]+)'", written)) | set(
        re.findall(r"'((?:operand|assumed) [a-z]+)'", written)
    )
    assert {"small n", "operand flagged", "assumed zero", "denominator 0"} <= flags
    for flag in flags:
        assert flag_words(speaker("en"), flag), flag
    assert {f"measured.{line['unit']}" for line in register("metrics")} <= set(catalogue())


def test_a_page_is_in_one_language_and_leads_to_the_other(data):
    build(data)
    chinese, english = get(data, "/"), get(data, "/", headers={"accept-language": "en-US,en;q=0.9,zh;q=0.5"})
    assert '<html lang="zh-CN">' in chinese.text and '<html lang="en">' in english.text
    assert "选一个地方" in chinese.text and "Choose a place" not in chinese.text
    assert "Choose a place" in english.text and "选一个地方" not in english.text
    assert 'href="?lang=en" lang="en" hreflang="en">English<' in chinese.text
    assert 'href="?a=1&amp;lang=zh" lang="zh-CN"' in get(data, "/about?a=1&lang=en").text


@pytest.mark.parametrize("path", ["//host.test/", "/%22%3E%3Cscript%3Ealert(1)%3C/script%3E", "/?a=%22%3E%3Cscript%3E"])
def test_no_address_leads_away_or_breaks_out(data, path):
    build(data)
    page = get(data, path).text
    assert "<script>" not in page and not re.search(r"""(href|action|src)=["']//""", page)


def test_the_choice_is_kept(data):
    build(data)
    first = get(data, "/?lang=en")
    assert first.headers["set-cookie"].startswith("lang=en; Path=/;")
    assert "accept-language" in first.headers["vary"]
    assert '<html lang="en">' in get(data, "/", cookies={"lang": "en"}).text
    assert "set-cookie" not in get(data, "/").headers and "set-cookie" not in get(data, "/?lang=%0d%0aX").headers
