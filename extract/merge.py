"""A report of which the parts stand in several documents: one Content, each table in its section."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Protocol

from crawler.items import Document
from extract import narrative
from extract.content import Content, Paragraph, Table
from extract.forms.statistics import TABLE as STATISTICS
from extract.labels import fold
from extract.official import TABLES, official
from extract.records import Place, Section
from extract.statistics_rows import known

NUMBERS = {"disclosures": 2, "applications": 3, "disputes": 4}


class Part(Protocol):
    """A document as read, and the official tables that it shows."""

    @property
    def document(self) -> Document: ...
    @property
    def content(self) -> Content: ...
    @property
    def shows(self) -> frozenset[str]: ...


def merge(base: Part, others: Sequence[Part]) -> Content:
    """The base with the tables that it lacks, from the first document that shows them, behind their heading.

    Their places say in which document they stand, as its digest.
    """
    blocks, read = list(base.content.blocks), []
    lacking = [name for name in TABLES if name not in base.shows]
    for name in reversed(lacking):  # from the end, so that what is put in does not move the headings before it
        part = next((other for other in others if name in other.shows), None)
        if part is None:
            continue
        heading = section_start(base.content, NUMBERS[name])
        at = len(base.content.blocks) if heading is None else heading + 1
        blocks[at:at] = _tables(part, name, lacking)
        read += [] if part in read else [part]
    counted = next((other for other in others if STATISTICS in other.shows), None)
    if counted and STATISTICS not in base.shows:  # the annex of 2014 hangs behind the text
        blocks += [moved(t, counted.document) for t in counted.content.tables() if _counts(t)]
        read += [] if counted in read else [counted]
    remarks = [replace(r, place=within(p.document, r.place or {})) for p in read for r in p.content.remarks]
    addresses = {_last(part.document.url) for part in read}
    left = tuple(p for p in base.content.pictures if p.body or _last(p.source) not in addresses)
    return replace(base.content, blocks=tuple(blocks), remarks=(*base.content.remarks, *remarks), pictures=left)


def _last(address: str | None) -> str | None:
    return address.split("?")[0].rsplit("/", 1)[-1] if address else None


def section_start(content: Content, number: int) -> int | None:
    """The block that holds the heading of a section, by its number; None where it has none."""
    section = next((s for s in narrative.sections(content) if s.number == number), None)
    return heading_at(content, section) if section else None


def heading_at(content: Content, section: Section) -> int | None:
    """The block that holds a section's heading."""
    heading = fold(section.heading)
    paragraphs = ((i, block) for i, block in enumerate(content.blocks) if isinstance(block, Paragraph))
    return next((i for i, paragraph in paragraphs if fold(paragraph.text).startswith(heading)), None)


def _tables(part: Part, name: str, lacking: Sequence[str]) -> Iterator[Table]:
    """The part's tables that show an official one; one that shows several comes with the first that is lacking."""
    last: str | None = None
    for table in part.content.tables():
        shown = [n for n in TABLES if n in official(table)]
        last = next((n for n in shown if n in lacking), shown[0] if shown else last)
        if last == name:
            yield moved(table, part.document)


def _counts(table: Table) -> bool:
    """Whether a table is, or continues, a statistics table of 2014."""
    return any(known(cell.text) for row in table.rows for cell in row)


def moved(table: Table, document: Document) -> Table:
    """A table of an attachment, its places naming the document."""
    rows = tuple(tuple(replace(c, place=within(document, c.place)) for c in row) for row in table.rows)
    strays = tuple((at, replace(p, place=within(document, p.place))) for at, p in table.strays)
    return replace(table, rows=rows, place=within(document, table.place), strays=strays)


def within(document: Document, place: Place) -> Place:
    """A place in another document than the report's own."""
    return {"document": document.digest, **place}
