"""The objects of an OFD page as marks in points: what is shown, where it stands, which way it runs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml import etree

from extract.formats.layout import Box
from extract.formats.pdf import Marks
from extract.records import ReportError

MM = 72 / 25.4  # points
MOST_MARKS = 400_000
THIN = 2.0  # points: a filled area as thin as this is a rule
NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
TOKEN = re.compile(rf"[MSLQBACmslqbac]|{NUMBER.pattern}")
POINTS = {"M": 1, "S": 1, "L": 1, "Q": 2, "B": 3}  # an operator's points; the last is where it goes
Matrix = tuple[float, float, float, float, float, float]
Point = tuple[float, float]
PLAIN: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(slots=True)
class Budget:
    """How many marks the document may still have."""

    left: int = MOST_MARKS

    def take(self, count: int = 1) -> None:
        """Raises ReportError where they are too many."""
        self.left -= count
        if self.left < 0:
            raise ReportError(
                f"more than {MOST_MARKS:,} marks are too many", remedy="check that it is the report itself"
            )


@dataclass(frozen=True, slots=True)
class Picture:
    """An image object: its resource, and its box in points."""

    resource: str
    box: Box

    def share(self, width: float, height: float) -> float:
        """How much of a page of that size it covers."""
        across = min(self.box[2], width) - max(self.box[0], 0.0)
        down = min(self.box[3], height) - max(self.box[1], 0.0)
        return max(across, 0.0) * max(down, 0.0) / (width * height)


def numbers(text: str | None) -> list[float]:
    """The numbers in an attribute; anything else in it is passed over."""
    return [max(-1e6, min(1e6, float(found))) for found in NUMBER.findall(text or "")]


def marks(content: etree._Element, origin: Point, found: Marks, budget: Budget) -> list[Picture]:
    """Adds a page's text, rules and filled areas to `found`; returns its pictures. `origin` is in millimetres."""
    pictures: list[Picture] = []
    for element in _shown(content):
        budget.take()
        name = etree.QName(element).localname
        boundary = numbers(element.get("Boundary"))
        left, top = boundary[:2] if len(boundary) == 4 else (0.0, 0.0)
        matrix = _matrix(element.get("CTM"), left + origin[0], top + origin[1])
        if name == "TextObject":
            _text(element, matrix, found, budget)
        elif name == "PathObject":
            _path(element, matrix, found, budget)
        elif len(boundary) == 4 and boundary[2] > 0 < boundary[3]:
            corners = (
                (left + origin[0], top + origin[1]),
                (left + origin[0] + boundary[2], top + origin[1] + boundary[3]),
            )
            pictures.append(Picture(element.get("ResourceID", ""), _box([(x * MM, y * MM) for x, y in corners])))
    return pictures


def _shown(content: etree._Element) -> Iterator[etree._Element]:
    """Text, path and image objects in order, of layers and blocks, without those that are made invisible."""
    stack = [content]
    while stack:
        element = stack.pop()
        if not isinstance(element.tag, str) or element.get("Visible", "true").strip().lower() in ("false", "0"):
            continue
        if element.get("Alpha", "").strip() == "0":
            continue
        name = etree.QName(element).localname
        if name in ("TextObject", "PathObject", "ImageObject"):
            yield element
        elif name in ("Content", "Layer", "PageBlock"):
            stack.extend(reversed(element))


def _matrix(ctm: str | None, dx: float, dy: float) -> Matrix:
    """From an object's own space to the page, in points."""
    own = numbers(ctm)
    a, b, c, d, e, f = own if len(own) == 6 else PLAIN
    return a * MM, b * MM, c * MM, d * MM, (e + dx) * MM, (f + dy) * MM


def _at(matrix: Matrix, x: float, y: float) -> Point:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _box(points: Sequence[Point]) -> Box:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def _color(element: etree._Element, name: str) -> tuple[bool, float]:
    """Whether a colour is seen at all, and how bright it is (0 black, 1 white); without one it is black."""
    color = element.find(f"{{*}}{name}")
    if color is None:
        return True, 0.0
    parts = numbers(color.get("Value"))
    bright = min(parts) / 255 if len(parts) in (1, 3) else 1.0 if len(parts) == 4 and max(parts) <= 8 else 0.0
    return color.get("Alpha", "255").strip() != "0", bright


def _switch(element: etree._Element, name: str, default: bool) -> bool:
    value = element.get(name)
    return default if value is None else value.strip().lower() in ("true", "1")


def _text(element: etree._Element, matrix: Matrix, found: Marks, budget: Budget) -> None:
    """Characters at their advances; `X` and `Y` of a text code go on from the one before where they are left out."""
    filled, stroked = _switch(element, "Fill", True), _switch(element, "Stroke", False)
    seen, bright = _color(element, "FillColor")
    if not (filled and seen) and not stroked:
        return
    size = next(iter(numbers(element.get("Size") or element.get("size"))), 0.0)
    wide = next(iter(numbers(element.get("HScale"))), 1.0)
    kept = found.pale if bright >= 0.97 and not stroked else found.glyphs
    x = y = 0.0
    for code in element.iterfind("{*}TextCode"):
        x, y = next(iter(numbers(code.get("X"))), x), next(iter(numbers(code.get("Y"))), y)
        text = code.text or ""
        budget.take(len(text))
        across, down = _advances(code.get("DeltaX"), len(text)), _advances(code.get("DeltaY"), len(text))
        own_x, own_y = x, y
        for n, character in enumerate(text):
            width = size * wide * (1.0 if unicodedata.east_asian_width(character) in "WFA" else 0.5)
            corners = [(own_x, own_y - 0.85 * size), (own_x + width, own_y + 0.15 * size)]
            box = _box(
                [_at(matrix, cx, cy) for cx in (corners[0][0], corners[1][0]) for cy in (corners[0][1], corners[1][1])]
            )
            if not character.isspace():
                kept.append((character, box, _way(matrix)))
            own_x += across[n] if n < len(across) else 0.0 if down else width
            own_y += down[n] if n < len(down) else 0.0


def _way(matrix: Matrix) -> int:
    """Degrees against the clock by which text is turned."""
    a, b = matrix[:2]
    if abs(a) >= abs(b):
        return 0 if a >= 0 else 180
    return 90 if b < 0 else 270


def _advances(text: str | None, most: int) -> list[float]:
    """`g 3 4.2 5` is 4.2 three times, then 5. Raises nothing: what does not fit is passed over."""
    found: list[float] = []
    tokens = (text or "").split()
    at = 0
    while at < len(tokens) and len(found) < most:
        if tokens[at].lower() == "g" and at + 2 < len(tokens):
            count, value = numbers(tokens[at + 1]), numbers(tokens[at + 2])
            if count and value:
                found += value[:1] * max(0, min(int(count[0]), most - len(found)))
            at += 3
        else:
            found += numbers(tokens[at])[:1]
            at += 1
    return found


def _path(element: etree._Element, matrix: Matrix, found: Marks, budget: Budget) -> None:
    """Straight strokes along an axis are rules; filled areas are grounds, or rules where they are thin."""
    stroked, filled = _switch(element, "Stroke", True), _switch(element, "Fill", False)
    stroke_seen, stroke_bright = _color(element, "StrokeColor")
    fill_seen, fill_bright = _color(element, "FillColor")
    for line in _lines(element.findtext("{*}AbbreviatedData"), budget):
        points = [_at(matrix, x, y) for x, y in line]
        box = _box(points)
        thin = min(box[2] - box[0], box[3] - box[1]) <= THIN
        if filled and fill_seen and thin and fill_bright < 0.97:
            found.rules.append(box)
        elif filled and fill_seen and not thin:
            found.grounds.append((box, fill_bright < 0.5))
        if stroked and stroke_seen and stroke_bright < 0.97:
            sides = (_box(pair) for pair in zip(points, points[1:], strict=False))
            found.rules.extend(s for s in sides if min(s[2] - s[0], s[3] - s[1]) < 0.5)


def _lines(text: str | None, budget: Budget) -> Iterator[list[Point]]:
    """Subpaths as corner points; a curve counts as its end, an arc too."""
    tokens = TOKEN.findall(text or "")
    budget.take(len(tokens) // 3)
    line: list[Point] = []
    at = 0
    while at < len(tokens):
        operator = tokens[at].upper()
        values: list[float] = []
        at += 1
        while at < len(tokens) and not tokens[at].isalpha():
            values.append(float(tokens[at]))
            at += 1
        if operator in ("M", "S") and len(values) >= 2:
            if len(line) > 1:
                yield line
            line = [(values[0], values[1])]
        elif operator == "C" and line:
            line.append(line[0])
        elif operator in ("L", "Q", "B") and line:
            step = 2 * POINTS[operator]
            line += [(values[n - 2], values[n - 1]) for n in range(step, len(values) + 1, step)]
        elif operator == "A" and len(values) >= 7:
            line.append((values[5], values[6]))
    if len(line) > 1:
        yield line
