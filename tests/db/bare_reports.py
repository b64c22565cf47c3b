"""Reports for rules that need more than one: generated and read by `extract`, then every figure set to 0
but for those that a case is about; and what the real build says of them.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from functools import cache
from pathlib import Path
from typing import Any

import crawler.replica
from crawler.items import Document
from crawler.replica.reports import generate
from db.build import build
from extract import register
from extract.report import read_report
from tests.db.conftest import write

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
REVIEWS, SUITS = "disputes/reconsideration/total", "disputes/litigation_direct/total"
ONE_OF, ANOTHER = [1, 0, 0, 0, 0, 0, 1], [0, 1, 0, 0, 0, 0, 1]  # one request of a natural person, of a business
FEW, MANY = {NEW: 4, "applications/closed/total": 4}, {NEW: 5, "applications/closed/total": 5}
