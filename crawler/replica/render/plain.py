"""Renderings that are text: the page, the text dumps, Markdown as converters write it, OCR dumps, an error page."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from crawler.replica.render.layout import placed
from crawler.replica.reports import Synthetic
from crawler.replica.tables import Grid

_ERROR = (
    '<html>\r\n<head><title>404 Not Found</title></head>\r\n<body bgcolor="white">\r\n<center><h1>404 Not Found</h1>'
    "</center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
)


def html(report: Synthetic, rng: Random) -> bytes:
    """The page as it is."""
    return report.page.encode()


def text(report: Synthetic, rng: Random) -> bytes:
    """A cell a line."""
    return report.text.encode()


def tabbed(report: Synthetic, rng: Random) -> bytes:
    """A row a line."""
    return report.tabbed.encode()


def error_page(report: Synthetic, rng: Random) -> bytes:
    """What a portal sends in place of a file that it has lost."""
    return _ERROR.encode()


def markdown(report: Synthetic, rng: Random) -> bytes:
    """Pipe tables as converters write them: merged cells blank or repeated, tables cut at their heads."""
    return _markdown(report, rng, rng.choice(("blank", "repeat")))


def markdown_loose(report: Synthetic, rng: Random) -> bytes:
    """Pipe tables with printed cells only: rows are of different lengths and nothing stands under its head."""
    return _markdown(report, rng, "left out")


def _markdown(report: Synthetic, rng: Random, style: str) -> bytes:
    rule = rng.choice(("---", ":-:", ":---", ""))
    cut, outer, empty_head = rng.random() < 0.4, rng.random() < 0.8, rng.random() < 0.2
    lines = [f"# {report.title}", ""]
    for block in report.blocks:
        if isinstance(block, str):
            lines += [f"## {block}" if _is_heading(block) and rng.random() < 0.7 else block, ""]
            continue
        rows = _rows(block, style)
        for part in _cut(rows, block) if cut else [rows]:
            width = max(len(row) for row in part)
            if empty_head and rule:
                part = [[""] * width, *part]
            piped = [" | ".join(cell.replace("|", "\\|") for cell in row) for row in part]
            piped[1:1] = [" | ".join([rule] * width)] if rule else []
            lines += [f"| {row} |" if outer else row for row in piped] + [""]
    return "\n".join(lines).encode()


def _is_heading(block: str) -> bool:
    return len(block) < 30 and block[1:2] == "、"


def _rows(grid: Grid, style: str) -> list[list[str]]:
    """Rows of texts. `left out` keeps printed cells only, so that rows are of different lengths."""
    if style == "left out":
        return [[cell.text.replace("\n", "<br>") for cell in row] for row in grid.rows]
    cells = placed(grid)
    # Rows as wide as the form, and beyond only where a cell is printed there.
    rows = [[""] * grid.columns for _ in grid.rows]
    for cell in cells:
        for row in range(cell.row, cell.bottom):
            rows[row] += [""] * (cell.right - len(rows[row]))
            for column in range(cell.column, cell.right):
                first = (row, column) == (cell.row, cell.column)
                rows[row][column] = cell.text.replace("\n", "<br>") if first or style == "repeat" else ""
    return rows


def _cut(rows: list[list[str]], grid: Grid) -> Iterator[list[list[str]]]:
    """A table in several: table 二 before every article, table 三 behind its head, table 四 before its values."""
    starts = [0, 3]
    if grid.columns == 4:
        starts = [n for n, row in enumerate(grid.rows) if len(row) == 1]
    for start, end in zip(starts, [*starts[1:], len(rows)], strict=True):
        yield rows[start:end]


def dump(report: Synthetic, rng: Random) -> bytes:
    """What an OCR program's text file looks like: a text box a line or a row a line, and no sign of empty cells."""
    by_row = rng.random() < 0.5
    gap = rng.choice((" ", "  ", "   "))
    lines = [report.title]
    for block in report.blocks:
        if isinstance(block, str):
            lines += _folded(block, 38)
            continue
        for row in block.rows:
            texts = [cell.text.replace("\n", "") for cell in row if cell.text]
            lines += [gap.join(texts)] if by_row else texts
    return ("\n".join(lines) + "\n").encode()


def dump_glued(report: Synthetic, rng: Random) -> bytes:
    """A dump that lost its cells: the figures of a row run together, so that none can be told from its neighbour."""
    lines = [report.title]
    for block in report.blocks:
        if isinstance(block, str):
            lines.append(block)
        else:
            lines += ["".join(cell.text.replace("\n", "") for cell in row) for row in block.rows]
    return "\n".join(lines).encode()


def _folded(text: str, width: int) -> list[str]:
    return [text[at : at + width] for at in range(0, len(text), width)]
