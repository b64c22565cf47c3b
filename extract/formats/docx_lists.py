"""What a DOCX prints without holding it as text: the numbers of its automatic lists, and styles that hide or raise."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from lxml import etree

from extract.formats.docx_markup import VAL, W

OFF = frozenset(("0", "false", "off", "none"))
DIGITS = "〇一二三四五六七八九"
STEMS, BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
FORMAL = str.maketrans("〇一二三四五六七八九十百千", "零壹贰叁肆伍陆柒捌玖拾佰仟")
CIRCLED = {
    "decimalEnclosedCircle": "①",
    "decimalEnclosedCircleChinese": "①",
    "decimalEnclosedParen": "⑴",
    "decimalEnclosedFullstop": "⒈",
    "ideographEnclosedCircle": "㊀",
}
MAX_CHAIN = 20  # styles based on styles


def is_on(element: etree._Element | None) -> bool:
    """A toggle property: on where it stands, unless its value says off."""
    return element is not None and element.get(VAL) not in OFF


def number_of(element: etree._Element | None, otherwise: int = 0) -> int:
    """The whole number in `w:val`, `otherwise` where there is none."""
    printed = element.get(VAL) if element is not None else None
    return int(printed) if printed and re.fullmatch(r"-?\d{1,9}", printed) else otherwise


def counting(number: int) -> str:
    """一, 一十, 二十一, 一百零五: a number below 10 000 in Chinese."""
    if not 0 < number < 10_000:
        return str(number)
    text, gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            text += ("零" if gap and text else "") + DIGITS[digit] + name
        gap = not digit
    return text


def _short(number: int) -> str:
    return counting(number).removeprefix("一") if 10 <= number < 20 else counting(number)


def _roman(number: int) -> str:
    signs = (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl")
    text = ""
    for value, sign in (*signs, (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")):
        text += sign * (number // value)
        number %= value
    return text


def _letter(number: int) -> str:
    return chr(97 + (number - 1) % 26) * ((number - 1) // 26 + 1)


FORMATS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": lambda n: f"{n:02}",
    "decimalFullWidth": lambda n: "".join(chr(ord(c) + 0xFEE0) for c in str(n)),
    "chineseCounting": _short,
    "chineseCountingThousand": _short,
    "taiwaneseCounting": _short,
    "taiwaneseCountingThousand": _short,
    "japaneseCounting": _short,
    "chineseLegalSimplified": lambda n: counting(n).translate(FORMAL),
    "ideographDigital": lambda n: "".join(DIGITS[int(c)] for c in str(n)),
    "ideographTraditional": lambda n: STEMS[n - 1] if n <= 10 else str(n),
    "ideographZodiac": lambda n: BRANCHES[n - 1] if n <= 12 else str(n),
    "upperRoman": lambda n: _roman(n).upper(),
    "lowerRoman": _roman,
    "upperLetter": lambda n: _letter(n).upper(),
    "lowerLetter": _letter,
    "none": lambda n: "",
    "bullet": lambda n: "",
}


def formatted(number: int, form: str) -> str:
    """A list's number in one of Word's formats (ECMA-376 part 1, 17.18.59); an unknown format prints digits."""
    if form in CIRCLED:
        return chr(ord(CIRCLED[form]) + number - 1) if 0 < number <= 10 else str(number)
    return FORMATS.get(form, str)(number) if 0 < number < 10_000 else str(number)


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: `text` is its pattern, `%1、`; `gap` stands between number and text."""

    form: str
    text: str
    start: int
    gap: str
    legal: bool
    restart: int | None
    style: str | None


@dataclass(slots=True)
class Lists:
    """The numbering of a document: asked paragraph by paragraph, in order."""

    numbers: dict[str, tuple[str, dict[int, int], dict[int, Level]]] = field(default_factory=dict)
    levels: dict[str, dict[int, Level]] = field(default_factory=dict)
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)
    _begun: set[tuple[str, int]] = field(default_factory=set)

    def next(self, number: str, depth: int) -> tuple[str, str]:
        """(what is printed before the paragraph, the gap after it); two empty strings where nothing is."""
        if number not in self.numbers:
            return "", ""
        abstract, starts, own = self.numbers[number]
        levels = self.levels.get(abstract, {}) | own
        level = levels.get(depth)
        if level is None:
            return "", ""
        counts = self._counts.setdefault(abstract, {})
        if depth in starts and (number, depth) not in self._begun:
            self._begun.add((number, depth))
            counts[depth] = starts[depth]
        else:
            counts[depth] = counts[depth] + 1 if depth in counts else level.start
        for deeper in [d for d in counts if d > depth]:
            limit = levels[deeper].restart if deeper in levels else None
            if limit is None or depth < limit:  # restart 0: the level never begins anew
                del counts[deeper]
        if level.form == "bullet":
            return "", ""

        def shown(found: re.Match[str]) -> str:
            at = int(found[1]) - 1
            wanted = levels.get(at, level)
            form = "decimal" if level.legal else wanted.form
            return formatted(counts.get(at, wanted.start), form)

        return re.sub(r"%([1-9])", shown, level.text), level.gap

    def depth_of(self, number: str, style: str) -> int:
        """The level that a list ties to a paragraph style; the first where it ties none."""
        abstract = self.numbers.get(number, ("", {}, {}))[0]
        return next((d for d, level in self.levels.get(abstract, {}).items() if level.style == style), 0)


def read_lists(root: etree._Element) -> Lists:
    """`numbering.xml` as lists; what it says of fonts and indents is left out."""
    found = Lists()
    linked: dict[str, str] = {}  # abstract list → the style that defines it
    defining: dict[str, str] = {}
    for abstract in root.iterchildren(W + "abstractNum"):
        name = abstract.get(W + "abstractNumId", "")
        found.levels[name] = dict(_levels(abstract))
        for tag, kept in (("numStyleLink", linked), ("styleLink", defining)):
            if (link := abstract.find(W + tag)) is not None:
                kept[name] = link.get(VAL, "")
    for name, style in linked.items():
        source = next((a for a, s in defining.items() if s == style), None)
        if source and not found.levels[name]:
            found.levels[name] = found.levels[source]
    for number in root.iterchildren(W + "num"):
        abstract = number.find(W + "abstractNumId")
        starts: dict[int, int] = {}
        own: dict[int, Level] = {}
        for override in number.iterchildren(W + "lvlOverride"):
            depth = _whole(override.get(W + "ilvl"))
            own |= dict(_levels(override))
            if (start := override.find(W + "startOverride")) is not None:
                starts[depth] = number_of(start, 1)
        name = abstract.get(VAL, "") if abstract is not None else ""
        found.numbers[number.get(W + "numId", "")] = (name, starts, own)
    return found


def _levels(parent: etree._Element) -> Iterator[tuple[int, Level]]:
    for level in parent.iterchildren(W + "lvl"):
        part = {child.tag[len(W) :]: child for child in level}
        form = part["numFmt"].get(VAL, "decimal") if "numFmt" in part else "decimal"
        after = part["suff"].get(VAL, "tab") if "suff" in part else "tab"
        yield (
            _whole(level.get(W + "ilvl")),
            Level(
                form,
                _pattern(part["lvlText"].get(VAL, "") if "lvlText" in part else "", form),
                number_of(part.get("start"), 0),
                "" if after == "nothing" else " ",
                is_on(part.get("isLgl")),
                number_of(part["lvlRestart"]) if "lvlRestart" in part else None,
                part["pStyle"].get(VAL) if "pStyle" in part else None,
            ),
        )


def _pattern(printed: str, form: str) -> str:
    """The pattern of a level. LibreOffice writes `?` into RTF where the mark beside a Chinese number is Chinese too."""
    if FORMATS.get(form) is _short:
        printed = re.sub(r"^\?(%\d)\?$", r"（\1）", printed)
        return re.sub(r"^(%\d)\?$", r"\1、", printed)
    return printed


def _whole(printed: str | None) -> int:
    return int(printed) if printed and re.fullmatch(r"\d{1,3}", printed) else 0


@dataclass(frozen=True, slots=True)
class Style:
    """What matters of a style: None where it says nothing, so that the style below it decides."""

    hidden: bool | None = None
    struck: bool | None = None
    raised: bool | None = None
    number: str | None = None
    depth: int | None = None


def run_style(properties: etree._Element | None) -> Style:
    """Hidden, struck out, raised or lowered, as a `w:rPr` says."""
    if properties is None:
        return Style()
    part = {child.tag[len(W) :]: child for child in properties}
    struck = [is_on(part[name]) for name in ("strike", "dstrike") if name in part]
    raised = [part["vertAlign"].get(VAL) in ("superscript", "subscript")] if "vertAlign" in part else []
    if "position" in part:
        raised.append(abs(number_of(part["position"])) >= 4)  # half points; less is a typist's alignment
    return Style(
        is_on(part["vanish"]) if "vanish" in part else None,
        any(struck) if struck else None,
        any(raised) if raised else None,
    )


def read_styles(root: etree._Element) -> dict[str, Style]:
    """`styles.xml` by style id, each with what the styles that it is based on say."""
    own: dict[str, tuple[str | None, Style]] = {}
    for style in root.iterchildren(W + "style"):
        below, paragraph = style.find(W + "basedOn"), style.find(W + "pPr/" + W + "numPr")
        run = run_style(style.find(W + "rPr"))
        number = paragraph.find(W + "numId") if paragraph is not None else None
        depth = paragraph.find(W + "ilvl") if paragraph is not None else None
        own[style.get(W + "styleId", "")] = (
            below.get(VAL) if below is not None else None,
            Style(
                run.hidden,
                run.struck,
                run.raised,
                number.get(VAL) if number is not None else None,
                number_of(depth) if depth is not None else None,
            ),
        )
    return {name: merged(*_chain(own, name)) for name in own}


def _chain(own: dict[str, tuple[str | None, Style]], name: str | None) -> Iterator[Style]:
    for _ in range(MAX_CHAIN):
        if name not in own:
            return
        name, style = own[name]
        yield style


def merged(*styles: Style) -> Style:
    """The first style that says something decides, each property for itself."""
    if len(styles) == 1:
        return styles[0]

    def first(name: str) -> object:
        return next((value for style in styles if (value := getattr(style, name)) is not None), None)

    return Style(*(first(name) for name in Style.__slots__))  # type: ignore[arg-type]
