"""One page as a picture → its lines of text, its figures, and the rules of its cells.

Every figure is read at least twice: in a page pass (the recogniser finds lines itself) and in a cell pass (the ruling
lines say where a cell is). A figure whose readings differ, or a cell with ink that nothing was read from, gets a
confidence under the bar and so no value.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from extract.formats import ocr, scan
from extract.formats.join_pages import wordings
from extract.formats.layout import Glyph
from extract.formats.ocr import Reading
from extract.formats.scan import Box
from extract.labels import key

ILLEGIBLE = "〓"  # stands where there is ink that cannot be read
DIFFER = 0.5  # confidence of a figure of which two readings differ
_Found = tuple[Box, int | None]  # a line that the page pass found, and its cell
FIGURE = re.compile(r"[0-9.\-,]*[0-9][0-9.\-,]*")
HAN = re.compile(r"[\u4e00-\u9fff]")
LOOKALIKE = re.compile(r"[0-9.\-,OoQDlIi|一丨。〇口了乙SBZ'’·\s]{1,12}")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of ink in a cell: where, how many tall blots it has, and the widest white between two of its blots.

    `dash` is where the ink after a leading dash begins, None where there is none; `core` is the box of the tall blots.
    """

    cell: int
    box: Box
    blots: int
    gap: float
    dash: float | None = None
    core: Box | None = None


def recognise(page: scan.Page, cells: Sequence[Box]) -> Iterator[Glyph]:
    """All lines of a straightened page, in pixels: text outside cells, labels, figures, illegible ink."""
    picture = np.dstack([page.grey] * 3)
    lines, coloured = _ink(page, cells)
    found = ocr.find_text(picture, page.text)
    homes = [_home(box, cells) for box in found]
    by_cell = ocr.read_lines([_crop(picture, line.box, 0.2 * _height(line.box, page.text)) for line in lines])
    figures = {i for i, r in enumerate(by_cell) if LOOKALIKE.fullmatch(r.text) or not r.text}
    figures, residue = _without_residue(lines, by_cell, figures)
    counted = {lines[i].cell for i in figures}
    wanted = [n for n, home in enumerate(homes) if home is None or home in counted]
    by_page = dict(zip(wanted, ocr.read_lines([_crop(picture, found[n], 0.0) for n in wanted]), strict=True))
    yield from (_glyph(found[n], r) for n, r in by_page.items() if homes[n] is None and r.text.strip())
    yield from _labels(page, lines, by_cell, figures | residue, [(found[n], home) for n, home in enumerate(homes)])
    yield from (Glyph(ILLEGIBLE, *box, 0.0) for box in coloured)
    pairs = {
        i: [r for n, r in by_page.items() if homes[n] is not None and _within(found[n], lines[i].box)] for i in figures
    }
    bare = _without_dash(picture, lines, figures)
    for i, readings in _readings(page, lines, by_cell, pairs).items():
        yield _figure(lines[i], readings, bare.get(i))


def _ink(page: scan.Page, cells: Sequence[Box]) -> tuple[list[_Line], list[Box]]:
    """The lines of ink in the cells, and the cells that hold nothing but coloured ink."""
    lines, coloured = [], []
    for number, cell in enumerate(cells):
        blots = scan.inked(page.ink, cell, page.text)
        for box in scan.text_lines(blots, page.text):
            own = [b for b in blots if _within(b, box)]
            tall = [b for b in own if b[3] - b[1] >= 0.5 * (box[3] - box[1])]
            core = _around(b for b in tall if b[3] - b[1] >= 0.35 * page.text)
            lines.append(_Line(number, box, len(_columns(tall)), _gap(own), _dash(own, box), core))
        if not blots:
            coloured += [b for b in scan.inked(page.colour, cell, page.text) if b[3] - b[1] > 0.5 * page.text][:1]
    return lines, coloured


def _around(boxes: Iterable[Box]) -> Box | None:
    sides = list(zip(*boxes, strict=True))
    return (min(sides[0]), min(sides[1]), max(sides[2]), max(sides[3])) if sides else None


def _home(box: Box, cells: Sequence[Box]) -> int | None:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return next((n for n, c in enumerate(cells) if c[0] <= x < c[2] and c[1] <= y < c[3]), None)


def _height(box: Box, text: float) -> float:
    """Of a line; a lone minus or 一 is lower than its line."""
    return max(box[3] - box[1], 0.4 * text)


def _crop(picture: Any, box: Box, edge: float) -> Any:
    x0, top, x1, bottom = box[0] - edge, box[1] - edge, box[2] + edge, box[3] + edge
    return picture[
        max(0, int(top)) : max(int(top) + 4, int(bottom + 1)), max(0, int(x0)) : max(int(x0) + 4, int(x1 + 1))
    ]


def _readings(
    page: scan.Page, lines: Sequence[_Line], by_cell: Sequence[Reading], pairs: Mapping[int, Sequence[Reading]]
) -> dict[int, list[Reading]]:
    """The readings of each figure: two, and where they are not beyond doubt a third of the cleaned picture."""
    doubtful = [i for i, found in pairs.items() if not _settled(by_cell[i], found)]
    cleaned = scan.cleaned(page)
    again = ocr.read_lines([_crop(cleaned, lines[i].box, 0.35 * _height(lines[i].box, page.text)) for i in doubtful])
    third = {i: [reading] for i, reading in zip(doubtful, again, strict=True)}
    return {i: [by_cell[i], *_joined(found), *third.get(i, [])] for i, found in pairs.items()}


def _glyph(box: Box, reading: Reading) -> Glyph:
    return Glyph(reading.text or ILLEGIBLE, *box, reading.confidence if reading.text else 0.0)


def _within(box: Box, other: Box) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return other[0] - 3 <= x <= other[2] + 3 and other[1] - 3 <= y <= other[3] + 3


def _columns(blots: Sequence[Box]) -> list[Box]:
    """Blots that stand side by side: pieces above one another are one character."""
    apart: list[Box] = []
    for blot in sorted(blots):
        if not apart or blot[0] >= apart[-1][2]:
            apart.append(blot)
        else:
            apart[-1] = (*apart[-1][:2], max(apart[-1][2], blot[2]), blot[3])
    return apart


def _gap(blots: Sequence[Box]) -> float:
    apart = _columns(blots)
    return max((b[0] - a[2] for a, b in zip(apart, apart[1:], strict=False)), default=0.0)


def _without_residue(
    lines: Sequence[_Line], by_cell: Sequence[Reading], figures: set[int]
) -> tuple[set[int], set[int]]:
    """The figures, and apart from them low ink in cells of words: what a seal leaves of the rules under it."""
    worded = {line.cell for i, line in enumerate(lines) if i not in figures and len(HAN.findall(by_cell[i].text)) > 1}
    residue = {i for i in figures if lines[i].core is None and lines[i].cell in worded}
    return figures - residue, residue


def _dash(blots: Sequence[Box], line: Box) -> float | None:
    """Where the ink after a leading dash begins: a blot that is low, wide, half way up, and left of all else."""
    if len(blots) < 2:
        return None
    first, *rest = sorted(blots)
    height = line[3] - line[1]
    wide, low = first[2] - first[0], first[3] - first[1]
    level = 0.25 < ((first[1] + first[3]) / 2 - line[1]) / height < 0.8
    if rest[0][0] < first[2] or low > 0.4 * height or wide < max(1.2 * low, 0.2 * height) or not level:
        return None
    return rest[0][0]


def _without_dash(picture: Any, lines: Sequence[_Line], figures: Iterable[int]) -> dict[int, Reading]:
    """What follows the dash of a figure, read alone: ink shows a dash better than the recogniser, digits not."""
    dashed = [(i, (lines[i].dash, *lines[i].box[1:])) for i in sorted(figures) if lines[i].dash is not None]
    read = ocr.read_lines([_crop(picture, box, 0.15 * (box[3] - box[1])) for _, box in dashed])
    return {i: reading for (i, _), reading in zip(dashed, read, strict=True)}


def _labels(
    page: scan.Page, lines: Sequence[_Line], by_cell: Sequence[Reading], figures: set[int], found: Sequence[_Found]
) -> Iterator[Glyph]:
    """The words of the cells. Those that are not a form's are read again: as the page pass finds them, cleaned, and
    without low ink at their ends, which is what a seal leaves of the rules under it.

    Of such readings of the same ink that counts which is nearest to a form's wording; none is ever mended.
    """
    cells: dict[int, list[int]] = {}
    for i, line in enumerate(lines):
        if i not in figures:
            cells.setdefault(line.cell, []).append(i)
    first = {cell: [_glyph(lines[i].box, by_cell[i]) for i in own] for cell, own in cells.items()}
    odd = {cell: read for cell, read in first.items() if not _known(read)}
    cleaned = scan.cleaned(page) if odd else None
    picture = np.dstack([page.grey] * 3)
    views: list[tuple[int, list[Box], list[Any]]] = []
    for cell in odd:
        boxes = sorted((box for box, home in found if home == cell), key=lambda box: box[1])
        views.append((cell, boxes, [_crop(picture, box, 0.0) for box in boxes]))
        boxes = [lines[i].box for i in cells[cell]]
        views.append((cell, boxes, [_crop(cleaned, box, 0.35 * _height(box, page.text)) for box in boxes]))
        boxes = [core for i in cells[cell] if (core := lines[i].core)]
        views.append((cell, boxes, [_crop(picture, box, 0.15 * (box[3] - box[1])) for box in boxes]))
    read = iter(ocr.read_lines([crop for _, _, crops in views for crop in crops]))
    for cell, boxes, _ in views:
        other = [_glyph(box, next(read)) for box in boxes]
        if other and _better(other, first[cell]):
            first[cell] = other
    for glyphs in first.values():
        yield from glyphs


def _known(label: Sequence[Glyph]) -> bool:
    return key("".join(glyph.text for glyph in label)) in wordings()


def _better(other: Sequence[Glyph], label: Sequence[Glyph]) -> bool:
    """Whether another reading is nearer to a form's wording; a short label must also be surer: 处分 is no 处罚."""
    near = [_nearness(key("".join(glyph.text for glyph in read))) for read in (other, label)]
    surer = min(g.confidence or 0 for g in other) > min(g.confidence or 0 for g in label)
    return near[0] > near[1] and (surer or len(key("".join(g.text for g in label))) > 5)


def _nearness(text: str) -> float:
    """0 to 1; 0 for what is like no wording."""
    best = process.extractOne(text, wordings(), scorer=Levenshtein.normalized_similarity, score_cutoff=0.6)
    return best[1] if best else 0.0


def _joined(readings: Sequence[Reading]) -> list[Reading]:
    """What the page pass read in one line of a cell: one reading, or its pieces as one that fits none."""
    return list(readings) if len(readings) < 2 else [Reading(" ".join(r.text for r in readings), 0.0)]


def _settled(cell: Reading, page: Sequence[Reading]) -> bool:
    """Whether both passes read the same without doubt: no third reading is needed."""
    return (
        len(page) == 1 and _number(cell)[0] == _number(page[0])[0] and min(_number(cell)[1], _number(page[0])[1]) > 0.98
    )


def _figure(line: _Line, readings: Sequence[Reading], bare: Reading | None = None) -> Glyph:
    """One figure from its readings. They agree, or it is in doubt; the first one's text stands either way.

    `bare` is a reading of what follows the line's dash: with the dash beyond doubt its confidence counts.
    """
    printed = [_number(r) for r in readings]
    value, sure = printed[0]
    if not value:
        value, sure = next(((v, s) for v, s in printed if v), ("", 0.0))
        return Glyph(value or ILLEGIBLE, *line.box, min(sure, 0.3))
    agree = len(readings) > 1 and all(v == value for v, _ in printed)
    sure = sorted(s for _, s in printed)[len(printed) // 2 - (len(printed) == 2)] if agree else min(DIFFER, sure)
    if FIGURE.fullmatch(value):
        if bare and agree and _number(bare)[0] == value.removeprefix("-"):
            sure = max(sure, _number(bare)[1])
        if (line.dash is not None) != value.startswith("-"):  # a minus that was not read, or one that is not there
            sure = min(sure, DIFFER)
        if line.blots > len(value):  # more blots of ink than characters: one of them was not read
            sure = min(sure, DIFFER)
        if line.gap > 0.75 * (line.box[3] - line.box[1]):  # white as wide as a digit: two figures rather than one
            sure = 0.0
    return Glyph(value, *line.box, sure)


def _number(reading: Reading) -> tuple[str, float]:
    """A figure as read, and how surely; a look-alike (`O`, `l`) counts for the digit: no letters stand there."""
    if re.search(r"[0-9]\s+[0-9]", reading.text):  # two figures, or one with a gap
        return reading.text, 0.0
    text = reading.text.replace(" ", "")
    if FIGURE.fullmatch(reading.digits) and (text == reading.digits or LOOKALIKE.fullmatch(text)):
        return reading.digits, reading.sure
    return text, reading.confidence
