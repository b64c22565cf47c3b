"""Group D: the dates that the document itself states (DOMAIN §E). Deadlines are tested in the database."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterator
from datetime import date

from extract.narrative import date_line, signed_on
from extract.reading import Reading
from extract.records import Finding
from extract.rules import finding

SPOILT_YEAR = re.compile(r"(?<![\d.])20\d{3,4}\s*年")
DATE = re.compile(r"(?<!\d)(?:((?:19|20)\d\d)\s*年\s*)?(\d{1,2})\s*月(?:\s*(\d{1,2})\s*日)?")


def before_the_end(reading: Reading) -> Iterator[Finding]:
    """D02: published before the year was over."""
    if reading.year and reading.published_on and reading.published_on <= f"{reading.year}-12-31":
        yield finding(
            "D02", f"published on {reading.published_on}, the year is {reading.year}", quote=reading.published_on
        )


def no_date(reading: Reading) -> Iterator[Finding]:
    """D03: neither a date under the text nor one in the page's metadata; an impossible one is D05's."""
    if not reading.published_on and date_line(reading.content) is None:
        yield finding("D03")


def impossible(reading: Reading) -> Iterator[Finding]:
    """D05: 202020年, 13月, 2月30日. A year with one digit lost is the conversion's, S26."""
    for paragraph in reading.content.paragraphs():
        text = unicodedata.normalize("NFKC", paragraph.text)
        wrong = [m.group() for m in SPOILT_YEAR.finditer(text)] + [
            m.group() for m in DATE.finditer(text) if not _exists(m)
        ]
        for quote in dict.fromkeys(wrong):
            yield finding("D05", f"“{quote}” is no date", quote=quote, place=paragraph.place)


def _exists(found: re.Match[str]) -> bool:
    year, month, day = found.groups()
    if year is None and day is None:
        return True  # `18月` alone may be a span of months
    if not 1 <= int(month) <= 12:
        return False
    return day is None or 1 <= int(day) <= monthrange(int(year or 2000), int(month))[1]


PRINTED = re.compile(r"(20\d\d)[-/.年](\d{1,2})[-/.月](\d{1,2})")
# Dates that content systems write into addresses when a page is made: t20220218_…, /2022/2/18/art_…
IN_ADDRESS = re.compile(r"/t(20\d\d)(\d\d)(\d\d)_\d+\.|/(20\d\d)/(\d{1,2})/(\d{1,2})/art_")
CLOCKS = 3  # days that a page and its address or list may lie apart: drafts, approval, time zones


def disagree(reading: Reading) -> Iterator[Finding]:
    """D04: signed after it was published, or published by its page before its address was made."""
    listed = _day(PRINTED.search(reading.document.published_on or "")) if reading.document else None
    paged = _day(PRINTED.search(reading.content.meta.get("pubdate", "")))
    made = _day(IN_ADDRESS.search(reading.document.url or "")) if reading.document else None
    signed = signed_on(reading.content)
    pairs = (
        ("signed", date.fromisoformat(signed) if signed else None, "published", paged or listed, 1),
        ("in the address", made, "published", paged or listed, CLOCKS),
        ("on the page", paged, "in the list", listed, CLOCKS),
        ("in the list", listed, "on the page", paged, CLOCKS),
    )
    for one, later, other, earlier, slack in pairs:
        if later and earlier and (later - earlier).days > slack:
            yield finding("D04", f"{one} {later}, {other} {earlier}", quote=f"{later} / {earlier}")
            return


def _day(found: re.Match[str] | None) -> date | None:
    try:
        return date(*(int(group) for group in found.groups() if group)) if found else None
    except ValueError:  # no calendar has it: D05
        return None


CHECKS = (before_the_end, no_date, disagree, impossible)
