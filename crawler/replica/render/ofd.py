"""OFD (GB/T 33190), the national format of fixed pages: sheets as text and path objects, in millimetres."""

from __future__ import annotations

import html
import io
import zipfile
from dataclasses import dataclass
from random import Random

from crawler.replica.render.layout import em
from crawler.replica.render.sheet import Sheet, Stroke, Words, compose, look
from crawler.replica.reports import Synthetic

_MM = 25.4 / 72
_SPACE = "http://www.ofdspec.org/2016"
_FIXED = (2024, 1, 5, 9, 30, 0)
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


@dataclass(frozen=True, slots=True)
class Writer:
    """What the program that wrote the file does."""

    prefix: str = "ofd:"  # of the name space
    size: str = "Size"  # some write it small
    runs: bool = True  # equal advances as `g n v`
    turned: bool = False  # coordinates through a CTM
    template: bool = False  # page numbers and heads in a template page
    folder: str = "Doc_0"


def writer(rng: Random) -> Writer:
    """A writer by chance."""
    return Writer(
        prefix=rng.choice(("ofd:", "ofd:", "")),
        size=rng.choice(("Size", "Size", "size")),
        runs=rng.random() < 0.6,
        turned=rng.random() < 0.3,
        template=rng.random() < 0.4,
        folder=rng.choice(("Doc_0", "Doc_0", "Doc0")),
    )


def make(report: Synthetic, rng: Random) -> bytes:
    """The report as OFD; the same arguments give the same bytes."""
    chosen = look(rng)
    how = writer(rng)
    sheets = compose(report.title, report.blocks, chosen)
    area = f"0 0 {_mm(chosen.width)} {_mm(chosen.height)}"
    parts = {"OFD.xml": _root(report.title, how), f"{how.folder}/Document.xml": _document(sheets, area, how)}
    parts[f"{how.folder}/PublicRes.xml"] = _resources(how)
    for number, sheet in enumerate(sheets):
        parts[f"{how.folder}/Pages/Page_{number}/Content.xml"] = _page(sheet, area, number, how)
    if how.template:
        parts[f"{how.folder}/Tpls/Tpl_0/Content.xml"] = _template(chosen.width, area, how)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in parts.items():
            file.writestr(zipfile.ZipInfo(name, _FIXED), _HEAD + text, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _named(xml: str, how: Writer) -> str:
    """XML written with `o:` in the prefix that this writer uses."""
    declared = f'xmlns:ofd="{_SPACE}"' if how.prefix else f'xmlns="{_SPACE}"'
    return xml.replace("<o:", f"<{how.prefix}").replace("</o:", f"</{how.prefix}").replace(" SPACE", f" {declared}")


def _mm(points: float) -> str:
    return f"{points * _MM:.3f}".rstrip("0").rstrip(".")


def _root(title: str, how: Writer) -> str:
    return _named(
        '<o:OFD SPACE Version="1.0" DocType="OFD"><o:DocBody><o:DocInfo><o:DocID>0123456789abcdef</o:DocID>'
        f"<o:Title>{html.escape(title)}</o:Title><o:CreationDate>2024-01-05</o:CreationDate></o:DocInfo>"
        f"<o:DocRoot>{how.folder}/Document.xml</o:DocRoot></o:DocBody></o:OFD>",
        how,
    )


def _document(sheets: list[Sheet], area: str, how: Writer) -> str:
    pages = "".join(f'<o:Page ID="{n + 1}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(len(sheets)))
    template = '<o:TemplatePage ID="9000" Name="head" BaseLoc="Tpls/Tpl_0/Content.xml"/>' if how.template else ""
    return _named(
        f"<o:Document SPACE><o:CommonData><o:MaxUnitID>99999</o:MaxUnitID><o:PageArea><o:PhysicalBox>{area}"
        f"</o:PhysicalBox></o:PageArea><o:PublicRes>PublicRes.xml</o:PublicRes>{template}</o:CommonData><o:Pages>{pages}</o:Pages>"
        "</o:Document>",
        how,
    )


def _resources(how: Writer) -> str:
    return _named(
        '<o:Res SPACE BaseLoc="Res"><o:Fonts><o:Font ID="2" FontName="宋体" FamilyName="宋体"/></o:Fonts></o:Res>', how
    )


def _page(sheet: Sheet, area: str, number: int, how: Writer) -> str:
    ids = iter(range(number * 5000 + 100, number * 5000 + 5000))
    objects = [_path(stroke, next(ids)) for stroke in dict.fromkeys(sheet.strokes)]
    objects += [_text(words, next(ids), how) for words in sheet.words]
    template = '<o:Template TemplateID="9000" ZOrder="Background"/>' if how.template else ""
    return _named(
        f"<o:Page SPACE><o:Area><o:PhysicalBox>{area}</o:PhysicalBox></o:Area>{template}<o:Content>"
        f'<o:Layer ID="{number * 5000 + 99}">{"".join(objects)}</o:Layer></o:Content></o:Page>',
        how,
    )


def _template(width: float, area: str, how: Writer) -> str:
    words = _text(Words(width / 2 - 40, 22, 9, "政府信息公开年报"), 9002, how)
    line = _path(Stroke(50, 36, width - 50, 36), 9003)
    return _named(
        f"<o:Page SPACE><o:Area><o:PhysicalBox>{area}</o:PhysicalBox></o:Area><o:Content>"
        f'<o:Layer ID="9001">{words}{line}</o:Layer></o:Content></o:Page>',
        how,
    )


def _path(stroke: Stroke, number: int) -> str:
    wide, high = stroke.x1 - stroke.x0, stroke.bottom - stroke.top
    return (
        f'<o:PathObject ID="{number}" Boundary="{_mm(stroke.x0)} {_mm(stroke.top)} {_mm(max(wide, 0.7))} '
        f'{_mm(max(high, 0.7))}" LineWidth="0.25"><o:AbbreviatedData>M 0 0 L {_mm(wide)} {_mm(high)} '
        "</o:AbbreviatedData></o:PathObject>"
    )


def _text(words: Words, number: int, how: Writer) -> str:
    """A line of text. The size and the advances are in units that a CTM may scale."""
    unit = 2.0 if how.turned else 1.0  # a CTM of 0.5 makes millimetres of them again
    advances = [em(char) * words.size * _MM * unit for char in words.text[:-1]]
    delta = f' DeltaX="{_advances(advances, how)}"' if advances else ""
    matrix = ' CTM="0.5 0 0 0.5 0 0"' if how.turned else ""
    boundary = f"{_mm(words.x)} {_mm(words.top)} {_mm(em(words.text) * words.size)} {_mm(words.size * 1.2)}"
    size, base = f"{words.size * _MM * unit:.3f}", f"{words.size * 0.85 * _MM * unit:.3f}"
    return (
        f'<o:TextObject ID="{number}" Boundary="{boundary}" Font="2" {how.size}="{size}"{matrix}>'
        f'<o:TextCode X="0" Y="{base}"{delta}>{html.escape(words.text, quote=False)}</o:TextCode></o:TextObject>'
    )


def _advances(values: list[float], how: Writer) -> str:
    shown = [f"{value:.3f}" for value in values]
    if not how.runs:
        return " ".join(shown)
    out: list[str] = []
    at = 0
    while at < len(shown):
        end = at
        while end < len(shown) and shown[end] == shown[at]:
            end += 1
        out.append(f"g {end - at} {shown[at]}" if end - at > 1 else shown[at])
        at = end
    return " ".join(out)
