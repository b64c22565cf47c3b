"""What the pages and feeds of all reports are looked at with: one report that took another's place, a hostile name."""

from __future__ import annotations

import json

from db.build import build
from extract.records import Unit
from tests.db.conftest import PARENTS, write
from tests.db.test_places import HOSTILE
from tests.db.test_versions import fetched, said

A, B = "http://www.baixi.test/a.htm", "http://www.baixi.test/b.htm"
BAD = Unit("990181102", HOSTILE, "government", "township", "990181102", PARENTS)
RUN = {
    "portal": "gaoan",
    "started": "2026-01-02T03:04:05Z",
    "finished": "2026-01-02T03:05:05Z",
    "reports": 0,
    "new": 0,
    "requests": 9,
    "problems": ["http://x.test/<b>: answered 404", "gaoan: no report found"],
    "errors": {"status 404": 1, "nothing": 1},
    "blocked": [["ruishu", "http://x.test/1"], ["ruishu", "http://x.test/2"]],
    "failing": ["no report found", "blocked by a firewall (ruishu)"],
}


def replaced(data):
    """A report that was replaced, one with a hostile name, a portal that fails."""
    bad = said("c", B, unit=BAD)
    bad["findings"][0]["message"] = "<script>alert(2)</script>\x01"
    write(data, said("a", title="旧题"), said("b", new=7, title="新题<i>"), bad)
    (data / "runs").mkdir()
    (data / "runs" / "20260102T030405Z-gaoan.json").write_text(json.dumps(RUN))
    build(data, fetched(("a", 1, A), ("b", 5, A), ("c", 3, B)))
    return data
