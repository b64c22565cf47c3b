"""Frames of layout tables: old editors put a whole article into one ruled cell, and its tables stand in that frame."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter

from extract.formats.edges import SNAP, Edge

TOUCH = 0.75  # points: half the thickness of a rule, by which a rule that ends at another may miss it
GAP = SNAP + TOUCH  # nothing can stand between a frame and a table so near; further apart they are not taken for one
DEEPEST = 3  # frames within frames


def unframed(edges: Iterable[Edge]) -> list[Edge]:
    """Edges without those of frames: two uprights that no rule between them touches, except what runs from one to the
    other, and close inside them on both sides those of a table. Where anything else touches, it is the table's own."""
    kept = list(edges)
    for _ in range(DEEPEST):
        frames = {id(e) for band in _bands(kept) for e in _frame(*band)}
        if not frames:
            break
        kept = [e for e in kept if id(e) not in frames]
    return kept


def _bands(edges: Sequence[Edge]) -> Iterator[tuple[list[Edge], list[Edge]]]:
    """Upright edges that stand beside one another, and the level ones between their ends."""
    across = sorted((e for e in edges if e["orientation"] == "h"), key=itemgetter("top"))
    heights = [e["top"] for e in across]

    def levels(band: Sequence[Edge], end: float) -> list[Edge]:
        return across[bisect_left(heights, band[0]["top"] - TOUCH) : bisect_right(heights, end + TOUCH)]

    band: list[Edge] = []
    end = 0.0
    for e in sorted((e for e in edges if e["orientation"] == "v"), key=itemgetter("top")):
        if band and e["top"] > end + TOUCH:
            yield band, levels(band, end)
            band = []
        end = max(end, e["bottom"]) if band else e["bottom"]
        band.append(e)
    if band:
        yield band, levels(band, end)


def _frame(down: Sequence[Edge], across: Sequence[Edge]) -> list[Edge]:
    """The outermost edges of a band where they are a frame, else none."""
    left, right = min(e["x0"] for e in down), max(e["x0"] for e in down)
    sides = [[e for e in down if abs(e["x0"] - x) < TOUCH] for x in (left, right)]
    inner = [e["x0"] for e in down if left + TOUCH <= e["x0"] <= right - TOUCH]
    own = [e for e in across if e["x0"] < left + TOUCH and e["x1"] > right - TOUCH]
    others = [e for e in across if not (e["x0"] < left + TOUCH and e["x1"] > right - TOUCH)]
    if not inner or not others or not _near(left, min(inner), min(e["x0"] for e in others)):
        return []
    if not _near(-right, -max(inner), -max(e["x1"] for e in others)):
        return []
    top, bottom = min(e["top"] for e in down), max(e["bottom"] for e in down)
    if not all(_covers(side, top, bottom) for side in sides):
        return []
    return [*sides[0], *sides[1], *own]


def _near(outer: float, upright: float, level: float) -> bool:
    """Whether an upright edge stands close beside an outer one, and the level ones stop before the outer."""
    return upright - outer <= GAP and level - outer > TOUCH


def _covers(side: Sequence[Edge], top: float, bottom: float) -> bool:
    """Whether the pieces of an upright, given from the top, reach from one height to another without a gap."""
    end = top
    for e in side:
        if e["top"] > end + TOUCH:
            return False
        end = max(end, e["bottom"])
    return bool(end >= bottom - TOUCH)
