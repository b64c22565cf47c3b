"""Content → Report: recognise the form, match, place, read the prose, identify, check."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from crawler.items import Document
from crawler.titles import parse_title, refuse
from extract import checks, forms, identity, match, narrative
from extract.content import Content, Paragraph
from extract.derive import derive
from extract.disputes import place_disputes
from extract.formats import read
from extract.loose import tabulate
from extract.place import Placed, place
from extract.reading import NUMERIC, Reading
from extract.records import Cell, Finding, Report, ReportError, Section, Value
from extract.register import Register
from extract.rules import finding

DATE = re.compile(r"(20\d\d)[-/.年](\d{1,2})[-/.月](\d{1,2})")
REFERENCE = re.compile(r"[\u4e00-\u9fff]{1,6}(?:发|字|函)\s*[〔\[(（【]\s*20\d\d\s*[〕\])）】]")


def read_report(body: bytes, document: Document, register: Register) -> list[Report]:
    """All reports that a document holds, usually one. Raises ReportError where it holds none."""
    name = document.name or document.url or document.digest
    try:
        content = tabulate(read(body))
        reports = [_report(part, document, register) for part in _parts(content)]
    except ReportError as error:
        raise ReportError(
            error.message, document=error.document or name, place=error.place, remedy=error.remedy
        ) from error
    return reports


def _parts(content: Content) -> Iterator[Content]:
    """One Content a report: a further title of another organ or year, with text between, begins another report."""
    starts: list[tuple[int, tuple[str, int | None]]] = []
    for index, block in enumerate(content.blocks):
        if isinstance(block, Paragraph) and len(block.text) < 80 and (title := parse_title(block.text)):
            named = (title.organ, title.year)
            if not starts or (starts[-1][1] != named and index - starts[-1][0] > 10):
                starts.append((index, named))
    bounds = [0, *(index for index, _ in starts[1:]), len(content.blocks)]
    parts = [replace(content, blocks=content.blocks[a:b]) for a, b in zip(bounds, bounds[1:], strict=False)]
    if len(parts) > 1 and all(any(part.tables()) for part in parts):
        yield from parts
    else:
        yield content


@dataclass(frozen=True, slots=True)
class _Who:
    """The title as printed, and what identity made of everything."""

    title: str | None
    year: int | None
    found: identity.Identity
    contact: Mapping[str, str | None]


def _report(content: Content, document: Document, register: Register) -> Report:
    editions = forms.load()
    form = match.recognise(editions, content)
    sections = narrative.sections(content)
    who = _identify(content, document, register, sections)
    if form is None:
        _refuse(content, who, sections)
        form = editions["2021"]
        recognised = "none"
    else:
        recognised = form.edition
    found = match.glue(form, match.rows(tuple(content.tables())))
    matches = match.align(form, found)
    placed = place(form, matches, found)
    disputes = place_disputes(form, found, tuple(content.tables()), placed)
    text = "\n".join(section.text for section in sections)
    reading = Reading(
        content=content,
        form=form,
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
        rows=tuple(found),
        matches=tuple(matches),
        disputes=disputes,
    )
    findings = [*placed.findings, *_editions(editions, content), *checks.run(reading)]
    return _assemble(reading, placed, findings, recognised, document)


def _refuse(content: Content, who: _Who, sections: Sequence[Section]) -> None:
    """A text without any official row is a report only if its title and at least three sections say so."""
    title = who.title or content.title or next((p.text.strip() for p in content.paragraphs()), "")
    friend = refuse(title[:120])
    if friend:
        raise ReportError(f"“{title[:60]}” is not an annual report but: {friend}", remedy="leave it out")
    if not (who.title and len(sections) >= 3):
        raise ReportError(
            "no title, table or section of an annual report is found", remedy="check that it is the report itself"
        )


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
    )
    year = parsed.year if parsed else None
    return _Who(printed, year, identity.resolve(evidence, register), contact)


def _host(url: str | None) -> str | None:
    try:
        return urlsplit(url).hostname if url else None
    except ValueError:  # an address that is none speaks for nobody
        return None


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


def _assemble(reading: Reading, placed: Placed, findings: list[Finding], edition: str, document: Document) -> Report:
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
        derived=tuple(derive(reading)),
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


def _rows(reading: Reading, name: str) -> dict[str, list[Value]]:
    table = reading.form.tables[name]
    return {row.name: [shown(reading.cells.get((name, row.name, c.name))) for c in row.columns] for row in table.rows}
