"""Rules on copies: last year's tables or text again, a report at two addresses, units that say the same."""

from __future__ import annotations

import copy
import hashlib
from typing import Any

import pytest

from db.build import build
from tests.db.bare_reports import MANY, OTHER, TOWN, Record, bare, generated, query, raised
from tests.db.conftest import Fetched, write
from tests.db.conftest import document as fetched


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
    one["disclosures"] = two["disclosures"] = bare(2023)["disclosures"]
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


def test_p06_is_one_finding_whoever_is_nearest(tmp_path):
    """What was decided about it outlives a closer text that arrives."""
    one = _with_text(generated(2023), prose(1))
    two = _with_text(generated(2023, OTHER), prose(1, 740) + prose(2, 60))
    three = _with_text(generated(2023, OTHER, seed=2), prose(1))
    three["unit"] |= {"id": "990101103", "division": "990101103"}
    found = []
    for records in ([one, two], [one, two, three]):
        assert raised(tmp_path, "P06", *records)
        sql = "SELECT left_value, fingerprint FROM findings WHERE rule = 'P06' AND report = ?"
        found += query(tmp_path, sql, f"{TOWN[0]}-2023")
    (share, before), (closer, after) = found
    assert share < closer and before == after


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


def test_the_same_reports_give_the_same_findings(tmp_path):
    records = [_with_text(generated(year, who), prose(1)) for year in (2022, 2023) for who in (TOWN, OTHER)]
    dumps = []
    for _ in range(2):
        write(tmp_path, *records)
        build(tmp_path)
        dumps.append(query(tmp_path, "SELECT * FROM findings") + query(tmp_path, "SELECT * FROM likenesses"))
    assert dumps[0] == dumps[1] and any("P06" in row for row in dumps[0])
