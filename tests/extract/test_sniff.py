"""A document is what its bytes say, whatever it is called; its text is what reads as Chinese, whatever is declared."""

from __future__ import annotations

import struct
from io import BytesIO
from pathlib import Path
from time import perf_counter
from zipfile import ZipFile

import pytest

from extract.formats import read, sniff
from extract.formats.charset import decode
from extract.records import ReportError
from tests.extract.shapes import synthetic

SIMPLE = "清溪县双桥镇2023年政府信息公开工作年度报告\n一、总体情况\n本年度主动公开政府信息12条。\n"
TRADITIONAL = "雙橋鎮2023年政府資訊公開工作年度報告\r\n一、總體情況\r\n本年度主動公開政府資訊12條，依申請公開3件。\r\n"
PAGE = "<html><head><title>年度报告</title></head><body><p>政府信息公开</p></body></html>"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
HEADER = b"From: <Saved by WPS>\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
RELATED = b"Content-Type: multipart/related;\r\n\tboundary=a\r\n\r\n"
XHTML = b'<?xml version="1.0" encoding="gb2312"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0">'
MINED = "年度报告\n\n<html><body><table><tr><td>1</td></tr></table></body></html>\n\n五、问题\n"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def zipped(*names: str, **bodies: bytes) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, bodies.get(name, b"x"))
    return out.getvalue()


def compound(*names: str, inner: str = "") -> bytes:
    """A compound file whose root holds streams of these names; `inner` lies in a storage below."""
    header = bytearray(512)
    header[:8] = bytes.fromhex("d0cf11e0a1b11ae1")
    struct.pack_into("<HH", header, 30, 9, 6)
    struct.pack_into("<I", header, 48, 1)
    struct.pack_into("<109I", header, 76, 0, *[0xFFFFFFFF] * 108)
    fat = struct.pack("<128I", 0xFFFFFFFD, 2, 0xFFFFFFFE, *[0xFFFFFFFF] * 125)
    entries = [("Root Entry", 0xFFFFFFFF, 1 if names else 0xFFFFFFFF)]
    for number, name in enumerate(names, 1):
        below = len(names) + 1 if inner and number == 1 else 0xFFFFFFFF
        entries.append((name, number + 1 if number < len(names) else 0xFFFFFFFF, below))
    if inner:
        entries.append((inner, 0xFFFFFFFF, 0xFFFFFFFF))
    directory = b""
    for name, right, child in entries:
        coded = name.encode("utf-16-le") + b"\0\0"
        directory += coded.ljust(64, b"\0") + struct.pack("<HBBIII", len(coded), 1, 0, 0xFFFFFFFF, right, child)
        directory += bytes(48)
    return bytes(header) + fat + directory.ljust(1024, b"\0")


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (b"%PDF-1.4\n1 0 obj\n", "application/pdf"),
        (b"HTTP junk\r\n" * 80 + b"%PDF-1.7\n1 0 obj\n", "application/pdf"),
        (b"%PDF-1.4 is what a PDF begins with"[1:], "text/plain"),
        (("政府信息公开 %PDF-1.4 " + SIMPLE).encode(), "text/plain"),
        (zipped("[Content_Types].xml", "word/document.xml"), WORD),
        (zipped("[Content_Types].xml", "word/document.xml")[:-40], WORD),
        (zipped("[Content_Types].xml", "xl/workbook.xml"), SHEET),
        (zipped("[Content_Types].xml", "ppt/presentation.xml"), SLIDES),
        (zipped("OFD.xml", "Doc_0/Document.xml"), "application/ofd"),
        (zipped("word/report.docx", "word/notice.pdf"), "application/zip"),
        (zipped("mimetype", mimetype=ODS.encode()), ODS),
        (b"PK\x05\x06" + bytes(18), "application/zip"),
        (compound("WordDocument", "1Table"), "application/msword"),
        (compound("Workbook"), "application/vnd.ms-excel"),
        (compound("Book"), "application/vnd.ms-excel"),
        (compound("ObjectPool", "WordDocument", inner="Workbook"), "application/msword"),
        (compound("ObjectPool", "Workbook", inner="WordDocument"), "application/vnd.ms-excel"),
        (compound("EncryptionInfo", "EncryptedPackage"), "application/x-encrypted-office"),
        (compound("MatOST", "CONTENTS"), "application/vnd.ms-works"),
        (compound("PowerPoint Document"), "application/vnd.ms-powerpoint"),
        (compound(), "application/x-ole-storage"),
        (bytes.fromhex("d0cf11e0a1b11ae1"), "application/x-ole-storage"),
        (rb"{\rtf1\ansi\ansicpg936 x}", "application/rtf"),
        (HEADER + RELATED, "message/rfc822"),
        (b"\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=gb2312\r\n\r\n<html>", "message/rfc822"),
        (b"Content-Type: text/html\nthis text only speaks of it", "text/plain"),
        (PAGE.encode(), "text/html"),
        (b"\xef\xbb\xbf\r\n\r\n" + PAGE.encode(), "text/html"),
        (PAGE.encode("utf-16"), "text/html"),
        (PAGE.encode("utf-16-be"), "text/html"),
        (b"<!-- " + b"x" * 9000 + b" -->\n" + PAGE.encode(), "text/html"),
        (XHTML + PAGE.encode(), "text/html"),
        (b"<script>var a = 1;</script>" + PAGE.encode(), "text/html"),
        (b"<HTML><HEAD><TITLE>404 Not Found</TITLE></HEAD></HTML>", "text/html"),
        ("年度报告<br>政府信息公开<table><tr><td>1</td></tr></table>".encode(), "text/html"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "image/png"),
        (b"II*\0\x08\0\0\0", "image/tiff"),
        (b"MM\0*\0\0\0\x08", "image/tiff"),
        (b"GIF89a\x01\0\x01\0", "image/gif"),
        (b"RIFF\x24\0\0\0WEBPVP8 ", "image/webp"),
        (b"BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0", "image/bmp"),
        ("BM是报告的编号。政府信息公开".encode(), "text/plain"),
        (b"Rar!\x1a\x07\x00\xcf\x90s", "application/vnd.rar"),
        (b"Rar!\x1a\x07\x01\x00\x33\x92", "application/vnd.rar"),
        (b"7z\xbc\xaf\x27\x1c\0\x04", "application/x-7z-compressed"),
        (b"\x1f\x8b\x08\0\0\0\0\0", "application/gzip"),
        (b"# \xe5\xb9\xb4\xe5\xba\xa6\n\n| a | b |\n|---|---|\n| 1 | 2 |\n", "text/markdown"),
        (MINED.encode(), "text/markdown"),
        (SIMPLE.encode(), "text/plain"),
        (SIMPLE.encode("gb18030"), "text/plain"),
        (SIMPLE.encode("utf-16"), "text/plain"),
        (SIMPLE.encode("utf-16-le"), "text/plain"),
        (b"\0\x01\x02\x03 unknown \0 binary", "application/octet-stream"),
    ],
)  # fmt: skip
def test_the_bytes_decide(body: bytes, media_type: str) -> None:
    assert sniff(body) == media_type


def test_the_shapes_that_reports_come_in_are_kept_apart() -> None:
    made = synthetic(5, 2023)
    assert sniff(made.page.encode()) == "text/html"
    assert sniff(made.html.encode()) == "text/html"
    assert sniff(made.text.encode()) == sniff(made.tabbed.encode()) == "text/plain"


@pytest.mark.parametrize("cut", [*range(0, 2048, 64), 515, 1030])
def test_a_damaged_directory_is_no_crash(cut: int) -> None:
    body = bytearray(compound("ObjectPool", "WordDocument", inner="Workbook"))
    assert sniff(bytes(body[: max(cut, 8)])).startswith("application/")
    body[cut : cut + 8] = b"\xff" * 8
    assert sniff(bytes(body))


@pytest.mark.parametrize(
    "declared", [None, "utf-8", "gb2312", "gbk", "big5", "iso-8859-1", "utf-16", "nonsense", "hex"]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_what_is_declared_does_not_matter(encoding: str, declared: str | None) -> None:
    assert decode(SIMPLE.encode(encoding), declared) == SIMPLE


@pytest.mark.parametrize("declared", [None, "utf-8", "gb2312", "big5", "iso-8859-1"])
@pytest.mark.parametrize("encoding", ["big5", "utf-8", "gb18030"])
def test_traditional_text_is_told_from_gbk(encoding: str, declared: str | None) -> None:
    assert decode(TRADITIONAL.encode(encoding), declared) == TRADITIONAL


def test_a_text_cut_off_in_a_character_still_reads() -> None:
    for encoding in ("utf-8", "gb18030"):
        assert decode((SIMPLE * 3).encode(encoding)[:-2]).startswith(SIMPLE)


def test_a_byte_that_does_not_fit_is_marked_and_takes_no_figure_with_it() -> None:
    for encoding in ("utf-8", "gb18030"):
        body = (SIMPLE * 40).encode(encoding).replace(b"12", b"\xb912", 1)
        text = decode(body)
        assert "\ufffd12" in text and text.count("\ufffd") == 1


@pytest.mark.parametrize(
    "body",
    [
        SIMPLE.encode().decode("gb18030", errors="replace").encode(),  # mojibake that was saved as such
        SIMPLE.encode().decode("latin-1").encode(),
        bytes(range(128, 256)) * 20,
        ("\ufffd" * 30 + "12").encode(),
    ],
)
def test_unreadable_text_is_refused(body: bytes) -> None:
    with pytest.raises(ReportError, match="no encoding"):
        decode(body)


def test_text_without_chinese_is_left_to_whoever_reads_it() -> None:
    assert decode(b"404 Not Found", "utf-8") == "404 Not Found"


def test_a_huge_text_costs_next_to_nothing() -> None:
    """50 MB of pipes are refused by their size; only the first megabytes are looked at to tell what they are."""
    body = "| 总计 | 0 |\n".encode() * 3_400_000
    before = perf_counter()
    with pytest.raises(ReportError, match="too many for a report"):
        read(body)
    assert len(body) > 50_000_000 and perf_counter() - before < 2


def test_a_word_document_cut_short_says_that_it_is_damaged() -> None:
    body = (Path(__file__).parents[1] / "golden" / "binary.doc").read_bytes()
    with pytest.raises(ReportError, match="damaged"):
        read(body[: len(body) // 2])


def test_only_what_can_be_read_is_proposed() -> None:
    with pytest.raises(ReportError) as found:
        read(b"<?xml version='1.0'?><?mso-application progid='Word.Document'?><w:wordDocument/>")
    assert "msword" in found.value.remedy and "encrypted" not in found.value.remedy


def test_comments_without_end_are_no_trap() -> None:
    begun = perf_counter()
    assert sniff(b"<!-- a --> " * 5000 + "政府信息公开".encode()) == "text/plain"
    assert perf_counter() - begun < 2
