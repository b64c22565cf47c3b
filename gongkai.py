"""Collect, read, build and serve the annual reports on open government information (政府信息公开工作年度报告)."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import click

from crawler.commands import archive, check_source, crawl, fail, import_files, portals, tell
from db.commands import correct, release, released, review

STAGES = """\b
Data flows one way, every stage is one command:
  import FILE…   reports you hold        → data/archive/
  crawl PORTAL   a portal's reports      → data/archive/
  extract        archive → Reports       → data/reports/
  build          Reports → one database  → data/gongkai.db
  release        the database            → data/release/: files to download
  serve          the database as a site on 127.0.0.1
  update         all of the above for every portal that is due, for cron

\b
Exit status: 0 done (findings included), 1 some document or portal failed, 2 wrong usage.
"""


@click.group(help=f"{__doc__}\n\n{STAGES}", context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("data"),
    show_default=True,
    help="Where all data lies.",
)
@click.pass_context
def cli(context: click.Context, data: Path) -> None:
    """See the module's docstring, which is the help text."""
    context.obj = data


@contextmanager
def _bar(label: str, unit: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar with throughput on stderr, shown only where stderr is a terminal; it is told (done, total)."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    rate = TextColumn("{task.fields[rate]:.1f} " + unit + "/s")
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), rate, TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty(), transient=True) as progress:
        task = progress.add_task(label, total=None, rate=0.0)
        yield lambda done, total: progress.update(
            task, completed=done, total=total, rate=progress.tasks[0].finished_speed or progress.tasks[0].speed or 0.0
        )


for command in (import_files, crawl, portals, archive, review, correct, release):
    cli.add_command(command)


@cli.command()
@click.option("--workers", type=click.IntRange(1), help="Documents read at the same time.  [default: one a core]")
@click.option("--again", is_flag=True, help="Read also those again that could not be read.")
@click.option("--seconds", type=click.FloatRange(0.1), help="What one document may take.  [default: by type and size]")
@click.pass_obj
def extract(data: Path, workers: int | None, again: bool, seconds: float | None) -> None:
    """Read the archived documents that are new, or all of them when the reader changed."""
    sys.exit(0 if _extract(data, workers, again, seconds) else 1)


def _extract(data: Path, workers: int | None = None, again: bool = False, seconds: float | None = None) -> bool:
    from time import monotonic

    from extract.run import extract as run

    started, count = monotonic(), (0, 0)

    def told(done: int, total: int) -> None:
        nonlocal count
        count = (done, total)
        step(done, total)

    try:
        with _bar("extract", "documents") as step:
            summary = run(data, told, workers=workers, again=again, seconds=seconds)
    except KeyboardInterrupt:
        fail(f"interrupted after {count[0]} of {count[1]} documents: they are kept, the next run goes on from there")
        sys.exit(130)
    counts = f"{summary.read} documents read, {summary.kept} unchanged, {len(summary.errors)} could not be read"
    click.echo(counts + (f" ({summary.read / (monotonic() - started):.1f} documents/s)" if summary.read else ""))
    for error in summary.errors:
        fail(error)
    return not summary.errors


@cli.command()
@click.pass_obj
def build(data: Path) -> None:
    """Build the database anew and put it into place; says what changed."""
    sys.exit(0 if _build(data) else 1)


def _build(data: Path) -> bool:
    from db.build import build as run
    from db.inputs import BuildError

    try:
        click.echo(str(run(data)))
    except BuildError as error:
        fail(str(error))
        return False
    return True


@cli.command()
@click.option("--port", type=click.IntRange(1, 65535), default=8001, show_default=True, help="Port on 127.0.0.1.")
@click.pass_obj
def serve(data: Path, port: int) -> None:
    """Serve the database as a site on this machine."""
    from db.serve import serve as run

    try:
        run(data, port)
    except OSError as error:  # no database yet, or the port is taken
        fail(str(error))
        sys.exit(1)


@cli.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--json", "as_json", is_flag=True, help="Print the Report as JSON (extract/README.md describes it).")
@click.option("--url", help="Where the file came from: evidence of who reported.")
@click.option("--unit", help="Who reported, if you know.")
@click.pass_obj
def show(data: Path, file: Path, as_json: bool, url: str | None, unit: str | None) -> None:
    """Read one FILE and show its official tables and findings."""
    from rich.console import Console

    from crawler.archive import digest_of
    from crawler.items import Document
    from crawler.media import media_type_of
    from extract import worker
    from extract.pool import Pool
    from extract.records import ReportError
    from extract.show import show as draw

    check_source(url, unit)
    body = file.read_bytes()
    document = Document(digest_of(body), url, "", media_type_of(body), file.name, unit, None, None, None, None)
    job = worker.Job(document, body, register=(data / "register").resolve())
    try:
        with Pool(1) as pool:
            reports = pool.submit(worker.guarded, job, worker.reports).result()
    except ReportError as error:
        fail(str(error))
        sys.exit(1)
    if as_json:
        records = [report.to_json() for report in reports]
        click.echo(json.dumps(records if len(records) > 1 else records[0], ensure_ascii=False, indent=1))
    else:
        for report in reports:
            draw(report, Console())


@cli.command()
@click.argument("slugs", metavar="[PORTAL]…", nargs=-1)
@click.option("--at-once", type=click.IntRange(1), default=4, show_default=True, help="Portals crawled side by side.")
@click.option("--stop-after", metavar="TIME", help="Begin nothing new after this long: 45m, 4h.")
@click.option("--recheck", is_flag=True, help="Ask for every held report again, conditionally.")
@click.option("--release", "files", is_flag=True, help="Then write the files to download, too.")
@click.option("--strict", is_flag=True, help="Status 1 for any problem, not only for portals that newly fail.")
@click.option("--if-running", type=click.Choice(["fail", "ok"]), default="fail", help="Status beside a running update.")
@click.pass_obj
def update(
    data: Path,
    slugs: tuple[str, ...],
    at_once: int,
    stop_after: str | None,
    recheck: bool,
    files: bool,
    strict: bool,
    if_running: str,
) -> None:
    """Crawl the PORTALs named, or all that are due; read what is new; build. One at a time over one data folder."""
    from crawler import fleet, lock

    try:
        chosen = fleet.choose(slugs, data)
        deadline = fleet.deadline(stop_after)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    try:
        with lock.held(data, "update"):
            done = fleet.crawl(chosen, data, at_once=at_once, deadline=deadline, recheck=recheck, done=tell)
            read, built = _extract(data), _build(data)
            built = built and (released(data) if files else True)
    except lock.Held as holder:
        click.echo(f"already running: {holder}")
        sys.exit(0 if if_running == "ok" else 1)
    click.echo(fleet.summary(done, left=len(chosen) - len(done)))
    failed = any(fleet.newly_failing(data, counts) for counts in done) or not built
    sys.exit(1 if failed or (strict and not (read and all(counts.ok for counts in done))) else 0)


@cli.command("install-schedule")
@click.option("--cron", "kind", flag_value="cron", help="One line for a crontab.")
@click.option("--systemd", "kind", flag_value="systemd", help="A service and a timer.")
@click.option("--contact", default="mailto:you@example.org", show_default=True, help="Shown to every portal.")
@click.pass_obj
def install_schedule(data: Path, kind: str | None, contact: str) -> None:
    """Print the lines that run `update` every night; nothing is installed."""
    from crawler import schedule

    if kind is None:
        raise click.UsageError("say --cron or --systemd")
    click.echo(getattr(schedule, kind)(Path(sys.argv[0]).resolve(), data.resolve(), contact))


@cli.command()
@click.option("--port", type=click.IntRange(1, 65535), default=8001, show_default=True, help="Port on 127.0.0.1.")
@click.option("--no-serve", is_flag=True, help="Stop after the build.")
@click.pass_obj
def demo(data: Path, port: int, no_serve: bool) -> None:
    """The bundled replica portals through all stages, then the site. All its places and figures are invented."""
    from crawler import fleet, replica
    from crawler.replica.demo import portals as invented

    data = data / "demo"
    (data / "register").mkdir(parents=True, exist_ok=True)
    for register in (Path(replica.__file__).parent / "register").glob("*.csv"):
        shutil.copy(register, data / "register")
    kept = dict(os.environ)
    for name in ("no_proxy", "NO_PROXY"):
        os.environ.pop(name, None)
    try:
        with replica.serve() as served:
            os.environ.update(served.environment)
            settings = {"DOWNLOAD_DELAY": 0, "AUTOTHROTTLE_ENABLED": False, "LOG_LEVEL": "ERROR"}
            done = fleet.crawl(invented(), data, at_once=2, settings=settings, done=tell)
    finally:
        os.environ.clear()
        os.environ.update(kept)
    good = all(counts.ok for counts in done) & _extract(data) & _build(data)
    if find_spec("pyarrow") and find_spec("xlsxwriter"):  # the extra `release`
        good &= released(data)
    if not no_serve:
        from db.serve import serve as run

        run(data, port)
    sys.exit(0 if good else 1)


def main() -> None:
    """The console command: what the file system refuses is one sentence, not a traceback."""
    try:
        cli()
    except OSError as error:
        fail(str(error))
        sys.exit(1)


if __name__ == "__main__":
    main()
