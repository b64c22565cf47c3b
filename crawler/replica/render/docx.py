"""DOCX written part by part, with what word processors leave in it: merges, boxes, controls, tracked changes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from random import Random

from crawler.replica.render.docx_parts import archive, escaped, paragraph, run
from crawler.replica.render.layout import Placed, columns, placed, widths
from crawler.replica.reports import Synthetic
from crawler.replica.tables import Grid

Key = tuple[str, str, str | None]
_LINE = 9000  # width of the text in twentieths of a point
_HEADINGS = tuple(f"{number}、" for number in "一二三四五六")


@dataclass(frozen=True, slots=True)
class Habits:
    """How one office's word processor writes a report."""

    frame: bool = False  # the whole body in one cell of a layout table
    numbered: bool = False  # 一、 of the headings comes from automatic numbering
    boxed: str = ""  # what stands in a text box (and once more in its fallback): "", paragraph, table
    controls: bool = False  # content controls around rows, cells and paragraphs
    before: bool = False  # rows below a group's first begin with gridBefore in place of a continued cell
    breaks: bool = False  # column labels broken by hand
    split_runs: bool = True
    nested_cells: bool = False  # values in a table of one cell inside the cell
    tracked: bool = False


def habits(rng: Random) -> Habits:
    """Habits by chance."""
    return Habits(
        frame=rng.random() < 0.2,
        numbered=rng.random() < 0.4,
        boxed=rng.choice(("", "", "", "paragraph", "table")),
        controls=rng.random() < 0.25,
        before=rng.random() < 0.15,
        breaks=rng.random() < 0.25,
        split_runs=rng.random() < 0.7,
        nested_cells=rng.random() < 0.1,
    )


def make(report: Synthetic, rng: Random) -> bytes:
    """A DOCX without tracked changes; everything else is left to chance."""
    return write(report, habits(rng), rng)


def make_plain(report: Synthetic, rng: Random) -> bytes:
    """A DOCX for other programs to convert: no boxes and no frame, which they rewrite in their own way."""
    plain = replace(habits(rng), frame=False, boxed="", controls=False, before=False, nested_cells=False)
    return write(report, plain, rng)


def make_tracked(report: Synthetic, rng: Random) -> bytes:
    """A DOCX with changes on record: old figures deleted and the printed ones inserted. The truth is the new text."""
    return write(report, replace(habits(rng), tracked=True), rng)


def changed(report: Synthetic) -> frozenset[Key]:
    """The figures that `make_tracked` shows as changed: the same in every rendering, so that the truth can name them.

    A key without a column stands for a row that has lost or gained a cell.
    """
    rng = Random(f"{report.title}/{report.truth}")
    cells = [cell for grid in report.blocks if isinstance(grid, Grid) for row in grid.rows for cell in row]
    return frozenset(cell.key for cell in cells if cell.key and _is_number(cell.text) and rng.random() < 0.06)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


def write(report: Synthetic, chosen: Habits, rng: Random) -> bytes:
    """The DOCX of a report; the same arguments give the same bytes."""
    headings = [block for block in report.blocks if isinstance(block, str) and block.startswith(_HEADINGS)]
    # Automatic numbers count from one without a gap: a report that numbers otherwise has typed numbers
    counted = chosen.numbered and [h[:2] for h in headings] == list(_HEADINGS)
    parts = [paragraph(report.title, style="Title", rng=rng)]
    revised = changed(report) if chosen.tracked else frozenset()
    tables = 0
    boxed = rng.choice((0, 1, 2)) if chosen.boxed == "table" else None
    first_text = True
    for block in report.blocks:
        if isinstance(block, Grid):
            drawn = _table(block, chosen, rng, revised) + "<w:p/>"
            parts.append(_box(drawn) if tables == boxed else drawn)
            tables += 1
        elif counted and block in headings:
            parts.append(paragraph(block[2:], style="Heading1", numbered=True, rng=rng))
        else:
            body = paragraph(block, rng=rng if chosen.split_runs else None)
            is_boxed = chosen.boxed == "paragraph" and first_text and block not in headings
            first_text = first_text and not is_boxed
            parts.append(_box(body) if is_boxed else _control(body, chosen, rng, 0.15))
    body = "".join(parts)
    if chosen.frame:
        body = (
            f'<w:tbl><w:tblPr><w:tblW w:w="{_LINE}" w:type="dxa"/></w:tblPr><w:tblGrid><w:gridCol w:w="{_LINE}"/>'
            f'</w:tblGrid><w:tr><w:tc><w:tcPr><w:tcW w:w="{_LINE}" w:type="dxa"/></w:tcPr>{body}<w:p/></w:tc></w:tr>'
            "</w:tbl><w:p/>"
        )
    return archive(body, report.title)


def _control(xml: str, chosen: Habits, rng: Random, share: float) -> str:
    if not chosen.controls or rng.random() > share:
        return xml
    return f'<w:sdt><w:sdtPr><w:id w:val="{rng.randrange(10**8)}"/></w:sdtPr><w:sdtContent>{xml}</w:sdtContent></w:sdt>'


def _box(inner: str) -> str:
    """A text box as Word writes it: once for itself and once more for programs that know only VML."""
    content = f"<w:txbxContent>{inner}</w:txbxContent>"
    return (
        '<w:p><w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:inline distT="0" distB="0" distL="0" '
        'distR="0"><wp:extent cx="5700000" cy="3000000"/><wp:docPr id="1" name="box"/><a:graphic><a:graphicData '
        'uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp><wps:cNvSpPr txBox="1"/>'
        '<wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="5700000" cy="3000000"/></a:xfrm><a:prstGeom prst="rect"/>'
        f"</wps:spPr><wps:txbx>{content}</wps:txbx><wps:bodyPr><a:spAutoFit/></wps:bodyPr></wps:wsp></a:graphicData>"
        "</a:graphic></wp:inline></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape "
        f'style="width:450pt;height:240pt"><v:textbox>{content}</v:textbox></v:shape></w:pict></mc:Fallback>'
        "</mc:AlternateContent></w:r></w:p>"
    )


def _table(grid: Grid, chosen: Habits, rng: Random, revised: Collection[Key]) -> str:
    cells = placed(grid)
    total = columns(cells)
    sizes = [round(part * _LINE) for part in widths(grid, cells)]
    rows = []
    for number in range(len(grid.rows)):
        row, skipped = [], 0
        covering = {
            c: cell for cell in cells if cell.row <= number < cell.bottom for c in range(cell.column, cell.right)
        }
        column = 0
        while column < total:
            cell = covering.get(column)
            if cell is None:
                break  # a row may end early
            if chosen.before and column == 0 and cell.row < number and cell.rowspan > 3:
                skipped = cell.colspan
            else:
                row.append(_control(_cell(cell, number, sizes, chosen, rng, revised), chosen, rng, 0.05))
            column = cell.right
        left = sum(sizes[:skipped])
        ahead = f'<w:gridBefore w:val="{skipped}"/><w:wBefore w:w="{left}" w:type="dxa"/>' if skipped else ""
        properties = f"<w:trPr>{ahead}</w:trPr>" if ahead else ""
        rows.append(_control(f"<w:tr>{properties}{''.join(row)}</w:tr>", chosen, rng, 0.05))
        if chosen.tracked and number == len(grid.rows) - 1 and rng.random() < 0.5:
            rows.append(_deleted_row(cells, number, sizes, chosen, rng))
    lines = "".join(
        f'<w:{side} w:val="single" w:sz="4"/>' for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(sizes)}" w:type="dxa"/><w:tblBorders>{lines}</w:tblBorders></w:tblPr>'
        f"<w:tblGrid>{''.join(f'<w:gridCol w:w={chr(34)}{size}{chr(34)}/>' for size in sizes)}</w:tblGrid>"
        f"{''.join(rows)}</w:tbl>"
    )


def _deleted_row(cells: list[Placed], number: int, sizes: list[int], chosen: Habits, rng: Random) -> str:
    """A row that was deleted with its figures; it is in the file and not in the report."""
    author = 'w:id="900" w:author="office" w:date="2024-01-05T09:30:00Z"'
    row = [
        f"{_properties(cell, number, sizes)}<w:p>{run(str(rng.randint(100, 999)), deleted=True)}</w:p></w:tc>"
        for cell in cells
        if cell.row == number
    ]
    return f"<w:tr><w:trPr><w:del {author}/></w:trPr>{''.join(row)}</w:tr>"


def _properties(cell: Placed, row: int, sizes: list[int]) -> str:
    width = sum(sizes[cell.column : cell.right])
    span = f'<w:gridSpan w:val="{cell.colspan}"/>' if cell.colspan > 1 else ""
    merge = '<w:vMerge w:val="restart"/>' if cell.row == row else "<w:vMerge/>"
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{merge if cell.rowspan > 1 else ""}</w:tcPr>'


def _cell(cell: Placed, row: int, sizes: list[int], chosen: Habits, rng: Random, revised: Collection[Key]) -> str:
    begin = _properties(cell, row, sizes)
    if cell.row < row:
        return f"{begin}<w:p/></w:tc>"
    number = _is_number(cell.text)
    if number and cell.key in revised:
        return f"{begin}<w:p>{_changed(cell.text, rng)}</w:p></w:tc>"
    text = cell.text
    if chosen.breaks and 2 <= len(text) <= 6 and cell.colspan == 1 and not number and row < 3:
        text = "\n".join(text[at : at + 2] for at in range(0, len(text), 2))
    # A number typed by hand is one run; labels come in pieces.
    inner = paragraph(text, rng=rng if chosen.split_runs and not number else None)
    if chosen.nested_cells and number and rng.random() < 0.1:
        inner = (
            '<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/></w:tblPr><w:tblGrid><w:gridCol w:w="500"/></w:tblGrid>'
            f'<w:tr><w:tc><w:tcPr><w:tcW w:w="500" w:type="dxa"/></w:tcPr>{inner}</w:tc></w:tr></w:tbl><w:p/>'
        )
    return f"{begin}{_control(inner, chosen, rng, 0.05)}</w:tc>"


def _changed(text: str, rng: Random) -> str:
    """The printed figure as an insertion, beside the deleted one; a figure may also be changed by one digit."""
    author = f'w:id="{rng.randrange(10**6)}" w:author="office" w:date="2024-01-05T09:30:00Z"'
    kept = text[:-1] if len(text) > 1 and rng.random() < 0.5 else ""
    new = text[len(kept) :]
    old = str((int(new) + rng.randint(1, 9)) % 10 if kept else int(new) + rng.randint(1, 40))
    moved = rng.random() < 0.2
    deleted, inserted = ("moveFrom", "moveTo") if moved else ("del", "ins")
    gone = f"<w:{deleted} {author}>{run(old, deleted=not moved)}</w:{deleted}>"
    come = f"<w:{inserted} {author}>{run(escaped(new))}</w:{inserted}>"
    return run(kept) * bool(kept) + (gone + come if rng.random() < 0.5 else come + gone)
