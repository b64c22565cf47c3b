"""A report as far as it is read when the checks look at it: everything that one document tells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from crawler.items import Document
from extract.content import Content
from extract.forms import Form
from extract.match import FoundRow, Match
from extract.records import Cell, Section, Statement, Unit

NUMERIC = ("number", "annotated")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a check may use. `cells` maps (table, row, column) to every cell that the document shows."""

    content: Content
    form: Form
    cells: Mapping[tuple[str, str, str], Cell]
    unit: Unit
    year: int | None
    scope: str
    title: str | None = None
    published_on: str | None = None
    namesakes: int = 1  # how many divisions bear the name in the title (J02)
    sections: tuple[Section, ...] = ()
    contact: Mapping[str, str | None] = field(default_factory=dict)
    statements: tuple[Statement, ...] = ()
    rows: tuple[FoundRow, ...] = ()  # every row of every table as it stands in the document
    matches: tuple[Match, ...] = ()  # rows of tables 二 and 三 that were recognised
    disputes: FoundRow | None = None  # the first row of table 四
    document: Document | None = None  # where the bytes come from, and what its list says of it

    @property
    def converted(self) -> bool:
        """Whether a converter flattened the tables to tabbed lines: what is odd in them may be its doing."""
        return any(row.shape == "tabs" for row in self.rows)

    @property
    def layout_origin(self) -> str:
        """Whom an oddity of layout is put down to."""
        return "extraction" if self.converted else "source"

    def value(self, table: str, row: str, column: str) -> int | float | None:
        """The cell's number, or None where there is none to rely on."""
        cell = self.cells.get((table, row, column))
        return cell.value if cell and cell.cls in NUMERIC else None

    def section(self, number: int) -> Section | None:
        return next((s for s in self.sections if s.number == number), None)
