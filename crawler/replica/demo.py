"""The demo's portals: six invented counties on six platforms, served under their invented hosts."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from crawler.portals import HERE, Portal, load
from crawler.replica import Site, hanweb
from crawler.replica.publish import divisions

YEARS = (2022, 2023, 2024)
# Faults seeded in the first county, so that the site has findings to show
FAULTS = {
    "990101101": {2023: ("row_sum",), 2024: ("blank_cell",)},
    "990101102": {2022: ("unit_in_cell",), 2024: ("narrative_count",)},
    "990101103": {2023: ("identity",)},
}
REGISTER = Path(__file__).parent / "register" / "99.csv"


def portals() -> dict[str, Portal]:
    """The invented portals by slug."""
    return {slug: portal for slug, portal in load(HERE).items() if portal.host.endswith(".test")}


def demo() -> dict[str, Site]:
    """Their sites by host."""
    return {portal.host: _site(portal) for portal in portals().values()}


def _site(portal: Portal) -> Site:
    organs = [(code, f"{name}人民政府") for code, name in divisions(REGISTER) if code.startswith(portal.division)]
    if portal.platform == "hanweb":
        areas = {unit: area for area, unit in portal.organs.items()}
        named = [hanweb.Organ(u, o, areas[u], YEARS, faults=FAULTS.get(u, {})) for u, o in organs if u in areas]
        return hanweb.site(portal, named)
    return import_module(f"crawler.replica.{portal.platform}").site(portal, organs, YEARS)
