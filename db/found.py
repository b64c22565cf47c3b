"""What the page of a search shows: what was asked, passages with their words marked, counts to narrow it by."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from db import search
from db.layout import Label
from db.page import Query, Row
from db.units import LEVELS

PAGE = 20
MOST = 10_000  # passages that are counted; a wider search shows its first ones and asks to be narrowed
LONGEST, MOST_WORDS = 80, 8
SECTIONS = {
    "title": Label("标题", "title"),
    "text": Label("全部正文", "all text, no titles"),
    "0": Label("开头", "opening"),
    "1": Label("一、总体情况", "overview"),
    "2": Label("二、主动公开", "proactive disclosure"),
    "3": Label("三、依申请公开", "requests"),
    "4": Label("四、复议诉讼", "reconsiderations and lawsuits"),
    "5": Label("五、问题与改进", "problems and improvements"),
    "6": Label("六、其他事项", "other matters"),
}
FACETS = {
    "place": Label("地方", "place"),
    "level": Label("层级", "level"),
    "year": Label("年份", "year"),
    "section": Label("部分", "section"),
}
VALID = {
    "place": re.compile(r"\d{2}|\d{4}|\d{6}|\d{9}", re.ASCII),
    "level": re.compile("|".join(LEVELS)),
    "year": re.compile(r"(?:19|20)\d\d", re.ASCII),
    "section": re.compile("|".join(SECTIONS)),
}
MESSAGES = {
    "long": Label(f"请不要超过 {LONGEST} 个字", f"at most {LONGEST} characters, please"),
    "many": Label(f"请不要超过 {MOST_WORDS} 个词", f"at most {MOST_WORDS} words, please"),
    "no word": Label("其中没有可以查找的字词", "there is no word in this to search for"),
    "place": Label("没有这样的区划代码，未按地方筛选", "no such division code: not narrowed by place"),
    "level": Label("没有这个层级，未按层级筛选", "no such level: not narrowed by level"),
    "year": Label("不是年份，未按年份筛选", "not a year: not narrowed by year"),
    "section": Label("没有这个部分，未按部分筛选", "no such section: not narrowed by section"),
    "page": Label("没有这一页，以下是第一页", "no such page: this is the first"),
    "slow": Label("查找用时过长，请再加一个词或筛选条件", "this took too long: add a word, or narrow it"),
    "no index": Label("本数据库没有检索索引，请重新构建", "this database has no index of words: build it again"),
}


@dataclass(slots=True)
class Asked:
    """A search as it was understood; `said` holds the keys of MESSAGES."""

    q: str
    words: list[str]
    narrowed: dict[str, str]
    page: int = 1
    said: list[str] = field(default_factory=list)

    @property
    def asks(self) -> bool:
        """Whether there is anything to search for."""
        return bool(self.words or self.narrowed) and not {"long", "many", "no word"} & set(self.said)

    @property
    def found(self) -> tuple[str, str]:
        """SQL for the ids of the passages, and what it is given first."""
        narrowed = {"number" if name == "section" else name: value for name, value in self.narrowed.items()}
        return search.find(self.q, search.scope(**narrowed))

    def link(self, **changes: Any) -> str:
        """The address of this search with some of it changed; the first page unless told otherwise."""
        state = {"q": self.q} | self.narrowed | changes
        return "/search?" + urlencode({name: value for name, value in state.items() if value not in (None, "")})


def asked(given: Mapping[str, str]) -> Asked:
    """Understands the address; what is not understood is left out and said."""
    q = " ".join("".join(c if c.isprintable() else " " for c in given.get("q") or "").split())
    narrowed, said = {}, []
    for name, valid in VALID.items():
        value = (given.get(name) or "").strip()
        if valid.fullmatch(value):
            narrowed[name] = value
        elif value:
            said.append(name)
    if len(q) > LONGEST:
        q, said = q[:LONGEST], [*said, "long"]
    words = search.words(q)
    if (given.get("q") or "").strip() and not words:
        said.append("no word")
    if len(words) > MOST_WORDS:
        said.append("many")
    page = given.get("page") or "1"
    known = re.fullmatch(r"[1-9]\d{0,3}", page, re.ASCII) is not None and int(page) <= MOST // PAGE
    return Asked(q, words, narrowed, int(page) if known else 1, said if known else [*said, "page"])


async def load(query: Query, wanted: Asked) -> Row:
    """Everything that the page shows; without a question only the form."""
    shown: Row = {"asked": wanted, "hits": None, "facets": {}, "total": 0, "capped": False, "pages": 1}
    shown |= {"levels": LEVELS, "sections": SECTIONS, "facet_names": FACETS, "most": MOST, "messages": MESSAGES}
    shown["names"] = await _names(query, [wanted.narrowed["place"]] if "place" in wanted.narrowed else [])
    if not wanted.asks:
        return shown
    facets, total = await _facets(query, wanted)
    shown |= {"total": min(total, MOST), "capped": total > MOST, "pages": max(-(-min(total, MOST) // PAGE), 1)}
    if wanted.page > shown["pages"]:
        wanted.page = 1
        wanted.said.append("page")
    shown["hits"] = await _hits(query, wanted)
    shown["facets"] = await _open(query, wanted) if shown["capped"] else facets
    shown["names"] |= await _names(query, [code for code, _ in shown["facets"]["place"]])
    return shown


async def _facets(query: Query, wanted: Asked) -> tuple[Row, int]:
    """Facet → [(value, passages)], and how many passages were found: at most one more than are counted."""
    sql, match = wanted.found
    rows = await query(
        "SELECT p.year, p.level, ifnull(p.number, 'title') AS section, substr(p.place, 1, ?) AS place, count(*) AS n"
        f" FROM ({sql}) f JOIN passages p ON p.id = f.id GROUP BY 1, 2, 3, 4",
        _below(wanted),
        match,
        MOST + 1,
    )
    counts: dict[str, Counter[str]] = {name: Counter() for name in FACETS}
    for row in rows:
        for name, counter in counts.items():
            if VALID[name].fullmatch(str(row[name])):
                counter[str(row[name])] += row["n"]
    if 0 < counts["section"]["title"] < counts["section"].total():
        counts["section"]["text"] = counts["section"].total() - counts["section"]["title"]
    facets = {name: sorted(counter.items(), key=_RANK[name]) for name, counter in counts.items()}
    return facets, sum(row["n"] for row in rows)


_RANK: dict[str, Callable[[tuple[str, int]], Any]] = {
    "place": lambda item: item[0],
    "level": lambda item: list(LEVELS).index(item[0]),
    "year": lambda item: -int(item[0]),
    "section": lambda item: list(SECTIONS).index(item[0]),
}


async def _open(query: Query, wanted: Asked) -> Row:
    """The same where too much was found to be counted: every value there is, without a count."""
    years = await query("SELECT key, value FROM meta WHERE key IN ('first_year', 'last_year') AND value IS NOT NULL")
    known = {row["key"]: int(row["value"]) for row in years}
    parent = wanted.narrowed.get("place")
    below = await query("SELECT code FROM divisions WHERE parent IS ? ORDER BY code", parent)
    found = {
        "place": [row["code"] for row in below],
        "level": list(LEVELS),
        "year": list(range(known["last_year"], known["first_year"] - 1, -1)) if len(known) == 2 else [],
        "section": list(SECTIONS),
    }
    return {name: [(str(value), None) for value in values] for name, values in found.items()}


async def _hits(query: Query, wanted: Asked) -> list[Row]:
    sql, match = wanted.found
    rows = await query(
        "SELECT p.id, p.report, p.section, p.number, r.name, r.title, r.year, r.level, r.unit, r.scope, r.form,"
        " s.heading, s.text, up.name AS above"
        f" FROM (SELECT id FROM ({sql}) LIMIT ? OFFSET ?) f JOIN passages p ON p.id = f.id"
        " JOIN reports r ON r.id = p.report LEFT JOIN sections s ON s.id = p.section"
        " LEFT JOIN divisions own ON own.code = r.division LEFT JOIN divisions up ON up.code = own.parent"
        " ORDER BY p.id",
        match,
        wanted.page * PAGE,
        PAGE,
        (wanted.page - 1) * PAGE,
    )
    for row in rows:
        titled = row["section"] is None
        text = row["title"] or "" if titled else search.passage(row["heading"], row["text"])
        row["named"] = search.marked(row["name"], wanted.words if titled else ())
        row["snippet"] = search.snippet(text, wanted.words)
        row["part"] = SECTIONS["title" if titled else str(row["number"])]
        row["link"] = f"/report/{row['report']}" + ("" if titled else f"#section-{row['section']}")
    return rows


async def _names(query: Query, codes: list[str]) -> dict[str, str]:
    marks = ", ".join("?" * len(codes))
    return {row["code"]: row["name"] for row in await query(f"SELECT * FROM divisions WHERE code IN ({marks})", *codes)}


def _below(wanted: Asked) -> int:
    """Digits of the codes one step below the place that was asked for."""
    own = len(wanted.narrowed.get("place", ""))
    return next((n for n in search.PLACE_LENGTHS if n > own), own)
