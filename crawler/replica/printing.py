"""Tables in three renderings: HTML, a cell a line, a row a line."""

from __future__ import annotations

import html
from collections.abc import Iterator
from random import Random

from crawler.replica.tables import Grid


def as_html(grid: Grid, style: str, rng: Random) -> str:
    """The table as a portal's editor leaves it. Styles: plain, paragraphs, spans."""
    lines = ['<table border="1" cellspacing="0" cellpadding="0"><tbody>']
    for row in grid.rows:
        cells = []
        for cell in row:
            spans = "".join(
                f' {name}="{n}"' for name, n in (("rowspan", cell.rowspan), ("colspan", cell.colspan)) if n > 1
            )
            cells.append(f"<td{spans}>{_inside(cell.text, style, rng)}</td>")
        lines.append("<tr>" + "".join(cells) + "</tr>")
    return "\n".join([*lines, "</tbody></table>"])


def _inside(text: str, style: str, rng: Random) -> str:
    parts = [html.escape(part, quote=False).replace("\u00a0", "&nbsp;") for part in text.split("\n") if part]
    if style == "plain":
        return "<br/>".join(parts)
    if style == "spans":  # word processors cut a label anywhere, and every cut stays inside one line of print
        parts = [_cut(part, rng) for part in parts]
    return "".join(f'<p style="text-align:center">{part}</p>' for part in parts) or "<p>&nbsp;</p>"


def _cut(text: str, rng: Random) -> str:
    if len(text) < 4 or "&" in text:
        return f"<span>{text}</span>"
    at = rng.randrange(1, len(text) - 1)
    return f"<span>{text[:at]}</span><span>{text[at:]}</span>"


def as_lines(grid: Grid) -> str:
    """A cell a line behind a tab, an empty line behind a row; a place covered by a merge from above is a bare tab."""
    out: list[str] = []
    for number, fields in enumerate(_fields(grid)):
        shown = [text for text, kind in fields if kind != "left"]
        lines = ["\t" + text for text in shown]
        if grid.gluing.get(number):
            # The break and the row's last value are gone: the next label stands where that value would.
            out += [*lines[:-1], " \t"]
            continue
        if out and out[-1] == " \t":
            out.pop()
            lines[0] = " " + lines[0]
        out += [*lines, ""]
        if number in grid.strays:
            out += [grid.strays[number], ""]
    return "\n".join(out)


def as_tabs(grid: Grid) -> str:
    """A row a line, its cells at their column's tab index."""
    out: list[str] = []
    carried = ""
    for number, fields in enumerate(_fields(grid)):
        texts = [text.replace("\n", "") for text, _ in fields]
        if grid.gluing.get(number):
            carried = "\t".join(texts[:-1]) + "\t \t"
            continue
        out.append(carried + "\t".join(texts))
        carried = ""
        if number in grid.strays:
            out.append(grid.strays[number])
    return "\n".join(out)


def _fields(grid: Grid) -> Iterator[list[tuple[str, str]]]:
    """Every row as (text, kind) by column index; kind: cell, above or left (covered from there)."""
    open_: dict[int, int] = {}  # column → rows still covered from above
    inner: set[int] = set()
    for row in grid.rows:
        fields: list[tuple[str, str]] = []
        cells = iter(row)
        column = 0
        while True:
            if open_.get(column, 0) > 0:
                open_[column] -= 1
                fields.append(("", "left" if column in inner else "above"))
                column += 1
                continue
            cell = next(cells, None)
            if cell is None:
                break
            for offset in range(cell.colspan):
                fields.append((cell.text, "cell") if offset == 0 else ("", "left"))
                if cell.rowspan > 1:
                    open_[column] = cell.rowspan - 1
                    (inner.add if offset else inner.discard)(column)
                column += 1
        yield fields
