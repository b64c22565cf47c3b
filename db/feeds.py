"""What is new: reports, changed reports cell by cell, findings; as rows for a page and as Atom (RFC 4287)."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from lxml import etree

from db.overview import SIDES, bounds
from db.page import ORIGINS, SCOPES, SEVERITIES, Query, Row, figure, words

ATOM = "http://www.w3.org/2005/Atom"
LENGTH = 50  # entries of a feed
CELLS = 12  # changed cells told of one report
EPOCH = "1970-01-01T00:00:00Z"  # for a database that nothing was fetched for
TITLES = {
    "reports": ("新入库的报告", "new reports"),
    "changes": ("有改动的报告", "changed reports"),
    "findings": ("检查结果", "findings"),
}
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ABOVE = """(SELECT up.name FROM divisions AS own JOIN divisions AS up ON up.code = own.parent
  WHERE own.code = r.division) AS above"""
# The unary + keeps the search on the range of ids where a place is asked for, and on the order in time where none is
_REPORTS = f"""SELECT r.*, {_ABOVE} FROM reports AS r WHERE {{}} ORDER BY {{}}first_fetched DESC, id LIMIT ?"""
_CHANGED = f"""SELECT v.report, v.document, v.replaced_by, v.replaced_at, r.name, r.scope, r.form, r.year, {_ABOVE}
FROM report_versions AS v JOIN reports AS r ON r.id = v.report WHERE {{}}
ORDER BY {{}}replaced_at DESC, v.report LIMIT ?"""
_CELLS = """SELECT * FROM changes WHERE report IN (SELECT value FROM json_each(?)) ORDER BY report, id"""
_FINDINGS = f"""WITH newest AS ({_REPORTS})
SELECT f.*, newest.name, newest.above, newest.year, newest.scope, newest.form, newest.first_fetched, rules.zh, rules.en
FROM newest JOIN findings AS f ON f.report = newest.id JOIN rules ON rules.id = f.rule
WHERE f.severity IN ('error', 'warning') AND f.review IN ('open', 'confirmed')
ORDER BY first_fetched DESC, f.report, f.id LIMIT ?"""


async def reports(query: Query, place: str, limit: int = LENGTH) -> list[Row]:
    """The reports that came in last, the newest first; a changed one counts from its newest version."""
    if not place:
        return await query(_REPORTS.format("1", ""), limit)
    return await query(_REPORTS.format("id >= ? AND id < ?", "+"), *bounds(place), limit)


async def changes(query: Query, place: str, limit: int = LENGTH) -> list[Row]:
    """Reports whose document was replaced by a newer version, the newest first, each with the cells that differ."""
    if place:
        sql = _CHANGED.format("v.report >= ? AND v.report < ?", "+")
        rows = await query(sql, *bounds(place), limit)
    else:
        rows = await query(_CHANGED.format("1", ""), limit)
    cells = defaultdict(list)
    for cell in await query(_CELLS, json.dumps([row["report"] for row in rows])):
        cell["where"] = words((cell["table_name"], cell["row_name"], cell["column_name"]))
        cells[cell["report"], cell["to_document"]].append(cell)
    for row in rows:
        row["cells"] = cells[row["report"], row["replaced_by"]]
    return rows


async def findings(query: Query, place: str, limit: int = LENGTH) -> list[Row]:
    """Errors and warnings of the reports that came in last, without those dismissed or resolved."""
    some = "errors + warnings > 0"
    if not place:
        return await query(_FINDINGS.format(some, ""), limit, limit)
    return await query(_FINDINGS.format(f"id >= ? AND id < ? AND {some}", "+"), *bounds(place), limit, limit)


def report_entry(row: Row) -> Row:
    """An entry of the feed of new reports."""
    scope = SCOPES[row["scope"]]
    new = f"{figure(row['requests_new'])} 件" if row["requests_new"] is not None else "未读到 not read"
    words = [
        f"范围 scope: {scope.zh} {scope.en}",
        f"格式 form: {row['form']}",
        f"发布 published: {row['published_on'] or '不明 unknown'}",
        f"新收申请 new requests: {new}",
        f"错误 errors: {row['errors']}, 警告 warnings: {row['warnings']}",
    ]
    return _entry("report", (row["id"],), _titled(row), f"/report/{row['id']}", row["first_fetched"], words)


def change_entry(row: Row) -> Row:
    """An entry of the feed of changed reports: one a version."""
    words = [f"{c['where']}: {_short(c['before'])} → {_short(c['after'])}" for c in row["cells"][:CELLS]]
    if more := len(row["cells"]) - CELLS:
        words += [f"另有 {more} 处 more places"] if more > 0 else []
    words = words or ["文件已替换，所读内容未变 The document was replaced; what is read from it is the same"]
    key = (row["report"], row["replaced_by"])
    return _entry("change", key, _titled(row), f"/report/{row['report']}", row["replaced_at"], words)


def finding_entry(row: Row) -> Row:
    """An entry of the feed of findings: one a finding; its id holds as long as document, rule, cell and figures do."""
    severity, origin = SEVERITIES[row["severity"]], ORIGINS[row["origin"]]
    title = f"{row['rule']} {row['zh'] or ''} · {_titled(row)}"
    words = [
        f"{severity.zh} {severity.en} · 责任 origin: {origin.zh} {origin.en}",
        row["en"] or "",
        row["message"],
        sides(row),
        f"“{_short(row['quote'])}”" if row["quote"] else "",
    ]
    key = (row["report"], row["fingerprint"])
    return _entry("finding", key, title, f"/report/{row['report']}", row["first_fetched"], list(filter(None, words)))


def sides(row: Row) -> str:
    """The two sides of the relation in neutral words; '' where there are none."""
    if row["rule"] not in SIDES or row["left_value"] is None or row["right_value"] is None:
        return ""
    pairs = zip(SIDES[row["rule"]], (row["left_value"], row["right_value"]), strict=True)
    return "; ".join(f"{label.zh} {label.en} {figure(value)}" for label, value in pairs)


KINDS: dict[str, tuple[Any, Callable[[Row], Row]]] = {
    "reports": (reports, report_entry),
    "changes": (changes, change_entry),
    "findings": (findings, finding_entry),
}


async def feed(query: Query, kind: str, place: Row, absolute: Callable[[str], str], path: str) -> bytes:
    """A feed as XML. Nothing in it comes from the clock: entries bear the time of the fetch they rest on."""
    load, entry = KINDS[kind]
    entries = [entry(row) for row in await load(query, place["code"])]
    built = await query("SELECT value FROM meta WHERE key = 'built_from'")
    at = (built[0]["value"] if built else None) or EPOCH
    zh, en = TITLES[kind]
    root = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})
    root.set("{http://www.w3.org/XML/1998/namespace}lang", "zh-CN")
    _add(root, "id", _id("feed", kind, place["code"]))
    _add(root, "title", f"公开 gongkai: {place['name'] + ' ' if place['name'] else ''}{zh} {en}")
    _add(root, "updated", max((e["updated"] or at for e in entries), default=at))
    _add(_add(root, "author"), "name", "gongkai")
    _add(root, "link", rel="self", type="application/atom+xml", href=absolute(path))
    _add(root, "link", rel="alternate", type="text/html", href=absolute("/changes"))
    for item in entries:
        element = _add(root, "entry")
        _add(element, "id", item["id"])
        _add(element, "title", item["title"])
        _add(element, "updated", item["updated"] or at)
        _add(element, "link", rel="alternate", type="text/html", href=absolute(item["path"]))
        _add(element, "content", "\n".join(item["words"]), type="text")
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _entry(kind: str, key: tuple[str, ...], title: str, path: str, updated: str | None, words: list[str]) -> Row:
    return {"id": _id(kind, *key), "title": title, "path": path, "updated": updated, "words": words}


def _id(*key: str) -> str:
    """The same for the same thing, on whichever host it is served."""
    return uuid5(NAMESPACE_URL, "gongkai:" + "/".join(key)).urn


def _titled(row: Row) -> str:
    return f"{row['above']} {row['name']}" if row["above"] else row["name"]


def _short(text: str | None) -> str:
    if text is None:
        return "∅"
    return text if len(text) <= 200 else f"{text[:200]}…"


def _add(parent: Any, name: str, text: str | None = None, **attributes: str) -> Any:
    element = etree.SubElement(parent, f"{{{ATOM}}}{name}", **attributes)
    element.text = _ILLEGAL.sub("\ufffd", text) if text else text
    return element
