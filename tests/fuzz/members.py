"""Mutations inside zipped XML: DOCX, XLSX and OFD. KEEPS and MOVES as in `lines`."""

from __future__ import annotations

import copy
import io
import re
import zipfile
from collections.abc import Callable
from random import Random

from lxml import etree

from tests.fuzz import spoil

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MAIN = re.compile(r"word/document\.xml|xl/worksheets/.*\.xml|xl/sharedStrings\.xml|.*Content.*\.xml", re.IGNORECASE)
Edit = Callable[[etree._Element, Random], bool]


def members(body: bytes) -> dict[str, bytes]:
    """Every member's bytes by name."""
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(parts: dict[str, bytes]) -> bytes:
    """The members as an archive again."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(zipfile.ZipInfo(name), part, zipfile.ZIP_DEFLATED)  # no date: the same bytes each time
    return out.getvalue()


def _main(body: bytes, rng: Random) -> tuple[dict[str, bytes], str]:
    parts = members(body)
    return parts, rng.choice(sorted(name for name in parts if MAIN.fullmatch(name)))


def _edited(body: bytes, rng: Random, edit: Edit) -> bytes | None:
    """The archive with one main member edited: the first, in any order, that the edit finds something in."""
    parts = members(body)
    names = sorted(name for name in parts if MAIN.fullmatch(name))
    for name in rng.sample(names, len(names)):
        root = etree.fromstring(parts[name])
        if edit(root, rng):
            parts[name] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
            return zipped(parts)
    return None


def _figures(root: etree._Element) -> list[etree._Element]:
    """The runs of DOCX that hold a figure and nothing else."""
    return [run for run in root.iter(W + "r") if (text := run.findtext(W + "t")) and text.strip().isdecimal()]


def _run(text: str, *properties: str) -> etree._Element:
    run = etree.Element(W + "r")
    if properties:
        style = etree.SubElement(run, W + "rPr")
        for name in properties:
            tag, _, value = name.partition("=")
            etree.SubElement(style, W + tag, {W + "val": value} if value else {})
    etree.SubElement(run, W + "t").text = text
    return run


def cut_run(body: bytes, rng: Random) -> bytes | None:
    """A figure in two runs, proofing marks and bookmarks between them."""

    def edit(root: etree._Element, rng: Random) -> bool:
        runs = [r for r in _figures(root) if len(r.findtext(W + "t")) > 1]
        if not runs:
            return False
        run = rng.choice(runs)
        text = run.findtext(W + "t")
        cut = rng.randrange(1, len(text))
        run.find(W + "t").text = text[:cut]
        rest = copy.deepcopy(run)
        rest.find(W + "t").text = text[cut:]
        run.addnext(rest)
        run.addnext(etree.Element(W + rng.choice(("proofErr", "bookmarkStart", "lastRenderedPageBreak"))))
        return True

    return _edited(body, rng, edit)


def unseen_run(body: bytes, rng: Random) -> bytes | None:
    """A hidden, struck, raised or deleted figure beside a figure; a field's code, a footnote's mark."""

    def edit(root: etree._Element, rng: Random) -> bool:
        if not (runs := _figures(root)):
            return False
        run = rng.choice(runs)
        style = rng.choice(("vanish", "strike", "dstrike", "vertAlign=superscript", "vertAlign=subscript", "", "code"))
        extra = _run("7", *([style] if style not in ("", "code") else []))
        if not style:
            wrapped = etree.Element(W + "del", {W + "id": "900", W + "author": "x"})
            wrapped.append(extra)
            extra.find(W + "t").tag = W + "delText"
            extra = wrapped
        elif style == "code":
            extra.find(W + "t").tag = W + "instrText"
        (run.addnext if rng.random() < 0.6 else run.addprevious)(extra)
        return True

    return _edited(body, rng, edit)


def revised(body: bytes, rng: Random) -> bytes | None:
    """A figure as a tracked insertion, a content control or a hyperlink."""

    def edit(root: etree._Element, rng: Random) -> bool:
        if not (runs := _figures(root)):
            return False
        run = rng.choice(runs)
        wrapped = etree.Element(W + rng.choice(("ins", "hyperlink", "smartTag", "moveTo")), {W + "id": "901"})
        run.addprevious(wrapped)
        wrapped.append(run)
        return True

    return _edited(body, rng, edit)


def controlled(body: bytes, rng: Random) -> bytes | None:
    """A paragraph, row, cell or table inside a content control."""

    def edit(root: etree._Element, rng: Random) -> bool:
        found = [e for e in root.iter(*(W + name for name in ("tbl", "tr", "tc", "p")))]
        if not found:
            return False
        element = rng.choice(found)
        control = etree.Element(W + "sdt")
        element.addprevious(control)
        etree.SubElement(control, W + "sdtContent").append(element)
        return True

    return _edited(body, rng, edit)


def _anywhere(*tags: str, action: str) -> Callable[[bytes, Random], bytes | None]:
    """An edit of one element out of those with the given local names: lose, double or span."""

    def edit(root: etree._Element, rng: Random) -> bool:
        found = [e for e in root.iter() if isinstance(e.tag, str) and etree.QName(e).localname in tags]
        found = [e for e in found if e.getparent() is not None]
        if not found:
            return False
        element = rng.choice(found)
        if action == "lose":
            element.getparent().remove(element)
        elif action == "double":
            element.addnext(copy.deepcopy(element))
        else:
            element.set(W + "val", rng.choice(("0", "1", "2", "3", "100", "-1", "x", "99999999999")))
        return True

    return lambda body, rng: _edited(body, rng, edit)


def _named(function: Callable[[bytes, Random], bytes | None], name: str) -> Callable[[bytes, Random], bytes | None]:
    function.__name__ = name
    return function


def xml_bytes(body: bytes, rng: Random) -> bytes | None:
    """Bytes of a member altered before it is zipped."""
    parts, name = _main(body, rng)
    parts[name] = rng.choice(spoil.MOVES)(parts[name], rng)
    return zipped(parts)


def lose_member(body: bytes, rng: Random) -> bytes | None:
    """A member gone."""
    parts = members(body)
    del parts[rng.choice(sorted(parts))]
    return zipped(parts)


def other_member(body: bytes, rng: Random) -> bytes | None:
    """A member under another's name."""
    parts = members(body)
    one, other = rng.choice(sorted(parts)), rng.choice(sorted(parts))
    parts[one] = parts[other]
    return zipped(parts)


def swap_entity(body: bytes, rng: Random) -> bytes | None:
    """Entities: a bomb, an external one, one for a figure."""
    parts, name = _main(body, rng)
    bomb = '<!DOCTYPE x [<!ENTITY a "11111111">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
    )
    external = '<!DOCTYPE x [<!ENTITY j SYSTEM "file:///etc/hostname">'
    text = re.sub(rb"^<\?xml[^>]*\?>\s*", b"", parts[name])
    text = re.sub(rb">\d+<", b">&j;<", text, count=1)
    parts[name] = rng.choice((bomb, external)).encode() + b"]>" + text
    return zipped(parts)


lose_row = _named(_anywhere("tr", "row", "TextObject", action="lose"), "lose_row")
lose_cell = _named(_anywhere("tc", "c", "mergeCell", action="lose"), "lose_cell")
double_cell = _named(_anywhere("tc", action="double"), "double_cell")
double_row = _named(_anywhere("tr", "row", "TextObject", action="double"), "double_row")
lose_span = _named(_anywhere("gridSpan", "vMerge", "mergeCell", action="lose"), "lose_span")
other_span = _named(_anywhere("gridSpan", action="span"), "other_span")
lose_element = _named(
    _anywhere("p", "r", "t", "tcPr", "tbl", "tblGrid", "v", "is", "sst", action="lose"), "lose_element"
)

DOCX = (cut_run, unseen_run, revised, controlled, lose_row, lose_cell, double_cell, double_row, lose_span, other_span)
KEEPS = (lose_row, lose_cell, double_row, lose_span)
MOVES = (lose_element, xml_bytes, lose_member, other_member, swap_entity)
