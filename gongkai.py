"""Collect, read, build and serve the annual reports on open government information (政府信息公开工作年度报告)."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

STAGES = """\b
Data flows one way, every stage is one command:
  import FILE…   reports you hold        → data/archive/
  crawl PORTAL   a portal's reports      → data/archive/
  extract        archive → Reports       → data/reports/
  build          Reports → one database  → data/gongkai.db
  serve          the database as a site on 127.0.0.1

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


def _fail(message: str) -> None:
    click.secho(f"error: {message}", fg="red", err=True)


@contextmanager
def _bar(label: str, length: int | None = None) -> Iterator[Callable[..., None]]:
    """A progress bar on stderr, shown only where stderr is a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty(), transient=True) as progress:
        task = progress.add_task(label, total=length)
        yield lambda name=None: progress.update(task, advance=1)


@cli.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--url", help="Where the file came from.")
@click.option("--fetched", help="When it was fetched, ISO 8601 (2024-01-31 or 2024-01-31T08:00:00Z).")
@click.option("--unit", help="Who reported: a division code or unit id, if you know.")
@click.pass_obj
def import_files(data: Path, files: tuple[Path, ...], url: str | None, fetched: str | None, unit: str | None) -> None:
    """Keep local files in the archive, unedited."""
    from crawler.archive import Archive, ArchiveError

    _check_source(url, unit)
    if url and len(files) > 1:
        raise click.UsageError("--url says where one file came from; import the files one by one")
    failed = 0
    try:
        archive = Archive(data / "archive")
        with _bar("import", len(files)) as step:
            for file in files:
                body = file.read_bytes()
                if body:
                    archive.store(body, name=file.name, url=url, fetched=_timestamp(fetched), unit=unit)
                else:
                    failed += 1
                    _fail(f"{file}: the file is empty — fetch it again")
                step()
    except ArchiveError as error:
        _fail(str(error))
        sys.exit(1)
    click.echo(f"{len(files) - failed} files in {data / 'archive'}")
    sys.exit(1 if failed else 0)


def _check_source(url: str | None, unit: str | None) -> None:
    """What is written into the archive stays there: a slip is refused before."""
    import re

    if url is not None and not re.fullmatch(r"https?://[A-Za-z0-9.-]+(:\d+)?(/\S*)?", url):
        raise click.BadParameter(f"{url!r} is no web address — write it as https://host/path", param_hint="--url")
    if unit is not None and not re.fullmatch(r"\d{2}(\d{2}){0,2}(\d{3})?(-[a-z]+)?", unit):
        raise click.BadParameter(f"{unit!r} is no unit id — write 360983104 or 360902-zfb", param_hint="--unit")


def _timestamp(text: str | None) -> str | None:
    from datetime import UTC, datetime

    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise click.BadParameter(f"{text!r} is not a date — write it as 2024-01-31", param_hint="--fetched") from error
    if moment > datetime.now(UTC):
        raise click.BadParameter(f"{text!r} lies in the future", param_hint="--fetched")
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


@cli.command()
@click.argument("portals", nargs=-1, required=True)
@click.pass_obj
def crawl(data: Path, portals: tuple[str, ...]) -> None:
    """Collect the reports of one or more PORTALS (their slugs, see crawler/portals/)."""
    from crawler.portals import PortalError

    try:
        good = [_crawl(slug, data, {}) for slug in portals]
    except PortalError as error:
        raise click.UsageError(str(error)) from error
    sys.exit(0 if all(good) else 1)


def _crawl(slug: str, data: Path, settings: dict[str, object]) -> bool:
    from crawler.runs import crawl as run

    counts = run(slug, data, {"LOG_LEVEL": "WARNING"} | settings)
    click.echo(f"{slug}: {counts.reports} reports ({counts.new} new) with {counts.requests} requests")
    for problem in counts.problems:
        _fail(problem)
    for kind, address in counts.blocked:
        _fail(f"{address}: blocked ({kind}) — a person must look")
    for reason in counts.failing:
        _fail(f"{slug}: failing: {reason}")
    return counts.ok


@cli.command()
@click.pass_obj
def extract(data: Path) -> None:
    """Read the archived documents that are new, or all of them when the reader changed."""
    sys.exit(0 if _extract(data) else 1)


def _extract(data: Path) -> bool:
    from extract.run import extract as run

    with _bar("extract") as step:
        summary = run(data, step)
    click.echo(f"{summary.read} documents read, {summary.kept} unchanged, {len(summary.errors)} could not be read")
    for error in summary.errors:
        _fail(error)
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
        _fail(str(error))
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
        _fail(str(error))
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
    from extract import register
    from extract.formats import sniff
    from extract.records import ReportError
    from extract.report import read_report
    from extract.show import show as draw

    _check_source(url, unit)
    body = file.read_bytes()
    document = Document(digest_of(body), url, "", sniff(body), file.name, unit, None, None, None, None)
    try:
        reports = read_report(body, document, register.load(data / "register"))
    except ReportError as error:
        _fail(str(error))
        sys.exit(1)
    if as_json:
        records = [report.to_json() for report in reports]
        click.echo(json.dumps(records if len(records) > 1 else records[0], ensure_ascii=False, indent=1))
    else:
        for report in reports:
            draw(report, Console())


@cli.command()
@click.option("--port", type=click.IntRange(1, 65535), default=8001, show_default=True, help="Port on 127.0.0.1.")
@click.option("--no-serve", is_flag=True, help="Stop after the build.")
@click.pass_obj
def demo(data: Path, port: int, no_serve: bool) -> None:
    """The bundled replica portal through all stages, then the site. All its places and figures are invented."""
    from crawler import replica

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
            crawled = _crawl("qingxi", data, {"DOWNLOAD_DELAY": 0, "AUTOTHROTTLE_ENABLED": False, "LOG_LEVEL": "ERROR"})
    finally:
        os.environ.clear()
        os.environ.update(kept)
    good = crawled & _extract(data) & _build(data)
    if not no_serve:
        from db.serve import serve as run

        run(data, port)
    sys.exit(0 if good else 1)


def main() -> None:
    """The console command: what the file system refuses is one sentence, not a traceback."""
    try:
        cli()
    except OSError as error:
        _fail(str(error))
        sys.exit(1)


if __name__ == "__main__":
    main()
