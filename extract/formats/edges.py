"""Rules as edges for pdfplumber's table finder; the edges that a table leaves out, where that is beyond doubt."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from operator import itemgetter
from typing import Any

from pdfplumber.table import merge_edges

from extract.formats.layout import Box, Rule
from extract.formats.lines import Word

SNAP = 3.0  # points within which two rules are one
ROW = 45.0  # points: level rules further apart bound no common row, where nothing upright joins them
GUTTER = 6.0  # points of white between two columns of figures that no rule parts
FIGURE = re.compile(r"-?[\d.,]+|[/\-—]+")
Edge = dict[str, Any]


def edge(rule: Rule) -> Edge:
    """A rule as pdfplumber's edge: its thickness is set aside."""
    if rule.x1 - rule.x0 >= rule.bottom - rule.top:
        at = (rule.top + rule.bottom) / 2
        return _edge("h", rule.x0, at, rule.x1, at)
    at = (rule.x0 + rule.x1) / 2
    return _edge("v", at, rule.top, at, rule.bottom)


def _edge(orientation: str, x0: float, top: float, x1: float, bottom: float) -> Edge:
    size = {"width": x1 - x0, "height": bottom - top}
    return {"orientation": orientation, "x0": x0, "top": top, "x1": x1, "bottom": bottom, **size}


def merged(edges: Iterable[Edge]) -> list[Edge]:
    """Edges that lie on one line as one; those shorter than `SNAP` left out.

    Upright edges are snapped table by table: one table's columns may lie close to another's.
    """
    all_edges = list(edges)
    found = _snapped([e for e in all_edges if e["orientation"] == "h"])
    band: list[Edge] = []
    end = 0.0
    for e in sorted((e for e in all_edges if e["orientation"] == "v"), key=itemgetter("top")):
        if band and e["top"] > end + SNAP:
            found += _snapped(band)
            band = []
        end = max(end, e["bottom"]) if band else e["bottom"]
        band.append(e)
    return found + _snapped(band)


def _snapped(edges: list[Edge]) -> list[Edge]:
    found = merge_edges(edges, SNAP, SNAP, SNAP, SNAP)
    return [e for e in found if max(e["x1"] - e["x0"], e["bottom"] - e["top"]) >= SNAP]


def closed(edges: list[Edge], found: Sequence[Word]) -> list[Edge]:
    """Adds the outer rules that a table leaves out: it ends where its other rules end."""
    added: list[Edge] = []
    for part in _connected(edges, found):
        outer = list(_outer(part))
        added += [*outer, *_inner([*part, *outer], found)]
    return merged([*edges, *added]) if added else edges


def _outer(edges: Sequence[Edge]) -> Iterator[Edge]:
    """The missing sides of one table. A side that is there in part stays as it is: a hole in it may be meant."""
    across = [e for e in edges if e["orientation"] == "h"]
    down = [e for e in edges if e["orientation"] == "v"]
    if not across or len(edges) < 3 and not down:
        return
    left, right = min(e["x0"] for e in across), max(e["x1"] for e in across)
    high, low = min(e["top"] for e in across), max(e["top"] for e in across)
    top, bottom = min((e["top"] for e in down), default=high), max((e["bottom"] for e in down), default=low)
    top, bottom = min(top, high), max(bottom, low)
    for side, end in (("top", top), ("bottom", bottom)):
        if any(abs(v[side] - end) <= SNAP and not _ends(v, end, across) for v in down):
            yield _edge("h", left, end, right, end)
    for end in (left, right):
        if not any(abs(e["x0"] - end) <= 2 * SNAP for e in down):
            yield _edge("v", end, top, end, bottom)


def _inner(edges: Sequence[Edge], found: Sequence[Word]) -> Iterator[Edge]:
    """The right ends of rows beside one that is longer: where a level rule ends, nothing upright or printed beyond."""
    levels: list[tuple[float, float]] = []  # top and right end
    for e in sorted((e for e in edges if e["orientation"] == "h"), key=itemgetter("top")):
        if levels and e["top"] - levels[-1][0] <= SNAP:
            levels[-1] = levels[-1][0], max(levels[-1][1], e["x1"])
        else:
            levels.append((e["top"], e["x1"]))
    right = max((end for _, end in levels), default=0.0)
    down = [e for e in edges if e["orientation"] == "v"]
    for (top, one), (bottom, other) in pairwise(levels):
        end, middle = min(one, other), (top + bottom) / 2
        closed_there = any(abs(e["x0"] - end) <= 2 * SNAP and e["top"] < middle < e["bottom"] for e in down)
        beyond = any(_inside(w, (end, top, right + SNAP, bottom)) for w in found)
        if right - end > 2 * SNAP and not closed_there and not beyond:
            yield _edge("v", end, top, end, bottom)


def _ends(upright: Edge, end: float, across: Sequence[Edge]) -> bool:
    """Whether a level rule closes an upright one at its end."""
    near = [h for h in across if abs(h["top"] - end) <= SNAP]
    return any(h["x0"] - SNAP <= upright["x0"] <= h["x1"] + SNAP for h in near)


def _connected(edges: Sequence[Edge], found: Sequence[Word]) -> list[list[Edge]]:
    """Edges table by table: those that cross or touch, and level ones of one extent with a table's row between."""
    across = sorted((e for e in edges if e["orientation"] == "h"), key=itemgetter("top"))
    down = [e for e in edges if e["orientation"] == "v"]
    group = list(range(len(across) + len(down)))

    def root(i: int) -> int:
        while group[i] != i:
            group[i] = group[group[i]]
            i = group[i]
        return i

    extents: dict[tuple[int, int], int] = {}
    for i, h in enumerate(across):
        extent = round(h["x0"] / SNAP / 2), round(h["x1"] / SNAP / 2)
        before = extents.get(extent)
        if before is not None and _is_row(across[before], h, found):
            group[root(i)] = root(before)
        extents[extent] = i
        for n, v in enumerate(down, len(across)):
            if _touch(h, v):
                group[root(i)] = root(n)
    parts: dict[int, list[Edge]] = defaultdict(list)
    for i, e in enumerate([*across, *down]):
        parts[root(i)].append(e)
    return list(parts.values())


def _is_row(above: Edge, below: Edge, found: Sequence[Word]) -> bool:
    """Whether a row of a table stands between two level rules: one centred text or several, no heading or prose."""
    if below["top"] - above["top"] > ROW:
        return False
    box = above["x0"], above["top"], above["x1"], below["top"]
    inside = [w for w in found if _inside(w, box)]
    if not inside:
        return False
    left, right = min(w.x0 for w in inside), max(w.x1 for w in inside)
    centred = abs(left + right - box[0] - box[2]) < 0.1 * (box[2] - box[0])
    return centred or any(map(_is_figure, inside)) or any(b.x0 - a.x1 > 2 * a.height for a, b in pairwise(inside))


def _touch(h: Edge, v: Edge) -> bool:
    return bool(
        v["top"] <= h["top"] + SNAP and v["bottom"] >= h["top"] - SNAP and h["x0"] - SNAP <= v["x0"] <= h["x1"] + SNAP
    )


def columns(rows: Sequence[Box], found: Sequence[Word]) -> list[Edge]:
    """Upright edges of a table that has level rules only; none unless every figure lines up without doubt.

    The figures of all rows must fall into columns parted by white, one figure a row and column, right of all labels.
    """
    held = [(row, [w for w in found if _inside(w, row)]) for row in rows]
    filled = [own for _, own in held if any(map(_is_figure, own))]
    spans = _spans([w for own in filled for w in own if _is_figure(w)])
    if len(spans) < 2 or any(b[0] - a[1] < GUTTER for a, b in zip(spans, spans[1:], strict=False)):
        return []
    for a, b in spans:
        counts = [sum(_is_figure(w) and a <= w.x0 <= b for w in own) for own in filled]
        if max(counts) > 1 or sum(counts) < 2:  # two in one field, or one that lines up with no other
            return []
    labels = [w.x1 for own in filled for w in own if not _is_figure(w)]
    if not labels or max(labels) > spans[0][0] - GUTTER / 2:
        return []
    cuts = [(max(labels) + spans[0][0]) / 2, *((a[1] + b[0]) / 2 for a, b in zip(spans, spans[1:], strict=False))]
    return [
        _edge("v", x, row[1], x, row[3])
        for row, own in held
        for x in (row[0], *cuts, row[2])
        if not any(w.x0 - 1 < x < w.x1 + 1 for w in own)
    ]


def _is_figure(word: Word) -> bool:
    return FIGURE.fullmatch(word.text) is not None


def _inside(word: Word, box: Box) -> bool:
    x, y = word.middle
    return box[0] <= x < box[2] and box[1] <= y < box[3]


def _spans(found: Sequence[Word]) -> list[tuple[float, float]]:
    """The stretches of the line that any of the words covers, from the left."""
    result: list[tuple[float, float]] = []
    for x0, x1 in sorted((w.x0, w.x1) for w in found):
        if result and x0 <= result[-1][1]:
            result[-1] = result[-1][0], max(result[-1][1], x1)
        else:
            result.append((x0, x1))
    return result
