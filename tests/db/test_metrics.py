"""Metrics: each against values computed by hand; what leaves them empty, flagged, or in a series of their own."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import replace

import pytest

from db import measures, schema
from db.build import build
from extract import forms
from extract.records import Unit
from tests.db.conftest import PARENTS, TOWN, digest, report, write

APPLICANTS = ("natural_person", "business", "research", "nonprofit", "legal_service", "other_organisation")
COUNTY = Unit("990181", "白溪市", "government", "county", "990181", PARENTS[:2])
DEPARTMENT = Unit("990181-nyncj", "白溪市农业农村局", "department", "county", "990181", PARENTS)
# Closed 105 = 40 + 10 + 30 + 10 + 10 + 5; 100 + 10 = 105 + 5
TOTALS = {
    "new": 100, "carried_in": 10, "granted": 40, "partly_granted": 10, "refused.state_secret": 1,
    "refused.other_law": 2, "refused.security_stability": 3, "refused.third_party": 4, "refused.internal": 5,
    "refused.deliberative": 6, "refused.enforcement_file": 7, "refused.registry_query": 2, "unable.not_held": 8,
    "unable.must_create": 1, "unable.still_unclear": 1, "unprocessed.petition": 4, "unprocessed.repeat": 1,
    "unprocessed.publication": 1, "unprocessed.abusive": 2, "unprocessed.reissue": 2, "other.no_correction": 1,
    "other.fee_unpaid": 2, "other.else": 2, "closed": 105, "carried_out": 5,
}  # fmt: skip
BY_APPLICANT = {
    "new": (60, 20, 5, 5, 6, 4),
    "granted": (20, 10, 1, 2, 5, 2),
    "partly_granted": (5, 2, 1, 0, 1, 1),
    "closed": (62, 24, 4, 5, 6, 4),
}
DISPUTES = {
    "reconsideration": [6, 3, 1, 2, 12],
    "litigation_direct": [4, 1, 0, 1, 6],
    "litigation_after_reconsideration": [1, 2, 2, 0, 5],
}
DISCLOSURES = {
    "normative_documents": {"issued": 4, "repealed": 1, "in_force": 40},
    "licensing": {"decisions": 200},
    "penalties": {"decisions": 50},
    "coercion": {"decisions": 3},
    "fees": {"amount": 12500.5},
}
REFUSED = {name.removeprefix("refused."): n for name, n in TOTALS.items() if name.startswith("refused.")}
EXPECTED = {
    "M1": 100, "M2": 110, "M3": 40 / 105, "M4": 50 / 105, "M5": 50 / 80, "M6": 40 / 91, "M6.procedural": 40 / 81,
    "M7": 30 / 105, "M8": 8 / 105, "M9": 10 / 105, "M10": 10 / 105, "M10.petition": 4 / 105,
    "M10.repeat_abuse": 3 / 105, "M11": 20 / 50, "M12.no_correction": 1 / 105, "M12.fee_unpaid": 2 / 105,
    "M13": 2 / 105, "M14": 5 / 110, "M15.clearance": 1.05, "M15.backlog": -5, "M20": 18 / 105, "M21": 3 / 10,
    "M21.of_total": 3 / 12, "M21.of_merits": 3 / 9, "M22": 3 / 10, "M22.direct": 1 / 5, "M22.after": 2 / 5,
    "M23.review": 2 / 12, "M23.direct": 1 / 6, "M23.after": 0, "M24": 5 / 10, "M31.issued": 4 / 40,
    "M31.repealed": 1 / 40, "M32.licensing": 200, "M32.penalties": 50, "M32.coercion": 3,
    "M32.licensing_penalties": 4, "M33.fees": 12500.5, "M27.findings": 0, "M27.sections": 1 / 6, "M28": 0, "M37": 1,
}  # fmt: skip
EXPECTED |= {f"M7.{reason}": n / 105 for reason, n in REFUSED.items()}
EXPECTED |= {f"M7.{reason}.of_refused": n / 30 for reason, n in REFUSED.items()}
EXPECTED |= dict(zip((f"M16.{a}" for a in APPLICANTS), (0.6, 0.2, 0.05, 0.05, 0.06, 0.04), strict=True))
EXPECTED |= dict(zip((f"M17.{a}" for a in APPLICANTS), (25 / 62, 12 / 24, 2 / 4, 2 / 5, 6 / 6, 3 / 4), strict=True))
# Operands of these are not read from the report alone: other tests hold them
ELSEWHERE = {"M25", "M29", "M30", "M31.gap", "M33.processing_fee", "M35.online", "M35.on_time"}


def applications(**totals):
    """Table 三 with the totals above; keyword arguments change totals (`refused__internal=None`)."""
    values = TOTALS | {name.replace("__", "."): value for name, value in totals.items()}
    columns = {name: [*BY_APPLICANT.get(name, (0, 0, 0, 0, 0, 0))] for name in values}
    return {name: [*columns[name], value] for name, value in values.items()}


def full(year=2022, unit=TOWN, body="", **fields):
    """A report with every figure above and no finding."""
    body = body or f"{unit.id} {year}"
    document = {
        "digest": digest(body),
        "media_type": "text/plain",
        "url": f"http://www.baixi.test/{digest(body)[7:19]}",
    }
    tables = {"applications": applications(), "disputes": DISPUTES, "disclosures": DISCLOSURES}
    return report(body, unit, year, **tables | {"findings": [], "cells": [], "document": document} | fields)


def values(data, sql="SELECT metric, value FROM metric_values", *arguments):
    connection = sqlite3.connect(data / "gongkai.db")
    try:
        return connection.execute(sql, arguments).fetchall()
    finally:
        connection.close()


def flags(data, metric, report="990181101-2022"):
    return values(data, "SELECT value, flags FROM metric_values WHERE metric = ? AND report = ?", metric, report)[0]


def finding(rule="S12", severity="error", table="applications", row="granted", column="total"):
    keys = dict.fromkeys(("quote", "place", "left", "right", "delta"))
    at = {"table": table, "row": row, "column": column}
    fields = {"rule": rule, "severity": severity, "origin": "source", "message": "invented", "fingerprint": rule * 5}
    return keys | at | fields


@pytest.fixture(scope="module")
def one(tmp_path_factory):
    data = tmp_path_factory.mktemp("one")
    write(data, full())
    build(data)
    return data


@pytest.mark.parametrize("metric", EXPECTED)
def test_value_computed_by_hand(one, metric):
    (row,) = values(
        one, "SELECT value, series, unit, division, year, form, scope FROM metric_values WHERE metric = ?", metric
    )
    assert row[0] == pytest.approx(EXPECTED[metric])
    assert row[2:] == ("990181101", "990181101", 2022, "2021", "own")


def test_no_metric_is_untested(one):
    held = {metric for (metric,) in values(one, "SELECT DISTINCT metric FROM metric_values")}
    assert held == (EXPECTED.keys() | ELSEWHERE) - {"M35.online", "M35.on_time"}
    shown = {row["id"] for row in measures.register("metrics") if row["status"] == "implemented"}
    shapes = {row["id"]: row["shape"] for row in measures.register("metrics")}
    assert {id for id in shown if shapes[id] not in ("area", "view")} == EXPECTED.keys() | ELSEWHERE


def test_every_metric_of_the_catalogue_is_there_or_says_why_not():
    metrics = measures.register("metrics")
    assert {row["metric"] for row in metrics} == {f"M{n}" for n in range(1, 38)}
    assert all(row["note"] for row in metrics if row["status"] == "out_of_scope")


def test_numerator_denominator_and_n(one):
    row = values(one, "SELECT numerator, denominator, n, measured_in, flags FROM metric_values WHERE metric = 'M4'")
    assert row == [(50, 105, 105, "share", None)]
    assert values(one, "SELECT numerator, denominator, n FROM metric_values WHERE metric = 'M2'") == [(110, None, 110)]


def test_register_names_the_operands_of_each_formula():
    named = {row["id"]: set((row["operands"] or "").split()) for row in measures.register("metrics")}
    known = set(measures.operands()) | set(measures.SUMS) | set(measures.crosswalk())
    for _, _, sql in schema.sql_files("metrics"):
        for metric, expression in re.findall(r"'(M[\w.]+)'(?: AS metric)?, (.+?)(?: FROM operands|$)", sql, re.M):
            assert set(re.findall(r"[a-z]\w+", expression)) & known == named[metric], metric


def test_operands_are_cells_of_a_form():
    cells = {
        (name, row.name, column.name)
        for form in forms.load().values()
        for name, table in form.tables.items()
        for row in table.rows
        for column in row.columns
    }
    assert {(o["table"], o["row"], o["column"]) for o in measures.operands().values()} <= cells


# -- what leaves a value empty


def test_a_missing_operand_leaves_the_value_empty(tmp_path):
    write(tmp_path, full(applications=applications(refused__internal=None)))
    build(tmp_path)
    assert flags(tmp_path, "M7") == (None, "operand missing")
    assert flags(tmp_path, "M5") == (None, "operand missing")
    assert flags(tmp_path, "M3") == (pytest.approx(40 / 105), None)  # near miss: its own operands are there


def test_a_denominator_of_0_leaves_the_value_empty(tmp_path):
    empty = {name: [0, 0, 0, 0, 0, 0, 0] for name in TOTALS}
    write(tmp_path, full(applications=empty))
    build(tmp_path)
    assert flags(tmp_path, "M3") == (None, "denominator 0")
    assert flags(tmp_path, "M1") == (0, None)  # near miss: a printed 0 is a value


def test_money_without_a_unit_is_no_figure(tmp_path):
    without = {"disclosures": DISCLOSURES, "findings": [finding("U01", "warning", "disclosures", "fees", "amount")]}
    write(tmp_path, full(**without))
    build(tmp_path)
    assert flags(tmp_path, "M33.fees") == (None, "operand missing")


# -- flags


def test_an_error_at_an_operand_flags_the_metric(tmp_path):
    write(tmp_path, full(findings=[finding()]))
    build(tmp_path)
    assert flags(tmp_path, "M3")[1] == "operand flagged"
    assert flags(tmp_path, "M7") == (pytest.approx(30 / 105), None)  # near miss: granted is no operand of it


def test_an_error_on_a_column_flags_all_in_it_and_a_warning_none(tmp_path):
    column = finding("A03", row=None, column="business")
    write(tmp_path, full(findings=[column, finding("S13", "warning")]))
    build(tmp_path)
    assert flags(tmp_path, "M17.business")[1] == "small n; operand flagged"
    assert flags(tmp_path, "M3")[1] is None
    assert flags(tmp_path, "M17.natural_person")[1] is None  # near miss: another column


def test_small_n_is_flagged(tmp_path):
    small = applications(closed=29, granted=9)
    write(tmp_path, full(applications=small), full(2023, applications=applications(closed=30, granted=9)))
    build(tmp_path)
    assert flags(tmp_path, "M3") == (pytest.approx(9 / 29), "small n")
    assert flags(tmp_path, "M3", "990181101-2023") == (pytest.approx(0.3), None)


def test_a_second_report_of_a_year_is_flagged(tmp_path):
    write(tmp_path, full(), full(body="other", title="另一份", applications=applications(new=99)))
    build(tmp_path)
    found = values(tmp_path, "SELECT report, flags FROM metric_values WHERE metric = 'M1' ORDER BY report")
    assert found == [("990181101-2022", None), ("990181101-2022-2", "not the first report")]


# -- series and scopes


def changes(data, metric):
    return values(data, "SELECT year, before, change FROM metric_changes WHERE metric = ? ORDER BY year", metric)


def test_the_law_of_2024_breaks_disputes_only(tmp_path):
    write(tmp_path, *(full(year) for year in (2022, 2023, 2024)))
    build(tmp_path)
    assert changes(tmp_path, "M21") == [(2022, None, None), (2023, pytest.approx(0.3), 0), (2024, None, None)]
    assert changes(tmp_path, "M3")[2][1:] == (pytest.approx(40 / 105), 0)
    series = values(tmp_path, "SELECT year, series FROM metric_values WHERE metric = 'M21' ORDER BY 1")
    assert series == [(2022, "2019"), (2023, "2019"), (2024, "2024")]


def test_forms_of_2019_and_2021_join_only_where_the_crosswalk_says_so(tmp_path):
    old = {name: values for name, values in applications().items() if not name.startswith("other.")}
    old["other"] = [0, 0, 0, 0, 0, 0, 5]
    stock = {"normative_documents": {"made": 4, "published": 4, "published_total": 400}}
    write(tmp_path, full(2020, form="2019", applications=old, disclosures=stock), full(2021))
    build(tmp_path)
    assert changes(tmp_path, "M3")[1] == (2021, pytest.approx(40 / 105), 0)
    assert changes(tmp_path, "M13") == [(2020, None, None), (2021, None, None)]
    assert changes(tmp_path, "M31.issued") == [(2021, None, None)]
    assert flags(tmp_path, "M31.gap", "990181101-2021") == (None, "operand missing")
    assert values(tmp_path, "SELECT value FROM metric_values WHERE metric = 'M13' ORDER BY year") == [
        (pytest.approx(5 / 105),),
        (pytest.approx(2 / 105),),
    ]


def test_a_year_that_is_not_held_is_not_bridged(tmp_path):
    write(tmp_path, full(2021), full(2023))
    build(tmp_path)
    assert changes(tmp_path, "M1") == [(2021, None, None), (2023, None, None)]


def test_stock_of_documents_against_last_year(tmp_path):
    documents = DISCLOSURES | {"normative_documents": {"issued": 6, "repealed": 3, "in_force": 45}}
    write(tmp_path, full(2022), full(2023, disclosures=documents))
    build(tmp_path)
    assert flags(tmp_path, "M31.gap", "990181101-2023") == (45 - 40 - 6 + 3, None)


def test_scopes_are_never_mixed(tmp_path):
    own, area = full(2022, COUNTY, scope="own"), full(2023, COUNTY, scope="aggregate")
    write(tmp_path, own, area)
    build(tmp_path)
    assert [row[1:] for row in changes(tmp_path, "M1")] == [(None, None), (None, None)]
    assert values(tmp_path, "SELECT year, scope FROM area_values WHERE metric = 'M19' AND area = '99' ORDER BY 1") == [
        (2022, "own"),
        (2023, "aggregate"),
    ]


def towns(count):
    return [replace(TOWN, id=f"990181{n}", division=f"990181{n}", name=f"镇{n}") for n in range(101, 101 + count)]


def test_peers_are_of_one_scope_and_at_least_five(tmp_path):
    several = [full(2022, town, applications=applications(new=10 * n)) for n, town in enumerate(towns(5), 1)]
    few = [full(2023, town) for town in towns(4)]
    write(tmp_path, *several, full(2022, COUNTY, scope="aggregate"), *few)
    build(tmp_path)
    peers = values(
        tmp_path, "SELECT year, level, scope, n, p10, p25, p50, p75, p90 FROM metric_peers WHERE metric = 'M1'"
    )
    assert peers == [(2022, "township", "own", 5, 10, 20, 30, 40, 50)]
    band = values(
        tmp_path, "SELECT report, band FROM metric_standing WHERE metric = 'M1' AND year = 2022 ORDER BY report"
    )
    assert band[0] == ("990181-2022", None) and band[1] == ("990181101-2022", "P10–P25") and band[5][1] == "P75–P90"


# -- over areas


def test_zero_request_share(tmp_path):
    empty = applications(new=0)
    blank = applications(new=None)
    reports = [
        full(2022, town, applications=table)
        for town, table in zip(towns(3), (empty, applications(), blank), strict=True)
    ]
    write(tmp_path, *reports)
    build(tmp_path)
    sql = "SELECT value, n, numerator, denominator, flags FROM area_values WHERE metric = 'M19' AND area = ?"
    for area in ("", "99", "9901", "990181"):
        assert values(tmp_path, sql, area) == [(0.5, 2, 1, 2, "small n")]
    assert values(tmp_path, sql, "990181101") == []


def test_aggregation_gap(tmp_path):
    below = [full(2022, unit, applications=applications(new=30)) for unit in (*towns(2), DEPARTMENT)]
    write(tmp_path, *below, full(2022, COUNTY, scope="aggregate"))
    build(tmp_path)
    sql = "SELECT area, value, n, numerator, denominator, flags FROM area_values WHERE metric = 'M34'"
    assert values(tmp_path, sql) == [("990181", 0.9, 3, 90, 100, None)]
    below[0]["applications"]["new"][6] = None
    write(tmp_path, *below, full(2022, COUNTY, scope="aggregate"))
    build(tmp_path)
    assert values(tmp_path, sql) == [("990181", None, 3, None, 100, "operand missing")]
    write(tmp_path, *below, full(2022, COUNTY, scope="own"))  # near miss: an organ's own report has nobody below it
    build(tmp_path)
    assert values(tmp_path, sql) == []


def test_sums_that_do_not_hold(tmp_path):
    broken, lacking, plain = ([finding("A03")], [finding("A11", "info", row=None, column=None)], [])
    write(tmp_path, *(full(2022, town, findings=f) for town, f in zip(towns(3), (broken, lacking, plain), strict=True)))
    build(tmp_path)
    assert [v for (v,) in values(tmp_path, "SELECT value FROM metric_values WHERE metric = 'M28' ORDER BY report")] == [
        1,
        None,
        0,
    ]
    assert values(tmp_path, "SELECT value, n FROM area_values WHERE metric = 'M28.area' AND area = ''") == [(0.5, 2)]


def test_quality_counts_what_nobody_dismissed(tmp_path):
    found = [finding("S01"), finding("N01", "warning"), finding("N06", "notice"), finding("D03", "info")]
    write(tmp_path, full(findings=found))
    build(tmp_path)
    assert flags(tmp_path, "M37")[0] == pytest.approx(1 - 0.1 - 0.03 - 0.01)
    assert flags(tmp_path, "M27.findings")[0] == 1


def fee(value, unit):
    return {"kind": "processing_fee", "value": value, "unit": unit, "quote": "收取信息处理费", "place": None}


@pytest.mark.parametrize(
    ("stated", "yuan"),
    [
        ([fee(400, "元")], 400),
        ([fee(0.04, "万元"), fee(400, "元")], 400),
        ([fee(0, None)], 0),
        ([fee(400, None)], None),
        ([fee(400, "元"), fee(300, "元")], None),
        ([], None),
    ],
)
def test_processing_fee_needs_exactly_one_amount(tmp_path, stated, yuan):
    write(tmp_path, full(statements=stated))
    build(tmp_path)
    assert flags(tmp_path, "M33.processing_fee")[0] == yuan


def test_likeness_to_last_year(tmp_path):
    text = "".join(chr(0x4E00 + (n * 7919) % 5000) for n in range(600))  # words without sense, none twice
    sections = [{"number": n, "heading": "", "text": text} for n in (1, 5, 6)]
    write(tmp_path, full(2022, sections=sections), full(2023, sections=sections))
    build(tmp_path)
    assert flags(tmp_path, "M29", "990181101-2023")[0] == 1
    assert flags(tmp_path, "M29", "990181101-2022") == (None, "operand missing")  # near miss: nothing to compare with
    assert flags(tmp_path, "M30", "990181101-2023") == (None, "operand missing")  # one unit is like nobody else


# -- the form of 2014


def test_figures_of_2014_are_approximate_and_a_series_of_their_own(tmp_path):
    figures = {
        "requests": 50, "requests.online": 20, "closed": 40, "closed.on_time": 38, "answered.already_public": 10,
        "answered.granted": 12, "answered.partly_granted": 2, "reconsiderations.upheld": 3,
        "reconsiderations.corrected": 1, "reconsiderations.other": 0,
    }  # fmt: skip
    old = full(2018, form="2014", statistics=figures, applications={}, disputes={}, disclosures={})
    write(tmp_path, old, full(2019))
    build(tmp_path)
    found = {
        m: v for m, *v in values(tmp_path, "SELECT metric, value, series, flags FROM metric_values WHERE year = 2018")
    }
    assert found["M1"] == [50, "2014", "approximate"]
    assert found["M3"] == [pytest.approx(22 / 40), "2014", "approximate"]
    assert found["M21"] == [0.25, "2014", "small n; approximate"]
    assert found["M35.online"] == [0.4, "2014", None] and found["M35.on_time"] == [0.95, "2014", None]
    assert "M7" not in found and "M35.online" not in {m for m, _ in values(tmp_path) if m.startswith("M2")}
    assert changes(tmp_path, "M1") == [(2018, None, None), (2019, None, None)]


# -- fast enough for a page


def test_a_unit_is_looked_up_by_its_index():
    connection = sqlite3.connect(":memory:")
    connection.executescript(schema.statements())
    for name, _, sql in schema.sql_files("metrics"):
        connection.execute(f"CREATE VIEW [{name}] AS {sql}")
    for view, key in (("metric_values", "unit"), ("metric_standing", "unit"), ("metric_changes", "line")):
        plan = connection.execute(f"EXPLAIN QUERY PLAN SELECT * FROM {view} WHERE {key} = '990181101'").fetchall()
        assert not [step for *_, step in plan if step.startswith("SCAN operands")], view
