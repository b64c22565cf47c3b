"""An Epoint portal: one JSON service behind empty pages, asked with the site's guid (PORTALS §7 I)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from urllib.parse import parse_qs, urlsplit

from crawler.portals import Portal
from crawler.replica import Answer, Asked
from crawler.replica.publish import Static, article, hexadecimal, home, others, page, publish

YEARS = (2021, 2022, 2023)
GUID = "7eb5f7f1-9041-43ad-8e13-8fcb82ea831a"


def site(
    portal: Portal, organs: Sequence[tuple[str, str]], years: Sequence[int] = YEARS, *, wrapped: bool = False
) -> Static:
    """`wrapped`: an older server, which wants the question inside `params`."""
    category = parse_qs(urlsplit(portal.start[0]).query)["categorynum"][0]
    reports = [
        publish(u, o, y, f"/govxxgk/{category}/{y + 1}-01-20/{hexadecimal(u, y)}.html")
        for u, o in organs
        for y in years
    ]
    listed = [(r.path, r.title, r.day) for r in reports]
    listed[2:2] = others(portal, 30, lambda n: f"/govxxgk/{category}/2024-01-01/{hexadecimal(n)}.html")
    pages: dict[str, Answer] = {r.path: article(portal, r, 'div class="ewb-article"') for r in reports}
    pages["/js/ajaxReq.js"] = Answer(
        f'var siteInfo = {{"siteGuid": "{GUID}"}};'.encode(), content_type="text/javascript"
    )
    pages["/"] = home(portal)

    def other(asked: Asked) -> Answer | None:
        if asked.path.startswith("/dynamic/"):  # an empty frame that a script fills
            return page(portal.name, '<div id="list"></div><script src="/js/ajaxReq.js"></script>', site=portal.name)
        if asked.method != "POST" or not asked.path.endswith("/getgovinfolist"):
            return None
        question = json.loads(asked.body)
        question = question.get("params", {}) if wrapped else question
        if question.get("siteGuid") != GUID or question.get("categorynum") != category:
            return Answer(b'{"status":{"code":0},"custom":{}}', content_type="application/json")
        first = question["pageIndex"] * question["pageSize"]
        names = ("infourl", "realtitle", "infodate")
        data = [dict(zip(names, row, strict=True)) for row in listed[first : first + question["pageSize"]]]
        body = json.dumps({"custom": {"total": len(listed), "data": data}}, ensure_ascii=False)
        return Answer(body.encode(), content_type="application/json;charset=UTF-8")

    return Static(portal.host, urlsplit(portal.start[0]).scheme, tuple(reports), pages, other)
