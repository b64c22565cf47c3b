"""What a portal's page says about itself: the national meta tags, the labelled facts, the body. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from lxml.etree import XPath
from scrapy.http import TextResponse

_DATE = r"(\d{4})\s*[-—–年./]+\s*(\d{1,2})\s*[-—–月./]+\s*(\d{1,2})"  # the guideline itself prints em dashes
_LABELLED_DATE = re.compile(r"(?:发布时间|发布日期|生成日期|发文日期|公开日期)\s*[:：]?\s*" + _DATE)
_PUBLISHER = re.compile(r"(?:发布机构|信息来源|来源)\s*[:：]?\s*([^\s:：|]{2,40})")
_ADDRESS_DATE = re.compile(r"/art/(\d{4})/(\d{1,2})/(\d{1,2})/")
_METAS = XPath("//meta[@name and @content]")
_TEXT = XPath("descendant-or-self::*[not(self::script or self::style)]/text()", smart_strings=False)


def meta(response: TextResponse, name: str) -> str | None:
    """A meta tag's content; names are compared without case, empty ones are as good as absent."""
    for tag in _METAS(response.selector.root):
        if tag.get("name").lower() == name.lower() and tag.get("content").strip():
            return str(tag.get("content").strip())
    return None


def strings(selector: Any) -> Iterator[str]:
    """Every visible run of text in a selector or a list of them. On the tree itself: a Selector a run costs tenfold."""
    for one in selector if isinstance(selector, list) else [selector]:
        if isinstance(one.root, str):
            yield one.root
        else:
            yield from _TEXT(one.root)


def text(selector: Any) -> str:
    """The visible text, joined without separators: Word splits one date over many spans."""
    return "".join(strings(selector)).strip()


def container(response: TextResponse, selectors: Sequence[str]) -> Any:
    """The article's body: the first selector that is there, else the whole page."""
    return next((found for css in selectors if (found := response.css(css))), response.css("body"))[:1]


def titles(response: TextResponse, listed: str | None) -> Iterator[str]:
    """What may be the page's title, best first."""
    yield meta(response, "ArticleTitle") or ""
    for heading in response.css("h1, h2, h3, .title, .article-title, .bt_title"):
        yield text(heading)
    yield listed or ""
    yield text(response.css("head > title"))


def _stated(response: TextResponse) -> str:
    """PubDate, unless it is the moment at which the page was generated: on UCAP it is (PORTALS §2.A)."""
    generated = "页面生成时间" in (meta(response, "others") or "")
    return "" if generated else meta(response, "PubDate") or ""


def facts(response: TextResponse) -> dict[str, str | None]:
    """`published_on` and `publisher`: what stands beside a label first, then the meta tags, then the address."""
    visible = " ".join(t.strip() for t in strings(response.css("body")) if t.strip())
    found = _LABELLED_DATE.search(visible) or re.search(_DATE, _stated(response)) or _ADDRESS_DATE.search(response.url)
    publisher = _PUBLISHER.search(visible)
    return {
        "published_on": "{}-{:0>2}-{:0>2}".format(*found.groups()) if found else None,
        "publisher": publisher[1] if publisher else meta(response, "ContentSource"),
    }
