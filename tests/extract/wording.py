"""What the tests of groups N P T C D J U share: a reading of a text alone, and the findings that it raises."""

from __future__ import annotations

from crawler.items import Document
from extract import forms, narrative
from extract.checks import between, claims, contact, dates, identity, placeholders, template, units
from extract.checks import narrative as numbers
from extract.content import Content, Paragraph
from extract.reading import Reading
from extract.records import Cell, Unit

MODULES = (between, claims, numbers, placeholders, template, contact, identity, dates, units)
TOWN = Unit(
    "990101101",
    "石桥镇",
    "government",
    "township",
    "990101101",
    (("99", "云省"), ("9901", "云州市"), ("990101", "云岭县")),
)
COUNTY = Unit("990101", "青川区", "government", "county", "990101", (("99", "云省"), ("9901", "云州市")))
OFFICE = Unit("990101-czj", "云岭县财政局", "department", "county", "990101", (("99", "云省"), ("9901", "云州市")))
ONE = "一、总体情况\n"


def reading(
    text: str,
    *,
    unit=TOWN,
    form="2019",
    year=2020,
    scope="own",
    title=None,
    published=None,
    namesakes=1,
    found=None,
    meta=None,
    **cells,
):
    """A reading of a text; cells are given as `applications__new__total=3` (a list: value and unit)."""
    lines = enumerate(text.strip("\n").split("\n"), 1)
    made = Content(
        tuple(Paragraph(line, {"line": n}) for n, line in lines if line.strip()),
        "text/plain",
        meta=meta or {},
        title=title,
    )
    sections = narrative.sections(made)
    placed = {}
    for name, value in cells.items():
        table, row, column = name.split("__")
        value, printed = value if isinstance(value, list) else (value, None)
        placed[table, row, column] = Cell(table, row, column, "number", str(value), value, printed)
    return Reading(
        made,
        forms.load()[form],
        placed,
        unit,
        year,
        scope,
        title,
        published or narrative.signed_on(made),
        namesakes,
        sections,
        narrative.contact(made),
        narrative.statements(sections, made),
        document=Document("", None, "", "", None, None, None, None, None, None) if found is None else found,
    )


def at(url=None, unit=None, published_on=None) -> Document:
    """A document that was found at an address, or that a list dates."""
    return Document("", url, "", "", None, unit, None, None, published_on, None)


def raised_by(rule: str, made: Reading) -> list:
    """The findings of one rule of these groups."""
    return [f for module in MODULES for check in module.CHECKS for f in check(made) if f.rule == rule]


def fired(rule: str, text: str, **options) -> list:
    return raised_by(rule, reading(text, **options))
