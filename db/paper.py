"""A page of an original as a picture, drawn in the very geometry in which its figures' places are given."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

from extract.formats.image import DPI, MOST_PIXELS, TALL
from extract.records import ReportError

LONGEST = 1500  # pixels of the longer side: a page of A4 at 128 dpi, on which 8-point figures are legible
CLOSEST = 3.0  # pixels a point: nothing is gained by drawing a small page larger


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page as WebP. Width and height are in the unit of places (points, or pixels where no resolution is known)."""

    picture: bytes
    width: float
    height: float
    pages: int


def sheet(body: bytes, number: int, straight: bool) -> Sheet:
    """Page `number` (from 1) of a PDF or a picture; `straight` turns it as the recogniser did, whose places then fit.

    Raises ReportError where there is no such page or it cannot be drawn."""
    draw = _of_pdf if body[:1024].lstrip().startswith(b"%PDF") else _of_picture
    image, unit, pages = draw(body, number, straight)
    if straight:
        image = _straightened(image)
    width, height = image.width * unit, image.height * unit
    image.thumbnail((LONGEST, LONGEST))
    file = io.BytesIO()
    image.save(file, "WEBP", quality=80, method=2)
    return Sheet(file.getvalue(), round(width, 1), round(height, 1), pages)


def _of_pdf(body: bytes, number: int, straight: bool) -> tuple[Any, float, int]:
    """(image, points a pixel, pages)."""
    import pypdfium2

    try:
        with pypdfium2.PdfDocument(body) as document:
            pages = len(document)
            _there(number, pages)
            page = document[number - 1]
            longer = max(page.get_size())
            scale = min(DPI / 72 if straight else CLOSEST, (2 if straight else 1) * LONGEST / max(longer, 1))
            return page.render(scale=scale).to_pil().convert("L" if straight else "RGB"), 1 / scale, pages
    except pypdfium2.PdfiumError as error:
        raise ReportError(f"the PDF cannot be drawn: {error}") from error


def _of_picture(body: bytes, number: int, straight: bool) -> tuple[Any, float, int]:
    from PIL import Image, ImageOps

    try:
        with Image.open(io.BytesIO(body)) as file:
            frames = getattr(file, "n_frames", 1) if file.format == "TIFF" else 1
            if frames > 1:
                _there(number, frames)
                file.seek(number - 1)
            if file.width * file.height > MOST_PIXELS:
                raise ReportError("the picture is too large to be drawn")
            dpi = float(file.info.get("dpi", (0, 0))[0])
            image = ImageOps.exif_transpose(file).convert("RGBA")
    except (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError) as error:
        raise ReportError(f"the picture cannot be opened: {error}") from error
    image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")
    unit = 72 / dpi if 60 <= dpi <= 1200 else 1.0
    if frames == 1 and image.height > TALL * image.width and image.height >= 2000:
        return _strip(image, number, unit)
    _there(number, frames)
    return image, unit, frames


def _strip(image: Any, number: int, unit: float) -> tuple[Any, float, int]:
    """A long picture is read in pieces as high as pages: piece `number`."""
    from extract.formats import scan

    bounds = [*scan.cuts(image, image.width * 1.45), image.height]
    _there(number, len(bounds) - 1)
    return image.crop((0, bounds[number - 1], image.width, bounds[number])), unit, len(bounds) - 1


def _straightened(image: Any) -> Any:
    import numpy as np
    from PIL import Image

    from extract.formats import scan

    return Image.fromarray(scan.straighten(scan.upright(np.asarray(image.convert("RGB")))).grey)


def _there(number: int, pages: int) -> None:
    if not 1 <= number <= pages:
        raise ReportError(f"there is no page {number}: it has {pages}")
