"""RTF written directly, its Chinese as GBK bytes or as Unicode escapes."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from crawler.replica.render.layout import columns, placed, widths
from crawler.replica.reports import Synthetic
from crawler.replica.tables import Grid

_LINE = 9000  # twentieths of a point
_HEAD = (
    r"{\rtf1\ansi\ansicpg936\deff0\deflang1033\deflangfe2052"
    r"{\fonttbl{\f0\froman\fcharset0 Times New Roman;}{\f1\fnil\fcharset134 \'cb\'ce\'cc\'e5;}}"
    r"{\*\generator Replica;}\viewkind4\uc1\pard\f1\fs21 "
)


def make(report: Synthetic, rng: Random) -> bytes:
    """The report as RTF: every table row with its own cell ends, merges marked in each row."""
    coded = rng.choice((_gbk, _unicode))
    parts = [_HEAD, rf"\pard\qc\b {coded(report.title)}\b0\par", "\n"]
    for block in report.blocks:
        if isinstance(block, Grid):
            parts += [_table(block, coded), "\\pard\\par\n"]
        else:
            parts.append(rf"\pard\ql {coded(block)}\par" + "\n")
    return ("".join(parts) + "}").encode("ascii")


def _table(grid: Grid, coded: Callable[[str], str]) -> str:
    cells = placed(grid)
    ends, at = [], 0.0
    for part in widths(grid, cells):
        at += part * _LINE
        ends.append(round(at))
    lines = []
    for number in range(len(grid.rows)):
        begun: list[str] = [r"\trowd\trgaph108\trleft0"]
        texts: list[str] = []
        column = 0
        covering = {
            c: cell for cell in cells if cell.row <= number < cell.bottom for c in range(cell.column, cell.right)
        }
        while column < columns(cells) and column in covering:
            cell = covering[column]
            merged = "" if cell.rowspan == 1 else r"\clvmgf" if cell.row == number else r"\clvmrg"
            sides = "".join(rf"\clbrdr{side}\brdrs\brdrw10" for side in "tlbr")
            begun.append(rf"{merged}{sides}\cellx{ends[cell.right - 1]}")
            text = coded(cell.text) if cell.row == number else ""
            texts.append(rf"\pard\intbl\qc {text}\cell")
            column = cell.right
        lines.append("".join(begun) + "\n" + "\n".join(texts) + "\\row\n")
    return "".join(lines)


def _escaped(char: str) -> str:
    if char == "\n":
        return r"\line "
    return "\\" + char if char in "\\{}" else char


def _gbk(text: str) -> str:
    """Bytes of GBK in hexadecimal; what GBK lacks as Unicode."""
    out = []
    for char in text:
        if char.isascii():
            out.append(_escaped(char))
            continue
        try:
            out.append("".join(rf"\'{byte:02x}" for byte in char.encode("gbk")))
        except UnicodeEncodeError:
            out.append(_unicode(char))
    return "".join(out)


def _unicode(text: str) -> str:
    """Signed 16-bit numbers, each with a question mark for readers of old."""
    out = []
    for char in text:
        if char.isascii():
            out.append(_escaped(char))
            continue
        code = ord(char)
        out.append(rf"\u{code - 65536 if code > 32767 else code}?")
    return "".join(out)
