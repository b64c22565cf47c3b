"""The fast path for digital PDF: PDFium's characters and paths, the same grids and lines as the reference.

It gives up (None) wherever PDFium's figures cannot be trusted to be what a reader sees; `extract.gate` accepts its
reading only where nothing in the report is in doubt. PDFium is not thread-safe: processes only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ctypes import byref, c_double, c_float, c_int, c_uint
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from extract.content import Content
from extract.formats.layout import Box, Layout
from extract.formats.pages import assemble
from extract.formats.pdf import INVISIBLE, MEDIA_TYPE, MOST_OBJECTS, MOST_PAGES, THIN, Marks, opened, settle, sides

Matrix = tuple[float, float, float, float, float, float]
DEEPEST = 8  # forms within forms
TALLEST = 2.0  # of the largest type: a character's box higher than this ignores the text matrix (some WPS files)
PICTURED = 0.1  # of the page's area: a picture that covers more may hold a table
WIDE = 0x2E80  # from here on characters are as wide as they are high
ASCENT = 0.88  # of the em: how far a Chinese character reaches above the base line
UNREADABLE = frozenset((0xFFFD, 0xFFFE, 0xFFFF))
PALE = 248  # of 255: cannot be told from paper


def read_fast(body: bytes) -> Content | None:
    """A digital PDF as Content, with `reader` = `pdfium` in its meta; None where only the reference can read it."""
    with opened(body) as document:
        layouts = []
        if len(document) > MOST_PAGES:
            return None
        for number in range(1, len(document) + 1):
            try:
                page = document[number - 1]
            except pypdfium2.PdfiumError:
                return None
            found = _layout(page, number)
            page.close()
            if found is None:
                return None
            layouts.append(found)
        title = document.get_metadata_value("Title").strip() or None
    return assemble(layouts, MEDIA_TYPE, meta={"reader": "pdfium"}, title=title) if layouts else None


def _layout(page: pypdfium2.PdfPage, number: int) -> Layout | None:
    if pdfium.FPDFPage_CountObjects(page) > MOST_OBJECTS:
        return None
    rotation = page.get_rotation()
    x0, y0, x1, y1 = page.get_bbox()
    width, height = (y1 - y0, x1 - x0) if rotation in (90, 270) else (x1 - x0, y1 - y0)
    shown: Matrix = {
        90: (0.0, -1.0, 1.0, 0.0, -y0, x1),
        180: (-1.0, 0.0, 0.0, -1.0, x1, y1),
        270: (0.0, 1.0, -1.0, 0.0, y1, -x0),
    }.get(rotation, (1.0, 0.0, 0.0, 1.0, -x0, -y0))
    marks = Marks([], [], [], [])
    largest = _objects(page, marks, shown, height)
    if largest is None or not _glyphs(page, marks, shown, height, largest):
        return None
    return settle(number, width, height, marks)


def _objects(page: pypdfium2.PdfPage, marks: Marks, shown: Matrix, height: float) -> float | None:
    """Collects the page's rules and grounds; the size of its largest type, None where text is hidden or turned.

    A form's objects come in the form's own space: its matrix is composed with those of the forms around it.
    """
    largest = 0.0
    for handle, kind, matrix in _walk(page, shown):
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            size = _type_size(handle, matrix)
            if size is None:
                return None
            largest = max(largest, size)
        elif kind == pdfium.FPDF_PAGEOBJ_PATH:
            _path(handle, matrix, marks, height)
        elif kind == pdfium.FPDF_PAGEOBJ_IMAGE and _covers(handle, matrix, page):
            return None
    return largest


def _walk(page: pypdfium2.PdfPage, shown: Matrix) -> Iterator[tuple[Any, int, Matrix]]:
    """Every object of a page, forms entered, with the matrix from its space to that of the page as displayed."""
    stack: list[tuple[Any, Matrix, int]] = [
        (pdfium.FPDFPage_GetObject(page, i), shown, 0) for i in reversed(range(pdfium.FPDFPage_CountObjects(page)))
    ]
    while stack:
        handle, matrix, depth = stack.pop()
        kind = pdfium.FPDFPageObj_GetType(handle)
        if kind != pdfium.FPDF_PAGEOBJ_FORM:
            yield handle, kind, matrix
        elif depth < DEEPEST:
            inner = _composed(_matrix(handle), matrix)
            count = pdfium.FPDFFormObj_CountObjects(handle)
            stack.extend((pdfium.FPDFFormObj_GetObject(handle, i), inner, depth + 1) for i in reversed(range(count)))


def _matrix(handle: Any) -> Matrix:
    found = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(handle, byref(found))
    return found.a, found.b, found.c, found.d, found.e, found.f


def _composed(inner: Matrix, outer: Matrix) -> Matrix:
    a, b, c, d, e, f = inner
    oa, ob, oc, od, oe, of = outer
    return (
        a * oa + b * oc,
        a * ob + b * od,
        c * oa + d * oc,
        c * ob + d * od,
        e * oa + f * oc + oe,
        e * ob + f * od + of,
    )


def _type_size(handle: Any, matrix: Matrix) -> float | None:
    """The height of a text object's type in points; None where it is hidden, white or not upright."""
    if pdfium.FPDFTextObj_GetTextRenderMode(handle) in INVISIBLE or _is_pale(handle):
        return None
    a, b, c, d, _, _ = _composed(_matrix(handle), matrix)
    if a <= 0 or d <= 0 or abs(b) > 0.02 * a or abs(c) > 0.4 * d:  # slanted type stands upright too
        return None
    size = c_float()
    pdfium.FPDFTextObj_GetFontSize(handle, byref(size))
    return abs(size.value) * d


def _is_pale(handle: Any) -> bool:
    red, green, blue, alpha = c_uint(), c_uint(), c_uint(), c_uint()
    if not pdfium.FPDFPageObj_GetFillColor(handle, byref(red), byref(green), byref(blue), byref(alpha)):
        return False
    return min(red.value, green.value, blue.value) >= PALE or alpha.value < 255 - PALE


def _covers(handle: Any, matrix: Matrix, page: pypdfium2.PdfPage) -> bool:
    """Whether a picture is large enough to hold a table or the page itself."""
    x0, y0, x1, y1 = _bounds(handle, matrix)
    width, height = page.get_size()
    return (x1 - x0) * (y1 - y0) > PICTURED * width * height


def _bounds(handle: Any, matrix: Matrix) -> Box:
    left, bottom, right, top = c_float(), c_float(), c_float(), c_float()
    pdfium.FPDFPageObj_GetBounds(handle, byref(left), byref(bottom), byref(right), byref(top))
    return _mapped(((left.value, bottom.value), (right.value, top.value)), matrix)


def _mapped(points: Iterable[tuple[float, float]], matrix: Matrix) -> Box:
    """The box around points after a matrix: left, low, right, high."""
    a, b, c, d, e, f = matrix
    xs, ys = [], []
    for x, y in points:
        xs.append(a * x + c * y + e)
        ys.append(b * x + d * y + f)
    return min(xs), min(ys), max(xs), max(ys)


def _path(handle: Any, matrix: Matrix, marks: Marks, height: float) -> None:
    """One path may hold many rectangles and lines: each move begins another."""
    mode, stroked = c_int(), c_int()
    pdfium.FPDFPath_GetDrawMode(handle, byref(mode), byref(stroked))
    if not mode.value and not stroked.value:
        return
    pale = not stroked.value and _is_pale(handle)
    own = _composed(_matrix(handle), matrix)
    for points in _shapes(handle):
        x0, y0, x1, y1 = _mapped(points, own)
        box = x0, height - y1, x1, height - y0
        if min(x1 - x0, y1 - y0) <= THIN:
            if not pale:
                marks.rules.append(box)
        elif len(points) in (4, 5):
            if mode.value:
                marks.grounds.append((box, not pale))
            if stroked.value:
                marks.rules.extend(sides(box))


def _shapes(handle: Any) -> Iterator[list[tuple[float, float]]]:
    x, y = c_float(), c_float()
    points: list[tuple[float, float]] = []
    for i in range(min(pdfium.FPDFPath_CountSegments(handle), MOST_OBJECTS)):
        segment = pdfium.FPDFPath_GetPathSegment(handle, i)
        pdfium.FPDFPathSegment_GetPoint(segment, byref(x), byref(y))
        if points and pdfium.FPDFPathSegment_GetType(segment) == pdfium.FPDF_SEGMENT_MOVETO:
            yield points
            points = []
        points.append((x.value, y.value))
    if points:
        yield points


def _glyphs(page: pypdfium2.PdfPage, marks: Marks, shown: Matrix, height: float, largest: float) -> bool:
    """Collects the page's characters; False where one has no Unicode value or its box cannot be right."""
    text = pdfium.FPDFText_LoadPage(page)
    try:
        box, x, y = pdfium.FS_RECTF(), c_double(), c_double()
        for i in range(pdfium.FPDFText_CountChars(text)):
            code = pdfium.FPDFText_GetUnicode(text, i)
            if code <= 32 and (code != 32 or pdfium.FPDFText_IsGenerated(text, i) == 1):
                continue
            if code in UNREADABLE or 0xD800 <= code < 0xF900:  # no character, half of one, or the font's own
                return False
            pdfium.FPDFText_GetLooseCharBox(text, i, byref(box))
            x0, y0, x1, y1 = _mapped(((box.left, box.bottom), (box.right, box.top)), shown)
            em = x1 - x0
            if y1 - y0 > TALLEST * largest:
                return False
            if code >= WIDE and y1 - y0 < 0.8 * em:  # 一 stands as high as any other
                pdfium.FPDFText_GetCharOrigin(text, i, byref(x), byref(y))
                base = _mapped(((x.value, y.value),), shown)[1]
                y0, y1 = base - (1 - ASCENT) * em, base + ASCENT * em
            marks.glyphs.append((chr(code), (x0, height - y1, x1, height - y0), 0))
        return True
    finally:
        pdfium.FPDFText_ClosePage(text)
