"""Which division became which: the list of stated changes first, then what codes and names leave no doubt about."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import ClassVar

SUFFIX = re.compile(
    r"(?:[\u4e00-\u9fff]{1,3}族)*(?:自治[州县旗]|民族乡|族乡|街道|地区|办事处|[省市县区旗盟州镇乡]|苏木)$"
)
RANK = {"乡": 1, "镇": 2, "街道": 3, "县": 4, "旗": 4, "市": 5, "区": 6, "地区": 5, "州": 6, "盟": 5}


@dataclass(frozen=True, slots=True)
class Former:
    """A code and name that no longer stands in the register: when first and last seen, and the first list without."""

    code: str
    name: str
    first: str
    last: str
    gone: str


@dataclass(frozen=True, slots=True)
class Change:
    """One division turned into another."""

    predecessor: str
    predecessor_name: str
    successor: str
    successor_name: str
    kind: str
    date: str
    source: str
    DATED: ClassVar[tuple[str, ...]] = ("jionlp", "compiled, date of jionlp")
    COLUMNS: ClassVar[tuple[str, ...]] = (
        "predecessor",
        "predecessor_name",
        "successor",
        "successor_name",
        "kind",
        "date",
        "source",
    )

    @property
    def exact(self) -> bool:
        """Whether the date is that of the approval, not of a list."""
        return self.source in self.DATED

    @property
    def row(self) -> tuple[str, ...]:
        """The line of relations.csv."""
        return astuple(self)


def stem(name: str) -> str:
    """A name without its rank: 孙各庄满族乡 → 孙各庄; one-character names keep it (沙县 is not 沙)."""
    bare = SUFFIX.sub("", name)
    return bare if len(bare) > 1 else name


def kind(before: str, after: str) -> str:
    """upgrade where only the rank changed, transfer where only the code did, else rename."""
    if before == after:
        return "transfer"
    return "upgrade" if stem(before) == stem(after) or stem(after) == before else "rename"


def links(
    former: Sequence[Former],
    current: Mapping[str, str],
    since: Mapping[str, str],
    stated: Sequence[tuple[str, tuple[str, ...], tuple[str, ...]]],
    compiled: Sequence[tuple[str, str, str, str]] = (),
) -> tuple[list[Change], list[Change]]:
    """(all changes, those with an exact date). Where nothing makes a successor certain there is none."""
    dates = {before[-1]: date for date, before, _ in stated if len(before) > 2}
    known = _compiled(former, current, since, compiled, dates)
    # What was split off leaves its predecessor to go on, or to end another way.
    sure = {(c.predecessor, c.predecessor_name) for c in known if c.kind != "split"}
    stated_ones = [
        c for c in _stated(former, current, since, stated) if (c.predecessor, c.predecessor_name) not in sure
    ]
    found = [*stated_ones, *known]
    exact = [c for c in found if c.exact]
    done = {(c.predecessor, c.predecessor_name) for c in found if c.kind != "split"}
    moved = {c.predecessor: c for c in (*known, *stated_ones) if c.predecessor != c.successor and c.kind != "split"}
    index = _arrivals(former, current, since)
    for old in sorted((f for f in former if (f.code, f.name) not in done), key=lambda f: (len(f.code), f.code)):
        change = _same_code(old, index) or _same_stem(old, index, moved)
        if change is not None:
            found.append(change)
            if change.predecessor != change.successor:
                moved.setdefault(change.predecessor, change)
            county = moved.get(old.code[:6])
            if len(old.code) == 9 and county in exact and change.date == county.date:
                exact.append(change)
    return found, exact


def _stated(
    former: Sequence[Former], current: Mapping[str, str], since: Mapping[str, str], stated: Sequence[tuple]
) -> list[Change]:
    """The list of changes with codes; a path that names no known division is left out."""
    gone = {(f.code, f.name): f for f in former if len(f.code) < 9}
    names: dict[str, list[str]] = defaultdict(list)
    for code, name in [*((c, n) for c, n in current.items() if len(c) < 9), *gone]:
        names[name].append(code)
    found: dict[tuple[str, str], tuple[str, str, str]] = {}
    for date, before, after in stated:
        old = [c for c in names[before[-1]] if (c, before[-1]) in gone and _lies(c, before, names)]
        new = [c for c in dict.fromkeys(names[after[-1]]) if _lies(c, after, names)]
        new = [c for c in new if current.get(c) == after[-1]] or new
        if len(old) == len(new) == 1 and (old[0], before[-1]) != (new[0], after[-1]):
            found.setdefault((old[0], before[-1]), (new[0], after[-1], date))
    into = Counter((successor, name) for successor, name, _ in found.values())
    return [
        Change(code, name, *after[:2], _stated_kind(name, after, into, since, gone), after[2], "jionlp")
        for (code, name), after in found.items()
    ]


def _stated_kind(
    name: str,
    after: tuple[str, str, str],
    into: Mapping[tuple[str, str], int],
    since: Mapping[str, str],
    gone: Mapping[tuple[str, str], Former],
) -> str:
    """merge where several turned into one, or one into a division whose name was there before."""
    code, new, date = after
    there = since.get(code, "") < date or any(c[:4] == code[:4] and n == new and c != code for c, n in gone)
    return "merge" if into[code, new] > 1 or (there and stem(new) != stem(name)) else kind(name, new)


def _compiled(
    former: Sequence[Former],
    current: Mapping[str, str],
    since: Mapping[str, str],
    compiled: Sequence[tuple[str, str, str, str]],
    dates: Mapping[str, str],
) -> list[Change]:
    """Changes that mergers.csv names: at its date, else the stated one, else that of the list that shows them first."""
    last = {f.code: f for f in sorted(former, key=lambda f: f.gone)}
    found = []
    for code, successor, kind, date in compiled:
        going_on = kind == "split" and code in current
        name = current[code] if going_on else last[code].name if code in last else ""
        if name and successor in current and (code, name) != (successor, current[successor]):
            shown = since[successor] if going_on else dates.get(name, last[code].gone)
            source = Change.DATED[1] if date else "compiled"
            found.append(Change(code, name, successor, current[successor], kind, date or shown, source))
    return found


def _lies(code: str, path: tuple[str, ...], names: Mapping[str, list[str]]) -> bool:
    """Whether a code stands below all divisions of a path."""
    return all(any(code.startswith(above) for above in names.get(name, ())) for name in path[:-1])


def _arrivals(former: Sequence[Former], current: Mapping[str, str], since: Mapping[str, str]) -> dict[str, list]:
    """Code → (name, first seen, code) of everything that appeared after the first list, former ones among them."""
    index: dict[str, list] = defaultdict(list)
    for code, date in since.items():
        index[code].append((current[code].removesuffix("办事处") if "街道办" in current[code] else current[code], date))
    for f in former:
        if f.first:
            index[f.code].append((f.name, f.first))
    return index


def _same_code(old: Former, index: Mapping[str, list]) -> Change | None:
    """The code stayed, the name changed. Only names that share a part: a code may be used again for another place."""
    for name, date in index.get(old.code, ()):
        alike = stem(name) in old.name or stem(old.name) in name or _share(stem(name), stem(old.name))
        if date == old.gone and alike:
            return Change(old.code, old.name, old.code, name, kind(old.name, name), date, "lists")
    return None


def _share(one: str, other: str) -> bool:
    return any(one[i : i + 2] in other for i in range(len(one) - 1))


def _same_stem(old: Former, index: Mapping[str, list], moved: Mapping[str, Change]) -> Change | None:
    """One division that appeared when this one vanished, of the same stem and below the same division."""
    parent = old.code[:6] if len(old.code) == 9 else old.code[:2]  # a county may change its prefecture, and its code
    county = moved.get(parent)
    above = {parent} | ({county.successor} if county else set())
    found = [
        (code, name, date)
        for code, names in _below(above, len(old.code), index)
        for name, date in names
        if code != old.code and date == old.gone and stem(name) == stem(old.name)
    ]
    if len(old.code) == 6:  # a name that two prefectures share moves within its own, if it moves
        near = [each for each in found if each[0][:4] == old.code[:4] or old.code[2:4] in ("01", "02", "90")]
        found = near or [each for each in found if each[1] == old.name]
    found = [each for each in found if each[1] == old.name] or found
    if len(found) != 1:
        return None
    code, name, date = found[0]
    if county and code.startswith(county.successor) and county.date <= date and county.exact:
        date = county.date  # the county's change is what moved its towns
    return Change(old.code, old.name, code, name, kind(old.name, name), date, "lists")


_sorted: dict[int, dict[str, list]] = {}


def _below(above: set[str], length: int, index: Mapping[str, list]) -> list[tuple[str, list]]:
    cached = _sorted.get(id(index))
    if cached is None:
        cached = defaultdict(list)
        for code, names in index.items():
            cached[code[:6] if len(code) == 9 else code[:2]].append((code, names))
        _sorted[id(index)] = cached
    return [(c, n) for parent in above for c, n in cached.get(parent, ()) if len(c) == length]
