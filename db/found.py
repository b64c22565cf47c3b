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
MOST = 10_000  # passages that are looked up; a wider search shows its first ones and asks to be narrowed
LONGEST, MOST_WORDS = 80, 8
COUNTED = 100  # of a wider search, so many are counted by group: whether it is worth a look
SAMPLE = 1000  # sections of a wider search in which its parts are looked for
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
    ids = await _ids(query, wanted)
    total = min(len(ids), MOST)
    shown |= {"total": total, "capped": len(ids) > MOST, "pages": max(-(-total // PAGE), 1)}
    if wanted.page > shown["pages"]:
        wanted.page = 1
        wanted.said.append("page")
    shown["hits"] = await _hits(query, wanted, ids[:MOST][(wanted.page - 1) * PAGE :][:PAGE])
    shown["facets"] = await (_wide(query, wanted) if shown["capped"] else _facets(query, wanted, ids))
    shown["names"] |= await _names(query, [code for code, _ in shown["facets"]["place"]])
    return shown


async def _ids(query: Query, wanted: Asked) -> list[int]:
    """The passages found, in their order: at most one more than are shown. The words are looked up only here; one row
    of JSON, because between two rows a thread may have to wait for all others."""
    sql, match = wanted.found
    rows = await query(f"SELECT json_group_array(id) AS ids FROM ({sql})", match, MOST + 1)
    return json.loads(rows[0]["ids"])


async def _facets(query: Query, wanted: Asked, ids: list[int]) -> Row:
    """Facet → [(value, passages)]."""
    rows = await query(
        "SELECT json_group_array(json_array(year, level, section, place, n)) AS groups FROM ("
        "SELECT p.year, p.level, ifnull(p.number, 'title') AS section, substr(p.place, 1, ?) AS place, count(*) AS n"
        " FROM json_each(?) f CROSS JOIN passages p ON p.id = f.value GROUP BY 1, 2, 3, 4)",
        _below(wanted),
        json.dumps(ids),
    )
    counts: dict[str, Counter[str]] = {name: Counter() for name in VALID}
    for *group, n in json.loads(rows[0]["groups"]):
        for name, value in zip(("year", "level", "section", "place"), map(str, group), strict=True):
            if VALID[name].fullmatch(value):
                counts[name][value] += n
    if 0 < counts["section"]["title"] < counts["section"].total():
        counts["section"]["text"] = counts["section"].total() - counts["section"]["title"]
    return {name: sorted(counter.items(), key=_RANK[name]) for name, counter in counts.items()}


_RANK: dict[str, Callable[[tuple[str, int]], Any]] = {
    "place": lambda item: item[0],
    "level": lambda item: LEVELS.index(item[0]),
    "year": lambda item: -int(item[0]),
    "section": lambda item: PARTS.index(item[0]),
}


async def _wide(query: Query, wanted: Asked) -> Row:
    """The same where too much was found to be counted: up to COUNTED of each value (None for more), none that leads
    nowhere. 0 is not counted: a single character beside other words begins too many pairs to look again for each."""
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
    values |= {name: [] for name in wanted.narrowed if name != "place"}
    if {1} < {min(len(word), 2) for word in wanted.words}:
        return {name: [(value, 0) for value in listed] for name, listed in values.items()}
    parts = [part for part in values["section"] if part.isdigit()]
    values["section"] = [part for part in values["section"] if part not in parts]
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
    found["section"] += await _parts(query, wanted) if parts else []
    return found


async def _parts(query: Query, wanted: Asked) -> list[tuple[str, int | None]]:
    """The numbered parts with what is known of them from the first sections found. To find out that a word is nowhere
    in a part takes longer than all the rest: the part is listed, not counted."""
    sql, match = wanted.found
    rows = await query(
        f"SELECT p.number, count(*) AS n FROM ({sql}) f CROSS JOIN passages p ON p.id = f.id GROUP BY 1",
        f'{match} AND "{_token("section", "text")}"',
        SAMPLE,
    )
    seen = {str(row["number"]): row["n"] for row in rows}
    if sum(seen.values()) < SAMPLE:  # there are no others
        return [(part, n if n <= COUNTED else None) for part in PARTS if (n := seen.get(part))]
    return [(part, None if seen.get(part, 0) > COUNTED else 0) for part in PARTS if part.isdigit()]


async def _hits(query: Query, wanted: Asked, ids: list[int]) -> list[Row]:
    rows = await query(
        "SELECT p.id, p.report, p.section, p.number, r.name, r.title, r.year, r.level, r.unit, r.scope, r.form,"
        " s.heading, s.text, up.name AS above, u.pinyin, up.pinyin AS above_pinyin"
        " FROM json_each(?) f CROSS JOIN passages p ON p.id = f.value"
        " JOIN reports r ON r.id = p.report LEFT JOIN sections s ON s.id = p.section LEFT JOIN units u ON u.id = r.unit"
        " LEFT JOIN divisions own ON own.code = r.division LEFT JOIN divisions up ON up.code = own.parent"
        " ORDER BY p.id",
        json.dumps(ids),
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
