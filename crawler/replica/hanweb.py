"""A Hanweb portal as these servers answer: inlined first rows, windows clipped to the total, the report module."""

from __future__ import annotations

import hashlib
import html
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from random import Random
from urllib.parse import quote, urlsplit

from crawler.portals import Portal
from crawler.replica import Answer, Asked, not_found
from crawler.replica.publish import FRIENDS, written
from crawler.replica.reports import Synthetic

PER_PAGE = 15
MODULE = "/module/xxgk/xxgkAnnualReport.jsp"
FILLER = ("{0}关于{1}年第{2}号事项的公告", "{0}{1}年第{2}次工作会议", "{0}关于公开征求意见的函（{1}年第{2}号）")


@dataclass(frozen=True, slots=True)
class Organ:
    """Who publishes on the portal. `area` None: it has no place in the module, its reports are articles only."""

    unit: str
    name: str
    area: str | None
    years: tuple[int, ...]
    addresses: Mapping[int, str] = field(
        default_factory=dict
    )  # year → path of the article, where it is to be a certain one
    attached: frozenset[int] = frozenset()  # years whose article only holds a file
    faults: Mapping[int, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Published:
    """A report on the portal, with all addresses under which a crawl must find it."""

    organ: Organ
    year: int
    report: Synthetic
    article: str
    file: str | None

    @property
    def day(self) -> str:
        return "{}-{:0>2}-{:0>2}".format(*self.article.split("/")[2:5])

    @property
    def paths(self) -> tuple[str, ...]:
        module = f"{MODULE}?area={self.organ.area}&fbtime={self.year}" if self.organ.area else None
        return tuple(p for p in (self.file or self.article, module) if p)


@dataclass(frozen=True, slots=True)
class Hanweb:
    """The site: call it with a request. `obeys_page`: startrecord is ignored, only `page` is obeyed (seen on some)."""

    portal: Portal
    reports: tuple[Published, ...]
    columns: Mapping[str, tuple[tuple[str, str, str], ...]]  # column id → rows of (path, title, day)
    obeys_page: bool = False

    def __call__(self, asked: Asked) -> Answer:
        path = asked.path
        if path == MODULE:
            return self._module(asked.query)
        if path.endswith("/dataproxy.jsp"):
            return self._window(asked)
        if path.startswith("/col/col") and path.split("/")[2][3:] in self.columns:
            return _answer(self._column(path.split("/")[2][3:]))
        if path.endswith("/downfile.jsp"):
            return self._file(asked.query)
        found = next((p for p in self.reports if p.article == path), None)
        if found:
            return _answer(self._page(found, "信息公开年报", found.article))
        if path in ("/", "/index.html"):
            return _answer(
                _frame(
                    self.portal.name,
                    self.portal,
                    "".join(f'<a href="/col/col{c}/index.html">政府信息公开年报</a>' for c in self.columns),
                )
            )
        row = next((r for rows in self.columns.values() for r in rows if r[0] == path), None)
        return _answer(_frame(row[1], self.portal, f'<div id="zoom"><p>{row[1]}</p></div>')) if row else not_found()

    def _column(self, column: str) -> str:
        rows = self.columns[column]
        proxy = (
            f"/module/web/jpage/dataproxy.jsp?page=1&appid=1&webid=14&path=/&columnid={column}&unitid=402134"
            f"&webname={quote(self.portal.name)}&permissiontype=0"
        )
        store = f'<nextgroup><![CDATA[<a href="{proxy}"></a>]]></nextgroup>' if len(rows) > 3 * PER_PAGE else ""
        body = (
            '<div id="402134"><ul></ul></div><script type="text/xml"><datastore>'
            f"{store}<recordset>{_records(rows[: 3 * PER_PAGE])}</recordset></datastore></script>"
        )
        return _frame("政府信息公开年报", self.portal, body, column="信息公开年报")

    def _window(self, asked: Asked) -> Answer:
        rows = self.columns.get(asked.form.get("columnid") or asked.query.get("columnid", ""), ())
        first, last = int(asked.query.get("startrecord", 1)), int(asked.query.get("endrecord", 3 * PER_PAGE))
        if self.obeys_page:
            page = int(asked.query.get("page", 1))
            first, last = (page - 1) * PER_PAGE + 1, page * PER_PAGE
        pages = -(-len(rows) // PER_PAGE)
        return Answer(
            f"<datastore><totalrecord>{len(rows)}</totalrecord><totalpage>{pages}</totalpage>"
            f"<recordset>{_records(rows[first - 1 : last])}</recordset></datastore>".encode(),
            content_type="text/xml;charset=UTF-8",
        )

    def _module(self, query: Mapping[str, str]) -> Answer:
        wanted = (query.get("area"), query.get("fbtime"))
        found = next((p for p in self.reports if (p.organ.area, str(p.year)) == wanted), None)
        if found is None:
            return _answer(_frame("", self.portal, '<div class="title"></div><div id="zoom"></div>'))
        return _answer(self._page(found, "", f"{MODULE}?area={wanted[0]}&fbtime={wanted[1]}"))

    def _page(self, found: Published, column: str, path: str) -> str:
        title = html.escape(found.report.title)
        body = found.report.html
        if found.file and path == found.article:
            link = f'<a href="{html.escape(found.file)}">{title}.doc</a>'
            body = f'<p>附件：</p><ul class="fjxx"><li><p>{link}</p></li></ul>'
        return _frame(
            found.report.title,
            self.portal,
            '<table class="xxgk_top"><tr><td>索引号：</td><td>001/2024-1</td>'
            "<td>组配分类：</td><td>信息公开年报</td></tr>"
            f"<tr><td>发布机构：</td><td>{found.organ.name}</td><td>生成日期：</td><td>{found.day}</td></tr></table>"
            f'<div class="title">{title}</div><p>发布时间:{found.day}</p><div id="zoom">{body}</div>',
            column=column,
            metas={
                "ArticleTitle": found.report.title,
                "PubDate": f"{found.day} 09:30",
                "ContentSource": found.organ.name,
            },
        )

    def _file(self, query: Mapping[str, str]) -> Answer:
        name = query.get("filename", "-")
        found = next((p for p in self.reports if p.file and f"filename={name}" in p.file), None)
        # the type that is sent is wrong on purpose: so it is there
        return Answer(found.report.page.encode(), content_type="text/html;charset=gb2312") if found else not_found()


def site(
    portal: Portal, organs: Iterable[Organ], *, seed: int = 1, fillers: int = 30, obeys_page: bool = False
) -> Hanweb:
    """The portal's replica, its lists mixed of reports, false friends and other news."""
    columns = [urlsplit(url).path.split("/")[2][3:] for url in portal.start]
    reports = tuple(_publish(o, year, columns[0]) for o in organs for year in o.years)
    rng = Random(seed)
    lists: dict[str, tuple[tuple[str, str, str], ...]] = {}
    for column in columns:
        rows = [(p.article, p.report.title, p.day) for p in reports if f"_{column}_" in p.article]
        words = [*FRIENDS, *(FILLER[n % len(FILLER)] for n in range(fillers))]
        for n, word in enumerate(words):
            rows.append(
                (
                    f"/art/2024/2/{n % 28 + 1}/art_{column}_{7000 + n}.html",
                    word.format(portal.name[:3], 2023, n),
                    "2024-02-01",
                )
            )
        rng.shuffle(rows)
        # a copy on a foreign host, linked from the list
        rows.insert(
            1,
            (
                f"http://www.copy.test/art/2024/1/3/art_{column}_1.html",
                f"{portal.name}2023年政府信息公开工作年度报告",
                "2024-01-03",
            ),
        )
        lists[column] = tuple(rows)
    return Hanweb(portal, reports, lists, obeys_page)


def _publish(organ: Organ, year: int, column: str) -> Published:
    number = int(hashlib.sha256(f"{organ.unit}/{year}".encode()).hexdigest()[:6], 16) % 90000 + 10000
    article = organ.addresses.get(year, f"/art/{year + 1}/1/{number % 31 + 1}/art_{column}_{number}.html")
    report = written(organ.unit, organ.name, year, organ.faults.get(year, ()))
    file = None
    if year in organ.attached:
        code = hashlib.md5(article.encode(), usedforsecurity=False).hexdigest()
        file = f"/module/download/downfile.jsp?classid=0&filename={code}.doc&showname={quote(report.title)}.doc"
    return Published(organ, year, report, article, file)


def _records(rows: Iterable[tuple[str, str, str]]) -> str:
    return "".join(
        f'<record><![CDATA[<li><a href="{html.escape(path)}" title="{html.escape(title)}">'
        f'{title[:12]}…</a><b readlabel="{day}">{day}</b></li>]]></record>'
        for path, title, day in rows
    )


def _frame(title: str, portal: Portal, body: str, *, column: str = "", metas: Mapping[str, str] | None = None) -> str:
    national = {"SiteName": portal.name, "SiteDomain": portal.host, "ColumnType": column, "Keywords": ""} | dict(
        metas or {}
    )
    tags = "".join(f'<meta name="{n}" content="{html.escape(v)}">' for n, v in national.items())
    return (
        '<!DOCTYPE html><html><head><meta charset="utf-8">'
        f"<title>{html.escape(title or portal.name)}</title>{tags}</head>"
        f"<body><div>您现在的位置：<a href='/'>首页</a> &gt; 政府信息公开年报</div>{body}</body></html>"
    )


def _answer(page: str) -> Answer:
    return Answer(page.encode())
