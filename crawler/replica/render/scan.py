"""Reports as pictures: pages drawn or rasterised, then spoilt as scanners, stamps and cameras do.

The pages are those of `sheet`; they are drawn with a CJK font of the system, so that no viewer is needed. What a clean
or a poor scan is stands in `QUALITIES`. Pillow, numpy and OpenCV are imported when a picture is made, pypdfium2 only to
rasterise a PDF that another renderer made.
"""

from __future__ import annotations

import io
import math
import shutil
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.util import find_spec
from random import Random
from typing import Any

from crawler.replica.render.sheet import Look, Sheet, compose, look
from crawler.replica.tables import Grid

CJK = ("Noto Serif CJK SC", "Noto Sans CJK SC")
EPOCH = time.gmtime(0)  # dates inside a PDF: the same seed gives the same bytes


@dataclass(frozen=True, slots=True)
class Quality:
    """Bounds of what chance may do to a page; `dpi` are the resolutions to choose from, `turned` those of a page."""

    dpi: tuple[int, ...] = (150,)
    skew: float = 0.3  # degrees to either side
    blur: float = 0.0  # pixels
    noise: float = 2.0  # standard deviation, of 255
    jpeg: tuple[int, int] = (85, 95)
    seal: float = 0.0  # share of pages with a stamp over the text
    grey: int = 0  # how dark the paper may be
    turned: float = 0.0  # share of pages laid in by a quarter or half turn


QUALITIES = {
    "scan150": Quality(),
    "scan300": Quality(dpi=(300,), seal=0.2),
    "scan_poor": Quality((100, 120, 150), 1.5, 1.0, 12.0, (35, 65), seal=0.5, grey=50, turned=0.2),
}


def missing() -> str | None:
    """What has to be installed before pictures can be made, or None."""
    for package, module in (("Pillow", "PIL"), ("numpy", "numpy"), ("opencv-python-headless", "cv2")):
        if find_spec(module) is None:
            return f"{package} (extra [ocr])"
    return None if _font_file(CJK[0]) else "fonts-noto-cjk"


@cache
def _font_file(family: str, bold: bool = False) -> str | None:
    """The file of a font family, by fontconfig; None where another family would stand in for it."""
    if not shutil.which("fc-match"):
        return None
    wanted = f"{family}:lang=zh-cn" + (":bold" if bold else "")
    done = subprocess.run(["fc-match", "-f", "%{family}\t%{file}", wanted], capture_output=True, text=True, check=False)
    found, _, path = done.stdout.partition("\t")
    return path if family in found else None


@cache
def _font(family: str, size: int, bold: bool = False) -> Any:
    from PIL import ImageFont

    path = _font_file(family, bold) or _font_file(CJK[0])
    index = 2 if path and path.endswith(".ttc") else 0  # third in Noto's collections: simplified Chinese
    return ImageFont.truetype(path, size, index=index)


def draw(sheet: Sheet, dpi: int, family: str = CJK[0], digits: str | None = None) -> Any:
    """A sheet as an RGB picture. `digits` names another font for figures and Latin letters."""
    from PIL import Image, ImageDraw

    scale = dpi / 72
    page = Image.new("RGB", (round(sheet.width * scale), round(sheet.height * scale)), "white")
    pen = ImageDraw.Draw(page)
    thick = max(1, round(0.6 * scale))
    for stroke in sheet.strokes:
        pen.line([v * scale for v in (stroke.x0, stroke.top, stroke.x1, stroke.bottom)], fill=(20, 20, 20), width=thick)
    for words in sheet.words:
        base, x = (words.top + 0.85 * words.size) * scale, words.x * scale
        for char in words.text:  # the sheet gives half an em to what is narrow: figures stand at their places
            narrow = char.isascii()
            font = _font(digits if narrow and digits else family, round(words.size * scale), words.bold)
            pen.text((x, base), char, font=font, fill=(15, 15, 15), anchor="ls")
            x += words.size * scale * (0.56 if narrow else 1.0)
    return page


def rasterise(pdf: bytes, dpi: int) -> list[Any]:
    """The pages of a PDF as RGB pictures, by pypdfium2."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.render(scale=dpi / 72).to_pil().convert("RGB") for page in document]
    finally:
        document.close()


def degrade(image: Any, seed: int | str, quality: Quality) -> Any:
    """A page as it comes off the scanner."""
    import cv2
    import numpy as np
    from PIL import Image

    rng = Random(f"{seed}/scan")
    noise = np.random.default_rng(rng.getrandbits(32))
    if rng.random() < quality.seal:
        image = _stamped(image, rng)
    angle = rng.uniform(-quality.skew, quality.skew)
    image = image.rotate(angle, Image.Resampling.BICUBIC, fillcolor="white")
    pixels = np.asarray(image).astype(np.float32)
    if quality.blur:
        pixels = cv2.GaussianBlur(pixels, (0, 0), rng.uniform(0.3, quality.blur))
    if quality.grey:
        pixels = pixels * _paper(pixels.shape, rng, quality.grey)
    spread = rng.uniform(0.4, 1) * quality.noise
    pixels += noise.normal(0, spread, pixels.shape[:2])[..., None] if spread else 0
    image = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
    if rng.random() < quality.turned:
        image = image.rotate(rng.choice((90, 180, 270)), expand=True)
    return _through_jpeg(image, rng.randint(*quality.jpeg))


def _paper(shape: Sequence[int], rng: Random, most: int) -> Any:
    """Shares of white: grey paper that gets darker towards a corner, as copies of bound books do."""
    import numpy as np

    down, across = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32)
    slope = rng.uniform(-1, 1) * down / shape[0] + rng.uniform(-1, 1) * across / shape[1]
    slope = (slope - slope.min()) / max(1e-6, float(slope.max() - slope.min()))
    return (1 - (rng.uniform(0.2, 0.6) + 0.4 * slope) * most / 255)[..., None]


def _stamped(image: Any, rng: Random) -> Any:
    """With a faint round seal, red, somewhere over the print."""
    from PIL import Image, ImageChops, ImageDraw

    layer = Image.new("RGB", image.size, "white")
    pen = ImageDraw.Draw(layer)
    radius = image.width * rng.uniform(0.08, 0.12)
    x, y = image.width * rng.uniform(0.2, 0.8), image.height * rng.uniform(0.2, 0.8)
    red = (rng.randint(205, 235), rng.randint(70, 110), rng.randint(70, 110))
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), outline=red, width=max(2, int(radius / 14)))
    star = []
    for corner in range(10):
        reach = radius * (0.36 if corner % 2 == 0 else 0.15)
        turn = math.pi * (corner / 5 - 0.5)
        star.append((x + reach * math.cos(turn), y + reach * math.sin(turn)))
    pen.polygon(star, fill=red)
    font = _font(CJK[0], max(8, int(radius / 4)))
    for place, char in enumerate("清溪县人民政府"):
        turn = math.pi * (0.85 + 0.22 * place)
        at = (x + 0.74 * radius * math.cos(turn), y + 0.74 * radius * math.sin(turn))
        pen.text(at, char, font=font, fill=red, anchor="mm")
    return ImageChops.multiply(image, layer)


def _through_jpeg(image: Any, quality: int) -> Any:
    from PIL import Image

    body = io.BytesIO()
    image.save(body, "JPEG", quality=quality)
    return Image.open(body).convert("RGB")


def sheets(title: str, blocks: Sequence[str | Grid], seed: int) -> tuple[list[Sheet], Random]:
    """The pages of a report before they are drawn, and the chance that goes on with them."""
    rng = Random(f"{seed}/pages")
    chosen = look(rng)
    chosen = replace(Look(), **{n: getattr(chosen, n) for n in ("prose", "margin", "numbered", "repeat_head")})
    return compose(title, blocks, replace(chosen, size=rng.choice((9.0, 10.0, 10.5)))), rng


def scan(title: str, blocks: Sequence[str | Grid], seed: int, quality: Quality) -> tuple[list[Any], int]:
    """The pages of a report as scanned, and their resolution."""
    laid, rng = sheets(title, blocks, seed)
    dpi, family = rng.choice(quality.dpi), rng.choice(CJK)
    digits = rng.choice((None, "Liberation Serif", "DejaVu Sans"))
    pages = [draw(sheet, dpi, family, digits) for sheet in laid]
    return [degrade(page, f"{seed}/{number}", quality) for number, page in enumerate(pages)], dpi


def as_pdf(pages: Sequence[Any], dpi: int) -> bytes:
    """Pictures as a PDF without a text layer."""
    body = io.BytesIO()
    more = {"creationDate": EPOCH, "modDate": EPOCH, "resolution": float(dpi)}
    pages[0].save(body, "PDF", save_all=True, append_images=list(pages[1:]), **more)
    return body.getvalue()


def as_tiff(pages: Sequence[Any], dpi: int) -> bytes:
    """Pictures as one TIFF of several pages."""
    body = io.BytesIO()
    pages[0].save(body, "TIFF", save_all=True, append_images=list(pages[1:]), compression="tiff_lzw", dpi=(dpi, dpi))
    return body.getvalue()


def as_picture(pages: Sequence[Any], dpi: int, kind: str) -> bytes:
    """All pages below one another in one long picture, as portals show them; `kind` is PNG or JPEG."""
    from PIL import Image

    width = max(page.width for page in pages)
    tall = Image.new("RGB", (width, sum(page.height for page in pages)), "white")
    top = 0
    for page in pages:
        tall.paste(page, (0, top))
        top += page.height
    body = io.BytesIO()
    tall.save(body, kind, dpi=(dpi, dpi), **({"quality": 90} if kind == "JPEG" else {}))
    return body.getvalue()
