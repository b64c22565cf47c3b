"""Mutations of PDF: operators of its pages, and how the file is put together. KEEPS and MOVES as in `lines`."""

from __future__ import annotations

import io
from collections.abc import Callable
from random import Random

import pikepdf

from tests.fuzz import spoil

SHOW = frozenset(("Tj", "TJ", "'", '"'))
DRAW = frozenset(("re", "l", "S", "f", "f*", "s", "B"))
Operators = list[pikepdf.ContentStreamInstruction]


def _saved(pdf: pikepdf.Pdf, **how: object) -> bytes:
    out = io.BytesIO()
    pdf.save(out, **how)
    return out.getvalue()


def _edited(body: bytes, rng: Random, edit: Callable[[Operators, Random], bool]) -> bytes | None:
    with pikepdf.open(io.BytesIO(body)) as pdf:
        page = rng.choice(list(pdf.pages))
        operators = list(pikepdf.parse_content_stream(page))
        if not edit(operators, rng):
            return None
        page.Contents = pdf.make_stream(pikepdf.unparse_content_stream(operators))
        return _saved(pdf)


def _one_of(operators: Operators, names: frozenset[str], rng: Random) -> int | None:
    found = [n for n, each in enumerate(operators) if str(each.operator) in names]
    return rng.choice(found) if found else None


def _operator(operands: list[object], name: str) -> pikepdf.ContentStreamInstruction:
    return pikepdf.ContentStreamInstruction(operands, pikepdf.Operator(name))


def packed(body: bytes, rng: Random) -> bytes | None:
    """Saved in another way: object streams, linear, encrypted with an empty password, streams unpacked."""
    hows = (
        {"object_stream_mode": pikepdf.ObjectStreamMode.generate},
        {"linearize": True},
        {"encryption": pikepdf.Encryption(owner="x", user="")},
        {"compress_streams": False, "stream_decode_level": pikepdf.StreamDecodeLevel.generalized},
        {"qdf": True},
    )
    with pikepdf.open(io.BytesIO(body)) as pdf:
        return _saved(pdf, **rng.choice(hows))


def turned(body: bytes, rng: Random) -> bytes | None:
    """Pages displayed turned."""
    with pikepdf.open(io.BytesIO(body)) as pdf:
        for page in pdf.pages:
            page.rotate(90 * rng.randrange(4), relative=False)
        return _saved(pdf)


def wider(body: bytes, rng: Random) -> bytes | None:
    """Pages on a larger sheet, their origin elsewhere."""
    with pikepdf.open(io.BytesIO(body)) as pdf:
        for page in pdf.pages:
            x0, y0, x1, y1 = (float(n) for n in page.mediabox)
            page.MediaBox = [x0 - 30, y0 - 50, x1 + 20, y1 + 40]
            if rng.random() < 0.5:
                page.CropBox = [x0 - 20, y0 - 10, x1 + 10, y1 + 10]
        return _saved(pdf)


def lose_rule(body: bytes, rng: Random) -> bytes | None:
    """Some ruling lines gone."""

    def edit(operators: Operators, rng: Random) -> bool:
        for _ in range(rng.choice((1, 1, 2, 5))):
            if (at := _one_of(operators, frozenset(("S", "f", "f*", "s", "B")), rng)) is None:
                return False
            operators[at] = _operator([], "n")
        return True

    return _edited(body, rng, edit)


def lose_rules(body: bytes, rng: Random) -> bytes | None:
    """All ruling lines of a page gone."""

    def edit(operators: Operators, rng: Random) -> bool:
        for n, each in enumerate(operators):
            if str(each.operator) in ("S", "f", "f*", "s", "B"):
                operators[n] = _operator([], "n")
        return True

    return _edited(body, rng, edit)


def bold(body: bytes, rng: Random) -> bytes | None:
    """A text drawn twice a hair apart, as poor man's bold is."""

    def edit(operators: Operators, rng: Random) -> bool:
        at = _one_of(operators, frozenset(("ET",)), rng)
        start = next((n for n in range(at or 0, -1, -1) if str(operators[n].operator) == "BT"), None) if at else None
        if start is None:
            return False
        shift = _operator([1, 0, 0, 1, 0.3, 0], "cm")
        operators[at + 1 : at + 1] = [_operator([], "q"), shift, *operators[start : at + 1], _operator([], "Q")]
        return True

    return _edited(body, rng, edit)


def unseen(body: bytes, rng: Random) -> bytes | None:
    """A figure drawn in no ink beside another."""

    def edit(operators: Operators, rng: Random) -> bool:
        if (at := _one_of(operators, SHOW, rng)) is None:
            return False
        ink = [_operator([3], "Tr"), operators[at], _operator([0], "Tr")]
        operators[at + 1 : at + 1] = ink
        return True

    return _edited(body, rng, edit)


def lose_text(body: bytes, rng: Random) -> bytes | None:
    """A text gone: its cell is blank."""

    def edit(operators: Operators, rng: Random) -> bool:
        if (at := _one_of(operators, SHOW, rng)) is None:
            return False
        del operators[at]
        return True

    return _edited(body, rng, edit)


def spread(body: bytes, rng: Random) -> bytes | None:
    """Characters set wider or closer."""

    def edit(operators: Operators, rng: Random) -> bool:
        if (at := _one_of(operators, SHOW, rng)) is None:
            return False
        width = rng.choice((0.5, 1, 3, -0.5))
        operators[at : at + 1] = [_operator([width], "Tc"), operators[at], _operator([0], "Tc")]
        return True

    return _edited(body, rng, edit)


def swap_pages(body: bytes, rng: Random) -> bytes | None:
    """Two pages in the other order."""
    with pikepdf.open(io.BytesIO(body)) as pdf:
        if len(pdf.pages) < 2:
            return None
        at = rng.randrange(len(pdf.pages) - 1)
        page = pdf.pages[at]
        del pdf.pages[at]
        pdf.pages.insert(at + 1, page)
        return _saved(pdf)


def lose_page(body: bytes, rng: Random) -> bytes | None:
    """A page gone."""
    with pikepdf.open(io.BytesIO(body)) as pdf:
        del pdf.pages[rng.randrange(len(pdf.pages))]
        return _saved(pdf) if len(pdf.pages) else None


def move_text(body: bytes, rng: Random) -> bytes | None:
    """A text put elsewhere."""

    def edit(operators: Operators, rng: Random) -> bool:
        if (at := _one_of(operators, frozenset(("Td", "TD", "Tm")), rng)) is None:
            return False
        operands = list(operators[at].operands)
        operands[-2] = float(operands[-2]) + rng.choice((-40, -8, 8, 40))
        operands[-1] = float(operands[-1]) + rng.choice((-14, 0, 0, 14))
        operators[at] = _operator(operands, str(operators[at].operator))
        return True

    return _edited(body, rng, edit)


def lose_operator(body: bytes, rng: Random) -> bytes | None:
    """Any operator gone."""

    def edit(operators: Operators, rng: Random) -> bool:
        del operators[rng.randrange(len(operators))]
        return True

    return _edited(body, rng, edit)


def double_operator(body: bytes, rng: Random) -> bytes | None:
    """Any operator twice."""

    def edit(operators: Operators, rng: Random) -> bool:
        operators.insert(at := rng.randrange(len(operators)), operators[at])
        return True

    return _edited(body, rng, edit)


def stream_bytes(body: bytes, rng: Random) -> bytes | None:
    """Bytes altered after the streams were unpacked: text, lines and fonts themselves."""
    with pikepdf.open(io.BytesIO(body)) as pdf:
        for page in pdf.pages:
            page.contents_coalesce()
            contents = page.Contents.read_bytes()
            if contents and rng.random() < 0.5:
                page.Contents = pdf.make_stream(rng.choice(spoil.MOVES)(contents, rng))
        return _saved(pdf)


KEEPS = (packed, turned, wider, lose_rule, lose_rules, bold, unseen, lose_text, spread, lose_page)
MOVES = (stream_bytes, swap_pages, move_text, lose_operator, double_operator)
