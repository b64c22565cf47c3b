"""Any portal without a platform of its own: links whose text, `ColumnType` or slug says 年报, to a bounded depth."""

from __future__ import annotations

from crawler.spider import PlatformSpider


class GenericSpider(PlatformSpider):
    """The common walk and nothing else."""

    name = "generic"
    selectors = (
        "#zoom", "#zoomcon", "#UCAP-CONTENT", "#vsb_content", "#ivs_content", "#content", "#article", "article",
        ".TRS_Editor", ".article-content", ".article-body", ".content", ".detail",
    )  # fmt: skip
