"""Glyphs → words → lines. A gap between two figures is never closed: it stays as a space, and matching flags it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter

from extract.formats.layout import Glyph

GAP = 0.3  # of the height: a wider gap between two glyphs parts words
MIXED = 0.45  # between Chinese and digits or Latin letters, which typesetters set a quarter of an em apart
OVER = 0.3  # of the width: figures set tighter than any typesetter does are two figures, one over the other
DOUBLED = 0.25  # of the width: the same glyph again within it is bold by printing twice
HAN = re.compile(r"[\u4e00-\u9fff\u3000-\u3003\u3007-\u301f，。；：、（）“”《》]")
# Radicals that PDFs made by browsers print for the characters they look like. NFKC knows U+2F00…2FDF, not these
RADICALS = dict(
    zip(
        "⺎⺟⺠⺩⻁⻄⻅⻆⻉⻋⻑⻒⻓⻔⻘⻙⻚⻛⻜⻝⻠⻢⻣⻤⻥⻦⻧⻨⻩⻫⻬⻭⻮⻯⻰⻱⻲⻳",
        "兀母民王虎西见角贝车長镸长门青韦页风飞食饣马骨鬼鱼鸟卤麦黄斉齐歯齿竜龙龜亀龟",
        strict=True,
    )
)


@dataclass(slots=True)
class Word:
    """Glyphs that touch."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    confidence: float | None
    glyphs: list[Glyph]

    @property
    def middle(self) -> tuple[float, float]:
        return (self.x0 + self.x1) / 2, (self.top + self.bottom) / 2

    @property
    def height(self) -> float:
        return self.bottom - self.top


def plain(text: str) -> str:
    """The characters that a radical stands for; everything else as printed."""
    if all(char < "\u2e80" or char > "\u2fdf" for char in text):
        return text
    return "".join(RADICALS.get(c, unicodedata.normalize("NFKC", c)) if "\u2e80" <= c <= "\u2fdf" else c for c in text)


def words(glyphs: Iterable[Glyph]) -> list[Word]:
    """Every word of a page, line by line from the top and from left to right."""
    found: list[Word] = []
    for line in _rows(sorted(glyphs, key=lambda g: g.top + g.bottom)):
        found.extend(_split(sorted(line, key=attrgetter("x0"))))
    return found


def _rows(glyphs: Sequence[Glyph]) -> Iterator[list[Glyph]]:
    """Glyphs at one height, given sorted by their middles; a row ends at a gap between middles where there is one."""
    row: list[Glyph] = []
    first = last = 0.0
    for glyph in glyphs:
        middle = (glyph.top + glyph.bottom) / 2
        if row:
            height = min(glyph.bottom - glyph.top, row[-1].bottom - row[-1].top)
            if middle - first > 0.6 * height or (middle - first > 0.3 * height and middle - last > 0.1 * height):
                yield row
                row = []
        if not row:
            first = middle
        row.append(glyph)
        last = middle
    if row:
        yield row


def _split(line: Sequence[Glyph]) -> Iterator[Word]:
    word: list[Glyph] = []
    space = False
    for glyph in line:
        if not glyph.text.strip():
            space = True
        elif not word or not _again(glyph, word):
            if word and _apart(word[-1], glyph, space):
                yield as_word(word)
                word = []
            word.append(glyph)
            space = False
    if word:
        yield as_word(word)


def _again(glyph: Glyph, word: Sequence[Glyph]) -> bool:
    """Bold by printing twice: the same glyph at almost the same place."""
    near = DOUBLED * (glyph.bottom - glyph.top)
    return any(
        before.text == glyph.text
        and glyph.x0 - before.x0 < min(near, 0.5 * (glyph.x1 - glyph.x0))
        and abs(glyph.top - before.top) < near
        for before in word[-2:]
    )


def _apart(before: Glyph, glyph: Glyph, space: bool) -> bool:
    """Whether white space, or another size or height among figures (a footnote's number), parts two glyphs.

    White space that the next glyph is printed over is not seen by a reader and parts nothing.
    """
    gap, height = glyph.x0 - before.x1, min(glyph.bottom - glyph.top, before.bottom - before.top)
    figures = before.text[-1].isdigit() and glyph.text[0].isdigit()
    mixed = before.text[-1].isascii() != glyph.text[0].isascii()
    if gap > (0.1 if space else 0.15 if figures else MIXED if mixed else GAP) * height:
        return True
    over, width, aside = -gap, glyph.x1 - glyph.x0, abs(glyph.bottom - before.bottom)
    return figures and (
        over > OVER * width  # one printed over the other
        or (over > 0.1 * width and aside > 0.1 * height)
        or height < 0.75 * max(glyph.bottom - glyph.top, before.bottom - before.top)
        or aside > 0.25 * height
    )


def as_word(glyphs: list[Glyph]) -> Word:
    """Glyphs of one line, from left to right, as one word."""
    sure = [g.confidence for g in glyphs if g.confidence is not None]
    return Word(
        plain("".join(g.text for g in glyphs)),
        glyphs[0].x0,
        min(g.top for g in glyphs),
        max(g.x1 for g in glyphs),
        max(g.bottom for g in glyphs),
        min(sure) if sure else None,
        glyphs,
    )


def lines(found: Iterable[Word]) -> list[list[Word]]:
    """Words in lines, from the top; a word belongs to a line where its middle lies within the line's height."""
    result: list[list[Word]] = []
    for word in sorted(found, key=lambda w: (w.top + w.bottom, w.x0)):
        line = next((line for line in reversed(result[-3:]) if _beside(word, line[0])), None)
        if line is None:
            result.append([word])
        else:
            line.append(word)
    for line in result:
        line.sort(key=attrgetter("x0"))
    return result


def _beside(word: Word, other: Word) -> bool:
    distance = abs(word.middle[1] - other.middle[1])
    return distance < 0.35 * min(word.height, other.height)


def text(line: Sequence[Word]) -> str:
    """A line as printed; white space of any width is one space."""
    return " ".join(word.text for word in line)


def cell_text(found: Iterable[Word]) -> str:
    """The lines of a cell from the top, each on a line of its own; a run of Chinese that was only wrapped is one."""
    printed = ""
    for line in map(text, lines(found)):
        wrapped = printed and HAN.match(printed[-1]) and HAN.match(line[0])
        printed += line if wrapped or not printed else "\n" + line
    return printed
