"""What every replica needs: published reports of known address, false friends, pages with the national meta tags."""

from __future__ import annotations

import csv
import hashlib
import html
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from crawler.portals import Portal
from crawler.replica import Answer, Asked, not_found
from crawler.replica.reports import Synthetic, generate

FIRST = 2019  # where a unit's series begins
FRIENDS = (
    "{0}{1}年政府信息公开工作年度报告解读",
    "{0}{1}年政府网站工作年度报表",
    "{0}{1}年法治政府建设年度报告",
    "关于印发政府信息公开工作年度报告格式的通知",
    "{0}政府信息公开指南",
    "{0}{1}年部门预算公开情况报告",
)
NEWS = ("{0}召开{1}年第一次工作会议", "{0}关于{1}年度先进单位的公示", "{0}{1}年重点项目清单")


@dataclass(frozen=True, slots=True)
class Published:
    """A report on a portal. `found` are the paths whose Documents a crawl must yield, and no other."""

    unit: str
    organ: str
    year: int
    report: Synthetic
    path: str
    found: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return self.report.title

    @property
    def day(self) -> str:
        """The day of publication, in January after the report's year."""
        return f"{self.year + 1}-01-{number(self.unit, self.year) % 28 + 1:02}"

    @property
    def documents(self) -> tuple[str, ...]:
        return self.found or (self.path,)


def divisions(register: Path) -> list[tuple[str, str]]:
    """(code, name) of the invented places."""
    with register.open(encoding="utf-8", newline="") as lines:
        return [(row["code"], row["name"]) for row in csv.DictReader(lines)]


def number(*parts: object) -> int:
    """A stable number of seven digits, for ids in addresses: two of a thousand do not meet."""
    digest = hashlib.sha256("/".join(map(str, parts)).encode()).hexdigest()
    return int(digest[:8], 16) % 9_000_000 + 1_000_000


def hexadecimal(*parts: object) -> str:
    """A stable id of 32 hex digits."""
    return hashlib.sha256("/".join(map(str, parts)).encode()).hexdigest()[:32]


def publish(
    unit: str, organ: str, year: int, path: str, *, found: Iterable[str] = (), faults: Iterable[str] = ()
) -> Published:
    """A report under a path; `found` where its Document lies elsewhere (a file, a second address)."""
    return Published(unit, organ, year, written(unit, organ, year, tuple(faults)), path, tuple(found))


@cache
def written(unit: str, organ: str, year: int, faults: tuple[str, ...] = ()) -> Synthetic:
    """The unit's report on a year: the years go on from one another, whatever faults each of them has."""
    before = written(unit, organ, year - 1).truth if year > FIRST else {}
    return generate(number(unit, year), unit=unit, organ=organ, year=year, faults=faults, before=before)


def page(
    title: str,
    body: str,
    *,
    site: str = "",
    column: str = "",
    metas: Mapping[str, str] | None = None,
    head: str = "",
    charset: str = "utf-8",
) -> Answer:
    """A page with the national meta tags (国办发〔2017〕47号); empty values are kept, as they are on real pages."""
    national = {"SiteName": site, "ColumnName": "", "ColumnType": column, "Keywords": ""} | dict(metas or {})
    tags = "".join(f'<meta name="{name}" content="{html.escape(value)}">' for name, value in national.items())
    text = (
        f'<!DOCTYPE html><html><head><meta charset="{charset}"><title>{html.escape(title)}</title>{tags}{head}</head>'
        f"<body>{body}</body></html>"
    )
    return Answer(
        text.encode("gb18030" if charset.startswith("gb") else "utf-8"), content_type=f"text/html; charset={charset}"
    )


def rows(items: Iterable[tuple[str, str, str]], *, cut: int | None = None) -> str:
    """`<li>` rows of (href, title, day); a cut title is whole in the attribute."""
    return "".join(
        f'<li><a href="{html.escape(href)}" title="{html.escape(title)}">'
        f"{html.escape(title if cut is None or len(title) <= cut else title[:cut] + '…')}</a><span>{day}</span></li>"
        for href, title, day in items
    )


def article(portal: Portal, found: Published, box: str, *, body: str | None = None, head: str = "") -> Answer:
    """A report's page: heading, labelled facts, metas; the report is in the element that `box` opens (`div id="x"`)."""
    metas = {"ArticleTitle": found.title, "PubDate": f"{found.day} 10:00", "ContentSource": found.organ}
    facts = f"<p>发布机构：{found.organ} 发布日期：{found.day}</p>"
    inner = found.report.html if body is None else body
    text = f"<h1>{html.escape(found.title)}</h1>{head or facts}<{box}>{inner}</{box.split()[0]}>"
    return page(found.title, text, site=portal.name, metas=metas)


def others(portal: Portal, count: int, address: Callable[[int], str]) -> list[tuple[str, str, str]]:
    """Rows that are no reports: every false friend, then news, `count` in all."""
    words = [(FRIENDS + NEWS * count)[n] for n in range(count)]
    return [(address(n), w.format(portal.name[:3], 2010 + n % 12), "2024-01-01") for n, w in enumerate(words)]


def home(portal: Portal, body: str = "") -> Answer:
    """The home page."""
    return page(portal.name, body or "<p>今日要闻</p>", site=portal.name)


def with_seen(portal: Portal, site: Static, box: str) -> Static:
    """The site, and on it a report under each address that the portal's entry says was seen."""
    reports = list(site.reports)
    for n, url in enumerate(portal.seen):
        path = url.partition(portal.host)[2]
        if path not in site.pages:
            reports.append(publish(portal.division, f"{portal.name}第{n + 1}办公室", 2024 - n, path))
            site.pages[path] = article(portal, reports[-1], box)
    site.reports = tuple(reports)
    return site


@dataclass
class Static:
    """A site of fixed pages by path (with its query where that matters); `other` answers the rest.

    It sends an ETag and honours If-None-Match. Pages may be exchanged between two crawls: that is how a portal changes.
    """

    host: str
    scheme: str
    reports: tuple[Published, ...]
    pages: dict[str, Answer]
    other: Callable[[Asked], Answer | None] = field(default=lambda asked: None)

    def __call__(self, asked: Asked) -> Answer:
        query = "&".join(f"{name}={value}" for name, value in asked.query.items())
        answer = self.pages.get(f"{asked.path}?{query}" if query else asked.path) or self.other(asked)
        if answer is None:
            return not_found()
        tag = f'"{hashlib.sha256(answer.body).hexdigest()[:16]}"'
        if answer.status == 200 and asked.headers.get("if-none-match") == tag:
            return Answer(b"", 304, headers={"ETag": tag})
        return Answer(
            answer.body, answer.status, answer.content_type, {"ETag": tag} | dict(answer.headers), answer.fault
        )

    @property
    def addresses(self) -> set[str]:
        """Every address whose Document a crawl must yield."""
        return {f"{self.scheme}://{self.host}{path}" for p in self.reports for path in p.documents}
