"""Synthetic annual reports of known truth, for the demo, the tests and the benchmark.

Places, people and figures are invented; the truth is written down while a report is made, never read back from it.
Nothing here imports the reader. A clean report is consistent in itself; `faults` seeds the oddities of real reports.
"""

from __future__ import annotations

import copy
import html
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any

from crawler.replica import fault_years, printing, prose, script, series, statistics, tables
from crawler.replica import faults as seeded
from crawler.replica.chronicle import tell
from crawler.replica.draft import Draft, fill, relations

FAULTS: dict[str, str] = {name: fault.rule for name, fault in seeded.ALL.items()}
STYLES = ("plain", "paragraphs", "spans", "nested")


@dataclass(frozen=True, slots=True)
class Synthetic:
    """A report in three renderings. `truth` belongs to `html` and `blocks`, `text_truth` to `text` and `tabbed`.

    `blocks` are the paragraphs and tables of `html` in order, for renderers of other formats.

    truth: year, form, scope, disclosures, applications, disputes (null where the print assigns no value, a string where
    the cell holds words, money in yuan where a unit is printed), `expect` (rules that must be raised), `must_not_fire`,
    `cells_flagged` ([table, row, column or null]), `optional` (cells that a reader may also leave open),
    `requests_stated` (the figure in the prose), `assumed_zero` (cells left blank in place of 0).
    """

    title: str
    html: str
    text: str
    tabbed: str
    truth: dict[str, Any]
    text_truth: dict[str, Any]
    faults: tuple[str, ...] = field(default=())
    blocks: tuple[str | tables.Grid, ...] = field(default=())

    @property
    def page(self) -> str:
        """The HTML as a page of its own."""
        title = html.escape(self.title)
        return (
            f'<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"/><title>{title}</title></head><body>'
            f'<h1>{title}</h1><div class="article">{self.html}</div></body></html>'
        )


def applicable(form: str, unit: str = "990101101") -> tuple[str, ...]:
    """The faults that a report of this form and unit can have."""
    if form == "2014":
        return tuple(statistics.FAULTS)
    return tuple(name for name, fault in seeded.ALL.items() if form in fault.forms and seeded.fits(name, unit))


def generate(
    seed: int,
    *,
    unit: str,
    organ: str,
    year: int,
    form: str | None = None,
    faults: Sequence[str] = (),
    before: Mapping[str, Any] | None = None,
    beside: tuple[str, Mapping[str, Any]] | None = None,
) -> Synthetic:
    """One report; the same arguments give the same report.

    `before` makes it one of a series: the truth of the year before, from which its figures go on, or {} where the
    series begins. Its prose then tells of the unit and the year; one that stands alone has but a few sentences.
    `beside` is the unit and the truth of another report of the year, for faults that borrow from it.
    """
    form = form or ("2019" if year <= 2020 else "2021")
    if form == "2014":
        return _statistics(seed, unit=unit, organ=organ, year=year, faults=faults, before=before)
    known = seeded.ALL | {n: f for n, f in fault_years.ALL.items() if fault_years.fits(n, before, beside)}
    for name in faults:
        if name not in known:
            raise ValueError(f"no such fault: {name}")
        if form not in known[name].forms:
            raise ValueError(f"{name} does not apply to the form of {form}")
    if not seeded.compatible(faults):
        raise ValueError(f"these faults cannot stand in one report: {', '.join(faults)}")
    page = _draft(seed, unit, organ, year, form, faults, before, beside, "html")
    plain = _draft(seed, unit, organ, year, form, faults, before, beside, "text")
    rng = Random(f"{seed}/style")
    style = rng.choice(STYLES)
    return Synthetic(
        title=page.title,
        html=_as_html(page, style, rng),
        text=_as_text(plain, printing.as_lines),
        tabbed=_as_text(plain, printing.as_tabs),
        truth=_truth(page, before or {}),
        text_truth=_truth(plain, before or {}),
        faults=tuple(faults),
        blocks=_blocks(page),
    )


def _statistics(
    seed: int, *, unit: str, organ: str, year: int, faults: Sequence[str], before: Mapping[str, Any] | None
) -> Synthetic:
    """A report with the statistics table of 2014, in the same renderings as the later forms."""
    made = statistics.make(seed, unit=unit, organ=organ, year=year, faults=faults, before=before)
    rng = Random(f"{seed}/style")
    style = rng.choice(STYLES)
    texts = [[f"{made.title}\n"], [f"{made.title}\n"]]
    for block in made.blocks:
        for text, render in zip(texts, (printing.as_lines, printing.as_tabs), strict=True):
            text.append(block if isinstance(block, str) else render(block) + "\n")
    return Synthetic(
        title=made.title,
        html=_blocks_as_html(made.blocks, style, rng),
        text="\n".join(texts[0]) + "\n",
        tabbed="\n".join(texts[1]) + "\n",
        truth=made.truth,
        text_truth=made.text_truth,
        faults=tuple(faults),
        blocks=made.blocks,
    )


def many(seed: int, count: int, *, faulty: float = 0.7) -> Iterator[Synthetic]:
    """Reports of invented towns, counties and bureaus, a share of them with up to three faults."""
    rng = Random(seed)
    for number in range(count):
        unit, organ = rng.choice(
            (
                ("990101101", "双桥镇"),
                ("990101200", "南岭乡"),
                ("990101", "清溪县"),
                ("990101-nyncj", "清溪县农业农村局"),
            )
        )
        form = rng.choice(("2019", "2021"))
        year = rng.choice((2019, 2020)) if form == "2019" else rng.randint(2021, 2025)
        chosen = seeded.choose(rng, form, unit) if rng.random() < faulty else ()
        yield generate(seed * 100_000 + number, unit=unit, organ=organ, year=year, form=form, faults=chosen)


def _draft(
    seed: int,
    unit: str,
    organ: str,
    year: int,
    form: str,
    faults: Sequence[str],
    before: Mapping[str, Any] | None,
    beside: tuple[str, Mapping[str, Any]] | None,
    medium: str,
) -> Draft:
    draft = fill(Random(f"{seed}/figures"), unit, organ, year, form, medium)
    if before is not None:
        series.go_on(draft, Random(f"{seed}/series"), before)
        draft.told = tell(unit, year, any(row[1] for row in draft.disputes.values()))
        draft.before, draft.lender = before, beside or draft.lender
    known = fault_years.ALL | seeded.ALL  # in their own order: figures first, then cells that lose them
    for name, fault in known.items():
        if name not in faults:
            continue
        expected = len(draft.expect)
        fault.apply(draft, Random(f"{seed}/{name}"))
        if len(draft.expect) == expected and medium in fault.media:
            draft.expect.append(fault.rule)
    prose.write(draft, Random(f"{seed}/prose"))
    if draft.traditional:
        draft.title = script.traditional(draft.title)
        draft.paragraphs = [None if text is None else script.traditional(text) for text in draft.paragraphs]
    return draft


def _grids(draft: Draft) -> tuple[tables.Grid, tables.Grid, tables.Grid]:
    printed = draft.printed_applications
    applications = tables.application_grid(draft.form, draft.labels, printed, draft.missing_rows, draft.beside)
    names = tables.printed_rows(draft.form, printed, draft.missing_rows)
    applications.gluing = {3 + names.index(name): True for name in draft.glued}
    applications.strays = {3 + names.index(name): text for name, text in draft.strays.items()}
    grids = (
        tables.disclosure_grid(draft.form, draft.labels, draft.printed_disclosures, draft.extra_column),
        applications,
        tables.dispute_grid(draft.labels, draft.printed_disputes),
    )
    for cell in (cell for grid in grids for row in grid.rows for cell in row):
        cell.text = script.traditional(cell.text) if draft.traditional else cell.text
    return grids


def _blocks(draft: Draft) -> tuple[str | tables.Grid, ...]:
    grids = iter(_grids(draft))
    return tuple(next(grids) if paragraph is None else paragraph for paragraph in draft.paragraphs)


def _as_html(draft: Draft, style: str, rng: Random) -> str:
    return _blocks_as_html(_blocks(draft), style, rng)


def _blocks_as_html(blocks: Sequence[str | tables.Grid], style: str, rng: Random) -> str:
    parts = []
    for block in blocks:
        if isinstance(block, str):
            parts.append(f"<p>{html.escape(block, quote=False)}</p>")
        else:
            parts.append(printing.as_html(block, "paragraphs" if style == "nested" else style, rng))
    body = "\n".join(parts)
    # Old editors put the whole article into one cell of a layout table.
    return f'<table width="100%"><tbody><tr><td>\n{body}\n</td></tr></tbody></table>' if style == "nested" else body


def _as_text(draft: Draft, render: Any) -> str:
    grids = iter(_grids(draft))
    lines = [draft.title, ""]
    for paragraph in draft.paragraphs:
        lines += [render(next(grids)), ""] if paragraph is None else [paragraph]
    return "\n".join(lines) + "\n"


def _truth(draft: Draft, before: Mapping[str, Any]) -> dict[str, Any]:
    disclosures = {i: {m: _plain(v) for m, v in row.items()} for i, row in draft.disclosures.items()}
    broken = relations(draft) | series.broken(draft.applications, disclosures, before)
    expect = sorted(set(draft.expect) | broken)
    return {
        "year": draft.year,
        "form": draft.form,
        "scope": draft.scope,
        "disclosures": disclosures,
        "applications": copy.deepcopy(draft.applications),
        "disputes": copy.deepcopy(draft.disputes),
        "expect": expect,
        "must_not_fire": sorted(({"A01", "A02", "A03", "A04", "N01"} | set(draft.forbid)) - set(expect)),
        "cells_flagged": [list(cell) for cell in dict.fromkeys(draft.flagged)],
        "optional": [list(cell) for cell in dict.fromkeys(draft.optional)],
        "requests_stated": draft.stated,
        "assumed_zero": [list(cell) for cell in draft.blanks],
    }


def _plain(value: Any) -> Any:
    """JSON has one kind of number: a whole amount is an integer."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value
