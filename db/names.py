"""Places and units by name: Chinese in pairs of characters, pinyin from every syllable on; an index of the build.

`gao an`, `gaoan`, `Gao'an`, `高安` and `gaoan jiaoyu` all find what they should; higher levels come first, and names
that begin with what was typed come before those that have it further on.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache

from sqlite_utils import Database

from db import search
from db.page import Query, Row
from db.pinyin import LONGEST, keys, latin, letters, spelt

FEW = 8  # of places, and of units, in a list of suggestions
LOOKED = 5  # times as many are looked at: those that are called just so come first
WORDS = 4  # of a query
START, UP = "·", "↑"  # marks of a token: how the name begins, what lies above
_ORDER = "CASE level WHEN 'province' THEN 1 WHEN 'prefecture' THEN 2 WHEN 'county' THEN 3 ELSE 4 END"
_PLACES = f"""SELECT d.code, d.name, d.parent, d.former_names, u.name FROM divisions AS d
LEFT JOIN units AS u ON u.id = d.code
ORDER BY {_ORDER.replace("level", "d.level")}, d.code"""
_UNITS = f"SELECT id, name, division FROM units ORDER BY {_ORDER}, id"
_FIND = """SELECT n.place, n.unit FROM name_words JOIN names AS n ON n.id = name_words.rowid
WHERE name_words MATCH ? AND n.{} IS NOT NULL ORDER BY name_words.rowid LIMIT ?"""
_SHOWN = {
    "place": """SELECT d.code AS id, d.name, d.pinyin, d.level, d.former_names,
  up.name AS above, up.pinyin AS above_pinyin, (SELECT reports FROM units WHERE units.id = d.code) AS reports
FROM divisions AS d LEFT JOIN divisions AS up ON up.code = d.parent WHERE d.code IN (SELECT value FROM json_each(?))""",
    "unit": """SELECT u.id, u.name, u.pinyin, u.level, u.reports, NULL AS former_names, own.name AS above,
  own.pinyin AS above_pinyin
FROM units AS u LEFT JOIN divisions AS own ON own.code = u.division WHERE u.id IN (SELECT value FROM json_each(?))""",
}


def fill(db: Database) -> None:
    """The pinyin of divisions and units, and the index of their names. Needs all of both."""
    above = _chains(db)
    db.conn.execute("INSERT INTO name_words (name_words, rank) VALUES ('hashsize', 8388608)")
    id = 0
    for code, name, parent, former, government in db.execute(_PLACES).fetchall():
        id += 1
        db.execute("UPDATE divisions SET pinyin = ? WHERE code = ?", [spelt(name), code])
        others = [other.partition(" (")[0] for other in (former or "").split("; ") if other]
        own = [token for known in filter(None, (name, government, *others)) for token in _tokens(known)]
        _add(db, (id, code, None), [*own, *_upper(above.get(parent, ()))])
    for unit, name, division in db.execute(_UNITS):  # sorted by no index: all is read before the first row comes
        places = above.get(division, ())
        db.execute("UPDATE units SET pinyin = ? WHERE id = ?", [spelt(name, places), unit])
        if unit != division:  # the government of a place is found with the place
            id += 1
            _add(db, (id, None, unit), [*_tokens(name, places), *_upper(places)])
    db.execute("INSERT INTO name_words (name_words) VALUES ('optimize')")


def _chains(db: Database) -> dict[str, tuple[str, ...]]:
    """Division → its name after those of all above it."""
    rows = {code: (name, parent) for code, name, parent in db.execute("SELECT code, name, parent FROM divisions")}
    chains: dict[str, tuple[str, ...]] = {}
    for code in sorted(rows, key=len):  # a code above is shorter
        name, parent = rows[code]
        chains[code] = (*chains.get(parent, ()), name)
    return chains


def _add(db: Database, row: tuple[int, str | None, str | None], tokens: list[str]) -> None:
    db.execute("INSERT INTO names VALUES (?, ?, ?)", row)
    db.execute("INSERT INTO name_words (rowid, words) VALUES (?, ?)", [row[0], " ".join(tokens)])


def _tokens(name: str, above: tuple[str, ...] = ()) -> Iterator[str]:
    """A name's pairs and pinyin, and with a mark how it begins."""
    pairs, spelled = list(search.pairs(search.fold(name))), keys(name, above)
    yield from [START + tokens[0] for tokens in (pairs, spelled) if tokens]
    yield from pairs
    yield from spelled


@cache
def _upper(names: tuple[str, ...]) -> tuple[str, ...]:
    """The names of what lies above, each whole."""
    return tuple(UP + word for name in names for word in (search.fold(name), keys(name)[0]))


def matches(asked: str) -> list[str]:
    """The queries to the index, the closest first; none where nothing can be asked."""
    words = search.words(asked[:80])[:WORDS]
    joined = letters("".join(words))
    if not words or (len(joined) < 2 and latin(asked)):  # one letter begins half of all names
        return []
    if len(words) == 1:
        return [_begins(words[0]), _holds(words[0])]
    own, any_ = [_holds(word) for word in words], [f'({_holds(word)} OR "{UP}{_plain(word)}" *)' for word in words]
    apart = " OR ".join("(" + " AND ".join([own[at], *any_[:at], *any_[at + 1 :]]) + ")" for at in range(len(words)))
    whole = [f'"{joined[:LONGEST]}" *'] if latin("".join(words)) else []
    return [*whole, apart]


def _plain(word: str) -> str:
    return letters(word)[:LONGEST] if latin(word) else word


def _begins(word: str) -> str:
    if latin(word) or len(word) < 2:
        return f'"{START}{_plain(word)}" *'
    return f'"{START}{word[:2]}" AND {_holds(word)}'


def _holds(word: str) -> str:
    return f'"{_plain(word)}" *' if latin(word) else search.match(word)


def bears(row: Row, asked: str) -> bool:
    """Whether it is called just so, with or without the generic word at its end: 宜春, yichun, Yichun Shi."""
    if not latin(asked):
        return asked in (row["name"], row["name"][:-1])
    spelled = row["pinyin"] or ""
    return letters(asked) in (letters(spelled), letters(spelled.rpartition(" ")[0]))


async def find(
    query: Query, asked: str, kinds: tuple[str, ...] = ("place", "unit"), most: int = FEW
) -> dict[str, list[Row]]:
    """`place` and `unit` → the closest of them, each with id, name, pinyin, level, what lies above, reports."""
    found = {}
    for kind in kinds:
        ids: list[str] = []
        for match in matches(asked):
            if len(ids) < most:
                rows = await query(_FIND.format(kind), match, LOOKED * most)
                ids += [row[kind] for row in rows if row[kind] not in ids]
        shown = {row["id"]: row for row in await query(_SHOWN[kind], json.dumps(ids))}
        found[kind] = sorted((shown[id] for id in ids), key=lambda row: not bears(row, asked))[:most]
    return found
