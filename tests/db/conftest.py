"""Hand-made readings of invented units (divisions 99…), as `gongkai extract` would leave them."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from db.build import build
from extract import forms
from extract.records import Cell, Finding, Report, Section, Statement, Unit
from tests.db import served

PARENTS = (("99", "云岭省"), ("9901", "青石市"), ("990181", "白溪市"))
TOWN = Unit("990181101", "白溪市石桥镇人民政府", "government", "township", "990181101", PARENTS)
TEXT = "一年来公开政府信息 12 条。"


def get(data: Path, path: str, **kwargs: Any) -> Any:
    """The answer of the site to one request."""
    (answer,) = served.get(data, path, **kwargs)
    return answer


def digest(body: str) -> str:
    return "sha256:" + hashlib.sha256(body.encode()).hexdigest()


def report(body: str = "石桥镇 2022", unit: Unit = TOWN, year: int | None = 2022, **fields: Any) -> dict[str, Any]:
    """A line of data/reports: form 2021, one text cell, one empty cell, two findings."""
    form = forms.load()["2021"]
    applications = {row.name: [0, 0, 0, 0, 0, 0, 0] for row in form.tables["applications"].rows}
    applications |= {"new": [5, 1, 0, 0, 0, 0, 6], "granted": [3, 1, 0, 0, 0, 0, 4], "closed": [4, 1, 0, 0, 0, 0, 5]}
    applications |= {"carried_out": [1, 0, 0, 0, 0, 0, 1], "refused.internal": ["见附件", 0, 0, None, 0, 0, 1]}
    disclosures = {row.name: {c.name: 0 for c in row.columns} for row in form.tables["disclosures"].rows}
    disclosures |= {"licensing": {"decisions": 17}, "fees": {"amount": 12500.5}}
    disputes = {row.name: [0, 0, 0, 0, 0] for row in form.tables["disputes"].rows}
    place = {"table": 2, "row": 12, "column": 4}
    where = {"table": "applications", "row": "refused.internal"}
    base = Report(
        id="not-used", digest=digest(body), media_type="text/plain", url="http://www.baixi.test/2022.htm", unit=unit,
        year=year, scope="own", form="2021", title=f"石桥镇{year}年政府信息公开工作年度报告", published_on="2023-01-16",
        contact={"telephone": "0990-000000"}, disclosures=disclosures, applications=applications, disputes=disputes,
        cells=(
            Cell(**where, column="natural_person", cls="text", raw="见附件<b>", place=place),
            Cell(**where, column="nonprofit", cls="blank", raw="", place=place),
        ),
        statements=(Statement("published", 12, "条", "公开政府信息 12 条"),),
        sections=(Section(1, "一、总体情况", TEXT),),
        findings=(
            Finding("S12", "error", "source", "words, no number", **where, column="natural_person", quote="见附件"),
            Finding("S11", "warning", "unknown", "an empty cell", **where, column="nonprofit"),
            Finding("S01", "error", "extraction", "section 6 is missing"),
        ),
    )  # fmt: skip
    record = base.to_json() | fields
    return json.loads(json.dumps(record, ensure_ascii=False))


def applications(**rows: int) -> dict[str, Any]:
    """Table 三 of `report` with other rows, all of natural persons."""
    return report()["applications"] | {name: [total, 0, 0, 0, 0, 0, total] for name, total in rows.items()}


def document(
    body: str, fetched: str = "2026-01-02T03:04:05Z", url: str = "http://www.baixi.test/2022.htm", **fields: Any
):
    """What the archive would say about a fetch of `body`."""
    empty = dict.fromkeys(("name", "unit", "title", "portal", "published_on", "publisher"))
    keys = {"digest": digest(body), "url": url, "fetched": fetched, "media_type": "text/plain", "warc": "20260102-demo"}
    return SimpleNamespace(**empty | keys | fields)


class Fetched:
    """Stands in for the archive: the fetches it is given, in their order."""

    def __init__(self, *documents: Any) -> None:
        self.all = documents

    def documents(self):
        return iter(self.all)


def write(data: Path, *records: dict[str, Any], name: str = "20260102-demo") -> None:
    folder = data / "reports"
    folder.mkdir(parents=True, exist_ok=True)
    lines = (json.dumps(record, ensure_ascii=False) for record in records)
    (folder / f"{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with one report and one document that could not be read."""
    error = {"message": "not a document", "place": "byte 0", "remedy": "look at the original"}
    bad = {
        "schema": 1,
        "document": {"digest": digest("?"), "media_type": "application/pdf", "url": None},
        "error": error,
    }
    write(tmp_path, report(), bad)
    return tmp_path


@pytest.fixture
def built(data: Path) -> Path:
    """The same, built."""
    build(data)
    return data


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with reports full of private contacts, built."""
    from tests.db import private_reports  # made of what stands here

    return private_reports.built(tmp_path_factory.mktemp("release"))


@pytest.fixture(scope="module")
def folder(published: Path) -> Path:
    """Its release."""
    from db.release import release  # only where its libraries are

    return release(published)
