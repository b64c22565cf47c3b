"""What the tests of completeness share: the invented county 白溪市, its portal, crawls of it and builds."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace

from crawler import portals
from crawler.portals import Portal
from db.build import build
from extract.records import Unit
from tests.db.conftest import PARENTS, TOWN, Fetched, digest, document, report, write

# Invented places: the divisions of the portal below
PLACES = {"99": "云岭省", "9901": "青石市", "990181": "白溪市", "990181101": "石桥镇", "990181102": "柳湾乡"}
PLACES |= {"990181001": "东关街道", "990181401": "桑园农场"}
TOWN2 = replace(TOWN, id="990181102", division="990181102", name="白溪市柳湾乡人民政府")
COUNTY = Unit("990181", "白溪市", "government", "county", "990181", PARENTS[:2])
DEPARTMENT = Unit("990181-nyncj", "白溪市农业农村局", "department", "county", "990181", PARENTS)
VERTICAL = Unit("990181-sw", "国家税务总局白溪市税务局", "vertical_organ", "county", "990181", PARENTS)
NOBODY = Unit(None, None)
T1, T2, STREET = "990181101", "990181102", "990181001"


def county(tmp_path, monkeypatch):
    """A data folder with a county's register and its portal."""
    (tmp_path / "register").mkdir()
    lines = "code,name\n" + "".join(f"{code},{name}\n" for code, name in PLACES.items())
    (tmp_path / "register" / "99.csv").write_text(lines, encoding="utf-8")
    monkeypatch.setattr(
        portals, "load", lambda folder=None: {"baixi": Portal("baixi", "白溪市人民政府", "990181", "ucap")}
    )
    return tmp_path


def run(data, started="2024-05-01T00:00:00Z", **fields):
    """A crawl of the portal as it counted itself; sound unless `problems` or `blocked` say otherwise."""
    counts = {"portal": "baixi", "started": started, "finished": started, "requests": 9, "listed": 9, "refused": 0}
    counts |= {
        "reports": 9,
        "new": 0,
        "changed": 0,
        "unchanged": 0,
        "bytes": 0,
        "gone": [],
        "problems": [],
        "blocked": [],
    }
    (data / "runs").mkdir(exist_ok=True)
    name = started.replace("-", "").replace(":", "")
    (data / "runs" / f"{name}-baixi.json").write_text(json.dumps(counts | {"failing": []} | fields), encoding="utf-8")


def made(data, *published, unread_titles=(), unattributed=()):
    """Builds from (unit, year, date of publication) and from titles of documents that were not read."""
    lines, fetches = [], []
    for unit, year, on in published:
        body = f"{unit.id} {year} {on}"
        url = f"http://www.baixi.test/{digest(body)[7:15]}"
        source = {"digest": digest(body), "media_type": "text/html", "url": url}
        lines.append(report(body, unit, year, document=source, published_on=None, findings=[]))
        fetches.append(document(body, url=url, portal="baixi", published_on=on))
    for title in unread_titles:
        url = f"http://www.baixi.test/{digest(title)[7:15]}"
        source = {"digest": digest(title), "media_type": "application/pdf", "url": url}
        error = {"message": "a picture", "place": "page 1", "remedy": "look"}
        lines.append({"schema": 1, "document": source, "error": error})
        fetches.append(document(title, url=url, portal="baixi", title=title))
    for title, year in unattributed:
        url = f"http://www.baixi.test/{digest(title)[7:15]}"
        source = {"digest": digest(title), "media_type": "text/html", "url": url}
        lines.append(report(title, NOBODY, year, title=title, document=source, findings=[]))
        fetches.append(document(title, url=url, portal="baixi"))
    write(data, *lines)
    build(data, Fetched(*fetches))
    return {(unit, year): state for unit, year, state in query(data, "SELECT unit, year, state FROM expected")}


def query(data, sql, *values):
    connection = sqlite3.connect(data / "gongkai.db")
    try:
        return connection.execute(sql, values).fetchall()
    finally:
        connection.close()
