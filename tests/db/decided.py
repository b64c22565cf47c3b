"""Decisions taken through the command line on the report of 石桥镇, and what a build made of them."""

from __future__ import annotations

from click.testing import CliRunner

from db import decisions
from gongkai import cli
from tests.db.conftest import digest
from tests.db.test_build import query

ID = "990181101-2022"
TEXT = "石桥镇 2022"
CELL = ("applications", "refused.internal", "natural_person")
HEAD = ",".join(decisions.COLUMNS["corrections.csv"])


def run(data, *arguments):
    return CliRunner().invoke(cli, ["--data", str(data), *map(str, arguments)])


def correct(data, *arguments, why="seen on page 3"):
    return run(data, "correct", ID, *arguments, "--why", why, "--by", "lin")


def line(expected, value, cell=CELL, body=TEXT):
    return f"{digest(body)},{','.join(cell)},{expected},{value},seen,lin,2026-06-01T00:00:00Z"


def rules(data, review):
    return {rule for (rule,) in query(data, "SELECT rule FROM findings WHERE review = ?", review)}


def fingerprint_of(data, rule, report=ID):
    return query(data, "SELECT fingerprint FROM findings WHERE rule = ? AND report = ?", rule, report)[0][0]
