"""A report whose every figure is written here, for metrics to be computed from by hand, and their values."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

from extract.records import Unit
from tests.db.conftest import PARENTS, TOWN, digest, report

COUNTY = Unit("990181", "白溪市", "government", "county", "990181", PARENTS[:2])
DEPARTMENT = Unit("990181-nyncj", "白溪市农业农村局", "department", "county", "990181", PARENTS)
# Closed 105 = 40 + 10 + 30 + 10 + 10 + 5; 100 + 10 = 105 + 5
TOTALS = {
    "new": 100, "carried_in": 10, "granted": 40, "partly_granted": 10, "refused.state_secret": 1,
    "refused.other_law": 2, "refused.security_stability": 3, "refused.third_party": 4, "refused.internal": 5,
    "refused.deliberative": 6, "refused.enforcement_file": 7, "refused.registry_query": 2, "unable.not_held": 8,
    "unable.must_create": 1, "unable.still_unclear": 1, "unprocessed.petition": 4, "unprocessed.repeat": 1,
    "unprocessed.publication": 1, "unprocessed.abusive": 2, "unprocessed.reissue": 2, "other.no_correction": 1,
    "other.fee_unpaid": 2, "other.else": 2, "closed": 105, "carried_out": 5,
}  # fmt: skip
BY_APPLICANT = {
    "new": (60, 20, 5, 5, 6, 4),
    "granted": (20, 10, 1, 2, 5, 2),
    "partly_granted": (5, 2, 1, 0, 1, 1),
    "closed": (62, 24, 4, 5, 6, 4),
}
DISPUTES = {
    "reconsideration": [6, 3, 1, 2, 12],
    "litigation_direct": [4, 1, 0, 1, 6],
    "litigation_after_reconsideration": [1, 2, 2, 0, 5],
}
DISCLOSURES = {
    "normative_documents": {"issued": 4, "repealed": 1, "in_force": 40},
    "licensing": {"decisions": 200},
    "penalties": {"decisions": 50},
    "coercion": {"decisions": 3},
    "fees": {"amount": 12500.5},
}


def applications(**totals):
    """Table 三 with the totals above; keyword arguments change totals (`refused__internal=None`)."""
    values = TOTALS | {name.replace("__", "."): value for name, value in totals.items()}
    columns = {name: [*BY_APPLICANT.get(name, (0, 0, 0, 0, 0, 0))] for name in values}
    return {name: [*columns[name], value] for name, value in values.items()}


def full(year=2022, unit=TOWN, body="", **fields):
    """A report with every figure above and no finding."""
    body = body or f"{unit.id} {year}"
    document = {
        "digest": digest(body),
        "media_type": "text/plain",
        "url": f"http://www.baixi.test/{digest(body)[7:19]}",
    }
    tables = {"applications": applications(), "disputes": DISPUTES, "disclosures": DISCLOSURES}
    return report(body, unit, year, **tables | {"findings": [], "cells": [], "document": document} | fields)


def values(data, sql="SELECT metric, value FROM metric_values", *arguments):
    connection = sqlite3.connect(data / "gongkai.db")
    try:
        return connection.execute(sql, arguments).fetchall()
    finally:
        connection.close()


def flags(data, metric, report="990181101-2022"):
    return values(data, "SELECT value, flags FROM metric_values WHERE metric = ? AND report = ?", metric, report)[0]


def finding(rule="S12", severity="error", table="applications", row="granted", column="total"):
    keys = dict.fromkeys(("quote", "place", "left", "right", "delta"))
    at = {"table": table, "row": row, "column": column}
    fields = {"rule": rule, "severity": severity, "origin": "source", "message": "invented", "fingerprint": rule * 5}
    return keys | at | fields


def changes(data, metric):
    return values(data, "SELECT year, before, change FROM metric_changes WHERE metric = ? ORDER BY year", metric)


def towns(count):
    return [replace(TOWN, id=f"990181{n}", division=f"990181{n}", name=f"镇{n}") for n in range(101, 101 + count)]
