"""What a portal's last crawls saw of each address: a cache that saves requests. Losing it costs only requests."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

YOUNG = timedelta(days=548)  # 18 months: a report younger than this is still corrected in place
RECHECK = timedelta(days=30)


@dataclass(slots=True)
class Seen:
    """An address of a report as it was last seen. Times are ISO 8601 UTC; "" is never."""

    row: str = ""  # title and date as the list showed them
    etag: str = ""
    modified: str = ""  # Last-Modified, as sent
    checked: str = ""  # when it was last asked for
    gone: str = ""  # since when it does not answer

    @property
    def conditions(self) -> dict[str, str]:
        """The headers that ask for the page only if it changed."""
        held = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in held.items() if value}

    def due(self, fetched: str, published: str | None, now: str) -> bool:
        """Whether a report that is held should be asked for again: monthly, while it is younger than 18 months."""
        today = _day(now)
        return today - _day(published or fetched) < YOUNG and today - _day(self.checked or fetched) >= RECHECK


def _day(text: str) -> datetime:
    return datetime.fromisoformat(text[:10])


def load(data: Path, slug: str) -> dict[str, Seen]:
    """A portal's memory by address; empty where there is none, or where it cannot be read."""
    try:
        records = json.loads(_path(data, slug).read_text(encoding="utf-8"))
        return {url: Seen(**record) for url, record in records.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def save(data: Path, slug: str, memory: dict[str, Seen]) -> None:
    """Replaces a portal's memory whole."""
    path = _path(data, slug)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    records = {url: asdict(seen) for url, seen in sorted(memory.items())}
    part.write_text(json.dumps(records, ensure_ascii=False, indent=0), encoding="utf-8")
    part.replace(path)


def _path(data: Path, slug: str) -> Path:
    return data / "memory" / f"{slug}.json"
