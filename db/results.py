"""What a rule says about a report; and how many rules a report passed, failed, or could not be tested on."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from extract import rules

# A11 says itself that a relation cannot be assessed; its quote begins with the relation's rule.
_SETTLED = """CREATE TEMP TABLE settled AS
SELECT report, rule, min(result) AS result FROM (
  SELECT report, rule, 'fail' AS result FROM findings WHERE rule <> 'A11' AND review <> 'resolved'
  UNION ALL
  SELECT report, substr(quote, 1, 3), 'not_assessable' FROM findings WHERE rule = 'A11' AND review <> 'resolved'
  UNION ALL SELECT report, rule, 'not_assessable' FROM not_assessable
  UNION ALL
  SELECT r.id, t.rule, 'not_assessable' FROM reports AS r JOIN tested AS t ON t.form = r.form AND t.last_year
  WHERE r.id NOT IN (SELECT report FROM previous_reports)
) GROUP BY report, rule"""
_COUNTED = """UPDATE reports SET (checks_failed, checks_not_assessable, checks_passed) = (
  SELECT total(s.result = 'fail'), total(s.result <> 'fail'),
    (SELECT count(*) FROM tested WHERE form = reports.form) - count(t.rule)
  FROM settled AS s LEFT JOIN tested AS t ON t.form = reports.form AND t.rule = s.rule
  WHERE s.report = reports.id
)"""


@dataclass(frozen=True, slots=True)
class Result:
    """What a rule says about a report. `pass` is only said where it takes back what one document alone raised."""

    rule: str
    report: str
    result: str  # fail, not_assessable or pass
    place: str = "{}"
    left: float | None = None
    right: float | None = None
    variant: str | None = None
    relation: str = "≠"
    quote: str | None = None
    message: str | None = None


def count(connection: sqlite3.Connection) -> None:
    """Sets the three counts on every report. A rule that failed anywhere in a report counts once, as failed."""
    connection.execute("CREATE TEMP TABLE tested (form TEXT, rule TEXT, last_year INTEGER, PRIMARY KEY (form, rule))")
    tested = [
        (form, rule.id, int(rule.needs == "last_year"))
        for rule in rules.load().values()
        for form in rule.forms
        if rule.status == "implemented" and rule.id != "A11"
    ]
    connection.executemany("INSERT INTO tested VALUES (?, ?, ?)", tested)
    connection.execute(_SETTLED)
    connection.execute("CREATE INDEX temp.settled_report ON settled(report)")
    connection.execute(_COUNTED)
    connection.execute("DROP TABLE settled")
    connection.execute("DROP TABLE tested")
