"""P05 and P06: text like last year's, and like another unit's, by shingles of five characters.

Digits, years and the names of places are masked first, so that a text copied with its figures changed is still a copy.
Between units, shingles that stand in more than 5 % of all reports are boilerplate (law, form) and removed; MinHash
finds the candidates, the Jaccard index of the shingles decides. Everything of unbounded size lies in tables on disk.
"""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from array import array
from collections.abc import Callable, Iterator
from functools import lru_cache
from zlib import crc32

from rensa import RMinHash  # type: ignore[import-untyped]

from db.results import Result

SHINGLE = 5  # characters
ENOUGH = 100  # shingles: of less text nothing can be said
LAST_YEAR, LAST_YEAR_NOTICE, OTHER_UNIT = 0.8, 0.5, 0.8  # DOMAIN §E; a half is the line of 宿迁
COMMON, FEW = 0.05, 20  # boilerplate stands in more than 5 % of the reports, and in more than 20 of them
SAMPLE = 10_000  # reports that the share is taken from
SLOTS = 1 << 22  # counters; two shingles in one slot of four million do no harm
BANDS, ROWS, SEED = 21, 6, 20190515  # a pair at 0.8 meets in some band with 99.8 %, at 0.5 with 28 %

_NUMERAL = re.compile(r"\d+(?:[.,]\d+)*|[〇零一二三四五六七八九]{4}(?=年)")
_SILENT = re.compile(r"[\s\W_]+")
_TEXT = "SELECT text FROM sections WHERE report = ? AND number IN (1, 5, 6) ORDER BY id"
_ABOVE = """WITH RECURSIVE up(code) AS (VALUES (?) UNION SELECT parent FROM divisions JOIN up USING (code))
SELECT name FROM divisions JOIN up USING (code)"""
_REPORTS = """SELECT id, unit, year, previous FROM reports LEFT JOIN previous_reports ON report = id ORDER BY id"""
# In each bucket a report is laid beside its neighbour and the first: as many pairs as reports, however large a cluster
_PAIRS = """INSERT OR IGNORE INTO likely
SELECT report, other FROM (
  SELECT report, unit, lag(report) OVER bucket AS other, lag(unit) OVER bucket AS other_unit FROM bands
  WINDOW bucket AS (PARTITION BY year, band, value ORDER BY report)
  UNION ALL
  SELECT report, unit, first_value(report) OVER bucket, first_value(unit) OVER bucket FROM bands
  WINDOW bucket AS (PARTITION BY year, band, value ORDER BY report)
) WHERE other IS NOT NULL AND unit <> other_unit ORDER BY report, other"""

_NEAREST = """INSERT INTO likenesses VALUES (?, ?, 'other_unit', ?) ON CONFLICT DO UPDATE
SET other = excluded.other, share = excluded.share WHERE excluded.share > share"""


Read = Callable[[str], frozenset[int]]


def check(connection: sqlite3.Connection) -> Iterator[Result]:
    """Results of P05 and P06; fills the table `likenesses`."""
    read = _reader(connection)
    seen = array("H", bytes(2 * SLOTS))  # by slot: in how many reports of the sample its shingles stand
    yield from _last_year(connection, read, seen)
    yield from _other_units(connection, read, seen)


def _last_year(connection: sqlite3.Connection, read: Read, seen: array[int]) -> Iterator[Result]:
    """P05. Counts shingles on the way, so that each text is read once; years of a unit stand behind one another."""
    step, _ = _sample(connection)
    for number, (report, _, _, previous) in enumerate(connection.execute(_REPORTS)):
        if number % step == 0:
            for slot in {shingle % SLOTS for shingle in read(report)}:
                seen[slot] += 1
        if previous is None:
            continue
        now, before = read(report), read(previous)
        if min(len(now), len(before)) < ENOUGH:
            yield Result("P05", report, "not_assessable")
            continue
        share = round(len(now & before) / len(now), 4)
        connection.execute("INSERT INTO likenesses VALUES (?, ?, 'last_year', ?)", (report, previous, share))
        if share >= LAST_YEAR_NOTICE:
            sure = share >= LAST_YEAR
            variant, bar = (None, LAST_YEAR) if sure else ("half", LAST_YEAR_NOTICE)
            message = f"{share:.0%} of it stood in {previous}"
            yield Result("P05", report, "fail", left=share, right=bar, variant=variant, message=message)


def _other_units(connection: sqlite3.Connection, read: Read, seen: array[int]) -> Iterator[Result]:
    """P06: candidates by bands of their sketches, then the shingles themselves."""
    limit = max(COMMON * _sample(connection)[1], FEW)
    common = bytes(n > limit for n in seen)
    connection.execute("CREATE TEMP TABLE bands (report TEXT, unit TEXT, year INTEGER, band INTEGER, value INTEGER)")
    connection.execute("CREATE TEMP TABLE likely (report TEXT, other TEXT, PRIMARY KEY (report, other))")
    for report, unit, year, _ in connection.execute(_REPORTS):
        own = _telling(read(report), common)
        if unit is None or year is None or len(own) < ENOUGH:
            yield Result("P06", report, "not_assessable")
            continue
        rows = ((report, unit, year, band, value) for band, value in enumerate(_bands(own)))
        connection.executemany("INSERT INTO bands VALUES (?, ?, ?, ?, ?)", rows)
    connection.execute(_PAIRS)
    connection.execute("DROP TABLE bands")
    for report, other in connection.execute("SELECT report, other FROM likely ORDER BY report, other"):
        one, two = _telling(read(report), common), _telling(read(other), common)
        share = round(len(one & two) / len(one | two), 4)
        if share >= OTHER_UNIT:
            for side in ((report, other, share), (other, report, share)):
                connection.execute(_NEAREST, side)
    connection.execute("DROP TABLE likely")
    nearest = "SELECT report, other, share FROM likenesses WHERE kind = 'other_unit' ORDER BY report"
    for report, other, share in connection.execute(nearest):
        message = f"{share:.0%} like {other}"
        yield Result("P06", report, "fail", left=share, right=OTHER_UNIT, message=message)


def _reader(connection: sqlite3.Connection) -> Read:
    """A function: report → the shingles of its text. The last reports asked for stay at hand."""

    @lru_cache(maxsize=4096)
    def names(division: str) -> tuple[str, ...]:
        above = (name.removesuffix("人民政府") for (name,) in connection.execute(_ABOVE, [division]))
        return tuple(sorted({name for name in above if len(name) > 1}, key=lambda name: (-len(name), name)))

    @lru_cache(maxsize=64)
    def read(report: str) -> frozenset[int]:
        (division,) = connection.execute("SELECT division FROM reports WHERE id = ?", [report]).fetchone()
        text = "\n".join(text for (text,) in connection.execute(_TEXT, [report]))
        return shingles(mask(text, names(division) if division else ()))

    return read


def _sample(connection: sqlite3.Connection) -> tuple[int, int]:
    """(every how many-th report belongs to the sample, how many that are)."""
    (count,) = connection.execute("SELECT count(*) FROM reports").fetchone()
    step = max(1, -(-count // SAMPLE))
    return step, -(-count // step)


def mask(text: str, names: tuple[str, ...] = ()) -> str:
    """The text without figures, years, punctuation, white space and the given names."""
    plain = unicodedata.normalize("NFKC", text)
    for name in names:
        plain = plain.replace(name, "")
    return _SILENT.sub("", _NUMERAL.sub("", plain))


def shingles(text: str) -> frozenset[int]:
    """A number for every five characters in a row; not hash(), which differs from run to run."""
    letters = text.encode("utf-32-le")
    return frozenset(crc32(letters[i : i + 4 * SHINGLE]) for i in range(0, len(letters) - 4 * SHINGLE + 1, 4))


def _telling(shingles: frozenset[int], common: bytes) -> frozenset[int]:
    return frozenset(shingle for shingle in shingles if not common[shingle % SLOTS])


def _bands(own: frozenset[int]) -> Iterator[int]:
    (digest,) = RMinHash.digest_matrix_from_token_hash_sets([list(own)], BANDS * ROWS, SEED).to_rows()
    for start in range(0, BANDS * ROWS, ROWS):
        yield crc32(repr(digest[start : start + ROWS]).encode())
