"""Mutations of many documents of one format, and what their readings were."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import as_completed
from dataclasses import dataclass, field
from random import Random
from time import monotonic
from typing import Any

from crawler.replica import render
from extract.pool import Limits, Lost, Pool, call
from tests.benchmark.generated import Sample, rendered, samples
from tests.benchmark.score import Key
from tests.fuzz import oracle
from tests.fuzz.mutants import Mutant, mutant

ORIGINALS = 8
BATCH = 8
WRONG = frozenset(("crashed", "lost"))
SECONDS = 20.0
SLOW = {"scan": 120, "png": 120, "jpeg": 120, "tiff": 120, "image_html": 120, "doc": 60, "wps": 60, "xls": 60}


@dataclass(frozen=True, slots=True)
class Trouble:
    """A mutant that can be made again: `python -m tests.fuzz --formats FORMAT --only NUMBER`."""

    number: int
    mutation: str
    keeps: bool
    verdict: oracle.Verdict

    @property
    def wrong(self) -> bool:
        """Whether this is a fault beyond doubt: a crash, a hang, or a change where every figure kept its place."""
        return self.keeps or self.verdict.outcome in WRONG


@dataclass(slots=True)
class Result:
    """Counts of one format: outcomes over all mutants, and every trouble."""

    outcomes: Counter[str] = field(default_factory=Counter)
    troubles: list[Trouble] = field(default_factory=list)

    @property
    def wrong(self) -> list[Trouble]:
        """The faults beyond doubt."""
        return [trouble for trouble in self.troubles if trouble.wrong]


def originals(form: str, count: int = ORIGINALS) -> list[bytes]:
    """Reports without a fault and with figures, so that every change shows."""

    def busy(sample: Sample) -> bool:
        return (sample.made.truth["applications"]["new"][6] or 0) > 2

    found = [sample for sample in samples(count * 8, seed=77, faulty=0) if busy(sample)]
    return rendered(found[:count], form)


def made(form: str, body: bytes, seed: int, number: int) -> Mutant:
    """One mutant of a document by its number."""
    return mutant(form, body, Random(f"{form}/{seed}/{number}"))


def _judge(form: str, body: bytes, seed: int, numbers: Sequence[int], cells: Mapping[Key, Any]) -> list[oracle.Verdict]:
    """In a worker: make mutants and read them."""
    return [oracle.judge(made(form, body, seed, number).body, cells) for number in numbers]


def run(
    form: str,
    count: int,
    *,
    seed: int = 1,
    pool: Pool,
    seconds: float | None = None,
    only: int | None = None,
    progress: Callable[[int], None] = lambda n: None,
) -> Result:
    """`count` mutants of one format, or as many as go into `seconds`; `only` the mutant of that number.

    The threads of `pool` own the processes. Raises ReportError where an original cannot be read.
    """
    bodies = originals(form)
    truths = [{} if render.FORMATS[form].lost else oracle.truth(body) for body in bodies]
    limits = Limits(seconds=next((value for name, value in SLOW.items() if form.startswith(name)), SECONDS))
    until = None if seconds is None else monotonic() + seconds

    def task(numbers: Sequence[int]) -> list[tuple[int, oracle.Verdict]]:
        if until is not None and monotonic() > until:
            return []
        which = numbers[0] % len(bodies)
        try:
            found = call(limits, _judge, form, bodies[which], seed, numbers, truths[which])
            return list(zip(numbers, found, strict=True))
        except Lost as lost:
            if len(numbers) == 1:
                return [(numbers[0], oracle.Verdict("lost", str(lost)))]
        return [each for number in numbers for each in task([number])]  # which one it was

    result = Result()
    for done in as_completed([pool.submit(task, numbers) for numbers in _batches(count, len(bodies), only)]):
        for number, verdict in done.result():
            result.outcomes[verdict.outcome] += 1
            if verdict.silent or verdict.outcome in WRONG:
                found = made(form, bodies[number % len(bodies)], seed, number)
                result.troubles.append(Trouble(number, found.mutation, found.keeps, verdict))
        progress(len(done.result()))
    result.troubles.sort(key=lambda trouble: trouble.number)
    return result


def _batches(count: int, originals: int, only: int | None) -> Iterator[range]:
    """Numbers of mutants of one original each, some at a time: a worker is asked less often."""
    if only is not None:
        yield range(only, only + 1)
        return
    for start in range(0, count, originals * BATCH):
        for first in range(start, min(start + originals, count)):
            yield range(first, min(start + originals * BATCH, count), originals)
