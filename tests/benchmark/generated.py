"""Accuracy on synthetic reports of known truth, faults seeded, in three renderings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

import crawler.replica
from crawler.items import Document
from crawler.replica import faults
from crawler.replica.reports import Synthetic, generate
from crawler.replica.tables import COLUMNS
from extract import register
from extract.register import Register
from extract.report import read_report
from tests.benchmark.score import Flag, Key, Score, loud, score_cells, score_rules

PLACES = Path(crawler.replica.__file__).parent / "register"
RENDERINGS = ("html", "text", "tabbed")
# A tab line has no line breaks inside a cell, so a label that was split over lines does not show there
UNSEEN = {"tabbed": frozenset({"S17"})}
UNITS = (
    ("990101101", "清溪县双桥镇"),
    ("990101200", "清溪县南岭乡"),
    ("990101", "清溪县"),
    ("990101-nyncj", "清溪县农业农村局"),
)


@dataclass(frozen=True, slots=True)
class Sample:
    """A synthetic report and what it was made from."""

    seed: int
    unit: str
    year: int
    made: Synthetic

    def body(self, rendering: str) -> bytes:
        """The document's bytes in one of the renderings."""
        text = {"html": self.made.page, "text": self.made.text, "tabbed": self.made.tabbed}[rendering]
        return text.encode()

    def truth(self, rendering: str) -> dict[str, Any]:
        """The truth that belongs to a rendering: some faults exist in text only."""
        return self.made.truth if rendering == "html" else self.made.text_truth


def samples(count: int, seed: int = 1, faulty: float = 0.7) -> Iterator[Sample]:
    """Reports of units that stand in the replica's register, a share of them with up to three faults."""
    rng = Random(seed)
    for number in range(count):
        unit, organ = rng.choice(UNITS)
        form = rng.choice(("2019", "2021"))
        year = rng.choice((2019, 2020)) if form == "2019" else rng.randint(2021, 2025)
        chosen = faults.choose(rng, form, unit) if rng.random() < faulty else ()
        own = seed * 100_000 + number
        yield Sample(own, unit, year, generate(own, unit=unit, organ=organ, year=year, form=form, faults=chosen))


def places() -> Register:
    """The register with the replica's invented places."""
    return register.load(PLACES)


def document(body: bytes, name: str) -> Document:
    """A document of which nothing is known but its bytes and its name."""
    digest = "sha256:" + sha256(body).hexdigest()
    return Document(digest, None, "2026-01-01T00:00:00Z", "", name, None, None, None, None, None)


def truth_cells(truth: dict[str, Any]) -> dict[Key, Any]:
    """The truth of all three tables by (table, row, column)."""
    results = ("upheld", "corrected", "other", "pending", "total")
    found: dict[Key, Any] = {
        ("disclosures", i, m): v for i, row in truth["disclosures"].items() for m, v in row.items()
    }
    for name, columns in (("applications", COLUMNS), ("disputes", results)):
        for row, values in truth[name].items():
            found |= {(name, row, c): v for c, v in zip(columns, values, strict=True)}
    return found


def _marks(cells: list[list[str | None]]) -> list[Flag]:
    return [(cell[0] or "", cell[1] or "", cell[2]) for cell in cells]


def measure(sample: Sample, rendering: str, known: Register) -> Score:
    """Read one rendering and compare it with its truth. A crash scores as a full miss."""
    truth, body = sample.truth(rendering), sample.body(rendering)
    cells = truth_cells(truth)
    score = Score(reports=1)
    try:
        reports = read_report(body, document(body, f"{sample.seed}.{rendering}"), known)
    except Exception as error:  # whatever it is, it is the reader's
        score.cells = len(cells)
        score.nonzero = score.missed = sum(isinstance(v, int | float) and v != 0 for v in cells.values())
        score.silent, score.expected = score.cells, len(truth["expect"])
        score.note("crashed", "read_report", None, f"{type(error).__name__}: {error}")
        return score
    report = reports[0]
    if len(reports) > 1:
        score.problems.append(("split", "read_report", 1, len(reports)))
    score.add(score_cells(report, cells, _marks(truth["cells_flagged"]), _marks(truth["optional"])))
    score.add(
        score_rules(
            report,
            [(rule, None) for rule in truth["expect"] if rule not in UNSEEN.get(rendering, ())],
            dict.fromkeys(truth["must_not_fire"]),
        )
    )
    for where, message in loud(report):
        if not sample.made.faults:
            score.note("unexpected", where, None, message)
        elif where.split()[0] not in truth["expect"]:
            score.problems.append(("beside", where, None, message))
    for what, want, got in (("identity", sample.unit, report.unit.id), ("years", truth["year"], report.year)):
        if want == got:
            setattr(score, what, getattr(score, what) + 1)
        else:
            score.problems.append((what, "", want, got))
    for what, want, got in (("form", truth["form"], report.form), ("scope", truth["scope"], report.scope)):
        if want != got:
            score.problems.append((what, "", want, got))
    return score


def scores(count: int, seed: int = 1) -> dict[str, Score]:
    """One score a rendering; each problem names the report, so that `generate` can make it again."""
    known = places()
    found = {rendering: Score() for rendering in RENDERINGS}
    for sample in samples(count, seed):
        for rendering in RENDERINGS:
            score = measure(sample, rendering, known)
            about = f"{sample.seed} {','.join(sample.made.faults) or 'clean'}"
            score.problems = [(what, f"{where} [{about}]", want, got) for what, where, want, got in score.problems]
            found[rendering].add(score)
    return found
