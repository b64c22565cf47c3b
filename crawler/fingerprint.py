"""Which CMS family a page belongs to, by the marks of PORTALS §6, in that order."""

from __future__ import annotations

import re

# (platform, what was recognised, pattern over address and source). The first family with a match wins.
MARKS: tuple[tuple[str, str, str], ...] = (
    ("ucap", "tag <ucapcontent>", r"<ucap(?:content|title)"),
    ("ucap", "script kpyfx_js_id_", r"kpyfx_js_id_"),
    ("ucap", "loadPageData and handlebars template", r"loadPageData\(|x-handlebars-template|/pc/list\.html"),
    ("ucap", "address /<site>/<column>/<yyyymm>/<32 hex>.shtml", r"/[a-z]+/\w+/\d{6}/(?:[0-9a-f]{32}|c\d+_\d+)\.shtml"),
    ("ucap", "createPageHTML('page_div', …", r"createPageHTML\(\s*['\"]page_div"),
    ("ucap", "content_<19 digits>.html", r"/content/content_\d{19}\.html"),
    ("hanweb", "list rows in <datastore>", r"text/xml['\"]>\s*<datastore>"),
    ("hanweb", "unitbuild.js", r"unitbuild\.js"),
    ("truecms", "messageController/getMessage.do", r"messageController/getMessage\.do"),
    (
        "hanweb",
        "address art_<column>_<id> or /module/",
        r"/art_\d+_\d+\.html|/art/\d{4}/art_[0-9a-f]{32}|/module/xxgk/",
    ),
    ("gkmlpt", "window._CONFIG of gkmlpt", r"_CONFIG\s*=|/gkmlpt/"),
    ("gkmlpt", "address post_<id>", r"/content/(?:\d+/\d+/)?post_\d+\.html"),
    ("lonsun", "/public/column/ or label 8888", r"/public/(?:column|content)/\d+|site/label/8888"),
    (
        "openness",
        "Openness or Xxgk show pages",
        r"(?:Openness|Xxgk)(?:Content|AnnualReport)/show|/xxgkAnnualReport/detail/",
    ),
    ("vsb", "vsb_content", r"vsb_content|_newscontent_fromname|/info/\d+/\d+\.htm"),
    ("epoint", "EWB-FRONT", r"EWB-FRONT|webBuilderCommon|/govxxgk/\w+/\d{4}-\d\d-\d\d/"),
    ("trs", "address t<date>_<id>", r"/t(?:\d{8}_)?\d+\.s?html?|/t_\d+\.html|TRS_(?:Editor|UEDITOR)|trs_editor_view"),
    ("trs", "createPageHTML(n, 0, …", r"createPageHTML\(\s*\d+\s*,\s*0\b"),
)
_COMPILED = tuple((platform, what, re.compile(pattern)) for platform, what, pattern in MARKS)


def marks(address: str, source: str) -> list[tuple[str, str]]:
    """(platform, what was recognised), every mark that an address and a page's source bear, strongest first."""
    text = f"{address}\n{source}"
    return [(platform, what) for platform, what, pattern in _COMPILED if pattern.search(text)]


# Families in the order in which they are tried
ORDER = tuple(dict.fromkeys(platform for platform, _, _ in MARKS))
