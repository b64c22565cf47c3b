"""VSB (博达): lists `<column>.htm`, older pages counting down, columns of a single article (PORTALS §2.H)."""

from __future__ import annotations

from crawler.spider import PlatformSpider


class VsbSpider(PlatformSpider):
    """Further pages are found by their 下页 link alone: their numbers count down and change as the list grows."""

    name = "vsb"
    selectors = ("#vsb_content", "#vsb_content_2", "#vsb_content_502", ".v_news_content")
