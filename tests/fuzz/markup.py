"""Mutations of HTML. KEEPS and MOVES as in `lines`."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

CELL = re.compile(r"<td([^>]*)>((?:(?!</?td|</tr).)*)</td>", re.DOTALL)
NUMBER = re.compile(r"(?<=>)(\d+)(?=<)")
Edit = Callable[[re.Match[str], Random], str]


def _text(body: bytes) -> tuple[str, str]:
    for encoding in ("utf-8", "gb18030"):
        try:
            return body.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    return body.decode("latin-1"), "latin-1"


def _at_one(body: bytes, rng: Random, pattern: re.Pattern[str], edit: Edit) -> bytes | None:
    text, encoding = _text(body)
    found = list(pattern.finditer(text))
    if not found:
        return None
    match = rng.choice(found)
    return (text[: match.start()] + edit(match, rng) + text[match.end() :]).encode(encoding)


def _figures(body: bytes, rng: Random, edit: Edit) -> bytes | None:
    """An edit of the inside of one cell that is a figure."""
    text, encoding = _text(body)
    found = [m for m in CELL.finditer(text) if re.sub(r"<[^>]*>|\s", "", m[2]).isdecimal() and NUMBER.search(m[0])]
    if not found:
        return None
    cell = rng.choice(found)
    made = NUMBER.sub(lambda m: edit(m, rng), cell[0], count=1)
    return (text[: cell.start()] + made + text[cell.end() :]).encode(encoding)


def inline(body: bytes, rng: Random) -> bytes | None:
    """A figure wrapped and cut by inline markup."""

    def edit(match: re.Match[str], rng: Random) -> str:
        digits, tag = match[0], rng.choice(("span", "b", "font", "u", "strong", "em", "o:p"))
        cut = rng.randrange(len(digits) + 1)
        middle = rng.choice(("", "<!-- -->", f"</{tag}><{tag}>", "<span></span>"))
        return f"<{tag}>{digits[:cut]}{middle}{digits[cut:]}</{tag}>"

    return _figures(body, rng, edit)


def entities(body: bytes, rng: Random) -> bytes | None:
    """A figure by character references."""
    return _figures(body, rng, lambda m, r: "".join(r.choice((f"&#{ord(c)};", f"&#x{ord(c):x};", c)) for c in m[0]))


def spaced(body: bytes, rng: Random) -> bytes | None:
    """White space around a figure."""
    blanks = ("&nbsp;", " ", "\n\t", "&#12288;", "<br>", "&ensp;", "\u200b")
    return _figures(body, rng, lambda m, r: r.choice(blanks) + m[0] + r.choice(blanks))


def footnote(body: bytes, rng: Random) -> bytes | None:
    """A footnote's number, a struck or a hidden figure beside a figure: no eye reads them as one."""
    beside = (
        "<sup>1</sup>",
        "<sub>2</sub>",
        "<s>7</s>",
        "<del>8</del>",
        '<span style="display:none">9</span>',
        '<a href="#n1">[1]</a>',
        "<script>var a=1</script>",
        '<span style="text-decoration:line-through">6</span>',
        '<span style="vertical-align:super">3</span>',
        '<span style="visibility:hidden">4</span>',
    )
    return _figures(body, rng, lambda m, r: m[0] + r.choice(beside) if r.random() < 0.7 else r.choice(beside) + m[0])


def dress(body: bytes, rng: Random) -> bytes | None:
    """A cell under another tag or with more attributes."""

    def edit(match: re.Match[str], rng: Random) -> str:
        tag, style = (
            rng.choice(("td", "th", "TD")),
            rng.choice((' style="width:1pt"', ' class="a" ID=x', " nowrap", "")),
        )
        return f"<{tag}{match[1]}{style}>{match[2]}</{tag}>"

    return _at_one(body, rng, CELL, edit)


def unclosed(body: bytes, rng: Random) -> bytes | None:
    """A closing tag gone that HTML does not need."""
    return _at_one(body, rng, re.compile(r"</(td|tr|p|tbody)>"), lambda m, r: "")


def wrapped(body: bytes, rng: Random) -> bytes | None:
    """Comments, empty elements and blanks between tags."""
    between = ("<!-- 1 -->", "\n\n", "<script>1</script>", "<style>td{}</style>", "")
    return _at_one(body, rng, re.compile(r"(?<=>)(?=<(?:tr|td|p|table))"), lambda m, r: r.choice(between))


def empty_row(body: bytes, rng: Random) -> bytes | None:
    """A row without cells, or of one empty or hidden cell."""
    rows = ("<tr></tr>", '<tr style="display:none"><td>5</td></tr>', '<tr height="0"></tr>')
    return _at_one(body, rng, re.compile(r"</tr>"), lambda m, r: m[0] + r.choice(rows))


def hidden_cell(body: bytes, rng: Random) -> bytes | None:
    """A cell that is not shown."""
    hidden = '<td style="display:none">9</td>'
    return _at_one(body, rng, CELL, lambda m, r: hidden + m[0] if r.random() < 0.5 else m[0] + hidden)


def lose_cell(body: bytes, rng: Random) -> bytes | None:
    """A cell gone: its row is short."""
    return _at_one(body, rng, CELL, lambda m, r: "")


def double_cell(body: bytes, rng: Random) -> bytes | None:
    """A cell twice: its row is long."""
    return _at_one(body, rng, CELL, lambda m, r: m[0] * 2)


def glue_cells(body: bytes, rng: Random) -> bytes | None:
    """The border between two cells gone."""
    return _at_one(body, rng, re.compile(r"</td>\s*<td[^>]*>"), lambda m, r: "")


def spans(body: bytes, rng: Random) -> bytes | None:
    """A span one more, one less, gone, or senseless."""

    def edit(match: re.Match[str], rng: Random) -> str:
        return rng.choice(
            ("", f'{match[1]}="{int(match[2]) + 1}"', f'{match[1]}="{int(match[2]) - 1}"', f'{match[1]}="-1"')
        )

    return _at_one(body, rng, re.compile(r'(rowspan|colspan)="(\d+)"'), edit)


def new_span(body: bytes, rng: Random) -> bytes | None:
    """A span where none was."""
    span = (' colspan="2"', ' rowspan="2"', ' rowspan="0"', ' colspan="1000"', ' rowspan="999999999999"')
    return _at_one(body, rng, re.compile(r"<td(?![^>]*span)([^>]*)>"), lambda m, r: f"<td{m[1]}{r.choice(span)}>")


def lose_tag(body: bytes, rng: Random) -> bytes | None:
    """Any tag gone."""
    return _at_one(body, rng, re.compile(r"<[^>]+>"), lambda m, r: "")


def double_tag(body: bytes, rng: Random) -> bytes | None:
    """Any tag twice."""
    return _at_one(body, rng, re.compile(r"<[^>]+>"), lambda m, r: m[0] * 2)


def cut_table(body: bytes, rng: Random) -> bytes | None:
    """A table ends between two rows and goes on as another."""
    cut = "</tr></tbody></table>\n<p></p><table><tbody><tr>"
    return _at_one(body, rng, re.compile(r"</tr>\s*<tr>"), lambda m, r: cut)


def lose_row(body: bytes, rng: Random) -> bytes | None:
    """A row gone."""
    return _at_one(body, rng, re.compile(r"<tr[^>]*>(?:(?!</?tr).)*</tr>", re.DOTALL), lambda m, r: "")


def double_row(body: bytes, rng: Random) -> bytes | None:
    """A row twice."""
    return _at_one(body, rng, re.compile(r"<tr[^>]*>(?:(?!</?tr).)*</tr>", re.DOTALL), lambda m, r: m[0] * 2)


def deep(body: bytes, rng: Random) -> bytes | None:
    """The page inside very many elements."""
    text, encoding = _text(body)
    tag, times = rng.choice(("div", "span", "b", "table><tr><td")), rng.choice((10, 300, 5000))
    return text.replace("<body>", "<body>" + f"<{tag}>" * times, 1).encode(encoding)


KEEPS = (inline, entities, spaced, footnote, dress, unclosed, wrapped, empty_row, hidden_cell, lose_cell, double_cell)
KEEPS += (glue_cells, spans, new_span, lose_tag, double_tag, cut_table, lose_row, double_row, deep)
MOVES = ()
