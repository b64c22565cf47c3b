"""Renderings as tools that are not ours open them: a report of known truth, made in a format, as plain lines."""

from __future__ import annotations

import email
import email.policy
import io
import re
import zipfile
from collections.abc import Callable
from functools import cache
from typing import Any

import lxml.etree
import lxml.html
import pytest

from crawler.replica import render
from crawler.replica.reports import Synthetic, generate

ROWS = ("new", "granted", "refused.third_party", "closed", "carried_out")


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
