"""A crawl against replicas: `run` starts the proxy, sends the spider there and returns what it counted."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from crawler.items import Counts
from crawler.portals import load
from crawler.replica import Replica, Site, serve
from crawler.replica.publish import Static
from crawler.runs import crawl

FAST = {"DOWNLOAD_DELAY": 0, "AUTOTHROTTLE_ENABLED": False, "LOG_LEVEL": "ERROR", "RETRY_TIMES": 0}
ORGANS = [("360429", "湖口县人民政府"), ("360429200", "付垅乡"), ("360429100", "双钟镇"), ("360429101", "流泗镇")]
Run = Callable[..., tuple[Counts, Replica]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """run(slug, sites by host, portals=folder, settings=…) → (Counts, the proxy with its log)."""

    def go(
        slug: str,
        sites: Mapping[str, Site],
        portals: Path | None = None,
        settings: Mapping[str, Any] | None = None,
        **options: Any,
    ) -> tuple[Counts, Replica]:
        with serve(sites) as replica:
            for name, value in replica.environment.items():
                monkeypatch.setenv(name, value)
            return crawl(slug, tmp_path, FAST | dict(settings or {}), portals, **options), replica

    return go


def entry(folder: Path, platform: str, *starts: str, more: str = "") -> Path:
    """A portal [place] in a folder of its own."""
    folder.mkdir(exist_ok=True)
    lines = ("[place]", 'name = "湖口县人民政府"', 'division = "360429"', f'platform = "{platform}"', "since = 2020")
    (folder / "place.toml").write_text("\n".join([*lines, f"start = {json.dumps(starts)}", more]))
    return folder


@pytest.fixture
def place(tmp_path: Path, run: Run) -> Callable[..., Any]:
    """place() → (replica, crawl): a small portal of the Openness family, and its crawl: crawl(site=…, settings=…)."""

    def make(start: str = "http://www.place.test/XxgkContent/showList/9/0/page_1.html", more: str = "") -> Any:
        folder = entry(tmp_path / "portals", "openness", start, more=more)
        portal = load(folder)["place"]
        replica: Static = import_module("crawler.replica.openness").site(portal, ORGANS)

        def crawl_it(site: Site | None = None, **options: Any) -> tuple[Counts, Replica]:
            return run("place", {portal.host: site or replica}, folder, **options)

        return replica, crawl_it

    return make
