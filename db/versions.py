"""Which version of a report stands, which ones it replaced, and what changed between them, cell by cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from db import money
from db.rows import COLUMNS

Moment = tuple[int, str | None]  # (running number of the fetch, its time)
TABLES = ("disclosures", "applications", "disputes", "statistics")
FIELDS = ("title", "published_on", "scope", "form")


@dataclass(frozen=True, slots=True)
class Reading:
    """One report of one document from one address: where its line stands, and what decides which report it is."""

    id: int
    digest: str
    file: str
    offset: int
    owner: str  # unit-year, or x-… where the unit or the year is unresolved
    unit: str | None
    year: int | None
    title: str  # without white space and brackets
    content: str  # digest of the figures; of the words too where there are none
    said: str  # digest of everything that a person can read in it
    part: int  # which report of its document, from 1
    parts: int  # how many reports the document holds
    seen: dict[str | None, list[Moment]] = field(default_factory=dict)  # by address; None: an imported file

    @property
    def key(self) -> str:
        """What decisions of people refer to: the digest, with `#2` for the second report of a document."""
        return named(self.digest, self.part)

    @property
    def addresses(self) -> set[str]:
        return {url for url in self.seen if url}

    @property
    def first(self) -> Moment:
        return min(self._moments(), key=lambda moment: moment[0])

    @property
    def last(self) -> int:
        return max(number for number, _ in self._moments())

    def _moments(self) -> list[Moment]:
        return [moment for moments in self.seen.values() for moment in moments]


@dataclass(frozen=True, slots=True)
class Standing:
    """The reading that stands since a time; the documents that say the same; what it replaced, oldest first."""

    reading: Reading
    since: str | None
    documents: Mapping[str, int]  # digest → which report of that document
    replaced: tuple[Reading, ...]
    times: Mapping[int, str | None]  # reading id → when it came to stand at its address


def named(name: str, part: int, mark: str = "#") -> str:
    """The name of one report of a document that may hold several."""
    return name if part == 1 else f"{name}{mark}{part}"


def standing(members: list[Reading]) -> Standing:
    """Of the readings of one report: what its addresses show now, the newest version before a mere copy.

    A document whose bytes changed but that says the same is no version: the first that said so goes on standing,
    so that decisions about it stay.
    """
    since = {reading.id: _since(reading, members) for reading in members}
    pairs = [(new, old) for new in members for old in members if _replaces(new, old)]
    gone = {old.id for _, old in pairs}
    live = [reading for reading in members if reading.id not in gone] or members
    heads = [reading for reading in live if any(new is reading for new, _ in pairs)]
    outdated = {old.content for new, old in pairs if new.content != old.content}
    heads = [reading for reading in heads if reading.content not in outdated] or heads
    # without versions, a further address of the same report changes nothing: the first stands
    newest = max(heads, key=lambda r: since[r.id][0]) if heads else min(live, key=lambda r: r.first[0])
    alike = [r for r in members if r.said == newest.said or (r in live and r.content == newest.content)]
    reading = min((r for r in alike if r.said == newest.said), key=lambda r: (r.unit is None, r.first[0]))
    documents = {r.digest: r.part for r in sorted(alike, key=lambda r: (r.digest, -r.part))}
    documents[reading.digest] = reading.part
    older = sorted((r for r in members if r.digest not in documents), key=lambda r: since[r.id][0])
    replaced = tuple({r.digest: r for r in reversed(older)}.values())[::-1]  # a document once, as first seen
    times = {id: time for id, (_, time) in since.items()}
    return Standing(reading, since[newest.id][1], documents, replaced, times)


def _replaces(new: Reading, old: Reading) -> bool:
    """Whether an address that showed `old` shows `new` now."""
    if new.said == old.said or new.digest == old.digest:
        return False
    shared = new.addresses & old.addresses
    return any(_last(new, url) > _last(old, url) for url in shared)


def _last(reading: Reading, url: str) -> int:
    return max(number for number, _ in reading.seen[url])


def _since(reading: Reading, members: list[Reading]) -> Moment:
    """When it came to stand: its first fetch, or the first after another version that stood at its address between."""
    other = [
        number
        for r in members
        for url in reading.addresses & r.addresses
        if r.said != reading.said
        for number, _ in r.seen[url]
        if number < reading.last
    ]
    begins = max(other, default=None)
    moments = sorted((m for moments in reading.seen.values() for m in moments), key=lambda moment: moment[0])
    return next((m for m in moments if begins is None or m[0] > begins), moments[-1])


# --- what changed


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Rows of `changes` without report, documents and time: every cell, field and section that reads otherwise."""
    old, new = dict(_cells(before)), dict(_cells(after))
    for where in [*new, *(where for where in old if where not in new)]:
        was, now = _read(before, where, old), _read(after, where, new)
        if was != now:
            table, row, column = where
            yield {"table_name": table, "row_name": row, "column_name": column, "before": was, "after": now}


def _read(record: Mapping[str, Any], where: tuple[str, str, str | None], values: Mapping[Any, Any]) -> str | None:
    """What stood in a cell; an amount with its unit, which a version may print and the next one leave open."""
    value = values.get(where)
    text = shown(value)
    if isinstance(value, int | float) and text is not None and money.is_money(where):
        return " ".join(filter(None, [text, money.unit(record, where)]))
    return text


def shown(value: Any) -> str | None:
    """A reading in words: 5, 12500.5, 见附件; None where nothing was read."""
    if isinstance(value, bool) or value is None:
        return None
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _cells(record: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str, str | None], Any]]:
    for table in TABLES:
        for row, values in record[table].items():
            if table == "statistics":
                yield (table, row, "value"), values
            else:
                named_values = values.items() if isinstance(values, dict) else zip(COLUMNS[table], values, strict=False)
                for column, value in named_values:
                    yield (table, row, column), value
    for cell in record["cells"]:  # what is no value: / beside a blank, words, a row that could not be placed
        raw = " | ".join(map(str, cell["raw"])) if isinstance(cell["raw"], list) else cell["raw"]
        if cell["value"] is None and cell["class"] != "blank":
            yield (cell["table"], cell["row"], cell["column"]), raw or None
    for name in FIELDS:
        yield ("reports", name, None), record[name]
    for name, value in record["contact"].items():
        yield ("contacts", name, None), value
    text: dict[int, str] = {}
    for section in record["sections"]:  # a number may stand twice
        text[section["number"]] = text.get(section["number"], "") + section["text"]
    for number, words in text.items():
        yield ("sections", str(number), None), words
