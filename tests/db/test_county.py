"""Ten years of an invented county and its neighbour: every planted fault is found, nothing else is, series go on."""

from __future__ import annotations

import csv
import sqlite3
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

from crawler.archive import Archive
from crawler.replica import fault_years, faults, statistics
from crawler.replica.reports import Synthetic, generate
from db.build import NAME, build
from extract.register import lineage
from extract.run import extract

YEARS = range(2014, 2024)
FORMS = {year: "2014" if year < 2019 else "2019" if year < 2021 else "2021" for year in YEARS}
UPGRADE, MERGER = 2020, 2021  # 云溪县 becomes a city; the last town of 青禾县 goes to the one before it
TOWNS = [f"{a}{b}镇" for a in "东南西北上下前后左右" for b in "溪坪"]
KINDS = 30
SEED = 7
SETTLED = {"B01", "B02"}  # what one document leaves open, last year's report settles
LOUD = ("error", "warning")


def departments() -> list[tuple[str, str]]:
    """(slug, name) of kinds of departments that no reform renamed."""
    path = Path(lineage.__file__).parent / "kinds.csv"
    moved = {name.slug for name in lineage.kind_names()} | {name.successor for name in lineage.kind_names()}
    with path.open(encoding="utf-8") as lines:
        rows = [(row["slug"], row["name"]) for row in csv.DictReader(lines)]
    return [(slug, name) for slug, name in rows if slug not in moved and name.endswith("局")][:KINDS]


def units(year: int) -> list[tuple[str, str, str]]:
    """(series, unit id, organ) of every publisher of a year."""
    town = [(f"town{n}", f"990302{101 + n}", f"青禾县{name}") for n, name in enumerate(TOWNS)]
    county, name = ("990381", "云溪市") if year >= UPGRADE else ("990301", "云溪县")
    offices = [(slug, f"{county}-{slug}", name + kind) for slug, kind in departments()]
    return [*(town if year < MERGER else town[:-1]), *offices]


def kinds_of_faults() -> dict[str, tuple[str, ...]]:
    """Fault → its forms, for every fault that a page can have, and that a town or a department can."""
    kinds = {name: ("2014",) for name in statistics.FAULTS} | {n: f.forms for n, f in fault_years.ALL.items()}
    for name, fault in faults.ALL.items():
        if "html" in fault.media and (faults.fits(name, "990302101") or faults.fits(name, "990301-jyj")):
            kinds[name] = fault.forms
    return kinds


def planted() -> dict[tuple[str, int], tuple[str, ...]]:
    """One fault of every kind, in a series and year of its own; the years beside it are clean."""
    rng, places, lenders = Random(SEED), {}, set()
    for name, forms in sorted(
        kinds_of_faults().items(), key=lambda kind: (kind[0] not in fault_years.ALL, len(kind[1]))
    ):
        free = [
            (series, year, lender)
            for year in YEARS
            for (lender, _, _), (series, unit, _) in pairwise(units(year))
            if FORMS[year] in forms
            and not any((series, other) in places for other in (year - 1, year, year + 1))
            and (series, year) not in lenders
            and not (name in fault_years.BESIDE and (lender, year) in places)
            and _suits(name, year, unit, lender)
        ]
        series, year, lender = rng.choice(free)
        places[series, year] = (name,)
        lenders |= {(lender, year)} if name in fault_years.BESIDE else set()
    return places


def _suits(name: str, year: int, unit: str, lender: str) -> bool:
    """What is taken from last year or the unit before comes from a busy one, and last year's form is this year's."""
    if name not in fault_years.ALL:
        return year not in (UPGRADE, MERGER) and (FORMS[year] == "2014" or faults.fits(name, unit))
    # The form of 2019 has one pair of years; elsewhere the unit that copies its text has its old id
    same = FORMS[year] == FORMS.get(year - 1) and (year != UPGRADE or fault_years.ALL[name].forms == ("2019",))
    return same and "-" in unit and not lender.startswith("town")


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> tuple[sqlite3.Connection, dict[str, Synthetic]]:
    """The built database, and what was made of each report by its id."""
    data = tmp_path_factory.mktemp("county")
    (data / "register").mkdir()
    rows = [("99", "云泽省"), ("9903", "云溪地区"), ("990301", "云溪县"), ("990381", "云溪市"), ("990302", "青禾县")]
    rows += [(f"990302{101 + n}", name) for n, name in enumerate(TOWNS)]
    text = "code,name\n" + "".join(f"{code},{name}\n" for code, name in rows)
    (data / "register" / "99.csv").write_text(text, encoding="utf-8")
    last, before = f"990302{101 + len(TOWNS) - 1}", f"990302{101 + len(TOWNS) - 2}"
    (data / "relations.csv").write_text(
        "predecessor,predecessor_name,successor,successor_name,kind,date,source\n"
        f"990301,云溪县,990381,云溪市,upgrade,{UPGRADE}-05-01,invented\n"
        f"{last},{TOWNS[-1]},{before},{TOWNS[-2]},merge,{MERGER}-03-01,invented\n",
        encoding="utf-8",
    )
    archive, made, places = Archive(data / "archive"), {}, planted()
    truth: dict[str, dict] = {}
    for year in YEARS:
        for n, (series, unit, organ) in enumerate(units(year)):
            chosen, lender = places.get((series, year), ()), units(year)[n - 1]
            report = generate(
                (SEED * 10_000 + year) * 1000 + n, unit=unit, organ=organ, year=year, form=FORMS[year],
                faults=chosen, before=truth.get(series, {}), beside=(lender[1], truth.get(lender[0], {})),
            )  # fmt: skip
            for name in set(chosen) & set(fault_years.BESIDE):  # who lent it has it too
                truth[lender[0]]["expect"].append(fault_years.ALL[name].rule)
            truth[series], made[f"{unit}-{year}"] = report.truth, report
            archive.store(
                report.page.encode(), name=f"{unit}-{year}.html", fetched=f"{year + 1}-02-01T00:00:00Z", unit=unit
            )
    assert extract(data).errors == ()
    build(data)
    return sqlite3.connect(f"file:{data / NAME}?mode=ro", uri=True), made


def test_every_report_stands_under_its_unit(county) -> None:
    database, made = county
    assert {id for (id,) in database.execute("SELECT id FROM reports")} == made.keys()
    assert len(made) == sum(len(units(year)) for year in YEARS) >= 490
    forms = dict(database.execute("SELECT form, count(*) FROM reports GROUP BY form"))
    assert forms.keys() == {"2014", "2019", "2021"}


def test_every_planted_fault_is_found_by_its_rule(county) -> None:
    database, made = county
    found: dict[str, set[str]] = {}
    for report, rule in database.execute("SELECT report, rule FROM findings"):
        found.setdefault(report, set()).add(rule)
    expected = {(id, rule) for id, report in made.items() for rule in report.truth["expect"] if rule not in SETTLED}
    missed = {(id, rule) for id, rule in expected if rule not in found.get(id, set())}
    assert missed == set()
    assert {name for report in made.values() for name in report.faults} == kinds_of_faults().keys()


def test_nothing_else_is_found(county) -> None:
    """No error and no warning but those of a report's own truth: its fault's, or where the year before is broken."""
    database, made = county
    found = database.execute(f"SELECT report, rule, message FROM findings WHERE severity IN {LOUD}")
    beside = [(report, rule, message) for report, rule, message in found if rule not in made[report].truth["expect"]]
    assert beside == []


def test_clean_reports_behind_clean_ones_have_not_even_a_notice(county) -> None:
    database, made = county
    before = dict(database.execute("SELECT report, previous FROM previous_reports"))
    clean = {id for id in made if not made[id].faults and not (id in before and made[before[id]].faults)}
    lent = {id: made[id].truth["expect"] for id in clean if made[id].truth["expect"]}
    assert {rule for rules in lent.values() for rule in rules} <= {fault_years.ALL[n].rule for n in fault_years.BESIDE}
    found = database.execute("SELECT report, rule, message FROM findings WHERE severity <> 'info'")
    beside = [
        (report, rule, message)
        for report, rule, message in found
        if report in clean and report not in lent and not (rule == "A12" and _idle(made[report].truth))
    ]
    assert beside == []


def _idle(truth: dict) -> bool:
    """Whether a town had neither requests nor disputes: its tables are all zero, and rightly so."""
    return not any(any(row) for table in ("applications", "disputes") for row in truth[table].values())


def test_texts_and_tables_can_be_compared(county) -> None:
    """That no clean text is like another is no merit where there is too little to compare."""
    database, made = county
    open_ = database.execute("SELECT DISTINCT report FROM not_assessable WHERE rule IN ('P05', 'P06')")
    assert [report for (report,) in open_ if not made[report].faults] == []
    shares = database.execute("SELECT report, share FROM likenesses WHERE kind = 'last_year'").fetchall()
    assert len(shares) == database.execute("SELECT count(*) FROM previous_reports").fetchone()[0]


def test_series_are_continuous_exactly_where_they_should_be(county) -> None:
    database, _ = county
    linked = dict(database.execute("SELECT report, previous FROM previous_reports"))
    expected = {}
    heir = f"990302{101 + len(TOWNS) - 2}"
    for year in YEARS:
        ids = {series: unit for series, unit, _ in units(year)}
        before = {series: unit for series, unit, _ in units(year - 1)} if year > YEARS[0] else {}
        for series, unit in ids.items():
            if series in before and not (unit == heir and year == MERGER):
                expected[f"{unit}-{year}"] = f"{before[series]}-{year - 1}"
    assert linked == expected
