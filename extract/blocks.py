"""One file of data/reports as blocks: the lines that one key gave, whatever run read them.

`<name>.key` has the digest of `<name>.jsonl`, then `key mark length` for each block of it in order. `<name>.part` has
such heads with a checksum, each before its block: what a killed run or a lost disk cache tore is seen and dropped.
A block's mark is `-`, or names the circumstances under which it holds.
"""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

HOLDS = "-"


@dataclass(frozen=True, slots=True)
class _Block:
    path: Path
    offset: int
    length: int
    mark: str

    def read(self) -> bytes:
        with self.path.open("rb") as file:
            file.seek(self.offset)
            return file.read(self.length)


class Blocks:
    """The blocks of one file, those of its unfinished successor over them. Only where its lies is kept in memory."""

    def __init__(self, path: Path, mark: str, again: bool = False) -> None:
        """Takes the blocks that hold: those without a mark and, unless `again`, those with this one."""
        self.path, self.mark = path, mark
        self._state, self._part = path.with_suffix(".key"), path.with_suffix(".part")
        known = {HOLDS} if again else {HOLDS, mark}
        finished = list(_finished(path, self._state))
        self._order = [key for key, _ in finished]
        begun = list(_begun(self._part))
        self._end = begun[-1][1].offset + begun[-1][1].length if begun else 0
        self._at = {key: block for key, block in [*finished, *begun] if block.mark in known}

    def __contains__(self, key: str) -> bool:
        return key in self._at

    def add(self, key: str, text: str, holds: bool) -> None:
        """Keeps the lines of a key at once: a run that is killed now loses none of them."""
        body, mark = text.encode(), HOLDS if holds else self.mark
        head = f"{key} {mark} {len(body)} {zlib.crc32(body)}\n".encode()
        if self._part.exists() and self._part.stat().st_size > self._end:
            os.truncate(self._part, self._end)  # the torn tail of a killed run
        with self._part.open("ab", buffering=0) as file:
            file.write(head + body)
        self._at[key] = _Block(self._part, self._end + len(head), len(body), mark)
        self._end += len(head) + len(body)

    def finish(self, keys: Sequence[str]) -> None:
        """Writes the file whole, in the order of the keys, and renames it into place."""
        if self._order != list(keys) or any(self._at[key].path == self._part for key in keys):
            sha = hashlib.sha256()
            new = self.path.with_suffix(".new")
            with new.open("wb") as out:
                for block in map(self._at.__getitem__, keys):
                    body = block.read()
                    sha.update(body)
                    out.write(body)
                out.flush()
                os.fsync(out.fileno())
            new.replace(self.path)
            heads = (f"{key} {self._at[key].mark} {self._at[key].length}\n" for key in keys)
            self._state.write_text("".join([sha.hexdigest() + "\n", *heads]))
        self._part.unlink(missing_ok=True)


def _finished(path: Path, state: Path) -> Iterator[tuple[str, _Block]]:
    """The blocks of a file, unless it is not the one that its `.key` speaks of."""
    if not path.exists() or not state.exists():
        return
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    first, *heads = state.read_text().splitlines() or [""]
    offset = 0
    for head in heads if first == digest else ():
        key, mark, length = head.split(" ")
        yield key, _Block(path, offset, int(length), mark)
        offset += int(length)


def _begun(part: Path) -> Iterator[tuple[str, _Block]]:
    """The whole blocks of a part; nothing after the first that is not whole."""
    if not part.exists():
        return
    with part.open("rb") as file:
        for head in iter(file.readline, b""):
            fields = head.decode(errors="replace").split()
            if len(fields) != 4 or not (fields[2] + fields[3]).isdecimal():
                return
            block = _Block(part, file.tell(), int(fields[2]), fields[1])
            if zlib.crc32(file.read(block.length)) != int(fields[3]):
                return
            yield fields[0], block


def remove_orphans(folder: Path, stems: Iterable[str]) -> None:
    """Deletes what belongs to files that are no more."""
    known = set(stems)
    for path in folder.iterdir():
        if path.suffix in {".jsonl", ".key", ".part", ".new"} and path.stem not in known:
            path.unlink()
