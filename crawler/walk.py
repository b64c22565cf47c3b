"""The way to the reports: which links of a page are organs or 年报 columns, which rows of a list, which turn its page.

Pure functions over a response. There is no single list of reports on a portal (PORTALS §5): the harvest is a walk.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from scrapy.http import TextResponse

from crawler import page
from crawler.titles import parse_title, refuse

COLUMN = re.compile(r"年报|年度报告")
# Slugs of 年报 columns, PORTALS §5; a number or a year may be glued to them (zfxxgkndbg3e, 2024nb, xxgknb_171215)
SLUG = re.compile(
    r"(?:^|/)\w{0,12}(?:xxgknb|xxgkndbg|xxgkgzndbg|xxgknan|zfxgknb|ndbg|gknb|ndgzbg)\w*(?:/|\.|$)|/(?:20\d\d)n(?:b|d|f|ianduu?)?\w{0,4}/"
)
YEAR = re.compile(r"^\D{0,4}(?:19|20)\d\d\s*年?度?(?:年报|报告)?$")
ORGAN = re.compile(
    r"(?:镇|乡|苏木|街道|街道办事处|局|厅|委|委员会|办|办公室|中心|政府|管委会|场|院|处|公司|大队|支队)$"
)
GROUP = re.compile(r"乡镇|镇街|街道|部门|单位|苏木|机构|公开目录|信息公开")
DATE = re.compile(r"(20\d\d|19\d\d)[-/.年](\d{1,2})[-/.月](\d{1,2})")
MANY = 3  # links named like organs, from which on a page is a directory of organs
NEXT = re.compile(r"^\s*(?:下一页|下页|后一页|next|>|›|»)\s*[>›»]*\s*$", re.IGNORECASE)
CALL = re.compile(r"createPageHTML\s*\(([^)]*)\)")
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
DEEPEST = 300  # pages of one list; the longest seen has 191


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a list: address as printed, whole title, date as printed ("" where none stands beside it)."""

    href: str
    title: str
    date: str = ""


def link_title(link: object) -> str:
    """A link's title: lists cut its text, `title` is whole — unless it is a stray attribute and the text says more."""
    shown, whole = page.text(link), link.attrib.get("title", "").strip()  # type: ignore[attr-defined]
    cut = shown.rstrip(".…· ")
    return whole if len(whole) >= len(cut) and (whole.startswith(cut[:8]) or not shown) else shown or whole


def rows(response: TextResponse) -> Iterator[Row]:
    """Rows of a list: a link beside a date, or one whose text is the title of a report or of a false friend."""
    met: set[str] = set()
    for link in response.css("a[href]"):
        href, title = link.attrib["href"].strip(), link_title(link)
        if not title or href in met or href.lower().startswith(("javascript:", "#", "mailto:")):
            continue
        beside = "".join(link.xpath("ancestor::*[self::li or self::tr or self::dd or self::p][1]//text()").getall())
        dated = DATE.search(beside.replace(title, "")) if len(beside) < 400 else None
        if dated or parse_title(title) or (COLUMN.search(title) and refuse(title)):
            met.add(href)
            yield Row(href, title, dated[0] if dated else "")


def pages(response: TextResponse) -> list[str]:
    """Addresses of the further pages of a list, from its `createPageHTML` call, a page counter or a 下一页 link.

    UCAP counts from 1 and names page 2 `list_2`, TRS counts from 0 and names it `index_1`: the current page's number on
    the first page is the base (PORTALS §6). Only the first page tells all others.
    """
    source = COMMENT.sub("", response.text)
    call = CALL.search(source)
    if call:
        return _numbered(response.url, [a.strip().strip("'\"") for a in call[1].split(",")])
    counter = re.search(r"countPage\s*=\s*(\d+)", source)
    if counter and (current := re.search(r"currentPage\s*=\s*(\d+)", source)) is not None and current[1] == "0":
        return _numbered(response.url, [counter[1], "0", _stem(response.url), "html"])
    following = next((a.attrib["href"] for a in response.css("a[href]") if NEXT.match(page.text(a))), None)
    if following and not following.lower().startswith(("javascript:", "#")):
        return [response.urljoin(following)]
    return []


def _stem(url: str) -> str:
    name = urlsplit(url).path.rpartition("/")[2]
    return name.rpartition(".")[0] or "index"


def _numbered(url: str, arguments: list[str]) -> list[str]:
    numbers = [int(a) for a in arguments if a.isdigit()]
    words = [a for a in arguments if a and not a.isdigit() and a != "page_div"]
    if len(numbers) < 2 or not words:
        return []
    if len(numbers) >= 3 and arguments[0].isdigit() and arguments[2].isdigit():
        numbers = numbers[1:]  # (191, 13, 0, "index", "html"): the total of rows stands first
    total, current = numbers[0], numbers[1]
    stem, suffix = words[0], next((w for w in words[1:] if w in {"html", "shtml", "htm"}), "html")
    name = urlsplit(url).path.rpartition("/")[2]
    if current > 1 or re.search(r"_\d+\.s?html?$", name):
        return []
    last = min(total, DEEPEST)
    numbered = range(current + 1, last + current)
    return [urljoin(url, f"{stem}_{n}.{suffix}") for n in numbered]


def columns(response: TextResponse, *, inside: bool) -> Iterator[tuple[str, str]]:
    """(address, text) of the links that lead on: 年报 columns; organs where the page is a directory of them.

    `inside`: the page is itself a 年报 column, so that years, groups and organs below it lead on too.
    """
    links = [(a.attrib["href"].strip(), link_title(a)) for a in response.css("a[href], area[href]")]
    links = [(h, t) for h, t in links if h and not h.lower().startswith(("javascript:", "#", "mailto:"))]
    directory = sum(1 for _, t in links if ORGAN.search(t) and len(t) <= 20) >= MANY
    met = {response.url}
    for href, text in links:
        url = response.urljoin(href)
        if url in met or parse_title(text) and re.search(r"\d{4}", text) or refuse(text):
            continue
        named = COLUMN.search(text) or SLUG.search(urlsplit(url).path) and not re.search(r"\d{6,}", href)
        below = inside and (YEAR.match(text) or GROUP.search(text) or ORGAN.search(text))
        if len(text) <= 30 and (named or below or (directory and ORGAN.search(text))):
            met.add(url)
            yield url, text
