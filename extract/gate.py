"""Which of two readings of a digital PDF counts: the fast one where it leaves nothing in doubt, else the reference.

`report.read_report` calls `read_gated` with its own `read_content`. Every other format, and every PDF that the fast
path gives up or that leaves a doubt, is read as ever; `content.meta["reader"]` says by whom (`pdfium`, `pdfplumber`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from crawler.items import Document
from extract import formats
from extract.content import Content
from extract.records import Finding, Report, ReportError
from extract.register import Register

MAGIC = b"%PDF-"
counts: Counter[str] = Counter()  # PDFs that this process has read, by reader


def read_gated(
    body: bytes,
    document: Document,
    register: Register,
    read_content: Callable[[Content, Document, Register], list[Report]],
) -> list[Report]:
    """All reports of a document, by PDF's fast path where nothing is in doubt. Raises ReportError as `read` does."""
    if MAGIC in body[:1024]:
        from extract.formats.pdf_fast import read_fast

        reports = _by(read_fast(body), document, register, read_content)
        counts["pdfium" if reports else "pdfplumber"] += 1
        if reports:
            return reports
    return read_content(formats.read(body), document, register)


def _by(
    content: Content | None,
    document: Document,
    register: Register,
    read_content: Callable[[Content, Document, Register], list[Report]],
) -> list[Report]:
    """The reports in a fast reading; none where anything in them is in doubt, or it looks like no report."""
    if content is None:
        return []
    try:
        reports = read_content(content, document, register)
    except ReportError:
        return []
    return reports if all(map(undoubted, reports)) else []


def undoubted(report: Report) -> bool:
    """Whether every relation holds and no error or warning stands that a slip of the reader could have caused."""
    if report.form == "none" or report.year is None or report.unit.id is None:
        return False
    return not any(cell.cls == "unassigned" for cell in report.cells) and not any(map(_in_doubt, report.findings))


def _in_doubt(found: Finding) -> bool:
    """A finding about the tables' structure, figures or sums, or one for which the source alone cannot be blamed."""
    return found.severity in ("error", "warning") and (found.rule[0] in "SA" or found.origin != "source")
