"""Synthetic reports in every format that portals publish, with the truth they were made with.

`render(report, name, seed)` gives the bytes, `truth(report, name)` what a reader must find in them, and `missing(name)`
what is not installed for it. The libraries and programs needed are imported or started only when a rendering is made.
"""

from __future__ import annotations

import copy
import importlib.util
import re
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from crawler.replica.render import chrome, docx, ofd, office, packed, pdf, pictures, plain, rtf, scan, workbook
from crawler.replica.reports import Synthetic

Make = Callable[[Synthetic, Random], bytes]
MakeMany = Callable[[Sequence[tuple[Synthetic, Random]]], list[bytes]]

PROGRAMS = {"soffice": ("soffice", "libreoffice"), "chromium": ("chromium", "chromium-browser", "google-chrome")}
PACKAGES = {"Pillow": "PIL", "opencv": "cv2"}  # where the module's name is another one


@dataclass(frozen=True, slots=True)
class Rendering:
    """One format: how it is made, what that needs, and in what its truth differs from the page's.

    `text`: the truth is that of the plain text renderings. `lost`: no cell can be read, all are null.
    `cannot`: faults that do not show in the format. `expects`: rules that the format itself raises; `flags`: the cells
    at which it does.
    """

    name: str
    suffix: str
    make: Make
    needs: tuple[str, ...] = ()
    many: MakeMany | None = None
    text: bool = False
    lost: bool = False
    cannot: frozenset[str] = field(default=frozenset())
    expects: tuple[str, ...] = ()
    flags: Callable[[Synthetic], Iterable[docx.Key]] | None = None


def _scanned(quality: str) -> Make:
    def make(report: Synthetic, rng: Random) -> bytes:
        return scan.as_pdf(*scan.scan(report.title, report.blocks, rng.randrange(2**31), scan.QUALITIES[quality]))

    return make


def _pictured(kind: str) -> Make:
    def make(report: Synthetic, rng: Random) -> bytes:
        pages, dpi = scan.scan(report.title, report.blocks, rng.randrange(2**31), scan.QUALITIES["scan150"])
        return scan.as_tiff(pages, dpi) if kind == "tiff" else scan.as_picture(pages, dpi, kind.upper())

    return make


# Blanks that do not print are no part of a page; a label split over lines exists in text only.
_PAGED = frozenset({"hard_spaces"})
# A word processor that opens a table and saves it gives every row the table's own columns; RTF is read through one.
_RULED = frozenset({"long_row", "stray_cell"})
# A browser prints rules around the place of a cell that a row lacks at its end: on paper it is an empty cell.
_PRINTED = frozenset({"short_row"})
# A sheet has no short rows: it has empty cells.
_SHEET = frozenset({"short_row", "hard_spaces"})
# Where every cell is a line of its own, a cell that is empty or one too many leaves no trace of which one it is.
_LINES = frozenset(
    re.findall(
        r"\w+",
        """blank_cell blank_totals blanks_for_zeros short_row long_row long_disputes split_digits extra_column
        missing_group hard_spaces word_in_cell slash placeholder lost_row_break stray_value split_column_label
        split_row_label page_number stray_cell""",
    )
)
_WRITER = ("soffice",)

FORMATS: dict[str, Rendering] = {
    rendering.name: rendering
    for rendering in (
        Rendering("html", ".html", plain.html),
        Rendering("text", ".txt", plain.text, text=True),
        Rendering(
            "tabbed", ".txt", plain.tabbed, text=True, cannot=frozenset({"split_column_label", "split_row_label"})
        ),
        Rendering("markdown", ".md", plain.markdown, cannot=frozenset({"hard_spaces", "short_row"})),
        Rendering("markdown_loose", ".md", plain.markdown_loose, cannot=frozenset({"hard_spaces"})),
        Rendering("dump", ".txt", plain.dump, cannot=_LINES),
        Rendering("dump_glued", ".txt", plain.dump_glued, lost=True),
        Rendering("pdf", ".pdf", pdf.make, ("reportlab", "pikepdf"), cannot=_PAGED),
        Rendering("pdf_clean", ".pdf", pdf.make_clean, ("reportlab",), cannot=_PAGED),
        Rendering("pdf_writer", ".pdf", office.writer_pdf, _WRITER, office.many_writer_pdf, cannot=_PAGED | _RULED),
        Rendering("pdf_chrome", ".pdf", chrome.make, ("chromium",), chrome.many, cannot=_PAGED | _PRINTED),
        Rendering("pdf_error", ".pdf", plain.error_page, lost=True),
        Rendering("docx", ".docx", docx.make),
        Rendering("docx_tracked", ".docx", docx.make_tracked, expects=("S32",), flags=docx.changed),
        Rendering("doc", ".doc", office.doc, _WRITER, office.many_doc, cannot=_RULED),
        Rendering("wps", ".wps", office.doc, _WRITER, office.many_doc, cannot=_RULED),
        Rendering("rtf", ".rtf", rtf.make, cannot=_RULED),
        Rendering("rtf_writer", ".rtf", office.writer_rtf, _WRITER, office.many_writer_rtf, cannot=_RULED),
        Rendering("doc_html", ".doc", packed.doc_html),
        Rendering("doc_mht", ".doc", packed.mht),
        Rendering("doc_rtf", ".doc", rtf.make, cannot=_RULED),
        Rendering("doc_docx", ".doc", docx.make),
        Rendering("mht", ".mht", packed.mht),
        Rendering("zip", ".zip", packed.zipped),
        Rendering("xlsx", ".xlsx", workbook.make, ("openpyxl",), cannot=_SHEET),
        Rendering("xls", ".xls", office.xls, ("soffice", "openpyxl"), office.many_xls, cannot=_SHEET),
        Rendering("ofd", ".ofd", ofd.make, cannot=_PAGED),
        *(Rendering(name, ".pdf", _scanned(name), ("scan",), cannot=_PAGED) for name in scan.QUALITIES),
        *(Rendering(name, f".{name}", _pictured(name), ("scan",), cannot=_PAGED) for name in ("png", "jpeg", "tiff")),
        Rendering("image_html", ".html", pictures.page, ("reportlab", "pypdfium2", "Pillow"), cannot=_PAGED),
    )
}


def render(report: Synthetic, name: str, seed: int) -> bytes:
    """A report in the format of that name; the same arguments give the same bytes where the format allows.

    Raises KeyError for an unknown name and RuntimeError where something needed is not installed or fails.
    """
    return render_many([report], name, seed)[0]


def render_many(reports: Sequence[Synthetic], name: str, seed: int) -> list[bytes]:
    """Several reports in one format, in one call of the program that makes it. The first is `render(reports[0], …)`."""
    lacking = missing(name)
    if lacking:
        raise RuntimeError(f"{name} needs {lacking}, which is not installed")
    rendering = FORMATS[name]
    jobs = [(report, Random(f"{seed + number}/{name}")) for number, report in enumerate(reports)]
    if rendering.many:
        return rendering.many(jobs)
    return [rendering.make(report, rng) for report, rng in jobs]


def missing(name: str) -> str | None:
    """The first program or package that a rendering needs and that is not installed; None if it can be made."""
    for need in FORMATS[name].needs:
        if need == "scan":
            if found := scan.missing():
                return found
        elif need in PROGRAMS:
            if not any(shutil.which(program) for program in PROGRAMS[need]):
                return need
        elif importlib.util.find_spec(PACKAGES.get(need, need)) is None:
            return need
    return None


def shows(report: Synthetic, name: str) -> bool:
    """Whether all faults of a report can show in a format, so that its truth holds there."""
    return not FORMATS[name].cannot & set(report.faults)


def truth(report: Synthetic, name: str) -> dict[str, Any]:
    """What a correct reader finds in a rendering; of the shape of `Synthetic.truth`."""
    rendering = FORMATS[name]
    found = copy.deepcopy(report.text_truth if rendering.text else report.truth)
    found["expect"] = sorted({*found["expect"], *rendering.expects})
    if rendering.flags:
        found["cells_flagged"] += sorted(map(list, rendering.flags(report)), key=str)
    if rendering.lost:
        found["disclosures"] = {item: dict.fromkeys(row) for item, row in found["disclosures"].items()}
        for table in ("applications", "disputes"):
            found[table] = {row: [None] * len(values) for row, values in found[table].items()}
        found |= {"expect": [], "must_not_fire": [], "cells_flagged": [], "requests_stated": None}
    return found
