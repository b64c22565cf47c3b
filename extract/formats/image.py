"""Pictures of pages → Content: scanned PDFs, image files, and images that stand in other documents."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from typing import Any

from extract.content import Content, Paragraph, Remark, Table
from extract.formats import ocr
from extract.formats.layout import Glyph, Layout, Rule
from extract.formats.pages import assemble
from extract.records import ReportError

Box = tuple[float, float, float, float]
MOST_PIXELS = 60_000_000
MOST_PAGES = 60
DPI = 200  # scans are read at this resolution at most: figures gain nothing above it
TALL = 2.2  # a picture higher than this times its width is several pages below one another
REMARK = "the text was recognised in {}; figures that could not be read for certain are left open"


def read_image(body: bytes) -> Content:
    """An image file (PNG, JPEG, TIFF of any number of pages, BMP, WebP, GIF)."""
    ocr.demand()
    frames = _frames(body)
    first = next(frames)
    kind = first[2]
    layouts = (lay for n, (image, dpi, _) in enumerate(chain([first], frames), 1) for lay in _strips(image, n, dpi))
    return assemble(layouts, kind, remarks=[Remark("S31", REMARK.format("a picture"))])


def read_scanned_pdf(body: bytes) -> Content:
    """A PDF without a text layer: every page is rendered and recognised."""
    ocr.demand()
    return assemble(scanned_pages(body), "application/pdf", remarks=[Remark("S31", REMARK.format("a scan"))])


def scanned_pages(body: bytes) -> Iterator[Layout]:
    """The pages of a PDF as recognised, one by one. Raises ReportError where pypdfium2 cannot open it."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(body)
    except pypdfium2.PdfiumError as error:
        raise ReportError(f"the PDF cannot be opened: {error}", remedy="fetch it again") from error
    try:
        if len(document) > MOST_PAGES:
            raise ReportError(f"{len(document)} scanned pages are too many for a report", remedy="cut out the report")
        for number in range(1, len(document) + 1):
            page = document[number - 1]
            dpi = _resolution(page)
            if page.get_width() * page.get_height() * (dpi / 72) ** 2 > MOST_PIXELS:
                raise _huge(f"page {number}")
            image = page.render(scale=dpi / 72).to_pil().convert("RGB")
            page.close()
            yield page_layout(image, number, dpi)
    finally:
        document.close()


def _resolution(page: Any) -> float:
    """Dots per inch to render a page at: its pictures' own within bounds, for a finer grid shows nothing more."""
    import pypdfium2.raw as pdfium

    found = [DPI / 2]
    for shown in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        left, bottom, right, top = shown.get_bounds()
        wide = max(right - left, top - bottom)
        if wide > 0.5 * min(page.get_width(), page.get_height()):
            found.append(max(shown.get_px_size()) * 72 / wide)
    return float(min(DPI, max(found)))


def image_blocks(body: bytes, index: int) -> list[Paragraph | Table]:
    """The paragraphs and tables in an image that stands in another document; `index` counts its images from 1.

    Their places are `{"page": 1, "bbox": […], "image": index}`. An image that is none, or too small for text, is empty.
    """
    try:
        frames = list(_frames(body))
    except ReportError as error:
        if "too large" in error.message:
            raise
        return []
    if min(frames[0][0].size) < 40:
        return []
    ocr.demand()
    pages = (lay for number, (image, dpi, _) in enumerate(frames, 1) for lay in _strips(image, number, dpi))
    return list(assemble((replace(page, extra={"image": index}) for page in pages), "image").blocks)


def _huge(what: str) -> ReportError:
    return ReportError(f"{what} is too large: more than {MOST_PIXELS:,} pixels", remedy="check that it is a report")


def _frames(body: bytes) -> Iterator[tuple[Any, float | None, str]]:
    """Each page of an image file as (RGB image, dots per inch or None, media type)."""
    from PIL import Image, ImageOps

    try:
        with Image.open(io.BytesIO(body)) as file:
            kind = Image.MIME.get(file.format or "", "image")
            count = getattr(file, "n_frames", 1)
            if count > MOST_PAGES:
                raise ReportError(f"{count} pictures are too many for a report", remedy="cut out the report")
            for number in range(count if file.format == "TIFF" else 1):
                file.seek(number)
                if file.width * file.height > MOST_PIXELS:
                    raise _huge("the picture")
                dpi = float(file.info.get("dpi", (0, 0))[0])
                yield _on_white(ImageOps.exif_transpose(file)), dpi if 60 <= dpi <= 1200 else None, kind
    except (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError) as error:
        raise ReportError(f"the picture cannot be opened: {error}", remedy="fetch it again") from error


def _on_white(image: Any) -> Any:
    """RGB; what is transparent is paper."""
    from PIL import Image

    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        paper = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(paper, image).convert("RGB")
    return image.convert("RGB")


def _strips(image: Any, number: int, dpi: float | None) -> Iterator[Layout]:
    """A long picture in pieces as high as pages, cut where no ink stands: each has its own skew."""
    from extract.formats import scan

    if image.height <= TALL * image.width or image.height < 2000:
        yield page_layout(image, number, dpi)
        return
    for part, top in enumerate(cuts := scan.cuts(image, image.width * 1.45)):
        bottom = [*cuts, image.height][part + 1]
        yield page_layout(image.crop((0, top, image.width, bottom)), number + part, dpi)


def page_layout(image: Any, number: int, dpi: float | None) -> Layout:
    """One page (a PIL image) as recognised: lines of text with their confidence, and its cells' rules.

    In points of the straightened page where `dpi` is known, else in pixels.
    """
    ocr.demand()
    import numpy as np

    from extract.formats import scan
    from extract.formats.recognise import recognise

    if image.width * image.height > MOST_PIXELS:
        raise _huge(f"page {number}")
    unit = 72 / dpi if dpi else 1.0
    pixels = np.asarray(image.convert("RGB"))
    if dpi and dpi > DPI * 1.1:
        pixels = scan.shrunk(pixels, DPI / dpi)
        unit = 72 / DPI
    page = scan.straighten(scan.upright(pixels))
    cells = [cell for table in scan.cells(page.rules, page.text) for cell in table]
    rules = [side for cell in cells for side in _sides(cell)]
    return Layout(
        number,
        page.grey.shape[1] * unit,
        page.grey.shape[0] * unit,
        [
            Glyph(g.text, g.x0 * unit, g.top * unit, g.x1 * unit, g.bottom * unit, g.confidence)
            for g in recognise(page, cells)
        ],
        [Rule(*(v * unit for v in side)) for side in rules],
    )


def _sides(cell: Box) -> Iterator[Box]:
    x0, top, x1, bottom = cell
    yield from ((x0, top, x1, top), (x0, bottom, x1, bottom), (x0, top, x0, bottom), (x1, top, x1, bottom))
