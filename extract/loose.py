"""Tables that a page prints without a table: one paragraph a cell. They become rows before anything is matched."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby

from extract import statistics_lines
from extract.content import Content, GridCell, Paragraph, Table
from extract.figures import is_value
from extract.formats.dumps import FIRST, HEADING
from extract.labels import fold, key

LONGEST_CELL = 60  # characters; the longest official label has 39
FEWEST_VALUES = 5


def tabulate(content: Content) -> Content:
    """Replaces runs of short paragraphs with at least five figures among them by tables of shape `cells`."""
    content = statistics_lines.tabulate(content)
    if any(True for _ in content.tables()):
        return content
    blocks: list[Paragraph | Table] = []
    for short, run in groupby(content.blocks, key=_is_short):
        paragraphs = [block for block in run if isinstance(block, Paragraph)]
        first = next((i for i, p in enumerate(paragraphs) if FIRST.search(key(p.text))), None)
        if short and first is not None and sum(is_value(p.text) for p in paragraphs) >= FEWEST_VALUES:
            blocks.extend(paragraphs[:first])
            blocks.append(Table(tuple(_rows(paragraphs[first:])), "cells", paragraphs[first].place))
        else:
            blocks.extend(paragraphs)
    return replace(content, blocks=tuple(blocks))


def _is_short(block: Paragraph | Table) -> bool:
    return isinstance(block, Paragraph) and len(block.text) <= LONGEST_CELL and not HEADING.search(key(block.text))


def _rows(paragraphs: list[Paragraph]) -> Iterator[tuple[GridCell, ...]]:
    """Labels, then the figures that follow them; of several labels the last is the row's, the others are a head."""
    labels: list[GridCell] = []
    values: list[GridCell] = []
    for paragraph in paragraphs:
        cell = GridCell(paragraph.text, paragraph.place)
        if is_value(paragraph.text):
            values.append(cell)
            continue
        if values:
            yield from _row(labels, values)
            labels, values = [], []
        labels.append(cell)
    yield from _row(labels, values)


def _row(labels: list[GridCell], values: list[GridCell]) -> Iterator[tuple[GridCell, ...]]:
    if labels and fold(labels[-1].text) == "总计":  # the last word of table 四's head; a row's own total is numbered
        yield tuple(labels)
        labels = []
    if labels[:-1]:
        yield tuple(labels[:-1])
    if labels[-1:] or values:
        yield (*labels[-1:], *values)
