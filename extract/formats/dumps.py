"""Text that a recogniser of pictures wrote down line by line: whose figures a line holds is known by order alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import groupby, zip_longest

from extract import forms
from extract.content import GridCell, Paragraph, Table
from extract.figures import is_value
from extract.labels import fold, key

SHORT = 60  # characters; the longest official label has 39
LONGEST_ROW = 150
FIRST = re.compile("信息内容|第二十条|申请人情况|^行政复议(?:因.{0,16})?$|^行政复议行政诉讼")
HEADING = re.compile(
    r"总体情况|总体概述|^概述|主动公开政府信息|收到和处理政府信息公开申请|行政复议、?和?(提起)?行政诉讼情况|存在的?(主要)?问题|其他需要?报告的?事项"
)
FEWEST = 5  # figures that make a run of short lines a table, as `extract.loose` counts
DISPUTES = re.compile("行政复议|行政诉讼|未经复议直接起诉|复议后起诉|结果维持|结果纠正|其他结果|尚未审结|总计")
HAN = re.compile(r"[\u4e00-\u9fff]")
NUMBER = re.compile(r"[（(]?[一二三四五六七八九十]{1,3}[）)、.．]+$|[（(]?\d{1,2}[）)、.．]+$")
Row = tuple[GridCell, ...]


def from_lines(blocks: Sequence[Paragraph | Table]) -> list[Paragraph | Table]:
    """Lines without any table sign, with the tables that blanks between cells, or the order of lines, show."""
    if any(isinstance(block, Table) for block in blocks):
        return list(blocks)
    return refuse_reversed(spaced(boundless(blocks)))


def refuse_reversed(blocks: Sequence[Paragraph | Table]) -> list[Paragraph | Table]:
    """Blocks in which tables printed figures first, label after, have no figure behind a label.

    A recogniser that reads a tall label after the figures beside it gives every row's figures to the label above.
    Such a run begins with figures right behind a head, and ends with the label of a row: nothing shows which figures
    are whose, so none is given a label.
    """
    if any(isinstance(block, Table) for block in blocks):
        return list(blocks)
    result: list[Paragraph | Table] = []
    for short, run in groupby(blocks, key=lambda block: _is_short(block, SHORT)):
        paragraphs = [block for block in run if isinstance(block, Paragraph)]
        figures = [i for i, p in enumerate(paragraphs) if is_value(p.text)]
        if short and len(figures) >= FEWEST:
            result.extend(_unlabelled(paragraphs, figures))
        else:
            result.extend(paragraphs)
    return result


def _is_short(block: Paragraph | Table, most: int) -> bool:
    return isinstance(block, Paragraph) and len(block.text) <= most


def _unlabelled(paragraphs: list[Paragraph], figures: list[int]) -> list[Paragraph | Table]:
    """The run, with the figures of tables that are printed the wrong way round before all of their labels."""
    kept: list[Paragraph | Table] = []
    begin = 0
    for first, last in _stretches(paragraphs, figures):
        before = key(paragraphs[first - 1].text) if first else ""
        after = key(paragraphs[last + 1].text) if last + 1 < len(paragraphs) else ""
        if after in _row_keys() and (before in _head_keys() or before not in _row_keys()):
            kept += paragraphs[begin:first]
            # All figures, then all labels: so none stands behind a label when rows are made of them
            turned = sorted(paragraphs[first : last + 2], key=lambda p: not is_value(p.text))
            kept += turned
            begin = last + 2
    return kept + paragraphs[begin:]


def _stretches(paragraphs: list[Paragraph], figures: list[int]) -> list[tuple[int, int]]:
    """First and last figure of every table in the run: a head of columns between figures begins another table."""
    found: list[tuple[int, int]] = []
    for at in figures:
        words = [key(p.text) for p in paragraphs[found[-1][1] + 1 : at]] if found else []
        if not found or any("信息内容" in word or "申请人情况" in word or word == "行政复议" for word in words):
            found.append((at, at))
        else:
            found[-1] = (found[-1][0], at)
    return found


def boundless(blocks: Sequence[Paragraph | Table]) -> list[Paragraph | Table]:
    """Blocks in which lines that lost the bounds of their cells (`2.重复申请1000001`) are rows of label and one text.

    So each is named with what it prints, and no figure is taken from it: the digits of a row are one value too few.
    """
    rows: dict[int, Row] = {}
    for i, block in enumerate(blocks):
        if isinstance(block, Paragraph) and len(block.text) <= LONGEST_ROW and (found := _glued(block)):
            rows[i] = found
    if sum(is_value(row[-1].text) for row in rows.values()) < FEWEST:
        return list(blocks)
    result: list[Paragraph | Table] = []
    for glued, run in groupby(enumerate(blocks), key=lambda pair: pair[0] in rows):
        at = [i for i, _ in run]
        if glued:
            result.append(Table(tuple(rows[i] for i in at), "cells", blocks[at[0]].place))
        else:
            result += [blocks[i] for i in at]
    return result


def _glued(paragraph: Paragraph) -> Row | None:
    """Label and digits of a line that ends in the label of a row and then digits; the words of table 四's head."""
    text = paragraph.text.strip()
    words = list(DISPUTES.finditer(fold(text)))
    if len(words) > 1 and sum(len(word.group()) for word in words) == len(text):
        return tuple(GridCell(text[word.start() : word.end()], paragraph.place) for word in words)
    label = text.rstrip("0123456789")
    digits = text[len(label) :]
    if not digits or label[-1:].isspace() or (not label and len(digits) < FEWEST):  # a blank is a bound that is left
        return None
    if label:
        at = next((i for i in range(len(label)) if key(label[i:]) in _row_keys()), None)
        if at is None or (at and len(key(label[at:])) < 4):
            return None
        return (GridCell(label[at:], paragraph.place), GridCell(digits, paragraph.place))
    return (GridCell(digits, paragraph.place),)


def spaced(blocks: Sequence[Paragraph | Table]) -> list[Paragraph | Table]:
    """Blocks in which a run of lines, each a table's row with blanks between its cells, is a table of shape `cells`.

    Only the order of the cells is known: an empty one leaves no trace.
    """
    result: list[Paragraph | Table] = []
    run: list[Paragraph] = []
    for block in [*blocks, None]:
        if isinstance(block, Paragraph) and _is_short(block, LONGEST_ROW):
            words = key(block.text)
            if not HEADING.search(words) and (run or FIRST.search(words)):
                run.append(block)
                continue
        rows = [_split(paragraph) for paragraph in run]
        if sum(is_value(cell.text) for row in rows if len(row) > 1 for cell in row) >= FEWEST:
            result.append(Table(tuple(rows), "cells", run[0].place))
        else:
            result.extend(run)
        run = []
        if block is not None:
            result.append(block)
    return result


def _split(paragraph: Paragraph) -> Row:
    """The cells of a line; a numeral on its own and the letters of a word set wide belong to what follows."""
    texts: list[str] = []
    for field in paragraph.text.split():
        before = texts[-1] if texts else ""
        if not is_value(field) and (NUMBER.match(before) or (len(before) == 1 == len(field) and HAN.match(before))):
            texts[-1] = f"{before} {field}"
        else:
            texts.append(field)
    return tuple(GridCell(text, paragraph.place) for text in texts)


def merged(rows: Sequence[Row]) -> list[Row]:
    """Rows in which a text that a converter repeated over a merged cell's fields stands once.

    Words equal to those on the left or above are one cell; a figure is only where the head above it is.
    """
    result: list[Row] = []
    spans: dict[int, int] = {}  # column → the column where its merged head begins
    above: list[str] = []
    for row in rows:
        texts = [cell.text for cell in row]
        words = {c for c, text in enumerate(texts) if text and not is_value(text)}
        left = {c for c in words if c and texts[c] == texts[c - 1]}
        up = {c for c in words if c < len(above) and texts[c] == above[c]}
        if all(c in words or not text for c, text in enumerate(texts)):
            spans = {}
            for c in sorted(left):
                spans[c] = spans.get(c - 1, c - 1)
        again = {c for c, first in spans.items() if c < len(texts) and c not in words and texts[c] == texts[first]}
        gone = left | up | again
        result.append(tuple(replace(c, text="", origin=False) if i in gone else c for i, c in enumerate(row)))
        above = texts
    return result


def unglued(rows: Sequence[Row]) -> Iterator[Row]:
    """Rows of a grid; of one whose figures may have run together the blank fields are dropped, so it cannot be placed.

    `1000001` beside blank fields may be the seven figures of the row: a blank counts as blank only where the digits
    are too few for every column, or where the last figure is the sum of the others.
    """
    head: list[str] = []
    ended = True  # the head above has had its figures: the next one is another's
    for row in rows:
        texts = [cell.text for cell in row]
        at = [c for c, text in enumerate(texts) if is_value(text)]
        if not at and len([text for text in texts if text]) > 1:
            head = texts if ended else [a or b for a, b in zip_longest(head, texts, fillvalue="")]
        ended = bool(at)
        label = max((c for c, text in enumerate(texts) if text and c not in at), default=-1)
        columns = [c for c, text in enumerate(head) if text and label < c < len(row)]
        columns = columns or list(range(at[0] if len(at) > 1 else label + 1, len(row)))
        blank = 0 < len(at) < len(columns) and any(not texts[c] and row[c].origin for c in columns)
        glued = blank and _several([texts[c] for c in columns])
        yield tuple(cell for cell in row if cell.text) if glued else row


def _several(fields: list[str]) -> bool:
    """Whether the figures among the fields of a row may be those of all its columns, run together."""
    figures = [text for text in fields if text]
    if any(len(text) > 1 and text[0] == "0" and text.isdecimal() for text in figures):
        return True
    if sum(map(len, figures)) < len(fields) or (len(fields) < 5 and len(figures) > 1):
        return False
    if len(figures) < 2 or not all(text.isdecimal() for text in figures):
        return True
    width = 5 if len(fields) == 15 else len(fields)  # table 四 has three channels of five
    whole = [int(text or 0) for text in fields]
    return any(sum(whole[at : at + width - 1]) != whole[at + width - 1] for at in range(0, len(whole), width))


def labelled(rows: Sequence[Row]) -> list[Row]:
    """Rows in which a label on a line of its own has its figures, where every line of figures follows a label."""
    figures = [r for r, row in enumerate(rows) if all(is_value(cell.text) for cell in row)]
    owned = all(r and len(rows[r - 1]) == 1 and key(rows[r - 1][0].text) in _row_keys() for r in figures)
    if not figures or not owned:
        return list(rows)
    taken = set(figures)
    return [row + rows[r + 1] if r + 1 in taken else row for r, row in enumerate(rows) if r not in taken]


@cache
def _row_keys() -> frozenset[str]:
    """Every wording of a row of tables 二 and 三."""
    return frozenset(
        key(text)
        for form in forms.load().values()
        for name in ("disclosures", "applications")
        for row in form.tables[name].rows
        for text in (row.label, *row.aliases)
    )


@cache
def _head_keys() -> frozenset[str]:
    """Every wording of a column: 其他 and 总计 are rows as well, but no table begins with those."""
    return frozenset(
        key(text)
        for form in forms.load().values()
        for table in form.tables.values()
        for column in table.columns
        for text in (column.label, *column.aliases)
    )
