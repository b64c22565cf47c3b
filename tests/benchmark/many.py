"""Readings of any number of invented reports, as `gongkai extract` would leave them, and the fetches they came by.

A pool of reports is generated and read for real; every unit gets a sum of two of their series, in its own words. Sums
of tables that add up add up, so the rules say of the many what they say of the pool. Places are those of the register,
figures and words are invented; the same count gives the same bytes.
"""

from __future__ import annotations

import copy
import itertools
import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from crawler import portals
from crawler.items import Document
from crawler.replica import faults
from crawler.replica.reports import applicable, generate
from extract import register
from extract.report import read_report
from tests.benchmark.search import text

YEARS = range(2017, 2025)
FETCHES = "fetches.jsonl"
PER_FILE = 5000  # lines a file of data/reports
POOL = 40  # series; a third of them with faults
ORGANS = 12  # departments a county
OLD = 0.25  # share of units whose reports of the form of 2014 are held
STANDING = 8  # hour at which the report that stands was fetched; a replaced version before it, a copy after it
COPIED, STOLEN, REPLACED, TWICE, FAILED = 0.04, 0.01, 0.03, 0.02, 0.01
TOWN = ("990101101", "清溪县双桥镇")  # of which the pool is
_TABLES = ("disclosures", "applications", "disputes", "statistics")
_WORDY = {1: 900, 5: 350, 6: 250}  # section → characters, as in real reports


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of the register that reports, in the words of a reading."""

    id: str
    name: str
    kind: str
    level: str
    division: str
    parents: tuple[tuple[str, str], ...]

    def as_read(self) -> dict[str, Any]:
        """The field `unit` of a reading."""
        own = {"id": self.id, "name": self.name, "kind": self.kind, "level": self.level, "division": self.division}
        printed = {"kind": "title", "text": self.name, "weight": 6, "candidates": 1, "agrees": True}
        parents = [{"id": code, "name": name} for code, name in self.parents]
        return own | {"parents": parents, "evidence": [printed], "candidates": []}


def write(data: Path, count: int) -> None:
    """Writes data/reports/*.jsonl with `count` reports (a few more documents), and data/fetches.jsonl."""
    folder = data / "reports"
    folder.mkdir(parents=True)
    lines = records(count)
    with (data / FETCHES).open("w", encoding="utf-8") as fetches:
        for number in itertools.count():
            first = next(lines, None)
            if first is None:
                break
            with (folder / f"many-{number:04}.jsonl").open("w", encoding="utf-8") as file:
                for record, hour in itertools.chain([first], itertools.islice(lines, PER_FILE - 1)):
                    file.write(json.dumps(record, ensure_ascii=False) + "\n")
                    fetches.write(json.dumps(_fetch(record, hour), ensure_ascii=False) + "\n")
    _runs(data)


class Fetched:
    """Stands in for the archive: the fetches beside the readings, one in memory at a time."""

    def __init__(self, data: Path) -> None:
        self.path = data / FETCHES

    def documents(self) -> Iterator[Any]:
        """All fetches, in their order."""
        with self.path.open(encoding="utf-8") as lines:
            for line in lines:
                yield SimpleNamespace(**json.loads(line))


def records(count: int) -> Iterator[tuple[dict[str, Any], int]]:
    """(reading, hour of its fetch): of units of whole counties, one by one, until there are `count` reports."""
    made = 0
    for unit in units():
        for record, hour in _series(unit):
            yield record, hour
            made += hour == STANDING
            if made == count:
                return


def units() -> Iterator[Unit]:
    """Units county by county: its prefecture before the first, its government, departments and townships."""
    known, done = register.load(), set()
    counties = [d for d in known.divisions.values() if d.level == "county"]
    crawled = {portal.division for portal in portals.load().values()}
    counties.sort(key=lambda d: (d.code not in crawled, sha256(d.code.encode()).digest()))
    for county in counties:
        above = tuple((d.code, d.name) for d in known.parents(county.code) if d.code in known.divisions)
        for number, (code, name) in enumerate(above):
            if code not in done:
                done.add(code)
                level = known.divisions[code].level
                yield Unit(code, name, "government", level, code, above[:number])
        yield Unit(county.code, county.name, "government", "county", county.code, above)
        below = (*above, (county.code, county.name))
        for kind in register.kinds()[:ORGANS]:
            organ = "government_office" if kind.slug == "zfb" else "department"
            yield Unit(f"{county.code}-{kind.slug}", county.name + kind.name, organ, "county", county.code, below)
        for town in known.within(county.code)[1:]:
            kind_of = "street_office" if "街道" in town.name else "government"
            yield Unit(town.code, county.name + town.name, kind_of, "township", town.code, below)


def _series(unit: Unit) -> Iterator[tuple[dict[str, Any], int]]:
    """(reading, hour of its fetch), year by year: the reports, and a few further documents beside them."""
    source = random.Random(unit.id)
    one, two = source.choice(_pool()), source.choice(_clean())
    shares, own = (source.randint(1, 9), source.randint(0, 9)), _sentences(source, 12)
    said: dict[int, str] = {}
    for year in YEARS[2:] if source.random() > OLD else YEARS:
        copied = said and source.random() < COPIED
        said = said if copied else {n: _words(source, own, size) for n, size in _WORDY.items()}
        if source.random() < STOLEN:  # one text that goes round
            said = {n: _words(random.Random(f"{year}/{n}"), (), size) for n, size in _WORDY.items()}
        record = _reading(unit, year, one[year], two[year] if _whole(one[year]) else None, shares, said)
        if source.random() < FAILED:
            yield _failed(record), STANDING - 2
        if source.random() < REPLACED:
            yield _renamed(_older(record), "old", record["document"]["url"]), STANDING - 1
        yield record, STANDING
        if source.random() < TWICE:
            yield _renamed(record, "twice", record["document"]["url"] + "?from=list"), STANDING + 1


def _reading(
    unit: Unit,
    year: int,
    one: Mapping[str, Any],
    two: Mapping[str, Any] | None,
    shares: tuple[int, int],
    said: Mapping[int, str],
) -> dict[str, Any]:
    """A report of the pool as the unit's own: `shares` times the figures of two of them, the unit's words."""
    record = copy.deepcopy(dict(one))
    for table in _TABLES:
        record[table] = _sum(one[table], two[table] if two else None, shares)
    government = unit.kind == "government" and unit.level != "township"
    document = {"url": f"http://{_host(unit)}/{unit.id}/{year}.htm", "media_type": "text/html"}
    document["digest"] = _digest(f"{unit.id}/{year}")
    record |= {"document": document, "unit": unit.as_read(), "year": year}
    record |= {"title": f"{unit.name}{year}年政府信息公开工作年度报告", "scope": "aggregate" if government else "own"}
    record["published_on"] = f"{year + 1}-{1 + int(document['digest'][-1], 16) // 5:02}-{10 + year % 10}"
    for section in record["sections"]:
        section["text"] = "\n".join(part for part in (section["text"], said.get(section["number"])) if part)
    return record


def _sum(one: Any, two: Any, shares: tuple[int, int]) -> Any:
    """The figures of two tables of one form, each as often as its share; words and blanks stay."""
    if isinstance(one, dict):
        return {key: _sum(value, two[key] if two else None, shares) for key, value in one.items()}
    if isinstance(one, list):
        return [_sum(value, two[n] if two else None, shares) for n, value in enumerate(one)]
    if isinstance(one, str) or one is None:
        return one
    return one * shares[0] + (two or 0) * shares[1]


def _older(record: dict[str, Any]) -> dict[str, Any]:
    """The version before: one figure was another."""
    older = copy.deepcopy(record)
    for row in list(older["applications"])[:1]:
        value = older["applications"][row][-1]
        older["applications"][row][-1] = value + 1 if isinstance(value, int) else 1
    return older


def _renamed(record: dict[str, Any], suffix: str, url: str) -> dict[str, Any]:
    digest = _digest(f"{record['document']['digest']}/{suffix}")
    return record | {"document": record["document"] | {"digest": digest, "url": url}}


def _failed(record: dict[str, Any]) -> dict[str, Any]:
    error = {"message": "not a document", "place": "byte 0", "remedy": "look at the original"}
    url = record["document"]["url"] + ".pdf"
    document = {"digest": _digest(url), "url": url, "media_type": "application/pdf"}
    return {"schema": 1, "document": document, "error": error, "unit": record["unit"], "year": record["year"]}


def _fetch(record: Mapping[str, Any], hour: int) -> dict[str, Any]:
    """How a document came: all in one crawl a year, in order of the lines."""
    host = record["document"]["url"].split("/")[2]
    portal = host.removesuffix(".test")
    empty = dict.fromkeys(("name", "unit", "publisher"))
    fetched = f"{record['year'] + 1}-06-{1 + len(record['document']['url']) % 28:02}T{hour:02}:00:00Z"
    known = {"title": record.get("title"), "published_on": record.get("published_on"), "warc": f"many-{portal}"}
    return empty | dict(record["document"]) | known | {"portal": portal, "fetched": fetched}


def _runs(data: Path) -> None:
    """One faultless run of every portal file, after the last deadline."""
    (data / "runs").mkdir()
    for slug in portals.load():
        run: dict[str, Any] = {"portal": slug, "started": "2025-07-01T00:00:00Z", "finished": "2025-07-01T01:00:00Z"}
        run |= {"requests": 300, "listed": 250, "refused": 20, "reports": 200, "new": 200, "bytes": 10_000_000}
        (data / "runs" / f"20250701T000000-{slug}.json").write_text(json.dumps(run), encoding="utf-8")


@cache
def _slugs() -> dict[str, str]:
    return {portal.division: slug for slug, portal in portals.load().items()}


def _host(unit: Unit) -> str:
    """The portal of a unit's county (or of the place itself above that)."""
    place = unit.division[:6]
    return f"{_slugs().get(place, f'p{place}')}.test"


@cache
def _pool() -> Sequence[Mapping[int, Mapping[str, Any]]]:
    """Series of readings by year; every third has faults."""
    return [_read_series(number, number % 3 == 2) for number in range(POOL)]


@cache
def _clean() -> Sequence[Mapping[int, Mapping[str, Any]]]:
    return [series for number, series in enumerate(_pool()) if number % 3 != 2]


def _whole(record: Mapping[str, Any]) -> bool:
    """Whether every figure is one: only then can two tables be added."""
    return not any(f["severity"] in ("error", "warning") for f in record["findings"])


def _read_series(number: int, faulty: bool) -> Mapping[int, Mapping[str, Any]]:
    source, before, found = random.Random(number), None, {}
    for year in YEARS:
        form = "2014" if year < 2019 else "2019" if year < 2021 else "2021"
        chosen: Sequence[str] = ()
        if faulty and source.random() < 0.6:
            chosen = source.sample(applicable(form), 1) if form == "2014" else faults.choose(source, form, TOWN[0])
        made = generate(number, unit=TOWN[0], organ=TOWN[1], year=year, form=form, faults=chosen, before=before)
        before = made.truth if form != "2014" else None
        told = (None, made.title, None, None, None)
        document = Document(_digest(made.page), "http://pool.test/", "", "text/html", None, *told)
        found[year] = read_report(made.page.encode(), document, register.load())[0].to_json()
    return found


def _sentences(source: random.Random, count: int) -> tuple[str, ...]:
    return tuple(text(source, 60).rstrip("\n") for _ in range(count))


def _words(source: random.Random, own: Sequence[str], size: int) -> str:
    """A section: half in the words that the unit uses every year, half new."""
    parts = source.sample(own, min(len(own), size // 140))
    return "".join([*parts, text(source, size // 2 if parts else size)])


def _digest(words: str) -> str:
    return "sha256:" + sha256(words.encode()).hexdigest()
