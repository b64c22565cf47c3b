"""Every rendering opens in a tool that is not ours and shows the figures of its truth, by its seed alone."""

from __future__ import annotations

import html
import io

import lxml.etree
import lxml.html
import pytest

from crawler.replica import render
from crawler.replica.printing import as_tabs
from crawler.replica.reports import generate, many
from crawler.replica.tables import Grid
from tests.crawler.opened import OPENED, made, report, shows_all

# Nothing but figures by chance
CHANCE = {"doc", "wps", "rtf_writer", "xls", "pdf_writer", "pdf_chrome"}
OFFICE = {"doc", "wps", "rtf_writer", "xls", "pdf_writer"}
SCANS = {"scan150", "scan300", "scan_poor", "png", "jpeg", "tiff"}


@pytest.mark.parametrize("name", sorted(OPENED))
def test_shows_the_figures_of_its_truth(name: str) -> None:
    for seed in range(1 if name in CHANCE else 3 if name.startswith("pdf") else 12):
        of = report(seed % 3 + 3, (2020, 2023)[seed % 2] if name != "zip" else 2023)
        assert shows_all(OPENED[name](made(name, seed, of)), render.truth(of, name))


@pytest.mark.parametrize("name", sorted(set(render.FORMATS) - CHANCE - SCANS))
def test_same_seed_same_bytes(name: str) -> None:
    assert made(name, 4) == made(name, 4)


@pytest.mark.parametrize("name", ["pdf", "docx", "docx_tracked", "ofd", "rtf", "markdown", "xlsx", "mht"])
def test_another_seed_another_look(name: str) -> None:
    assert len({made(name, seed) for seed in range(5)}) > 1


def test_all_formats_are_tried() -> None:
    untried = {"doc", "wps", "xls", "rtf_writer", "dump_glued", "pdf_error", "image_html"} | SCANS
    assert set(render.FORMATS) == set(OPENED) | untried


# --- other programs


@pytest.mark.parametrize("name", sorted(OFFICE))
def test_one_call_makes_many(name: str) -> None:
    lacking = render.missing(name)
    if lacking:
        pytest.skip(f"{lacking} is not installed, so {name} cannot be made")
    reports = [report(3), report(4, 2020)]
    bodies = render.render_many(reports, name, 9)
    magic = {"rtf_writer": b"{\\rtf", "pdf_writer": b"%PDF"}.get(name, b"\xd0\xcf\x11\xe0")
    assert [body[: len(magic)] for body in bodies] == [magic, magic]
    for of, body in zip(reports, bodies, strict=True):
        if name in ("doc", "wps"):  # text of Word 97 is UTF-16 or GBK in one piece
            assert any("（二）部分公开".encode(encoding) in body for encoding in ("utf-16-le", "gbk"))
        if name == "xls":
            calamine = pytest.importorskip("python_calamine")
            book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(body))
            rows = [row for sheet in book.sheet_names for row in book.get_sheet_by_name(sheet).to_python()]
            shown = (" ".join(str(int(v) if isinstance(v, float) else v) for v in row if v != "") for row in rows)
            assert shows_all("\n".join(shown), of.truth)


def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert render.missing("doc") == "soffice" and render.missing("pdf_chrome") == "chromium"
    assert render.missing("html") is None
    with pytest.raises(RuntimeError, match="doc needs soffice"):
        render.render(report(), "doc", 1)


# --- truth and faults


def test_blocks_are_the_page() -> None:
    for of in many(4, 30):
        tree = lxml.html.fromstring(of.page)
        printed = [b if isinstance(b, str) else as_tabs(b) for b in of.blocks]
        page = "".join("".join(tree.itertext()).split())
        for block in printed:
            assert "".join(html.unescape(block).split()) in page


def test_faults_that_cannot_show_are_named() -> None:
    of = generate(1, unit="990101", organ="云岭县", year=2023, faults=("short_row",))
    assert render.shows(of, "docx") and not render.shows(of, "xlsx")
    assert sum(isinstance(block, Grid) for block in of.blocks) == 3


def test_faults_render_everywhere() -> None:
    quick = ("pdf", "ofd", "docx", "docx_tracked", "rtf", "xlsx", "markdown", "dump", "mht")
    for seed, of in enumerate(many(8, 12, faulty=1.0)):
        for name in quick:
            if render.missing(name) is None:
                assert len(render.render(of, name, seed)) > 1000
