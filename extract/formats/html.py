"""HTML pages: the article's container, its paragraphs, and its tables as true grids."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup
from lxml import html
from lxml.etree import ParserError, XPath

from extract.content import Content, GridCell, Paragraph, Table
from extract.formats.charset import decode
from extract.records import ReportError

# The article's container on the platforms of PORTALS §2; the first that is there and not empty, ids before classes
IDS = frozenset(("zoom", "Zoom", "UCAP-CONTENT", "vsb_content", "article", "zoomcon"))
CLASSES = frozenset(
    ("article-body", "article", "bt_content", "artile_zw", "main-fl", "bfr_article_content", "wzzw-article")
    + ("main-txt", "TRS_Editor", "TRS_UEDITOR")
)
WITH_ID, WITH_CLASS = XPath("//*[@id]"), XPath("//*[@class]")
BLOCK = frozenset(
    ("p", "div", "li", "br", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "center", "blockquote")
    + ("ul", "ol", "dd", "dt", "table", "tbody")
)
SKIP = frozenset(("script", "style", "noscript", "head", "select", "textarea", "template"))
APART = frozenset(("sup", "sub", "s", "strike", "del"))
HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
SPACES = re.compile(r"[ \t\r\n\f]+")  # what HTML collapses; U+00A0 and its kin are the author's
CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([A-Za-z0-9_-]+)""", re.IGNORECASE)
MAX_SPAN, MAX_ROWS, MAX_WIDTH = 100, 3000, 200


def read_html(body: bytes, declared: str | None = None) -> Content:
    """A page → paragraphs and grids; a place is the source line of a paragraph, or table, row and column from 1."""
    meta = CHARSET.search(body[:4096])
    text = decode(body, meta[1].decode("ascii") if meta else declared)
    try:
        page = html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text))
    except (ParserError, ValueError) as error:
        raise ReportError("the page holds no HTML", remedy="fetch it again") from error
    walker = _Walker()
    walker.walk(_container(page))
    walker.flush()
    metas = {m.get("name", "").lower(): m.get("content", "").strip() for m in page.iter("meta") if m.get("name")}
    return Content(tuple(walker.blocks), "text/html", metas, metas.get("articletitle") or _title(page))


def _title(page: html.HtmlElement) -> str | None:
    found = page.find(".//title")
    return SPACES.sub(" ", found.text_content()).strip() if found is not None else None


def _container(page: html.HtmlElement) -> html.HtmlElement:
    known = next((e for e in _known(page) if len(e.text_content().strip()) > 200), None)
    return _smallest(page) if known is None else known


def _known(page: html.HtmlElement) -> Iterator[html.HtmlElement]:
    yield from (e for e in WITH_ID(page) if e.get("id") in IDS)
    yield from (e for e in WITH_CLASS(page) if not CLASSES.isdisjoint(e.get("class").split()))


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
            return html.fragment_fromstring(str(element), create_parent="div")
        element = inner[0]


def _holds(text: str) -> bool:
    return "申请人情况" in text and "行政复议" in text and "第二十条" in text


class _Walker:
    """Blocks in document order; text gathers until a block element ends it. No recursion: nesting is unbounded."""

    def __init__(self) -> None:
        self.blocks: list[Paragraph | Table] = []
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
            if not isinstance(element.tag, str) or element.tag in SKIP or _hidden(element):
                self._add(element.tail, element.sourceline)
                continue
            if element.tag == "table" and element.find(".//table") is None:
                self._table(element)
                if element is not root:
                    self._add(element.tail, element.sourceline)
                continue
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
            return
        self.blocks.append(Table(grid, "grid", {"table": self._tables}))


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
    parts: list[str] = []
    stack: list[tuple[bool, html.HtmlElement]] = [(True, cell)]
    while stack:
        opening, element = stack.pop()
        shown = isinstance(element.tag, str) and element.tag not in SKIP and not _hidden(element)
        if opening and shown:
            parts.append(_edge(element) + SPACES.sub(" ", element.text or ""))
            stack.append((False, element))
            stack.extend((True, child) for child in reversed(element))
        elif element is not cell:
            parts.append((_edge(element) if shown else "") + SPACES.sub(" ", element.tail or ""))
    return "\n".join(line.strip(" ") for line in "".join(parts).split("\n") if line.strip(" "))


def _edge(element: html.HtmlElement) -> str:
    apart = element.tag in BLOCK or element.tag in APART or (element.get("href") or "").startswith("#")
    return "\n" if apart else ""


def _hidden(element: html.HtmlElement) -> bool:
    style = element.get("style")
    return element.get("hidden") is not None or (style is not None and HIDDEN.search(style) is not None)
