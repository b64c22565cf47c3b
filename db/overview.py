"""What the pages of findings, coverage, health and changes show. Counts come from the tables of counts of the build."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

from db.layout import Label
from db.page import ORIGINS, REVIEWS, SCOPES, SEVERITIES, SYMBOLS, Query, Row, figure, words
from db.units import ABOVE, KINDS, STATES

PAGE = 50  # findings or units on a page
MOST = 500  # portals in a list
OPEN = {"open": Label("待复核", "to be reviewed")} | REVIEWS
HEALTH = {
    "failing": ("✕", Label("需人工处理", "needs a person")),
    "problems": ("▲", Label("有问题", "problems")),
    "ok": ("■", Label("正常", "ok")),
    "never crawled": ("–", Label("尚未采集", "never crawled")),
}
# Sides of a relation in words (left, right); findings of other rules show their formula
SIDES = dict.fromkeys(
    ("A01", "A02", "A04"), (Label("各项之和为", "the sum of the parts is"), Label("报告写作", "the report says"))
) | {
    "A03": (
        Label("新收与结转之和为", "new and carried in are"),
        Label("办结与结转之和为", "closed and carried out are"),
    ),
    "N01": (Label("正文写作", "the text says"), Label("表格写作", "the table says")),
    "Y01": (Label("本报告写作", "this report says"), Label("上年报告写作", "last year’s report says")),
    "Y02": (Label("按上年推算为", "from last year’s follows"), Label("本报告写作", "this report says")),
}
# Kinds of problems as the crawl counts them, in words
PROBLEMS = {
    "robots": Label("robots.txt 不允许", "not allowed by robots.txt"),
    "column": Label("入口所指栏目不见了", "a column that the entry names is gone"),
    "platform": Label("页面已不是原来的平台", "the pages are no longer those of the platform"),
    "archive": Label("存档写不进去", "the archive could not be written"),
    "spider": Label("采集程序中断", "the spider broke off"),
    "stopped": Label("采集提前结束", "the crawl ended early"),
    "nothing": Label("没有见到报告", "no report found"),
    "soft 404": Label("以首页作答，实际不存在", "answered with the home page: it is not there"),
    "untitled": Label("页面没有报告标题", "a page without the title of a report"),
    "empty": Label("有标题而无报告", "a title without a report"),
    "list": Label("列表重复", "a list repeats itself"),
    "other": Label("其他", "other"),
}
BLOCKS = {
    "script": Label("脚本验证", "a challenge by script"),
    "forbidden": Label("拒绝访问", "forbidden"),
    "ruishu": Label("瑞数防护", "the firewall Ruishu"),
    "throttled": Label("限速", "throttled"),
    "waf-468": Label("防火墙（468）", "a firewall (468)"),
    "jiasule": Label("加速乐防护", "the firewall Jiasule"),
    "aliyun": Label("阿里云防护", "the firewall of Aliyun"),
    "yunsuo": Label("云锁防护", "the firewall Yunsuo"),
    "stub": Label("占位页", "a stub"),
    "slider": Label("滑块验证", "a slider"),
    "cookie-redirect": Label("循环跳转", "a redirect to itself"),
}
WORDS = {
    "severities": SEVERITIES,
    "symbols": SYMBOLS,
    "origins": ORIGINS,
    "scopes": SCOPES,
    "kinds": KINDS,
    "states": STATES,
    "reviews": OPEN,
    "healths": HEALTH,
    "sides": SIDES,
    "problem_words": PROBLEMS,
    "block_words": BLOCKS,
    "figure": figure,
}
# The id of a unit or report begins with the code of its division: a place is a range of ids
_EXAMPLES = """SELECT f.* FROM rules JOIN findings AS f ON f.id = (
  SELECT id FROM findings WHERE rule = rules.id AND review = 'open' AND report >= ? AND report < ?
  ORDER BY report, id LIMIT 1)"""
_LISTED = f"""SELECT f.*, r.name, r.year, r.scope, r.form, d.name AS above FROM findings AS f
JOIN reports AS r ON r.id = f.report LEFT JOIN divisions AS own ON own.code = r.division
LEFT JOIN divisions AS d ON d.code = own.parent
WHERE f.rule = ? AND f.review = ? AND f.report >= ? AND f.report < ? AND (f.report, f.id) > (?, ?)
ORDER BY f.report, f.id LIMIT {PAGE + 1}"""
_DUE = f"""SELECT e.*, u.name, u.kind, d.name AS place, p.name AS portal_name FROM expected AS e
JOIN units AS u ON u.id = e.unit LEFT JOIN divisions AS own ON own.code = u.division
LEFT JOIN divisions AS d ON d.code = own.parent LEFT JOIN portals AS p ON p.slug = e.portal
WHERE e.state = ? AND e.year = ? AND e.unit >= ? AND e.unit < ? AND e.unit > ? ORDER BY e.unit LIMIT {PAGE + 1}"""


class Unknown(ValueError):
    """A parameter that means nothing here; the message is for the reader."""


def bounds(code: str) -> tuple[str, str]:
    """The range of ids of all units or reports of a place; of all there are for ''."""
    return (code, f"{code}:") if code else ("", "~")


async def where(query: Query, asked: str) -> Row:
    """The place that `asked` names, by code or by name, with what lies above and below; all places for ''."""
    asked = asked.strip()
    if not asked:
        below = await query("SELECT code, name FROM divisions WHERE parent IS NULL ORDER BY code")
        return {"code": "", "name": None, "above": [], "below": below}
    found = await query("SELECT code, name FROM divisions WHERE code = ?", asked)
    if not found and not re.fullmatch(r"\d+", asked):
        found = await query("SELECT code, name FROM divisions WHERE name = ? ORDER BY code LIMIT 20", asked[:100])
    if not found:
        raise Unknown(f"没有这个地方 No such place: {asked[:100]}")
    if len(found) > 1:
        codes = ", ".join(row["code"] for row in found)
        raise Unknown(f"{asked} 不止一处，请用代码 several places bear this name, give a code: {codes}")
    code = found[0]["code"]
    below = await query("SELECT code, name FROM divisions WHERE parent = ? ORDER BY code", code)
    return found[0] | {"above": (await query(ABOVE, code))[:-1], "below": below}


async def queue(query: Query, asked: str = "") -> Row:
    """Every rule with its sentence, its counts by what was decided, and one open finding as an example."""
    place = await where(query, asked)
    counts: dict[str, Row] = {}
    for row in await query("SELECT * FROM finding_counts WHERE place = ?", place["code"]):
        rule = counts.setdefault(row["rule"], {"review": defaultdict(int), "severity": defaultdict(int)})
        rule["review"][row["review"]] += row["findings"]
        rule["severity"][row["severity"]] += row["findings"]
    examples = {row["rule"]: row for row in await query(_EXAMPLES, *bounds(place["code"]))}
    rules = await query("SELECT * FROM rules ORDER BY id")
    order = list(SEVERITIES)
    for rule in rules:
        rule |= {"counts": counts.get(rule["id"]), "example": examples.get(rule["id"])}
        worst = min((order.index(s) for s in rule["counts"]["severity"]), default=9) if rule["counts"] else 9
        rule["order"] = (worst, -rule["counts"]["review"]["open"] if rule["counts"] else 0, rule["id"])
    rules.sort(key=lambda rule: rule["order"])
    totals = {r: sum(c["review"][r] for c in counts.values()) for r in OPEN}
    said = [rule for rule in rules if rule["counts"]]
    silent = sorted((rule for rule in rules if not rule["counts"]), key=lambda rule: rule["id"])
    return WORDS | {"place": place, "rules": said, "silent": silent, "totals": totals}


async def rule(query: Query, id: str, asked: str, review: str, after: str) -> Row | None:
    """The findings of one rule, by report; None where there is no such rule."""
    found = await query("SELECT * FROM rules WHERE id = ?", id)
    if not found:
        return None
    if review not in OPEN:
        raise Unknown(f"没有这种复核状态 No such state of review: {review[:40]} ({', '.join(OPEN)})")
    place = await where(query, asked)
    report, _, last = after.rpartition(",")
    if after and not (last.isascii() and last.isdigit() and len(last) < 16):
        raise Unknown(f"after: {after[:40]}?")
    low, high = bounds(place["code"])
    rows = await query(_LISTED, id, review, low, high, report, int(last or 0))
    counts = await query(
        "SELECT review, severity, findings FROM finding_counts WHERE place = ? AND rule = ?", place["code"], id
    )
    for row in rows:
        row["where"] = words((row["table_name"], row["row_name"], row["column_name"])) if row["table_name"] else ""
    last_row = rows[PAGE - 1] if len(rows) > PAGE else None
    return WORDS | {
        "place": place,
        "rule": found[0],
        "variants": json.loads(found[0]["variants"] or "{}"),
        "review": review,
        "rows": rows[:PAGE],
        "next": last_row and f"{last_row['report']},{last_row['id']}",
        "counts": {r: sum(c["findings"] for c in counts if c["review"] == r) for r in OPEN},
        "by_severity": {s: sum(c["findings"] for c in counts if c["severity"] == s) for s in SEVERITIES},
    }


async def coverage(query: Query, asked: str, year: str, state: str, after: str) -> Row:
    """What became of the reports that were due: a place and what lies below it by year; or the units of one state."""
    if state and state not in STATES:
        raise Unknown(f"没有这种状态 No such state: {state[:40]} ({', '.join(STATES)})")
    if year and not re.fullmatch(r"[0-9]{4}", year):
        raise Unknown(f"没有这个年份 No such year: {year[:40]}")
    place = await where(query, asked)
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
        found |= {"rows": rows[:PAGE], "next": rows[PAGE - 1]["unit"] if len(rows) > PAGE else None}
        found["total"] = counts[place["code"]].get(int(year), {}).get(state, 0)
    return WORDS | found


async def health(query: Query, asked: str) -> Row:
    """The portals by what their newest run says; what went wrong stands in words."""
    place = await where(query, asked)
    low, high = bounds(place["code"])
    at = "(? = '' OR portals.division >= ? AND portals.division < ?)"
    counts = await query(f"SELECT health, count(*) AS n FROM portals WHERE {at} GROUP BY 1", place["code"], low, high)
    portals: dict[str, list[Row]] = {}
    for state in HEALTH:
        portals[state] = await query(
            "SELECT portals.*, divisions.name AS place, runs.started, runs.finished, runs.reports, runs.new,"
            " runs.changed, runs.gone, runs.requests, runs.problems, runs.blocked, runs.errors,"
            " iif(health IN ('failing', 'problems'), runs.record, NULL) AS record"
            " FROM portals LEFT JOIN runs ON runs.id = last_run LEFT JOIN divisions ON divisions.code = division"
            f" WHERE health = ? AND {at} ORDER BY slug LIMIT {MOST}",
            *(state, place["code"], low, high),
        )
        for portal in portals[state]:
            portal |= _said(portal)
    return WORDS | {"place": place, "portals": portals, "counts": {row["health"]: row["n"] for row in counts}}


def _said(portal: Row) -> Row:
    """Kinds of problems and blocks with their counts, and the first sentences of the run."""
    record: dict[str, Any] = json.loads(portal["record"] or "{}")
    blocks: dict[str, int] = defaultdict(int)
    for kind, _ in record.get("blocked") or ():
        blocks[kind] += 1
    return {
        "kinds": json.loads(portal["errors"] or "{}"),
        "blocks": dict(sorted(blocks.items())),
        "sentences": (record.get("problems") or [])[:3],
        "reasons": (portal["failing"] or "").split("; ") if portal["failing"] else [],
    }


def note(data: Path, built_from: str | None) -> Row | None:
    """What the build that made this database noted down beside it; None where the note is not there."""
    path = data / "builds" / f"{(built_from or 'empty').replace(':', '')}.json"
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None
