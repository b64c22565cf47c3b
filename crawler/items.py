"""What a crawl hands on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Document:
    """A report that was found or imported. Its bytes lie in the archive under `digest`; None is 'not known'."""

    digest: str  # sha256:<hex> of the bytes, after any Content-Encoding was undone
    url: str | None
    fetched: str  # ISO 8601, UTC, whole seconds
    media_type: str
    name: str | None  # the file's own name
    unit: str | None  # who reported, where the portal's address itself says so
    title: str | None
    portal: str | None  # slug; None for an imported file
    published_on: str | None
    publisher: str | None
    warc: str = ""  # stem of the WARC file that holds its metadata record; the archive fills it in


@dataclass(frozen=True, slots=True)
class Counts:
    """What one crawl did; also the shape of data/runs/<started>-<portal>.json."""

    portal: str
    started: str
    finished: str
    requests: int = 0
    lists: int = 0  # list pages read
    listed: int = 0  # titles seen in the lists
    refused: int = 0  # false friends among them
    reports: int = 0  # reports seen, new or known
    new: int = 0  # Documents that this run added
    changed: int = 0  # of these, new versions of an address that was known
    unchanged: int = 0  # reports that were asked for again and are as they were
    bytes: int = 0  # received, as sent over the wire
    gone: tuple[str, ...] = ()  # addresses of reports that no list shows any more and that do not answer
    problems: tuple[str, ...] = ()  # each a sentence with its address
    errors: Mapping[str, int] = field(default_factory=dict)  # the same, counted by kind
    blocked: tuple[tuple[str, str], ...] = ()  # (kind of challenge, address): for a person to look at
    failing: tuple[str, ...] = ()  # why this portal needs a person; empty where it is healthy

    @property
    def ok(self) -> bool:
        """Nothing found is a failure, and so is anything that went wrong."""
        return self.reports > 0 and not self.problems and not self.blocked
