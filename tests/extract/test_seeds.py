"""The five real reports against their hand-read truth. They are kept beside the repository, not in it."""

import json
import re
from pathlib import Path

import pytest

from crawler.items import Document
from extract import forms
from extract.records import Report
from extract.report import read_report
from tests.extract.shapes import places

FOLDER = Path(__file__).resolve().parents[2].parent / "shared" / "reports"
SEEDS = sorted(FOLDER.glob("*.truth.json"))
OTHERS = 3  # warnings and errors beyond the expected ones that a report may raise
ITEMS = {
    "规章": "regulations", "规范性文件": "normative_documents", "行政规范性文件": "normative_documents",
    "行政许可": "licensing",
    "其他对外管理服务事项": "other_services", "行政处罚": "penalties", "行政强制": "coercion", "行政事业性收费": "fees",
    "政府集中采购": "procurement",
}  # fmt: skip
MEASURES = {
    "本年新制作数量": "made", "本年新公开数量": "published", "对外公开总数量": "published_total",
    "上一年项目数量": "items_last_year",
    "本年增/减": "items_change", "处理决定数量": "decisions", "采购项目数量": "projects", "采购总金额": "amount",
    "本年制发件数": "issued", "本年废止件数": "repealed", "现行有效件数": "in_force", "本年处理决定数量": "decisions",
    "本年收费金额（单位：万元）": "amount",
}  # fmt: skip
CHANNELS = {
    "复议": "reconsideration",
    "直接起诉": "litigation_direct",
    "复议后起诉": "litigation_after_reconsideration",
}
EDITIONS = {"2019-60": "2019", "2021-30": "2021"}

pytestmark = pytest.mark.skipif(not SEEDS, reason=f"the five real reports are not here: {FOLDER}")


@pytest.fixture(params=SEEDS, ids=lambda path: path.name[:3])
def seed(request) -> tuple[dict, Report]:
    """The truth and what was read."""
    truth = json.loads(request.param.read_text(encoding="utf-8"))
    body = (FOLDER / truth["file"]).read_bytes()
    document = Document("sha256:" + "0" * 64, None, "", "text/plain", truth["file"], None, None, None, None, None, "")
    (report,) = read_report(body, document, places())
    return truth, report


def disclosures(truth: dict) -> dict[tuple[str, str], object]:
    """Table 二 as we store it: money in yuan, signs as numbers; columns without a title have no name."""
    cells = {}
    for item, measures in truth["table2"].items():
        for measure, value in measures.items():
            if measure in MEASURES:
                known = (truth.get("table2_normalised") or {}).get(f"{item}.{measure}", {})
                cells[ITEMS[item], MEASURES[measure]] = known.get("value_yuan", known.get("value", value))
    return cells


def test_who_when_which_form(seed) -> None:
    truth, report = seed
    assert (report.unit.id, report.year, report.scope) == (truth["division"]["code"], truth["year"], truth["scope"])
    assert report.form == next(ours for theirs, ours in EDITIONS.items() if truth["template"].startswith(theirs))
    assert report.published_on == truth["date_signed"]


def test_table_two(seed) -> None:
    truth, report = seed
    wanted = disclosures(truth)
    read = {(i, m): v for i, measures in report.disclosures.items() for m, v in measures.items()}
    assert set(wanted) == set(read)
    assert {k: v for k, v in read.items() if wanted[k] != v} == {}


def test_table_three(seed) -> None:
    truth, report = seed
    names = [row.name for row in forms.load()[report.form].tables["applications"].rows]
    wanted = {
        name: [int(v) if v == "00" else v for v in row]
        for name, row in zip(names, truth["table3"].values(), strict=True)
    }
    assert {k: v for k, v in report.applications.items() if wanted[k] != v} == {}


def test_table_four(seed) -> None:
    truth, report = seed
    assert report.disputes == {CHANNELS[channel]: values for channel, values in truth["table4"].items()}


def test_derived(seed) -> None:
    truth, report = seed
    wanted = {(d["table"], d["row"], d["column"], d["value"]) for d in truth.get("derived") or ()}
    assert {(d.table, d.row, d.column, d.value) for d in report.derived} == wanted


def test_expected_findings(seed) -> None:
    truth, report = seed
    raised = {(f.rule, f.severity, f.origin) for f in report.findings}
    assert {(f["rule"], f["severity"], f["origin"]) for f in truth["expected_findings"]} - raised == set()


def test_rules_that_must_not_fire(seed) -> None:
    truth, report = seed
    raised = {f.rule for f in report.findings}
    whole = {text for text in truth["must_not_fire"] if re.fullmatch(r"[A-Z]\d\d", text)}
    assert not whole & raised
    for text in truth["must_not_fire"]:  # `A02 on 总计 (…)`: silent there, whatever is said elsewhere
        if found := re.match(r"([A-Z]\d\d) on (自然人|总计)", text):
            column = {"自然人": "natural_person", "总计": "total"}[found[2]]
            assert not [f for f in report.findings if f.rule == found[1] and f.column == column]


def test_little_else_is_blamed(seed) -> None:
    truth, report = seed
    expected = {f["rule"] for f in truth["expected_findings"]}
    others = {f.rule for f in report.findings if f.severity in ("error", "warning")} - expected
    assert len(others) <= OTHERS, others


def test_every_open_cell_has_its_finding(seed) -> None:
    """No silent gap: where table 三 or 四 shows no number, a finding stands at the row or the table."""
    _, report = seed
    for table, rows in (("applications", report.applications), ("disputes", report.disputes)):
        told = {
            f.row
            for f in report.findings
            if f.table == table and f.rule in ("S05", "S08", "S09", "S11", "S12", "S15", "P01")
        }
        whole = any(
            f.table == table and f.rule in ("S04", "S09", "S08") and table == "disputes" for f in report.findings
        )
        assert whole or {row for row, values in rows.items() if None in values} <= told
