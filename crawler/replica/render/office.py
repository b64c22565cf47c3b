"""Renderings that LibreOffice makes from DOCX and XLSX.

Each call starts it with a private profile in a directory that is removed afterwards, and takes any number of files.
A `.wps` file of Kingsoft Writer is in practice a binary DOC under another name, and made so. The bytes hold times and
are not the same twice; what they show is.
"""

from __future__ import annotations

import shutil
import signal
import subprocess
from collections.abc import Callable, Sequence
from contextlib import suppress
from os import killpg
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from crawler.replica.render import docx, workbook
from crawler.replica.reports import Synthetic

Jobs = Sequence[tuple[Synthetic, Random]]
_PATIENCE = 60.0  # seconds for a program to start
_EACH = 15.0  # seconds for a file


def convert(files: Sequence[bytes], source: str, target: str, filter_name: str = "") -> list[bytes]:
    """Files of one type (`docx`, `xlsx`) in another (`pdf`, `doc`, …), by one call of LibreOffice.

    Raises RuntimeError where it is not there, fails, leaves a file out or takes too long.
    """
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if not program:
        raise RuntimeError("soffice is not installed")
    with TemporaryDirectory() as place:
        into, out = Path(place) / "in", Path(place) / "out"
        into.mkdir()
        for number, body in enumerate(files):
            (into / f"{number:05}.{source}").write_bytes(body)
        _run(
            program,
            f"-env:UserInstallation={(Path(place) / 'profile').as_uri()}",
            "--headless",
            "--norestore",
            "--convert-to",
            f"{target}:{filter_name}" if filter_name else target,
            "--outdir",
            str(out),
            *sorted(str(path) for path in into.iterdir()),
            seconds=_PATIENCE + _EACH * len(files),
        )
        made = [out / f"{number:05}.{target}" for number in range(len(files))]
        absent = [path.name for path in made if not path.exists()]
        if absent:
            raise RuntimeError(f"soffice made no {', '.join(absent[:3])}")
        return [path.read_bytes() for path in made]


def _run(*command: str, seconds: float) -> None:
    """Run a program in a group of its own; nothing of it stays when it takes too long."""
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, start_new_session=True
    ) as running:
        try:
            running.wait(seconds)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                killpg(running.pid, signal.SIGKILL)
            raise RuntimeError(f"{Path(command[0]).name} took more than {seconds:.0f} s") from None
        if running.returncode:
            raise RuntimeError(f"{Path(command[0]).name} failed with status {running.returncode}")


def _from_docx(jobs: Jobs, target: str, filter_name: str = "") -> list[bytes]:
    return convert([docx.make_plain(report, rng) for report, rng in jobs], "docx", target, filter_name)


def many_writer_pdf(jobs: Jobs) -> list[bytes]:
    """PDFs with embedded fonts, laid out by LibreOffice."""
    return _from_docx(jobs, "pdf")


def many_doc(jobs: Jobs) -> list[bytes]:
    """Binary DOC files of Word 97."""
    return _from_docx(jobs, "doc", "MS Word 97")


def many_writer_rtf(jobs: Jobs) -> list[bytes]:
    """RTF files as LibreOffice writes them."""
    return _from_docx(jobs, "rtf", "Rich Text Format")


def many_xls(jobs: Jobs) -> list[bytes]:
    """Binary XLS files of Excel 97."""
    return convert([workbook.make(report, rng) for report, rng in jobs], "xlsx", "xls", "MS Excel 97")


def _one(many: Callable[[Jobs], list[bytes]]) -> Callable[[Synthetic, Random], bytes]:
    def make(report: Synthetic, rng: Random) -> bytes:
        return many([(report, rng)])[0]

    return make


writer_pdf, doc, writer_rtf, xls = map(_one, (many_writer_pdf, many_doc, many_writer_rtf, many_xls))
