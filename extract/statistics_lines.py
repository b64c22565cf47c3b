"""A statistics table that is printed in lines of text: label, unit and figure with blanks between, or a line each."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby

from extract.content import Content, GridCell, Paragraph, Table
from extract.figures import is_value
from extract.forms.statistics import load
from extract.labels import fold
from extract.statistics_rows import known, role, scores

LONGEST = 80  # characters; the longest label has 50
FEWEST = 6  # labels, and figures, that make a run of lines the table


def tabulate(content: Content) -> Content:
    """Replaces runs of lines that are a statistics table by tables of shape `cells`."""
    if not any(map(_named, content.blocks)):
        return content
    blocks: list[Paragraph | Table] = []
    for short, run in groupby(content.blocks, key=_is_short):
        lines = list(run)
        blocks += _table(lines) if short else lines
    return replace(content, blocks=tuple(blocks))


def _is_short(block: Paragraph | Table) -> bool:
    return isinstance(block, Paragraph) and len(block.text) <= LONGEST and not block.text.rstrip().endswith("。")


def _named(block: Paragraph | Table) -> bool:
    return _is_short(block) and any(known(cell.text) for cell in _cells(block))


def _table(lines: list[Paragraph]) -> list[Paragraph | Table]:
    """The lines, those from the first label to the last label or figure as a table if there are enough of both."""
    rows = [_cells(line) for line in lines]
    labels = [i for i, row in enumerate(rows) if any(scores(cell.text) for cell in row)]
    figures = [i for i, row in enumerate(rows) if any(is_value(cell.text) for cell in row)]
    if sum(known(cell.text) for row in rows for cell in row) < FEWEST or len(figures) < FEWEST:
        return list(lines)
    first, last = labels[0], max(labels[-1], figures[-1])
    while first and all(role(word) for word in lines[first - 1].text.split()):  # the head of the columns
        first -= 1
    table = Table(tuple(rows[first : last + 1]), "cells", lines[first].place)
    return [*lines[:first], table, *lines[last + 1 :]]


def _cells(line: Paragraph) -> tuple[GridCell, ...]:
    """Figures and units are cells of their own; the words between them, whatever blanks are in them, are a label."""
    texts: list[str] = []
    for word in line.text.split():
        if texts and not _is_figure(word) and not _is_figure(texts[-1]):
            texts[-1] += " " + word
        else:
            texts.append(word)
    return tuple(GridCell(text, line.place) for text in texts)


def _is_figure(text: str) -> bool:
    return is_value(text) or fold(text) in load().words["units"]
