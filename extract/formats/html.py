"""HTML pages: the article's container, its paragraphs, and its tables as true grids."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from bs4 import BeautifulSoup
from lxml import html
from lxml.etree import ParserError, XPath

from crawler.scripts import article_in_script
from extract.content import Content, GridCell, Paragraph, Picture, Table
from extract.formats.charset import decode
from extract.formats.pictures import picture, read_inline
from extract.records import ReportError

# The article's container on the platforms of PORTALS §2; the first that is there and not empty, ids before classes
IDS = frozenset(("zoom", "Zoom", "UCAP-CONTENT", "vsb_content", "article", "zoomcon"))
CLASSES = frozenset(
    ("article-body", "article", "bt_content", "artile_zw", "main-fl", "bfr_article_content", "wzzw-article")
    + ("main-txt", "TRS_Editor", "TRS_UEDITOR")
)
ALL_IDS, ALL_CLASSES = XPath("//@id"), XPath("//@class")  # three times as fast as //*[@id]
BLOCK = frozenset(
    ("p", "div", "li", "br", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "center", "blockquote")
    + ("ul", "ol", "dd", "dt", "table", "tbody")
)
SKIP = frozenset(("script", "style", "noscript", "head", "select", "textarea", "template"))
APART = frozenset(("sup", "sub", "s", "strike", "del"))
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
STRUCK = re.compile(r"line-through|vertical-align\s*:\s*(?:super|sub)\b", re.IGNORECASE)
SPACES = re.compile(r"[ \t\r\n\f]+")  # what HTML collapses; U+00A0 and its kin are the author's
CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([A-Za-z0-9_-]+)""", re.IGNORECASE)
MAX_SPAN, MAX_ROWS, MAX_WIDTH = 100, 3000, 200


def read_html(body: bytes, declared: str | None = None) -> Content:
    """A page → paragraphs and grids; a place is the source line of a paragraph, or table, row and column from 1."""
    meta = CHARSET.search(body[:4096])
    text = decode(body, meta[1].decode("ascii") if meta else declared)
    try:  # from bytes libxml2 parses faster than from a string
        page = html.document_fromstring(
            text.encode("utf-8", errors="replace"), parser=html.HTMLParser(encoding="utf-8")
        )
    except (ParserError, ValueError) as error:
        raise ReportError("the page holds no HTML", remedy="fetch it again") from error
    inner = article_in_script(text)  # the page itself shows nothing then: a script fills it
    walker = _Walker()
    walker.walk(_container(page) if inner is None else html.fragment_fromstring(inner, create_parent="div"))
    walker.flush()
    metas = {m.get("name", "").lower(): m.get("content", "").strip() for m in page.iter("meta") if m.get("name")}
    title = metas.get("articletitle") or _title(page)
    return read_inline(Content(tuple(walker.blocks), "text/html", metas, title, pictures=tuple(walker.pictures)))


def _title(page: html.HtmlElement) -> str | None:
    found = page.find(".//title")
    return SPACES.sub(" ", found.text_content()).strip() if found is not None else None


def _container(page: html.HtmlElement) -> html.HtmlElement:
    known = next((e for e in _known(page) if len(e.text_content().strip()) > 200), None)
    return _smallest(page) if known is None else known


def _known(page: html.HtmlElement) -> Iterator[html.HtmlElement]:
    yield from (name.getparent() for name in ALL_IDS(page) if name in IDS)
    yield from (names.getparent() for names in ALL_CLASSES(page) if not CLASSES.isdisjoint(names.split()))


def _smallest(page: html.HtmlElement) -> html.HtmlElement:
    """Where no known container stands: the smallest element that holds the official heads, chosen by BeautifulSoup."""
    body = page.find("body")
    root = page if body is None else body
    if "申请人情况" not in root.text_content():
        return root
    soup = BeautifulSoup(html.tostring(root, encoding="unicode"), "lxml")
    element = soup.body or soup
    while True:
        inner = [child for child in element.find_all(recursive=False) if _holds(child.get_text())]
        if len(inner) != 1 or inner[0].name in {"table", "tbody", "tr", "td", "p", "span"}:
            return html.document_fromstring(str(element))  # not as a fragment: a spoilt page may have two bodies
        element = inner[0]


def _holds(text: str) -> bool:
    return "申请人情况" in text and "行政复议" in text and "第二十条" in text


class _Walker:
    """Blocks in document order; text gathers until a block element ends it. No recursion: nesting is unbounded."""

    def __init__(self) -> None:
        self.blocks: list[Paragraph | Table] = []
        self.pictures: list[Picture] = []
        self._text: list[str] = []
        self._line = 1
        self._tables = 0

    def walk(self, root: html.HtmlElement) -> None:
        stack: list[tuple[str, html.HtmlElement]] = [("open", root)]
        while stack:
            step, element = stack.pop()
            if step == "close":
                self._leave(element, tail=element is not root)
                continue
            if not _shown(element):
                self._add(element.tail, element.sourceline)
                continue
            if element.tag == "table" and element.find(".//table") is None:
                self._table(element)
                if element is not root:
                    self._add(element.tail, element.sourceline)
                continue
            if element.tag == "img":
                self._picture(element)
            if element.tag in BLOCK or element.tag in {"td", "th"}:
                self.flush()
            self._add(element.text, element.sourceline)
            stack.append(("close", element))
            stack.extend(("open", child) for child in reversed(element))

    def _leave(self, element: html.HtmlElement, tail: bool) -> None:
        if element.tag in BLOCK or element.tag in {"td", "th"}:
            self.flush()
        if tail:
            self._add(element.tail, element.sourceline)

    def _add(self, text: str | None, line: int | None) -> None:
        if text:
            if not self._text:
                self._line = line or 1
            self._text.append(text)

    def flush(self) -> None:
        text = SPACES.sub(" ", "".join(self._text)).strip(" ")
        self._text.clear()
        if text.strip():
            self.blocks.append(Paragraph(text, {"line": self._line}))

    def _picture(self, element: html.HtmlElement) -> None:
        """A picture that may hold a table ends the paragraph before it; an ornament stands in the text."""
        found = picture(element.attrib, element.sourceline or 1)
        if found:
            self.flush()
            self.pictures.append(replace(found, after=self.blocks[-1] if self.blocks else None))

    def _table(self, element: html.HtmlElement) -> None:
        self.flush()
        self._tables += 1
        grid = tuple(_grid(element, self._tables))
        if max((len(row) for row in grid), default=0) < 2:  # a frame around paragraphs is layout, not a table
            self._tables -= 1
            for row in grid:
                self.blocks.extend(
                    Paragraph(line, {"line": element.sourceline or 1})
                    for c in row
                    for line in c.text.split("\n")
                    if line.strip()
                )
        else:
            self.blocks.append(Table(grid, "grid", {"table": self._tables}))
        for image in element.iter("img"):
            self._picture(image)


def _span(cell: html.HtmlElement, name: str, limit: int) -> int:
    printed = cell.get(name)
    if printed is None:
        return 1
    digits = re.match(r"\s*(\d{1,12})", printed)
    return min(max(int(digits[1]), 1), limit) if digits else 1


def _grid(table: html.HtmlElement, number: int) -> Iterator[tuple[GridCell, ...]]:
    """Rows with spans resolved: a spanned field holds an empty cell that is not an origin."""
    pending: dict[int, int] = {}  # column → rows that a cell above still covers
    for r, row in enumerate((row for row in table.iter("tr") if not _hidden(row)), 1):
        if r > MAX_ROWS:
            return
        fields: list[GridCell] = []
        for cell in (cell for cell in row.iterchildren("td", "th") if not _hidden(cell)):
            _covered(fields, pending, number, r)
            rows, columns = _span(cell, "rowspan", MAX_SPAN * 5), _span(cell, "colspan", MAX_SPAN)
            for n in range(columns):
                if len(fields) >= MAX_WIDTH:
                    break
                at = {"table": number, "row": r, "column": len(fields) + 1}
                if rows > 1:
                    pending[len(fields)] = rows - 1
                fields.append(GridCell("" if n else cell_text(cell), at, origin=not n))
        _covered(fields, pending, number, r, last=True)
        yield tuple(fields)


def _covered(fields: list[GridCell], pending: dict[int, int], number: int, r: int, last: bool = False) -> None:
    """Fields that a cell of an earlier row covers."""
    while (at := len(fields)) in pending or (last and any(column > at for column in pending)):
        fields.append(GridCell("", {"table": number, "row": r, "column": at + 1}, origin=False))
        if at in pending:
            pending[at] -= 1
            if not pending[at]:
                del pending[at]


def cell_text(cell: html.HtmlElement) -> str:
    """A cell's text in the order a reader sees it; paragraphs and line breaks become new lines, an inline span nothing.

    What may not run together with a figure (a footnote's number, struck-out text) is set apart by a new line.
    """
    only = cell
    while len(only) == 1 and _blank(only.text) and _blank(only[0].tail) and _shown(only[0]):
        only = only[0]
    if not len(only):  # as most cells are: one text, whatever it is wrapped in
        return SPACES.sub(" ", only.text or "").strip(" ")
    parts: list[str] = []
    stack: list[tuple[bool, html.HtmlElement]] = [(True, cell)]
    while stack:
        opening, element = stack.pop()
        shown = _shown(element)
        if opening and shown:
            parts.append(_edge(element) + SPACES.sub(" ", element.text or ""))
            stack.append((False, element))
            stack.extend((True, child) for child in reversed(element))
        elif element is not cell:
            parts.append((_edge(element) if shown else "") + SPACES.sub(" ", element.tail or ""))
    return "\n".join(line.strip(" ") for line in "".join(parts).split("\n") if line.strip(" "))


def _blank(text: str | None) -> bool:
    return not text or SPACES.fullmatch(text) is not None


def _shown(element: html.HtmlElement) -> bool:
    return isinstance(element.tag, str) and element.tag not in SKIP and not _hidden(element)


def _edge(element: html.HtmlElement) -> str:
    tag = element.tag
    if tag in BLOCK or tag in APART or (element.get("href") or "").startswith("#"):
        return "\n"
    return "\n" if STRUCK.search(element.get("style") or "") else ""


def _hidden(element: html.HtmlElement) -> bool:
    style = element.get("style")
    return element.get("hidden") is not None or (style is not None and HIDDEN.search(style) is not None)
