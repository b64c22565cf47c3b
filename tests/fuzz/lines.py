"""Mutations of texts: a cell a line, a row a line (tabs or pipes).

KEEPS leave every printed figure in its row or lose it for all to see: a reading is right there, or says that it is
not. What MOVES do may print another report.
"""

from __future__ import annotations

import re
from random import Random

VALUE = re.compile(r"^[ \t]*\d+[ \t]*$")


def _lines(body: bytes) -> list[str]:
    return body.decode().split("\n")


def _body(lines: list[str]) -> bytes:
    return "\n".join(lines).encode()


def _value_lines(lines: list[str]) -> list[int]:
    return [n for n, line in enumerate(lines) if VALUE.match(line)]


def _rows(lines: list[str]) -> list[int]:
    """Lines of three tabbed or piped fields and more, a figure among them."""
    return [n for n, line in enumerate(lines) if len(re.split(r"[\t|]", line)) > 3 and re.search(r"[\t|]\s*\d", line)]


def endings(body: bytes, rng: Random) -> bytes:
    """Other line ends, a byte order mark, another encoding."""
    text = body.decode()
    text = text.replace("\n", rng.choice(("\r\n", "\r", "\n")))
    return rng.choice(
        (text.encode("utf-8-sig"), text.encode("gb18030"), (text + "\n\n").encode(), text.encode("utf-16"))
    )


def pad(body: bytes, rng: Random) -> bytes:
    """Blanks of all kinds behind lines."""
    return _body([line + rng.choice(("", " ", "\u3000", "\u00a0 ")) if line else line for line in _lines(body)])


def page_number(body: bytes, rng: Random) -> bytes:
    """A running page number between two lines, as prints leave them."""
    lines = _lines(body)
    lines.insert(rng.randrange(len(lines)), rng.choice(("- 3 -", "— 4 —", "第 5 页", "－6－")))
    return _body(lines)


def lose_value(body: bytes, rng: Random) -> bytes | None:
    """A line that is one figure gone."""
    lines = _lines(body)
    if not (at := _value_lines(lines)):
        return None
    del lines[rng.choice(at)]
    return _body(lines)


def double_value(body: bytes, rng: Random) -> bytes | None:
    """A line that is one figure twice."""
    lines = _lines(body)
    if not (at := _value_lines(lines)):
        return None
    lines.insert(n := rng.choice(at), lines[n])
    return _body(lines)


def glue_values(body: bytes, rng: Random) -> bytes | None:
    """Two neighbouring figures run together: `1` and `2` become `12`."""
    lines = _lines(body)
    at = [n for n in _value_lines(lines) if n + 1 < len(lines) and VALUE.match(lines[n + 1])]
    if not at:
        return None
    n = rng.choice(at)
    lines[n : n + 2] = [lines[n].rstrip() + lines[n + 1].strip()]
    return _body(lines)


def lose_label(body: bytes, rng: Random) -> bytes | None:
    """A label in front of figures gone."""
    lines = _lines(body)
    values = set(_value_lines(lines))
    at = [n - 1 for n in sorted(values) if n and n - 1 not in values and lines[n - 1].strip()]
    if not at:
        return None
    del lines[rng.choice(at)]
    return _body(lines)


def lose_break(body: bytes, rng: Random) -> bytes | None:
    """An empty line between rows gone."""
    lines = _lines(body)
    at = [n for n, line in enumerate(lines[1:-1], 1) if not line and VALUE.match(lines[n - 1])]
    if not at:
        return None
    del lines[rng.choice(at)]
    return _body(lines)


def lose_field(body: bytes, rng: Random) -> bytes | None:
    """A field of a row gone, its separator with it."""
    lines = _lines(body)
    if not (at := _rows(lines)):
        return None
    n = rng.choice(at)
    mark = "\t" if "\t" in lines[n] else "|"
    fields = lines[n].split(mark)
    del fields[rng.choice([i for i, field in enumerate(fields) if field.strip().isdecimal()] or [0])]
    lines[n] = mark.join(fields)
    return _body(lines)


def lose_separator(body: bytes, rng: Random) -> bytes | None:
    """Two fields run together."""
    lines = _lines(body)
    if not (at := _rows(lines)):
        return None
    n = rng.choice(at)
    marks = [m.start() for m in re.finditer(r"(?<=\d)[ ]*[\t|](?=[ ]*\d)", lines[n])]
    if not marks:
        return None
    cut = rng.choice(marks)
    lines[n] = lines[n][:cut].rstrip() + re.sub(r"^[\s|]+", "", lines[n][cut:])
    return _body(lines)


def swap_rows(body: bytes, rng: Random) -> bytes | None:
    """Two rows under one another in the other order, each with its label."""
    lines = _lines(body)
    at = [n for n in _rows(lines) if n + 1 in set(_rows(lines))]
    at = [n for n in at if all(re.match(r"^\t\t\d\.", lines[i]) for i in (n, n + 1))]  # details carry their numbers
    if not at:
        return None
    n = rng.choice(at)
    lines[n], lines[n + 1] = lines[n + 1], lines[n]
    return _body(lines)


def swap_lines(body: bytes, rng: Random) -> bytes:
    """Any two neighbouring lines in the other order."""
    lines = _lines(body)
    n = rng.randrange(len(lines) - 1)
    lines[n], lines[n + 1] = lines[n + 1], lines[n]
    return _body(lines)


def lose_line(body: bytes, rng: Random) -> bytes:
    """Any line gone."""
    lines = _lines(body)
    del lines[rng.randrange(len(lines))]
    return _body(lines)


def double_line(body: bytes, rng: Random) -> bytes:
    """Any line twice."""
    lines = _lines(body)
    lines.insert(n := rng.randrange(len(lines)), lines[n])
    return _body(lines)


KEEPS = (endings, pad, page_number, lose_value, double_value, glue_values, lose_label, lose_break, lose_field)
KEEPS += (lose_separator, swap_rows)
MOVES = (swap_lines, lose_line, double_line)
