"""Group J: whether the title says which place it is (DOMAIN §E)."""

from __future__ import annotations

from collections.abc import Iterator

from extract.labels import fold
from extract.reading import Reading
from extract.records import Finding
from extract.rules import finding


def _names_parent(reading: Reading) -> bool:
    """Whether a jurisdiction above the unit stands in the title, in full or without its last character."""
    title = fold(reading.title or "")
    names = [name for _, name in reading.unit.parents]
    return any(name in title or (len(name) > 2 and title.startswith(name[:-1])) for name in names)


def parent_missing(reading: Reading) -> Iterator[Finding]:
    """J01: a county or town that is named without what it lies in. Provinces and prefectures need no parent."""
    if (
        reading.title
        and reading.unit.level in ("county", "township")
        and reading.unit.parents
        and not _names_parent(reading)
    ):
        yield finding("J01", quote=reading.title.strip())


def namesakes(reading: Reading) -> Iterator[Finding]:
    """J02: other places bear the name and the title does not tell them apart."""
    if reading.namesakes > 1 and reading.title and not _names_parent(reading):
        yield finding(
            "J02", f"{reading.namesakes} divisions bear this name", quote=reading.title.strip(), left=reading.namesakes
        )


CHECKS = (parent_missing, namesakes)
