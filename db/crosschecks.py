"""Checks that need more than one report: each a file of db/checks, named after its rule."""

from __future__ import annotations

import json
from typing import Any

from sqlite_utils import Database

from db import schema
from extract import rules
from extract.records import Finding


def check(db: Database) -> None:
    """Runs every check; a failure becomes a finding, a missing operand a row of not_assessable, a pass nothing."""
    known = {rule for (rule,) in db.execute("SELECT id FROM rules")}
    for name, sentence, sql in schema.sql_files("checks"):
        if name not in known:  # its words belong into extract/rules.toml; until they stand there, those of the check
            db.table("rules").insert({"id": name, "severity": "error", "en": sentence})
        cursor = db.execute(
            f"SELECT report, place, [left], [right], result, variant FROM (\n{sql}\n) ORDER BY report, place"
        )
        for report, place, left, right, result, variant in cursor.fetchall():
            if result == "not_assessable":
                db.table("not_assessable").insert({"report": report, "rule": name, "place": place})
            else:
                _add(db, report, _finding(name, sentence, json.loads(place), left, right, variant))
    for (rule,) in db.execute("SELECT DISTINCT rule FROM findings WHERE rule NOT IN (SELECT id FROM rules)").fetchall():
        db.table("rules").insert(
            {"id": rule}
        )  # read with other rules than these: kept, visible as a rule without words


def _finding(rule: str, sentence: str, cell: dict[str, str], left: float, right: float, variant: str | None) -> Finding:
    figures: dict[str, Any] = cell | {"left": left, "right": right, "delta": left - right}
    words = rules.load().get(rule)
    if words is None:
        return Finding(rule, "error", "unknown", f"{sentence}: {left:g} ≠ {right:g}", **figures)
    return rules.finding(rule, f"{words.en}: {left:g} ≠ {right:g}", variant=variant, **figures)


def _add(db: Database, report: str, made: Finding) -> None:
    row = {
        "report": report,
        "rule": made.rule,
        "severity": made.severity,
        "origin": made.origin,
        "message": made.message,
    }
    row |= {"table_name": made.table, "row_name": made.row, "column_name": made.column}
    row |= {"left_value": made.left, "right_value": made.right, "delta": made.delta, "fingerprint": made.fingerprint}
    db.table("findings").insert(row)
