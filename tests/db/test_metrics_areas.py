"""Metrics over several units: peers, shares of an area, what an aggregate leaves out."""

from __future__ import annotations

from dataclasses import replace

from db.build import build
from tests.db.by_hand import COUNTY, DEPARTMENT, applications, finding, full, towns, values
from tests.db.conftest import write


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


def test_a_number_of_requests_in_doubt_is_no_zero_request(tmp_path):
    doubted = finding("S12", row="new")
    told = [full(2022, town, applications=applications(new=0), findings=[doubted]) for town in towns(2)]
    write(tmp_path, *told, full(2022, DEPARTMENT, findings=[finding("S12", "warning", row="new")]))
    build(tmp_path)
    sql = "SELECT kind, value, n FROM area_values WHERE metric = 'M19' AND area = '' ORDER BY kind"
    assert values(tmp_path, sql) == [("department", 0, 1), ("government", None, 0)]


def test_zero_requests_of_the_form_of_2014_are_counted_and_marked(tmp_path):
    told = {"form": "2014", "applications": {}, "disputes": {}, "disclosures": {}}
    write(tmp_path, full(2016, statistics={"requests": 0}, **told))
    build(tmp_path)
    sql = "SELECT series, value, n, flags FROM area_values WHERE metric = 'M19' AND area = ''"
    assert values(tmp_path, sql) == [("2014", 1, 1, "approximate; small n")]


def test_what_lies_below_and_cannot_be_added_is_missing_from_the_gap(tmp_path):
    below = [full(2022, unit, applications=applications(new=30)) for unit in (*towns(2), DEPARTMENT)]
    below[1]["scope"] = "unknown"
    write(tmp_path, *below, full(2022, COUNTY, scope="aggregate"))
    build(tmp_path)
    sql = "SELECT value, n, flags FROM area_values WHERE metric = 'M34'"
    assert values(tmp_path, sql) == [(0.6, 2, "incomplete: 1 missing")]


def test_an_office_is_not_added_to_its_government_that_reports_the_same(tmp_path):
    office = replace(DEPARTMENT, id="990181-zfb", name="白溪市人民政府办公室", kind="government_office")
    sql = "SELECT value, reports, left_out FROM national WHERE figure = 'requests_new' AND scope = 'own'"
    write(tmp_path, full(2022, office), full(2022, COUNTY, scope="own"))
    build(tmp_path)
    assert values(tmp_path, sql) == [(100, 1, 0)]
    write(tmp_path, full(2022, office), full(2022, COUNTY, scope="aggregate"), full(2022, DEPARTMENT))
    build(tmp_path)
    assert values(tmp_path, sql) == [(200, 2, 0)]  # near miss: the aggregate stands in a sum of its own


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
    sql = "SELECT value, n FROM area_values WHERE metric = 'M28.area' AND area = ''"
    assert values(tmp_path, sql) == [(0.5, 2)]
    ours = finding("A01") | {"origin": "extraction"}  # our reading may be what is wrong
    write(tmp_path, full(2022, findings=[ours]))
    build(tmp_path)
    assert values(tmp_path, sql) == [(None, 0)]
