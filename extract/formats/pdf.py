"""Digital PDF, read by pdfplumber (the reference); pages that are pictures go to the recogniser.

PDFium looks first: it tells in milliseconds whether a page has a text layer. PDFs are hostile input that can take
gigabytes: read them in a worker process with limits, never in Scrapy's.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pdfplumber
import pypdfium2
import pypdfium2.raw as pdfium
from pdfminer.layout import LTChar, LTContainer, LTCurve, LTImage, LTRect
from pdfminer.pdfinterp import PDFPageInterpreter
from pdfplumber.page import Page, PDFPageAggregatorWithMarkedContent

from extract.content import Content, Remark
from extract.formats.layout import Box, Glyph, Layout, Rule, turned
from extract.formats.pages import assemble
from extract.records import ReportError

logging.getLogger("pdfminer").setLevel(logging.ERROR)  # thousands of lines about fonts that are as they are

MEDIA_TYPE = "application/pdf"
MOST_PAGES = 200
MOST_OBJECTS = 300_000  # of one page; a page of a report has some thousands
THIN = 3.0  # points: a filled rectangle no thicker is a ruling line
PICTURE = 0.5  # of the page's area: a picture that covers more, and no text, is a scan
DPI = 170  # of pages handed to the recogniser
LARGEST = 4000  # pixels, the longer side of such a page
INVISIBLE = (3, 7)  # text rendering modes that paint nothing


def read_pdf(body: bytes) -> Content:
    """A PDF → paragraphs and grids; a place is page and bounding box, in points from the page's top left as displayed.

    Raises ReportError where it needs a password, is damaged or too large, or has scans and nothing to read them with.
    """
    scanned, count = triage(body)
    if len(scanned) == count:
        from extract.formats.image import read_scanned_pdf  # the recogniser is an extra, and slow to import

        return read_scanned_pdf(body)
    try:
        pdf = pdfplumber.open(io.BytesIO(body), password="")
        pages = pdf.pages[:MOST_PAGES]
    except Exception as error:  # pdfminer lets through whatever its parts raise: PDFException, KeyError, RecursionError
        raise _damaged(f"{type(error).__name__}") from error
    with pdf:
        title = pdf.metadata.get("Title")
        named = title.strip() or None if isinstance(title, str) else None
        remarks = [Remark("S31", f"page {n} is a picture", {"page": n}) for n in sorted(scanned)]
        meta = {"reader": "pdfplumber"}
        return assemble(_layouts(pages, scanned, body), MEDIA_TYPE, meta=meta, title=named, remarks=remarks)


def _damaged(what: str) -> ReportError:
    return ReportError(f"the PDF is damaged ({what})", remedy="fetch it again")


def opened(body: bytes) -> pypdfium2.PdfDocument:
    """The PDF as PDFium opens it. Raises ReportError where it cannot be opened without a password, or at all."""
    try:
        return pypdfium2.PdfDocument(body)
    except pypdfium2.PdfiumError as error:
        if error.err_code == pdfium.FPDF_ERR_PASSWORD:
            remedy = "ask the publisher for a copy without a password, or save it without one and import it"
            raise ReportError("the PDF needs a password", remedy=remedy) from error
        raise _damaged("it cannot be opened") from error


def triage(body: bytes) -> tuple[frozenset[int], int]:
    """Pages (from 1) that are pictures without visible text, and the number of pages."""
    with opened(body) as document:
        count = len(document)
        if not count:
            raise ReportError("the PDF has no pages", remedy="fetch it again")
        if count > MOST_PAGES:
            raise ReportError(f"{count} pages are too many for a report", remedy="check that it is the report itself")
        return frozenset(number for number in range(1, count + 1) if _is_picture(document, number)), count


def _is_picture(document: pypdfium2.PdfDocument, number: int) -> bool:
    try:
        page = document[number - 1]
    except pypdfium2.PdfiumError as error:
        raise _damaged(f"page {number} cannot be opened") from error
    try:
        objects = pdfium.FPDFPage_CountObjects(page)
        if objects > MOST_OBJECTS:
            raise ReportError(f"page {number} is made of {objects:,} objects", remedy="print it to a new PDF")
        width, height = page.get_size()
        covered = 0.0
        for each in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3):
            left, bottom, right, top = each.get_bounds()
            covered += (right - left) * (top - bottom)
        if covered < PICTURE * width * height:
            return False
        texts = page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT], max_depth=3)
        modes = (pdfium.FPDFTextObj_GetTextRenderMode(each) for each in texts)
        return all(mode in INVISIBLE for mode in modes)
    finally:
        page.close()


def _layouts(pages: Sequence[Page], scanned: frozenset[int], body: bytes) -> Iterator[Layout]:
    for page in pages:
        if page.page_number in scanned:
            yield _recognised(body, page.page_number)
        else:
            try:
                yield layout(page)
            except Exception as error:  # whatever the bytes of a page make pdfminer stumble over
                raise _damaged(f"page {page.page_number}: {type(error).__name__}") from error
        page.close()  # else every character of every page stays in memory


def _recognised(body: bytes, number: int) -> Layout:
    from extract.formats.image import page_layout

    with opened(body) as document:
        page = document[number - 1]
        scale = min(DPI / 72, LARGEST / max(page.get_size()))
        return page_layout(page.render(scale=scale).to_pil(), number, 72 * scale)


class _Device(PDFPageAggregatorWithMarkedContent):
    """pdfplumber's device; text that is printed invisibly (a scanner's own text layer, tricks) is not kept."""

    invisible = False

    def render_string(self, textstate: Any, *rest: Any) -> None:
        self.invisible = textstate.render in INVISIBLE
        super().render_string(textstate, *rest)

    def render_char(self, *args: Any, **kwargs: Any) -> float:
        advance = super().render_char(*args, **kwargs)
        if self.invisible:
            self.cur_item._objs.pop()
        return advance


@dataclass(slots=True)
class Marks:
    """What stands on a page, boxes in points from its top left as displayed. Glyphs are (text, box, way it runs)."""

    glyphs: list[tuple[str, Box, int]]
    pale: list[tuple[str, Box, int]]  # white glyphs: seen only on a dark ground
    rules: list[Box]
    grounds: list[tuple[Box, bool]]  # filled areas, and whether they are dark


def layout(page: Page) -> Layout:
    """A page of pdfplumber's as glyphs and rules, as far as a reader sees them."""
    device = _Device(page.pdf.rsrcmgr, pageno=page.page_number, laparams=None)
    PDFPageInterpreter(page.pdf.rsrcmgr, device).process_page(page.page_obj)
    media, crop = page.page_obj.mediabox, page.page_obj.cropbox
    left, top, width, height = window(media, crop, page.rotation)
    high = media[2] - media[0] if page.rotation in (90, 270) else media[3] - media[1]
    marks = Marks([], [], [], [])
    for item in _items(device.get_result()):
        box = (item.x0 - left, high - item.y1 - top, item.x1 - left, high - item.y0 - top)
        if isinstance(item, LTChar):
            a, b = item.matrix[:2]
            way = 0 if abs(a) >= abs(b) and a > 0 else 180 if abs(a) >= abs(b) else 90 if b > 0 else 270
            kept = marks.pale if is_white(item.graphicstate.ncolor) else marks.glyphs
            kept.append((item.get_text(), box, way))
        elif isinstance(item, LTCurve):
            _draw(marks, item, box)
    return settle(page.page_number, width, height, marks)


def window(media: Sequence[float], crop: Sequence[float], rotation: int) -> Box:
    """Left, top, width and height of what is shown of a page, in points of its turned media box."""
    x0, y0 = max(media[0], crop[0]), max(media[1], crop[1])
    x1, y1 = min(media[2], crop[2]), min(media[3], crop[3])
    sides = {
        0: (x0 - media[0], media[3] - y1),
        90: (y0 - media[1], x0 - media[0]),
        180: (media[2] - x1, y0 - media[1]),
        270: (media[3] - y1, media[2] - x1),
    }
    size = (y1 - y0, x1 - x0) if rotation in (90, 270) else (x1 - x0, y1 - y0)
    return *sides.get(rotation, sides[0]), *size


def _items(parent: LTContainer[Any]) -> Iterator[Any]:
    stack = [iter(parent)]
    while stack:
        item = next(stack[-1], None)
        if item is None:
            stack.pop()
        elif isinstance(item, LTContainer):
            stack.append(iter(item))
        elif not isinstance(item, LTImage):
            yield item


def _draw(marks: Marks, item: LTCurve, box: Box) -> None:
    """A stroke, a thin area and the sides of a stroked rectangle are rules; other areas are grounds."""
    x0, top, x1, bottom = box
    if min(x1 - x0, bottom - top) <= THIN:
        if item.stroke or not is_white(item.non_stroking_color):
            marks.rules.append(box)
    elif isinstance(item, LTRect):
        if item.fill:
            marks.grounds.append((box, not is_white(item.non_stroking_color)))
        if item.stroke:
            marks.rules.extend(sides(box))


def sides(box: Box) -> list[Box]:
    """The four sides of a rectangle."""
    x0, top, x1, bottom = box
    return [(x0, top, x1, top), (x0, bottom, x1, bottom), (x0, top, x0, bottom), (x1, top, x1, bottom)]


def is_white(color: Any) -> bool:
    """Whether a colour of one (grey), three (RGB) or four (CMYK) parts cannot be told from paper."""
    parts = color if isinstance(color, tuple | list) else (color,)
    if not parts or not all(isinstance(part, int | float) for part in parts):
        return False
    return max(parts) <= 0.03 if len(parts) == 4 else min(parts) >= 0.97


def settle(number: int, width: float, height: float, marks: Marks) -> Layout:
    """Marks as a reader sees them: nothing outside the page, no white on white, text upright."""
    dark = [ground for ground, is_dark in marks.grounds if is_dark]
    pale = [mark for mark in marks.pale if any(_within(mark[1], ground) for ground in dark)]
    page = (0.0, 0.0, width, height)
    seen = [mark for mark in [*marks.glyphs, *pale] if _within(mark[1], page)]
    ways = [way for text, _, way in seen if not text.isspace()]
    turn = max((0, 90, 180, 270), key=ways.count)
    glyphs = [Glyph(text, *turned(box, width, height, turn)) for text, box, _ in seen]
    rules = [Rule(*turned(_clipped(box, page), width, height, turn)) for box in marks.rules if _touches(box, page)]
    areas = [box for box, _ in marks.grounds if _touches(box, page)]
    grounds = [Rule(*turned(_clipped(box, page), width, height, turn)) for box in areas]
    if turn in (90, 270):
        width, height = height, width
    return Layout(number, width, height, glyphs, rules, grounds, turn=turn)


def _within(box: Box, area: Box) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return area[0] <= x <= area[2] and area[1] <= y <= area[3]


def _touches(box: Box, area: Box) -> bool:
    return box[0] <= area[2] and box[2] >= area[0] and box[1] <= area[3] and box[3] >= area[1]


def _clipped(box: Box, area: Box) -> Box:
    return max(box[0], area[0]), max(box[1], area[1]), min(box[2], area[2]), min(box[3], area[3])
