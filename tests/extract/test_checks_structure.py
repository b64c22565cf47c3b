"""Groups S, P01, U01, U02, T02, T06: every rule has a document that fires it and a near miss that it leaves alone."""

import re
from pathlib import Path

import pytest

from tests.extract import sentences as words
from tests.extract import test_checks_arithmetic as arithmetic
from tests.extract import test_checks_claims as claims
from tests.extract.shapes import raised, read, row, swap, synthetic

TEXT, TABS = synthetic(3, 2020).text, synthetic(3, 2020).tabbed
NEW = synthetic(3, 2023).text
ROOT = Path(__file__).resolve().parents[2]


def html(year: int = 2020, faults: tuple[str, ...] = ()) -> str:
    """A page whose cells are printed plainly, so that tests can edit them."""
    for seed in range(100):
        page = synthetic(seed, year, faults).page
        if "<td>0</td>" in page:
            return page
    raise ValueError("no plain page")


HTML = html()
NOUGHT = "</td><td>0"
MIXED = swap(TEXT, ("新制作数量", "制发件数"), ("本年新公开数量", "本年废止件数"), ("对外公开总数量", "现行有效件数"))
ROW = "2.重复申请"
ZEROS = [0] * 7
TAIL = "\t四、结转下年度继续办理"
AMOUNT = "政府集中采购"
UNITED = swap(TEXT, ("采购总金额", "采购总金额（万元）"))
TABLE_FOUR = re.search(r"(?s)\t行政复议\n.*?\n\n\n", TEXT)[0]
LICENSING_TABS = "行政许可\t0\t0\t0"

# rule, severity, document
FIRES = [
    ("S01", "error", TEXT.split("六、其他需要报告的事项")[0]),
    ("S02", "notice", swap(TEXT, ("一、总体情况", "1、总体情况"))),
    ("S02", "notice", swap(TEXT, ("一、总体情况", "总体情况"))),
    ("S03", "notice", swap(TEXT, ("二、主动公开政府信息情况", "二、加强培训\n二、主动公开政府信息情况"))),
    ("S04", "error", swap(TEXT, (TABLE_FOUR, ""))),
    ("S05", "error", re.sub(rf"\t\n\t\n\t{ROW}\n(\t0\n)+\n", "", TEXT)),
    ("S06", "notice", swap(TEXT, ("三、本年度办理结果", ""))),
    ("S07", "info", swap(TEXT, ("1.信访举报投诉类申请", "1.信访举报类申请"))),
    ("S07", "info", swap(TEXT, ("（三）不予公开", "（三）不予以公开"))),
    ("S08", "error", row(TEXT, ROW, 0, 0, 0, 0, 0)),
    ("S08", "error", swap(TABS, (f"{ROW}\t0\t0", f"{ROW}\t0\t"))),
    ("S09", "error", row(TEXT, ROW, *ZEROS, 0)),
    ("S10", "info", swap(TEXT, ("\t总计\n\n\t\n\t\n\t商业企业", "\t合计\n\n\t\n\t\n\t商业企业"))),
    ("S11", "warning", html(faults=("blank_cell",))),
    ("S12", "error", row(TEXT, ROW, 0, 0, 0, 0, "见附表", 0, 0)),
    ("S12", "notice", row(TEXT, ROW, 0, 0, 0, 0, "/", 0, 0)),
    ("S13", "warning", row(TEXT, "行政许可", 0, 0, "3件")),
    ("S14", "warning", row(TEXT, "行政许可", 2, "减 1", 0)),
    ("S15", "warning", row(TEXT, ROW, 0, 0, 0, 0, 0, 0, "00")),
    ("S15", "warning", row(TEXT, "行政许可", 0, 0, "３")),
    ("S15", "warning", row(TEXT, "行政许可", 0, 0, "1 2")),
    ("S15", "notice", row(TEXT, "规范性文件", "22（其中修订16件）", 22, 22)),
    ("S16", "warning", swap(TABS, ("\t\t3.危及", "、\t\t\t\t\t\t\t\t\t\n\t\t3.危及"))),
    ("S17", "info", swap(TEXT, ("\t自然人", "\t自\n\n然\n\n人"))),
    ("S18", "warning", html(faults=("extra_column",))),
    ("S19", "info", swap(TEXT, ("本年增/减", "本年増/減"))),
    ("S20", "notice", swap(TEXT, ("第二十条第（六）项", "第二十六条第（六）项"))),
    ("S21", "info", swap(TEXT, ("等于第三项加第四项之和）", "等于第三项之和）"))),
    ("S22", "warning", synthetic(3, 2020, ("lost_row_break",)).text),
    ("S23", "error", row(TEXT, "（一）予以公开", 1, 2, 0, 0, 0, 0, 0, 12)),
    ("S24", "info", row(TEXT, ROW, "\u00a00", 0, 0, 0, 0, 0, 0)),
    ("S25", "info", swap(TEXT, ("二、主动公开", "- 2 -\n二、主动公开"))),
    ("S26", "warning", swap(TEXT, ("〔2019〕60号", "2019 60号"))),
    ("S27", "warning", swap(TEXT, (TAIL, "0\n\n" + TAIL))),
    ("S28", "warning", swap(TABS, (LICENSING_TABS, "行政许可\t0\t0\t\t0"))),
    ("S29", "info", row(TEXT, "行政许可", 0, 5, 0)),
    ("P01", "error", row(TEXT, "行政强制", "2000年以来本机关的决定数量", 0, 0)),
    ("U01", "warning", row(TEXT, AMOUNT, 3, 276000)),
    ("U02", None, row(UNITED, AMOUNT, 3, "276000元")),
    ("T02", None, MIXED),
    ("T06", "info", UNITED),
    ("B01", "notice", arithmetic.disputes(4, 0, 0, 0, 4, *[0] * 10)),
    ("B02", "notice", swap(arithmetic.EMPTY, ("\t0\n" * 15, "\t1\n\t0\n\t0\n\t0\n\t1\n" + "\t0\n" * 10))),
    ("C03", "notice", swap(TEXT, ("邮编：990101", "邮编：99010"))),
    ("T06", "info", swap(NEW, ("本年制发件数", "本年（2023）制发件数"))),
]  # fmt: skip

# rule, document
SILENT = [
    ("S01", swap(TEXT, ("六、其他需要报告的事项", "六、其他需报告事项"))),
    ("S02", swap(TEXT, ("一、总体情况", "一、 总 体 情 况"))),
    ("S03", swap(TEXT, ("二、主动公开政府信息情况", "（二）加强培训\n二、主动公开政府信息情况"))),
    ("S04", swap(TEXT, ("（本列数据的勾稽关系为", "（勾稽关系为"), ("申请人情况", ""))),
    ("S05", swap(TEXT, (ROW, "2.重复申清"))),
    ("S06", swap(TEXT, ("三、本年度办理结果", "三、本年度办理结里"))),
    ("S07", swap(TEXT, ("1.信访举报投诉类申请", "1、信访举报投诉类申请"))),
    ("S08", row(TEXT, ROW, *ZEROS)),
    ("S08", row(TEXT, ROW, *ZEROS, "")),
    ("S09", row(TEXT, ROW, *ZEROS, "")),
    ("S09", row(TEXT, ROW, 0, 0, 0)),
    ("S10", swap(TEXT, ("\t总计\n\n\t\n\t\n\t商业企业", "\t总 计\n\n\t\n\t\n\t商业企业"))),
    ("S11", HTML),
    ("S11", row(TEXT, ROW, 0, 0, 0, 0, "", 0, 0)),
    ("S12", row(TEXT, ROW, 0, 0, 0, 0, "", 0, 0)),
    ("S13", row(TEXT, "行政许可", 0, 0, 3)),
    ("S14", row(TEXT, "行政许可", 2, -1, 0)),
    ("S15", row(TEXT, ROW, 0, 0, 0, 0, 0, 0, " 0 ")),
    ("S15", row(TEXT, "规范性文件", 22, 22, 22)),
    ("S16", swap(TABS, ("\t\t3.危及", "/\t\t\t\t\t\t\t\t\t\n\t\t3.危及"))),
    ("S17", swap(TEXT, ("\t自然人", "\t自 然 人"))),
    ("S18", swap(html(faults=("extra_column",)), (f"收费{NOUGHT * 3}", f"收费{NOUGHT * 2}</td><td></td>"))),
    ("S19", TEXT),
    ("S20", swap(TEXT, ("第二十条第（六）项", "第二十条第(六)项"))),
    ("S21", swap(TEXT, ("（本列数据的勾稽关系为：", "(本列数据的勾稽关系为:"), ("第四项之和）", "第四项之和)"))),
    ("S22", row(TEXT, "（七）总计", 3, 0, 0, 0, 0, 0)),
    ("S23", row(TEXT, "（一）予以公开", 1, 2, 0, 0, 0, 0, 0, 9)),
    ("S24", row(TEXT, ROW, " 0", "0 ", 0, 0, 0, 0, 0)),
    ("S25", swap(TEXT, ("二、主动公开", "-2 条中的一条\n二、主动公开"))),
    ("S26", TEXT),
    ("S27", TEXT),
    ("S28", swap(TABS, (LICENSING_TABS, "行政许可\t\t0\t0"))),
    ("S29", row(TEXT, "行政许可", 0, "+5", 0)),
    ("S29", row(TEXT, "行政许可", 5, -5, 0)),
    ("P01", row(TEXT, "行政强制", "见附表", 0, 0)),
    ("U01", row(TEXT, AMOUNT, 0, 0)),
    ("U01", row(TEXT, AMOUNT, 3, "276000元")),
    ("U01", row(UNITED, AMOUNT, 3, 276)),
    ("U02", row(UNITED, AMOUNT, 3, "27.6万元")),
    ("U02", row(TEXT, AMOUNT, 3, "276000元")),
    ("T02", NEW),
    ("T02", swap(TEXT, ("本年新制作数量", "本年制发件数"))),
    ("T06", NEW),
    ("B01", arithmetic.disputes(3, 0, 0, 0, 3, *[0] * 10)),  # as many as answers
    ("B02", arithmetic.disputes(4, 0, 0, 0, 4, *[0] * 10)),
    ("C03", TEXT),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "severity", "document"), FIRES, ids=[f"{r}-{i}" for i, (r, *_) in enumerate(FIRES)])
def test_fires(rule: str, severity: str | None, document: str) -> None:
    found = raised(read(document), rule)
    assert found
    assert severity is None or severity in {f.severity for f in found}


@pytest.mark.parametrize(("rule", "document"), SILENT, ids=[f"{r}-{i}" for i, (r, _) in enumerate(SILENT)])
def test_near_miss(rule: str, document: str) -> None:
    assert raised(read(document), rule) == []


def test_every_rule_of_this_file_is_tested_both_ways() -> None:
    assert {rule for rule, *_ in FIRES} == {rule for rule, _ in SILENT}


def in_code() -> list[str]:
    """The rules that the reader's code names."""
    code = "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "extract").rglob("*.py")))
    relations = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "extract" / "forms").glob("*.toml"))
    return sorted(set(re.findall(r'"([A-Z]\d\d)"', code + relations)))


# Rules of single readers, with both kinds of document in the tests of those
ELSEWHERE = {"S30": "trust", "S31": "join", "S32": "docx_revisions", "S33": "variants", "S34": "join", "S35": "join"}
ELSEWHERE |= {"S36": "statistics_reading", "A15": "statistics_checks", "A16": "statistics_checks"}


@pytest.mark.parametrize("rule", in_code())
def test_every_rule_that_code_raises_has_both(rule: str) -> None:
    if rule in ELSEWHERE:
        tests = (ROOT / "tests" / "extract" / f"test_{ELSEWHERE[rule]}.py").read_text(encoding="utf-8")
        assert tests.count(f'"{rule}"') >= 2
        return
    for cases in ("FIRES", "SILENT"):
        assert rule in {case[0] for module in (words, claims, arithmetic) for case in getattr(module, cases)} | {
            case[0] for case in globals()[cases]
        }


@pytest.mark.parametrize("document", [TEXT, TABS, HTML, NEW], ids=["text", "tabs", "html", "2021"])
def test_a_clean_report_is_blamed_for_nothing(document: str) -> None:
    assert [f for f in read(document).findings if f.severity in ("error", "warning")] == []


def test_whose_fault_a_lost_value_is() -> None:
    origins = {"text": row(TEXT, ROW, 0, 0, 0), "tabs": swap(TABS, (f"{ROW}\t0\t0", f"{ROW}\t0\t"))}
    assert {name: raised(read(document), "S08")[0].origin for name, document in origins.items()} == {
        "text": "unknown",
        "tabs": "extraction",
    }
    assert raised(read(html(faults=("short_row",))), "S08")[0].origin == "source"


def test_money_without_unit_is_not_converted() -> None:
    bare, wan = read(row(TEXT, AMOUNT, 3, 276000)), read(row(UNITED, AMOUNT, 3, "27.6"))
    assert bare.disclosures["procurement"]["amount"] == wan.disclosures["procurement"]["amount"] == 276000
    cells = [next(c for c in report.cells if c.row == "procurement" and c.column == "amount") for report in (bare, wan)]
    assert [cell.unit for cell in cells] == [None, "万元"]
