"""TRS WCM (拓尔思) and its look-alikes: static lists counted from 0, articles named t<date>_<id> (PORTALS §2.D)."""

from __future__ import annotations

from crawler.spider import PlatformSpider


class TrsSpider(PlatformSpider):
    """Nothing here is special to it but the containers: the walk, rows and page counters are the common ones."""

    name = "trs"
    selectors = (
        ".TRS_Editor", ".view.TRS_UEDITOR", ".TRS_UEDITOR", ".trs_editor_view", ".Custom_UnionStyle", "#zoom", "#Zoom",
        ".xxgk-content",
    )  # fmt: skip
