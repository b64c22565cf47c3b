"""The "Openness / Xxgk" family of Anhui, and Fuyang's xxgkAnnualReport (PORTALS §2.G)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from scrapy.http import TextResponse

from crawler import walk
from crawler.spider import PlatformSpider

_NUMBERED = re.compile(r"/page_(\d+)\.html$")


class OpennessSpider(PlatformSpider):
    """Lists are `…/showList/<site>/<category>/page_<n>.html`; reports `XxgkAnnualReport/show/<id>.html`."""

    name = "openness"
    selectors = (".j-fontContent", ".xxgk_content", ".news_content", "#zoom", ".contentbox", ".con")

    def pages(self, response: TextResponse) -> Iterable[str]:
        """The links of the page numbers; each page shows those around it, so the walk reaches all."""
        links = [response.urljoin(href) for href in response.css("a::attr(href)").getall()]
        numbered = [url for url in links if _NUMBERED.search(url)]
        stem = _NUMBERED.sub("", response.url)
        return [u for u in dict.fromkeys(numbered) if _NUMBERED.sub("", u) == stem] or walk.pages(response)
