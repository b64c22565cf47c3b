"""Word documents put together from their XML, and what was read of one as plain texts."""

from __future__ import annotations

import io
import zipfile

from crawler.replica.reports import generate
from extract.content import Content

BASE = generate(1, unit="990101101", organ="清溪县双桥镇", year=2023)
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
M = "http://schemas.openxmlformats.org/officeDocument/2006/math"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
BOXED = (
    '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><w:txbxContent>{0}</w:txbxContent></w:drawing>'
    "</mc:Choice><mc:Fallback><w:pict><w:txbxContent>{0}</w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
)


def docx(body: str, space: str = W, **parts: str) -> bytes:
    """A package around the body's XML; `parts` are members of word/, each tied by a relation of its own name."""
    spaces = f'xmlns:w="{space}" xmlns:r="{R}" xmlns:mc="{MC}" xmlns:a="urn:a" xmlns:m="{M}"'
    ties = "".join(f'<Relationship Id="r{k}" Type="{R}/{k}" Target="{k}.xml"/>' for k in parts)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", "<Types/>")
        file.writestr("word/document.xml", f"<w:document {spaces}><w:body>{body}</w:body></w:document>")
        file.writestr("word/_rels/document.xml.rels", f'<Relationships xmlns="{RELATIONS}">{ties}</Relationships>')
        for name, xml in parts.items():
            file.writestr(f"word/{name}.xml", f'<w:{name} xmlns:w="{space}">{xml}</w:{name}>')
    return out.getvalue()


def p(*runs: str, properties: str = "") -> str:
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{''.join(runs)}</w:p>"


def r(text: str, properties: str = "", tag: str = "t") -> str:
    return f"<w:r>{f'<w:rPr>{properties}</w:rPr>' if properties else ''}<w:{tag}>{text}</w:{tag}></w:r>"


def tc(inner: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner if '<' in inner else p(r(inner))}</w:tc>"


def tr(*cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def tbl(*rows: str, grid: tuple[int, ...] = ()) -> str:
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in grid)
    return f"<w:tbl><w:tblGrid>{columns}</w:tblGrid>{''.join(rows)}</w:tbl>"


def span(n: int, width: int = 0) -> str:
    return f'<w:tcW w:w="{width}" w:type="dxa"/><w:gridSpan w:val="{n}"/>' if width else f'<w:gridSpan w:val="{n}"/>'


def texts(content: Content) -> list[list[list[str | None]]]:
    """Tables as rows of texts; None where a cell continues."""
    return [[[c.text if c.origin else None for c in row] for row in table.rows] for table in content.tables()]


def paragraphs(content: Content) -> list[str]:
    return [paragraph.text for paragraph in content.paragraphs()]


MARK = '<w:vertAlign w:val="superscript"/>'


def altered(body: bytes, name: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            new.writestr(member, data if member == name else old.read(member))
    return out.getvalue()
