"""Many portals in one run: which are due, a few at once, each in its own process with its own log, until a deadline."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from crawler import runs
from crawler.items import Counts
from crawler.portals import Portal, load

EVERY = timedelta(days=7)
AGAIN = timedelta(days=1)  # after a failure or a challenge: on another day, as PORTALS §3.3 advises
LOGS = 5  # kept of each portal


def due(portals: Mapping[str, Portal], data: Path, moment: datetime, every: timedelta = EVERY) -> list[str]:
    """Slugs of the portals to crawl now: never crawled first, then those that waited longest."""
    waiting = []
    for slug in portals:
        before = runs.last(data, slug)
        last = datetime.fromisoformat(before.started) if before else datetime.min.replace(tzinfo=UTC)
        wait = every if before is None or before.ok else min(AGAIN, every)
        if moment - last >= wait:
            waiting.append((last, slug))
    return [slug for _, slug in sorted(waiting)]


def crawl(
    slugs: Iterable[str],
    data: Path,
    *,
    at_once: int = 4,
    deadline: datetime | None = None,
    settings: Mapping[str, Any] | None = None,
    portals: Path | None = None,
    recheck: bool = False,
    done: Callable[[Counts], None] = lambda counts: None,
) -> list[Counts]:
    """Crawls portals, `at_once` of them side by side: different hosts, so each is still asked politely.

    At the deadline running crawls end and the rest are left for the next run. One portal's failure stops no other.
    """

    def one(slug: str) -> Counts | None:
        left = (deadline - datetime.now(UTC)).total_seconds() if deadline else None
        if left is not None and left < 1:
            return None
        own = {"LOG_FILE": _log(data, slug)} | ({"CLOSESPIDER_TIMEOUT": int(left)} if left is not None else {})
        counts = runs.crawl(slug, data, own | dict(settings or {}), portals, recheck=recheck)
        done(counts)
        return counts

    with ThreadPoolExecutor(max_workers=max(1, at_once)) as pool:
        return [counts for counts in pool.map(one, slugs) if counts is not None]


def choose(slugs: Iterable[str], data: Path, folder: Path | None = None) -> list[str]:
    """The portals named, or all that are due; the demo's invented ones only where they are named."""
    known = load(folder)
    named = list(dict.fromkeys(slugs))
    if unknown := [slug for slug in named if slug not in known]:
        raise ValueError(f"no portal {unknown[0]!r} — see gongkai portals list")
    real = {slug: portal for slug, portal in known.items() if not portal.host.endswith(".test")}
    return named or due(real, data, datetime.now(UTC))


def deadline(text: str | None) -> datetime | None:
    """`45m`, `4h` or `90s` from now; None without a text."""
    if text is None:
        return None
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([smh])", text)
    if not found:
        raise ValueError(f"--stop-after {text!r} is no length of time — write 45m or 4h")
    unit = {"s": "seconds", "m": "minutes", "h": "hours"}[found[2]]
    return datetime.now(UTC) + timedelta(**{unit: float(found[1])})


def summary(done: Iterable[Counts], left: int) -> str:
    """A short table of what needs a person, under one line of sums."""
    done = list(done)
    new, gone = sum(c.new for c in done), sum(len(c.gone) for c in done)
    lines = [f"{len(done)} portals crawled, {sum(c.reports for c in done)} reports seen, {new} new, {gone} gone"]
    if left:
        lines[0] += f"; {left} left for the next run"
    needing = [(c.portal, reason) for c in done for reason in c.failing]
    needing += [(c.portal, f"{len(c.blocked)} addresses blocked") for c in done if c.blocked and not c.failing]
    width = max((len(slug) for slug, _ in needing), default=0)
    lines += ["For a person:"] * bool(needing) + [f"  {slug:{width}}  {reason}" for slug, reason in needing]
    return "\n".join(lines)


def newly_failing(data: Path, counts: Counts) -> bool:
    """Whether a portal fails that did not fail in the run before."""
    before = runs.before(data, counts)
    return bool(counts.failing) and not (before and before.failing)


def _log(data: Path, slug: str) -> Path:
    """The path of a new log; older ones move up one number, the oldest goes."""
    folder = (data / "logs").resolve()
    folder.mkdir(parents=True, exist_ok=True)
    names = [folder / f"{slug}.log", *(folder / f"{slug}.{n}.log" for n in range(1, LOGS))]
    for older, newer in zip(reversed(names), reversed(names[:-1]), strict=False):
        if newer.exists():
            newer.replace(older)
    return names[0]
