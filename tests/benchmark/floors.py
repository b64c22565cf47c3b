"""Floors that only rise: a figure under its floor fails the run; lowering one takes a person's word."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

PATH = Path(__file__).with_name("floors.json")
Figures = Mapping[str, float]


def load(path: Path = PATH) -> dict[str, float]:
    """The floors by name; none where the file is not there yet."""
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


# Less is better: counts of failures, and ratios of time
CEILINGS = frozenset(
    ("wrong", "left_open", "missed", "silent", "unflagged", "not_raised", "forbidden", "unexpected", "crashed")
)
TIMES = frozenset(
    ("parse_ratio", "report_ratio", "docx_ratio", "pdfplumber_ratio", "html_ratio", "megabytes")
)  # less is better; they vary
SLACK = 1.25  # two runs on a busy machine differ by less


def under(floors: Figures, figures: Figures) -> list[str]:
    """What is worse than its floor. A figure that was not measured (reports missing) is left out."""
    return [name for name, floor in floors.items() if name in figures and worse(name, figures[name], floor)]


def worse(name: str, figure: float, floor: float) -> bool:
    """Whether a figure is on the wrong side of its floor; ratios of time and memory have some slack."""
    kind = name.rpartition(".")[2]
    if kind in TIMES:
        return figure > floor * SLACK
    return figure > floor if kind in CEILINGS else figure < floor


def update(floors: Figures, figures: Figures, *, allow_regression: bool = False) -> tuple[dict[str, float], list[str]]:
    """(new floors, names that were refused). A worse figure keeps its old floor unless a regression is allowed."""
    new, refused = dict(floors), []
    for name, figure in figures.items():
        if name in floors and not allow_regression and worse(name, figure, floors[name]):
            refused.append(name)
        elif name in floors and name.rpartition(".")[2] in TIMES and not allow_regression:
            new[name] = min(figure, floors[name])  # within the slack: not worse, but no reason to lower it either
        else:
            new[name] = figure
    return dict(sorted(new.items())), refused


def save(floors: Figures, path: Path = PATH) -> None:
    """Write the floors, one a line."""
    path.write_text(json.dumps(dict(floors), indent=1) + "\n", encoding="utf-8")
