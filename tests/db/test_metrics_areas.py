"""Metrics over several units: peers, shares of an area, what an aggregate leaves out."""

from __future__ import annotations

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
