"""Content → the figures of the statistics table of 2014 (国办发〔2014〕32号), one an indicator, with what is open."""

from __future__ import annotations

from collections.abc import Sequence

from extract.content import GridCell, Table
from extract.figures import is_value
from extract.forms import Form
from extract.forms.statistics import TABLE, VALUE, Indicator, load
from extract.labels import fold, key
from extract.match import Match
from extract.place import Placed
from extract.records import Cell, Finding
from extract.rules import finding
from extract.statistics_match import Aligned, align, rivals
from extract.statistics_rows import Segment, bare, known, segments
from extract.trust import settle

FEWEST = 6  # indicators with a label of their own that make a table the official one


def read(tables: Sequence[Table]) -> Placed | None:
    """The cells of the statistics table, and what there is to say about them; None where the document has none."""
    if sum(known(cell.text) for table in tables for row in table.rows for cell in row if cell.origin) < FEWEST:
        return None
    found = segments(tables)
    aligned = align(found)
    own = {i.name for i, segment in aligned.matches if not i.heading and len(segment.scores) == 1}
    if len(own) < FEWEST:
        return None
    placed = Placed(converted=any(segment.found.shape == "tabs" for segment in found))
    doubled = rivals(aligned)
    for indicator, segment in aligned.matches:
        if not indicator.heading:
            _place(placed, indicator, segment, doubled.get(indicator.name))
        _wording(placed, indicator, segment)
    for indicator, segment in aligned.open:
        _open(placed, indicator, segment)
    _missing(placed, aligned)
    _extra(placed, aligned, found)
    placed.cells, placed.findings = settle(placed.cells, placed.findings, load().form)
    return placed


def mixed(form: Form) -> Finding:
    """T02: a report that prints the statistics table beside the tables of a later form."""
    return finding("T02", f"tables of the forms {form.edition} and 2014", variant="statistics", table=TABLE)


def _match(indicator: Indicator, segment: Segment) -> Match:
    return Match(TABLE, load().form.tables[TABLE].row(indicator.name), segment.found, 0)


def _place(placed: Placed, indicator: Indicator, segment: Segment, rival: Segment | None) -> None:
    match, figures = _match(indicator, segment), segment.figures()
    if rival is not None:  # a second copy: last year's, or another unit's
        placed.leave(match, "S09", [*figures, *rival.figures()], 1)
        return
    if segment.askew:  # a row's label does not say which of several figures is the year's: its head does
        placed.leave(match, "S10", figures, 1, variant="order")
        return
    cell = _field(segment)
    if cell is not None:
        placed.put(TABLE, indicator.name, indicator.column, cell, unit=segment.unit)
    elif len(figures) > 1:
        placed.leave(match, "S09", figures, 1)
    else:
        blank = GridCell("", segment.found.place)
        placed.put(TABLE, indicator.name, indicator.column, blank, unit=segment.unit, short=True)
        placed.say(match, "S08", "the row prints no figure", column=VALUE, left=0, right=1)


def _field(segment: Segment) -> GridCell | None:
    """The cell of the row's figure: under the head's one column of figures, else the one figure that the row has."""
    fields, figures = list(segment.fields()), segment.figures()
    headed = [cell for role, cell in fields if role == "value"]
    if segment.found.shape == "grid" and segment.roles.count("value") == 1:
        beside = [cell for cell in figures if cell not in headed and cell.text.strip() not in ("—", "——", "-", "/")]
        return headed[0] if headed and not beside else None
    if len(figures) == 1:
        return figures[0]
    if figures:
        return None
    units = load().words["units"]
    rest = [c for role, c in fields if role not in ("aside", "other", "unit") and fold(c.text) not in units]
    words = [cell for cell in rest if cell.text.strip()]
    if len(words) == 1:
        return words[0]
    return rest[-1] if rest and not words and segment.found.shape == "grid" else None


def _wording(placed: Placed, indicator: Indicator, segment: Segment) -> None:
    """S07, S17: another wording than the form's; a label broken over lines."""
    at = {"table": TABLE, "row": indicator.name, "place": segment.found.place, "quote": segment.printed.strip()}
    if segment.label != bare(indicator.label):
        placed.findings.append(finding("S07", f"“{segment.printed.strip()}” for “{indicator.label}”", **at))


def _open(placed: Placed, indicator: Indicator, segment: Segment) -> None:
    """S06: a label that stands under several parents, and nothing shows which one it is."""
    raw = [cell.text.strip() for cell in segment.figures()]
    placed.unassigned.append(Cell(TABLE, indicator.name, None, "unassigned", raw, place=segment.found.place))
    message = f"“{segment.printed.strip()}” stands under several parents of the form; none of them is near"
    at = {"table": TABLE, "row": indicator.name, "quote": segment.printed.strip(), "place": segment.found.place}
    placed.findings.append(finding("S06", message, **at))


def _missing(placed: Placed, aligned: Aligned) -> None:
    """S05: rows of the form that are not found, or stand out of the form's order, which then hold no value."""
    known = {i.name for i, _ in (*aligned.matches, *aligned.open)}
    stray = {segment.label: segment for segment in aligned.left}
    for row in load().rows:
        if row.name in known:
            continue
        other = stray.get(bare(row.label))
        message = f"row “{row.label}” is not found"
        if other is not None:
            raw = [cell.text.strip() for cell in other.figures()]
            placed.unassigned.append(Cell(TABLE, row.name, None, "unassigned", raw, place=other.found.place))
            message = f"row “{row.label}” stands out of the form’s order; its figure is not placed"
        placed.findings.append(finding("S05", message, table=TABLE, row=row.name, quote=row.label))


def _extra(placed: Placed, aligned: Aligned, found: Sequence[Segment]) -> None:
    """S36: words with figures beside the form's rows, of which the form knows nothing."""
    foot = load().words["foot"]
    for segment in found:
        label = key(segment.printed)
        figures = [cell for cell in segment.figures() if is_value(cell.text) and any(c.isdigit() for c in cell.text)]
        if segment.scores or not figures or any(label.startswith(word) for word in foot):
            continue
        quote = segment.printed.strip()
        placed.findings.append(
            finding("S36", f"“{quote}” is no row of the form", table=TABLE, quote=quote, place=segment.found.place)
        )
