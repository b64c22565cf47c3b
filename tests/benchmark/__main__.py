"""`python -m tests.benchmark`: measure, print, compare with the floors. Exit status 1 under a floor."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence

import click
from rich.console import Console
from rich.table import Table

from tests.benchmark import floors, formats, generated, real, seeds, speed, speed_docx, speed_pdf
from tests.benchmark.score import Score

COLUMNS = (
    ("reports", "reports"),
    ("cells ≠ 0", "nonzero"),
    ("right", "right"),
    ("wrong", "wrong"),
    ("open", "flagged"),
    ("missed", "missed"),
    ("silent", "silent"),
    ("unflagged", "unflagged"),
    ("expected", "expected"),
    ("raised", "raised"),
    ("forbidden", "forbidden"),
    ("unexpected", "unexpected"),
    ("unit", "identity"),
    ("year", "years"),
    ("crashed", "crashed"),
)


def _total(scores: Iterable[Score]) -> Score:
    total = Score()
    for score in scores:
        total.add(score)
    return total


def _table(title: str, scores: Mapping[str, Score]) -> Table:
    table = Table(title=title, title_justify="left", box=None, header_style="bold", pad_edge=False)
    table.add_column("")
    for label, _ in COLUMNS:
        table.add_column(label, justify="right")
    for name, score in scores.items():
        table.add_row(name, *(f"{getattr(score, field):,}" for _, field in COLUMNS))
    return table


def _problems(console: Console, scores: Mapping[str, Score], most: int) -> None:
    for name, score in scores.items():
        for what, where, want, got in score.problems[:most]:
            console.print(f"  {name}: {what} {where} wanted {want!r}, read {got!r}", markup=False, highlight=False)
        if most and len(score.problems) > most:
            console.print(f"  {name}: … {len(score.problems) - most:,} more", highlight=False)


def _real(console: Console, most: int) -> dict[str, float]:
    found = real.scores()
    if not found:
        console.print(f"The real reports are not here ({seeds.FOLDER} is missing or empty): not measured.")
        return {}
    total = _total(found.values())
    console.print(_table("Real reports", found | {"all": total}))
    _problems(console, found, most)
    return {f"real.{name}": value for name, value in total.figures.items()}


def _formats(console: Console, names: Sequence[str], reports: int | None, most: int) -> dict[str, float]:
    made: dict[str, formats.Measured] = {}
    for name in names:
        if lacking := generated.missing(name):
            console.print(f"{name}: not run: needs {lacking}", highlight=False)
            continue
        with console.status(f"{name} …"):
            made[name] = formats.measure(name, reports or formats.count(name))
    console.print(_table("Generated reports", {name: each.score for name, each in made.items()}))
    console.print(_costs(made))
    _problems(console, {name: each.score for name, each in made.items()}, most)
    return {f"{form}.{name}": value for form, each in made.items() for name, value in each.figures.items()}


def _costs(made: Mapping[str, formats.Measured]) -> Table:
    table = Table(title="Time and memory", title_justify="left", box=None, header_style="bold", pad_edge=False)
    for column in ("", "s a document", "× html", "peak MB"):
        table.add_column(column, justify="right" if column else "left")
    for name, each in made.items():
        table.add_row(name, f"{each.seconds:.3f}", f"{each.ratio:.1f}", f"{each.megabytes:.0f}")
    return table


def _speed(console: Console) -> dict[str, float]:
    taken = speed.measure()
    console.print(
        f"Speed, pages of {taken.kilobytes:.0f} kB, medians: lxml alone {taken.bare:.1f} ms; bytes → Content "
        f"{taken.content:.1f} ms, {taken.parse_ratio:.2f} × lxml; Content → Report {taken.report:.1f} ms, "
        f"{taken.report_ratio:.2f} × bytes → Content",
        highlight=False,
    )
    word = speed_docx.measure()
    console.print(
        f"Speed, DOCX of {word.kilobytes:.0f} kB, medians: zip and lxml alone {word.bare:.1f} ms; bytes → Content "
        f"{word.content:.1f} ms, {word.ratio:.2f} × that",
        highlight=False,
    )
    figures = {
        "speed.parse_ratio": round(taken.parse_ratio, 3),
        "speed.report_ratio": round(taken.report_ratio, 3),
        "speed.docx_ratio": round(word.ratio, 3),
    }
    if lacking := generated.missing("pdf"):
        console.print(f"Speed, PDF: not run: needs {lacking}", highlight=False)
        return figures
    paged = speed_pdf.measure()
    console.print(
        f"Speed, PDF of {paged.kilobytes:.0f} kB, medians: pdfplumber alone {paged.bare:.0f} ms; bytes → Report "
        f"{paged.report:.0f} ms, {paged.ratio:.2f} × that; the fast path's reading was taken of {paged.fast:.0%}",
        highlight=False,
    )
    return figures | {"speed.pdfplumber_ratio": round(paged.ratio, 3)}


def _judge(console: Console, figures: Mapping[str, float], *, update: bool, allow_regression: bool) -> int:
    known = floors.load()
    failed = floors.under(known, figures)
    if update:
        new, failed = floors.update(known, figures, allow_regression=allow_regression)
        floors.save(new)
        console.print(f"{sum(new[n] != known.get(n) for n in new)} floors changed, {len(failed)} refused.")
    elif missing := sorted(set(figures) - set(known)):
        console.print(f"No floor yet for {', '.join(missing)}: set them with --update.", highlight=False)
    for name in failed:
        console.print(f"[red]under its floor[/red]: {name} is {figures[name]}, floor {known[name]}", highlight=False)
    return bool(failed)


@click.command()
@click.option("--reports", type=int, help="How many reports to generate in each format; else as many as it is due.")
@click.option("--formats", "wanted", help="Names with commas between; else all.")
@click.option("--update", is_flag=True, help="Raise the floors to what is reached now.")
@click.option("--allow-regression", is_flag=True, help="With --update: lower floors too.")
@click.option("--problems", default=0, help="Show up to this many failures of every kind of report.")
@click.option("--skip-speed", is_flag=True, help="Leave out what is timed against libraries alone.")
def main(
    reports: int | None, wanted: str | None, update: bool, allow_regression: bool, problems: int, skip_speed: bool
) -> None:
    """Measure how well and how fast reports are read."""
    if update and reports:
        raise click.UsageError("floors are counts over the due number of reports: leave --reports out")
    if allow_regression and not update:
        raise click.UsageError("--allow-regression goes with --update")
    names = wanted.split(",") if wanted else generated.FORMATS
    if unknown := sorted(set(names) - set(generated.FORMATS)):
        raise click.UsageError(f"no such format: {', '.join(unknown)}; there are {', '.join(generated.FORMATS)}")
    console = Console(width=160 if not sys.stdout.isatty() else None, soft_wrap=True)
    figures = _real(console, problems) | _formats(console, names, reports, problems)
    if not skip_speed:
        figures |= _speed(console)
    sys.exit(_judge(console, figures, update=update, allow_regression=allow_regression))


if __name__ == "__main__":
    main()
