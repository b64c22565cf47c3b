"""What is new: reports, changed reports cell by cell, findings; as rows for a page and as Atom (RFC 4287)."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from lxml import etree

from db import money, said
from db.cells import figure
from db.changes import STANDS
from db.language import LANGUAGES, Say
from db.overview import bounds, told
from db.page import Query, Row, label

ATOM = "http://www.w3.org/2005/Atom"
LENGTH = 50  # entries of a feed
CELLS = 12  # changed cells told of one report
EPOCH = "1970-01-01T00:00:00Z"  # for a database that nothing was fetched for
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NAMES = "u.pinyin, up.name AS above, up.pinyin AS above_pinyin"
_NAMED = """LEFT JOIN units AS u ON u.id = r.unit LEFT JOIN divisions AS own ON own.code = r.division
LEFT JOIN divisions AS up ON up.code = own.parent"""
# The unary + keeps the search on the range of ids where a place is asked for, and on the order in time where none is
_REPORTS = f"""SELECT r.*, {_NAMES} FROM reports AS r {_NAMED}
WHERE {{}} ORDER BY {{}}r.first_fetched DESC, r.id LIMIT ?"""
_CHANGED = f"""SELECT v.report, v.document, v.replaced_by, v.replaced_at, r.name, r.scope, r.form, r.year, {_NAMES}
FROM report_versions AS v JOIN reports AS r ON r.id = v.report {_NAMED}
WHERE {{}} ORDER BY {{}}replaced_at DESC, v.report LIMIT ?"""
_CELLS = """SELECT * FROM changes WHERE report IN (SELECT value FROM json_each(?)) ORDER BY report, id"""
_FINDINGS = f"""WITH newest AS ({_REPORTS})
SELECT f.*, newest.name, newest.pinyin, newest.above, newest.above_pinyin, newest.year, newest.scope, newest.form,
  newest.first_fetched, rules.zh, rules.en
FROM newest JOIN findings AS f ON f.report = newest.id JOIN rules ON rules.id = f.rule
WHERE f.severity IN ('error', 'warning') AND {STANDS}
ORDER BY first_fetched DESC, f.report, f.id LIMIT ?"""


async def reports(query: Query, t: Say, place: str, limit: int = LENGTH) -> list[Row]:
    """The reports that came in last, the newest first; a changed one counts from its newest version."""
    if not place:
        return await query(_REPORTS.format("1", ""), limit)
    return await query(_REPORTS.format("r.id >= ? AND r.id < ?", "+"), *bounds(place), limit)


async def changes(query: Query, t: Say, place: str, limit: int = LENGTH) -> list[Row]:
    """Reports whose document was replaced by a newer version, the newest first, each with the cells that differ."""
    if place:
        sql = _CHANGED.format("v.report >= ? AND v.report < ?", "+")
        rows = await query(sql, *bounds(place), limit)
    else:
        rows = await query(_CHANGED.format("1", ""), limit)
    cells = defaultdict(list)
    for cell in await query(_CELLS, json.dumps([row["report"] for row in rows])):
        cell["where"] = label(t, cell)
        cells[cell["report"], cell["to_document"]].append(cell)
    for row in rows:
        row["cells"] = cells[row["report"], row["replaced_by"]]
    return rows


async def findings(query: Query, t: Say, place: str, limit: int = LENGTH) -> list[Row]:
    """Errors and warnings of the reports that came in last, without those dismissed or resolved."""
    some = "errors + warnings > 0"
    if not place:
        return await query(_FINDINGS.format(some, ""), limit, limit)
    return await query(_FINDINGS.format(f"r.id >= ? AND r.id < ? AND {some}", "+"), *bounds(place), limit, limit)


def report_entry(t: Say, row: Row) -> Row:
    """An entry of the feed of new reports."""
    unread = t("feed.of_2014") if row["form"] == "2014" else t("feed.not_read")
    words = [
        t("scope." + row["scope"]),
        t("form." + row["form"]),
        t("feed.published", date=row["published_on"] or t("feed.unknown")),
        unread if row["requests_new"] is None else t("feed.requests", n=figure(row["requests_new"])),
        t("feed.counts", errors=row["errors"], warnings=row["warnings"]),
    ]
    return _entry("report", (row["id"],), _titled(t, row), f"/report/{row['id']}", row["first_fetched"], words)


def change_entry(t: Say, row: Row) -> Row:
    """An entry of the feed of changed reports: one a version."""
    words = [f"{_where(t, c)}: {_read(t, c, 'before')} → {_read(t, c, 'after')}" for c in row["cells"][:CELLS]]
    if (more := len(row["cells"]) - CELLS) > 0:
        words.append(t("changes.more", n=more))
    words = words or [t("changes.same")]
    key = (row["report"], row["replaced_by"])
    return _entry("change", key, _titled(t, row), f"/report/{row['report']}", row["replaced_at"], words)


def _read(t: Say, cell: Row, side: str) -> str:
    return money.read(t, cell, cell[side]) or _short(cell[side])


def _where(t: Say, cell: Row) -> str:
    place = cell["where"]
    return (place.en if t("cell.rule_column") == "en" else "") or place.zh


def finding_entry(t: Say, row: Row) -> Row:
    """An entry of the feed of findings: one a finding; its id holds as long as document, rule, cell and figures do."""
    words = [
        f"{t('severity.' + row['severity'])} · {t('origin.' + row['origin'])}",
        told(t, row)["told"],
        f"“{_short(row['quote'])}”" if row["quote"] else "",
    ]
    title = f"{row['rule']} {said.rule(t, row)} · {_titled(t, row)}"
    key = (row["report"], row["fingerprint"])
    return _entry("finding", key, title, f"/report/{row['report']}", row["first_fetched"], list(filter(None, words)))


KINDS: dict[str, tuple[Any, Callable[[Say, Row], Row]]] = {
    "reports": (reports, report_entry),
    "changes": (changes, change_entry),
    "findings": (findings, finding_entry),
}


async def feed(query: Query, t: Say, kind: str, place: Row, absolute: Callable[[str], str], path: str) -> bytes:
    """A feed as XML in one language. Nothing in it comes from the clock: entries bear the time of their fetch."""
    load, entry = KINDS[kind]
    entries = [entry(t, row) for row in await load(query, t, place["code"])]
    built = await query("SELECT value FROM meta WHERE key = 'built_from'")
    at = (built[0]["value"] if built else None) or EPOCH
    root = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})
    root.set("{http://www.w3.org/XML/1998/namespace}lang", LANGUAGES[t("cell.rule_column")])
    _add(root, "id", _id("feed", kind, place["code"]))
    _add(root, "title", ": ".join(filter(None, [t("site.name"), _place(t, place), t("feed." + kind)])))
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


def _titled(t: Say, row: Row) -> str:
    """What a report is called: its place, its name, on an English feed the name in letters too."""
    letters = t("cell.rule_column") == "en" and row["pinyin"]
    above = row["above_pinyin"] if letters else row["above"]
    return " ".join(filter(None, [above, f"{row['pinyin']} ({row['name']})" if letters else row["name"]]))


def _place(t: Say, place: Row) -> str | None:
    return place["pinyin"] if t("cell.rule_column") == "en" and place["pinyin"] else place["name"]


def _short(text: str | None) -> str:
    if text is None:
        return "∅"
    return text if len(text) <= 200 else f"{text[:200]}…"


def _add(parent: Any, name: str, text: str | None = None, **attributes: str) -> Any:
    element = etree.SubElement(parent, f"{{{ATOM}}}{name}", **attributes)
    element.text = _ILLEGAL.sub("\ufffd", text) if text else text
    return element
