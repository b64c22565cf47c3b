"""What the pages of findings, coverage, health and changes show. Counts come from the tables of counts of the build."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

from db import evidence, names, said
from db.cells import SYMBOLS, figure, named
from db.changes import SEVERITIES, STANDING
from db.language import Say, catalogue
from db.page import Query, Row
from db.units import ABOVE, STATES

PAGE = 50  # findings or units on a page
MOST = 500  # portals in a list
CHOICES = 20  # places of one name that are offered
REVIEWS = (*STANDING, "dismissed", "resolved")
HEALTH = {"failing": "✕", "problems": "▲", "ok": "■", "never crawled": "–"}
# The id of a unit or report begins with the code of its division: a place is a range of ids
_EXAMPLES = """SELECT f.*, rules.zh, rules.en, r.name, r.year, u.pinyin FROM rules JOIN findings AS f ON f.id = (
  SELECT id FROM findings WHERE rule = rules.id AND review = 'open' AND report >= ? AND report < ?
  ORDER BY report, id LIMIT 1)
JOIN reports AS r ON r.id = f.report LEFT JOIN units AS u ON u.id = r.unit"""
_LISTED = f"""SELECT f.*, r.name, r.year, r.scope, r.form, u.pinyin, d.name AS above, d.pinyin AS above_pinyin,
  rules.zh, rules.en
FROM findings AS f JOIN rules ON rules.id = f.rule
JOIN reports AS r ON r.id = f.report LEFT JOIN units AS u ON u.id = r.unit
LEFT JOIN divisions AS own ON own.code = r.division LEFT JOIN divisions AS d ON d.code = own.parent
WHERE f.rule = ? AND f.review = ? AND f.report >= ? AND f.report < ? AND (f.report, f.id) > (?, ?)
ORDER BY f.report, f.id LIMIT {PAGE + 1}"""
_DUE = f"""SELECT e.*, u.name, u.pinyin, u.kind, d.name AS place, d.pinyin AS place_pinyin, p.name AS portal_name
FROM expected AS e JOIN units AS u ON u.id = e.unit LEFT JOIN divisions AS own ON own.code = u.division
LEFT JOIN divisions AS d ON d.code = own.parent LEFT JOIN portals AS p ON p.slug = e.portal
WHERE e.state = ? AND e.year = ? AND e.unit >= ? AND e.unit < ? AND e.unit > ? ORDER BY e.unit LIMIT {PAGE + 1}"""
SIGNS = {
    "symbols": SYMBOLS,
    "severities": SEVERITIES,
    "reviews": REVIEWS,
    "states": STATES,
    "healths": HEALTH,
    "figure": figure,
}


class Unknown(ValueError):
    """A parameter that means nothing here; the message is for the reader, in his language."""


class Several(ValueError):
    """A name that several places bear, or nearly bear: `places` are those to choose from."""

    def __init__(self, asked: str, places: list[Row]) -> None:
        super().__init__(asked)
        self.asked, self.places = asked, places


def bounds(code: str) -> tuple[str, str]:
    """The range of ids of all units or reports of a place; of all there are for ''."""
    return (code, f"{code}:") if code else ("", "~")


async def where(query: Query, t: Say, asked: str) -> Row:
    """The place that `asked` names, by code, name or pinyin, with what lies above and below; all places for ''.

    Raises Several where the name leaves a choice, Unknown where nothing bears it."""
    asked = asked.strip()
    if not asked:
        below = await query("SELECT code, name, pinyin FROM divisions WHERE parent IS NULL ORDER BY code")
        return {"code": "", "name": None, "pinyin": None, "above": [], "below": below}
    code = await _code(query, t, asked)
    found = await query("SELECT code, name, pinyin FROM divisions WHERE code = ?", code)
    below = await query("SELECT code, name, pinyin FROM divisions WHERE parent = ? ORDER BY code", code)
    return found[0] | {"above": (await query(ABOVE, code))[:-1], "below": below}


async def _code(query: Query, t: Say, asked: str) -> str:
    if asked.isdigit():
        if await query("SELECT 1 FROM divisions WHERE code = ?", asked):
            return asked
        raise Unknown(t("choose.unknown", asked=asked[:80]))
    near = (await names.find(query, asked, ("place",), CHOICES))["place"]
    same = [row for row in near if names.bears(row, asked)]
    if len(same or near) == 1:
        return str((same or near)[0]["id"])
    if near:
        raise Several(asked[:80], same or near)
    raise Unknown(t("choose.unknown", asked=asked[:80]))


def told(t: Say, finding: Row) -> Row:
    """A finding with its cell and its two sides in words."""
    cell = (
        named((finding["table_name"], finding["row_name"], finding["column_name"])) if finding["table_name"] else None
    )
    return finding | {"where": cell, "told": said.detail(t, finding)}


def known(section: str) -> set[str]:
    """The names in a section of the catalogue: for words that come from elsewhere, and may be new."""
    return {key.partition(".")[2] for key in catalogue() if key.startswith(f"{section}.")}


async def queue(query: Query, t: Say, asked: str = "") -> Row:
    """Every rule with its sentence, its counts by what was decided, and one open finding as an example."""
    place = await where(query, t, asked)
    counts: dict[str, Row] = {}
    for row in await query("SELECT * FROM finding_counts WHERE place = ?", place["code"]):
        rule = counts.setdefault(row["rule"], {"review": defaultdict(int), "severity": defaultdict(int)})
        rule["review"][row["review"]] += row["findings"]
        rule["severity"][row["severity"]] += row["findings"]
    examples = {row["rule"]: told(t, row) for row in await query(_EXAMPLES, *bounds(place["code"]))}
    rules = [_public(row) for row in await query("SELECT * FROM rules ORDER BY id")]
    for rule in rules:
        rule |= {"counts": counts.get(rule["id"]), "example": examples.get(rule["id"])}
        worst = min((SEVERITIES.index(s) for s in rule["counts"]["severity"]), default=9) if rule["counts"] else 9
        rule["order"] = (worst, -rule["counts"]["review"]["open"] if rule["counts"] else 0, rule["id"])
    rules.sort(key=lambda rule: rule["order"])
    totals = {r: sum(c["review"][r] for c in counts.values()) for r in REVIEWS}
    speaking = [rule for rule in rules if rule["counts"]]
    silent = sorted((rule for rule in rules if not rule["counts"]), key=lambda rule: rule["id"])
    return SIGNS | {"place": place, "rules": speaking, "silent": silent, "totals": totals}


def _public(rule: Row) -> Row:
    """A rule without what refers to our own papers."""
    parts = (rule["source"] or "").split("; ")
    return rule | {"source": "; ".join(part for part in parts if part and not part.startswith("DOMAIN"))}


async def rule(query: Query, t: Say, id: str, asked: str, review: str, after: str) -> Row | None:
    """The findings of one rule, by report; None where there is no such rule."""
    found = await query("SELECT * FROM rules WHERE id = ?", id)
    if not found:
        return None
    if review not in REVIEWS:
        raise Unknown(t("findings.no_review", asked=review[:40], known=", ".join(REVIEWS)))
    place = await where(query, t, asked)
    report, _, last = after.rpartition(",")
    if after and not (last.isascii() and last.isdigit() and len(last) < 16):
        raise Unknown(t("findings.no_after", asked=after[:40]))
    low, high = bounds(place["code"])
    rows = await query(_LISTED, id, review, low, high, report, int(last or 0))
    counts = await query(
        "SELECT review, severity, findings FROM finding_counts WHERE place = ? AND rule = ?", place["code"], id
    )
    last_row = rows[PAGE - 1] if len(rows) > PAGE else None
    return SIGNS | {
        "place": place,
        "rule": _public(found[0]),
        "variants": json.loads(found[0]["variants"] or "{}"),
        "review": review,
        "rows": [told(t, row) for row in rows[:PAGE]],
        "next": last_row and f"{last_row['report']},{last_row['id']}",
        "counts": {r: sum(c["findings"] for c in counts if c["review"] == r) for r in REVIEWS},
        "by_severity": {s: sum(c["findings"] for c in counts if c["severity"] == s) for s in SEVERITIES},
    }


async def coverage(query: Query, t: Say, asked: str, year: str, state: str, after: str) -> Row:
    """What became of the reports that were due: a place and what lies below it by year; or the units of one state."""
    if state and state not in STATES:
        raise Unknown(t("coverage.no_state", asked=state[:40], known=", ".join(STATES)))
    if year and not re.fullmatch(r"[0-9]{4}", year):
        raise Unknown(t("coverage.no_year", asked=year[:40]))
    place = await where(query, t, asked)
    codes = json.dumps([place["code"], *(row["code"] for row in place["below"])])
    counts: dict[str, dict[int, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    for row in await query("SELECT * FROM expected_counts WHERE place IN (SELECT value FROM json_each(?))", codes):
        counts[row["place"]][row["year"]][row["state"]] = row["units"]
    years = sorted(counts[place["code"]])
    present = {s for line in counts[place["code"]].values() for s in line}
    found: Row = {
        "place": place,
        "years": years,
        "counts": counts,
        "present": [s for s in STATES if s in present],
        "year": int(year) if year else None,
        "state": state,
        "rows": None,
    }
    if year:
        state = found["state"] = state or "missing"
        rows = await query(_DUE, state, int(year), *bounds(place["code"]), after[:80])
        for row in rows:
            row["evidence"] = evidence.told(t("cell.rule_column"), row["evidence"])
        found |= {"rows": rows[:PAGE], "next": rows[PAGE - 1]["unit"] if len(rows) > PAGE else None}
        found["total"] = counts[place["code"]].get(int(year), {}).get(state, 0)
    return SIGNS | found


async def health(query: Query, t: Say, asked: str) -> Row:
    """The portals by what their newest run says; what went wrong stands in words."""
    place = await where(query, t, asked)
    low, high = bounds(place["code"])
    at = "(? = '' OR portals.division >= ? AND portals.division < ?)"
    counts = await query(f"SELECT health, count(*) AS n FROM portals WHERE {at} GROUP BY 1", place["code"], low, high)
    portals: dict[str, list[Row]] = {}
    for state in HEALTH:
        portals[state] = await query(
            "SELECT portals.*, divisions.name AS place, divisions.pinyin, runs.started, runs.finished,"
            " runs.reports, runs.new, runs.changed, runs.gone, runs.requests, runs.problems, runs.blocked, runs.errors,"
            " iif(health IN ('failing', 'problems'), runs.record, NULL) AS record"
            " FROM portals LEFT JOIN runs ON runs.id = last_run LEFT JOIN divisions ON divisions.code = division"
            f" WHERE health = ? AND {at} ORDER BY slug LIMIT {MOST}",
            *(state, place["code"], low, high),
        )
        for portal in portals[state]:
            portal |= _said(t, portal)
    words = {"problems": known("problem"), "blocks": known("block")}
    return SIGNS | words | {"place": place, "portals": portals, "counts": {row["health"]: row["n"] for row in counts}}


def _said(t: Say, portal: Row) -> Row:
    """Kinds of problems and blocks with their counts, and the first sentences of the run."""
    record: dict[str, Any] = json.loads(portal["record"] or "{}")
    blocks: dict[str, int] = defaultdict(int)
    for kind, _ in record.get("blocked") or ():
        blocks[kind] += 1
    return {
        "kinds": json.loads(portal["errors"] or "{}"),
        "blocks": dict(sorted(blocks.items())),
        "sentences": (record.get("problems") or [])[:3],
        "reasons": evidence.told(t("cell.rule_column"), portal["failing"] or ""),
    }


def note(data: Path, built_from: str | None) -> Row | None:
    """What the build that made this database noted down beside it; None where the note is not there."""
    path = data / "builds" / f"{(built_from or 'empty').replace(':', '')}.json"
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None
