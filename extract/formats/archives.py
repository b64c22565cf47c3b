"""ZIP, RAR, 7z and tar: the members, and the report that is among them."""

from __future__ import annotations

import gzip
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any
from zlib import error as ZlibError

from extract.content import Content, Remark
from extract.formats.sniff import sniff
from extract.records import ReportError

MOST_BYTES, MOST_MEMBERS, MOST_RATIO, DEPTH = 200_000_000, 500, 200, 2
SMALL = 1_000_000  # bytes: a member as small as this may be packed as well as it likes
KINDS = frozenset(
    ("application/zip", "application/vnd.rar", "application/x-7z-compressed", "application/x-tar", "application/gzip")
)
DAMAGE = (zipfile.BadZipFile, ZlibError, EOFError, OSError, ValueError, NotImplementedError, RuntimeError)


@dataclass(frozen=True, slots=True)
class Member:
    """A file of an archive: its name is a label and never a path to write to. `error` says why `content` is None."""

    name: str
    content: Content | None
    error: str = ""


@dataclass(slots=True)
class _Budget:
    """What the archives of one document, nested ones included, may still yield."""

    packed: int
    bytes: int = MOST_BYTES
    members: int = MOST_MEMBERS

    def take(self, size: int) -> None:
        self.bytes -= size
        if self.bytes < 0 or (MOST_BYTES - self.bytes > MOST_RATIO * self.packed and MOST_BYTES - self.bytes > SMALL):
            raise ReportError(
                f"the archive unpacks to more than {MOST_BYTES:,} bytes or {MOST_RATIO} times its size",
                remedy="check it by hand",
            )

    def enter(self) -> None:
        self.members -= 1
        if self.members < 0:
            raise ReportError(f"the archive has more than {MOST_MEMBERS} members", remedy="check it by hand")


def members(body: bytes) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of every file, of archives in it too, to a depth of two. Bombs and damage raise ReportError."""
    yield from _members(body, _Budget(len(body)), 1, "")


def _members(body: bytes, budget: _Budget, depth: int, inside: str) -> Iterator[tuple[str, bytes]]:
    unpack = _zip if body[:2] == b"PK" else _gzip if body[:2] == b"\x1f\x8b" else _libarchive
    for name, found in unpack(body, budget):
        label = inside + name.replace("\\", "/").lstrip("/")
        if found and sniff(found) in KINDS:
            if depth >= DEPTH:
                raise ReportError(f"{label}: archives lie deeper than {DEPTH} in one another", remedy="unpack it")
            yield from _members(found, budget, depth + 1, label + "/")
        elif found:
            yield label, found


def _zip(body: bytes, budget: _Budget) -> Iterator[tuple[str, bytes]]:
    """Chinese packers write names in GBK and do not say so: that is what a name without the UTF-8 mark is read as."""
    try:
        try:
            archive = zipfile.ZipFile(BytesIO(body), metadata_encoding="gb18030")
        except UnicodeDecodeError:
            archive = zipfile.ZipFile(BytesIO(body))
        for info in archive.infolist():
            if info.filename.endswith("/"):  # a folder; `is_dir` fails on a member without a name
                continue
            budget.enter()
            if info.file_size > SMALL and info.file_size > MOST_RATIO * max(info.compress_size, 1):
                raise ReportError(f"a member is packed tighter than {MOST_RATIO} to 1", remedy="check it by hand")
            budget.take(info.file_size)
            if info.flag_bits & 1:
                raise ReportError("the archive is locked by a password", remedy="ask for a copy without one")
            with archive.open(info) as stream:
                found = stream.read(info.file_size + 1)
            if len(found) > info.file_size:
                raise ReportError("the archive declares false sizes", remedy="check it by hand")
            yield info.filename, found
    except DAMAGE as error:
        raise ReportError(f"the archive is damaged: {error}", remedy="fetch it again") from error


def _gzip(body: bytes, budget: _Budget) -> Iterator[tuple[str, bytes]]:
    """The one file of a gzip, often a tar."""
    budget.enter()
    try:
        with gzip.GzipFile(fileobj=BytesIO(body)) as stream:
            blocks: list[bytes] = []
            while block := stream.read(1 << 20):
                budget.take(len(block))
                blocks.append(block)
    except DAMAGE as error:
        raise ReportError(f"the archive is damaged: {error}", remedy="fetch it again") from error
    yield "content", b"".join(blocks)


def _libarchive(body: bytes, budget: _Budget) -> Iterator[tuple[str, bytes]]:
    libarchive = _library()
    damage = (libarchive.ArchiveError, UnicodeError, *DAMAGE)
    try:
        with libarchive.memory_reader(body, header_codec="gb18030") as archive:
            for entry in archive:
                if not entry.isfile:
                    continue
                budget.enter()
                blocks: list[bytes] = []
                for block in entry.get_blocks():
                    budget.take(len(block))
                    blocks.append(bytes(block))
                yield entry.pathname or "?", b"".join(blocks)
    except damage as error:
        locked = "passphrase" in str(error).lower() or "encrypt" in str(error).lower()
        reason = "locked by a password" if locked else f"damaged or of a kind that cannot be read: {error}"
        raise ReportError(f"the archive is {reason}", remedy="unpack it and import what it holds") from error


def _library() -> Any:
    try:
        import libarchive
    except (ImportError, OSError, AttributeError, TypeError) as error:  # the package, or the system's library under it
        raise ReportError(
            "RAR and 7z archives need libarchive, which is not installed",
            remedy="install the extra [archives] and the system's libarchive (Debian: libarchive13)",
        ) from error
    return libarchive


def read_members(body: bytes) -> list[Member]:
    """Every file of an archive as Content, or why it has none; in the archive's order."""
    from extract.formats import read

    found: list[Member] = []
    for name, inner in members(body):
        try:
            found.append(Member(name, read(inner)))
        except ReportError as error:
            found.append(Member(name, None, error.message))
    return found


def read_archive(body: bytes) -> Content:
    """The one report of an archive; its name stands in `meta` under `member`, a member that cannot be read is remarked.

    A report is what shows the official tables, or, where no member does, the title and sections of one. Where none
    does, and where several do, a ReportError says what each member is: `read_members` gives them all.
    """
    found = read_members(body)
    reports = [m for m in found if m.content is not None and is_report(m.content)]
    if len(reports) == 1 and (content := reports[0].content) is not None:
        others = [member for member in found if member is not reports[0]]
        unread = [Remark("S35", f"{m.name}: {m.error}") for m in others if m.error]
        meta = {**content.meta, "member": reports[0].name, "other_members": "; ".join(m.name for m in others)}
        return replace(content, meta=meta, remarks=(*content.remarks, *unread))
    listed = "; ".join(f"{m.name}: {m.error or kind(m.content)}" for m in found[:10]) or "nothing"
    what = "no report" if not reports else f"{len(reports)} reports"
    raise ReportError(f"the archive holds {what} ({listed})", remedy="unpack it and import the report itself")


def is_report(content: Content) -> bool:
    """Whether a document shows a form's tables, or a report's title with at least three of its sections."""
    from crawler.titles import parse_title
    from extract import forms, match, narrative, statistics
    from extract.loose import tabulate

    content = tabulate(content)
    if match.recognise(forms.load(), content) is not None or statistics.read(tuple(content.tables())) is not None:
        return True
    title = narrative.title(content)
    return title is not None and parse_title(title.text) is not None and len(narrative.sections(content)) >= 3


def kind(content: Content | None) -> str:
    """What a member that is no report looks like, in words."""
    first: Sequence[str] = [p.text.strip() for p in content.paragraphs()] if content else ()
    return f"{content.media_type} “{first[0][:40]}”" if content and first else "no text"
