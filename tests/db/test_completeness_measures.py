"""What is made of who published: timeliness and completeness over an area, gaps of an aggregate."""

from __future__ import annotations

import pytest

from db.build import build
from tests.db.baixi import COUNTY, TOWN2, county, made, query, run
from tests.db.conftest import TOWN, Fetched, digest, document, report, write


@pytest.fixture
def data(tmp_path, monkeypatch):
    """A data folder with a county's register and its portal."""
    return county(tmp_path, monkeypatch)


def test_timeliness_and_completeness_over_an_area(data):
    run(data)
    made(data, (TOWN, 2022, "2023-01-21"), (TOWN2, 2022, "2023-02-10"), (TOWN, 2023, "2024-01-21"))
    sql = "SELECT value, n FROM area_values WHERE metric = ? AND area = '990181' AND level = 'township' AND year = ?"
    kind = " AND kind = 'government'"
    assert query(data, sql + kind, "M25.on_time", 2022) == [(0.5, 2)]
    assert query(data, sql + kind, "M25.median_days", 2022) == [(-10, 2)]
    assert query(data, sql + kind, "M26", 2022) == [(0, 2)] and query(data, sql + kind, "M26", 2023) == [(0.5, 2)]
    assert query(data, sql + " AND kind = 'street_office'", "M26", 2023) == [(1, 1)]
    assert query(data, "SELECT value FROM metric_values WHERE metric = 'M25' AND year = 2022 ORDER BY report") == [
        (-10,),
        (10,),
    ]


def test_the_unreachable_are_not_counted_as_missing(data):
    run(data, problems=["500"])
    made(data, (TOWN, 2022, "2023-01-21"))
    rows = query(
        data, "SELECT year, value, n FROM area_values WHERE metric = 'M26' AND area = '' AND kind = 'government'"
    )
    assert rows == [(2022, 0, 1)]


def test_an_aggregation_gap_names_who_is_missing(data):
    run(data)
    lines, fetches = [], []
    for unit, on, scope in ((COUNTY, "2024-03-01", "aggregate"), (TOWN, "2024-01-20", "own")):
        source = {"digest": digest(unit.id), "media_type": "text/html", "url": f"http://www.baixi.test/{unit.id}"}
        lines.append(report(unit.id, unit, 2023, scope=scope, document=source, findings=[]))
        fetches.append(document(unit.id, url=source["url"], portal="baixi", published_on=on))
    write(data, *lines)
    build(data, Fetched(*fetches))
    found = query(data, "SELECT value, n, flags FROM area_values WHERE metric = 'M34'")
    assert found == [(1, 1, "incomplete: 2 missing")]  # 柳湾乡 and 东关街道
