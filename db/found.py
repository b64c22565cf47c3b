"""What the page of a search shows: what was asked, passages with their words marked, counts to narrow it by."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from db import names, search
from db.page import Query, Row
from db.pinyin import latin

PAGE = 20
MOST = 10_000  # passages that are counted; a wider search shows its first ones and asks to be narrowed
LONGEST, MOST_WORDS = 80, 8
COUNTED = 1000  # of a wider search, so many are counted by group
LEVELS = ("province", "prefecture", "county", "township")
PARTS = ("title", "text", "0", "1", "2", "3", "4", "5", "6")  # their words: [part] of the catalogue
VALID = {
    "place": re.compile(r"\d{2}|\d{4}|\d{6}|\d{9}", re.ASCII),
    "level": re.compile("|".join(LEVELS)),
    "year": re.compile(r"(?:19|20)\d\d", re.ASCII),
    "section": re.compile("|".join(PARTS)),
}


@dataclass(slots=True)
class Asked:
    """A search as it was understood; `said` holds what it is told beside, keys of [asked] in the catalogue."""

    q: str
    words: list[str]
    narrowed: dict[str, str]
    page: int = 1
    said: list[str] = field(default_factory=list)

    @property
    def asks(self) -> bool:
        """Whether there is anything to search for."""
        return bool(self.words or self.narrowed) and not {"long", "many", "no_word"} & set(self.said)

    @property
    def found(self) -> tuple[str, str]:
        """SQL for the ids of the passages, and what it is given first."""
        return search.find(self.q, [_token(name, value) for name, value in self.narrowed.items()])

    @property
    def in_letters(self) -> bool:
        """Whether it was typed without one Chinese character: the reports are in Chinese."""
        joined = "".join(self.words)
        return latin(joined) and not joined.isdigit()

    def link(self, **changes: Any) -> str:
        """The address of this search with some of it changed; the first page unless told otherwise."""
        state = {"q": self.q} | self.narrowed | changes
        return "/search?" + urlencode({name: value for name, value in state.items() if value not in (None, "")})


def asked(given: Mapping[str, str]) -> Asked:
    """Understands the address; what is not understood is left out and said."""
    q = " ".join("".join(c if c.isprintable() else " " for c in given.get("q") or "").split())
    narrowed, said = {}, []
    for name, valid in VALID.items():
        value = (given.get(name) or "").strip()
        if valid.fullmatch(value):
            narrowed[name] = value
        elif value:
            said.append(name)
    if len(q) > LONGEST:
        q, said = q[:LONGEST], [*said, "long"]
    words = search.words(q)
    if (given.get("q") or "").strip() and not words:
        said.append("no_word")
    if len(words) > MOST_WORDS:
        said.append("many")
    page = given.get("page") or "1"
    known = re.fullmatch(r"[1-9]\d{0,3}", page, re.ASCII) is not None and int(page) <= MOST // PAGE
    return Asked(q, words, narrowed, int(page) if known else 1, said if known else [*said, "page"])


async def load(query: Query, wanted: Asked) -> Row:
    """Everything that the page shows; without a question only the form."""
    shown: Row = {"asked": wanted, "hits": None, "facets": {}, "total": 0, "capped": False, "pages": 1, "called": {}}
    shown |= {"most": MOST, "counted": COUNTED, "longest": LONGEST, "most_words": MOST_WORDS, "size": PAGE}
    shown["names"] = await _names(query, [wanted.narrowed["place"]] if "place" in wanted.narrowed else [])
    if not wanted.asks:
        return shown
    if wanted.page == 1 and not wanted.narrowed:
        shown["called"] = await names.find(query, wanted.q)
    facets, total = await _facets(query, wanted)
    shown |= {"total": min(total, MOST), "capped": total > MOST, "pages": max(-(-min(total, MOST) // PAGE), 1)}
    if wanted.page > shown["pages"]:
        wanted.page = 1
        wanted.said.append("page")
    shown["hits"] = await _hits(query, wanted)
    shown["facets"] = await _wide(query, wanted, facets) if shown["capped"] else facets
    shown["names"] |= await _names(query, [code for code, _ in shown["facets"]["place"]])
    return shown


async def _facets(query: Query, wanted: Asked) -> tuple[Row, int]:
    """Facet → [(value, passages)], and how many passages were found: at most one more than are counted."""
    sql, match = wanted.found
    rows = await query(
        "SELECT p.year, p.level, ifnull(p.number, 'title') AS section, substr(p.place, 1, ?) AS place, count(*) AS n"
        f" FROM ({sql}) f JOIN passages p ON p.id = f.id GROUP BY 1, 2, 3, 4",
        _below(wanted),
        match,
        MOST + 1,
    )
    counts: dict[str, Counter[str]] = {name: Counter() for name in VALID}
    for row in rows:
        for name, counter in counts.items():
            if VALID[name].fullmatch(str(row[name])):
                counter[str(row[name])] += row["n"]
    if 0 < counts["section"]["title"] < counts["section"].total():
        counts["section"]["text"] = counts["section"].total() - counts["section"]["title"]
    facets = {name: sorted(counter.items(), key=_RANK[name]) for name, counter in counts.items()}
    return facets, sum(row["n"] for row in rows)


_RANK: dict[str, Callable[[tuple[str, int]], Any]] = {
    "place": lambda item: item[0],
    "level": lambda item: LEVELS.index(item[0]),
    "year": lambda item: -int(item[0]),
    "section": lambda item: PARTS.index(item[0]),
}


async def _wide(query: Query, wanted: Asked, first: Row) -> Row:
    """The same where too much was found to be counted: every value that leads somewhere, up to COUNTED of each (None
    for more). A single character beside other words begins too many pairs to look again for each: 0, not counted."""
    years = await query("SELECT key, value FROM meta WHERE key IN ('first_year', 'last_year') AND value IS NOT NULL")
    known = {row["key"]: int(row["value"]) for row in years}
    below = await query("SELECT code FROM divisions WHERE parent IS ? ORDER BY code", wanted.narrowed.get("place"))
    values: dict[str, list[str]] = {
        "place": [row["code"] for row in below],
        "level": list(LEVELS),
        "year": [str(year) for year in range(known["last_year"], known["first_year"] - 1, -1)]
        if len(known) == 2
        else [],
        "section": list(PARTS),
    }
    if {1} < {min(len(word), 2) for word in wanted.words}:
        return {name: [(value, 0) for value in listed] for name, listed in values.items()}
    seen = dict(first["section"])
    if sum(n for part, n in seen.items() if part.isdigit()) >= COUNTED:
        # To find out that a word is nowhere in a part takes longer than all the rest: parts unseen so far are left out
        values["section"] = [part for part in PARTS if part in seen or not part.isdigit()]
    sql, match = wanted.found
    asked = {f'{match} AND "{_token(name, v)}"': (name, v) for name, listed in values.items() for v in listed}
    rows = await query(
        f"SELECT value AS asked, (SELECT count(*) FROM ({sql.replace('?', 'value', 1)})) AS n FROM json_each(?)",
        COUNTED + 1,
        json.dumps(list(asked), ensure_ascii=False),
    )
    found: Row = {name: [] for name in values}
    for row in rows:
        name, value = asked[row["asked"]]
        if row["n"]:
            found[name].append((value, row["n"] if row["n"] <= COUNTED else None))
    return found


async def _hits(query: Query, wanted: Asked) -> list[Row]:
    sql, match = wanted.found
    rows = await query(
        "SELECT p.id, p.report, p.section, p.number, r.name, r.title, r.year, r.level, r.unit, r.scope, r.form,"
        " s.heading, s.text, up.name AS above, u.pinyin, up.pinyin AS above_pinyin"
        f" FROM (SELECT id FROM ({sql}) LIMIT ? OFFSET ?) f JOIN passages p ON p.id = f.id"
        " JOIN reports r ON r.id = p.report LEFT JOIN sections s ON s.id = p.section LEFT JOIN units u ON u.id = r.unit"
        " LEFT JOIN divisions own ON own.code = r.division LEFT JOIN divisions up ON up.code = own.parent"
        " ORDER BY p.id",
        match,
        wanted.page * PAGE,
        PAGE,
        (wanted.page - 1) * PAGE,
    )
    for row in rows:
        titled = row["section"] is None
        text = row["title"] or "" if titled else search.passage(row["heading"], row["text"])
        row["named"] = search.marked(row["name"], wanted.words if titled else ())
        row["snippet"] = search.snippet(text, wanted.words)
        row["part"] = "title" if titled else str(row["number"])
        row["link"] = f"/report/{row['report']}" + ("" if titled else f"#section-{row['section']}")
    return rows


async def _names(query: Query, codes: list[str]) -> dict[str, Row]:
    sql = "SELECT code, name, pinyin FROM divisions WHERE code IN (SELECT value FROM json_each(?))"
    return {row["code"]: row for row in await query(sql, json.dumps(codes))}


def _token(name: str, value: str) -> str:
    """What narrows the index to one value of a facet."""
    (token,) = search.scope(**{"number" if name == "section" else name: value})
    return token


def _below(wanted: Asked) -> int:
    """Digits of the codes one step below the place that was asked for."""
    own = len(wanted.narrowed.get("place", ""))
    return next((n for n in search.PLACE_LENGTHS if n > own), own)
