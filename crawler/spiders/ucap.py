"""UCAP (开普云), classic and new: one site may need both since its redesign (PORTALS §2.A and B).

Classic: `list.shtml` counted from 1, organ frames that name column and template in their query, lists that only
`/common/search` fills. New: `/pc/list.html`, which inlines fifty rows and asks `/queryList` for all.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from scrapy.http import Request, Response, TextResponse
from scrapy.selector import Selector

from crawler import page, walk
from crawler.portals import load
from crawler.spider import PlatformSpider

SIZE = 15
SEARCH = "/common/search/{}?_isAgg=true&_isJson=true&_pageSize=20&_template=index&_rangeTimeGte=&_channelName=&page={}"
_TREE = re.compile(r"channelsTagParent\s*=\s*")
_JUMP = re.compile(r"location(?:\.href)?\s*=\s*[\"']([^\"']+)[\"']")


class UcapSpider(PlatformSpider):
    """The walk is the common one; its pages differ in how they hide their rows."""

    name = "ucap"
    selectors = ("#zoomcon ucapcontent", "#zoomcon", "ucapcontent", "#UCAP-CONTENT", ".article-content")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Articles that sister sites copy keep their own site's code in links without a host: those are not here
        portals = [p for p in load().values() if p.platform == "ucap"]
        self.sisters = {code(u) for p in portals if p.host != self.portal.host for u in p.start + p.seen}
        self.sisters -= {code(u) for u in self.portal.start + self.portal.seen}

    def visit(self, response: Response, entry: bool = False, **kwargs: Any) -> Iterator[Any]:  # type: ignore[override]
        """A page of the walk; where its list is filled by a script, the script's question is asked."""
        yield from super().visit(response, entry=entry, **kwargs)
        if response.status != 200 or not isinstance(response, TextResponse):
            return
        if "loadPageData(" in response.text or "/pc/list.html" in response.url:
            yield from self.query(response)
        elif (channel := page.meta(response, "channelId")) and not list(self.rows(response)):
            yield self.search(response, channel, 1)

    def columns_below(self, response: TextResponse) -> bool:
        scripted = "loadPageData(" in response.text or page.meta(response, "channelId") is not None
        return scripted or super().columns_below(response)

    def columns(self, response: TextResponse, *, inside: bool) -> Iterable[tuple[str, str]]:
        """Frames are asked for by the plain address that their query names; the new pages hold the tree of columns."""
        for url, text in walk.columns(response, inside=inside):
            query = parse_qs(urlsplit(url).query)
            if "code" in query and "temp" in query:
                site = code(url)
                yield response.urljoin(f"/{site}/{query['code'][0]}/{query['temp'][0]}.shtml"), text
            else:
                yield url, text
        for node in _flat(_tree(response)):
            name, slug = str(node.get("channelName") or node.get("name") or ""), node.get("channelCode")
            if slug and (walk.COLUMN.search(name) or (inside and (walk.YEAR.match(name) or walk.ORGAN.search(name)))):
                yield response.urljoin(f"/{code(response.url)}/{slug}/pc/list.html"), name
        jump = _JUMP.search(response.text) if len(response.body) < 2000 else None
        if jump:  # redirect_firstChannel.shtml
            yield response.urljoin(jump[1]), ""

    def row(self, response: Response, href: str, title: str, date: str = "") -> Iterator[Request]:
        """A link without a host that begins with a sister site's code belongs to the sister."""
        if code(response.urljoin(href)) not in self.sisters:
            yield from super().row(response, href, title, date)

    # -- classic lists that a script fills

    def search(self, response: Response, channel: str, number: int) -> Request:
        return self.request(
            response.urljoin(SEARCH.format(channel, number)), self.searched, channel=channel, number=number
        )

    def searched(self, response: Response, channel: str, number: int) -> Iterator[Request]:
        """Twenty rows a page; `url` may lack its scheme."""
        if not self.usable(response) or not isinstance(response, TextResponse):
            return
        try:
            data = response.json()["data"]
            results, total = data["results"], int(data["total"])
        except (ValueError, KeyError, TypeError):
            self.problem(f"{response.url}: not the answer of /common/search", "column")
            return
        self.count("lists")
        before = len(self.met)
        for result in results:
            yield from self.row(response, result["url"], result["title"], str(result.get("publishedTimeStr", ""))[:10])
        if number * 20 < total and len(self.met) > before:
            yield self.search(response, channel, number + 1)

    # -- new lists

    def query(self, response: TextResponse, number: int = 1) -> Iterator[Request]:
        """Asks for a column by its code, as its own script does; a server that wants JSON gets JSON next."""
        found = re.search(r"/([^/]+)/([^/]+)/pc/list", response.url)
        base = response.css("base::attr(href)").get("").strip("/")
        if not found:
            return
        wanted = {"webSiteCode[]": base or found[1], "channelCode[]": found[2], "sort": "sortNum", "order": "desc"}
        yield self.ask(response, wanted, number, as_json=False)

    def ask(self, response: Response, wanted: dict[str, str], number: int, *, as_json: bool) -> Request:
        if as_json:
            named = {"webSiteCode": [wanted["webSiteCode[]"]], "channelCode": [wanted["channelCode[]"]]}
            body = json.dumps({"current": number, "pageSize": SIZE, "notReturnContent": True} | named)
        else:
            body = urlencode({"current": number, "pageSize": SIZE} | wanted)
        return self.request(
            response.urljoin("/queryList"), self.queried, "POST", body, json=as_json, wanted=wanted, number=number,
            as_json=as_json,
        )  # fmt: skip

    def queried(self, response: Response, wanted: dict[str, str], number: int, as_json: bool) -> Iterator[Request]:
        """One page of rows. The page itself inlines the fifty newest only, so all are asked for."""
        answer = _answer(response)
        if answer is None and not as_json:
            yield self.ask(response, wanted, number, as_json=True)
            return
        if answer is None:
            if self.usable(response):
                self.problem(f"{response.url}: not the answer of /queryList ({wanted['channelCode[]']})", "column")
            return
        self.count("lists")
        results, total = answer
        before = len(self.met)
        for source in (result["source"] for result in results):
            shown = source.get("title") or page.text(Selector(text=source.get("showTitle") or "<p></p>"))
            href = json.loads(source.get("urls") or "{}").get("pc")
            if href:
                yield from self.row(response, href, shown, str(source.get("pubDate", ""))[:10])
        if number * SIZE < total:
            if len(self.met) > before or number == 1:
                yield self.ask(response, wanted, number + 1, as_json=as_json)
            else:
                self.problem(f"{response.url}: {wanted['channelCode[]']} repeats itself before row {total}", "list")


def code(url: str) -> str:
    """The site code: the first segment of an address's path."""
    return urlsplit(url).path.strip("/").partition("/")[0]


def _answer(response: Response) -> tuple[list[dict[str, Any]], int] | None:
    if response.status != 200 or not isinstance(response, TextResponse):
        return None
    try:
        data = response.json()["data"]
        return data["results"], int(data["total"])
    except (ValueError, KeyError, TypeError):
        return None


def _tree(response: TextResponse) -> list[dict[str, Any]]:
    found = _TREE.search(response.text)
    if not found:
        return []
    try:
        tree = json.JSONDecoder().raw_decode(response.text[found.end() :])[0]
    except ValueError:
        return []
    return tree if isinstance(tree, list) else [tree]


def _flat(tree: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for node in tree:
        yield node
        yield from _flat(node.get("children") or node.get("childList") or [])
