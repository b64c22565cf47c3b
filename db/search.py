"""Full text of titles and sections: what is indexed, how a query is put to the index, where its words stand.

Chinese has no spaces: every run of word characters is indexed as its overlapping pairs (公开法 → 公开 开法 法).
A word is the phrase of its pairs, a single character the beginning of a pair; a search for single characters alone has
an index of its own, because a common one begins too many pairs. Everything that narrows a search (place, level, year,
section) is a token of the same index, so that a narrow search of a common word stays cheap.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from sqlite_utils import Database

from db import privacy
from db.privacy import HIDDEN, fold

RUN = re.compile(r"[^\W_]+")
INDEXES = ("passage_words", "passage_chars")
PLACE_LENGTHS = (2, 4, 6, 9)  # province, prefecture, county, township
# What nobody shall find by searching, beside what is private anyway: office telephones and mailboxes, in folded text;
# the named group is hidden, else all that is found.
_NUMBER = rf"\(?\d[\d()\-–—\s、/转]{{4,}}\d(?!\d|{privacy.MEASURE})"
PRIVATE = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:电话|热线|致电|拨打|传真|手机)(?:号码)?[^\d\n,;。]{{0,6}}(?P<hide>{_NUMBER})",
        privacy.MAIL,
        r"(?<!\d)\(?0\d{2,3}\)?\s?[-–—]?\s?\d{6,8}(?:\s?[-–—转]\s?\d{1,5})?(?!\d)",
        r"(?<!\d)[48]00[-\s]?\d{3,4}[-\s]?\d{3,4}(?!\d)",
    )
)


def searchable(text: str) -> str:
    """Folded text in which e-mail addresses, telephone numbers and names of contacts are stars; same length."""
    folded = fold(privacy.hide(text))
    for pattern in PRIVATE:
        folded = pattern.sub(_starred, folded)
    return folded


def _starred(found: re.Match[str]) -> str:
    group = "hide" if "hide" in found.re.groupindex else 0
    start, end = (place - found.start() for place in found.span(group))
    return found[0][:start] + HIDDEN * (end - start) + found[0][end:]


def passage(heading: str | None, text: str | None) -> str:
    """What is indexed, and what snippets are cut from: heading and text; for a title the name and what is printed."""
    return "\n".join(part for part in (heading, text if text != heading else None) if part)


def pairs(text: str) -> Iterator[str]:
    """Tokens of searchable text: each run's overlapping pairs, and its last character alone."""
    for run in RUN.findall(text):
        for start in range(len(run)):
            yield run[start : start + 2]


def scope(*, year: Any = None, level: Any = None, place: Any = None, number: Any = None) -> list[str]:
    """Tokens by which a search is narrowed; their first character is never part of a word."""
    given = {"y": year, "l": level, "p": place, "s": number}
    return [f"·{kind}{value}" for kind, value in given.items() if value is not None]


def words(query: str) -> list[str]:
    """The words of a query: its runs of word characters, each once."""
    return list(dict.fromkeys(RUN.findall(fold(query))))


def match(query: str, narrowed: Sequence[str] = ()) -> str:
    """The query for FTS5: every word a phrase of pairs, all joined by AND; "" where nothing is asked."""
    phrases = [f'"{w}" *' if len(w) == 1 else '"' + " ".join(list(pairs(w))[:-1]) + '"' for w in words(query)]
    return " AND ".join([*phrases, *(f'"{token}"' for token in narrowed)])


def find(query: str, narrowed: Sequence[str] = ()) -> tuple[str, str]:
    """SQL for the ids of passages in their order, with ? for the match and for the most, and that match."""
    asked = words(query)
    if asked and all(len(word) == 1 for word in asked):
        found = " AND ".join(f'"{token}"' for token in (*asked, *narrowed))
        return _FIND.format("passage_chars"), found
    return _FIND.format("passage_words"), match(query, narrowed)


_FIND = "SELECT rowid AS id FROM {0} WHERE {0} MATCH ? ORDER BY rowid LIMIT ?"


def places(text: str, asked: Sequence[str]) -> list[tuple[int, int]]:
    """Where words stand in searchable text, in order, overlapping ones as one."""
    if not asked:
        return []
    found: list[tuple[int, int]] = []
    spans = sorted(m.span(1) for word in asked for m in re.finditer(f"(?=({re.escape(word)}))", text))
    for start, end in spans:
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def snippet(text: str, asked: Sequence[str], around: int = 40, most: int = 2) -> list[tuple[str, bool]]:
    """Pieces of a passage round its first hits, as (text, is it a hit); what is hidden from search is hidden here."""
    plain = searchable(text)
    shown = text
    if HIDDEN in plain:
        shown = "".join(HIDDEN if p == HIDDEN else c for c, p in zip(text, plain, strict=True))
    hits = places(plain, asked)
    windows: list[tuple[int, int]] = []
    for start, end in hits or [(0, around)]:
        if windows and start - around <= windows[-1][1]:
            if windows[-1][1] - windows[-1][0] < 3 * around:
                windows[-1] = (windows[-1][0], min(end + around, len(text)))
        elif len(windows) < most:
            windows.append((max(start - around, 0), min(end + around, len(text))))
    pieces: list[tuple[str, bool]] = []
    for first, last in windows:
        pieces += _pieces(shown, first, last, hits)
    return pieces + ([("…", False)] if windows[-1][1] < len(text) else [])


def marked(text: str, asked: Sequence[str]) -> list[tuple[str, bool]]:
    """All of a short text in the same pieces."""
    return list(_pieces(text, 0, len(text), places(searchable(text), asked)))


def _pieces(shown: str, first: int, last: int, hits: Sequence[tuple[int, int]]) -> Iterator[tuple[str, bool]]:
    if first:
        yield "…", False
    at = first
    for start, end in hits:
        start, end = max(start, first), min(end, last)
        if start < end:
            yield from [(shown[at:start], False)] * (at < start)
            yield shown[start:end], True
            at = end
    if at < last:
        yield shown[at:last], False


def fill(db: Database) -> None:
    """Passages and their indexes: titles first, then sections, each from the newest year to the oldest."""
    connection = db.conn
    reports = "SELECT id, name, title, year, level, division FROM reports ORDER BY year IS NULL, year DESC, id"
    for index in INDEXES:  # fewer segments to merge
        connection.execute(f"INSERT INTO {index} ({index}, rank) VALUES ('hashsize', 8388608)")
    id = 0
    for kind in (_titles, _sections):
        for report, name, title, *where in connection.execute(reports):
            for section, number, text in kind(connection, report, name, title):
                id += 1
                row = (id, report, section, number, *where)
                connection.execute("INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?)", row)
                for index, tokens in zip(INDEXES, _tokens(searchable(text), number, *where), strict=True):
                    connection.execute(f"INSERT INTO {index} (rowid, words) VALUES (?, ?)", (id, tokens))
    for index in INDEXES:
        connection.execute(f"INSERT INTO {index} ({index}) VALUES ('optimize')")


def _tokens(text: str, number: int | None, year: int | None, level: str | None, place: str | None) -> tuple[str, str]:
    """What stands in either index: pairs, and every character once."""
    narrowed = scope(year=year, level=level, number="title" if number is None else number)
    narrowed += [] if number is None else scope(number="text")
    narrowed += [token for n in PLACE_LENGTHS if place and n <= len(place) for token in scope(place=place[:n])]
    characters = sorted(set("".join(RUN.findall(text))))
    return " ".join([*narrowed, *pairs(text)]), " ".join([*narrowed, *characters])


def _titles(_: Any, __: str, name: str, title: str | None) -> Iterator[tuple[None, None, str]]:
    yield None, None, passage(name, title)


def _sections(connection: Any, report: str, _: str, __: str | None) -> Iterator[tuple[int, int, str]]:
    rows = connection.execute(
        "SELECT id, number, heading, text FROM sections WHERE report = ? ORDER BY number, id", [report]
    ).fetchall()
    for id, number, heading, text in rows:
        yield id, number, passage(heading, text)
