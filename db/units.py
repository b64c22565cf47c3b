"""What the page of a unit shows: its reports by year, their figures over the years, what it was before; and the CSV."""

from __future__ import annotations

import csv
import io
import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from db import charts
from db.cells import SYMBOLS, figure
from db.changes import SEVERITIES, STANDS
from db.charts import Chart, Point
from db.language import Say
from db.page import Query, Row

# The sign of what became of a report that was due; its words stand in the catalogue, section `state`
STATES = {
    "published": "■",
    "late": "◧",
    "missing": "□",
    "not_required": "–",
    "merged": "→",
    "unreachable": "?",
    "found_unread": "◇",
    "held": "■",
}
HISTORY = ("M1", "M3", "M7", "M14", "M21")  # requests, granted, refused, carried over, reconsiderations corrected
HEADLINES = (
    "requests_new",
    "carried_in",
    "closed",
    "granted",
    "partly_granted",
    "carried_out",
    "reconsiderations",
    "reconsiderations_corrected",
    "lawsuits",
)
WORDS = {"states": STATES, "headlines": HEADLINES, "symbols": SYMBOLS, "figure": figure, "written": charts.written}
ABOVE = """WITH RECURSIVE up(code, above, steps) AS (
  SELECT code, parent, 0 FROM divisions WHERE code = ?
  UNION ALL SELECT d.code, d.parent, steps + 1 FROM up JOIN divisions AS d ON d.code = up.above
) SELECT divisions.* FROM up JOIN divisions USING (code) ORDER BY steps DESC"""
# An id begins with the code of its division, so all units of a place stand side by side
BELOW = "(SELECT sum(reports) FROM units WHERE id >= divisions.code AND id < divisions.code || ':') AS reports"
# What was expected of units, with the form of the report that is held
DUE = """SELECT e.*, (
  SELECT form FROM reports AS r WHERE r.unit = e.unit AND r.year = e.year ORDER BY length(r.id), r.id LIMIT 1) AS form
FROM expected AS e WHERE e.unit IN (SELECT value FROM json_each(?)) ORDER BY e.unit, e.year"""
_OVER = """SELECT u.id, u.name, u.pinyin FROM unit_relations AS r JOIN units AS u ON u.id = r.parent
WHERE r.unit = ? AND distance = 1"""
_REPORTS = """SELECT r.*, p.previous, u.name AS unit_name FROM reports AS r
LEFT JOIN previous_reports AS p ON p.report = r.id JOIN units AS u ON u.id = r.unit
WHERE r.unit IN (SELECT ?1 UNION SELECT unit FROM operands WHERE line = ?2) AND r.year IS NOT NULL
ORDER BY r.year DESC, length(r.id), r.id"""
_ORIGINALS = """SELECT r.report, d.digest, d.media_type FROM report_documents AS r
JOIN documents AS d ON d.digest = r.document
WHERE r.report IN (SELECT value FROM json_each(?)) ORDER BY r.report, d.digest"""
_FINDINGS = f"""SELECT f.rule, f.severity, count(*) AS findings, group_concat(DISTINCT r.year) AS years,
  rules.zh, rules.en FROM reports AS r JOIN findings AS f ON f.report = r.id JOIN rules ON rules.id = f.rule
WHERE r.unit = ? AND {STANDS} GROUP BY f.rule, f.severity ORDER BY f.rule"""
_SUCCESSIONS = """SELECT s.*, a.id AS before, b.id AS after FROM unit_successions AS s
LEFT JOIN units AS a ON a.id = s.predecessor LEFT JOIN units AS b ON b.id = s.successor
WHERE s.predecessor IN (?1, ?2) OR s.successor IN (?1, ?2) ORDER BY happened_on, predecessor, successor"""


async def unit(query: Query, id: str, t: Say) -> Row | None:
    """Everything that the page of a unit shows; None where there is no such unit."""
    found = await query("SELECT * FROM units WHERE id = ?", id)
    if not found:
        return None
    own = found[0]
    reports, histories = await history(query, own)
    expected = await due(query, id)
    return WORDS | {
        "unit": own,
        "above": await query(ABOVE, own["division"]),
        "over": await query(_OVER, id),
        "reports": reports,
        "years": _years(id, reports, expected),
        "charts": drawn(t, histories, expected),
        "values": histories,
        "findings": sorted(await query(_FINDINGS, id), key=lambda f: (SEVERITIES.index(f["severity"]), f["rule"])),
        "successions": await query(_SUCCESSIONS, id, own["division"]),
    }


async def history(query: Query, unit: Row) -> tuple[list[Row], list[Row]]:
    """Reports of a unit and of what it goes back to, newest first, with their originals; and the values of metrics."""
    line = await query("SELECT DISTINCT line FROM operands WHERE unit = ? AND line IS NOT NULL", unit["id"])
    reports = await query(_REPORTS, unit["id"], line[0]["line"] if line else unit["id"])
    originals = defaultdict(list)
    for row in await query(_ORIGINALS, json.dumps([report["id"] for report in reports])):
        originals[row["report"]].append(row)
    for report in reports:
        report["originals"] = originals[report["id"]]
    return reports, await values(query, list({report["unit"]: 0 for report in reports}), HISTORY)


async def due(query: Query, unit: str) -> dict[int, Row]:
    """What was expected of a unit, by year."""
    return {row["year"]: row for row in await query(DUE, json.dumps([unit]))}


async def values(query: Query, units: list[str], metrics: Iterable[str], year: int | None = None) -> list[Row]:
    """Values of metrics, each with what it rests on and the report that it can be compared with."""
    metrics = list(metrics)
    if not units:
        return []
    at = ",".join("?" * len(units)), ",".join("?" * len(metrics)), "AND v.year = ?" if year else ""
    found = await query(
        "SELECT v.*, m.zh, m.en, p.previous FROM metric_values AS v JOIN metrics AS m ON m.id = v.metric"
        " LEFT JOIN previous_reports AS p ON p.report = v.report"
        f" WHERE v.unit IN ({at[0]}) AND v.metric IN ({at[1]}) {at[2]}",
        *units,
        *metrics,
        *([year] if year else []),
    )
    return sorted(found, key=lambda v: (metrics.index(v["metric"]), v["year"] or 0, v["scope"], v["report"]))


def first(value: Row) -> bool:
    """Whether a metric's value is of the report that stands for its unit, year and scope."""
    return "not the first report" not in (value["flags"] or "")


def drawn(t: Say, found: list[Row], expected: dict[int, Row] | None = None) -> list[Chart]:
    """A chart a metric. Years that were expected and have no figure stay empty, with the reason."""
    by_metric: dict[str, list[Row]] = defaultdict(list)
    for value in found:
        if value["year"] and first(value):
            by_metric[value["metric"]].append(value)
    kept = [rows for rows in by_metric.values() if any(row["value"] is not None for row in rows)]
    return [_history(t, rows, expected or {}) for rows in kept]


def _history(t: Say, rows: list[Row], expected: dict[int, Row]) -> Chart:
    points = [point(t, row) for row in rows]
    held = {row["year"] for row in rows}
    for year, row in expected.items():
        if year not in held:
            points.append(Point(year, None, form="", scope="", state=_without(t, row)))
    return charts.history(rows[0]["zh"], rows[0]["en"], rows[0]["measured_in"], points)


def _without(t: Say, expected: Row) -> str:
    """Why a year has no figure: no report, none of the official tables read in it, or a form that lacks the figure."""
    if expected["state"] not in ("published", "late"):
        return t("state." + expected["state"])
    return t("unit.no_table") if expected["form"] in (None, "none") else t("unit.not_in_form")


def point(t: Say, row: Row) -> Point:
    """A value of a metric as a mark of a chart, with the report that it stands in."""
    zero = "denominator 0" in (row["flags"] or "")
    why = "" if row["value"] is not None else t("flag.denominator_0") if zero else t("cell.not_found")
    facts = {"key": row["report"], "joins": row["previous"], "n": row["n"], "href": f"/report/{row['report']}"}
    how = row["form"], row["scope"], row["series"], row["flags"] or ""
    return Point(row["year"], row["value"], *how, state=why, **facts)


def _years(id: str, reports: list[Row], expected: dict[int, Row]) -> list[Row]:
    """A row a report, and one for each year that has none but was expected; newest first."""
    own = {report["year"] for report in reports if report["unit"] == id}
    rows = [{"year": report["year"], "report": report, "expected": None} for report in reports]
    for row in rows:
        if row["report"]["unit"] == id:
            row["expected"] = expected.get(row["year"])
    rows += [{"year": year, "report": None, "expected": row} for year, row in expected.items() if year not in own]
    for row in rows:
        row["state"] = row["expected"]["state"] if row["expected"] else "held"
    return sorted(rows, key=lambda row: -row["year"])


def table(years: list[Row], found: list[Row]) -> str:
    """The history of a unit as CSV: a line a report, and a line a year that was expected and has none."""
    by_report: dict[str, Row] = defaultdict(dict)
    for value in found:
        by_report[value["report"]] |= {
            value["metric"]: value["value"],
            f"{value['metric']}_n": value["n"],
            f"{value['metric']}_series": value["series"],
            f"{value['metric']}_flags": value["flags"],
        }
    kept = ("id", "unit", "unit_name", "form", "scope", "published_on", "versions", *HEADLINES, "errors", "warnings")
    due = ("state", "deadline", "basis", "days_late", "evidence")
    rates = [f"{metric}{end}" for metric in HISTORY for end in ("", "_n", "_series", "_flags")]
    out = io.StringIO()
    lines = csv.DictWriter(out, ["year", *kept, *due, *rates, "original"], extrasaction="ignore", restval="")
    lines.writeheader()
    for row in sorted(years, key=lambda row: row["year"]):
        report, expected = row["report"] or {}, row["expected"] or {}
        line = {key: report.get(key) for key in kept} | {key: expected.get(key) for key in due}
        line |= by_report.get(report.get("id", ""), {}) | {"year": row["year"]}
        line["original"] = " ".join(original["digest"] for original in report.get("originals", ()))
        lines.writerow({key: safe(value) for key, value in line.items()})
    return "\ufeff" + out.getvalue()


def safe(value: Any) -> Any:
    """Words that a spreadsheet would run as a formula are led by an apostrophe; numbers and a lone `-` stay.

    Programs strip a cell before they look at it: a blank or line break in front does not make a formula harmless."""
    if not isinstance(value, str) or value.strip() == "-":
        return value
    return f"'{value}" if value.startswith(("\t", "\r")) or value.strip()[:1] in tuple("=+-@") else value
