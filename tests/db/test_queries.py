"""The canned queries: explained in both languages, safe to ask anything, honest about scopes and doubt."""

from __future__ import annotations

import html
from urllib.parse import urlencode

import pytest

from db import language, queries
from tests.db.conftest import digest, get
from tests.db.private_reports import built


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return built(tmp_path_factory.mktemp("release"))


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
