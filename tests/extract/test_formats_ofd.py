"""OFD: characters where they stand, only what is shown, and one error for what is hostile."""

from __future__ import annotations

from random import Random

import pytest

from extract.formats import ofd, ofd_marks
from extract.records import ReportError
from tests.extract.containers import packed, refused, rezipped
from tests.extract.shapes import read_all

BODY = "<ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody>"
SPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'


def package(objects: str, area: str = "0 0 210 297") -> bytes:
    """An OFD of one page with these objects."""
    box = f"<ofd:PageArea><ofd:PhysicalBox>{area}</ofd:PhysicalBox></ofd:PageArea>"
    layer = f"<ofd:Layer>{objects}</ofd:Layer>"
    pages = '<ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/0.xml"/></ofd:Pages>'
    found = {
        "OFD.xml": f"<ofd:OFD {SPACE}>{BODY}</ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {SPACE}><ofd:CommonData>{box}</ofd:CommonData>{pages}</ofd:Document>",
        "Doc_0/Pages/0.xml": f"<ofd:Page {SPACE}><ofd:Content>{layer}</ofd:Content></ofd:Page>",
    }
    return packed(**found)


def text_object(text: str, more: str = "", delta: str = 'DeltaX="g 9 5"', start: str = 'X="0" Y="5"') -> str:
    code = f"<ofd:TextCode {start} {delta}>{text}</ofd:TextCode>"
    return f'<ofd:TextObject Boundary="20 30 100 8" Size="5" {more}>{code}</ofd:TextObject>'


def lines_of(objects: str) -> list[str]:
    return [p.text for p in ofd.read_ofd(package(objects)).paragraphs()]


@pytest.mark.parametrize("delta", ['DeltaX="5 5 5"', 'DeltaX="g 3 5"', 'DeltaX="g 2 5 5"', ""])
def test_characters_stand_at_their_advances(delta: str) -> None:
    assert lines_of(text_object("政府信息", delta=delta)) == ["政府信息"]


@pytest.mark.parametrize(
    "more",
    ['Visible="false"', 'Alpha="0"', 'Fill="false"'],
)
def test_what_is_not_shown_is_not_read(more: str) -> None:
    assert lines_of(text_object("政府信息") + text_object("公开", more).replace("20 30", "20 60")) == ["政府信息"]


def test_white_text_is_read_only_on_a_dark_ground() -> None:
    white = text_object("公开").replace("<ofd:TextCode", '<ofd:FillColor Value="255 255 255"/><ofd:TextCode')
    ground = (
        '<ofd:PathObject Boundary="10 25 100 20" Fill="true" Stroke="false"><ofd:FillColor Value="0 0 80"/>'
        "<ofd:AbbreviatedData>M 0 0 L 100 0 L 100 20 L 0 20 C</ofd:AbbreviatedData></ofd:PathObject>"
    )
    assert lines_of(white) == []
    assert lines_of(ground + white) == ["公开"]


def test_a_matrix_and_a_page_that_begins_elsewhere_move_the_place() -> None:
    plain = next(ofd.read_ofd(package(text_object("政府信息"))).paragraphs()).place
    doubled = text_object("政府信息", 'CTM="0.5 0 0 0.5 0 0"', 'DeltaX="g 3 10"', 'X="0" Y="10"').replace(
        'Size="5"', 'Size="10"'
    )
    assert next(ofd.read_ofd(package(doubled)).paragraphs()).place == plain
    moved = next(ofd.read_ofd(package(text_object("政府信息"), "10 10 210 297")).paragraphs()).place
    assert moved["bbox"][0] == pytest.approx(plain["bbox"][0] - 10 * ofd_marks.MM, abs=0.2)
    assert plain["page"] == 1 and plain["bbox"][0] == pytest.approx(20 * ofd_marks.MM, abs=0.2)


def test_two_documents_in_a_package_are_read_one_after_the_other() -> None:
    root = f"<ofd:OFD {SPACE}>{BODY}{BODY}</ofd:OFD>"
    middle = text_object("政府信息。").replace("20 30", "20 120")
    body = rezipped(package(middle), "OFD.xml", lambda _: root.encode())
    assert "".join(p.text for p in ofd.read_ofd(body).paragraphs()) == "政府信息。" * 2


def test_hostile_packages_end_in_one_error() -> None:
    refused(rezipped(package(""), "OFD.xml", lambda _: b"<OFD/>"), "no pages")
    refused(rezipped(package(""), "OFD.xml", lambda _: b"<OFD><x>"), "well-formed")
    laughs = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
    bomb = f'<!DOCTYPE o [<!ENTITY l0 "ha">{laughs}]><ofd:Page {SPACE}><ofd:Content>&l9;</ofd:Content></ofd:Page>'
    with pytest.raises(ReportError):
        read_all(rezipped(package(""), "Doc_0/Pages/0.xml", lambda _: bomb.encode()))
    rng = Random(1)
    many = (text_object("".join(chr(rng.randrange(0x4E00, 0x9F00)) for _ in range(1000)), delta="") for _ in range(401))
    refused(package("".join(many)), "marks are too many")
    refused(package(" " * 40_000_000), "times its size|too large|inflates|unpacks")
    refused(package(text_object("政府信息"))[:-60], "damaged")


def test_advances_are_no_way_to_use_memory() -> None:
    assert lines_of(text_object("政府", delta='DeltaX="g 999999999999 5"')) == ["政府"]
