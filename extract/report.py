"""Content → Report: recognise the form, match, place, read the prose, identify, check."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from crawler.items import Document
from crawler.titles import parse_title
from extract import checks, forms, identity, match, narrative
from extract.blanks import blanks
from extract.content import Content, Paragraph
from extract.derive import derive
from extract.fill import fill
from extract.forms import statistics
from extract.gate import read_gated
from extract.loose import tabulate
from extract.place import Placed
from extract.reading import NUMERIC, Reading
from extract.records import Cell, Derived, Finding, Report, ReportError, Section, Value
from extract.refuse import refuse
from extract.register import Register
from extract.rules import finding
from extract.trust import unblamed

DATE = re.compile(r"(20\d\d)[-/.年\u2010-\u2015\u2212－]{1,2}(\d{1,2})[-/.月\u2010-\u2015\u2212－]{1,2}(\d{1,2})")
REFERENCE = re.compile(r"[\u4e00-\u9fff]{1,6}(?:发|字|函)\s*[〔\[(（【]\s*20\d\d\s*[〕\])）】]")


def read_report(body: bytes, document: Document, register: Register) -> list[Report]:
    """All reports that a document holds, usually one. Raises ReportError where it holds none."""
    with named(document):
        return read_gated(body, document, register, read_content)


def read_content(
    content: Content, document: Document, register: Register, said: Sequence[Finding] = ()
) -> list[Report]:
    """All reports in what a reader made of a document. Raises ReportError where there is none.

    `said`: findings that others made, for a report that is the only one.
    """
    split = list(parts(tabulate(content)))
    return [_report(part, document, register, said if len(split) == 1 else ()) for part in split]


@contextmanager
def named(document: Document) -> Iterator[None]:
    """A ReportError that does not say which document it is about says it from here on."""
    try:
        yield
    except ReportError as error:
        name = error.document or document.name or document.url or document.digest
        raise ReportError(error.message, document=name, place=error.place, remedy=error.remedy) from error


def parts(content: Content) -> Iterator[Content]:
    """One Content a report: a further title of another organ or year, with text between, begins another report."""
    starts: list[tuple[int, tuple[str, int | None]]] = []
    for index, block in enumerate(content.blocks):
        if isinstance(block, Paragraph) and len(block.text) < 80 and (title := parse_title(block.text)):
            named = (title.organ, title.year)
            if not starts or (starts[-1][1] != named and index - starts[-1][0] > 10):
                starts.append((index, named))
    bounds = [0, *(index for index, _ in starts[1:]), len(content.blocks)]
    split = [replace(content, blocks=content.blocks[a:b]) for a, b in zip(bounds, bounds[1:], strict=False)]
    if len(split) > 1 and all(any(part.tables()) for part in split):
        yield from split
    else:
        yield content


@dataclass(frozen=True, slots=True)
class _Who:
    """The title as printed, and what identity made of everything."""

    title: str | None
    year: int | None
    found: identity.Identity
    contact: Mapping[str, str | None]


def _report(content: Content, document: Document, register: Register, said: Sequence[Finding]) -> Report:
    sections = narrative.sections(content)
    who = _identify(content, document, register, sections)
    filled = fill(content)
    refuse(content, who.title, sections, filled)
    placed = filled.placed
    text = "\n".join(section.text for section in sections)
    reading = Reading(
        content=content,
        form=filled.form,
        cells=placed.cells,
        unit=who.found.unit,
        year=who.year,
        scope=identity.scope(text, who.found.unit),
        title=who.title,
        published_on=_published(content, document),
        namesakes=who.found.ambiguous,
        sections=sections,
        contact=who.contact,
        statements=narrative.statements(sections, content),
        rows=filled.rows,
        matches=filled.matches,
        disputes=filled.disputes,
        document=document,
    )
    derived = tuple(derive(reading)) if reading.form.relations else ()
    remarks = _remarks(content, placed)
    cells = blanks(reading, placed, derived)
    findings = [*said, *remarks, *cells, *_editions(forms.load(), content)]
    findings += unblamed(checks.run(reading), placed.cells)
    if filled.form.edition == "2014" or (not filled.shown and (who.year or 2019) < 2019):
        findings = [f for f in findings if f.table == statistics.TABLE or f.rule not in statistics.load().silent]
    return _assemble(reading, placed, findings, derived, filled.form.edition if filled.shown else "none", document)


def _remarks(content: Content, placed: Placed) -> list[Finding]:
    """What the reader had to say, each at its cell where its place is that of a cell with a figure."""
    at = {repr(c.place): c for c in placed.cells.values() if c.place}
    found = []
    for remark in content.remarks:
        cell = at.get(repr(remark.place)) if remark.place else None
        here = {"table": cell.table, "row": cell.row, "column": cell.column} if cell else {}
        quote = str(cell.raw) if cell else remark.message
        found.append(finding(remark.rule, remark.message, place=remark.place, quote=quote, **here))
    return found


def _identify(content: Content, document: Document, register: Register, sections: Sequence[Section]) -> _Who:
    heading = narrative.title(content)
    printed = heading.text.strip() if heading else document.title
    parsed = parse_title(printed) if printed else None
    contact = narrative.contact(content)
    text = "\n".join(p.text for p in content.paragraphs())
    evidence = identity.Evidence(
        registered=document.unit,
        title=printed or "",
        signature=narrative.signature(content) or "",
        publisher=document.publisher or content.meta.get("contentsource", ""),
        contact=" ".join(value for value in contact.values() if value),
        body_prefixes=" ".join(REFERENCE.findall(text)),
        host=_host(document.url),
        site=_site(content.meta.get("siteidcode", "")),
        listing=document.title or "",
        url=document.url or "",
        index=" ".join(p.text for p in content.paragraphs() if "索引" in p.text or "信用代码" in p.text),
    )
    listed = parse_title(document.title) if document.title else None
    year = (parsed.year if parsed else None) or (listed.year if listed else None)
    return _Who(printed, year, identity.resolve(evidence, register, year=year), contact)


def _host(url: str | None) -> str | None:
    try:
        return urlsplit(url).hostname if url else None
    except ValueError:  # an address that is none speaks for nobody
        return None


def _site(identifier: str) -> str | None:
    """The division of a SiteIDCode (PORTALS §3.1): its first six digits, shortened to those of the level."""
    found = re.match(r"\d{6}", identifier)
    return re.sub(r"(?:00){1,2}$", "", found.group()) if found else None


def _published(content: Content, document: Document) -> str | None:
    """The date signed in the document, else its page's; never the fetch."""
    signed = narrative.signed_on(content)
    if signed:
        return signed
    for text in (document.published_on, content.meta.get("pubdate")):
        if text and (found := DATE.search(text)):
            return f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}"
    return None


def _editions(editions: Mapping[str, forms.Form], content: Content) -> Iterator[Finding]:
    shown = match.editions_shown(dict(editions), content)
    if len(shown) > 1:
        yield finding("T02", f"columns of the forms {' and '.join(shown)}", table="disclosures")


def _assemble(
    reading: Reading,
    placed: Placed,
    findings: Sequence[Finding],
    derived: tuple[Derived, ...],
    edition: str,
    document: Document,
) -> Report:
    unit, year = reading.unit, reading.year
    known = unit.id is not None and year is not None
    marked = {(f.table, f.row, f.column) for f in findings if f.column and f.rule.startswith(("S", "P", "U"))}
    exceptional = [c for key, c in placed.cells.items() if c.cls != "number" or c.note or c.unit or key in marked]
    return Report(
        id=f"{unit.id}-{year}" if known else "x-" + document.digest.removeprefix("sha256:")[:12],
        digest=document.digest,
        media_type=reading.content.media_type,
        url=document.url,
        unit=unit,
        year=year,
        scope=reading.scope,
        form=edition,
        title=reading.title,
        published_on=reading.published_on,
        contact=reading.contact,
        disclosures=_disclosures(reading) if edition != "none" else {},
        applications=_rows(reading, "applications") if edition != "none" else {},
        disputes=_rows(reading, "disputes") if edition != "none" else {},
        statistics=_statistics(reading),
        derived=derived,
        cells=tuple([*exceptional, *placed.unassigned]),
        statements=tuple(reading.statements),
        sections=tuple(reading.sections),
        findings=tuple(_distinct(findings)),
    )


def _distinct(findings: Sequence[Finding]) -> list[Finding]:
    """Each finding once, errors first, otherwise in the order of the document."""
    order = {"error": 0, "warning": 1, "notice": 2, "info": 3}
    unique = {f.fingerprint: f for f in reversed(findings)}
    return sorted(reversed(unique.values()), key=lambda f: (order[f.severity], f.rule))


def shown(cell: Cell | None) -> Value:
    """What the JSON shows: the number, the printed string where it is words, null otherwise."""
    if cell is None:
        return None
    return cell.value if cell.cls in NUMERIC else str(cell.raw) if cell.cls == "text" else None


def _disclosures(reading: Reading) -> dict[str, dict[str, Value]]:
    table = reading.form.tables["disclosures"]
    return {
        row.name: {c.name: shown(reading.cells.get(("disclosures", row.name, c.name))) for c in row.columns}
        for row in table.rows
    }


def _statistics(reading: Reading) -> dict[str, Value]:
    """Every indicator of the form of 2014 in its order, where the report prints its table."""
    if statistics.TABLE not in reading.form.tables:
        return {}
    rows = reading.form.tables[statistics.TABLE].rows
    return {row.name: shown(reading.cells.get((statistics.TABLE, row.name, statistics.VALUE))) for row in rows}


def _rows(reading: Reading, name: str) -> dict[str, list[Value]]:
    table = reading.form.tables[name]
    values = {row.name: [shown(reading.cells.get((name, row.name, c.name))) for c in row.columns] for row in table.rows}
    absent = reading.form.open_rows if name == "applications" else ()  # printed as one row: what each has, nobody knows
    return values | {row: [None] * len(table.columns) for row in absent}
