"""The commands of the crawl: import, crawl, portals, archive."""

from __future__ import annotations

import json
import re
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click

from crawler.items import Counts


def fail(message: str) -> None:
    """One clear sentence on stderr."""
    click.secho(f"error: {message}", fg="red", err=True)


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--url", help="Where the file came from.")
@click.option("--fetched", help="When it was fetched, ISO 8601 (2024-01-31 or 2024-01-31T08:00:00Z).")
@click.option("--unit", help="Who reported: a division code or unit id, if you know.")
@click.pass_obj
def import_files(data: Path, files: tuple[Path, ...], url: str | None, fetched: str | None, unit: str | None) -> None:
    """Keep local files in the archive, unedited."""
    from crawler.archive import Archive, ArchiveError

    check_source(url, unit)
    if url and len(files) > 1:
        raise click.UsageError("--url says where one file came from; import the files one by one")
    failed = 0
    try:
        archive = Archive(data / "archive")
        for file in files:
            body = file.read_bytes()
            if body:
                archive.store(body, name=file.name, url=url, fetched=_timestamp(fetched), unit=unit)
            else:
                failed += 1
                fail(f"{file}: the file is empty — fetch it again")
    except ArchiveError as error:
        fail(str(error))
        sys.exit(1)
    click.echo(f"{len(files) - failed} files in {data / 'archive'}")
    sys.exit(1 if failed else 0)


def check_source(url: str | None, unit: str | None) -> None:
    """What is written into the archive stays there: a slip is refused before."""
    if url is not None and not re.fullmatch(r"https?://[A-Za-z0-9.-]+(:\d+)?(/\S*)?", url):
        raise click.BadParameter(f"{url!r} is no web address — write it as https://host/path", param_hint="--url")
    if unit is not None and not re.fullmatch(r"\d{2}(\d{2}){0,2}(\d{3})?(-[a-z]+)?", unit):
        raise click.BadParameter(f"{unit!r} is no unit id — write 360983104 or 360902-zfb", param_hint="--unit")


def _timestamp(text: str | None) -> str | None:
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


@click.command()
@click.argument("slugs", metavar="PORTALS", nargs=-1, required=True)
@click.option("--recheck", is_flag=True, help="Ask for every held report again, conditionally.")
@click.pass_obj
def crawl(data: Path, slugs: tuple[str, ...], recheck: bool) -> None:
    """Collect the reports of one or more PORTALS (their slugs, see crawler/portals/)."""
    from crawler.portals import PortalError

    try:
        good = [_crawl(slug, data, recheck) for slug in slugs]
    except PortalError as error:
        raise click.UsageError(str(error)) from error
    sys.exit(0 if all(good) else 1)


def _crawl(slug: str, data: Path, recheck: bool) -> bool:
    from crawler.runs import crawl as run

    counts = run(slug, data, {"LOG_LEVEL": "WARNING"}, recheck=recheck)
    tell(counts)
    return counts.ok


def tell(counts: Counts) -> None:
    """What one crawl did: a line, then what went wrong."""
    changes = f"{counts.new} new" + f", {counts.changed} changed" * bool(counts.changed)
    gone = f", {len(counts.gone)} gone" * bool(counts.gone)
    click.echo(f"{counts.portal}: {counts.reports} reports ({changes}{gone}) with {counts.requests} requests")
    for problem in counts.problems:
        fail(problem)
    for kind, address in counts.blocked:
        fail(f"{address}: blocked ({kind}) — a person must look")
    for reason in counts.failing:
        fail(f"{counts.portal}: failing: {reason}")


@click.group()
def portals() -> None:
    """The portals that are known, and how to add one."""


@portals.command("list")
@click.option("--platform", help="Only those of one platform.")
@click.option("--failing", is_flag=True, help="Only those that need a person.")
@click.pass_obj
def list_portals(data: Path, platform: str | None, failing: bool) -> None:
    """All portals: last crawl, reports found, health."""
    from rich.console import Console
    from rich.table import Table

    from crawler import runs
    from crawler.portals import load

    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in ("portal", "name", "platform", "division", "last crawl", "reports", "health"):
        table.add_column(name, justify="right" if name == "reports" else "left", no_wrap=name != "health")
    shown = 0
    for slug, portal in load().items():
        last = runs.last(data, slug)
        bad = bool(last and last.failing)
        if (platform and portal.platform != platform) or (failing and not bad):
            continue
        shown += 1
        health = "; ".join(last.failing) if last and bad else "never crawled" if last is None else "ok"
        if last and not bad and not last.ok:
            health = f"{len(last.problems)} problems, {len(last.blocked)} blocked"
        row = (slug, portal.name, portal.platform, portal.division, last.started[:10] if last else "–")
        table.add_row(*row, str(last.reports) if last else "–", health)
    Console(width=None if sys.stdout.isatty() else 160).print(table)
    click.echo(f"{shown} portals")


@portals.command()
@click.argument("url")
@click.pass_obj
def detect(data: Path, url: str) -> None:
    """Look at a few pages from URL on: which platform, where the 年报 columns are; prints an entry to paste."""
    from crawler.runs import scrapy_process

    if urlsplit(url).scheme not in ("http", "https"):
        raise click.UsageError(f"{url!r} is no web address — write it as https://host/path")
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "found.json"
        scrapy_process("detect", {"url": url, "out": out}, {"LOG_LEVEL": "ERROR"})
        if not out.exists():
            fail(f"{url}: nothing could be read — see the log above")
            sys.exit(1)
        found = json.loads(out.read_text(encoding="utf-8"))
    click.echo(_entry(found))
    for sentence in found["trouble"]:
        fail(sentence)
    sys.exit(0 if found["platform"] and found["columns"] else 1)


def _entry(found: dict[str, Any]) -> str:
    """A TOML entry with its evidence as comments."""
    host = urlsplit(found["url"]).hostname or ""
    code = found["site"].get("SiteIDCode", "")[:6]
    starts = sorted(found["directories"], key=lambda u: -found["directories"][u])[:1] or list(found["columns"])[:3]
    labels = [part for part in host.split(".") if part not in ("www", "gov", "cn", "test")]
    lines = [f"# {mark} — {address}" for mark, address in found["evidence"].items()]
    lines += [f"# directory of {n} organs — {u}" for u, n in found["directories"].items()]
    lines += [f"# column with {n} titles of reports — {u}" for u, n in found["columns"].items()]
    if not found["columns"]:
        lines.append(
            "# no 年报 column was found from here: begin at the page that lists one, or at a directory of organs"
        )
    lines += [
        f"[{labels[0] if labels else 'portal'}]",
        f'name = "{found["site"].get("SiteName") or host}"',
        f'division = "{code}"' + ("" if code.isdigit() else "  # not stated on the pages: fill in"),
        f'platform = "{found["platform"] or "generic"}"',
        f"start = {json.dumps(starts, ensure_ascii=False)}",
        f"seen = {json.dumps(found['reports'][:3], ensure_ascii=False)}",
    ]
    return "\n".join(lines)


@portals.command()
@click.argument("slug")
@click.option("--pages", default=30, show_default=True, help="Ask for at most this many pages.")
@click.pass_obj
def check(data: Path, slug: str, pages: int) -> None:
    """Crawl a sample of portal SLUG into nowhere and say what would be collected."""
    from crawler.archive import Archive
    from crawler.portals import PortalError
    from crawler.runs import crawl

    with tempfile.TemporaryDirectory() as folder:
        try:
            counts = crawl(slug, Path(folder), {"LOG_LEVEL": "ERROR", "CLOSESPIDER_PAGECOUNT": pages})
        except PortalError as error:
            raise click.UsageError(str(error)) from error
        for document in Archive(Path(folder) / "archive").documents():
            click.echo(f"{document.published_on or '?':10}  {document.title or document.name}  {document.url}")
    ended = f"{slug}: ended early: closespider_pagecount"
    problems = [p for p in counts.problems if p != ended]
    more = " (the sample ended before the portal did)" if len(problems) < len(counts.problems) else ""
    click.echo(f"{slug}: {counts.reports} reports, {counts.listed} titles listed, {counts.requests} requests{more}")
    for sentence in (*problems, *(f"{u}: blocked ({kind}) — a person must look" for kind, u in counts.blocked)):
        fail(sentence)
    sys.exit(1 if problems or counts.blocked or not counts.reports else 0)


@click.group()
def archive() -> None:
    """The originals."""


@archive.command()
@click.pass_obj
def verify(data: Path) -> None:
    """Read the whole archive again and compute every digest anew."""
    from crawler.verify import verify as run

    if not (data / "archive").is_dir():
        raise click.UsageError(f"{data / 'archive'}: no archive here — crawl or import first")
    bad = records = 0
    for checked in run(data / "archive"):
        records += checked.records if checked.name != "documents" else 0
        for fault in checked.faults:
            bad += 1
            fail(fault)
        documents = checked.records if checked.name == "documents" else 0
    click.echo(f"{records} records, {documents} documents: {'all digests are right' if not bad else f'{bad} faults'}")
    sys.exit(1 if bad else 0)
