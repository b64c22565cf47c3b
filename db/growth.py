"""Y07: what the prose claims about growth, recomputed from the report of the year before."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator

from db.results import Result
from extract.labels import fold
from extract.prose import number
from extract.statements import NARROWER, REQUESTS

_RATE = re.compile(r"(\d+(?:\.\d+)?)%$")
_YEAR = re.compile(r"([较比与]?)(20\d\d)年")
_CLAIMS = """SELECT p.report, n.year, s.value, s.quote, n.requests_new, b.requests_new
FROM statements AS s
JOIN previous_reports AS p ON p.report = s.report
JOIN reports AS n ON n.id = p.report
JOIN reports AS b ON b.id = p.previous
WHERE s.kind = 'growth' ORDER BY p.report, s.id"""


def check(connection: sqlite3.Connection) -> Iterator[Result]:
    """Results of Y07 for requests received: the one figure of the prose that last year's report states again."""
    for report, year, claimed, quote, printed, before in connection.execute(_CLAIMS):
        plain = fold(quote)
        subject = next((found for pattern in REQUESTS if (found := pattern.search(plain))), None)
        rate = _RATE.search(plain)
        if subject is None or rate is None or "环比" in plain or NARROWER.search(plain):
            continue
        figure = subject.groupdict().get("n")
        now = number(figure) if figure else printed
        # Growth from nothing has no rate; growth since another year is not told by last year's report.
        if now is None or not before or _since_another_year(plain, year):
            yield Result("Y07", report, "not_assessable")
            continue
        actual = 100 * (now - before) / before
        if abs(actual - claimed) > _tolerance(rate[1]):
            message = f"{claimed:+g}% ≠ {actual:+.4g}% ({before} → {now})"
            yield Result("Y07", report, "fail", left=claimed, right=round(actual, 2), quote=quote, message=message)


def _since_another_year(claim: str, year: int) -> bool:
    """Whether a claim names a year beside its own and the one before (比2019年), or compares with its own."""
    return any(int(named) not in ((year - 1,) if than else (year, year - 1)) for than, named in _YEAR.findall(claim))


def _tolerance(claimed: str) -> float:
    """Half of the last digit printed, and a little: 8.9 stands for 8.85 to 8.95."""
    return 0.5 * 10 ** -len(claimed.partition(".")[2]) + 1e-6
