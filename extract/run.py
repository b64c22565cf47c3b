"""Archive → data/reports/*.jsonl: one Report a line, one file a WARC, only what is new.

The lines of a file stand in the order of its documents, whoever read them and when (see extract/blocks.py). What was
read when a run is stopped is kept, and the next goes on from there.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cache
from itertools import islice
from pathlib import Path

from crawler.archive import Archive, ArchiveError
from crawler.items import Document
from extract import worker
from extract.blocks import Blocks, remove_orphans
from extract.pool import Pool
from extract.records import ReportError

Progress = Callable[[int, int], None]
ERROR = '"error": {'  # no other line has it: in the words of a report every quotation mark is escaped
UNREAD = '"rule": "S35"'  # a part that could not be read


@dataclass(frozen=True, slots=True)
class Summary:
    """What one extraction did: documents read now, kept from before, and the errors of all documents."""

    read: int
    kept: int
    errors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """What is read at once: a document and, where it is their page, the files that hang on it."""

    document: Document
    attachments: tuple[Document, ...] = ()

    @property
    def size(self) -> int:
        """How many documents; a file that is read again with a newer page counts where it was fetched."""
        return 1 + sum(file.warc == self.document.warc for file in self.attachments)


@dataclass(frozen=True, slots=True)
class _Task:
    unit: Unit
    key: str
    blocks: Blocks  # of the file that its lines go to


def extract(
    data: Path,
    progress: Progress = lambda done, total: None,
    *,
    workers: int | None = None,
    executor: Executor | None = None,
    again: bool = False,
    seconds: float | None = None,
    read: Callable[[worker.Job], str] = worker.read,
) -> Summary:
    """Reads every document that is new, or whose reader changed, on all cores; `again`: also those that failed.

    `executor` may be any that can import this package; its tasks guard themselves. `progress` is told how many of the
    documents to read are done. `seconds` are what one document may take, where that is not left to its format and
    size. A document that cannot be read becomes a line with `error`; the run goes on. Raises
    OSError where another run is at work.
    """
    workers = workers or len(os.sched_getaffinity(0))
    folder, register = data / "reports", (data / "register").resolve()
    with _alone(folder):
        archive = Archive(data / "archive")
        tasks = list(_tasks(archive, folder, register, again))
        todo = [task for task in tasks if task.key not in task.blocks]
        total = sum(task.unit.size for task in todo)
        pool = executor or Pool(workers)

        def submit(task: _Task) -> Future[str]:
            try:
                job = _job(task.unit, archive, register, seconds)
            except ArchiveError as error:
                return _settled(worker.failed(worker.Job(task.unit.document, b""), ReportError(str(error))))
            return pool.submit(worker.lines, job, read)

        try:
            _run(tasks, todo, submit, 2 * workers, lambda done: progress(done, total))
        except BaseException:
            if isinstance(pool, Pool):
                pool.kill()
            raise
        if isinstance(pool, Pool):
            pool.shutdown()
        remove_orphans(folder, archive.warcs())
        errors = tuple(error for path in sorted(folder.glob("*.jsonl")) for error in _errors(path))
    return Summary(total, sum(task.unit.size for task in tasks) - total, errors)


# --- what there is to do


def _tasks(archive: Archive, folder: Path, register: Path, again: bool) -> Iterator[_Task]:
    mark = hashlib.sha256(repr(worker.available()).encode()).hexdigest()[:12]
    local = hashlib.sha256(b"".join(p.read_bytes() for p in sorted(register.glob("*.csv")))).hexdigest()
    for stem, units in grouped(archive).items():
        blocks = Blocks(folder / f"{stem}.jsonl", mark, again)
        for unit in units:
            said = [asdict(document) for document in (unit.document, *unit.attachments)]
            yield _Task(unit, hashlib.sha256(repr((_code(), local, said)).encode()).hexdigest(), blocks)


@cache
def _code() -> str:
    """Digest of everything in extract/ and of the title grammar: when it changes, documents are read again."""
    here = Path(__file__).parent
    files = [p for p in sorted(here.rglob("*")) if p.suffix in {".py", ".toml", ".csv"}]
    digest = hashlib.sha256()
    for path in [*files, *(here.parent / "crawler" / name for name in ("glyphs.py", "titles.py"))]:
        digest.update(str(path.relative_to(here.parent)).encode() + path.read_bytes())
    return digest.hexdigest()


def grouped(archive: Archive) -> dict[str, list[Unit]]:
    """The units of every WARC (its stem), in order of fetch.

    A page that is a Document is read with the files that hang on it: for each address the newest in the page's own
    WARC, else the newest from before the page. Those of its own WARC are no units of their own; a value in them
    still leads back to them by its report's digest. Pictures that hang on one page that is no Document are one unit.
    """
    everything, via = list(archive.documents()), archive.pages()
    of_warc: dict[str, list[Document]] = {stem: [] for stem in archive.warcs()}
    at: dict[str | None, list[Document]] = {}
    for document in everything:
        of_warc[document.warc].append(document)
        at.setdefault(document.url, []).append(document)
    return {stem: _units(documents, via, at, archive) for stem, documents in of_warc.items()}


def _units(
    documents: Sequence[Document], via: dict[str, str], at: dict[str | None, list[Document]], archive: Archive
) -> list[Unit]:
    heads: dict[str, Document] = {d.url: d for d in documents if d.url and d.media_type == "text/html"}
    hanging: dict[Document, list[Document]] = {}
    for document in documents:
        page = via.get(document.url or "")
        if page and page not in heads and document.media_type.startswith("image/"):
            heads[page] = document
        head = heads.get(page or "", document)
        hanging.setdefault(head, [])
        if head != document:
            hanging[head].append(document)
    return [Unit(head, tuple(_newest(head, found, at, archive))) for head, found in hanging.items()]


def _newest(
    head: Document, found: Sequence[Document], at: dict[str | None, list[Document]], archive: Archive
) -> Iterator[Document]:
    """What hangs on a page, once an address: what was fetched with it, then what was held before."""
    last = {document.url: document for document in found}
    yield from last.values()
    for url in sorted(archive.attached(head.url or "") - last.keys()):
        if before := [d for d in at.get(url, ()) if d.fetched <= head.fetched and d.warc != head.warc]:
            yield before[-1]


# --- doing it


def _run(
    tasks: Sequence[_Task],
    todo: Sequence[_Task],
    submit: Callable[[_Task], Future[str]],
    window: int,
    progress: Callable[[int], None],
) -> None:
    """Keeps `window` tasks under way; each file is finished when the last of its lines is there."""
    files: dict[Blocks, list[str]] = {}
    for task in tasks:
        files.setdefault(task.blocks, []).append(task.key)
    left = Counter(task.blocks for task in todo)
    for blocks in files.keys() - left.keys():
        blocks.finish(files[blocks])
    waiting: dict[Future[str], _Task] = {}
    source, done = iter(todo), 0
    try:
        while True:
            for task in islice(source, window - len(waiting)):
                waiting[submit(task)] = task
            if not waiting:
                return
            for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                task = waiting.pop(future)
                _keep(task, future.result())
                done += task.unit.size
                progress(done)
                left[task.blocks] -= 1
                if not left[task.blocks]:
                    task.blocks.finish(files[task.blocks])
    finally:
        for future, task in waiting.items():  # none, unless the run was interrupted
            if future.done() and not future.cancelled() and not future.exception():
                _keep(task, future.result())


def _keep(task: _Task, text: str) -> None:
    task.blocks.add(task.key, text, holds=ERROR not in text and UNREAD not in text)


def _job(unit: Unit, archive: Archive, register: Path, seconds: float | None) -> worker.Job:
    """A unit with its bytes: nothing is parsed in this process."""
    attachments = tuple((document, archive.read(document.digest)) for document in unit.attachments)
    return worker.Job(unit.document, archive.read(unit.document.digest), attachments, register, seconds)


def _settled(text: str) -> Future[str]:
    future: Future[str] = Future()
    future.set_result(text)
    return future


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One run at a time: two would write into each other's files."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise OSError(f"{folder}: another extraction is running — wait until it ends") from error
        yield


def _errors(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if ERROR in line:
                error = json.loads(line)["error"]
                told = ReportError(
                    error["message"], document=error["name"], place=error["place"], remedy=error["remedy"]
                )
                yield str(told)
