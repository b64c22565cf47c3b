"""What the page of a place shows. Own and aggregate figures, and different forms, are never joined."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import replace

from db import charts
from db.charts import Chart, Point
from db.language import Say
from db.page import Query, Row
from db.units import ABOVE, BELOW, DUE, HISTORY, WORDS, drawn, due, first, point, values

PEERS = ("M1", "M3", "M7")
AREA = ("M26", "M25.on_time", "M19", "M28.area")
MOST = 300  # units in a matrix
_CHILDREN = f"SELECT code, name, pinyin, level, valid_to, {BELOW} FROM divisions WHERE parent = ? ORDER BY code"
_UNITS = """SELECT id, name, pinyin, kind, level, reports, 0 AS below FROM units WHERE division = ?1
UNION ALL SELECT units.id, units.name, units.pinyin, units.kind, units.level, reports, 1
  FROM divisions JOIN units ON units.id = divisions.code WHERE divisions.parent = ?1
ORDER BY below, id LIMIT ?2"""
_CELLS = """SELECT id, unit, year, scope, form, errors, warnings FROM reports
WHERE unit IN (SELECT value FROM json_each(?)) AND year IS NOT NULL ORDER BY unit, year, length(id), id"""
_AREA = """SELECT a.*, m.zh, m.en, m.unit FROM area_values AS a JOIN metrics AS m ON m.id = a.metric
WHERE a.area = ? ORDER BY a.metric, a.level, a.kind, a.scope, a.series, a.year"""


async def place(query: Query, code: str, t: Say, year: int | None = None) -> Row | None:
    """Everything that the page of a place shows; None where there is no such place."""
    found = await query("SELECT * FROM divisions WHERE code = ?", code)
    if not found:
        return None
    own = found[0]
    government = next(iter(await query("SELECT * FROM units WHERE id = ?", code)), None)
    histories = await values(query, [code], HISTORY) if government else []
    units = await query(_UNITS, code, MOST + 1)
    area = await query(_AREA, code)
    return WORDS | {
        "place": own,
        "above": (await query(ABOVE, code))[:-1],
        "children": await query(_CHILDREN, code),
        "government": government,
        "charts": drawn(t, histories, await due(query, code)),
        "matrix": await matrix(query, units[:MOST]),
        "more": len(units) > MOST,
        "area": _area(area),
        "area_charts": _area_charts(t, area),
        "peers": await peers(query, t, own, histories, year),
    }


async def matrix(query: Query, units: list[Row]) -> Row:
    """Unit × year: what became of the report that was due, and the reports held with their findings."""
    ids = json.dumps([unit["id"] for unit in units])
    cells: dict[tuple[str, int], Row] = defaultdict(lambda: {"expected": None, "reports": []})
    for row in await query(DUE, ids):
        cells[row["unit"], row["year"]]["expected"] = row
    for row in await query(_CELLS, ids):
        cells[row["unit"], row["year"]]["reports"].append(row)
    for cell in cells.values():
        cell["state"] = cell["expected"]["state"] if cell["expected"] else "held"
    years = sorted({year for _, year in cells}, reverse=True)  # the newest are seen first, also where little fits
    rows = [(unit, [cells.get((unit["id"], year)) for year in years]) for unit in units]
    kept = [(unit, line) for unit, line in rows if any(line)]
    return {"years": years, "rows": kept, "states": {cell["state"] for cell in cells.values()}}


async def peers(query: Query, t: Say, own: Row, histories: list[Row], year: int | None) -> Row | None:
    """How this government's figures stand among those of the same level and parent: distributions, not a ranking."""
    years = sorted({row["year"] for row in histories if row["metric"] in PEERS and row["year"]})
    if not years:
        return None
    year = year if year in years else years[-1]
    rows = [row for row in histories if row["year"] == year and first(row)]
    scopes = {row["scope"] for row in rows}
    scope = (
        "aggregate" if "aggregate" in scopes else next(iter(sorted(scopes)), None)
    )  # the one that speaks for the place
    mine = {row["metric"]: row for row in rows if row["scope"] == scope}
    siblings = await query(
        "SELECT code, name FROM divisions WHERE parent IS ? AND level = ? ORDER BY code", own["parent"], own["level"]
    )
    names = {row["code"]: row["name"] for row in siblings}
    found = await values(query, list(names), PEERS, year)
    drawings = [
        (_strip(t, mine[metric], [v for v in found if v["metric"] == metric], names), await _wide(query, mine[metric]))
        for metric in PEERS
        if metric in mine
    ]
    return {"year": year, "years": years, "names": names, "charts": drawings, "scope": scope}


def _strip(t: Say, mine: Row, found: list[Row], names: dict[str, str]) -> Chart:
    alike = [v for v in found if (v["scope"], v["series"]) == (mine["scope"], mine["series"]) and first(v)]
    points = [
        replace(point(t, v), key=v["unit"], state=names[v["unit"]], joins=None)
        for v in sorted(alike, key=lambda v: v["unit"])
    ]
    silent = [code for code in names if code not in {p.key for p in points}]
    return charts.strip(mine["zh"], mine["en"], mine["measured_in"], points, mine["unit"], silent=silent)


async def _wide(query: Query, mine: Row) -> Row | None:
    """The quantiles among all units of that level, kind and scope in the whole database."""
    found = await query(
        "SELECT * FROM metric_peers WHERE metric = ? AND year = ? AND series = ? AND level = ?"
        " AND kind = ? AND scope = ?",
        *(mine[key] for key in ("metric", "year", "series", "level", "kind", "scope")),
    )
    return found[0] if found else None


def _area(rows: list[Row]) -> list[Row]:
    """Metrics over all units of a place: a table a metric, a row a level, kind, scope and series, a column a year."""
    tables: dict[str, Row] = {}
    for row in rows:
        table = tables.setdefault(row["metric"], {"head": row, "years": set(), "lines": defaultdict(dict)})
        table["years"].add(row["year"])
        table["lines"][row["level"], row["kind"], row["scope"], row["series"]][row["year"]] = row
    kept = [tables[metric] for metric in (*AREA, *sorted(set(tables) - set(AREA))) if metric in tables]
    return [table | {"years": sorted(table["years"])} for table in kept]


def _area_charts(t: Say, rows: list[Row]) -> list[tuple[Chart, str, str]]:
    """Who did not publish and who did in time, for the level and kind of which there are most."""
    drawings = []
    for metric in AREA[:2]:
        counted: dict[tuple[str, str], int] = defaultdict(int)
        for row in rows:
            if row["metric"] == metric:
                counted[row["level"], row["kind"]] += row["n"]
        if counted:
            level, kind = max(counted, key=lambda group: (counted[group], group))
            some = [r for r in rows if (r["metric"], r["level"], r["kind"]) == (metric, level, kind)]
            names = some[0]["zh"], some[0]["en"], some[0]["unit"]
            drawings.append((charts.history(*names, map(_of_area, some), ("系列", "series")), level, kind))
    return drawings


def _of_area(row: Row) -> Point:
    key = f"{row['series']} {row['year']}"
    facts = {"n": row["n"], "key": key, "joins": f"{row['series']} {row['year'] - 1}"}
    return Point(row["year"], row["value"], row["series"], row["scope"], flags=row["flags"] or "", **facts)
