"""A page and what hangs on it: one Report, wherever its text and tables stand, and a word where two copies differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from crawler.items import Document
from crawler.titles import Title, parse_title
from extract import narrative
from extract.content import Content
from extract.fill import Filled, fill
from extract.formats import read, sniff
from extract.formats.archives import KINDS, members
from extract.forms.statistics import TABLE as STATISTICS
from extract.loose import tabulate
from extract.merge import merge, within
from extract.official import TABLES
from extract.reading import NUMERIC
from extract.records import Finding, Report, ReportError
from extract.register import Register
from extract.report import named, read_content
from extract.rules import finding

FEWEST_ROWS = 3  # of an official table; 其他 and 总计 stand in many tables


@dataclass(frozen=True, slots=True)
class Source:
    """A page or an attachment as read: the official tables that it shows, its sections by number, its own title."""

    document: Document
    content: Content
    filled: Filled
    shows: frozenset[str]
    sections: frozenset[int]
    title: Title | None
    page: bool = field(default=False)

    @property
    def whole(self) -> bool:
        """Whether it is a report by itself."""
        return (self.shows >= set(TABLES) or self.shows == {STATISTICS}) and len(self.sections) >= 3

    @property
    def rank(self) -> tuple[int, bool, bool]:
        """What speaks for its reading: figures read, read from characters rather than from a picture, the page."""
        cells = self.filled.placed.cells.values()
        figures = sum(cell.cls in NUMERIC for cell in cells)
        return figures, all(cell.confidence is None for cell in cells), self.page


def read_with(
    body: bytes, document: Document, attachments: Sequence[tuple[Document, bytes]], register: Register
) -> list[Report]:
    """The reports of a page with its attachments, usually one. Raises ReportError where there is none.

    A report that stands in the page and in a copy is read from the copy with fewer open cells; S34 says where the other
    differs. Tables that stand in attachments are put into their sections; their cells' places name the `document`.
    Organ, year and date may come from the page's metadata. An attachment that cannot be read is S35.
    """
    failed: list[ReportError] = []
    pages = list(_sources([(document, body)], failed, None))
    page = pages[0] if pages else None
    hung = list(_sources(attachments, failed, page))
    sources = [*pages, *hung]
    if not hung and page and not failed:
        with named(document):
            return read_content(page.content, document, register)
    if not sources:
        raise failed[0]
    reports: list[Report] = []
    refused: list[ReportError] = []
    for group in _groups(sources):
        try:
            with named(group[0].document):
                reports += _read(group, failed, register)
        except ReportError as error:
            refused.append(error)
    if not reports:
        raise [*failed[: len(hung) == 0], *refused, *failed][0]
    return reports


def _sources(
    documents: Sequence[tuple[Document, bytes]], failed: list[ReportError], page: Source | None
) -> Iterator[Source]:
    """What could be read, with what the page knows about it; what could not be read goes to `failed`."""
    for document, body in _unpacked(documents, failed) if page else documents:
        try:
            with named(document):
                content = tabulate(read(body))
        except ReportError as error:
            failed.append(error)
            continue
        own = narrative.title(content)
        if page:
            document, content = _inherit(document, content, page)
        filled = fill(content)
        rows = Counter(match.table for match in filled.matches)
        shows = {name for name, count in rows.items() if count >= FEWEST_ROWS}
        shows |= {"disputes"} if filled.disputes is not None else set()
        shows |= {STATISTICS} if any(table == STATISTICS for table, _, _ in filled.placed.cells) else set()
        numbers = frozenset(section.number for section in narrative.sections(content) if section.number)
        title = parse_title(own.text) if own else None
        yield Source(
            document, content, filled, frozenset(shows) if filled.shown else frozenset(), numbers, title, page is None
        )


def _unpacked(
    documents: Sequence[tuple[Document, bytes]], failed: list[ReportError]
) -> Iterator[tuple[Document, bytes]]:
    """Attachments, and the files in those that are archives: a file goes by the digest of its archive."""
    for document, body in documents:
        if sniff(body) not in KINDS:
            yield document, body
            continue
        try:
            with named(document):
                found = list(members(body))
        except ReportError as error:
            failed.append(error)
            continue
        yield from ((replace(document, name=f"{document.name}/{name}"), file) for name, file in found)


def _inherit(document: Document, content: Content, page: Source) -> tuple[Document, Content]:
    """An attachment with the page's metadata where it has none of its own."""
    from_page = page.document
    document = replace(
        document,
        title=document.title or from_page.title,
        unit=document.unit or from_page.unit,
        published_on=document.published_on or from_page.published_on,
        publisher=document.publisher or from_page.publisher,
        portal=document.portal or from_page.portal,
    )
    heading = narrative.title(page.content)
    called = {"articletitle": heading.text if heading else page.content.title or ""}
    return document, replace(content, meta={**called, **page.content.meta, **content.meta})


def _groups(sources: Sequence[Source]) -> Iterator[list[Source]]:
    """Sources of one report: copies of it, or its parts. A whole report of another organ or year is one of its own.

    A page without any official table belongs to all: its metadata went to them.
    """
    rest = [s for s in sources if s.shows or s.sections]
    wholes = [s for s in rest if s.whole]
    while wholes:
        first = wholes[0]
        group = [s for s in rest if s is first or _same(first, s)]
        yield group
        rest = [s for s in rest if s not in group]
        wholes = [s for s in wholes if s not in group]
    if rest and not any(s.whole for s in sources):
        yield rest
    elif not any(s.whole for s in sources):
        yield list(sources)


def _same(one: Source, other: Source) -> bool:
    """Whether two sources can be of one report: neither title names another year or organ."""
    if one.title is None or other.title is None:
        return True
    years, organs = {one.title.year, other.title.year}, (one.title.organ, other.title.organ)
    fits = any(a.endswith(b) for a, b in (organs, organs[::-1]))
    return fits and len(years - {None}) <= 1


def _read(group: Sequence[Source], failed: Sequence[ReportError], register: Register) -> list[Report]:
    """The reports of a group: from its best whole source, or from its parts put together."""
    wholes = sorted((s for s in group if s.whole), key=lambda s: s.rank, reverse=True)
    if wholes:
        chosen, content = wholes[0], wholes[0].content
    else:
        chosen = max(group, key=lambda s: (len(s.sections), s.page, len(s.shows)))
        content = merge(chosen, [s for s in group if s is not chosen])
    said = [f for s in group if s is not chosen for f in differences(chosen, s)]
    shown = {name for s in group for name in s.shows}
    complete = wholes or shown >= set(TABLES) or STATISTICS in shown
    said += [_unread(error, bool(complete)) for error in failed]
    return read_content(content, chosen.document, register, said)


def _unread(error: ReportError, complete: bool) -> Finding:
    message = f"{error.document}: {error.message}"
    return finding("S35", message, variant="copy" if complete else None, quote=error.document)


def differences(chosen: Source, other: Source) -> Iterator[Finding]:
    """S34: cells that print one number here and another there; and the year that the other title names."""
    ours, theirs = chosen.filled.placed, other.filled.placed
    certain = not (ours.converted or theirs.converted)
    for at, cell in ours.cells.items():
        second = theirs.cells.get(at)
        if second is None or cell.value is None or second.value is None or cell.value == second.value:
            continue
        recognised = cell.confidence is not None or second.confidence is not None
        table, row, column = at
        yield finding(
            "S34",
            f"{cell.value} in {_name(chosen)}, {second.value} in {_name(other)}",
            variant="recognised" if recognised else None,
            origin="source" if certain and not recognised else None,
            table=table,
            row=row,
            column=column,
            quote=str(second.raw),
            place=within(other.document, second.place or {}),
            left=cell.value,
            right=second.value,
        )


def _name(source: Source) -> str:
    return "the page" if source.page else source.document.name or source.document.url or "the attachment"
