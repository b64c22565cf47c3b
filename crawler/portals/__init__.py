"""Portals as data: one TOML file a province, one table a portal. The loader refuses what it does not know."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

HERE = Path(__file__).parent
_HOSTS = re.compile(r"[a-z0-9.-]+\.(gov\.cn|test)")


class PortalError(ValueError):
    """A portal's file that cannot be used: says which, what is wrong and what would be right."""


@dataclass(frozen=True, slots=True)
class Portal:
    """One website. `slug` is the name of its table; everything else is in the table."""

    slug: str
    name: str  # as the site calls itself
    division: str  # code of the place whose site it is
    platform: str  # the spider that reads it
    start: tuple[str, ...] = ()  # pages to begin at: directories, columns or lists; empty where the organs are enough
    organs: Mapping[str, str] = field(default_factory=dict)  # the portal's own organ code → unit id
    since: int = 2017  # first report year to ask for where a report's address is made of organ and year
    delay: float | None = None  # seconds between requests, where the default is too fast for this site
    limit: int | None = None  # most pages to ask for in one crawl
    mobile: bool = False  # answers only what calls itself mobile (PORTALS §3.3)
    seen: tuple[str, ...] = ()  # addresses of reports that are known to exist: evidence, and a check on the crawl

    @property
    def host(self) -> str:
        return urlsplit((self.start + self.seen)[0]).hostname or ""


def load(folder: Path | None = None) -> dict[str, Portal]:
    """All portals by slug, from `folder` or from beside this file."""
    portals: dict[str, Portal] = {}
    hosts: dict[str, str] = {}
    for path in sorted((folder or HERE).glob("*.toml")):
        for slug, raw in _tables(path):
            if slug in portals:
                raise PortalError(f"{path.name}: [{slug}] is there twice — a slug names one portal")
            portals[slug] = _portal(f"{path.name}: [{slug}]", slug, raw)
            other = hosts.setdefault(portals[slug].host, slug)
            if other != slug:
                host = portals[slug].host
                raise PortalError(f"{path.name}: [{slug}]: host {host} is already that of [{other}] — merge the two")
    return portals


def _tables(path: Path) -> list[tuple[str, dict[str, Any]]]:
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PortalError(f"{path.name}: not TOML: {error}") from error
    for slug, table in raw.items():
        if not isinstance(table, dict) or not re.fullmatch(r"[a-z][a-z0-9-]*", slug):
            raise PortalError(f"{path.name}: {slug!r} stands in no portal's table — begin with [slug] in small letters")
    return list(raw.items())


def _portal(where: str, slug: str, raw: dict[str, Any]) -> Portal:
    known = {f.name: f for f in fields(Portal) if f.name != "slug"}
    if unknown := sorted(raw.keys() - known.keys()):
        raise PortalError(f"{where}: unknown key {unknown[0]!r} — known are {', '.join(known)}")
    for name, f in known.items():
        if name not in raw and f.default is MISSING and f.default_factory is MISSING:
            raise PortalError(f"{where}: {name!r} is missing")
        if name in raw and (wanted := _wrong(name, raw[name])):
            raise PortalError(f"{where}: {name!r} must be {wanted}, not {raw[name]!r}")
    values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in raw.items()}
    portal = Portal(slug=slug, **values)
    _check_addresses(where, portal)
    return portal


def _wrong(name: str, value: Any) -> str | None:
    if name in ("start", "seen"):
        return None if isinstance(value, list) and all(isinstance(v, str) for v in value) else "a list of addresses"
    if name == "organs":
        right = isinstance(value, dict) and all(isinstance(v, str) for v in value.values())
        return None if right else "a table of organ code = unit id"
    if name == "since":
        return None if isinstance(value, int) and 2008 <= value <= 2100 else "a year from 2008 on"
    if name == "delay":
        return None if isinstance(value, int | float) and value >= 0 else "a number of seconds"
    if name == "limit":
        return None if isinstance(value, int) and value > 0 else "a number of pages"
    if name == "mobile":
        return None if isinstance(value, bool) else "true or false"
    if name == "division":
        right = isinstance(value, str) and bool(re.fullmatch(r"\d{2}|\d{4}|\d{6}|\d{9}", value))
        return None if right else "a division code of 2, 4, 6 or 9 digits"
    return None if isinstance(value, str) and value else "a text"


def _check_addresses(where: str, portal: Portal) -> None:
    addresses = portal.start + portal.seen
    if not addresses:
        raise PortalError(f"{where}: no address — give 'start', or 'organs' with 'seen'")
    for address in addresses:
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not _HOSTS.fullmatch(parts.hostname or ""):
            raise PortalError(f"{where}: {address!r} is not an http(s) address under .gov.cn (or .test)")
        if parts.hostname != portal.host:
            raise PortalError(f"{where}: {address!r} is not on {portal.host} — one portal, one host")
