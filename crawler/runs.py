"""A crawl as one call, and the record that each leaves in data/runs/."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

from crawler import health
from crawler.archive import now
from crawler.items import Counts
from crawler.portals import PortalError, load


def crawl(
    slug: str,
    data: Path,
    settings: Mapping[str, Any] | None = None,
    portals: Path | None = None,
    *,
    recheck: bool = False,
) -> Counts:
    """Crawls one portal to its end. Scrapy runs in a process of its own: its reactor cannot be started twice.

    `recheck`: every report that is held is asked for again, conditionally.
    """
    portal = load(portals).get(slug)
    if portal is None:
        raise PortalError(f"no portal {slug!r} — there are {', '.join(load(portals))}")
    started = now()
    arguments: dict[str, Any] = {"portal": slug, "data": data.resolve(), "started": started}
    if recheck:
        arguments["recheck"] = "1"
    if portals:
        arguments["portals"] = portals.resolve()
    status = scrapy_process(portal.platform, arguments, settings)
    path = _path(data, started, slug)
    if path.exists():
        return _load(path)
    problem = f"{slug}: Scrapy ended with status {status} — see its log"
    return write(data, Counts(slug, started, now(), problems=(problem,)))


def scrapy_process(spider: str, arguments: Mapping[str, Any], settings: Mapping[str, Any] | None = None) -> int:
    """Runs a spider to its end in a process of its own; returns its exit status."""
    command = [sys.executable, "-m", "scrapy", "crawl", spider]
    command += [part for key, value in arguments.items() for part in ("-a", f"{key}={value}")]
    command += [part for key, value in (settings or {}).items() for part in ("-s", f"{key}={value}")]
    env = os.environ | {"SCRAPY_SETTINGS_MODULE": "crawler.settings"}
    env["PYTHONPATH"] = os.pathsep.join(filter(None, [str(Path(__file__).parents[1]), env.get("PYTHONPATH")]))
    return subprocess.run(command, env=env, check=False).returncode


def write(data: Path, counts: Counts) -> Counts:
    """Keeps a run's counts, and with them whether the portal is failing, seen beside the run before."""
    counts = replace(counts, failing=health.failing(counts, before(data, counts)))
    path = _path(data, counts.started, counts.portal)
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".tmp")
    text = json.dumps(asdict(counts) | {"ok": counts.ok}, ensure_ascii=False, indent=1)
    new.write_text(text + "\n", encoding="utf-8")
    new.replace(path)
    return counts


def last(data: Path, slug: str) -> Counts | None:
    """The newest run of a portal, or None."""
    paths = sorted((data / "runs").glob(f"*Z-{slug}.json"))
    return _load(paths[-1]) if paths else None


def before(data: Path, counts: Counts) -> Counts | None:
    """The run of the same portal before this one, or None."""
    own = _path(data, counts.started, counts.portal)
    paths = sorted(p for p in (data / "runs").glob(f"*Z-{counts.portal}.json") if p.name < own.name)
    return _load(paths[-1]) if paths else None


def _path(data: Path, started: str, slug: str) -> Path:
    stamp = started.replace("-", "").replace(":", "")
    return data / "runs" / f"{stamp}-{slug}.json"


def _load(path: Path) -> Counts:
    record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    known = {f.name for f in fields(Counts)}
    values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in record.items() if k in known}
    values["blocked"] = tuple(tuple(pair) for pair in values.get("blocked", ()))
    return Counts(**values)
