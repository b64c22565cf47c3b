"""The page of a report beside its tables: the year before, notes of agencies, citation; and the report as data."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import asdict

import pytest

from db import said
from db.build import build
from db.inputs import BuildError
from db.language import speaker
from extract.records import Finding
from tests.db.by_hand import DISCLOSURES, full
from tests.db.by_hand import finding as at_cell
from tests.db.conftest import applications, digest, get, report, write

ID = "990181101-2022"


def finding(rule="A01", **at):
    made = Finding(rule, "error", "source", "5 ≠ 6", left=5, right=6, delta=-1, table="applications", **at)
    return asdict(made) | {"fingerprint": made.fingerprint}


def built(data, *lines, notes=None):
    if notes is not None:
        (data / "notes.csv").write_text(notes, encoding="utf-8")
    write(data, *lines)
    build(data)
    return data


@pytest.fixture(scope="module")
def years(tmp_path_factory):
    """2020 aggregate, 2021 own, 2022 own with a row of which nothing was read."""
    blank = applications(new=50, granted=5, closed=60) | {"carried_in": [None] * 7}
    lines = [
        report("a", year=2020, scope="aggregate", applications=applications(new=900)),
        report("b", year=2021, applications=applications(new=40, granted=8, carried_in=3)),
        report("c", year=2022, applications=blank, findings=[finding(row="closed")]),
    ]
    return built(tmp_path_factory.mktemp("years"), *lines)


def differences(page):
    rows = re.findall(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', page, re.S)
    plain = [(re.sub(r"<[^>]+>", "", name), re.findall(r">([^<>]*)<", cells)) for name, cells in rows]
    return {name.removeprefix("◇ ").split(" Table")[0]: [w for w in words if w.strip()] for name, words in plain}


def test_the_year_before_stands_beside_with_the_difference(years):
    page = get(years, f"/report/{ID}").text
    lines = differences(page[page.index('id="beside"') : page.index('id="findings"')])
    assert lines["表三 › 一、本年新收政府信息公开申请数量 › 总计"] == ["40", "50", "+10"]
    assert lines["表三 › （一）予以公开 › 总计"] == ["8", "5", "−3"]
    assert lines["表三 › 二、上年结转政府信息公开申请数量 › 总计"] == ["3", "□", "–"]  # a blank is no 0
    assert "/report/990181101-2021" in page


def test_a_line_of_which_either_year_is_in_doubt_is_marked(years):
    page = get(years, f"/report/{ID}").text
    beside = page[page.index('id="beside"') : page.index('id="findings"')]
    marked = re.findall(r'◇ <span lang="zh-CN">([^<]*)</span>', beside)
    assert "表三 › （七）总计 › 总计" in marked and "表三 › 一、本年新收政府信息公开申请数量 › 总计" not in marked


def test_other_scopes_are_not_subtracted(years):
    page = get(years, "/report/990181101-2021").text
    beside = page[page.index('id="beside"') : page.index('id="findings"')]
    assert "不能相减" in beside and "<table" not in beside and "/report/990181101-2020" in beside
    assert 'id="beside"' not in get(years, "/report/990181101-2020").text


def test_a_headline_bears_the_mark_of_its_row(years):
    page = get(years, f"/report/{ID}").text
    facts = page[page.index('<dl class="facts"') : page.index('class="here"')]
    closed = facts[facts.index("办结") : facts.index("结转下年")]
    assert "60" in closed and "✕ A01" in closed
    assert "✕" not in facts[: facts.index("予以公开")]


def test_marks_stand_at_whole_columns(tmp_path):
    page = get(built(tmp_path, report(findings=[finding("A03", column="natural_person")])), f"/report/{ID}").text
    assert re.search(r'<th scope="col"[^>]*>\s*<span lang="zh-CN">自然人</span>(?:(?!</th>).)*✕ A03', page)


@pytest.mark.parametrize(
    ("language", "words"), [("zh", "报告写 6，各项相加为 5。"), ("en", "The report says 6; the sum is 5.")]
)
def test_findings_are_neutral_sentences_in_one_language(years, language, words):
    page = get(years, f"/report/{ID}?lang={language}").text
    assert words in page
    assert ("What the checks found" in page) == (language == "en") and ("核查结果" in page) == (language == "zh")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", "按上年报告推算为 37，本报告写 40。"),
        ("en", "From last year’s report follows 37; this report says 40."),
    ],
)
def test_what_follows_from_last_year_is_not_what_the_report_says(tmp_path, language, words):
    stock = {"issued": 4, "repealed": 1, "in_force": 34}  # and so in this year's: 34 + 4 − 1 = 37, printed 40
    before = full(2021) | {"disclosures": DISCLOSURES | {"normative_documents": stock}}
    data = built(tmp_path, before, full(2022))
    assert words in get(data, f"/report/{ID}?lang={language}").text
    assert words in get(data, f"/findings/Y02?lang={language}").text


def test_an_error_on_a_whole_table_is_told_at_every_figure_of_it(tmp_path):
    before = report("a", year=2021, cells=[], findings=[])
    data = built(tmp_path, before, full(findings=[at_cell("T02", row=None, column=None)]))
    figures = get(data, f"/report/{ID}.json").json()["figures"]
    assert {(f["table"], "T02" in f["rules"]) for f in figures} == {
        ("applications", True), ("disclosures", False), ("disputes", False)
    }  # fmt: skip
    page = get(data, f"/report/{ID}").text
    assert re.search(r"<caption>(?:(?!</caption>).)*✕ T02", page) and page.count("<caption>") == 3
    facts = page[page.index('<dl class="facts"') : page.index('class="here"')]
    assert facts.count("✕ T02") == 5 and "T02" not in facts[facts.index("复议纠正") :]
    beside = page[page.index('id="beside"') : page.index('id="findings"')]
    assert set(re.findall(r'(◇ )?<span lang="zh-CN">(表[三四])', beside)) == {("◇ ", "表三"), ("", "表四")}
    assert get(data, f"/report/{ID}/original?cell=applications.*.*").status_code == 200


def test_a_blank_headline_is_a_blank_in_its_table_too(tmp_path):
    blank = applications(new=5) | {"granted": [None] * 7}
    del blank["partly_granted"]
    page = get(built(tmp_path, report(applications=blank, cells=[], findings=[])), f"/report/{ID}").text
    facts = page[page.index('<dl class="facts"') : page.index('class="here"')]
    granted, partly = re.findall(r"<dd>(.*?)</dd>", facts, re.S)[1:3]
    assert "□" in granted and "∅" not in granted and "∅" in partly


def test_a_finding_without_figures_adds_nothing_to_its_rule():
    found = {"rule": "S12", "message": "x", "zh": "字", "en": "words", "left_value": None, "right_value": None}
    assert said.rule(speaker("zh"), found) == "字" and said.detail(speaker("zh"), found) == ""
    assert said.detail(speaker("en"), found) == "x"


def test_money_is_said_in_the_unit_of_its_number(tmp_path):
    cell = {"table": "disclosures", "row": "fees", "column": "amount", "class": "annotated", "raw": "1.25005"}
    rest = {"value": 12500.5, "unit": "万元", "note": None, "confidence": None, "place": None}
    page = get(built(tmp_path, report(cells=[cell | rest])), f"/report/{ID}").text
    notes = re.sub(r"<[^>]+>", "", page[page.index('class="notes"') :])
    assert "1.25005 (万元)" in notes and "读作 12,500.5 元" in notes and "12,500.5 万元" not in notes


def test_the_citation_names_bytes_and_fetch(years):
    page = get(years, f"/report/{ID}?lang=en").text
    cite = re.search(r'<dd class="cite">(.*?)</dd>', page, re.S)[1]
    assert digest("c") in cite and ID in cite and "石桥镇" in cite and "published 2023-01-16" in cite


def test_a_report_as_json(years):
    answer = get(years, f"/report/{ID}.json")
    record = answer.json()
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    by_place = {(f["table"], f["row"], f["column"]): f for f in record["figures"]}
    new, words = (
        by_place["applications", "new", "total"],
        by_place["applications", "refused.internal", "natural_person"],
    )
    assert (new["value"], new["unit"], new["label"]) == (50, "件", "表三 › 一、本年新收政府信息公开申请数量 › 总计")
    assert (words["value"], words["class"], words["printed"]) == (None, "text", "见附件<b>")
    assert by_place["applications", "closed", "total"]["rules"] == ["A01"]
    assert by_place["applications", "carried_in", "total"]["value"] is None
    assert record["sources"][0]["digest"] == digest("c") and record["findings"][0]["rule"] == "A01"
    assert record["scope"] == "own" and record["form"] == "2021"


def test_a_report_as_csv_that_spreadsheets_open(years):
    answer = get(years, f"/report/{ID}.csv")
    assert answer.content.startswith(b"\xef\xbb\xbf") and "attachment" in answer.headers["content-disposition"]
    lines = {(x["table"], x["row"], x["column"]): x for x in csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff")))}
    assert lines["applications", "new", "total"]["value"] == "50"
    assert lines["applications", "carried_in", "total"]["value"] == ""
    assert lines["applications", "closed", "business"]["rules"] == "A01"
    assert {(line["year"], line["scope"], line["form"]) for line in lines.values()} == {("2022", "own", "2021")}
    assert len(lines) == len(get(years, f"/report/{ID}.json").json()["figures"])


def test_data_of_a_report_hold_what_could_not_be_placed(tmp_path):
    odd = {
        "table": "applications",
        "row": "其他情形",
        "column": None,
        "class": "unassigned",
        "raw": ["其他情形", "3", ""],
    }
    rest = dict.fromkeys(("value", "unit", "note", "confidence", "place"))
    line = report(cells=[odd | rest], findings=[finding("S36", row="其他情形"), finding("A01", row="closed")])
    data = built(tmp_path, line)
    found = {(f["table"], f["row"], f["column"]): f for f in get(data, f"/report/{ID}.json").json()["figures"]}
    lost = found["applications", "其他情形", None]
    assert (lost["value"], lost["class"], lost["unit"], lost["rules"]) == (None, "unassigned", None, ["S36"])
    assert "其他情形" in lost["printed"] and '"3"' in lost["printed"]
    assert found["applications", "closed", None]["rules"] == ["A01"]
    text = get(data, f"/report/{ID}.csv").text.lstrip("\ufeff")
    lines = {(x["row"], x["column"]): x for x in csv.DictReader(io.StringIO(text))}
    assert lines["其他情形", ""] | {"class": "unassigned", "value": "", "rules": "S36"} == lines["其他情形", ""]
    assert len(lines["其他情形", ""]["printed"]) > 5 and len(text.splitlines()) == len(found) + 1


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("A01: total − the other parts", "A01: 总计减去其余各项"),
        ("A01: sum of the parts", "A01: 各项相加"),
        ("A01: sum of the parts; the column of totals prints 0 throughout", "A01: 各项相加；“总计”一栏全部印作 0"),
        ("every relation of the form holds if blanks are 0", "空白为零时，表中的关系全部成立"),
        ("A99: something new", '<span lang="en">A99: something new</span>'),
    ],
)
def test_what_a_derived_value_follows_from_is_said_in_the_readers_language(tmp_path, source, words):
    value = {"table": "applications", "row": "refused.internal", "column": "nonprofit", "value": 1, "from": source}
    data = built(tmp_path, report(derived=[value | {"assumed_zero": False}]))
    chinese, english = (get(data, f"/report/{ID}?lang={language}").text for language in ("zh", "en"))
    assert f"({words})" in chinese and source in english


@pytest.mark.parametrize("assumed", [True, False])
def test_a_value_that_follows_only_if_blanks_are_zero_says_so_everywhere(tmp_path, assumed):
    source = "A02: every relation of the form holds if blanks are 0"
    value = {"table": "applications", "row": "granted", "column": "total", "value": 40, "from": source}
    line = full(applications=applications(granted=None), derived=[value | {"assumed_zero": assumed}])
    data = built(tmp_path, line)
    figures = get(data, f"/report/{ID}.json").json()["figures"]
    found = next(f for f in figures if (f["row"], f["column"]) == ("granted", "total"))
    told = {key: found[key] for key in ("derived", "derived_relation", "derived_assumed_zero")}
    assert told == {"derived": 40, "derived_relation": source, "derived_assumed_zero": int(assumed)}
    lines = csv.DictReader(io.StringIO(get(data, f"/report/{ID}.csv").text.lstrip("\ufeff")))
    found = next(x for x in lines if (x["row"], x["column"]) == ("granted", "total"))
    assert (found["derived_relation"], found["derived_assumed_zero"]) == (source, str(int(assumed)))
    hover = re.search(r'title="(推算：40[^"]*)"', get(data, f"/report/{ID}").text)[1]
    assert ("以空白为零" in hover) == assumed


def test_contacts_are_on_the_page_and_in_no_file(years):
    assert "0990-000000" in get(years, f"/report/{ID}").text
    for kind in ("json", "csv"):
        assert "0990-000000" not in get(years, f"/report/{ID}.{kind}").text


@pytest.mark.parametrize("kind", ["json", "csv"])
def test_data_of_an_unresolved_address_lead_on(years, kind):
    answer = get(years, f"/report/x-{digest('c')[7:19]}.{kind}", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (302, f"/report/{ID}.{kind}")
    assert get(years, f"/report/nothing.{kind}").status_code == 404


def test_what_an_agency_says_stands_on_its_report(tmp_path):
    notes = f"report,text,source,date\n{ID},<b>录入有误</b>，总计应为 7,石桥镇来函,2024-03-05\n"
    notes += "990181102-2022,of a report that is not held,y,2024-01-01\n"
    data = built(tmp_path, report(), notes=notes)
    page = get(data, f"/report/{ID}").text
    aside = re.search(r'<aside class="agency".*?</aside>', page, re.S)[0]
    assert "&lt;b&gt;录入有误" in aside and "石桥镇来函" in aside and "2024-03-05" in aside and "单位的说明" in aside
    assert ">6<" in page  # the figure stays as it was read
    assert [n["noted_on"] for n in json.loads(get(data, f"/report/{ID}.json").text)["notes"]] == ["2024-03-05"]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (f"{ID},words,source", "3 fields instead of 4"),
        (f"{ID},,source,2024-01-01", "the column text is empty"),
        (f"{ID},words,source,5 March", "date '5 March' is no date"),
        (f'{ID},"words,source,2024-01-01', "quotation mark"),
    ],
)
def test_a_malformed_note_stops_the_build(tmp_path, line, fault):
    with pytest.raises(BuildError, match=rf"notes\.csv:3: .*{fault}"):
        built(tmp_path, report(), notes=f"report,text,source,date\n{ID},good,source,2024-01-01\n{line}\n")
