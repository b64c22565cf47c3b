"""`python -m tests.benchmark`: measure, print, compare with the floors. Exit status 1 under a floor."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping

import click
from rich.console import Console
from rich.table import Table

from tests.benchmark import floors, generated, real, seeds, speed
from tests.benchmark.score import Score

REPORTS = 500  # the floors were set with as many
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


def _accuracy(console: Console, reports: int, most: int) -> dict[str, float]:
    found = real.scores()
    figures: dict[str, float] = {}
    if found:
        total = _total(found.values())
        console.print(_table("Real reports", found | {"all": total}))
        _problems(console, found, most)
        figures |= {f"real.{name}": value for name, value in total.figures.items()}
    else:
        console.print(f"The real reports are not here ({seeds.FOLDER} is missing or empty): not measured.")
    made = generated.scores(reports)
    console.print(_table(f"Generated reports, {reports:,} in each rendering", made))
    _problems(console, made, most)
    for rendering, score in made.items():
        figures |= {f"{rendering}.{name}": value for name, value in score.figures.items()}
    return figures


def _speed(console: Console) -> dict[str, float]:
    taken = speed.measure()
    console.print(
        f"Speed, pages of {taken.kilobytes:.0f} kB, medians: lxml alone {taken.bare:.1f} ms; bytes → Content "
        f"{taken.content:.1f} ms, {taken.parse_ratio:.2f} × lxml; Content → Report {taken.report:.1f} ms, "
        f"{taken.report_ratio:.2f} × bytes → Content",
        highlight=False,
    )
    return {"speed.parse_ratio": round(taken.parse_ratio, 3), "speed.report_ratio": round(taken.report_ratio, 3)}


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
@click.option("--reports", default=REPORTS, show_default=True, help="How many reports to generate.")
@click.option("--update", is_flag=True, help="Raise the floors to what is reached now.")
@click.option("--allow-regression", is_flag=True, help="With --update: lower floors too.")
@click.option("--problems", default=0, help="Show up to this many failures of every kind of report.")
@click.option("--skip-speed", is_flag=True, help="Accuracy only.")
def main(reports: int, update: bool, allow_regression: bool, problems: int, skip_speed: bool) -> None:
    """Measure how well and how fast reports are read."""
    if update and reports != REPORTS:
        raise click.UsageError(f"floors are counts over {REPORTS} reports: leave --reports out")
    if allow_regression and not update:
        raise click.UsageError("--allow-regression goes with --update")
    console = Console(width=160 if not sys.stdout.isatty() else None, soft_wrap=True)
    figures = _accuracy(console, reports, problems)
    if not skip_speed:
        figures |= _speed(console)
    sys.exit(_judge(console, figures, update=update, allow_regression=allow_regression))


if __name__ == "__main__":
    main()
