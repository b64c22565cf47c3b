"""Charts as geometry that `_chart.html` draws as SVG: a line over years, a strip of peers. No script, no colour.

Of the libraries tried (a chart of twelve points, CPU time, 2026-11) none fits: vl-convert 1.9 takes 64 ms, 84 MB and
120 MB of memory; matplotlib 3.11 over 100 ms; pygal 3.1 is LGPL; lets-plot 4.11 takes 6 ms, but has fixed colours,
no viewBox, random ids and 16 kB a chart; leather 0.4 takes 4 ms, but has one size, one mark and fixed colours; svg.py
1.10 does not escape text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import floor, log10
from typing import Any

WIDTH, HEIGHT = 360, 200
LEFT, RIGHT, TOP, BOTTOM = 46, 12, 24, 28
# A form is told by the shape of its marks; a flagged figure by a mark that is not filled
SHAPES = {"2014": "triangle", "2019": "square", "2021": "circle", "none": "diamond"}
_COUNTS = 12  # room for a line of n beneath the years
_STRIP = {"height": 104, "axis": 62, "radius": 4}


@dataclass(frozen=True, slots=True)
class Point:
    """One figure of a history. `joins` is the `key` of the point that a line may lead on from; None begins anew."""

    year: int
    value: float | None
    form: str = "2021"
    scope: str = "own"
    series: str = ""  # what no line may cross either: the law may break it where the form goes on
    flags: str = ""
    href: str | None = None
    n: float | None = None
    key: str = ""
    joins: str | None = None
    state: str = ""  # in words, why there is no figure


@dataclass(frozen=True, slots=True)
class Chart:
    """What a template needs to draw a chart and the table beneath it."""

    zh: str
    en: str
    unit: str
    points: tuple[Any, ...]
    ticks: tuple[tuple[float, str], ...] = ()
    labels: tuple[tuple[float, str], ...] = ()
    marks: tuple[dict[str, Any], ...] = ()
    lines: tuple[dict[str, Any], ...] = ()
    breaks: tuple[tuple[float, str], ...] = ()
    gaps: tuple[tuple[float, str], ...] = ()
    counts: tuple[tuple[float, str], ...] = ()
    width: int = WIDTH
    height: int = HEIGHT
    parted: tuple[str, str] = ("格式", "form")  # what a shape stands for (zh, en)
    facts: dict[str, Any] = field(default_factory=dict)


def history(
    zh: str,
    en: str,
    unit: str,
    points: Iterable[Point],
    parted: tuple[str, str] = ("格式", "form"),
    counted: bool = False,
) -> Chart:
    """A figure over the years. A line never crosses a change of form, scope or series, nor a year without a figure.

    `counted`: n stands beneath every year, because it differs so much that the figures cannot be read without it."""
    points = sorted(points, key=lambda p: (p.year, p.key))
    known = [p.value for p in points if p.value is not None]
    years = range(points[0].year, points[-1].year + 1) if points else range(0)
    low, high, steps = scale(known)
    step = (WIDTH - LEFT - RIGHT) / max(len(years), 1)
    across = {year: LEFT + step * (n + 0.5) for n, year in enumerate(years)}

    def down(value: float) -> float:
        return round(TOP + (HEIGHT - TOP - BOTTOM) * (high - value) / (high - low), 1)

    every = -(-len(years) // 8)
    return Chart(
        zh,
        en,
        unit,
        tuple(points),
        ticks=tuple((down(tick), _tick(tick, unit)) for tick in steps) if known else (),
        labels=tuple((round(x, 1), str(year)) for n, (year, x) in enumerate(across.items()) if n % every == 0),
        marks=tuple(_mark(p, across[p.year], down(p.value)) for p in points if p.value is not None),
        lines=tuple(_lines(points, across, down)),
        breaks=tuple(_breaks(points, across, step)),
        gaps=tuple((round(across[y], 1), _why(points, y)) for y in years if _gap(points, y)),
        counts=tuple((round(across[p.year], 1), written(p.n, "")) for p in points if p.n is not None)
        if counted
        else (),
        height=HEIGHT + (_COUNTS if counted else 0),
        parted=parted,
    )


def strip(zh: str, en: str, unit: str, values: Sequence[Point], own: str, **facts: Any) -> Chart:
    """How a figure is spread among peers: a mark each, `own` filled; quantiles by nearest rank. No order of merit."""
    plain = sorted(p.value for p in values if p.value is not None and not p.flags)
    known = [p for p in values if p.value is not None]
    low, high, steps = scale([p.value for p in known if p.value is not None])
    span = WIDTH - 2 * RIGHT - 10

    def across(value: float) -> float:
        return round(RIGHT + 5 + span * (value - low) / (high - low), 1)

    stacked: dict[int, int] = {}
    marks = []
    for p in sorted(known, key=lambda p: (p.key != own, p.key)):
        x = across(p.value or 0.0)
        level = stacked[round(x / 8)] = stacked.get(round(x / 8), -1) + 1
        y = max(_STRIP["axis"] - 8 - 9 * level, 4)
        marks.append(_mark(p, x, y) | {"own": p.key == own})
    quantiles = {}
    if len(plain) >= _ENOUGH:
        quantiles = {name: plain[-(-len(plain) * share // 100) - 1] for name, share in _SHARES.items()}
    return Chart(
        zh,
        en,
        unit,
        tuple(values),
        labels=tuple((across(tick), _tick(tick, unit)) for tick in steps) if known else (),
        marks=tuple(reversed(marks)),  # one's own is drawn last, on top
        breaks=tuple((across(value), name) for name, value in quantiles.items()),
        height=_STRIP["height"],
        facts={"n": len(plain), "left_out": len(values) - len(plain), "quantiles": quantiles, "own": own} | facts,
    )


_SHARES = {"P25": 25, "P50": 50, "P75": 75}
_ENOUGH = 5  # figures, for quartiles to say anything


@dataclass(frozen=True, slots=True)
class Column:
    """What a year's figures are made of: `parts` in the order of the chart; None where nothing can be told."""

    year: int
    parts: dict[str, float] | None
    n: int = 0  # reports that it rests on
    form: str = "2019"
    others: int = 0  # reports of the year in other series, which no part of it counts


def stacked(zh: str, en: str, columns: Sequence[Column]) -> Chart:
    """How a whole is divided, a column a year, the first part at the bottom. Parts are told by their number."""
    step = (WIDTH - LEFT - RIGHT) / max(len(columns), 1)
    height = HEIGHT - TOP - BOTTOM
    boxes, labels, gaps = [], [], []
    for place, column in enumerate(columns):
        middle, below = LEFT + step * (place + 0.5), float(HEIGHT - BOTTOM)
        labels.append((round(middle, 1), str(column.year)))
        whole = sum(column.parts.values()) if column.parts else 0
        if not whole:
            gaps.append((round(middle, 1), ""))
        for number, (name, value) in enumerate((column.parts or {}).items() if whole else (), 1):
            tall = height * value / whole
            below -= tall
            place_of = {"x": round(middle - step * 0.36, 1), "y": round(below, 1), "width": round(step * 0.72, 1)}
            part = {"number": number, "name": name, "year": column.year, "share": value / whole, "value": value}
            boxes.append(place_of | {"height": round(tall, 1)} | part)
    return Chart(
        zh,
        en,
        "share",
        tuple(columns),
        ticks=tuple((TOP + height * (1 - share), written(share, "share")) for share in (0, 0.25, 0.5, 0.75, 1)),
        labels=tuple(labels),
        marks=tuple(boxes),
        gaps=tuple(gaps),
        counts=tuple((x, written(column.n, "")) for (x, _), column in zip(labels, columns, strict=True)),
        height=HEIGHT + _COUNTS,
    )


def scale(values: Sequence[float]) -> tuple[float, float, list[float]]:
    """Lower end, upper end and round steps of an axis that holds 0 and all values."""
    low, high = min([0.0, *values]), max([0.0, *values])
    if low == high:
        high = 1.0
    raw = (high - low) / 4
    unit = 10.0 ** floor(log10(raw))
    step = next(unit * factor for factor in (1, 2, 2.5, 5, 10) if unit * factor >= raw * 0.999)
    first, last = floor(low / step + 1e-9), -floor(-high / step + 1e-9)
    return first * step, last * step, [round(n * step, 10) for n in range(first, last + 1)]


def written(value: float | None, unit: str) -> str:
    """A figure as people read it: a share in per cent, a count with thousands apart.

    What is not quite nothing or not quite the whole is never written as if it were."""
    if value is None:
        return ""
    if unit != "share":
        return _plain(value, 2 if not value or abs(value) >= 0.01 else 1 - floor(log10(abs(value))))
    share = value * 100
    if share and round(share, 1) == 0:
        return "<0.1%" if share > 0 else ">-0.1%"
    if share != 100 and round(share, 1) == 100:
        return ">99.9%" if share < 100 else ">100%"
    return _plain(share, 1) + "%"


def _plain(value: float, digits: int) -> str:
    return f"{value:,.{digits}f}".rstrip("0").rstrip(".")


def _tick(value: float, unit: str) -> str:
    """A round step of an axis, as exact as it is."""
    return _plain(value * 100, 8) + "%" if unit == "share" else _plain(value, 10)


def _mark(p: Point, x: float, y: float) -> dict[str, Any]:
    return {"x": round(x, 1), "y": y, "shape": SHAPES.get(p.form, "diamond"), "plain": not p.flags, "point": p}


def _lines(points: list[Point], across: dict[int, float], down: Any) -> Iterable[dict[str, Any]]:
    by_key = {p.key: p for p in points if p.value is not None}
    for p in points:
        before = by_key.get(p.joins or "")
        if before and p.value is not None and _counted(before) == _counted(p):
            ends = (across[before.year], down(before.value), across[p.year], down(p.value))
            yield {"at": tuple(round(end, 1) for end in ends), "scope": p.scope}


def _counted(p: Point) -> tuple[str, str, str]:
    return p.form, p.scope, p.series


def _breaks(points: list[Point], across: dict[int, float], step: float) -> Iterable[tuple[float, str]]:
    """Where form or series change: half a year before the first report in the new one, with its name."""
    held = [p for p in points if p.form]
    for before, p in zip(held, held[1:], strict=False):
        if p.form != before.form or p.series != before.series:
            yield round(across[p.year] - step / 2, 1), p.form if p.form != before.form else p.series


def _gap(points: list[Point], year: int) -> bool:
    return not any(p.year == year and p.value is not None for p in points)


def _why(points: list[Point], year: int) -> str:
    """In words where the caller knows; empty where no report is held."""
    return next((p.state for p in points if p.year == year and p.state), "")
