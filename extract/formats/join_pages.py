"""Tables that a page break cut become one again, where the geometry of their grids proves that they are one."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from operator import attrgetter

from extract import forms
from extract.content import GridCell, Paragraph, Table
from extract.figures import is_value
from extract.formats.edges import SNAP
from extract.formats.grids import Field, Grid
from extract.formats.layout import Box
from extract.formats.lines import Word
from extract.labels import key

Row = tuple[GridCell, ...]


def continues(above: Grid, below: Grid) -> bool:
    """Whether a grid at a page's top goes on from one at the end of the page before: their outer rules agree.

    The piece above may be a head of which the left field is not ruled: then all its columns are columns below.
    """
    if below.page.number != above.page.number + 1:
        return False
    wider = (below.box[2] - below.box[0]) - (above.box[2] - above.box[0])
    if wider <= SNAP:
        return wider >= -SNAP
    xs = [x for field in below.fields for x in (field.box[0], field.box[2])]
    own = {x for field in above.fields for x in (field.box[0], field.box[2])}
    return len(own) > 2 and all(any(abs(x - other) <= SNAP for other in xs) for x in own)


def completed(grid: Grid, found: Sequence[Word]) -> tuple[Grid, list[Word]]:
    """A grid with the ends of labels that a browser printed below it for want of room on the page; the other words.

    Proof: the words stand right below a field of the last row, and with its text they make one of the forms' labels.
    """
    fields = list(grid.fields)
    rest = list(found)
    for i, field in enumerate(fields):
        if field.box[3] < grid.box[3] - SNAP or not field.text.strip() or _known(field.text):
            continue
        text, end = field.text, field.box[3]
        taken: list[Word] = []
        for word in _below(field.box, rest):
            if word.top - end > word.height or _known(text):
                break
            text, end, taken = text + word.text, word.bottom, [*taken, word]
        if taken and _known(text):
            fields[i] = replace(field, text=text, confidence=_least(field.confidence, *(w.confidence for w in taken)))
            rest = [w for w in rest if w not in taken]
    return replace(grid, fields=tuple(fields)), rest


def _below(box: Box, found: Sequence[Word]) -> list[Word]:
    """Words within a field's sides below it, from the top."""
    below = (w for w in found if w.middle[1] > box[3] and box[0] - SNAP < w.x0 and w.x1 < box[2] + SNAP)
    return sorted(below, key=attrgetter("top"))


def table(parts: Sequence[Grid]) -> Table:
    """One table of grids that continue one another, on common columns; heads printed again are left out."""
    first = parts[0]
    shifted = [[_moved(field, -_offset(first, part)) for field in part.fields] for part in parts]
    xs = _stops(x for fields in shifted for f in fields for x in (f.box[0], f.box[2]))
    rows: list[Row] = []
    strays: list[tuple[int, Paragraph]] = []
    for part, fields in zip(parts, shifted, strict=True):
        dx = _offset(first, part)
        ys = _stops(y for f in fields for y in (f.box[1], f.box[3]))
        own = list(_rows(part, fields, xs, ys, dx))
        again = _repeated(rows, own)
        for box, stray in part.strays:
            if is_value(stray):
                after = len(rows) - again + _at(ys, box[1])
                strays.append((after, Paragraph(stray, part.page.place(*box))))
            else:  # words where rules are missing, a group's label: in the field where they stand
                _write(own, _at(ys, (box[1] + box[3]) / 2 - SNAP), _at(xs, (box[0] + box[2]) / 2 - dx - SNAP), stray)
        own = own[again:]
        if rows and own and (one := _one_row(rows[-1], own[0])):
            rows[-1], own = one, own[1:]
        elif rows and own and _is_rest(rows[-1], own[0]):
            for column, rest in enumerate(own.pop(0)):
                at = next(r for r in range(len(rows) - 1, -1, -1) if rows[r][column].origin or not r)
                rows[at] = (*rows[at][:column], _one_cell(rows[at][column], rest), *rows[at][column + 1 :])
        elif rows and own and (rest := _one_head(rows, own[0])) is not own[0]:
            own[:1] = [rest] if any(cell.text.strip() for cell in rest) else []
        rows.extend(own)
    return Table(tuple(rows), "grid", first.page.place(*first.box), tuple(strays))


def _write(own: list[Row], row: int, column: int, text: str) -> None:
    """Words of no cell into the empty field where they stand; below others of theirs."""
    row, column = min(row, len(own) - 1), min(column, len(own[row]) - 1)
    field = own[row][column]
    if not field.origin or not is_value(field.text):
        words = replace(field, text="\n".join(filter(None, (field.text, text))), origin=True)
        own[row] = (*own[row][:column], words, *own[row][column + 1 :])


def _offset(first: Grid, part: Grid) -> float:
    """How far right of the first part one of the same width stands; one of another width stands as it does."""
    left, right = part.box[0] - first.box[0], part.box[2] - first.box[2]
    return left if abs(left - right) <= SNAP else 0.0


def _moved(field: Field, dx: float) -> Field:
    x0, top, x1, bottom = field.box
    return Field((x0 + dx, top, x1 + dx, bottom), field.text, field.confidence) if dx else field


def _stops(values: Iterator[float]) -> list[float]:
    """Sorted positions, those within `SNAP` as one."""
    result: list[float] = []
    for value in sorted(values):
        if not result or value - result[-1] > SNAP:
            result.append(value)
    return result


def _at(stops: Sequence[float], value: float) -> int:
    """The index of the stop nearest to a value, from below or within `SNAP`."""
    return max(0, bisect_left(stops, value + SNAP) - 1)


def _rows(part: Grid, fields: Sequence[Field], xs: Sequence[float], ys: Sequence[float], dx: float) -> Iterator[Row]:
    """Fields by row and column; where a merged cell continues, and where no cell is, an empty one not its own."""
    width, height = len(xs) - 1, len(ys) - 1
    table: list[list[GridCell | None]] = [[None] * width for _ in range(height)]
    for field in fields:
        left, top, right, bottom = (
            _at(xs, field.box[0]),
            _at(ys, field.box[1]),
            _at(xs, field.box[2]),
            _at(ys, field.box[3]),
        )
        place = part.page.place(field.box[0] + dx, field.box[1], field.box[2] + dx, field.box[3])
        for r in range(top, bottom):
            for c in range(left, right):
                origin = (r, c) == (top, left)
                table[r][c] = GridCell(
                    field.text if origin else "", place, origin, field.confidence if origin else None
                )
    for r, row in enumerate(table):
        at = (part.box[0], ys[r], part.box[2], ys[r + 1])
        yield tuple(cell or GridCell("", part.page.place(*at), origin=False) for cell in row)


def _repeated(rows: Sequence[Row], own: Sequence[Row]) -> int:
    """How many rows at the top of a part print the table's head again."""
    count = 0
    for old, new in zip(rows, own, strict=False):
        texts = [key(cell.text) for cell in new]
        if not any(texts) or any(is_value(cell.text) for cell in new) or texts != [key(cell.text) for cell in old]:
            break
        count += 1
    return count


def _one_row(above: Row, below: Row) -> Row | None:
    """The row of which the break left the label on one page and the figures on the next.

    Proof: the piece above has labels and no figure, the piece below figures and no label of its own but perhaps the
    rest of the label above, which together with it is one of the forms'; each field of the one is empty in the other.
    """
    up = [i for i, c in enumerate(above) if c.text.strip()]
    down = [i for i, c in enumerate(below) if c.text.strip()]
    figures = [i for i in down if is_value(below[i].text)]
    if not up or not figures or any(is_value(above[i].text) for i in up) or max(up) >= min(figures):
        return None
    rest = [i for i in down if i not in figures]
    if rest and (len(rest) > 1 or rest[0] not in up or not _known(above[rest[0]].text + below[rest[0]].text)):
        return None
    return tuple(_one_cell(a, b) for a, b in zip(above, below, strict=True))


def _is_rest(above: Row, below: Row) -> bool:
    """Whether a row holds the ends of labels only, and that of the row above becomes one of the forms' with it."""
    down = [i for i, c in enumerate(below) if c.text.strip()]
    figures = [i for i, c in enumerate(above) if is_value(c.text)]
    if not down or not figures or max(down) >= min(figures) or any(is_value(below[i].text) for i in down):
        return False
    label = max(i for i in range(min(figures)) if above[i].origin or not i)
    return label in down and not _known(above[label].text) and _known(above[label].text + below[label].text)


def _one_cell(above: GridCell, below: GridCell) -> GridCell:
    if not below.text.strip():
        return above
    if not above.text.strip():
        return below
    return replace(above, text=f"{above.text}\n{below.text}", confidence=_least(above.confidence, below.confidence))


def _least(*sure: float | None) -> float | None:
    return min((s for s in sure if s is not None), default=None)


def _known(text: str) -> bool:
    return key(text) in wordings()


def _parts(table: forms.FormTable) -> Iterator[forms.Row | forms.Column]:
    yield from table.rows
    yield from table.columns


@cache
def wordings() -> frozenset[str]:
    """Every label that one of the forms prints."""
    parts = [p for form in forms.load().values() for t in form.tables.values() for p in _parts(t)]
    texts = (text for part in parts for text in (part.label, *part.aliases, *part.groups))
    return frozenset(map(key, texts))


def _one_head(rows: list[Row], below: Row) -> Row:
    """Two rows of a head, the break between them: a cell of both, or one that began further up, gets its text above.

    Changes `rows`; returns what is left of the row below."""
    pair = [*rows[-1], *below]
    if any(is_value(c.text) for c in pair) or not all(any(c.text.strip() for c in row) for row in (rows[-1], below)):
        return below
    lower = list(below)
    for i, b in enumerate(below):
        at = next(r for r in range(len(rows) - 1, -1, -1) if rows[r][i].origin or not r)
        a, last = rows[at][i], at == len(rows) - 1
        if not (a.origin and b.origin and b.text.strip()) or _span(rows[at], i) != _span(below, i):
            continue
        whole = _known(a.text + b.text) and not (_known(a.text) and _known(b.text))
        if whole or last and not a.text.strip():
            rows[at] = (*rows[at][:i], _one_cell(a, b), *rows[at][i + 1 :])
            lower[i] = replace(b, text="", origin=False)
    return tuple(lower) if lower != list(below) else below


def _span(row: Row, at: int) -> int:
    """How many fields a cell covers in its row."""
    end = at + 1
    while end < len(row) and not row[end].origin and row[end].place == row[at].place:
        end += 1
    return end - at
