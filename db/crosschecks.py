"""Checks that need more than one report: files of db/checks named after their rule, and those that SQL cannot do."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from db import growth, likeness, results, schema, series
from db.results import Result
from extract import rules
from extract.records import Finding

BATCH = 2000
# A finding between two reports cannot blame the source while our reading of one of them is itself in doubt.
_DOUBTED = """SELECT 1 FROM findings WHERE report IN (?1, (SELECT previous FROM previous_reports WHERE report = ?1))
AND (rule = 'S31' OR (origin = 'extraction' AND severity IN ('error', 'warning')))"""
# Figures that move when a report of anybody arrives (a median, a share without boilerplate, a count): what a person
# decided about the report is not undone by that, so they are no part of its fingerprint. By rule and variant.
_MOVING = {("Y03", "peers"): "right", ("P06", None): "left", ("R03", None): "left"}
_FINDING = (
    "INSERT INTO findings (report, rule, severity, origin, table_name, row_name, column_name, message, quote,"
    " left_value, right_value, delta, fingerprint) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


def check(db: Database, data: Path | None = None) -> None:
    """Runs every check; a failure becomes a finding, a missing operand a row of not_assessable, a pass a count.

    Fills unit_successions and previous_reports first; needs reports with all that hangs on them, units and expected.
    """
    series.fill(db.conn, data)
    files = schema.sql_files("checks")
    known = {rule for (rule,) in db.execute("SELECT id FROM rules")}
    # its words belong into extract/rules.toml; until they stand there, those of the check
    new = [{"id": name, "severity": "error", "en": words} for name, words, _ in files if name not in known]
    db.table("rules").insert_all(new)
    sentences = {name: words for name, words, _ in files}
    found = chain(*(_selected(db.conn, name, sql) for name, _, sql in files), growth.check(db.conn))
    _keep(db.conn, chain(found, likeness.check(db.conn)), sentences)
    for (rule,) in db.execute("SELECT DISTINCT rule FROM findings WHERE rule NOT IN (SELECT id FROM rules)").fetchall():
        db.table("rules").insert(
            {"id": rule}
        )  # read with other rules than these: kept, visible as a rule without words
    results.count(db.conn)


def _selected(connection: sqlite3.Connection, rule: str, sql: str) -> Iterator[Result]:
    cursor = connection.execute(f"SELECT * FROM (\n{sql}\n) ORDER BY report, place")
    names = [column[0] for column in cursor.description]
    for row in cursor:
        fields = {name: value for name, value in zip(names, row, strict=True) if value is not None}
        yield Result(rule, **fields)


def _keep(connection: sqlite3.Connection, found: Iterable[Result], sentences: dict[str, str]) -> None:
    single = {rule for (rule,) in connection.execute("SELECT DISTINCT rule FROM findings")}
    failed: list[tuple[Any, ...]] = []
    for one in found:
        if one.result == "not_assessable":
            values = (one.report, one.rule, one.place)
            connection.execute("INSERT OR IGNORE INTO not_assessable VALUES (?, ?, ?)", values)
            continue
        if one.rule in single:  # with last year at hand, what this year alone looked like is settled
            connection.execute("DELETE FROM findings WHERE report = ? AND rule = ?", (one.report, one.rule))
        if one.result == "fail":
            failed.append(_row(one, _finding(connection, one, sentences.get(one.rule, ""))))
        if len(failed) >= BATCH:
            connection.executemany(_FINDING, failed)
            failed.clear()
    connection.executemany(_FINDING, failed)


def _finding(connection: sqlite3.Connection, one: Result, sentence: str) -> Finding:
    figures: dict[str, Any] = json.loads(one.place) | {"left": one.left, "right": one.right, "quote": one.quote}
    said = one.message or one.quote
    if one.left is not None and one.right is not None:
        figures["delta"] = round(one.left - one.right, 6)
        said = one.message or f"{_shown(one.left)} {one.relation} {_shown(one.right)}"
    words = rules.load().get(one.rule)
    message = ": ".join(part for part in (words.en if words else sentence, said) if part)
    if words is None:
        return Finding(one.rule, "error", "unknown", message, **figures)
    origin = "unknown" if connection.execute(_DOUBTED, [one.report]).fetchone() else None
    return rules.finding(one.rule, message, variant=one.variant, origin=origin, **figures)


def _shown(value: float) -> str:
    return str(int(value)) if value == int(value) else str(value)


def _row(one: Result, made: Finding) -> tuple[Any, ...]:
    at = (made.table, made.row, made.column, made.message, made.quote)
    moving = _MOVING.get((one.rule, one.variant))
    stays = replace(made, **{moving: None}) if moving else made
    sides = (made.left, made.right, made.delta)
    return (one.report, made.rule, made.severity, made.origin, *at, *sides, stays.fingerprint)
