"""What the database takes over from the registers: dates, former names and places of divisions; evidence; sources."""

from pathlib import Path
from typing import Any

from db.build import build
from extract.identity import Evidence, resolve
from extract.register import load
from tests.db.conftest import report, write
from tests.db.test_build import query


def _identified(title: str, year: int, **evidence: Any) -> dict[str, Any]:
    unit = resolve(Evidence(title=title, **evidence), load()).unit
    return report(title, unit=unit, year=year)


def test_a_division_under_its_code_of_the_year(tmp_path: Path) -> None:
    titles = {2016: "华亭县2016年政府信息公开工作年度报告", 2020: "华亭市2020年政府信息公开工作年度报告"}
    titles |= {2009: "襄樊市2009年政府信息公开工作年度报告"}
    write(tmp_path, *(_identified(title, year) for year, title in titles.items()))
    build(tmp_path)
    columns = "code, name, parent, valid_from, valid_to, former_names"
    rows = {row[0]: row[1:] for row in query(tmp_path, f"SELECT {columns} FROM divisions")}
    assert rows["620824"] == ("华亭县", "6208", "2002-12-31", "2018-07-02", None)
    assert rows["620881"] == ("华亭市", "6208", "2018-07-02", None, None)
    assert rows["4206"][0] == "襄阳市"
    assert "襄樊市 (until 2010-12-09)" in rows["4206"][4]
    (place,) = query(tmp_path, "SELECT latitude, longitude FROM divisions WHERE code = '620881'")
    assert 35 < place[0] < 36 and 106 < place[1] < 107
    assert query(tmp_path, "SELECT name FROM reports WHERE unit = '4206'") == [("襄樊市人民政府 2009",)]
    relation = "SELECT predecessor, successor, kind, happened_on FROM unit_successions WHERE predecessor = '620824'"
    assert query(tmp_path, relation) == [("620824", "620881", "upgrade", "2018-07-02")]


def test_evidence_and_the_queue(tmp_path: Path) -> None:
    open_, settled = "芙蓉镇2020年政府信息公开工作年度报告", "高安市八景镇2020年政府信息公开工作年度报告"
    write(
        tmp_path,
        _identified(open_, 2020) | {"title": open_},
        _identified(settled, 2020, contact="电话：0577-00000000"),
    )
    build(tmp_path)
    (row,) = query(tmp_path, "SELECT title, candidates, evidence, contradictions FROM unresolved_units")
    assert row == (open_, 3, "title: 芙蓉镇", None)
    said = (
        "SELECT unit_evidence.kind, weight, agrees FROM unit_evidence"
        " JOIN reports ON reports.id = report WHERE unit = '360983104'"
    )
    assert query(tmp_path, said) == [("title", 6, 1), ("phone", 3, 0)]


def test_sources_are_named(tmp_path: Path) -> None:
    write(tmp_path, report())
    build(tmp_path)
    parts = {part for (part,) in query(tmp_path, "SELECT part FROM register_sources")}
    assert parts >= {"divisions", "history", "coordinates", "kinds"}
    assert query(tmp_path, "SELECT count(*) FROM register_sources WHERE source LIKE '%jionlp%Apache-2.0%'") == [(1,)]
