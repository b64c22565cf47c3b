"""Markdown and what recognisers of pictures call so: tables as pipes, with or without a head, or as HTML in between."""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections import Counter
from dataclasses import replace
from itertools import groupby, pairwise

from extract.content import Content, GridCell, Paragraph, Table
from extract.figures import is_value
from extract.formats.charset import decode
from extract.formats.dumps import Row, from_lines, labelled, merged, unglued
from extract.formats.html import read_html
from extract.formats.text import read_lines
from extract.records import ReportError

PIPE = re.compile(r"(?<!\\)(?:\\\\)*\|")
DELIMITER = re.compile(r"^[\s|:+=-]*-[\s|:+=-]*$")
BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
MARK = re.compile(r"(\*\*|__|`)(.+?)\1")
LEAD = re.compile(r"^\s{0,3}(?:#{1,6}\s+|>\s?)")
ARTICLE = re.compile(r"第.{1,5}[条條]第.{0,6}[项項]$")
HTML_TABLE = re.compile(r"<table\b.*?(?:</table>|\Z)", re.DOTALL | re.IGNORECASE)
WRAPPING = re.compile(r"</?(?:html|body|div|center)\b[^>]*>", re.IGNORECASE)
IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)")


def read_markdown(body: bytes, declared: str | None = None) -> Content:
    """Markdown → paragraphs and tables; a place is the line, in HTML tables also row and column, from 1."""
    text = re.sub(r"\r\n|\r", "\n", decode(body, declared))
    starts = [0, *(found.end() for found in re.finditer("\n", text))]
    blocks: list[Paragraph | Table] = []
    at = 0
    for found in HTML_TABLE.finditer(text):
        blocks += _lines(text[at : found.start()], bisect_right(starts, at) - 1)
        blocks += _html_table(found.group(), bisect_right(starts, found.start()))
        at = found.end()
    blocks += _lines(text[at:], bisect_right(starts, at) - 1)
    return Content(tuple(from_lines(blocks)), "text/markdown")


def _html_table(text: str, line: int) -> list[Paragraph | Table]:
    """An HTML table that begins in `line`, read as in a page; of its places only row and column are the page's."""
    page = f'<!DOCTYPE html><html><head><meta charset="utf-8"></head><body>{text}</body></html>'
    try:
        blocks = read_html(page.encode()).blocks
    except ReportError:  # a table without any Chinese, or without anything
        return []
    return [_at(block, line) for block in blocks]


def _at(block: Paragraph | Table, line: int) -> Paragraph | Table:
    if isinstance(block, Paragraph):
        return replace(block, place={"line": line})
    rows = tuple(
        tuple(replace(c, place={"line": line, "row": c.place["row"], "column": c.place["column"]}) for c in row)
        for row in block.rows
    )
    return replace(block, place={"line": line}, rows=rows)


def _lines(text: str, offset: int) -> list[Paragraph | Table]:
    """Blocks of the lines between HTML tables; `offset` lines stand before them."""
    blocks: list[Paragraph | Table] = []
    head: list[Row] = []  # a table of heads only, to which the next table belongs
    numbered = list(enumerate(text.split("\n"), offset + 1))
    for piped, run in groupby(numbered, key=lambda pair: _in_table(pair[1])):
        lines = list(run)
        if piped and (len(lines) > 1 or len(PIPE.findall(lines[0][1])) > 2):
            rows = head + _pipe_rows(lines)
            head = rows if all(map(_is_head, rows)) else []
            blocks += _pipe_table(rows) if rows and not head else []
        elif any(line.strip() for _, line in lines):
            blocks += _pipe_table(head) if head else []
            head = []
            plain = [_plain(line) for _, line in lines]
            blocks += [_moved(block, lines[0][0] - 1) for block in read_lines(plain)]
    return blocks + (_pipe_table(head) if head else [])


def _in_table(line: str) -> bool:
    """A line with pipes, or the article that stands over a block of table 二: a row of one cell has none."""
    return PIPE.search(line) is not None or ARTICLE.match(line.strip()) is not None


def _moved(block: Paragraph | Table, by: int) -> Paragraph | Table:
    """The block with its line numbers raised."""
    place = {"line": block.place["line"] + by}
    if isinstance(block, Paragraph):
        return replace(block, place=place)
    rows = tuple(tuple(replace(c, place={"line": c.place["line"] + by}) for c in row) for row in block.rows)
    strays = tuple((at, replace(p, place={"line": p.place["line"] + by})) for at, p in block.strays)
    return replace(block, place=place, rows=rows, strays=strays)


def _plain(line: str) -> str:
    """A line without Markdown's marks and images; blanks and tabs stay."""
    bare = WRAPPING.sub("", IMAGE.sub("", LEAD.sub("", line)))
    return html.unescape(MARK.sub(r"\2", bare)) if bare.strip() else ""


def _pipe_rows(lines: list[tuple[int, str]]) -> list[Row]:
    framed = all(line.lstrip().startswith("|") for _, line in lines)
    rows = (_fields(number, line, framed) for number, line in lines if not DELIMITER.match(line))
    return [row for row in rows if any(cell.text for cell in row)]


def _pipe_table(rows: list[Row]) -> list[Paragraph | Table]:
    """A grid where most rows, and all heads, have the same number of fields; else only the order of cells is known."""
    if all(len([cell for cell in row if cell.text]) == 1 for row in rows):
        return [Paragraph(cell.text, cell.place) for row in rows for cell in row if cell.text]
    width, most = Counter(map(len, rows)).most_common(1)[0]
    if most * 4 < len(rows) * 3 or any(1 < len(row) < width and _is_head(row) for row in rows):
        return [Table(tuple(unglued(labelled(rows))), "cells", rows[0][0].place)]
    return [Table(tuple(unglued(merged(rows))), "grid", rows[0][0].place)]


def _is_head(row: Row) -> bool:
    return not any(is_value(cell.text) for cell in row)


def _fields(number: int, line: str, framed: bool) -> tuple[GridCell, ...]:
    """The fields between the pipes; `\\|` is a pipe in print. A frame has pipes at both ends."""
    bare = line.strip() if framed else line
    bounds = [-1, *(found.end() - 1 for found in PIPE.finditer(bare)), len(bare)]
    fields = [bare[a + 1 : b] for a, b in pairwise(bounds)]
    if framed:
        fields = fields[1:-1] if bounds[-2] == len(bare) - 1 else fields[1:]
    texts = (BREAK.sub("\n", MARK.sub(r"\2", field)).replace("\\|", "|") for field in fields)
    return tuple(GridCell(html.unescape(text).strip(), {"line": number}) for text in texts)
