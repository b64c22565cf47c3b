"""Plain text in the shapes that converters leave: a cell a line, a row a tabbed line, or both in one document."""

from __future__ import annotations

import re

from extract.content import Content, GridCell, Paragraph, Table
from extract.formats.charset import decode
from extract.formats.dumps import HEADING, from_lines
from extract.labels import key

SINGLE = re.compile(r"^[ \u00a0\u2002\u3000]*\t[^\t]*$")  # one cell a line: a tab, then the cell
VALUE = re.compile(r"^[\d.,+\-－/—]{1,12}$")


def read_text(body: bytes, declared: str | None = None) -> Content:
    """UTF-8 or GB18030 text → paragraphs and tables; places are line numbers of the decoded text, from 1."""
    lines = re.split(r"\r\n|\r|\n", decode(body, declared))
    return Content(tuple(from_lines(read_lines(lines))), "text/plain")


def read_lines(lines: list[str]) -> list[Paragraph | Table]:
    """Paragraphs and tables of the lines; a place is the line's number, from 1."""
    blocks: list[Paragraph | Table] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        if is_tab_row(line):
            table, at = _tab_table(lines, at)
            blocks.append(table)
        elif SINGLE.match(line):
            table, at = _cell_table(lines, at)
            blocks.append(table)
        else:
            if line.strip():
                blocks.append(Paragraph(line, {"line": at + 1}))
            at += 1
    return blocks


def is_tab_row(line: str) -> bool:
    """A row of several fields: a tab that is not merely the mark before a single cell."""
    return "\t" in line and not SINGLE.match(line)


def _tab_table(lines: list[str], at: int) -> tuple[Table, int]:
    rows: list[tuple[GridCell, ...]] = []
    strays: list[tuple[int, Paragraph]] = []
    start = at
    while at < len(lines):
        line = lines[at]
        if is_tab_row(line):
            rows.append(tuple(GridCell(field, {"line": at + 1}) for field in line.split("\t")))
        elif not _tab_follows(lines, at) or not (VALUE.match(line.strip()) or not line.strip()):
            break
        elif line.strip():
            strays.append((len(rows) - 1, Paragraph(line, {"line": at + 1})))
        at += 1
    return Table(tuple(rows), "tabs", {"line": start + 1}, tuple(strays)), at


def _tab_follows(lines: list[str], at: int) -> bool:
    """Blank lines stand between the pages of one table, and a figure may stand on a line of its own."""
    following = next((line for line in lines[at + 1 :] if line.strip()), "")
    return is_tab_row(following)


class _Rows:
    """The growing rows of a table that is printed one cell a line."""

    def __init__(self) -> None:
        self.rows: list[list[GridCell]] = [[]]
        self.strays: list[tuple[int, Paragraph]] = []
        self.glued: set[int] = set()

    def add(self, text: str, line: int) -> None:
        self.rows[-1].append(GridCell(text, {"line": line}))

    def end_row(self) -> None:
        if self.rows[-1]:
            self.rows.append([])

    def extend(self, text: str, line: int, apart: bool) -> None:
        """A line without a tab continues the cell above — unless it is a figure, which belongs to no cell (S27)."""
        row = next((r for r in reversed(self.rows) if r), None)
        if row is None or VALUE.match(text.strip()):
            self.strays.append((len(self.rows) - 1 - (not self.rows[-1]), Paragraph(text, {"line": line})))
            return
        if apart and not self.rows[-1]:
            self.rows.pop()
        row[-1] = GridCell(f"{row[-1].text}\n{text}", row[-1].place)


def _cell_table(lines: list[str], at: int) -> tuple[Table, int]:
    grown, start = _Rows(), at
    while at < len(lines):
        line = lines[at]
        if SINGLE.match(line):
            lead, _, text = line.partition("\t")
            if lead and key(text) and not VALUE.match(text.strip()) and grown.rows[-1]:
                # `\t 0` then ` \t四、结转…`: the row break became a space (S22)
                grown.glued.add(len(grown.rows) - 1)
                grown.end_row()
            grown.add(text, at + 1)
        elif not line.strip():
            if _table_ends(lines, at):
                break
            grown.end_row()
        elif HEADING.search(key(line)) or is_tab_row(line) or len(line.strip()) > 60:
            break
        else:
            grown.extend(line, at + 1, apart=not lines[at - 1].strip())
        at += 1
    rows = tuple(tuple(row) for row in grown.rows if row)
    return Table(rows, "cells", {"line": start + 1}, tuple(grown.strays), frozenset(grown.glued)), at


def _table_ends(lines: list[str], at: int) -> bool:
    """Two blank lines end a table; one blank line ends a row, or stands inside a cell that was broken over lines."""
    following = [line for line in lines[at + 1 : at + 2]]
    return not following or (not following[0].strip() and "\t" not in following[0])
