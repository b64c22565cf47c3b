"""What blank cells mean where a whole report leaves them: an empty form, or a report that prints no 0."""

from __future__ import annotations

from collections.abc import Sequence

from extract.place import Placed
from extract.reading import NUMERIC, Reading
from extract.records import Derived, Finding
from extract.rules import finding

SUMMED = ("applications", "disputes")


def blanks(reading: Reading, placed: Placed, derived: Sequence[Derived]) -> list[Finding]:
    """The findings of the cells; where blanks have one meaning for the whole report, one finding for all of them."""
    if is_empty(placed):
        return [finding("S33"), *(f for f in placed.findings if f.rule not in ("S08", "S11"))]
    lone = [f for f in placed.findings if f.rule == "S11" and f.table in SUMMED]
    zeros = any(key[0] in SUMMED and cell.value == 0 for key, cell in placed.cells.items())
    if len(lone) > 1 and not zeros and any(d.assumed_zero for d in derived):
        message = f"{len(lone)} cells are blank and no 0 is printed; every relation holds if they are 0"
        rest = (f for f in placed.findings if f not in lone)
        return [finding("S11", message, variant="everywhere", quote=f"{len(lone)} blanks", left=len(lone)), *rest]
    return placed.findings


def is_empty(placed: Placed) -> bool:
    """Whether official rows are there and not one of them prints a figure."""
    printed = [str(text) for cell in placed.unassigned for text in cell.raw]
    blank = any(cell.cls == "blank" for cell in placed.cells.values()) or (placed.unassigned and not printed)
    figures = any(cell.cls in (*NUMERIC, "unassigned") for cell in placed.cells.values())
    return bool(blank) and not figures and not any(c.isdigit() for text in printed for c in text)
