"""What the comparison of units shows: any units × metrics × years, each figure with what it rests on; and its CSV."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import defaultdict
from urllib.parse import urlencode

from db import names
from db import units as histories
from db.charts import Chart
from db.language import Say
from db.page import Query, Row

UNITS, METRICS, CHARTS = 20, 6, 24
COMMON = ("M1", "M3", "M4", "M7", "M8", "M14", "M21", "M22")  # offered first
FIRST = ("M1", "M3")  # where none is named
_YEARS = re.compile(r"([0-9]{4})(?:\s*[-–—]\s*([0-9]{4}))?")
_FOUND = """SELECT units.*, own.name AS place, own.pinyin AS place_pinyin, up.name AS above, up.pinyin AS above_pinyin
FROM units
LEFT JOIN divisions AS own ON own.code = units.division LEFT JOIN divisions AS up ON up.code = own.parent"""
_CHOICE = """SELECT id, zh, en, unit, formula, series, min_n, note FROM metrics
WHERE status = 'implemented' AND shape NOT IN ('area', 'view') ORDER BY CAST(substr(metric, 2) AS INTEGER), rowid"""
_COLUMNS = (
    "unit", "unit_name", "place", "year", "state", "basis", "report", "scope", "form", "series", "metric", "metric_zh",
    "metric_en", "measured_in", "value", "n", "numerator", "denominator", "flags", "joins",
)  # fmt: skip


async def compare(query: Query, t: Say, units: str, metrics: str, years: str, find: str = "") -> Row:
    """Everything that the page shows; what could not be used stands in `problems`, in words for the reader.

    `find` is a name or pinyin: the only unit that bears it joins `units` (`joined`), else `near` has those to add."""
    problems: list[str] = []
    choice = await query(_CHOICE)
    known = {metric["id"]: metric for metric in choice}
    ids = _listed(metrics) or list(FIRST)
    problems += [t("compare.no_metric", asked=id[:40]) for id in ids if id not in known]
    chosen = [known[id] for id in ids if id in known]
    if len(chosen) > METRICS:
        problems.append(t("compare.many_metrics", most=METRICS, n=len(chosen)))
    chosen, spans = chosen[:METRICS], _spans(t, years, problems)
    found = await _units(query, t, _listed(units), problems)
    if len(found) > UNITS:
        problems.append(t("compare.many_units", most=UNITS, n=len(found)))
    found = found[:UNITS]
    near = await _near(query, t, find, found, problems)
    values = await _values(query, found, chosen, spans)
    due = await _due(query, found, spans)
    asked = {"units": ",".join(u["id"] for u in found), "metric": ids, "years": years[:80], "find": find[:80]}
    return histories.WORDS | {
        "choice": choice,
        "common": COMMON,
        "units": found,
        "metrics": chosen,
        "years": (shown := sorted({v["year"] for v in values} | {year for _, year in due})),
        "asked": asked | {"spans": ",".join(f"{a}-{b}" for a, b in spans)},
        "near": near if len(near) != 1 else [],
        "joined": near[0]["id"] if len(near) == 1 else None,
        "problems": problems,
        "tables": [(metric, _table(metric, found, shown, values, due)) for metric in chosen],
        "charts": _charts(t, found, values, due) if len(found) * len(chosen) <= CHARTS else None,
        "series": {row["id"]: row for row in await query("SELECT * FROM series")},
        "values": values,
        "due": due,
        "examples": [] if found else await _examples(query, t),
        "peers": await _peers(query, found),
        "limits": (UNITS, METRICS),
    }


def link(asked: Row, **changes: str) -> str:
    """The address of a comparison with some of it changed."""
    state = {"units": asked["units"], "metric": ",".join(asked["metric"]), "years": asked["spans"]} | changes
    return "/compare?" + urlencode({name: value for name, value in state.items() if value}, safe=",")


def table(found: Row) -> str:
    """The comparison as CSV, a line a figure; a year that was expected and has no report has a line with its state."""
    out = io.StringIO()
    lines = csv.DictWriter(out, _COLUMNS, restval="")
    lines.writeheader()
    held = {(v["unit"], v["year"]) for v in found["values"]}
    for metric, rows in found["tables"]:
        words = {"metric": metric["id"], "metric_zh": metric["zh"], "metric_en": metric["en"]}
        words |= {"measured_in": metric["unit"]}
        for row in rows:
            unit = {"unit": row["unit"]["id"], "unit_name": row["unit"]["name"], "place": row["unit"]["place"]}
            for value in row["all"]:
                own = {key: value[key] for key in _COLUMNS[3:] if key in value}
                own |= _state(found["due"].get((value["unit"], value["year"])))
                _write(lines, unit | words | own | {"joins": int(value["joins"])})
        for unit in found["units"]:
            own = {"unit": unit["id"], "unit_name": unit["name"], "place": unit["place"]}
            for year in found["years"]:
                if (unit["id"], year) in found["due"] and (unit["id"], year) not in held:
                    _write(lines, own | words | {"year": year} | _state(found["due"][unit["id"], year]))
    return "\ufeff" + out.getvalue()


def _state(expected: Row | None) -> Row:
    """What became of a report that was due, and what its deadline rests on."""
    return {key: expected[key] for key in ("state", "basis")} if expected else {"state": "held"}


def _write(lines: csv.DictWriter[str], row: Row) -> None:
    lines.writerow({key: histories.safe(value) for key, value in row.items()})


def _listed(text: str) -> list[str]:
    """Names parted by commas, of whichever kind; each once."""
    return list(dict.fromkeys(filter(None, (part.strip() for part in re.split(r"[,，;；、\n]", text[:4000])))))


def _spans(t: Say, years: str, problems: list[str]) -> list[tuple[int, int]]:
    """First and last years asked for; none where every year is."""
    spans = []
    for part in _listed(years):
        if span := _YEARS.fullmatch(part):
            first, last = int(span[1]), int(span[2] or span[1])
            spans.append((min(first, last), max(first, last)))
        else:
            problems.append(t("compare.no_year", asked=part[:40]))
    return spans


def _within(year: int | None, spans: list[tuple[int, int]]) -> bool:
    return year is not None and (not spans or any(first <= year <= last for first, last in spans))


async def _units(query: Query, t: Say, asked: list[str], problems: list[str]) -> list[Row]:
    """Units by id, or by a name that only one bears, in the order asked for."""
    asked = asked[: 5 * UNITS]
    listed = json.dumps(asked, ensure_ascii=False)
    by_id = {row["id"]: row for row in await query(f"{_FOUND} WHERE id IN (SELECT value FROM json_each(?))", listed)}
    by_name = defaultdict(list)
    names = [name for name in asked if name not in by_id and not name.isascii()]
    if names:
        wanted = json.dumps(names, ensure_ascii=False)
        sql = f"{_FOUND} WHERE units.name IN (SELECT value FROM json_each(?)) ORDER BY id LIMIT 100"
        for row in await query(sql, wanted):
            by_name[row["name"]].append(row)
    found: dict[str, Row] = {}
    for name in asked:
        bearers = [by_id[name]] if name in by_id else by_name.get(name, [])
        if len(bearers) == 1:
            found.setdefault(bearers[0]["id"], bearers[0])
        elif bearers:
            some = ", ".join(f"{row['id']} ({row['above'] or row['place'] or '?'})" for row in bearers[:8])
            problems.append(t("compare.several", asked=name[:80], some=some))
        else:
            problems.append(t("compare.no_unit", asked=name[:40]))
    return list(found.values())


async def _near(query: Query, t: Say, find: str, chosen: list[Row], problems: list[str]) -> list[Row]:
    """Units that bear a name or come near it, without those chosen: the only one that bears it, or those to add."""
    if not find:
        return []
    called = await names.find(query, find)
    ids = [row["id"] for row in (*called["place"], *called["unit"])]
    rows = {
        row["id"]: row for row in await query(f"{_FOUND} WHERE id IN (SELECT value FROM json_each(?))", json.dumps(ids))
    }
    near = [rows[id] for id in ids if id in rows and not any(id == unit["id"] for unit in chosen)]
    same = [row for row in near if names.bears(row, find)]
    if not near:
        problems.append(t("compare.no_unit", asked=find[:40]))
    return same if len(same) == 1 else near


async def _peers(query: Query, chosen: list[Row]) -> list[Row]:
    """Units of the same kind beside the first one: at its level, under the same division; the first few by code."""
    if not chosen or not chosen[0]["division"]:
        return []
    sql = """SELECT units.id FROM divisions AS own JOIN divisions AS beside ON beside.parent = own.parent
JOIN units ON units.division = beside.code
WHERE own.code = ? AND units.kind IS ? AND units.level IS ? AND units.reports > 0 ORDER BY units.id LIMIT ?"""
    return await query(sql, *(chosen[0][key] for key in ("division", "kind", "level")), UNITS)


async def _values(query: Query, units: list[Row], metrics: list[Row], spans: list[tuple[int, int]]) -> list[Row]:
    if not units or not metrics:
        return []
    found = await histories.values(query, [unit["id"] for unit in units], [metric["id"] for metric in metrics])
    return [value for value in found if _within(value["year"], spans)]


async def _due(query: Query, units: list[Row], spans: list[tuple[int, int]]) -> dict[tuple[str, int], Row]:
    rows = await query(histories.DUE, json.dumps([unit["id"] for unit in units]))
    return {(row["unit"], row["year"]): row for row in rows if _within(row["year"], spans)}


def _table(
    metric: Row, units: list[Row], years: list[int], values: list[Row], due: dict[tuple[str, int], Row]
) -> list[Row]:
    """A row a unit and scope, a cell a year; a unit without any figure has a row that says so."""
    by_line: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for value in values:
        if value["metric"] == metric["id"]:
            by_line[value["unit"], value["scope"]].append(value)
    rows = []
    for unit in units:
        held = {v["year"] for (id, _), line in by_line.items() if id == unit["id"] for v in line}
        scopes: list[str | None] = [*sorted(scope for id, scope in by_line if id == unit["id"])]
        for scope in scopes or [None]:
            line = sorted(by_line.get((unit["id"], scope or ""), []), key=lambda v: (v["year"], v["report"]))
            cells = {year: [v for v in line if v["year"] == year] for year in years}
            states = {year: due.get((unit["id"], year)) for year in years if year not in held}
            rows.append({"unit": unit, "scope": scope, "cells": cells, "states": states, "all": _joined(line)})
    return rows


def _joined(line: list[Row]) -> list[Row]:
    """Marks each figure with whether it goes on from the one before it in its row: same series, the year before."""
    before: Row | None = None
    for value in line:
        first = histories.first(value)
        same = before is not None and before["series"] == value["series"] and before["report"] == value["previous"]
        value["joins"] = bool(first and same)
        value["breaks"] = before is not None and before["series"] != value["series"]
        before = value if first else before
    return line


def _charts(
    t: Say, units: list[Row], values: list[Row], due: dict[tuple[str, int], Row]
) -> list[tuple[Row, list[Chart]]]:
    drawings = []
    for unit in units:
        own = [value for value in values if value["unit"] == unit["id"]]
        expected = {year: row for (id, year), row in due.items() if id == unit["id"]}
        drawings.append((unit, histories.drawn(t, own, expected)))
    return [(unit, drawn) for unit, drawn in drawings if drawn]


async def _examples(query: Query, t: Say) -> list[tuple[str, str]]:
    """Comparisons that lead somewhere in this database: title, address."""
    rows = await query(
        "SELECT u.id FROM divisions AS d JOIN units AS u ON u.id = d.code WHERE u.reports > 0 AND d.parent = ("
        " SELECT d.parent FROM units AS u JOIN divisions AS d ON d.code = u.id"
        " WHERE u.reports > 0 AND d.parent IS NOT NULL ORDER BY u.id LIMIT 1) ORDER BY u.id LIMIT 5"
    )
    ids = ",".join(row["id"] for row in rows)
    asked = [("requests", "M1,M3"), ("refusals", "M7,M14"), ("reconsiderations", "M21")]
    return [(t("compare.example_" + name), f"/compare?units={ids}&metric={metrics}") for name, metrics in asked if ids]
