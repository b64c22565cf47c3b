"""Guangdong: the directory platform gkmlpt with its JSON, and the ordinary columns of NFCMS (PORTALS §2.E)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from scrapy.http import HtmlResponse, Request, Response, TextResponse

from crawler import page, walk
from crawler.scripts import article_in_script, script_value
from crawler.spider import PlatformSpider

API = "{base}/api/all/{category}?page={number}&sid={sid}"
_SID = re.compile(r"\bSID[\"']?\s*:\s*[\"']?(\w+)")


class GkmlptSpider(PlatformSpider):
    """A start address is `…/gkmlpt/index` or an ordinary column."""

    name = "gkmlpt"
    selectors = (".news_cont_d_wrap", ".tyxxy_main", ".article-content", "#zoom")

    def visit(self, response: Response, **kwargs: Any) -> Iterator[Any]:  # type: ignore[override]
        """The directory platform's index names its categories in a script; everything else is the common walk's."""
        if response.status != 200 or not isinstance(response, TextResponse) or "_CONFIG" not in response.text:
            yield from super().visit(response, **kwargs)
            return
        tree, sid = script_value(response.text, "TREE"), _SID.search(response.text)
        if tree is None or sid is None:
            yield from super().visit(response, **kwargs)
            return
        self.recognised(response)
        self.count("lists")
        base = response.url.rpartition("/index")[0]
        categories = [c for c in _flat(tree) if walk.COLUMN.search(c.get("name", ""))]
        if not categories:
            self.problem(f"{response.url}: no 年报 category in its tree", "column")
        for category in categories:
            yield self.listed(base, category["id"], sid[1], 1)

    def listed(self, base: str, category: object, sid: str, number: int) -> Request:
        url = API.format(base=base, category=category, number=number, sid=sid)
        return self.request(url, self.listing, base=base, category=category, sid=sid, number=number)

    def listing(self, response: Response, base: str, category: object, sid: str, number: int) -> Iterator[Request]:
        """About a hundred articles a page, until the total is reached."""
        if not self.usable(response) or not isinstance(response, TextResponse):
            return
        try:
            answer = response.json()
            articles, total = answer["articles"], int(answer["total"])
        except (ValueError, KeyError, TypeError):
            self.problem(f"{response.url}: not the answer of gkmlpt's list service", "column")
            return
        self.count("lists")
        before = len(self.met)
        for article in articles:
            date = str(article.get("display_publish_time") or article.get("date") or "")[:10]
            yield from self.row(response, article.get("url") or article["post_url"], article["title"], date)
        if number * max(len(articles), 1) < total and len(self.met) > before:
            yield self.listed(base, category, sid, number + 1)
        elif not articles and number == 1 and total:
            self.problem(f"{response.url}: a list without rows", "column")

    def body(self, response: TextResponse) -> Any:
        """The directory platform has its article as an escaped string in a script."""
        inner = article_in_script(response.text)
        if inner is not None:
            return HtmlResponse(response.url, body=f"<div id=zoom>{inner}</div>", encoding="utf-8").css("#zoom")
        return page.container(response, self.selectors)


def _flat(tree: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for node in tree:
        yield node
        yield from _flat(node.get("children") or [])
