"""What goes into a build: lines of reports, the archive's documents, registers, runs and the decisions of people."""

from __future__ import annotations

import heapq
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from crawler import portals
from db import privacy
from extract import register, rules

_TOWN = re.compile(r"\d{2}(\d{2}(\d{2}(\d{3})?)?)?")
LEVELS = {2: "province", 4: "prefecture", 6: "county", 9: "township"}


class BuildError(ValueError):
    """An input that cannot be used: says which file and line, and what is wrong with it."""


def lines(data: Path) -> Iterator[tuple[str, int, dict[str, Any]]]:
    """(file name, offset, record) of every line of data/reports/*.jsonl, one in memory at a time."""
    for path in sorted((data / "reports").glob("*.jsonl")):
        with path.open("rb") as file:
            offset = 0
            for number, line in enumerate(file, 1):
                if line.strip():
                    yield path.name, offset, _record(line, path, number)
                offset += len(line)


def _record(line: bytes, path: Path, number: int) -> dict[str, Any]:
    try:
        record = json.loads(line)
        if record["schema"] != 1 or not record["document"]["digest"]:
            raise ValueError("schema is not 1")
    except (ValueError, KeyError, TypeError) as error:
        raise BuildError(f"{path}:{number}: not a line of schema 1 ({error}) — run `gongkai extract` again") from error
    return record


def line_at(data: Path, name: str, offset: int) -> dict[str, Any]:
    """The record that stands at `offset` of data/reports/`name`."""
    with (data / "reports" / name).open("rb") as file:
        file.seek(offset)
        return json.loads(file.readline())


def documents(data: Path, archive: Any = None) -> Iterable[Any]:
    """The archive's Documents in order of fetch; none where nothing was archived yet."""
    if archive is None:
        if not (data / "archive").is_dir():
            return ()
        from crawler.archive import Archive  # only here: a build of lines alone needs no WARC library

        archive = Archive(data / "archive")
    again = getattr(archive, "refetched", tuple)()  # an address may go back to what it showed before
    return heapq.merge(archive.documents(), again, key=lambda document: document.fetched)


def portal_rows() -> list[dict[str, Any]]:
    """One row a portal file."""
    return [
        {
            "slug": p.slug,
            "name": p.name,
            "division": p.division,
            "platform": p.platform,
            "url": next(iter(p.start), None),
        }
        for _, p in sorted(portals.load().items())
    ]


def run_rows(data: Path) -> Iterator[dict[str, Any]]:
    """One row a file of data/runs, in order of time."""
    for path in sorted((data / "runs").glob("*.json")):
        run = privacy.hide_all(json.loads(path.read_text(encoding="utf-8")))
        counts = {name: len(run.get(name) or ()) for name in ("gone", "problems", "blocked")}
        names = ("portal", "started", "finished", "requests", "listed", "refused", "reports", "new")
        row = {name: run.get(name) for name in (*names, "changed", "unchanged", "bytes")} | counts
        ok = bool(run.get("reports")) and not counts["problems"] and not counts["blocked"]
        row |= {
            "id": path.stem,
            "ok": int(ok),
            "seconds": _seconds(run),
            "failing": "; ".join(run.get("failing") or ()),
        }
        row["errors"] = json.dumps(run.get("errors") or {}, ensure_ascii=False, sort_keys=True)
        yield row | {"record": json.dumps(run, ensure_ascii=False, sort_keys=True)}


def _seconds(run: dict[str, Any]) -> int | None:
    if not run.get("started") or not run.get("finished"):
        return None
    return int((datetime.fromisoformat(run["finished"]) - datetime.fromisoformat(run["started"])).total_seconds())


def rule_rows() -> list[dict[str, Any]]:
    """One row a rule of extract/rules.toml."""
    return [_rule_row(asdict(rule)) for _, rule in sorted(rules.load().items())]


def _rule_row(rule: dict[str, Any]) -> dict[str, Any]:
    variants = rule["variants"] and json.dumps(dict(rule["variants"]), ensure_ascii=False, sort_keys=True)
    keys = ("id", "severity", "zh", "en", "formula", "source", "status", "reason")
    return {key: rule[key] or None for key in keys} | {"variants": variants}


def source_rows() -> Iterator[dict[str, Any]]:
    """One row a source of the bundled registers (extract/register/sources.toml)."""
    for part, entry in register.sources().items():
        notes = [entry[key] for key in ("dates", "mergers", "leaves_out") if key in entry]
        for source in entry.get("packages") or [entry["source"]]:
            yield {"part": part, "source": source, "licence": entry.get("licence"), "note": "; ".join(notes) or None}


class Divisions:
    """The divisions that reports mention, with all above them; names from the register, else from the report."""

    def __init__(self, data: Path) -> None:
        self.register = register.load(extra=data / "register")
        self.rows: dict[str, dict[str, Any]] = {}

    def add(self, code: str | None, names: dict[str, str]) -> str | None:
        """Takes in `code` and its ancestors. Returns the code, or None for what is not a division code."""
        if not code or not _TOWN.fullmatch(code):
            return None
        if code not in self.rows:
            known = self.register.at(code)
            parent = known.parent if known else _above(code)
            name = known.name if known else names.get(code, code)
            former = [d for d in self.register.former_codes.get(code, ()) if d is not known]
            lat, lon = register.coordinates().get(code, (None, None))
            self.rows[code] = {
                "code": code,
                "name": name,
                "level": LEVELS[len(code)],
                "parent": self.add(parent, names),
                "valid_from": (known.since if known else "") or None,
                "valid_to": (known.until if known else "") or None,
                "former_names": "; ".join(f"{d.name} (until {d.until})" for d in former) or None,
                "latitude": lat,
                "longitude": lon,
            }
        return code


def _above(code: str) -> str | None:
    """The code one level up; 9 digits stand below 6, else two fewer."""
    return None if len(code) == 2 else code[:6] if len(code) == 9 else code[:-2]
