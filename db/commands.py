"""The commands of people who look at the originals, and of those who publish: review, correct, release."""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from crawler.commands import fail

BY = "Who says so.  [default: $GONGKAI_BY, else your user name]"


@click.command()
@click.argument("fingerprint")
@click.argument("verdict", type=click.Choice(["confirm", "dismiss", "reopen"]))
@click.option("--why", required=True, help="What you saw in the original.")
@click.option("--by", help=BY)
@click.pass_obj
def review(data: Path, fingerprint: str, verdict: str, why: str, by: str | None) -> None:
    """Say whether a finding is right. Its FINGERPRINT stands behind it on the page of its report."""
    from db import decide

    _write(decide.review, data, fingerprint, verdict, _said(why, "--why"), _name(by))


@click.command(context_settings={"ignore_unknown_options": True})  # -5 is a value, not an option
@click.argument("report")
@click.argument("table")
@click.argument("row")
@click.argument("column")
@click.argument("value")
@click.option("--why", required=True, help="The evidence: what stands where in the original.")
@click.option("--by", help=BY)
@click.pass_obj
def correct(data: Path, report: str, table: str, row: str, column: str, value: str, why: str, by: str | None) -> None:
    """Set a cell of REPORT to the VALUE that its original shows; "" where nothing legible stands there.

    Money is in yuan where its unit is known. What was printed is kept; the value is set by the next build, as long
    as we read there what we read now.
    """
    from db import decide

    _write(decide.correct, data, report, (table, row, column), value, _said(why, "--why"), _name(by))


@click.command()
@click.pass_obj
def release(data: Path) -> None:
    """Write data/release/: the database, CSV, XLSX and Parquet a table, a data package, digests; for /data."""
    sys.exit(0 if released(data) else 1)


def released(data: Path) -> bool:
    """Writes the files to download, and says so; False where that cannot be done, with the reason said."""
    from db import downloads

    try:
        from db.release import ReleaseError
        from db.release import release as run
    except ModuleNotFoundError as error:
        fail(f"a release needs {error.name}: pip install 'gongkai[release]'")
        return False
    try:
        folder = run(data, click.echo)
    except ReleaseError as error:
        fail(str(error))
        return False
    held = downloads.held(folder)
    click.echo(f"{folder}: {downloads.size_in_words(held.size) if held else 'replaced meanwhile'}")
    return True


def _write(decision: Callable[..., Any], *arguments: Any) -> None:
    from db.decide import Mistake
    from db.inputs import BuildError

    try:
        click.echo(str(decision(*arguments)))
    except Mistake as error:
        raise click.UsageError(str(error)) from error
    except BuildError as error:
        fail(str(error))
        sys.exit(1)


def _name(given: str | None) -> str:
    return _said(given if given is not None else os.environ.get("GONGKAI_BY") or getpass.getuser(), "--by")


def _said(text: str, option: str) -> str:
    if not text.split():
        raise click.BadParameter("say something: it is kept for whoever asks later", param_hint=option)
    return " ".join(text.split())
