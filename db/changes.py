"""What a build changed: the new database beside the one it replaces."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

LISTED = 1000  # a first build of a million reports need not print a million ids
STANDING = ("open", "confirmed")  # findings that are neither dismissed nor resolved by a correction
STANDS = f"review IN {STANDING}"
SEVERITIES = ("error", "warning", "notice", "info")


@dataclass(frozen=True, slots=True)
class Changes:
    """Counts and ids (the first thousand of each kind) of what differs from the build before."""

    built_from: str
    reports: int
    counts: dict[str, int]  # added, changed, removed
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    findings: dict[str, tuple[int, int]]  # severity → before, now
    failed: int  # documents that could not be read
    corrected: int = 0  # corrections applied
    left_out: tuple[str, ...] = ()  # corrections that were not, each with its line and the reason
    gone: int = 0  # reviews whose finding is not there any more

    def __str__(self) -> str:
        lines = [f"{self.reports} reports, built from {self.built_from or 'nothing fetched'}"]
        for kind in ("added", "changed", "removed"):
            ids: tuple[str, ...] = getattr(self, kind)
            shown = "  " + " ".join(ids[:8]) + (" …" if self.counts[kind] > 8 else "") if ids else ""
            lines.append(f"  {kind:8} {self.counts[kind]:6}{shown}")
        lines.append("  findings " + ", ".join(f"{s} {n} ({n - b:+})" for s, (b, n) in self.findings.items()))
        if self.failed:
            lines.append(f"  {self.failed} documents could not be read")
        if self.corrected or self.left_out:
            lines.append(f"  corrections {self.corrected} applied, {len(self.left_out)} left out")
            lines += [f"    {line}" for line in self.left_out]
        if self.gone:
            lines.append(f"  {self.gone} reviews speak of findings that are not there any more")
        return "\n".join(lines)


def compare(new: Path, old: Path | None) -> Changes:
    """Differences of two databases; without an old one, everything is added."""
    connection = sqlite3.connect(new)
    try:
        if old is None or not _comparable(old):
            connection.execute("ATTACH ':memory:' AS old")
            connection.execute("CREATE TABLE old.reports (id TEXT, reading TEXT)")
            connection.execute("CREATE TABLE old.findings (severity TEXT, review TEXT)")
        else:
            connection.execute("ATTACH ? AS old", [str(old)])
        return _compare(connection)
    finally:
        connection.close()


def _compare(connection: sqlite3.Connection) -> Changes:
    sql = {
        "added": "main.reports WHERE id NOT IN (SELECT id FROM old.reports)",
        "changed": "main.reports n WHERE reading != (SELECT reading FROM old.reports o WHERE o.id = n.id)",
        "removed": "old.reports WHERE id NOT IN (SELECT id FROM main.reports)",
    }
    ids: dict[str, Any] = {}
    counts: dict[str, int] = {}
    for kind, where in sql.items():
        ids[kind] = tuple(i for (i,) in connection.execute(f"SELECT id FROM {where} ORDER BY id LIMIT {LISTED}"))
        (counts[kind],) = connection.execute(f"SELECT count(*) FROM {where}").fetchone()
    now, before = (
        dict(connection.execute(f"SELECT severity, count(*) FROM {name}.findings WHERE {STANDS} GROUP BY 1"))
        for name in ("main", "old")
    )
    (built_from,) = connection.execute("SELECT value FROM meta WHERE key = 'built_from'").fetchone()
    (reports,) = connection.execute("SELECT count(*) FROM main.reports").fetchone()
    (failed,) = connection.execute("SELECT count(*) FROM main.documents WHERE status = 'failed'").fetchone()
    findings = {severity: (before.get(severity, 0), now.get(severity, 0)) for severity in SEVERITIES}
    return Changes(built_from or "", reports, counts, **ids, findings=findings, failed=failed, **_decisions(connection))


def _decisions(connection: sqlite3.Connection) -> dict[str, Any]:
    """What became of corrections and reviews."""
    made = connection.execute(
        "SELECT id, ifnull(report, document), table_name, row_name, column_name, note FROM main.corrections ORDER BY id"
    ).fetchall()
    left_out = tuple(f"corrections.csv:{line}: {' '.join(where)}: {note}" for line, *where, note in made if note)
    (gone,) = connection.execute("SELECT count(*) FROM main.reviews WHERE NOT found").fetchone()
    return {"corrected": len(made) - len(left_out), "left_out": left_out, "gone": gone}


def _comparable(path: Path) -> bool:
    """False for a database of an earlier schema, or a file that is none."""
    try:
        connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        connection.execute("SELECT id, reading FROM reports LIMIT 1").fetchall()
        connection.execute("SELECT review FROM findings LIMIT 1").fetchall()
    except sqlite3.DatabaseError:
        return False
    connection.close()
    return True


def keep(changes: Changes, data: Path) -> Path:
    """Writes data/builds/<built_from>.json; building again from the same inputs leaves the first note alone."""
    folder = data / "builds"
    folder.mkdir(exist_ok=True)
    path = folder / f"{(changes.built_from or 'empty').replace(':', '')}.json"
    if path.exists() and not any(changes.counts.values()) and all(b == n for b, n in changes.findings.values()):
        return path
    part = path.with_suffix(".part")
    part.write_text(json.dumps(asdict(changes), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    part.replace(path)
    return path
