"""What people decided about findings: taken from data/reviews.csv by fingerprint, so that it outlives a rebuild."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from db import decisions
from db.decisions import REVIEWS
from db.inputs import BuildError
from db.versions import named

VERDICTS = {"confirm": "confirmed", "dismiss": "dismissed", "reopen": "open"}


def scope(db: Database) -> None:
    """Makes each fingerprint that of one finding among all reports: that of extract, within the document it is about.

    The document, because a report's id may move; a new version of a document is looked at anew.
    """
    db.conn.create_function("scoped", 3, _scoped, deterministic=True)
    db.execute(
        "UPDATE findings SET fingerprint = scoped(r.document, r.part, fingerprint) FROM reports AS r"
        " WHERE r.id = findings.report"
    )


def _scoped(document: str, part: int, fingerprint: str) -> str:
    return hashlib.sha256(f"{named(document, part)} {fingerprint}".encode()).hexdigest()[:16]


def load(data: Path) -> Iterator[dict[str, Any]]:
    """The lines of reviews.csv. Raises BuildError naming file and line."""
    path = data / REVIEWS
    for line, fields in decisions.read(path):
        if not re.fullmatch(r"[0-9a-f]{16}", fields["fingerprint"]):
            raise BuildError(f"{path}:{line}: fingerprint {fields['fingerprint']!r} is not 16 hex digits")
        if fields["verdict"] not in VERDICTS.values():
            raise BuildError(f"{path}:{line}: verdict {fields['verdict']!r} is none of {', '.join(VERDICTS.values())}")
        for name in ("why", "by", "at"):
            if not fields[name]:
                raise BuildError(f"{path}:{line}: the column {name} is empty")
        made = {"made_by": fields["by"], "made_at": fields["at"]}
        yield {"id": line} | {k: fields[k] for k in ("report", "rule", "fingerprint", "verdict", "why")} | made


def apply(db: Database, made: list[dict[str, Any]]) -> None:
    """Fills the table reviews and marks the findings; a finding that a correction resolved stays resolved."""
    for review in made:
        found = db.execute("SELECT 1 FROM findings WHERE fingerprint = ?", [review["fingerprint"]]).fetchone()
        db.table("reviews").insert(review | {"found": int(found is not None)})
        db.execute(
            "UPDATE findings SET review = :verdict, review_why = :why, review_by = :made_by, review_at = :made_at"
            " WHERE fingerprint = :fingerprint AND review != 'resolved'",
            {key: review[key] for key in ("verdict", "why", "made_by", "made_at", "fingerprint")},
        )
