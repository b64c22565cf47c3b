"""Digital PDF as word processors and their drivers write it: sheets drawn by reportlab, then marred.

The text is set in STSong-Light, a CID font that is named and not embedded; viewers put a CJK font of the system in its
place. Digits are set in the same font or in Times. PDFs with embedded fonts come from `office` (LibreOffice, Chromium).
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from crawler.replica.render.layout import em
from crawler.replica.render.sheet import Look, Sheet, Stroke, Words, compose, look
from crawler.replica.reports import Synthetic
from crawler.replica.tables import Grid

_CJK = "STSong-Light"


@dataclass(frozen=True, slots=True)
class Driver:
    """What the program that wrote the file does."""

    digits: str = _CJK
    rules: str = "lines"  # lines, rects (filled, thin), boxes (a stroked line for each side of each cell)
    glyphs: bool = False  # every character shown by itself
    odd_spaces: bool = False  # blanks behind and inside labels of the text layer
    double_bold: bool = True  # bold as two strokes of the same glyphs
    white_boxes: bool = False
    turned: int = 0  # /Rotate of every page, its content turned the other way
    cropped: float = 0.0  # points around the page that are in the file and not shown
    encrypted: bool = False  # with an empty user password
    compressed: bool = True


def driver(rng: Random) -> Driver:
    """A driver by chance."""
    return Driver(
        digits=rng.choice((_CJK, "Times-Roman", "Helvetica")),
        rules=rng.choice(("lines", "lines", "rects", "boxes")),
        glyphs=rng.random() < 0.25,
        odd_spaces=rng.random() < 0.25,
        double_bold=rng.random() < 0.5,
        white_boxes=rng.random() < 0.2,
        turned=rng.choice((0,) * 6 + (90, 270, 180)),
        cropped=rng.choice((0.0,) * 5 + (24.0,)),
        encrypted=rng.random() < 0.12,
        compressed=rng.random() < 0.85,
    )


def make(report: Synthetic, rng: Random) -> bytes:
    """A PDF with everything left to chance."""
    return draw(report.title, report.blocks, look(rng), driver(rng), rng)


def make_clean(report: Synthetic, rng: Random) -> bytes:
    """A PDF with full rules and no oddity of the driver; only type sizes, margins and page breaks vary."""
    some = look(rng)
    chosen = Look(size=some.size, prose=some.prose, margin=some.margin, numbered=some.numbered)
    return draw(report.title, report.blocks, chosen, Driver(), rng)


def draw(title: str, blocks: Sequence[str | Grid], chosen: Look, how: Driver, rng: Random) -> bytes:
    """The PDF of a report with the given look and driver; the same arguments give the same bytes."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    if _CJK not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(UnicodeCIDFont(_CJK))
    sheets = compose(title, blocks, replace(chosen, boxed=how.white_boxes))
    body = io.BytesIO()
    size = (chosen.width + 2 * how.cropped, chosen.height + 2 * how.cropped)  # as displayed: reportlab turns it
    canvas = Canvas(body, pagesize=size, invariant=1, pageCompression=int(how.compressed))
    canvas.setTitle(title)
    for number, sheet in enumerate(sheets, start=1):
        _page(canvas, sheet, how, number, rng)
        canvas.showPage()
    canvas.save()
    return _locked(body.getvalue()) if how.encrypted else body.getvalue()


def _locked(body: bytes) -> bytes:
    """Encrypted with an empty user password: any viewer opens it. RC4, since AES would put chance into the bytes."""
    import pikepdf

    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(body)) as file:
        lock = pikepdf.Encryption(owner="replica", user="", R=3, aes=False, metadata=False)
        file.save(out, encryption=lock, static_id=True)
    return out.getvalue()


def _page(canvas: Any, sheet: Sheet, how: Driver, number: int, rng: Random) -> None:
    width, height, edge = sheet.width, sheet.height, how.cropped
    outer = (width + 2 * edge, height + 2 * edge)
    if how.turned:
        canvas.setPageRotation(how.turned)
        # The displayed page is the content turned clockwise; so the content is turned the other way.
        back = {90: (0, 1, -1, 0, outer[1], 0), 180: (-1, 0, 0, -1, *outer), 270: (0, -1, 1, 0, 0, outer[0])}
        canvas.transform(*back[how.turned])
    if edge:
        side = (edge, edge)
        shown = (width, height) if how.turned % 180 == 0 else (height, width)
        canvas.setCropBox((*side, edge + shown[0], edge + shown[1]))
        canvas.setFont(_CJK, 8)  # a printer's mark beyond the edge: in the file, never seen
        canvas.drawString(2, 2, f"第{number + 7}页 99")
        canvas.translate(edge, edge)
    for x0, top, x1, bottom in sheet.boxes:
        canvas.setFillGray(1)
        canvas.rect(x0, height - bottom, x1 - x0, bottom - top, stroke=0, fill=1)
        canvas.setFillGray(0)
    _rules(canvas, sheet, how)
    for words in sheet.words:
        _words(canvas, height, words, how, rng)


def _rules(canvas: Any, sheet: Sheet, how: Driver) -> None:
    height = sheet.height
    canvas.setLineWidth(0.5)
    strokes = sheet.strokes if how.rules == "boxes" else sorted(set(sheet.strokes), key=_order)
    for stroke in strokes:
        if how.rules == "rects":
            canvas.rect(
                stroke.x0 - 0.24,
                height - stroke.bottom - 0.24,
                stroke.x1 - stroke.x0 + 0.48,
                stroke.bottom - stroke.top + 0.48,
                stroke=0,
                fill=1,
            )
        else:
            canvas.line(stroke.x0, height - stroke.top, stroke.x1, height - stroke.bottom)


def _order(stroke: Stroke) -> tuple[float, ...]:
    return stroke.top, stroke.x0, stroke.bottom, stroke.x1


def _words(canvas: Any, height: float, words: Words, how: Driver, rng: Random) -> None:
    from reportlab.pdfbase.pdfmetrics import stringWidth

    base = height - words.top - 0.85 * words.size
    text = _oddly_spaced(words.text, rng) if how.odd_spaces else words.text
    # Blanks of the odd kind take no room: the glyphs stay where they are printed.
    for shift in (0.0, 0.35) if words.bold and how.double_bold else (0.0,):
        x = words.x + shift
        for run, blank in _runs(text, how):
            drawn = canvas.beginText(x, base)
            drawn.setFont(how.digits if run.isascii() else _CJK, words.size)
            # The sheet gives every narrow character half an em; the scale outlives its text object.
            narrow = stringWidth(run, how.digits, words.size) if run.isascii() else 0
            drawn.setHorizScale(100 * em(run) * words.size / narrow if narrow else 100)
            drawn.textOut(run + blank)
            canvas.drawText(drawn)
            x += em(run) * words.size


def _runs(text: str, how: Driver) -> list[tuple[str, str]]:
    """Text in pieces that are shown at once, each with the odd blank behind it."""
    runs: list[list[str]] = []
    for char in text:
        if char == "\x00":
            runs[-1][1] += " "
        elif not runs or runs[-1][1] or how.glyphs or char.isascii() != runs[-1][0][-1].isascii():
            runs.append([char, ""])
        else:
            runs[-1][0] += char
    return [(run, blank) for run, blank in runs]


def _oddly_spaced(text: str, rng: Random) -> str:
    """Marks (NUL) where the text layer gets a blank that is not printed: behind a text, or between CJK characters."""
    out = []
    for at, char in enumerate(text):
        out.append(char)
        last = at == len(text) - 1
        if last and rng.random() < 0.3 or not last and not (char + text[at + 1]).isascii() and rng.random() < 0.03:
            out.append("\x00")
    return "".join(out)
