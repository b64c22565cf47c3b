"""Which mutations a format has, and one of them by number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from tests.fuzz import leaves, lines, markup, members, spoil

Mutation = Callable[[bytes, Random], bytes | None]


@dataclass(frozen=True, slots=True)
class Mutant:
    """`keeps`: every figure still stands where it stood, or is lost for all to see; nothing may change unsaid."""

    body: bytes
    mutation: str
    keeps: bool


# Format → mutations that keep, mutations that need not. Bytes of every format are spoilt besides
KNOWN: dict[str, tuple[tuple[Mutation, ...], tuple[Mutation, ...]]] = {
    "html": (markup.KEEPS, markup.MOVES),
    "text": (lines.KEEPS, lines.MOVES),
    "tabbed": (lines.KEEPS, lines.MOVES),
    "markdown": (lines.KEEPS, lines.MOVES),
    "dump": ((lines.endings, lines.pad), lines.MOVES),
    **dict.fromkeys(("docx", "docx_tracked", "doc_docx"), (members.DOCX, members.MOVES)),
    "doc_html": (markup.KEEPS, markup.MOVES),
    "xlsx": (members.KEEPS, members.MOVES),
    "ofd": ((), (*members.MOVES, members.lose_row, members.double_row)),
    **dict.fromkeys(("pdf", "pdf_clean", "pdf_writer", "pdf_chrome"), (leaves.KEEPS, leaves.MOVES)),
}


def mutant(form: str, body: bytes, rng: Random) -> Mutant:
    """One mutation: of the structure in two of three where the format has such, else of bytes."""
    keeps, moves = KNOWN.get(form, ((), ()))
    known = [*((m, True) for m in keeps), *((m, False) for m in moves)]
    while known and rng.random() < 2 / 3:
        mutation, keeping = rng.choice(known)
        if (made := mutation(body, rng)) is not None and made != body:
            return Mutant(made, mutation.__name__, keeping)
    spoiling = rng.choice(spoil.MOVES)
    return Mutant(spoiling(body, rng), spoiling.__name__, False)
