"""What the front page shows. Every figure was counted by the build; no query here grows with the reports."""

from __future__ import annotations

from collections import defaultdict

from db import charts
from db.charts import Chart, Column, Point
from db.language import Say
from db.measures import register
from db.page import Query, Row
from db.units import BELOW

OUTCOMES = ("granted", "partly_granted", "refused", "unable", "unprocessed", "other")
DUE = ("published", "late", "missing", "unreachable", "found_unread")  # what is not required or has ended is not due
SCOPES = ("aggregate", "own")
LEAST = 10  # reports, for a sum over them to be drawn without a flag; as for areas in registers/metrics.csv
NEWEST = 8
_NAMED = """r.id, r.name, r.year, r.scope, r.form, r.requests_new, r.errors, r.warnings, units.pinyin, up.name AS above,
  place.name AS place, place.pinyin AS place_pinyin
FROM reports AS r LEFT JOIN units ON units.id = r.unit
LEFT JOIN divisions AS place ON place.code = r.division LEFT JOIN divisions AS up ON up.code = place.parent"""
_NEW = f"SELECT r.first_fetched AS at, {_NAMED} ORDER BY r.first_fetched DESC, r.rowid DESC LIMIT ?"
_CHANGED = f"""SELECT max(v.replaced_at) AS at, {_NAMED}
JOIN (SELECT report, replaced_at FROM report_versions ORDER BY replaced_at DESC LIMIT 100) AS v ON v.report = r.id
GROUP BY r.id ORDER BY 1 DESC, r.id LIMIT ?"""
_BELOW = f"""SELECT code, name, pinyin, level, parent, {BELOW}
FROM divisions WHERE code > ?1 AND code < ?1 || ':' AND level IN ('prefecture', 'county') ORDER BY code"""
_AILING = """SELECT slug, name, health, failing FROM portals WHERE health IN ('failing', 'problems')
ORDER BY health, slug LIMIT 5"""


async def front(query: Query, t: Say, province: str) -> Row:
    """Everything on the front page; `province` is the code of the one whose places are listed, or ''."""
    tiles = await provinces(query)
    return {
        "groups": await national(query, t),
        "series": await query("SELECT * FROM series WHERE id IN (SELECT series FROM national) ORDER BY id"),
        "tiles": tiles,
        "chosen": next((tile for tile in tiles if tile["code"] == province and tile["name"]), None),
        "below": tree(await query(_BELOW, province), province) if province else [],
        "newest": await query(_NEW, NEWEST),
        "changed": await query(_CHANGED, NEWEST),
        "due": await due(query),
        "portals": {
            row["health"]: row["n"] for row in await query("SELECT health, count(*) AS n FROM portals GROUP BY 1")
        },
        "ailing": await query(_AILING),
        "written": charts.written,
    }


async def provinces(query: Query) -> list[Row]:
    """A tile a province, roughly where it lies; provinces that have no tile (those of the demo) come in a row below."""
    held = {
        row["code"]: row
        for row in await query(
            "SELECT code, name, pinyin, c.reports, c.units, c.clean FROM divisions"
            " LEFT JOIN province_counts AS c ON c.province = code WHERE parent IS NULL AND level = 'province'"
        )
    }
    tiles = [dict.fromkeys(("name", "reports", "units", "clean")) | tile for tile in register("provinces")]
    for place, code in enumerate(sorted(set(held) - {tile["code"] for tile in tiles}), 1):
        names = {"zh": held[code]["name"], "en": held[code]["pinyin"], "iso": code}
        tiles.append({"code": code, "row": "9", "column": str(place)} | names)
    return [tile | held.get(tile["code"], {}) for tile in tiles]


def tree(rows: list[Row], province: str) -> list[tuple[Row | None, list[Row]]]:
    """Prefectures with their counties; counties directly under the province come with None."""
    below: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        below[row["parent"]].append(row)
    direct = [row for row in below[province] if row["level"] == "county"]
    lines: list[tuple[Row | None, list[Row]]] = [(None, direct)] if direct else []
    return lines + [(row, below[row["code"]]) for row in below[province] if row["level"] == "prefecture"]


async def due(query: Query) -> list[Row]:
    """The newest three years for which reports were due: what became of them, in units."""
    years: dict[int, Row] = {}
    for row in await query("SELECT year, state, units FROM expected_counts WHERE place = '' ORDER BY year DESC"):
        if row["state"] in DUE:
            years.setdefault(row["year"], defaultdict(int, year=row["year"]))[row["state"]] = row["units"]
    return [year | {"all": sum(year[state] for state in DUE)} for year in list(years.values())[:3]]


async def national(query: Query, t: Say) -> list[Row]:
    """Per scope that has figures: requests, outcomes and corrections over the years. Scopes are never added up."""
    sums: dict[str, dict[str, dict[tuple[int, str], Row]]] = defaultdict(lambda: defaultdict(dict))
    for row in await query("SELECT * FROM national ORDER BY year, series"):
        sums[row["scope"]][row["figure"]][row["year"], row["series"]] = row
    return [{"scope": scope, "charts": _drawn(sums[scope], t)} for scope in SCOPES if scope in sums]


def _drawn(figures: dict[str, dict[tuple[int, str], Row]], t: Say) -> dict[str, Chart | None]:
    parted = t("front.series"), t("front.series")

    def both(name: str) -> tuple[str, str]:
        return (t(f"front.chart_{name}"),) * 2

    requests = [_point(row, (row["value"], row["reports"]), _sum(row, t)) for row in figures["requests_new"].values()]
    corrected = [
        _point(row, (row["value"], whole["value"]), t("front.of_reports", n=charts.written(row["reports"], "")))
        for (key, row) in figures["review_corrected"].items()
        for whole in (figures["review_decided"][key],)
    ]
    columns = _columns(figures)
    return {
        "requests": charts.history(*both("requests"), "件", requests, parted, counted=True)
        if _summed(figures["requests_new"])
        else None,
        "outcomes": charts.stacked(*both("outcomes"), columns) if any(c.parts for c in columns) else None,
        "corrected": charts.history(*both("corrected"), "share", corrected, parted, counted=True)
        if _summed(figures["review_decided"])
        else None,
    }


def _summed(rows: dict[tuple[int, str], Row]) -> bool:
    """Whether any year has a sum: without one there is nothing to draw, and an empty frame would look like zeros."""
    return any(row["value"] is not None for row in rows.values())


def _sum(row: Row, t: Say) -> str:
    return t("chart.no_figure") if row["value"] is None else t("front.sum", n=charts.written(row["value"], ""))


def _point(row: Row, over: tuple[float | None, float | None], state: str) -> Point:
    value = over[0] / over[1] if over[0] is not None and over[1] else None
    small = row["reports"] < LEAST
    flags = "; ".join(filter(None, ["approximate" * (row["series"] == "2014"), "small n" * small]))
    joins = {"key": f"{row['series']} {row['year']}", "joins": f"{row['series']} {row['year'] - 1}"}
    return Point(row["year"], value, row["series"], row["scope"], flags=flags, n=over[1], state=state, **joins)


def _columns(figures: dict[str, dict[tuple[int, str], Row]]) -> list[Column]:
    """One a year: the series with the most reports; those of another, late users of an old form, are only counted."""
    held: dict[int, list[tuple[int, str, int]]] = defaultdict(list)
    for (year, series), row in figures["closed"].items():
        held[year].append((row["reports"], series, row["reports"] + row["left_out"]))
    columns = []
    for year, found in sorted(held.items()):
        reports, series, own = max(found)
        others = sum(n for _, _, n in found) - own
        columns.append(Column(year, _parts(figures, (year, series)), reports, series, others))
    return columns


def _parts(figures: dict[str, dict[tuple[int, str], Row]], key: tuple[int, str]) -> dict[str, float] | None:
    """None where a part has no figure: of the rest nobody knows what share it is."""
    parts = {name: figures[name][key]["value"] for name in OUTCOMES}
    return None if None in parts.values() else parts
