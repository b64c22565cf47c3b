"""A page as marks at places: what PDF, OFD and the recogniser of pictures have in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from extract.records import Place

Box = tuple[float, float, float, float]  # x0, top, x1, bottom


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character, or a run of them, in points from the page's top left as displayed.

    `confidence` is the recogniser's (0 to 1) where the text was recognised in a picture, else None.
    """

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A ruling line, axis-parallel: a stroke, or a filled rectangle as thin as one."""

    x0: float
    top: float
    x1: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Layout:
    """One page. `boxes` are filled areas: their edges count as rules only where nothing else rules the page."""

    number: int  # from 1
    width: float
    height: float
    glyphs: Sequence[Glyph]
    rules: Sequence[Rule]
    boxes: Sequence[Rule] = field(default=())
    extra: Place = field(default_factory=dict)  # added to every place, e.g. {"image": 2}
    turn: int = 0  # degrees by which the marks were turned clockwise so that text stands upright; places undo it

    def place(self, x0: float, top: float, x1: float, bottom: float) -> Place:
        """A place on this page: `{"page": n, "bbox": [x0, top, x1, bottom]}`, points to one decimal."""
        box = turned((x0, top, x1, bottom), self.width, self.height, -self.turn)
        return {"page": self.number, "bbox": [round(float(v), 1) for v in box], **self.extra}


def turned(box: Box, width: float, height: float, degrees: int) -> Box:
    """A box on a page of that size (before turning) where the page is turned clockwise by 0, 90, 180 or 270 degrees."""
    x0, top, x1, bottom = box
    match degrees % 360:
        case 90:
            return height - bottom, x0, height - top, x1
        case 180:
            return width - x1, height - bottom, width - x0, height - top
        case 270:
            return top, width - x1, bottom, width - x0
        case _:
            return box
