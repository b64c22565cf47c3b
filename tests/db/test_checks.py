"""Every rule that needs more than one report: cases that fire it, near misses that do not, by the real build.

The reports are generated and read by `extract`; then every figure is set to 0 but for those that a case is about.
"""

from __future__ import annotations

import copy
import hashlib
import json
import re
import sqlite3
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import crawler.replica
from crawler.items import Document
from crawler.replica.reports import generate
from db.build import build
from extract import register, rules
from extract.report import read_report
from tests.db.conftest import Fetched, write
from tests.db.conftest import document as fetched

ROOT = Path(__file__).parents[2]
TRUTH = ROOT.parent / "shared" / "reports"
TOWN, OTHER = ("990101101", "双桥镇"), ("990101102", "白石镇")
COLUMNS = {
    "applications": (
        "natural_person", "business", "research", "nonprofit", "legal_service", "other_organisation", "total",
    ),
    "disputes": ("upheld", "corrected", "other", "pending", "total"),
}  # fmt: skip
Record = dict[str, Any]


@cache
def _read(unit: str, organ: str, year: int, seed: int, claim: str) -> str:
    made = generate(seed, unit=unit, organ=organ, year=year)
    body = re.sub(r"(共收到政府信息公开申请)\d+件", rf"\g<1>{claim}", made.page) if claim else made.page
    url = f"http://www.qingxi.test/{unit}/{year}-{seed}.htm"
    empty = dict.fromkeys(("name", "title", "portal", "published_on", "publisher"))
    digest = "sha256:" + hashlib.sha256(body.encode()).hexdigest()
    document = Document(digest=digest, url=url, fetched="", media_type="text/html", unit=unit, **empty)
    invented = register.load(Path(crawler.replica.__file__).parent / "register")
    (report,) = read_report(body.encode(), document, invented)
    return json.dumps(report.to_json())


def generated(year: int, who: tuple[str, str] = TOWN, seed: int = 1, claim: str = "") -> Record:
    """A generated report as `gongkai extract` leaves it. `claim` replaces `9件` in what it says about requests."""
    return json.loads(_read(*who, year, seed, claim))


def bare(year: int, cells: dict[str, Any] | None = None, **how: Any) -> Record:
    """The same with every figure 0 but `cells`: `table/row/column` → value, or `table/row` → the row's values."""
    record = generated(year, **how)
    for table in ("disclosures", "applications", "disputes"):
        for row, values in record[table].items():
            record[table][row] = dict.fromkeys(values, 0) if isinstance(values, dict) else [0] * len(values)
    for name, value in (cells or {}).items():
        table, row, *column = name.split("/")
        if not column:
            record[table][row] = value
        elif table == "disclosures":
            record[table][row][column[0]] = value
        else:
            record[table][row][COLUMNS[table].index(column[0])] = value
    return record


def query(data: Path, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(data / "gongkai.db")
    try:
        return connection.execute(sql, values).fetchall()
    finally:
        connection.close()


def raised(data: Path, rule: str, *records: Record, archive: Any = None) -> list[tuple[str, str]]:
    """(report, severity) of the rule's findings, and (report, "not_assessable"), after a build of `records`."""
    write(data, *records)
    build(data, archive)
    sql = """SELECT report, severity FROM findings WHERE rule = ?1
        UNION SELECT report, 'not_assessable' FROM not_assessable WHERE rule = ?1 ORDER BY 1, 2"""
    return query(data, sql, rule)


IN, OUT = "applications/carried_in", "applications/carried_out"
NEW = "applications/new/total"
STOCK, ISSUED = "disclosures/normative_documents/in_force", "disclosures/normative_documents/issued"
ITEMS, CHANGE = "disclosures/licensing/items_last_year", "disclosures/licensing/items_change"
DECISIONS = "disclosures/licensing/decisions"
REVIEWS, SUITS = "disputes/reconsideration/total", "disputes/litigation_direct/total"
PENDING, OTHER_RESULT = "disputes/reconsideration/pending", "disputes/reconsideration/other"
AFTER = "disputes/litigation_after_reconsideration/total"
ONE_OF, ANOTHER = [1, 0, 0, 0, 0, 0, 1], [0, 1, 0, 0, 0, 0, 1]  # one request of a natural person, of a business
FEW, MANY = {NEW: 4, "applications/closed/total": 4}, {NEW: 5, "applications/closed/total": 5}
RECENT, OLD, ACROSS = (2022, 2023), (2019, 2020), (2020, 2021)  # both form 2021, both form 2019, one of each

CASES = [  # rule, years, cells of the year before, cells of this year, what is said of this year
    ("Y01", RECENT, {OUT: ONE_OF}, {}, "error warning"),  # the total is an error, a column a warning
    ("Y01", RECENT, {OUT: ONE_OF}, {IN: ONE_OF}, ""),
    ("Y01", RECENT, {OUT: ONE_OF}, {IN: ANOTHER}, "warning"),
    ("Y01", ACROSS, {OUT: ONE_OF}, {}, "error warning"),  # the change of form does not matter
    ("Y01", ACROSS, {OUT: ONE_OF}, {IN: ONE_OF}, ""),
    ("Y01", RECENT, {OUT: [None] * 7}, {}, "not_assessable"),
    ("Y01", (2021, 2023), {OUT: ONE_OF}, {}, ""),  # a year is missing between
    ("Y02", RECENT, {STOCK: 37}, {STOCK: 44, ISSUED: 6}, "warning"),
    ("Y02", RECENT, {STOCK: 37}, {STOCK: 43, ISSUED: 6}, ""),
    ("Y02", ACROSS, {}, {}, "not_assessable"),  # published since ever (2019) is not in force (2021)
    ("Y03", RECENT, {NEW: 4}, {NEW: 21}, "notice"),
    ("Y03", RECENT, {NEW: 4}, {NEW: 20}, ""),
    ("Y03", RECENT, {NEW: 3}, {NEW: 19}, ""),  # too few to speak of a jump
    ("Y03", ACROSS, {DECISIONS: 500}, {DECISIONS: 99}, "notice"),  # decisions mean the same in both forms
    ("Y03", ACROSS, {"disclosures/normative_documents/made": 500}, {ISSUED: 1}, ""),  # made and issued need care
    ("Y04", RECENT, MANY, MANY, "warning"),
    ("Y04", RECENT, FEW, FEW, "notice"),
    ("Y04", RECENT, {}, {}, ""),  # all zero
    ("Y04", RECENT, MANY, MANY | {"applications/granted": ONE_OF}, ""),
    ("Y04", RECENT, {STOCK: 9}, {STOCK: 9}, ""),  # a stock may stay
    ("Y04", RECENT, MANY | {"applications/granted": [None] * 7}, MANY, "not_assessable"),
    ("Y05", RECENT, {PENDING: 2}, {REVIEWS: 1}, "notice"),
    ("Y05", RECENT, {PENDING: 2}, {REVIEWS: 2}, ""),
    ("Y05", RECENT, {PENDING: None}, {REVIEWS: 2}, "not_assessable"),
    ("Y06", OLD, {ITEMS: 9, CHANGE: -2}, {ITEMS: 9}, "warning"),
    ("Y06", OLD, {ITEMS: 9, CHANGE: -2}, {ITEMS: 7}, ""),
    ("Y06", ACROSS, {ITEMS: 9}, {}, ""),  # the form of 2021 has no items: the series ends
    ("B03", RECENT, {OTHER_RESULT: 1}, {AFTER: 2}, "notice"),
    ("B03", RECENT, {OTHER_RESULT: 1}, {AFTER: 1}, ""),
    ("B03", RECENT, {OTHER_RESULT: None}, {AFTER: 1}, "not_assessable"),
]


@pytest.mark.parametrize(("rule", "years", "before", "now", "expected"), CASES)
def test_rule(tmp_path, rule, years, before, now, expected):
    found = raised(tmp_path, rule, bare(years[0], before), bare(years[1], now))
    assert [said for report, said in found if report == f"{TOWN[0]}-{years[1]}"] == expected.split()


@pytest.mark.parametrize(
    ("rule", "closed", "now", "alone", "together"),
    [
        ("B01", 1, {NEW: 9, "applications/closed/total": 1, REVIEWS: 2, SUITS: 1}, ["notice"], ["notice"]),
        ("B01", 2, {NEW: 9, "applications/closed/total": 1, REVIEWS: 2, SUITS: 1}, ["notice"], []),
        ("B02", 0, {REVIEWS: 1}, ["notice"], ["notice"]),
        ("B02", 1, {REVIEWS: 1}, ["notice"], []),
    ],
)
def test_last_year_settles_what_one_report_left_open(tmp_path, rule, closed, now, alone, together):
    record = bare(2023, now)
    record["findings"] = [_as_json(rules.finding(rule, table="disputes"))]
    before = bare(2022, {"applications/closed/total": closed, NEW: closed})
    this = f"{TOWN[0]}-2023"
    assert [said for report, said in raised(tmp_path, rule, record) if report == this] == alone
    assert [said for report, said in raised(tmp_path, rule, before, record) if report == this] == together


def _as_json(finding: Any) -> Record:
    keys = ("rule", "severity", "origin", "table", "row", "column", "message", "quote", "place", "left", "right")
    made = {key: getattr(finding, key) for key in keys}
    return made | {"delta": finding.delta, "fingerprint": finding.fingerprint}


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("30件，同比上升8.9%", ["warning"]),
        ("30件，同比上升7.1%", []),  # 28 → 30 is 7.14 %
        ("30件，同比上升7%", []),
        ("30件，比上年下降7.1%", ["warning"]),
        ("30件，环比上升8.9%", []),  # against another month
    ],
)
def test_y07(tmp_path, claim, expected):
    found = raised(tmp_path, "Y07", bare(2022, {NEW: 28}), bare(2023, {NEW: 30}, claim=claim))
    assert [said for _, said in found] == expected


def test_y07_from_nothing_is_not_assessable(tmp_path):
    found = raised(tmp_path, "Y07", bare(2022), bare(2023, {NEW: 30}, claim="30件，同比上升8.9%"))
    assert found == [(f"{TOWN[0]}-2023", "not_assessable")]


def test_y03_far_from_its_peers(tmp_path):
    towns = [(f"9901{n:05}", f"{n}镇") for n in range(1, 31)]
    records = []
    for n, (code, name) in enumerate(towns):
        record = bare(2023, {NEW: 3 + n % 9})
        record["unit"] |= {"id": code, "division": code, "name": name}
        record["document"] = {"digest": f"sha256:{n:064}", "media_type": "text/html", "url": f"http://x.test/{n}"}
        records.append(record)
    assert raised(tmp_path, "Y03", *records) == []
    records[0]["applications"]["new"][6] = 900
    assert raised(tmp_path, "Y03", *records) == [(f"{towns[0][0]}-2023", "notice")]
    assert raised(tmp_path, "Y03", *records[:15]) == []  # too few peers to have a middle


@pytest.mark.parametrize(
    ("title", "expected"), [("双桥镇2023年年度报告", ["error"]), ("2022年年度报告（2023年发布）", [])]
)
def test_y08_a_list_shows_it_for_the_next_year(tmp_path, title, expected):
    record = generated(2022)
    archive = Fetched(_fetched(record, title=title))
    assert [said for _, said in raised(tmp_path, "Y08", record, archive=archive)] == expected


def _fetched(record: Record, url: str | None = None, **fields: Any) -> Any:
    made = fetched("", url=url or record["document"]["url"], **fields)
    made.digest = record["document"]["digest"]
    return made


@pytest.mark.parametrize(("changed", "expected"), [(False, ["error"]), (True, [])])
def test_y08_all_tables_of_last_year(tmp_path, changed, expected):
    before, now = generated(2022), generated(2023)
    for table in ("disclosures", "applications", "disputes"):
        now[table] = copy.deepcopy(before[table])
    now["disputes"]["reconsideration"][0] += changed
    assert [said for _, said in raised(tmp_path, "Y08", before, now)] == expected


@pytest.mark.parametrize(
    ("who", "on", "expected"),
    [
        (("990101-nyncj", "清溪县农业农村局"), "2024-02-01", ["warning"]),
        (("990101-nyncj", "清溪县农业农村局"), "2024-01-31", []),
        (TOWN, "2024-02-01", ["notice"]),  # no law names a day for townships: the deadline is assumed
        (TOWN, None, ["not_assessable"]),
    ],
)
def test_d01(tmp_path, who, on, expected):
    record = generated(2023, who) | {"published_on": on}
    assert [said for _, said in raised(tmp_path, "D01", record)] == expected


def test_r01(tmp_path):
    record, again = generated(2023), "http://xxgk.qingxi.test/mirror.htm"
    assert raised(tmp_path, "R01", record, archive=Fetched(_fetched(record), _fetched(record))) == []
    two = Fetched(_fetched(record), _fetched(record, again))
    assert raised(tmp_path, "R01", record, archive=two) == [(f"{TOWN[0]}-2023", "info")]
    assert again in query(tmp_path, "SELECT quote FROM findings WHERE rule = 'R01'")[0][0]


def test_r02(tmp_path):
    one, two = generated(2023), generated(2023, seed=2)
    assert [said for _, said in raised(tmp_path, "R02", one, two)] == ["notice", "notice"]
    two["scope"] = "aggregate"  # the government's own report and that of its whole area
    assert raised(tmp_path, "R02", one, two) == []


def test_r03(tmp_path):
    one, two = generated(2023), generated(2023, OTHER)
    one["disclosures"] = two["disclosures"] = {}
    two["applications"] = copy.deepcopy(one["applications"])
    telling = len({row[6] for row in one["applications"].values()} - {0})
    assert telling >= 4
    assert [said for _, said in raised(tmp_path, "R03", one, two)] == ["warning", "warning"]
    two["applications"]["new"][6] += 1
    assert raised(tmp_path, "R03", one, two) == []
    one["applications"], two["applications"] = bare(2023, MANY)["applications"], bare(2023, MANY)["applications"]
    assert raised(tmp_path, "R03", one, two) == []  # one request here, one there: chance


WORDS = "本镇公布修路供水灌溉事项并请村民代表试读文件核对栏目登记归档修复链接培训人员整理目录答复咨询召开会议更新内容"


def prose(seed: int, length: int = 800) -> str:
    """Text without sense that nobody else writes."""
    digits = hashlib.shake_256(str(seed).encode()).digest(length)
    return "".join(WORDS[digit % len(WORDS)] for digit in digits)


def _with_text(record: Record, text: str) -> Record:
    others = [s for s in record["sections"] if s["number"] not in (1, 5, 6)]
    return record | {"sections": [*others, {"number": 1, "heading": "一、总体情况", "text": text}]}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (prose(1).replace("事项", "事项2023年共12件"), "warning"),  # only figures and years are new
        (prose(1, 450) + prose(2, 350), "notice"),
        (prose(1, 350) + prose(2, 450), ""),
        ("无", "not_assessable"),
    ],
)
def test_p05(tmp_path, text, expected):
    before = _with_text(generated(2022), prose(1).replace("事项", "事项2022年共7件"))
    found = raised(tmp_path, "P05", before, _with_text(generated(2023), text))
    assert [said for report, said in found if report.endswith("2023")] == expected.split()


@pytest.mark.parametrize(
    ("text", "year", "expected"),
    [
        ("白石镇" + prose(1), 2023, ["warning", "warning"]),  # only the name is another
        (prose(1, 740) + prose(2, 60), 2023, ["warning", "warning"]),
        (prose(1, 640) + prose(2, 160), 2023, []),
        (prose(1), 2022, []),
    ],
)
def test_p06(tmp_path, text, year, expected):
    one, two = _with_text(generated(2023), "双桥镇" + prose(1)), _with_text(generated(year, OTHER), text)
    assert [said for _, said in raised(tmp_path, "P06", one, two)] == expected


def test_p06_takes_no_boilerplate_for_a_copy(tmp_path):
    law, records = prose(99, 2000), []
    for n in range(25):
        record = _with_text(generated(2023), law + prose(n, 300))
        record["unit"] |= {"id": f"9901011{n:02}", "division": f"9901011{n:02}"}
        record["document"] = {"digest": f"sha256:{n:064}", "media_type": "text/html", "url": f"http://x.test/{n}"}
        records.append(record)
    assert raised(tmp_path, "P06", *records) == []
    copied = _with_text(records[3], law + prose(4, 300))
    found = raised(tmp_path, "P06", *records[:3], copied, *records[4:])
    assert found == [("990101103-2023", "warning"), ("990101104-2023", "warning")]


# --- series


def _succeeded(data: Path, *lines: str) -> None:
    head = "predecessor,predecessor_name,successor,successor_name,kind,date,source"
    (data / "relations.csv").write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (f"{OTHER[0]},白石镇,{TOWN[0]},双桥镇,upgrade,2023-03-01,test", ["error", "warning"]),
        (f"{OTHER[0]},白石镇,{TOWN[0]},双桥镇,rename,2022-12-01,test", ["error", "warning"]),
        (f"{OTHER[0]},白石镇,{TOWN[0]},双桥镇,upgrade,2025-01-01,test", []),  # not yet
        (f"{OTHER[0]},白石镇,{TOWN[0]},双桥镇,merge,2023-03-01,test", []),
    ],
)
def test_a_series_goes_on_under_a_new_code(tmp_path, line, expected):
    _succeeded(tmp_path, line)
    found = raised(tmp_path, "Y01", bare(2022, {OUT: ONE_OF}, who=OTHER), bare(2023))
    assert [said for _, said in found] == expected


@pytest.mark.parametrize(("kind", "date"), [("merge", "2023-03-01"), ("merge", "2022-12-20")])
def test_a_merger_breaks_the_series_of_the_one_that_stays(tmp_path, kind, date):
    _succeeded(tmp_path, f"{OTHER[0]},白石镇,{TOWN[0]},双桥镇,{kind},{date},test")
    years = [bare(2022), bare(2022, {OUT: ONE_OF}, who=OTHER), bare(2023, {IN: ONE_OF, OUT: ONE_OF})]
    assert raised(tmp_path, "Y01", *years) == []
    assert raised(tmp_path, "Y01", *years, bare(2024)) == [
        (f"{TOWN[0]}-2024", "error"),
        (f"{TOWN[0]}-2024", "warning"),
    ]  # from there on it goes on


def test_reports_of_different_scope_are_not_compared(tmp_path):
    before = bare(2022, {OUT: ONE_OF})
    assert raised(tmp_path, "Y01", before | {"scope": "aggregate"}, bare(2023)) == []
    own, area = generated(2022, seed=2), before | {"scope": "aggregate"}
    own["applications"]["carried_out"] = [0] * 7
    assert raised(tmp_path, "Y01", area, own, bare(2023)) == []  # the own report is found behind the other


# --- results


def test_every_rule_is_counted_once(tmp_path):
    record = bare(2023)
    record["findings"] = [_as_json(rules.finding("A12")), _as_json(rules.finding("A11", quote="A03: total"))]
    raised(tmp_path, "Y01", bare(2022, {OUT: ONE_OF}), record)
    tested = sum(r.status == "implemented" and "2021" in r.forms and r.id != "A11" for r in rules.load().values())
    sql = "SELECT checks_passed, checks_failed, checks_not_assessable FROM reports ORDER BY year"
    first, second = query(tmp_path, sql)
    assert sum(first) == sum(second) == tested
    failed = {rule for (rule,) in query(tmp_path, "SELECT rule FROM findings WHERE report LIKE '%2023'")} - {"A11"}
    assert {"A12", "Y01"} <= failed and second[1] == len(failed)
    lacking = {rule for (rule,) in query(tmp_path, "SELECT rule FROM not_assessable WHERE report LIKE '%2023'")}
    assert second[2] == len((lacking | {"A03"}) - failed)
    need = {r.id for r in rules.load().values() if r.needs == "last_year" and "2021" in r.forms}
    assert need and first[2] >= len(need)  # nothing is held against a report for want of the year before


def test_a_doubtful_reading_blames_nobody(tmp_path):
    clean, record = bare(2022, {OUT: ONE_OF}), bare(2023)
    raised(tmp_path, "Y01", clean, record)
    assert query(tmp_path, "SELECT DISTINCT origin FROM findings WHERE rule = 'Y01'") == [("source",)]
    clean["findings"] = [_as_json(rules.finding("S31"))]
    raised(tmp_path, "Y01", clean, record)
    assert query(tmp_path, "SELECT DISTINCT origin FROM findings WHERE rule = 'Y01'") == [("unknown",)]


def test_the_same_reports_give_the_same_findings(tmp_path):
    records = [_with_text(generated(year, who), prose(1)) for year in (2022, 2023) for who in (TOWN, OTHER)]
    dumps = []
    for _ in range(2):
        write(tmp_path, *records)
        build(tmp_path)
        dumps.append(query(tmp_path, "SELECT * FROM findings") + query(tmp_path, "SELECT * FROM likenesses"))
    assert dumps[0] == dumps[1] and any("P06" in row for row in dumps[0])


GROUPS = {"S": 29, "P": 8, "A": 14, "B": 5, "Y": 8, "N": 15, "T": 7, "U": 3, "D": 5, "C": 7, "J": 5, "R": 3}


def test_every_rule_of_the_catalogue_has_a_status():
    catalogue = {f"{group}{n:02}" for group, last in GROUPS.items() for n in range(1, last + 1)}
    assert catalogue <= set(rules.load())


def test_every_implemented_rule_is_raised_somewhere():
    files = [*(ROOT / "extract").rglob("*.py"), *(ROOT / "db").rglob("*.py"), *(ROOT / "extract/forms").glob("*.toml")]
    code = "\n".join(file.read_text(encoding="utf-8") for file in files)
    said = set(re.findall(r"[\"']([A-Z]\d\d)[\"']", code)) | {f.stem for f in (ROOT / "db/checks").glob("*.sql")}
    assert {rule.id for rule in rules.load().values() if rule.status == "implemented"} <= said


# --- the five real reports


@pytest.mark.skipif(not TRUTH.is_dir(), reason="the real reports are not part of the repository")
@pytest.mark.parametrize(
    "name", ["001_47c37cecacaa7283", "002_321816853e0a54d9", "003_8ae22ee27fc68654", "004_dc050822b7b0f109"]
)
def test_cross_year_expectations(tmp_path, name):
    truth = json.loads((TRUTH / f"{name}.truth.json").read_text(encoding="utf-8"))
    real = _real(name)
    for expected in truth["cross_year_expectations"]:
        if found := re.search(r"(\d{4}) report: 上年结转 总计 should be (\d+)", expected["statement"]):
            year, figure = map(int, found.groups())
            right, wrong = (_beside(real, year, {f"{IN}/total": n}) for n in (figure, figure + 1))
            rule, told = "Y01", ("", "error")
        elif found := re.search(r"(\d{4}) report: .*should be .* = (\d+)", expected["statement"]):
            year, figure = map(int, found.groups())
            right, wrong = (_beside(real, year, {STOCK: n}) for n in (figure, figure + 1))
            rule, told = "Y02", ("", "warning")
        else:  # Y06 ends with the form of 2019
            year = real["year"] + 1
            right = wrong = _beside(real, year, {})
            rule, told = expected["rule"], ("", "")
        later = f"{real['unit']['id']}-{max(year, real['year'])}"
        for neighbour, said in zip((right, wrong), told, strict=True):
            place = {"Y01": "total", "Y02": "in_force"}.get(rule, "")
            raised(tmp_path, rule, real, neighbour)
            sql = "SELECT severity FROM findings WHERE report = ? AND rule = ? AND column_name = ?"
            assert query(tmp_path, sql, later, rule, place) == ([(said,)] if said else [])


def _real(name: str) -> Record:
    body = (TRUTH / f"{name}.txt").read_bytes()
    keys = dict.fromkeys(("url", "unit", "title", "portal", "published_on", "publisher"))
    digest = "sha256:" + hashlib.sha256(body).hexdigest()
    document = Document(digest=digest, fetched="", media_type="text/plain", name=f"{name}.txt", **keys)
    (report,) = read_report(body, document, register.load())
    record = json.loads(json.dumps(report.to_json()))
    hosts = {"001": "330382105", "004": "360981127"}  # what a crawl would say where the title fits three towns
    if record["unit"]["id"] is None:
        record["unit"]["id"] = record["unit"]["division"] = hosts[name[:3]]
    return record


def _beside(real: Record, year: int, cells: dict[str, Any]) -> Record:
    """A generated report of the same unit and scope for a neighbouring year."""
    return bare(year, cells) | {"unit": real["unit"], "scope": real["scope"]}
