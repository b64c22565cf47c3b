"""The names of what a DOCX is made of (ECMA-376 part 1), and how to look through elements that only wrap others."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
VAL = W + "val"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
EXTENT = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}extent"
VML = "{urn:schemas-microsoft-com:vml}"
LINKS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
P, R, T, PPR, RPR, TBL, TR, TC, SDT = (W + name for name in ("p", "r", "t", "pPr", "rPr", "tbl", "tr", "tc", "sdt"))
TCPR, TCW, GRIDSPAN, VMERGE, HMERGE = (W + name for name in ("tcPr", "tcW", "gridSpan", "vMerge", "hMerge"))
STYLED = tuple(
    W + name for name in ("vanish", "strike", "dstrike", "vertAlign", "position", "numPr", "rStyle", "pStyle")
)
# Wrappers that only hold what is inside; `moveTo` is where moved text stands now
THROUGH = frozenset(
    W + name
    for name in ("ins", "moveTo", "hyperlink", "smartTag", "customXml", "sdtContent", "fldSimple", "dir", "bdo")
)
WRAPPERS = THROUGH | {SDT, MC + "AlternateContent"}
SILENT = frozenset(W + name for name in ("proofErr", "bookmarkStart", "bookmarkEnd", "permStart", "permEnd"))
GONE = frozenset((W + "del", W + "moveFrom"))
TYPED = {W + "tab": "\t", W + "ptab": "\t", W + "br": "\n", W + "cr": "\n", W + "noBreakHyphen": "-"}
GRAPHICS = frozenset((W + "drawing", W + "pict", W + "object", MC + "AlternateContent"))


def members(parent: etree._Element, wanted: str) -> list[etree._Element]:
    """Child elements of one kind, those in content controls and other wrappers as if they stood here."""
    found = []
    for child in parent:
        if child.tag == wanted:
            found.append(child)
        elif child.tag in WRAPPERS:
            for part in contents(child):
                found += members(part, wanted)
    return found


def contents(wrapper: etree._Element) -> Iterator[etree._Element]:
    """What holds the content of a wrapper."""
    if wrapper.tag == SDT:
        yield from wrapper.iterchildren(W + "sdtContent")
    elif wrapper.tag != MC + "AlternateContent":
        yield wrapper
    elif (chosen := shown_version(wrapper)) is not None:
        yield chosen


def shown_version(alternate: etree._Element) -> etree._Element | None:
    """The version that a word processor of today shows; the fallback only where there is no other."""
    choice = alternate.find(MC + "Choice")
    return choice if choice is not None else alternate.find(MC + "Fallback")


def symbol(element: etree._Element) -> str:
    """The character of a `w:sym`; U+FFFD where only its font says which one it is."""
    code = element.get(W + "char", "")
    return chr(int(code, 16)) if re.fullmatch("[0-9A-Fa-f]{4}", code) and not code.upper().startswith("D") else "\ufffd"


def twips(printed: str | None) -> int | None:
    """A measure in twentieths of a point; some writers give it with decimals. None where it is no number."""
    if printed and printed.isdecimal():
        return int(printed[:6])
    return int(float(printed)) if printed and re.fullmatch(r"\d{1,6}\.\d+", printed) else None


def extent(blip: etree._Element) -> tuple[float, float]:
    """Width and height in points of the drawing around a picture (914 400 EMU an inch)."""
    frame = next(blip.iterancestors(W + "drawing"), None)
    extent = next(frame.iter(EXTENT), None) if frame is not None else None
    sizes = [extent.get(name, "") for name in ("cx", "cy")] if extent is not None else []
    return (int(sizes[0]) / 12700, int(sizes[1]) / 12700) if all(map(str.isdecimal, sizes)) and sizes else (0, 0)


def drawn(image: etree._Element) -> tuple[float, float]:
    """Width and height in points of a VML shape, from its style."""
    shape = image.getparent()
    style = shape.get("style", "") if shape is not None else ""
    sizes = [re.search(rf"(?:^|;)\s*{name}:([\d.]+)pt", style) for name in ("width", "height")]
    return (float(sizes[0][1]), float(sizes[1][1])) if sizes[0] and sizes[1] else (0, 0)
