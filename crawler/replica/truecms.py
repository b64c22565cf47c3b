"""A TrueCMS portal: sixty rows in the page, the rest as JSONP for those who send a Referer (PORTALS §7 J)."""

from __future__ import annotations

import html
import json
from collections.abc import Sequence
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

from crawler.portals import Portal
from crawler.replica import Answer, Asked
from crawler.replica.publish import Static, article, home, others, page, publish

YEARS = (2021, 2022, 2023)
WINDOW = 60


def site(portal: Portal, organs: Sequence[tuple[str, str]], years: Sequence[int] = YEARS) -> Static:
    """Every third row hides its address in `onclick`."""
    entry = urlsplit(portal.start[0]).path
    folder = entry.rpartition("/")[0]
    column = str(uuid5(NAMESPACE_URL, entry))
    reports = [
        publish(u, o, y, f"{folder}/content/{uuid5(NAMESPACE_URL, f'{u}{y}')}.html") for u, o in organs for y in years
    ]
    listed = [(r.path, r.title, r.day) for r in reports]
    listed[5:5] = others(portal, 70, lambda n: f"{folder}/content/{uuid5(NAMESPACE_URL, str(n))}.html")

    def window(first: int, last: int) -> str:
        records = "".join(_record(n, row) for n, row in enumerate(listed[first - 1 : last], first))
        return f"<datastore><totalrecord>{len(listed)}</totalrecord><recordset>{records}</recordset></datastore>"

    pages: dict[str, Answer] = {r.path: article(portal, r, 'div class="main-txt"') for r in reports}
    script = f"<script>var columnId='{column}';/* /truecms/messageController/getMessage.do */</script>"
    hidden = f'<div id="initData" style="display:none">{html.escape(window(1, WINDOW))}</div>'
    pages[entry] = page("信息公开年报", hidden + script, site=portal.name)
    pages["/"] = home(portal)

    def other(asked: Asked) -> Answer | None:
        if not asked.path.endswith("/getMessage.do"):
            return None
        if not asked.headers.get("referer"):
            return Answer(b"", 403)
        found = window(int(asked.query["startrecord"]), int(asked.query["endrecord"]))
        result = found if asked.query["columnId"] == column else ""
        body = f"{asked.query['callback']}({json.dumps({'result': result}, ensure_ascii=False)})"
        return Answer(body.encode(), content_type="text/javascript;charset=UTF-8")

    return Static(portal.host, urlsplit(portal.start[0]).scheme, tuple(reports), pages, other)


def _record(n: int, row: tuple[str, str, str]) -> str:
    href, title, day = row
    link = f'onclick="window.open(\'{href}\')" href="javascript:;"' if n % 3 == 0 else f'href="{href}"'
    return f'<record><![CDATA[<li><a {link} title="{title}">{title[:14]}…</a><span>{day}</span></li>]]></record>'
