"""A document of any format as paragraphs and tables, each with its place. Nothing after this knows the format."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from extract.records import Place


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A run of text as printed (white space kept); matching normalises, storing does not."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell as printed. `origin` is False where a merged cell continues: its text stands only at its first field.

    `confidence` is the recogniser's (0 to 1) where the text was recognised in a picture, else None.
    """

    text: str
    place: Place
    origin: bool = True
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells. What an index in a row means depends on `shape`:

    - `grid`: true columns, spans resolved (HTML, DOCX, ruled PDF); an empty cell is an empty cell
    - `tabs`: one line a row; the tab index is evidence of the column, an empty field may be a lost cell
    - `cells`: one cell a line; only the order is known, row breaks are blank lines
    """

    rows: tuple[tuple[GridCell, ...], ...]
    shape: str
    place: Place
    strays: tuple[tuple[int, Paragraph], ...] = ()  # values outside any cell (S27): (row index they stand after, text)
    glued: frozenset[int] = (
        frozenset()
    )  # rows whose break was lost: the next row's label stood in their last line (S22)


@dataclass(frozen=True, slots=True)
class Remark:
    """What a reader noticed and a person should know: it becomes a finding of that rule."""

    rule: str
    message: str
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in a page, larger than an icon: its address, or its bytes where they stand in the page itself."""

    source: str
    after: Paragraph | Table | None  # the block that it follows, None at the beginning
    place: Place
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """What a reader returns. `meta` is the page's own metadata (lower-case names), evidence for identity and date."""

    blocks: tuple[Paragraph | Table, ...]
    media_type: str
    meta: Mapping[str, str] = field(default_factory=dict)
    title: str | None = None
    remarks: tuple[Remark, ...] = ()
    pictures: tuple[Picture, ...] = ()  # of which nothing was read: a table may be in one

    def paragraphs(self) -> Iterator[Paragraph]:
        return (b for b in self.blocks if isinstance(b, Paragraph))

    def tables(self) -> Iterator[Table]:
        return (b for b in self.blocks if isinstance(b, Table))
