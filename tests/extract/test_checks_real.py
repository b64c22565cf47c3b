"""Groups N P T C D J U on the five real reports: cells as the truth has them, prose as the readers find it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crawler.titles import parse_title
from extract import forms, narrative
from extract.reading import Reading
from extract.records import Cell, Unit
from tests.extract.wording import MODULES

REPORTS = Path(__file__).resolve().parents[2].parent / "shared" / "reports"
LEFT_TO_OTHERS = {"P01", "T02", "T06", "U01", "U02"}
LEVELS = {"township": "government", "county": "government"}


def _real(stem: str) -> tuple[Reading, dict]:
    from extract.formats.text import read_text

    truth = json.loads((REPORTS / f"{stem}.truth.json").read_text(encoding="utf-8"))
    made = read_text((REPORTS / f"{stem}.txt").read_bytes())
    form = forms.load()[truth["template"][:4]]
    heading = narrative.title(made)
    parents = tuple((str(n), name) for n, name in enumerate(truth["division"]["path"].split("/")[:-1]))
    level = truth["agency_detail"]["level"]
    unit = Unit(truth["division"]["code"], truth["agency"], LEVELS[level], level, truth["division"]["code"], parents)
    sections = narrative.sections(made)
    ambiguous = 3 if any(e["rule"] == "J02" for e in truth["expected_findings"]) else 1
    return Reading(
        made,
        form,
        _cells(form, truth),
        unit,
        parse_title(heading.text).year,
        truth["scope"],
        heading.text,
        narrative.signed_on(made),
        ambiguous,
        sections,
        narrative.contact(made),
        narrative.statements(sections, made),
    ), truth


def _cells(form: forms.Form, truth: dict) -> dict[tuple[str, str, str], Cell]:
    cells: dict[tuple[str, str, str], Cell] = {}

    def put(table: str, row: str, column: str, value: object, unit: str | None = None) -> None:
        kind = "number" if isinstance(value, int | float) else "text" if value else "blank"
        cells[table, row, column] = Cell(
            table, row, column, kind, str(value), value if kind == "number" else None, unit
        )

    for row in form.tables["disclosures"].rows:
        printed = next((v for k, v in truth["table2"].items() if k in (row.label, *row.aliases)), {})
        normal = truth.get("table2_normalised", {})
        for column, value in zip(row.columns, printed.values(), strict=False):
            unit = next((n["unit"] for k, n in normal.items() if column.money and k.startswith(row.label)), None)
            put("disclosures", row.name, column.name, value, unit)
    for name, key in (("applications", "table3"), ("disputes", "table4")):
        for row, values in zip(form.tables[name].rows, truth[key].values(), strict=True):
            for column, value in zip(form.tables[name].columns, values, strict=True):
                put(name, row.name, column.name, value)
    return cells


STEMS = sorted(path.stem for path in REPORTS.glob("*.txt")) or [""]


@pytest.mark.skipif(not REPORTS.is_dir(), reason="the real reports are not part of the repository")
@pytest.mark.parametrize("stem", STEMS)
def test_real_reports_raise_what_a_reader_finds_and_nothing_else(stem):
    made, truth = _real(stem)
    found = {(f.rule, f.severity) for module in MODULES for check in module.CHECKS for f in check(made)}
    groups = tuple(f"{g}" for g in "NPTCDUJ")
    expected = {(e["rule"], e["severity"]) for e in truth["expected_findings"] if e["rule"].startswith(groups)}
    assert found == {e for e in expected if e[0] not in LEFT_TO_OTHERS}
    assert not {rule for rule, _ in found} & set(truth["must_not_fire"])


@pytest.mark.skipif(not REPORTS.is_dir(), reason="the real reports are not part of the repository")
@pytest.mark.parametrize("stem", STEMS)
def test_real_reports_contact_date_and_period(stem):
    made, truth = _real(stem)
    in_words = {"website"} if "（" in (truth["contact"]["website"] or "") else set()  # a site named without its address
    assert {k: v for k, v in made.contact.items() if k not in in_words} == {
        k: v for k, v in truth["contact"].items() if k not in in_words
    }
    assert made.published_on == truth["date_signed"]
    assert narrative.period(made.content) == (tuple(truth["period"]) if truth["period"] else None)
    assert [s.number for s in made.sections if s.number] == [1, 2, 3, 4, 5, 6]
