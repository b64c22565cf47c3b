"""Mutations of bytes: flip, delete, duplicate, splice, truncate. What they do to the meaning is not known."""

from __future__ import annotations

from random import Random


def flip(body: bytes, rng: Random) -> bytes:
    """One to four bytes altered by a bit, or a digit by another digit."""
    spoilt = bytearray(body)
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(spoilt))
        spoilt[at] = rng.randrange(0x30, 0x3A) if 0x30 <= spoilt[at] <= 0x39 else spoilt[at] ^ 1 << rng.randrange(8)
    return bytes(spoilt)


def delete(body: bytes, rng: Random) -> bytes:
    """A run of bytes gone."""
    at, length = rng.randrange(len(body)), rng.choice((1, 2, 8, 64, 512))
    return body[:at] + body[at + length :]


def duplicate(body: bytes, rng: Random) -> bytes:
    """A run of bytes twice."""
    at, length = rng.randrange(len(body)), rng.choice((1, 4, 32, 256, 2048))
    return body[: at + length] + body[at:]


def splice(body: bytes, rng: Random) -> bytes:
    """A run of bytes copied over another place."""
    source, target, length = rng.randrange(len(body)), rng.randrange(len(body)), rng.choice((2, 16, 128, 1024))
    piece = body[source : source + length]
    return body[:target] + piece + body[target + len(piece) :]


def truncate(body: bytes, rng: Random) -> bytes:
    """The end cut off."""
    return body[: rng.randrange(1, len(body))]


MOVES = (flip, delete, duplicate, splice, truncate)
