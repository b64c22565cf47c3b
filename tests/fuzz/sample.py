"""What went wrong, for the eye: the mutation, the cells that changed, and the place that was altered."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from crawler.replica import render
from tests.fuzz import campaign
from tests.fuzz.members import MAIN, members

ZIPPED = frozenset(("docx", "docx_tracked", "doc_docx", "xlsx", "ofd"))
UNREADABLE = frozenset(
    name for name in render.FORMATS if render.FORMATS[name].suffix in (".pdf", ".doc", ".xls", ".wps")
)
AROUND = 60  # bytes


@dataclass(frozen=True, slots=True)
class Shown:
    """A trouble with the altered place; `explained`: the figures there account for every change."""

    trouble: campaign.Trouble
    body: bytes
    before: str
    after: str
    explained: bool

    @property
    def kind(self) -> str:
        """What faults have in common."""
        trouble = self.trouble
        if trouble.verdict.outcome == "read":
            return f"{trouble.mutation}: changes unsaid" if trouble.keeps else "by eye"
        return f"{trouble.verdict.outcome}: " + re.sub(r"b?'[^']*'|found: .*|\d+", "…", trouble.verdict.detail)


def show(console: Console, form: str, result: campaign.Result, *, seed: int, most: int, keep: Path | None) -> None:
    """Up to `most` examples of each kind of fault, and of changes to judge by eye: the unexplained first."""
    bodies = campaign.originals(form) if result.troubles else []
    kinds: dict[str, list[Shown]] = {}
    for trouble in result.troubles:
        shown = _looked_at(form, bodies[trouble.number % len(bodies)], seed, trouble)
        kinds.setdefault(shown.kind, []).append(shown)
    for kind, examples in kinds.items():
        examples.sort(key=lambda shown: shown.explained)
        console.print(f"  {kind} ({len(examples):,}, explained {sum(e.explained for e in examples):,})", markup=False)
        for shown in examples[:most]:
            _example(console, shown, words=form not in UNREADABLE)
            if keep:
                keep.mkdir(parents=True, exist_ok=True)
                name = f"{form}-{seed}-{shown.trouble.number}-{shown.trouble.mutation}"
                (keep / f"{name}{render.FORMATS[form].suffix}").write_bytes(shown.body)


def _looked_at(form: str, original: bytes, seed: int, trouble: campaign.Trouble) -> Shown:
    body = campaign.made(form, original, seed, trouble.number).body
    before, after = altered(_plain(form, original), _plain(form, body))
    silent = trouble.verdict.silent
    explained = all(str(c.now) in figures(after) and str(c.was) in figures(before) for c in silent)
    return Shown(trouble, body, before, after, bool(silent) and explained)


def _example(console: Console, shown: Shown, words: bool) -> None:
    trouble = shown.trouble
    console.print(f"    {trouble.number} {trouble.mutation} {trouble.verdict.detail}", markup=False)
    for change in trouble.verdict.silent[:4]:
        console.print(f"      {change}", markup=False)
    if words and trouble.verdict.silent:
        console.print(f"      - {shown.before!r}\n      + {shown.after!r}", markup=False)


def figures(text: str) -> set[str]:
    """The figures that stand in a piece of text."""
    return set(re.findall(r"\d+(?:\.\d+)?", text))


def altered(before: bytes, after: bytes) -> tuple[str, str]:
    """Where two documents differ, with some bytes around."""
    start = next((n for n, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), 0)
    end = next((n for n, (a, b) in enumerate(zip(reversed(before), reversed(after), strict=False)) if a != b), 0)
    end = min(end, len(before) - start, len(after) - start)
    first, last = max(start - AROUND, 0), max(end - AROUND, 0)
    pieces = (body[first : len(body) - last][: 5 * AROUND] for body in (before, after))
    one, other = (piece.decode(errors="replace") for piece in pieces)
    return one, other


def _plain(form: str, body: bytes) -> bytes:
    if form not in ZIPPED:
        return body
    try:
        return b"".join(part for name, part in sorted(members(body).items()) if MAIN.fullmatch(name))
    except Exception:  # the archive itself was spoilt
        return body
