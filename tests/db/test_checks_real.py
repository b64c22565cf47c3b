"""The five real reports beside generated ones of their neighbouring years: what is expected across years."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

from crawler.items import Document
from extract import register
from extract.report import read_report
from tests.db.bare_reports import IN, STOCK, Record, bare, query, raised

TRUTH = Path(__file__).parents[2].parent / "shared" / "reports"


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
