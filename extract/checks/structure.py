"""Group S: how the official tables and sections are laid out (DOMAIN §E); what stands at one cell is raised there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extract import forms
from extract.content import Paragraph
from extract.headers import recognise
from extract.labels import NUMERAL, fold, has_variant_glyphs, key
from extract.match import BLOCK, is_header, is_variant, similarity
from extract.merge import heading_at
from extract.reading import Reading
from extract.records import Finding
from extract.rules import finding

ODD_SPACE = re.compile("[\u00a0\u00ad\u2002\u3000\u200b-\u200d\ufeff]")
PAGE_NUMBER = re.compile(r"^\s*[-—–]\s*\d+\s*[-—–]\s*$")
LIST_MARK = re.compile(r"^\s*[-*]\s+[（(]")
LOST_DIGITS = re.compile(r"20\d\d\s+\d{1,3}\s*号|20\d\d\s{2,}\d{1,2}\s+\d{0,2}\s*日|20\d{3}月\d*日?")
TABLE_NAMES = {"disclosures": "二", "applications": "三", "disputes": "四"}
OFFICIAL_NUMERALS = dict(enumerate(NUMERAL, 1))


def sections(reading: Reading) -> Iterator[Finding]:
    """S01, S02: the six sections of the notice, found by their words; their numerals."""
    for number in range(1, 7):
        section = reading.section(number)
        if section is None:
            yield finding("S01", f"section {OFFICIAL_NUMERALS[number]} is not found", quote=OFFICIAL_NUMERALS[number])
        elif section.numeral != OFFICIAL_NUMERALS[number]:
            printed = f"numbered “{section.numeral}”" if section.numeral else "without a numeral"
            yield finding("S02", printed, quote=section.heading.strip(), place=section.place)


def inner_numbering(reading: Reading) -> Iterator[Finding]:
    """S03: 一、 or 二、 used again inside a section, where a splitter by numerals would end it."""
    headings = {section.heading.strip() for section in reading.sections}
    first = next((s.place.get("line", 0) for s in reading.sections if s.number == 1 and s.place), 0)
    for paragraph in reading.content.paragraphs():
        text = paragraph.text.strip()
        inside = paragraph.place.get("line", first + 1) > first
        if (
            inside
            and re.match(rf"^[{NUMERAL}]、", text)
            and len(text) <= 40
            and not any(text.startswith(h) for h in headings if h)
        ):
            yield finding("S03", quote=text, place=paragraph.place)


def tables(reading: Reading) -> Iterator[Finding]:
    """S04, S05: an official table, or a row of one that is there, was not found."""
    for name in ("disclosures", "applications"):
        seen = {match.row.name for match in reading.matches if match.table == name}
        if not seen:
            yield finding("S04", _missing(reading, name), table=name)
            continue
        for row in reading.form.tables[name].rows:
            if row.name not in seen:
                yield finding("S05", f"row “{row.label}” is not found", table=name, row=row.name, quote=row.label)
        if name == "applications" and reading.form.open_rows:
            plain = forms.load()[reading.form.edition].tables[name]
            into = next(row for row in reading.form.tables[name].rows if row not in plain.rows)
            message = f"“{into.label}” is one row here; the form has {len(reading.form.open_rows)} rows for it"
            yield finding(
                "S05", message, variant="merged", origin="source", table=name, row=into.name, quote=into.label
            )
    if reading.disputes is None:
        yield finding("S04", _missing(reading, "disputes"), table="disputes")


def _missing(reading: Reading, name: str) -> str:
    """What to say of a table that is not found; a picture in its section may hold it."""
    number = NUMERAL.index(TABLE_NAMES[name]) + 1
    blocks = {id(block): i for i, block in enumerate(reading.content.blocks)}
    starts = {s.number: heading_at(reading.content, s) for s in reading.sections if s.number}
    start = starts.get(number)
    end = min((at for n, at in starts.items() if at is not None and n > number), default=len(blocks))
    shown = [blocks.get(id(picture.after), -1) for picture in reading.content.pictures]
    within = start is not None and any(start <= at < end for at in shown)
    return f"table {TABLE_NAMES[name]} is not found" + ("; it may be in a picture" if within else "")


def strays(reading: Reading) -> Iterator[Finding]:
    """S27: figures on a line of their own inside a table, which belong to no cell."""
    rows = {(m.found.table, m.found.index): m for m in reading.matches}
    for number, table in enumerate(reading.content.tables(), 1):
        for after, stray in table.strays:
            match = rows.get((number, after + 1))
            at = {"table": match.table, "row": match.row.name} if match else {}
            yield finding(
                "S27", f"“{stray.text.strip()}” stands in no cell", quote=stray.text.strip(), place=stray.place, **at
            )


def groups(reading: Reading) -> Iterator[Finding]:
    """S06, S07: the merged labels left of the rows."""
    printed = {key(text): text for row in reading.rows for text in row.texts()}
    official = dict.fromkeys(g for row in reading.form.tables["applications"].rows for g in row.groups)
    if not any(match.table == "applications" for match in reading.matches):
        return
    for group in official:
        wanted = (key(group),)
        near = next((text for k, text in printed.items() if similarity(k, wanted)), None)
        if near is None:
            message = f"“{group}” is missing or scattered"
            yield finding("S06", message, origin=reading.layout_origin, table="applications", quote=group)
        elif key(near) != wanted[0]:
            yield finding("S07", f"“{near.strip()}” for “{group}”", table="applications", quote=near.strip())


def labels(reading: Reading) -> Iterator[Finding]:
    """S07 for rows, S17: wordings that differ from the form's; labels broken over lines."""
    for match in reading.matches:
        if is_variant(match.printed, match.row):
            at = {"table": match.table, "row": match.row.name, "place": match.found.place}
            yield finding(
                "S07", f"“{match.printed.strip()}” for “{match.row.label}”", quote=match.printed.strip(), **at
            )
    split = [
        text.strip()
        for row in reading.rows
        for text in (*row.joined, *row.texts())
        if text in row.joined or "\n" in text.strip()
    ]
    if split:
        yield finding("S17", f"{len(split)} labels, the first “{split[0]}”".replace("\n", "/"), quote=split[0])


def headers(reading: Reading) -> Iterator[Finding]:
    """S10, T06: column headers that differ from the form's words, place, or carry a unit or year."""
    seen: set[str] = set()
    for name, texts in _header_texts(reading):
        columns = reading.form.tables[name].columns
        for text in texts:
            column = recognise(text, columns)
            if column is None or text in seen:
                continue
            seen.add(text)
            if column.money and re.search("[元]", text) and "元" not in column.label or re.search(r"20\d\d", text):
                yield finding(
                    "T06", f"“{text.strip()}” for “{column.label}”", table=name, column=column.name, quote=text.strip()
                )
            elif key(text) != key(column.label):
                rule = (
                    "S07" if name == "disputes" and column.name != "total" else "S10"
                )  # 结果维护 is a slip of the pen
                yield finding(
                    rule, f"“{text.strip()}” for “{column.label}”", table=name, column=column.name, quote=text.strip()
                )
        if name == "applications" and {key(t) for t in texts} >= {"其他", "总计"}:
            yield finding("S10", "总计 stands in the second header row", table=name, column="total", quote="总计")
    channels = [row.label for row in reading.form.tables["disputes"].rows] + ["行政诉讼"]
    for row in reading.rows[-6:]:
        for text in row.texts():
            if any(key(text).startswith(key(c)) and "因" in key(text) and key(text) != key(c) for c in channels):
                yield finding("S10", f"“{text.strip()}”", table="disputes", quote=text.strip())


def _header_texts(reading: Reading) -> Iterator[tuple[str, list[str]]]:
    first = next(
        (i for i, row in enumerate(reading.rows) if any("申请人情况" in key(t) for t in row.texts())), len(reading.rows)
    )
    last = next(
        (i for i, row in enumerate(reading.rows) if reading.disputes and row is reading.disputes), len(reading.rows)
    )
    for index, row in enumerate(reading.rows):
        if is_header(row, reading.form) or index >= last:
            name = "disclosures" if index < first else "applications" if index < last else "disputes"
            yield name, [text for text in row.texts()]


def noise(reading: Reading) -> Iterator[Finding]:
    """S16: marks without a word in label fields, single characters stacked under one another."""
    marks = [
        (row, text)
        for row in reading.rows
        for text in row.texts()
        if not key(text) and not re.fullmatch(r"[\s/\-—–]+|[()]", fold(text))
    ]
    stacks = [
        row for row in reading.rows if sum(len(key(t)) == 1 and not t.strip().isdigit() for t in row.texts()) >= 4
    ]
    if marks or len(stacks) >= 2:
        row, quote = marks[0] if marks else (stacks[0], " ".join(stacks[0].texts()))
        yield finding(
            "S16", f"{len(marks)} marks, {len(stacks)} stacked rows, the first “{quote}”", quote=quote, place=row.place
        )


def glyphs(reading: Reading) -> Iterator[Finding]:
    """S19, S24: once a document, with the first example."""
    for rule, test in (("S19", has_variant_glyphs), ("S24", ODD_SPACE.search)):
        found = [(row, cell.text) for row in reading.rows for cell in row.fields if cell.origin and test(cell.text)]
        if found:
            yield finding(
                rule,
                f"{len(found)} cells, the first “{found[0][1].strip() or repr(found[0][1])}”",
                quote=found[0][1],
                place=found[0][0].place,
            )


def blocks(reading: Reading) -> Iterator[Finding]:
    """S20: the article printed above a block of table 二 against the form's."""
    told: set[str | None] = set()
    order = {id(row): i for i, row in enumerate(reading.rows)}
    for match in (m for m in reading.matches if m.table == "disclosures"):
        above = reversed(reading.rows[: order[id(match.found)]])
        text = next((t for row in above for t in row.texts() if BLOCK.match(fold(t))), None)
        if text and match.row.block and fold(text) != fold(match.row.block) and text not in told:
            told.add(text)
            yield finding(
                "S20",
                f"“{text.strip()}” for “{match.row.block}”",
                origin=reading.layout_origin,
                table="disclosures",
                row=match.row.name,
                quote=text.strip(),
            )


def note(reading: Reading) -> Iterator[Finding]:
    """S21: the corner note that states the relation."""
    for row in reading.rows:
        for text in row.texts():
            if "勾稽" in text and fold(text) != fold(reading.form.note):
                yield finding("S21", quote=text.strip(), place=row.place)


def running_text(reading: Reading) -> Iterator[Finding]:
    """S25, S26: page numbers, list marks, lost digits in paragraphs."""
    for rule, pattern in (("S25", PAGE_NUMBER), ("S25", LIST_MARK), ("S26", LOST_DIGITS)):
        hits = [p for p in reading.content.paragraphs() if pattern.search(p.text)]
        if hits:
            yield finding(rule, f"{len(hits)} times", quote=_quote(hits[0], pattern), place=hits[0].place)


def _quote(paragraph: Paragraph, pattern: re.Pattern[str]) -> str:
    found = pattern.search(paragraph.text)
    return found.group().strip() if found else paragraph.text[:40]


def split_digits(reading: Reading) -> Iterator[Finding]:
    """S23: a row with one value too many, where joining two neighbours makes the row add up."""
    width = len(reading.form.tables["applications"].columns)
    for match in (m for m in reading.matches if m.table == "applications"):
        values = [c.text.strip() for c in match.found.fields[match.label + 1 :] if c.origin and c.text.strip()]
        if len(values) != width + 1 or not all(v.isdigit() for v in values):
            continue
        for at in range(width):
            joined = [*values[:at], values[at] + values[at + 1], *values[at + 2 :]]
            numbers = list(map(int, joined))
            if numbers[-1] and sum(numbers[:-1]) == numbers[-1]:
                yield finding(
                    "S23",
                    f"“{values[at]} {values[at + 1]}”",
                    table="applications",
                    row=match.row.name,
                    quote=" ".join(values),
                )
                break


CHECKS = (
    sections, inner_numbering, tables, strays, groups, labels,
    headers, noise, glyphs, blocks, note, running_text, split_digits,
)  # fmt: skip
