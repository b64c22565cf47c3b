"""Accuracy on synthetic reports of known truth, faults seeded, in every format that the replica can render."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

import crawler.replica
from crawler.items import Document
from crawler.replica import faults, render
from crawler.replica.reports import Synthetic, generate
from crawler.replica.tables import COLUMNS
from extract import register
from extract.records import Report, ReportError
from extract.register import Register
from extract.report import read_report
from tests.benchmark.score import Flag, Key, Score, loud, score_cells, score_rules

PLACES = Path(crawler.replica.__file__).parent / "register"
FORMATS = tuple(render.FORMATS)
# What a reader needs beyond the rendering, by the beginnings of the formats' names
READER_NEEDS = dict.fromkeys(("scan", "image_html", "png", "jpeg", "tiff"), "rapidocr")
READER_NEEDS |= dict.fromkeys(("rtf", "doc_rtf"), "soffice")
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

    def body(self, form: str) -> bytes:
        """The document's bytes in one format."""
        return render.render(self.made, form, self.seed)

    def truth(self, form: str) -> dict[str, Any]:
        """The truth that belongs to a format: some faults exist in some only."""
        return render.truth(self.made, form)


def rendered(samples: Sequence[Sample], form: str) -> list[bytes]:
    """The reports' bytes in one format, made in one go: a word processor is started once."""
    return render.render_many([sample.made for sample in samples], form, samples[0].seed if samples else 0)


def needs(form: str) -> frozenset[str]:
    """Programs and packages that making and reading a format need."""
    reader = (need for name, need in READER_NEEDS.items() if form.startswith(name))
    return frozenset((*render.FORMATS[form].needs, *reader))


def missing(form: str) -> str | None:
    """What is not installed of that; None if all is."""
    for need in needs(form) - set(render.FORMATS[form].needs):
        if not (find_spec(need) if need == "rapidocr" else shutil.which(need)):
            return need
    return render.missing(form)


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


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of a document: its reports, or why there are none; and how long that took."""

    reports: Sequence[Report]
    error: Exception | None
    seconds: float


def attempt(body: bytes, name: str, known: Register) -> Reading:
    """Read one document, whatever comes."""
    started = perf_counter()
    try:
        return Reading(read_report(body, document(body, name), known), None, perf_counter() - started)
    except Exception as error:  # whatever it is, it is the reader's
        return Reading((), error, perf_counter() - started)


def _unread(sample: Sample, form: str, error: Exception) -> Score:
    """A refusal in words leaves every cell open and says so; anything else is a crash and scores as a full miss."""
    truth = sample.truth(form)
    cells = truth_cells(truth)
    score = Score(reports=1, cells=len(cells), expected=len(truth["expect"]))
    score.nonzero = sum(isinstance(v, int | float) and v != 0 for v in cells.values())
    if isinstance(error, ReportError):
        score.flagged = score.nonzero
        score.problems.append(("refused", "read_report", None, str(error)))
        return score
    score.missed, score.silent = score.nonzero, score.cells
    score.note("crashed", "read_report", None, f"{type(error).__name__}: {error}")
    return score


def judge(sample: Sample, form: str, reading: Reading) -> Score:
    """Compare one reading with the truth of its format; each problem names the report, so that it can be made again."""
    score = _unread(sample, form, reading.error) if reading.error else _read(sample, form, reading.reports)
    about = f"{sample.seed} {','.join(sample.made.faults) or 'clean'}"
    score.problems = [(what, f"{where} [{about}]", want, got) for what, where, want, got in score.problems]
    return score


def _read(sample: Sample, form: str, reports: Sequence[Report]) -> Score:
    truth, report, score = sample.truth(form), reports[0], Score(reports=1)
    if len(reports) > 1:
        score.problems.append(("split", "read_report", 1, len(reports)))
    cells = truth_cells(truth)
    score.add(score_cells(report, cells, _marks(truth["cells_flagged"]), _marks(truth["optional"])))
    score.add(score_rules(report, [(rule, None) for rule in truth["expect"]], dict.fromkeys(truth["must_not_fire"])))
    for where, message in () if render.FORMATS[form].lost else loud(report):  # what is lost whole is said cell by cell
        if not sample.made.faults and where.split()[0] not in truth["expect"]:
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
