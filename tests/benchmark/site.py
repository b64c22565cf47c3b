"""How long readers wait for each kind of page: `python -m tests.benchmark.site DATA`; DATA holds a built database.

The site runs in a process of its own; readers ask it over HTTP, wait, and ask for something else. `--build` lets an
update build beside them, which is when a small machine is slowest.
"""

from __future__ import annotations

import asyncio
import random
import socket
import sqlite3
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from statistics import quantiles
from time import perf_counter, sleep
from urllib.parse import urlencode

import click
import httpx

from db import schema
from db.build import NAME
from tests.benchmark.search import FIXED, sought

BAR = 300  # milliseconds at the 95th percentile (DESIGN §8)
SAMPLE = 200  # addresses of one kind
SETTLED = ("/findings", "/coverage", "/health", "/changes", "/data", "/data/dictionary", "/about", "/glossary")
METRICS = ("M1", "M3", "M4", "M7", "M14", "M21")


def addresses(database: Path, seed: int = 5) -> dict[str, list[str]]:
    """Kind of page → addresses that exist in this database, in an order that the seed decides."""
    source, connection = random.Random(seed), sqlite3.connect(f"file:{database}?mode=ro", uri=True)

    def some(sql: str) -> list[str]:
        return [str(value) for (value,) in connection.execute(f"{sql} ORDER BY random() LIMIT {SAMPLE}")]

    try:
        found = {"front": ["/"]} | {path.strip("/"): [path] for path in SETTLED}
        reports, units = some("SELECT id FROM reports"), some("SELECT id FROM units WHERE reports > 0")
        for end in ("", ".json", ".csv"):
            found[f"report{end}"] = [f"/report/{id}{end}" for id in reports]
        found |= {"unit": [f"/unit/{id}" for id in units], "unit.csv": [f"/unit/{id}.csv" for id in units]}
        codes: list[str] = []
        for level in ("province", "prefecture", "county", "township"):
            held = some(f"SELECT code FROM divisions WHERE level = '{level}'")
            found[level], codes = [f"/place/{code}" for code in held], codes + held[:20]
        rules = some("SELECT DISTINCT rule FROM findings")
        found["rule"] = [f"/findings/{rule}" for rule in rules]
        found["rule of a place"] = [f"/findings/{rule}?place={code}" for rule in rules for code in codes[:4]]
        for kind in ("findings", "coverage", "health"):
            found[f"{kind} of a place"] = [f"/{kind}?place={code}" for code in codes]
        found |= {f"feed of {kind}": [f"/feeds/{kind}.atom"] for kind in ("reports", "changes", "findings")}
        found["compare"] = [_compare(source, units) for _ in range(SAMPLE)]
        found |= _searches(source, database, codes)
        for name, _, sql in schema.sql_files("queries"):
            asked = [{"place": code} for code in codes] if ":place" in sql else [{}]
            found[f"query {name}"] = [f"/{database.stem}/{name}?{urlencode(each)}" for each in asked]
    finally:
        connection.close()
    for each in found.values():
        source.shuffle(each)
    return {kind: each for kind, each in found.items() if each}


def _compare(source: random.Random, units: Sequence[str]) -> str:
    asked = {"units": ",".join(source.sample(units, min(source.randint(2, 20), len(units))))}
    asked |= {"metric": ",".join(source.sample(METRICS, source.randint(1, 6)))}
    return "/compare?" + urlencode(asked)


def _searches(source: random.Random, database: Path, codes: Sequence[str]) -> dict[str, list[str]]:
    words = [word for each in sought(database).values() for word in each]
    narrowed = [{"q": source.choice(words), "place": source.choice(codes), "year": "2022"} for _ in range(SAMPLE)]
    two = [{"q": " ".join(source.sample(FIXED, 2))} for _ in range(SAMPLE)]
    asked = {"search": [{"q": word} for word in words], "search, two words": two, "search, narrowed": narrowed}
    asked["search, widest"] = [{"q": word, "page": page} for word in ("公开", "政府信息", "年") for page in ("1", "9")]
    asked["search, pinyin"] = [{"q": word} for word in ("yichun", "beijing", "gaoan", "zhen", "nan", "shi")]
    return {kind: ["/search?" + urlencode(query) for query in each] for kind, each in asked.items()}


@contextmanager
def served(data: Path) -> Iterator[str]:
    """The site of a data folder in a process of its own; gives its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-m", "gongkai", "--data", str(data), "serve", "--port", str(port)])
    try:
        for _ in range(300):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            sleep(0.2)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


async def read(
    base: str, pages: Mapping[str, Sequence[str]], readers: int, think: float, seconds: float
) -> tuple[dict[str, list[float]], list[str]]:
    """(kind → milliseconds of each answer, what was not answered): every kind as often as any other."""
    times: dict[str, list[float]] = defaultdict(list)
    failed: list[str] = []
    end = perf_counter() + seconds

    async def reader(number: int) -> None:
        source, kinds = random.Random(number), list(pages)
        head = {"Accept-Language": ("zh-CN", "en")[number % 2]}
        async with httpx.AsyncClient(base_url=base, headers=head, timeout=60, follow_redirects=True) as client:
            await asyncio.sleep(think * number / readers)
            while perf_counter() < end:
                source.shuffle(kinds)
                for kind in kinds:
                    path, start = source.choice(pages[kind]), perf_counter()
                    answer = await client.get(path)
                    times[kind].append((perf_counter() - start) * 1000)
                    if answer.status_code != 200:
                        failed.append(f"{answer.status_code} {path}")
                    await asyncio.sleep(think)
                    if perf_counter() > end:
                        break

    await asyncio.gather(*(reader(number) for number in range(readers)))
    return times, failed


def told(times: Mapping[str, Sequence[float]]) -> Iterator[str]:
    """A line a kind, the slowest first."""
    lines = []
    for kind, each in times.items():
        cuts = quantiles(each, n=100, method="inclusive") if len(each) > 1 else [*each] * 99
        lines.append((cuts[94], f"{kind:>32} {len(each):6} {cuts[49]:8.0f} {cuts[94]:8.0f} {cuts[98]:8.0f}"))
    yield f"{'milliseconds':>32} {'n':>6} {'p50':>8} {'p95':>8} {'p99':>8}"
    for p95, line in sorted(lines, reverse=True):
        yield line + (f"  over {BAR}" if p95 >= BAR else "")


@click.command()
@click.argument("data", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--readers", default=20, show_default=True)
@click.option("--think", default=1.0, show_default=True, help="Seconds between an answer and the next question.")
@click.option("--seconds", default=180.0, show_default=True)
@click.option("--build", type=click.Path(path_type=Path, exists=True), help="Build this other data folder meanwhile.")
@click.option("--only", help="Only the kinds whose name holds this.")
def main(data: Path, readers: int, think: float, seconds: float, build: Path | None, only: str | None) -> None:
    """Ask the site of DATA for pages of every kind. Exit status 1 where an answer failed or a kind is over the bar."""
    pages = {kind: each for kind, each in addresses(data / NAME).items() if (only or "") in kind}
    command = [sys.executable, "-m", "tests.benchmark.build", "--only", str(build)]
    beside = subprocess.Popen(["nice", *command], stdout=subprocess.DEVNULL) if build else None
    try:
        with served(data) as base:
            asyncio.run(read(base, pages, 1, 0, 1))  # what is read once, is read
            times, failed = asyncio.run(read(base, pages, readers, think, seconds))
    finally:
        if beside:
            beside.terminate()
            beside.wait()
    print(*told(times | {"all": [t for each in times.values() for t in each]}), sep="\n")
    print(*sorted(set(failed))[:20], f"{len(failed)} failed", sep="\n")
    slow = [each for each in times.values() if len(each) > 1 and quantiles(each, n=20, method="inclusive")[18] >= BAR]
    sys.exit(bool(failed or slow))


if __name__ == "__main__":
    main()
