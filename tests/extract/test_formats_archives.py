"""Archives and web archives: the report among the members, depth and bombs, ZIP, 7z, RAR, gzip, MHT."""

from __future__ import annotations

import gzip
import sys
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from extract.formats import archives
from extract.formats import read as read_content
from extract.formats.mht import read_mht
from extract.records import ReportError
from tests.extract.containers import packed, refused
from tests.extract.shapes import read, synthetic

# --- web archives


def archive_page(html: str, headers: str = "", *more: str) -> bytes:
    parts = [f"Content-Type: text/html; charset=gb2312\nContent-Location: file:///C:/a/b.htm\n{headers}\n{html}", *more]
    body = "".join(f"--xx\n{part}\n" for part in parts)
    top = 'From: <Saved by WPS>\nMIME-Version: 1.0\nContent-Type: multipart/related; boundary="xx"; start="<main>"\n\n'
    return (top + body + "--xx--\n").encode("gb18030")


def test_the_main_part_is_read_in_its_own_charset_with_its_pictures() -> None:
    picture = "Content-Type: image/png\nContent-ID: <p1>\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo="
    other = "Content-Type: text/html; charset=gb2312\n\n<p>另一页" + "长" * 500
    page = '<meta charset="gb2312"><p>政府信息公开工作年度报告</p><img src="cid:p1">'
    content = read_mht(archive_page(page, "Content-ID: <main>\n", other, picture))
    assert [p.text for p in content.paragraphs()][:1] == ["政府信息公开工作年度报告"]
    assert content.media_type == "message/rfc822"


def test_an_archive_without_a_page_is_refused() -> None:
    top, part = (
        "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=xx\n\n",
        "--xx\nContent-Type: text/css\n\na\n",
    )
    refused(f"{top}{part}--xx--\n".encode(), "holds no page")
    refused((top + part * 900).encode(), "parts are too many")


def test_parts_nested_without_end_are_refused() -> None:
    nested = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(3000))
    refused(f"MIME-Version: 1.0\n{nested}".encode(), "nested too deeply|no page|too many")


# --- archives


def sevenzip(tmp_path: Path, **members: bytes) -> bytes:
    libarchive = pytest.importorskip("libarchive", reason="needs the extra [archives] and libarchive13")
    path = tmp_path / "made.7z"
    with libarchive.file_writer(str(path), "7zip") as archive:
        for name, body in members.items():
            archive.add_file_from_memory(name, len(body), body)
    return path.read_bytes()


def test_the_report_among_the_members_is_read_and_named() -> None:
    made = synthetic(7, 2023)
    content = read_content(
        packed(通知="关于报送政府信息公开工作年度报告的通知".encode(), 报告=made.page.encode(), 坏=b"\0\1")
    )
    assert content.media_type == "text/html" and content.meta["member"] == "报告"
    assert [(r.rule, r.message) for r in content.remarks] == [("S35", "坏: a binary file of an unknown kind")]
    assert read(packed(报告=made.page.encode())).applications == read(made.page).applications


def test_no_report_and_several_reports_are_told_with_their_names() -> None:
    made = synthetic(7, 2023)
    refused(packed(通知="关于报送政府信息公开工作年度报告的通知".encode()), "no report.*通知")
    refused(packed(甲=made.page.encode(), 乙=made.text.encode()), "2 reports.*甲.*乙")
    refused(packed(), "no report")
    assert [m.name for m in archives.read_members(packed(甲=made.page.encode(), 乙=made.text.encode()))] == ["甲", "乙"]


def test_a_member_without_a_name_is_read_like_any_other() -> None:
    """A damaged directory names it with nothing, and the standard library stumbles over that."""
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        archive.writestr("x", "not a report")
    nameless = packed.getvalue().replace(b"x" + b"PK\x05\x06", b"\0" + b"PK\x05\x06")
    assert [len(body) for _, body in archives.members(packed.getvalue())] == [12]
    with pytest.raises(ReportError):
        list(archives.members(nameless))


def test_archives_in_archives_are_read_to_a_depth_of_two() -> None:
    page = synthetic(7, 2023).page.encode()
    assert [name for name, _ in archives.members(packed(外=packed(里=page)))] == ["外/里"]
    refused(packed(a=packed(b=packed(c=page))), "deeper than 2")


def test_bombs_are_refused() -> None:
    refused(packed(a=bytes(50_000_000)), "tighter than 200")
    refused(packed(**{f"{n}": b"x" for n in range(600)}), "more than 500 members")
    refused(packed(**{f"{n}": bytes(999_000) for n in range(30)}), "200 times its size")
    refused(packed(a=b"x" * 999)[:-30], "damaged")


def test_seven_zip_is_read_by_libarchive(tmp_path: Path) -> None:
    made = synthetic(7, 2023)
    body = sevenzip(tmp_path, **{"a.html": made.page.encode()})
    assert read(body).applications == read(made.page).applications
    refused(body[: len(body) // 2], "damaged")
    refused(sevenzip(tmp_path, a=bytes(50_000_000)), "times its size")


@pytest.mark.parametrize("mark", [b"Rar!\x1a\x07\x00", b"Rar!\x1a\x07\x01\x00"])
def test_a_damaged_rar_is_one_error(mark: bytes) -> None:
    pytest.importorskip("libarchive", reason="needs the extra [archives] and libarchive13")
    refused(mark + b"\xcf\x90\x73\x00\x00\x0d\x00\x00\x00\x00\x00" * 20, "archive")


def test_without_libarchive_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "libarchive", None)
    refused(b"Rar!\x1a\x07\x01\x00" + bytes(40), r"\[archives\]|needs libarchive")


def test_a_gzip_is_an_archive_of_one() -> None:
    made = synthetic(7, 2023)
    assert read(gzip.compress(made.page.encode())).applications == read(made.page).applications
    refused(gzip.compress(bytes(50_000_000)), "times its size")
    refused(gzip.compress(made.page.encode())[:-40], "damaged")
