"""An original read once more, for people: what it shows, and at which of its fields each figure stands.

The places of plain figures are not in the database (two hundred a report): they follow from the bytes. What is
private is hidden here as in the database.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from db.privacy import figures, hide, hide_table
from extract.content import Content, Paragraph, Table
from extract.fill import fill
from extract.formats import read
from extract.loose import tabulate
from extract.records import Cell, Place, ReportError, Value
from extract.report import parts, shown

MOST_TEXT = 400_000  # characters shown of a document: ten times the longest report seen


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a table as printed; `key` is its number in the document, by which `Found.keys` names it.

    `goes_on`: a merged cell covers it too, from the left or from above, which the reader does not keep apart."""

    text: str
    key: int
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph (`text`) or a table (`rows`); `lines`: its fields stood one below the other."""

    text: str = ""
    rows: tuple[tuple[Field, ...], ...] = ()
    lines: bool = False
    key: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """Where a cell of the official tables stands: the fields it was read from, what they print, their place."""

    keys: tuple[int, ...]
    printed: str
    value: Value
    place: Place
    recognised: bool  # in a picture: places are those of the straightened page


@dataclass(frozen=True, slots=True)
class Original:
    """A document as read: its blocks, its cells by (table, row, column); `cut`: the end of a long one is left out."""

    blocks: tuple[Block, ...]
    cells: dict[tuple[str, str, str | None], Found]
    cut: bool = False


def reread(body: bytes, part: int) -> Original:
    """Report number `part` (from 1) of a document. Raises ReportError where it cannot be read."""
    found = list(parts(tabulate(read(body))))
    if part > len(found):
        raise ReportError(f"it holds {len(found)} reports, not {part}")
    content = found[part - 1]
    keys = _Keys()
    placed = fill(content).placed
    known = figures(cell.raw for cell in placed.cells.values() if cell.value is not None)
    blocks = tuple(_blocks(content, keys, known))
    cells: dict[tuple[str, str, str | None], Found] = {
        where: _found(cell, keys, known) for where, cell in placed.cells.items() if cell.place
    }
    cells |= {(cell.table, cell.row, None): _found(cell, keys, known) for cell in placed.unassigned if cell.place}
    size, kept = 0, 0
    for block in blocks:
        size += len(block.text) + sum(len(field.text) + 8 for row in block.rows for field in row)
        kept += size <= MOST_TEXT
    return Original(blocks[:kept], cells, kept < len(blocks))


class _Keys:
    """Numbers the fields, and finds them again by their place: by the very object, else by an equal one."""

    def __init__(self) -> None:
        self.same: dict[int, int] = {}
        self.equal: dict[str, list[int]] = {}
        self.held: list[Place] = []  # keeps the objects alive, so that their ids stay theirs

    def add(self, place: Place) -> int:
        self.held.append(place)
        number = len(self.held)
        self.same.setdefault(id(place), number)
        self.equal.setdefault(repr(place), []).append(number)
        return number

    def of(self, place: Place) -> tuple[int, ...]:
        """The field at a place; several where a place is a line that holds several."""
        alike = self.equal.get(repr(place), [])
        own = self.same.get(id(place))
        return (own,) if own is not None and len(alike) > 1 else tuple(alike)


def _found(cell: Cell, keys: _Keys, known: Collection[str]) -> Found:
    fields = list(map(str, cell.raw)) if isinstance(cell.raw, list) else [str(cell.raw)]
    place, printed = cell.place or {}, " | ".join(hide_table([fields], known)[0])
    return Found(keys.of(place), printed, shown(cell), dict(place), cell.confidence is not None)


def _blocks(content: Content, keys: _Keys, known: Collection[str]) -> Iterator[Block]:
    paragraphs: list[Paragraph] = []
    for block in content.blocks:
        if isinstance(block, Paragraph):
            paragraphs.append(block)
        else:
            yield from _texts(paragraphs, keys, known)
            yield _table(block, keys, known)
            paragraphs = []
    yield from _texts(paragraphs, keys, known)


def _texts(paragraphs: Sequence[Paragraph], keys: _Keys, known: Collection[str]) -> Iterator[Block]:
    """Hidden as one text, as in a section: `联系人` may be a paragraph and the name the next."""
    words, start = hide("\n".join(block.text for block in paragraphs), known), 0
    for block in paragraphs:
        yield Block(text=words[start : start + len(block.text)], key=keys.add(block.place))
        start += len(block.text) + 1


def _table(table: Table, keys: _Keys, known: Collection[str]) -> Block:
    words = hide_table(([cell.text for cell in row] for row in table.rows), known)
    rows = [
        tuple(Field(text, keys.add(cell.place), not cell.origin) for cell, text in zip(row, texts, strict=True))
        for row, texts in zip(table.rows, words, strict=True)
    ]
    return Block(rows=tuple(rows), lines=table.shape == "cells")
