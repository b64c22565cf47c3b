"""Every rendering opens in a tool that is not ours and shows the figures of its truth."""

from __future__ import annotations

import base64
import email
import email.policy
import html
import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from random import Random
from typing import Any

import lxml.etree
import lxml.html
import pytest

from crawler.replica import render
from crawler.replica.printing import as_tabs
from crawler.replica.render import pdf, sheet
from crawler.replica.render.docx import Habits, write
from crawler.replica.reports import Synthetic, generate, many
from crawler.replica.tables import Grid

ROWS = ("new", "granted", "refused.third_party", "closed", "carried_out")
# Nothing but figures by chance
CHANCE = {"doc", "wps", "rtf_writer", "xls", "pdf_writer", "pdf_chrome"}
OFFICE = {"doc", "wps", "rtf_writer", "xls", "pdf_writer"}
ODD_TAGS = ("w:gridBefore", "w:sdt>", "mc:AlternateContent", "w:br/", "w:numPr")
SCANS = {"scan150", "scan300", "scan_poor", "png", "jpeg", "tiff"}


@cache
def report(seed: int = 5, year: int = 2023, unit: str = "990101") -> Synthetic:
    return generate(seed, unit=unit, organ="云岭县", year=year)


def made(name: str, seed: int = 1, of: Synthetic | None = None) -> bytes:
    lacking = render.missing(name)
    if lacking:
        pytest.skip(f"{lacking} is not installed, so {name} cannot be made")
    return render.render(of or report(), name, seed)


def lines(truth: dict[str, Any]) -> list[str]:
    """The figures that must stand side by side, in the order of print."""
    rows = [truth["applications"][row] for row in ROWS]
    rows.append([value for values in truth["disputes"].values() for value in values])
    return [" ".join(map(str, row)) for row in rows]


def shows_all(text: str, truth: dict[str, Any]) -> bool:
    flat = " ".join(text.split())
    assert all(re.search(rf"(?<!\d){re.escape(line)}(?!\d)", flat) for line in lines(truth)), flat
    return True


# --- how other tools see each format


def markup(body: bytes) -> str:
    tree = lxml.html.fromstring(body)
    return "\n".join(" ".join("".join(td.itertext()).strip() for td in tr.xpath("./td")) for tr in tree.xpath("//tr"))


def pdf_text(body: bytes) -> str:
    import pdfplumber

    with pdfplumber.open(io.BytesIO(body)) as file:
        # A label beside the figures may stand on a line between theirs: only what is set in the columns counts
        return "\n".join((page.dedupe_chars().extract_text() or "") for page in file.pages)


def docx_text(body: bytes) -> str:
    docx = pytest.importorskip("docx")
    tree = docx.Document(io.BytesIO(body)).element
    for gone in tree.xpath("//w:del | //w:moveFrom | //w:tr[w:trPr/w:del] | //*[local-name()='Fallback']"):
        gone.getparent().remove(gone)
    return "\n".join(
        " ".join(
            "".join(t.text or "" for t in cell.iter("{*}t"))
            for cell in row.iter("{*}tc")
            if next(cell.iterancestors("{*}tr")) is row
        )
        for row in tree.iter("{*}tr")
    )


def xlsx_text(body: bytes) -> str:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.load_workbook(io.BytesIO(body))
    rows = (row for sheet in book.worksheets for row in sheet.iter_rows(values_only=True))
    return "\n".join(" ".join(str(v) for v in row if v is not None) for row in rows)


def ofd_text(body: bytes) -> str:
    out = []
    with zipfile.ZipFile(io.BytesIO(body)) as file:
        for name in sorted(n for n in file.namelist() if "/Pages/" in n):
            tree = lxml.etree.fromstring(file.read(name))
            found = []
            for text in tree.iter("{*}TextObject"):
                x, top, *_ = map(float, text.get("Boundary").split())
                found.append((round(top), x, text.find("{*}TextCode").text))
            out += [text for _, _, text in sorted(found)]
    return "\n".join(out)


def mht_text(body: bytes) -> str:
    message = email.message_from_bytes(body, policy=email.policy.default)
    part = next(p for p in message.walk() if p.get_content_type() == "text/html")
    charset = {"gb2312": "gb18030"}.get(part.get_content_charset(), part.get_content_charset())
    return markup(part.get_payload(decode=True).decode(charset).encode("ascii", "xmlcharrefreplace"))


def rtf_text(body: bytes) -> str:
    text = re.sub(r"\\u(-?\d+)\?", lambda m: chr(int(m[1]) % 65536), body.decode("ascii"))
    return "\n".join(
        " ".join(re.sub(r"\\\w+ ?", "", cell).strip() for cell in re.findall(r"\\intbl[^ ]* (.*?)\\cell\b", row, re.S))
        for row in text.split("\\row")
    )


def zip_text(body: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(body), metadata_encoding="gb18030") as file:
        (name,) = [n for n in file.namelist() if n.endswith(".docx")]
        assert "云岭县2023年政府信息公开工作年度报告" in name
        assert any("解读" in n for n in file.namelist())
        return docx_text(file.read(name))


def utf8(body: bytes) -> str:
    return body.decode().replace("|", " ")


def doc_html_text(body: bytes) -> str:
    encodings = {b"\xef\xbb": "utf-8-sig", b"\xff\xfe": "utf-16"}
    text = body.decode(encodings.get(body[:2], "gb18030"))
    return markup(text.encode("ascii", "xmlcharrefreplace"))


OPENED: dict[str, Callable[[bytes], str]] = {
    "html": markup,
    "text": utf8,
    "tabbed": utf8,
    "markdown": utf8,
    "markdown_loose": utf8,
    "dump": utf8,
    "pdf": pdf_text,
    "pdf_clean": pdf_text,
    "pdf_writer": pdf_text,
    "pdf_chrome": pdf_text,
    "docx": docx_text,
    "docx_tracked": docx_text,
    "doc_docx": docx_text,
    "rtf": rtf_text,
    "doc_rtf": rtf_text,
    "doc_html": doc_html_text,
    "doc_mht": mht_text,
    "mht": mht_text,
    "zip": zip_text,
    "xlsx": xlsx_text,
    "ofd": ofd_text,
}


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


# --- what the wild does


@cache
def some_pdfs() -> tuple[tuple[bytes, tuple[str, ...]], ...]:
    """PDFs with the texts of their pages, by another reader than pdfplumber."""
    pypdfium2 = pytest.importorskip("pypdfium2")
    found = []
    for seed in range(40):
        body = made("pdf", seed)
        file = pypdfium2.PdfDocument(body)
        found.append((body, tuple("".join(page.get_textpage().get_text_bounded().split()) for page in file)))
        file.close()
    return tuple(found)


def test_pdf_has_every_oddity_somewhere() -> None:
    pikepdf = pytest.importorskip("pikepdf")
    seen = set()
    for body, pages in some_pdfs():
        with pikepdf.open(io.BytesIO(body)) as file:
            seen |= {"encrypted"} if file.is_encrypted else set()
            seen |= {f"rotated {page.get('/Rotate')}" for page in file.pages if page.get("/Rotate")}
            seen |= {"cropped"} if "/CropBox" in file.pages[0] else set()
        whole = "".join(pages)
        seen |= {"head repeated"} if whole.count("申请人情况") > 1 else set()
        seen |= {"table cut"} if not any("一、本年新收" in p and "四、结转下年度" in p for p in pages) else set()
    rotated = {"rotated 90", "rotated 180", "rotated 270"}
    assert seen == rotated | {"encrypted", "cropped", "head repeated", "table cut"}


def test_a_row_may_be_cut_by_the_page() -> None:
    """The first lines of a label and the figures on one page, the rest of the label on the next; nothing is lost."""
    look, cut = sheet.Look(cut_rows=True), set()
    grid = next(block for block in report().blocks if isinstance(block, Grid) and block.columns == 10)
    printed = [cell.text for row in grid.rows for cell in row]
    for height in range(300, 700, 9):
        pages = sheet.compose("", [grid], replace(look, height=float(height), numbered=""))
        texts = ["".join(words.text for words in page.words) for page in pages]
        cut |= {text for text in printed if not any(text in page for page in texts)}
        assert sorted("".join(texts)) == sorted("".join(printed))
    assert any(label.startswith("（二）部分公开") for label in cut) and len(cut) > 2


def test_bold_may_be_doubled_glyphs() -> None:
    import pdfplumber

    counts = []
    for doubled in (False, True):
        body = pdf.draw(report().title, report().blocks, sheet.Look(), pdf.Driver(double_bold=doubled), Random(1))
        with pdfplumber.open(io.BytesIO(body)) as file:
            counts.append(len(file.pages[0].chars))
    assert counts[1] - counts[0] >= len(report().title + "一、总体情况" + "二、主动公开政府信息情况")


def test_pdf_opens_without_outer_rules() -> None:
    """What draws the frame is left out, the figures are not."""
    bare = sheet.Look(sides=frozenset())
    strokes = [len(sheet.compose("", report().blocks, chosen)[0].strokes) for chosen in (bare, sheet.Look())]
    assert strokes[0] < strokes[1]
    body = pdf.draw(report().title, report().blocks, bare, pdf.Driver(), Random(1))
    assert shows_all(pdf_text(body), report().truth)


def test_docx_merges_as_word_does() -> None:
    docx = pytest.importorskip("docx")
    tables = docx.Document(io.BytesIO(write(report(), Habits(), Random(1)))).tables
    assert [len(table.columns) for table in tables] == [4, 10, 15]
    assert tables[1].cell(0, 0)._tc is tables[1].cell(2, 2)._tc  # the note in the corner
    assert tables[1].cell(3, 0)._tc is tables[1].cell(3, 2)._tc
    assert tables[1].cell(5, 0)._tc is tables[1].cell(26, 0)._tc and tables[1].cell(26, 0).text == "三、本年度办理结果"
    framed = docx.Document(io.BytesIO(write(report(), Habits(frame=True), Random(1)))).tables
    assert [len(table.columns) for table in framed] == [1]
    assert [len(table.columns) for table in framed[0].cell(0, 0).tables] == [4, 10, 15]


def test_docx_has_every_oddity_somewhere() -> None:
    seen: set[str] = set()
    for seed in range(40):
        with zipfile.ZipFile(io.BytesIO(made("docx", seed))) as file:
            text = file.read("word/document.xml").decode()
        tree = lxml.etree.fromstring(text.encode())
        seen |= {tag for tag in ODD_TAGS if f"<{tag}" in text}
        seen |= {"table in a box"} if tree.xpath("//*[local-name()='txbxContent']//*[local-name()='tbl']") else set()
        if "<w:numPr" in text:
            assert "一、总体情况" not in text
        assert "<w:del " not in text and "<w:ins " not in text
    assert seen == {*ODD_TAGS, "table in a box"}


def test_tracked_changes_hide_other_figures() -> None:
    assert "S32" in render.truth(report(), "docx_tracked")["expect"]
    assert "S32" not in render.truth(report(), "docx")["expect"]
    with zipfile.ZipFile(io.BytesIO(made("docx_tracked"))) as file:
        tree = lxml.etree.fromstring(file.read("word/document.xml"))
    changed = tree.xpath("//*[local-name()='tc'][.//*[local-name()='del'] and .//*[local-name()='ins']]")
    assert len(changed) > 3
    for cell in changed:
        old = "".join(t.text for t in cell.iter("{*}delText"))
        assert old and old != "".join(t.text for ins in cell.iter("{*}ins") for t in ins.iter("{*}t"))


def test_archive_names_are_gbk_or_marked_as_utf8() -> None:
    marked = set()
    for seed in range(8):
        with zipfile.ZipFile(io.BytesIO(made("zip", seed))) as file:
            marked |= {bool(info.flag_bits & 0x800) for info in file.infolist()}
    assert marked == {True, False}


def test_pictures_take_the_place_of_tables() -> None:
    counts = set()
    for seed in range(6):
        tree = lxml.html.fromstring(made("image_html", seed))
        sources = tree.xpath("//img/@src")
        counts.add((len(sources), len(tree.xpath("//table"))))
        for source in sources:
            body = base64.b64decode(source.partition("base64,")[2])
            assert body[:4] in (b"\x89PNG", b"\xff\xd8\xff\xe0") and len(body) > 5000
    assert all(pictures + left == 3 and pictures for pictures, left in counts) and len(counts) > 1


def test_what_cannot_be_read_has_no_figures() -> None:
    for name in ("dump_glued", "pdf_error"):
        truth = render.truth(report(), name)
        assert all(value is None for row in truth["applications"].values() for value in row)
    assert made("pdf_error").lstrip().startswith(b"<html>")
    assert report().truth["applications"]["new"][6]  # the report's own truth is left alone
    glued = made("dump_glued").decode()
    assert "".join(map(str, report().truth["applications"]["closed"])) in glued


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
