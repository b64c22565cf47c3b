"""The directory of a compound file (CFB, the container of .doc, .xls and encrypted OOXML): only names are read."""

from __future__ import annotations

import struct
from collections.abc import Iterator

MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
NONE, MOST_SECTORS, ENTRY = 0xFFFFFFFA, 4096, 128  # sector numbers from NONE on are marks


def streams(body: bytes) -> frozenset[str]:
    """Names of the streams and storages directly under the root; what is embedded deeper is not the document.

    A damaged file gives the names that can still be reached, in the worst case none.
    """
    entries = list(_entries(body))
    names: set[str] = set()
    seen: set[int] = set()
    pending = [entries[0][3]] if entries else []
    while pending:
        at = pending.pop()
        if at < len(entries) and at not in seen:
            seen.add(at)
            name, left, right, _ = entries[at]
            names.add(name)
            pending += [left, right]
    return frozenset(names)


def _entries(body: bytes) -> Iterator[tuple[str, int, int, int]]:
    """Every directory entry as (name, left sibling, right sibling, child)."""
    if len(body) < 512:
        return
    size = 1 << min(struct.unpack_from("<H", body, 30)[0], 16)
    sector = struct.unpack_from("<I", body, 48)[0]
    fat = _fat(body, size)
    seen: set[int] = set()
    while sector < NONE and sector not in seen and len(seen) < MOST_SECTORS:
        seen.add(sector)
        block = body[size * (sector + 1) : size * (sector + 2)]
        for at in range(0, len(block) - ENTRY + 1, ENTRY):
            length = min(struct.unpack_from("<H", block, at + 64)[0], 64)
            name = block[at : at + max(length - 2, 0)].decode("utf-16-le", errors="replace")
            yield name, *struct.unpack_from("<III", block, at + 68)
        sector = fat.get(sector, NONE)


def _fat(body: bytes, size: int) -> dict[int, int]:
    """Sector → next sector, from the 109 table sectors named in the header (enough for 7 MB of a 512-byte file)."""
    chain: dict[int, int] = {}
    for number, sector in enumerate(struct.unpack_from("<109I", body, 76)):
        table = body[size * (sector + 1) : size * (sector + 2)] if sector < NONE else b""
        table, per = table[: len(table) // 4 * 4], size // 4
        chain |= {
            number * per + i: following for i, (following,) in enumerate(struct.iter_unpack("<I", table[: per * 4]))
        }
    return chain
