"""Ten years of an invented county and its neighbour: every planted fault is found, nothing else is, series go on."""

from __future__ import annotations

import csv
import sqlite3
from pathlib import Path
from random import Random

import pytest

from crawler.archive import Archive
from crawler.replica import faults, statistics
from crawler.replica.reports import Synthetic, generate
from db.build import NAME, build
from extract.register import lineage
from extract.run import extract

YEARS = range(2014, 2024)
FORMS = {year: "2014" if year < 2019 else "2019" if year < 2021 else "2021" for year in YEARS}
UPGRADE, MERGER = 2020, 2021  # 云溪县 becomes a city; the last town of 青禾县 goes to the one before it
TOWNS = [f"{a}{b}镇" for a in "东南西北上下前后左右" for b in "溪坪"]
KINDS = 30
# What stands in generated prose of few patterns, and in tables of few figures, is alike; figures drawn anew jump
SETTLED = {"B01", "B02"}  # what one document leaves open, last year's report settles
BY_CHANCE = {"P05", "P06", "R03", "Y03", "Y04"}
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
    kinds = {name: ("2014",) for name in statistics.FAULTS}
    for name, fault in faults.ALL.items():
        if "html" in fault.media and (faults.fits(name, "990302101") or faults.fits(name, "990301-jyj")):
            kinds[name] = fault.forms
    return kinds


def planted() -> dict[tuple[str, int], tuple[str, ...]]:
    """One fault of every kind, in a series and year of its own; the years beside it are clean."""
    rng, places = Random(7), {}
    for name, forms in sorted(kinds_of_faults().items(), key=lambda kind: len(kind[1])):
        free = [
            (series, year)
            for year in YEARS
            for series, unit, _ in units(year)
            if FORMS[year] in forms
            and year not in (UPGRADE, MERGER)
            and not any((series, other) in places for other in (year - 1, year, year + 1))
            and (FORMS[year] == "2014" or faults.fits(name, unit))
        ]
        places[rng.choice(free)] = (name,)
    return places


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
            going_on = truth.get(series) if FORMS[year] != "2014" and (series, year - 1) not in places else None
            report = generate(
                1000 * year + n, unit=unit, organ=organ, year=year, form=FORMS[year],
                faults=places.get((series, year), ()), before=going_on if year > 2019 else None,
            )  # fmt: skip
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
    """Errors and warnings of reports that are clean, and whose year before is clean too."""
    database, made = county
    query = (
        "SELECT f.report, f.rule, f.message, p.previous FROM findings AS f"
        f" LEFT JOIN previous_reports AS p ON p.report = f.report WHERE f.severity IN {LOUD}"
    )
    beside = [
        (report, rule, message)
        for report, rule, message, previous in database.execute(query)
        if rule not in BY_CHANCE and not made[report].faults and not (previous and made[previous].faults)
    ]
    assert beside == []


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
