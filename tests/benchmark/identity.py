"""`python -m tests.benchmark.identity`: generated titles over the whole register, with and without a host.

Of the titles 30 % are of names that several towns share, 10 % of units that were renamed, moved or merged since. The
truth is drawn first (a division and a year in which it bore that name and code), the title is printed from it.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from random import Random

import click

from extract.identity import Evidence, Identity, resolve
from extract.register import Division, Register, kinds, load
from extract.register.lineage import kin, relations

YEARS = range(2008, 2025)
CHINESE = str.maketrans("0123456789", "〇一二三四五六七八九")
FORMS: tuple[Callable[[str, int], str], ...] = (
    lambda organ, year: f"{organ}{year}年政府信息公开工作年度报告",
    lambda organ, year: f"{organ} {year} 年政府信息公开年度报告",
    lambda organ, year: f"{year}年{organ}政府信息公开工作年度报告",
    lambda organ, year: f"{year}年度{organ}信息公开年报",
    lambda organ, year: f"{organ}{str(year).translate(CHINESE)}年政府信息公开工作年度报告",
    lambda organ, year: f"{organ}\n{year}年政府信息公开\n工作年度报告",
    lambda organ, year: f"《{organ}{year}年政务公开工作年度报告》",
    lambda organ, year: f"{organ}政府信息公开工作年度报告（{year}年）",
    lambda organ, year: f"关于{organ}{year}年度政府信息公开工作的报告",
    lambda organ, year: f"{organ}（{year}年度）信息公开工作年度报告",
    lambda organ, year: f"{organ}{year}年信息公开年报",
)
# Kinds that every county has had in all years under these names
DEPARTMENTS = ("czj", "jyj", "gaj", "mzj", "sfj", "sjj", "tjj", "zfb")


@dataclass(frozen=True, slots=True)
class Case:
    """A title, whose it is, and whether the title alone leaves several."""

    title: str
    unit: str
    year: int
    host: str  # division of the portal's host
    ambiguous: bool
    sort: str  # plain, shared, changed


@dataclass
class Counts:
    """What became of the cases of one round."""

    resolved: int = 0
    right: int = 0
    wrong: list[tuple[str, str, str | None]] = field(default_factory=list)
    ambiguous: int = 0
    ambiguous_resolved: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    milliseconds: float = 0.0  # of the processor, a title


def short(name: str) -> str:
    """A street without the word office, as the register's lists differ in it."""
    return name.removesuffix("办事处") if name.endswith("街道办事处") else name


@cache
def _pools() -> tuple[Register, list[Division], list[Division], list[Division], dict[str, list[Division]]]:
    register = load()
    bearers: dict[str, list[Division]] = {}
    every = [*register.divisions.values(), *(d for each in register.former.values() for d in each)]
    for division in every:
        bearers.setdefault(short(division.name), []).append(division)
    plain = [d for d in register.divisions.values() if _usual(d)]
    shared = [d for d in plain if d.level == "township" and len(bearers[short(d.name)]) > 1]
    gone = {(r.predecessor, r.predecessor_name) for r in relations()}
    changed = [d for each in register.former.values() for d in each if (d.code, d.name) in gone and _usual(d)]
    return register, plain, shared, changed, bearers


def _usual(division: Division) -> bool:
    return division.level != "township" or division.name.endswith(("镇", "乡", "街道", "街道办事处"))


def cases(seed: int, count: int) -> Iterator[Case]:
    """Cases in the shares that the issue asks for."""
    random = Random(seed)
    _, plain, shared, changed, _ = _pools()
    levels = {level: [d for d in plain if d.level == level] for level in ("province", "prefecture", "county")}
    made = 0
    while made < count:
        part = made % 10
        sort, pool = ("shared", shared) if part < 3 else ("changed", changed) if part == 3 else ("plain", plain)
        if sort == "plain" and part >= 8:
            pool = levels[random.choice(("province", "prefecture", "county", "county", "county"))]
        division = random.choice(pool)
        years = [year for year in YEARS if division.valid(f"{year}-12-31")]
        if years:
            made += 1
            yield _case(random, division, random.choice(years), sort)


def _case(random: Random, division: Division, year: int, sort: str) -> Case:
    register, *_, bearers = _pools()
    date = f"{year}-12-31"
    above = [d.name for d in register.parents(division.code, date)]
    given = 0 if sort == "shared" else random.choice((0, 0, 1, 2, 3))
    path = "".join((*above[max(0, len(above) - given) :], division.name)) if given else division.name
    unit, organ = division.code, path
    if division.level in ("county", "prefecture") and random.random() < 0.6:
        slug = random.choice(DEPARTMENTS)
        unit, organ = f"{unit}-{slug}", path + next(kind.name for kind in kinds() if kind.slug == slug)
    elif random.random() < 0.3 and not division.name.endswith("办事处"):
        organ += "办事处" if division.name.endswith("街道") else "人民政府"
    same = {d.code for d in bearers[short(division.name)] if d.valid(date)}
    others = {code for code in same if code not in kin(division.code)} if not given else set()
    host = division.code if division.level != "township" else division.code[:6]
    host = host if register.divisions.get(host) else max(kin(host))
    return Case(random.choice(FORMS)(organ, year), unit, year, host, bool(others), sort)


def run(seed: int, count: int, *, hosted: bool) -> Counts:
    """Resolves the cases of a seed, with the portal's host or without anything beside the title."""
    register = _pools()[0]
    counts = Counts()
    drawn = list(cases(seed, count))
    start = time.process_time()
    for case in drawn:
        host = "www.place.gov.cn" if hosted else None
        found = resolve(Evidence(title=case.title, host=host), register, {"www.place.gov.cn": case.host})
        _judge(case, found, counts)
    counts.milliseconds = (time.process_time() - start) / count * 1000
    return counts


def _judge(case: Case, found: Identity, counts: Counts) -> None:
    counts.ambiguous += case.ambiguous
    if found.unit.id is None:
        counts.open.append(f"{case.sort}: {case.title!r} is {case.unit}, left {found.candidates}")
        return
    counts.resolved += 1
    counts.right += found.unit.id == case.unit
    if found.unit.id != case.unit:
        counts.wrong.append((case.title, case.unit, found.unit.id))
    if case.ambiguous:
        counts.ambiguous_resolved.append(case.title)


@click.command()
@click.option("--titles", default=2000, help="How many titles.")
@click.option("--seed", default=1)
@click.option("--problems", default=0, help="Show up to this many of each kind.")
def main(titles: int, seed: int, problems: int) -> None:
    """Print how many titles are resolved, how many rightly, and what one costs."""
    sorts = Counter(case.sort for case in cases(seed, titles))
    print(f"{titles:,} titles: " + ", ".join(f"{count:,} {sort}" for sort, count in sorts.items()))
    for hosted in (False, True):
        counts = run(seed, titles, hosted=hosted)
        print(
            f"{'with host' if hosted else 'title alone'}: resolved {counts.resolved:,} "
            f"({counts.resolved / titles:.1%}), right {counts.right:,}, wrong {len(counts.wrong)}; "
            f"{counts.ambiguous:,} ambiguous, "
            f"{len(counts.ambiguous_resolved)} of them resolved; {counts.milliseconds:.2f} ms a title"
        )
        for problem in [*counts.wrong[:problems], *(counts.open[:problems] if hosted else [])]:
            print(" ", problem)
        for title in counts.ambiguous_resolved[: 0 if hosted else problems]:
            print("  ambiguous, yet resolved:", repr(title))


if __name__ == "__main__":
    main()
