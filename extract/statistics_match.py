"""Aligns printed rows with the rows of the statistics table, by label, parent and order, never by position alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extract.forms.statistics import Indicator, load
from extract.statistics_rows import Segment, bare

NEIGHBOURS = 0.01  # of equal alignments the one in which more rows follow each other as in the form


@dataclass(frozen=True, slots=True)
class Aligned:
    """Rows with their segment; segments of which two rows could be meant; those that stand nowhere in the order."""

    matches: tuple[tuple[Indicator, Segment], ...]
    open: tuple[tuple[Indicator, Segment], ...]
    left: tuple[Segment, ...]


def align(found: Sequence[Segment]) -> Aligned:
    """The order-preserving alignment with the highest sum of similarities, over all tables at once."""
    rows = load().indicators
    labelled = [segment for segment in found if segment.scores]
    pairs = _best(labelled, len(rows))
    matched = {i for i, _ in pairs}
    certain = [_certain(pairs, at, labelled) for at in range(len(pairs))]
    made = [((rows[j], labelled[i]), sure) for (i, j), sure in zip(pairs, certain, strict=True)]
    return Aligned(
        tuple(pair for pair, sure in made if sure),
        tuple(pair for pair, sure in made if not sure),
        tuple(segment for i, segment in enumerate(labelled) if i not in matched),
    )


def _best(found: Sequence[Segment], width: int) -> list[tuple[int, int]]:
    """(segment, row) pairs of the best alignment, computed from the end; `here` is the best that takes the pair."""
    value = [dict(segment.scores) for segment in found]
    height = len(found)
    best = [[0.0] * (width + 1) for _ in range(height + 1)]
    here = [[-1.0] * (width + 1) for _ in range(height + 1)]
    for i in range(height - 1, -1, -1):
        for j in range(width - 1, -1, -1):
            if j in value[i]:
                here[i][j] = value[i][j] + max(best[i + 1][j + 1], here[i + 1][j + 1] + NEIGHBOURS)
            best[i][j] = max(here[i][j], best[i + 1][j], best[i][j + 1])
    pairs, i, j, follow = [], 0, 0, False
    while i < height and j < width:
        if here[i][j] >= 0 and (follow or here[i][j] == best[i][j]):
            pairs.append((i, j))
            follow = here[i + 1][j + 1] + NEIGHBOURS > best[i + 1][j + 1]
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def _certain(pairs: Sequence[tuple[int, int]], at: int, found: Sequence[Segment]) -> bool:
    """Whether a label that several rows bear is known: only one of them stands between the rows above and below that
    have a label of their own, or one of these two is of the same parent.
    """
    i, j = pairs[at]
    if len(found[i].scores) == 1:
        return True
    above = next((b for a, b in reversed(pairs[:at]) if len(found[a].scores) == 1), -1)
    below = next((b for a, b in pairs[at + 1 :] if len(found[a].scores) == 1), len(load().indicators))
    if sum(above < row < below for row, _ in found[i].scores) == 1:
        return True
    return any(0 <= row < len(load().indicators) and _family(row) == _family(j) for row in (above, below))


def _family(row: int) -> str:
    """The row's parent, or itself where it is one that others stand under."""
    indicator = load().indicators[row]
    return indicator.name if indicator.depth == 0 else indicator.parent or indicator.name


def rivals(aligned: Aligned) -> dict[str, Segment]:
    """Name of a row → another segment with the same label and other figures: which one counts cannot be told."""
    found: dict[str, Segment] = {}
    for indicator, segment in aligned.matches:
        mine = [cell.text.strip() for cell in segment.figures()]
        for other in aligned.left:
            theirs = [cell.text.strip() for cell in other.figures()]
            if theirs and theirs != mine and other.label in (segment.label, bare(indicator.label)):
                found[indicator.name] = other
    return found
