"""OFD (GB/T 33190, the national format of fixed pages): text, paths and pictures of each page, in their places.

`ofd_marks` knows the objects; here are the package, its pages and their templates.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from lxml import etree

from extract.content import Content
from extract.formats.layout import Layout
from extract.formats.ofd_marks import MM, Budget, Picture, marks, numbers
from extract.formats.pages import assemble
from extract.formats.pdf import Marks, settle
from extract.formats.zipped import Zipped
from extract.records import ReportError

TYPE = "application/ofd"
MOST_PAGES, A4 = 300, (0.0, 0.0, 210.0, 297.0)
MOST_PIXELS = 60_000_000
SCAN = 0.4  # of the page: a picture as large, on a page of hardly any text, is the page
FEW = 20  # characters: a scan may bear a stamp or a page number as text


@dataclass(slots=True)
class _Document:
    """One document of the package: where its parts are, by their numbers."""

    parts: Zipped
    names: Mapping[str, str]  # lower case → as stored: some writers differ from themselves
    area: tuple[float, ...] = A4
    templates: dict[str, str] = field(default_factory=dict)  # ID → path
    media: dict[str, str] = field(default_factory=dict)  # resource ID → path of a picture
    pages: list[str] = field(default_factory=list)

    def find(self, base: str, location: str | None) -> str | None:
        """The stored name of a location, which counts from the part that names it, or from the root."""
        if not location:
            return None
        path = posixpath.normpath(posixpath.join("/", posixpath.dirname(base), location.strip().replace("\\", "/")))
        return self.names.get(path.lstrip("/").lower())


def read_ofd(body: bytes) -> Content:
    """Pages in order, of all documents in the package; a place is page and bounding box in points."""
    parts = Zipped(body)
    names = {name.lower(): name for name in parts.names}
    root = parts.xml(names.get("ofd.xml", "OFD.xml"))
    title = next((t.text.strip() for t in root.iterfind(".//{*}Title") if t.text and t.text.strip()), None)
    documents = [_document(parts, names, place.text or "") for place in root.iterfind(".//{*}DocRoot")]
    count = sum(len(document.pages) for document in documents)
    if not count:
        raise ReportError("the OFD has no pages", remedy="fetch it again")
    if count > MOST_PAGES:
        raise ReportError(f"{count} pages are too many for a report", remedy="check that it is the report itself")
    return assemble(_layouts(documents), TYPE, title=title)


def _document(parts: Zipped, names: Mapping[str, str], location: str) -> _Document:
    found = _Document(parts, names)
    path = found.find("", location)
    if path is None:
        raise ReportError(f"the OFD has no part {location}", remedy="fetch it again")
    root = parts.xml(path)
    found.area = _area(root.find("{*}CommonData/{*}PageArea")) or A4
    for template in root.iterfind("{*}CommonData/{*}TemplatePage"):
        found.templates[template.get("ID", "")] = found.find(path, template.get("BaseLoc")) or ""
    for name in ("PublicRes", "DocumentRes"):
        for resource in root.iterfind(f"{{*}}CommonData/{{*}}{name}"):
            _resources(found, found.find(path, resource.text))
    locations = (page.get("BaseLoc") for page in root.iterfind("{*}Pages/{*}Page"))
    found.pages = [page for location in locations if (page := found.find(path, location))]
    return found


def _resources(document: _Document, path: str | None) -> None:
    if path is None:
        return
    root = document.parts.xml(path)
    base = posixpath.join(posixpath.dirname(path), root.get("BaseLoc", "") or "", "x")
    for media in root.iterfind(".//{*}MultiMedia"):
        found = document.find(base, media.findtext("{*}MediaFile")) or document.find(
            path, media.findtext("{*}MediaFile")
        )
        if found:
            document.media[media.get("ID", "")] = found


def _area(element: etree._Element | None) -> tuple[float, ...] | None:
    """Left, top, width and height in millimetres."""
    boxes = (
        (element.findtext(f"{{*}}{name}") for name in ("PhysicalBox", "ApplicationBox")) if element is not None else ()
    )
    return next((tuple(box) for text in boxes if text and len(box := numbers(text)) == 4 and min(box[2:]) > 0), None)


def _layouts(documents: list[_Document]) -> Iterator[Layout]:
    budget = Budget()
    number = 0
    for document in documents:
        for path in document.pages:
            number += 1
            yield _page(document, path, number, budget)


def _page(document: _Document, path: str, number: int, budget: Budget) -> Layout:
    root = document.parts.xml(path)
    left, top, width, height = _area(root.find("{*}Area")) or document.area
    found, pictures = Marks([], [], [], []), list[Picture]()
    templates = (document.templates.get(t.get("TemplateID", "")) for t in root.iterfind("{*}Template"))
    for part in [*(document.parts.xml(template) for template in templates if template), root]:
        for content in part.iterfind("{*}Content"):
            pictures += marks(content, (-left, -top), found, budget)
    scan = max(pictures, key=lambda picture: picture.share(width * MM, height * MM), default=None)
    if scan and len(found.glyphs) < FEW and scan.share(width * MM, height * MM) > SCAN:
        return _recognised(document, scan, number)
    return settle(number, width * MM, height * MM, found)


def _recognised(document: _Document, picture: Picture, number: int) -> Layout:
    """A page that is one picture, read as a scan."""
    path = document.media.get(picture.resource)
    if path is None:
        raise ReportError(f"the picture of page {number} is missing", remedy="fetch it again")
    try:
        from PIL import Image, UnidentifiedImageError
    except ImportError as error:
        raise ReportError("a scanned page needs the extra [ocr]", remedy="install gongkai[ocr]") from error
    try:
        image: Any = Image.open(BytesIO(document.parts.read(path)))
        if image.width * image.height > MOST_PIXELS:
            raise ReportError(f"the picture of page {number} is too large", remedy="check it by hand")
        image = image.convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise ReportError(f"the picture of page {number} cannot be read", remedy="print it to PDF") from error
    from extract.formats.image import page_layout

    return page_layout(image, number, image.width / (picture.box[2] - picture.box[0]) * 72)
