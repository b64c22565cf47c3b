"""Hanweb's other lists: units that JPaaS builds, and the search of the xxgk module (PORTALS §7 C)."""

from __future__ import annotations

import html
import json
from collections.abc import Sequence
from urllib.parse import urlsplit

from crawler.portals import Portal
from crawler.replica import Answer, Asked
from crawler.replica.publish import Static, article, hexadecimal, home, number, others, page, publish, rows

YEARS = (2021, 2022, 2023)
PER_PAGE = 15


def site(portal: Portal, organs: Sequence[tuple[str, str]], years: Sequence[int] = YEARS) -> Static:
    """The entry is a column of JPaaS with the reports of all organs but the last; the search has those of the last,
    one of them as a file that only a viewer shows."""
    entry = urlsplit(portal.start[0]).path
    reports = [
        publish(u, o, y, f"/col/col7/art/{y + 1}/art_{hexadecimal(u, y)}.html") for u, o in organs[:-1] for y in years
    ]
    unit, organ = organs[-1]
    searched = [publish(unit, organ, y, f"/art/{y + 1}/1/9/art_4021_{number(unit, y)}.html") for y in years]
    file = f"/module/download/downfile.jsp?classid=0&filename={hexadecimal(unit)}.pdf"
    searched[0] = publish(unit, organ, years[0], searched[0].path, found=[file])
    pages: dict[str, Answer] = {"/": home(portal)}
    pages |= {r.path: article(portal, r, 'div class="article-body"') for r in reports + searched}
    viewer = f'<script>var pdfurl = "{file}";</script>'
    pages[searched[0].path] = article(portal, searched[0], 'div class="article-body"', body=viewer)
    pages[file] = Answer(searched[0].report.page.encode(), content_type="text/html;charset=gb2312")
    pages[entry] = page("政府信息公开年报", _unit(entry), site=portal.name, column="信息公开年报")
    listed = [(r.path, r.title, r.day) for r in reports]
    listed[2:2] = others(portal, 30, lambda n: f"/col/col7/art/2024/art_{hexadecimal(n)}.html")
    found = [(r.path, r.title, r.day) for r in searched]
    found[1:1] = others(portal, 25, lambda n: f"/art/2024/1/9/art_4021_{600 + n}.html")

    def other(asked: Asked) -> Answer | None:
        if asked.path.endswith("/build/unit"):
            # `pageNo` beside paramJson is ignored; beyond the end the last page comes again
            wanted = json.loads(asked.query.get("paramJson", "{}")).get("pageNo", 1)
            last = -(-len(listed) // PER_PAGE)
            first = (min(wanted, last) - 1) * PER_PAGE
            text = f"<ul>{rows(listed[first : first + PER_PAGE])}</ul>"
            text += f'<div class="pagination" rows="{PER_PAGE}" count="{len(listed)}"></div>'
            body = json.dumps({"success": True, "data": {"html": text}}, ensure_ascii=False)
            return Answer(body.encode(), content_type="application/json")
        if asked.path == "/module/xxgk/search.jsp" and asked.method == "POST":
            return _search(found, int(asked.form.get("currpage", 1)))
        return None

    return Static(portal.host, urlsplit(portal.start[0]).scheme, (*reports, *searched), pages, other)


def _unit(entry: str) -> str:
    data = {"parseType": "bulidstatic", "webId": "3630", "tplSetId": "a1", "pageType": "column", "tagId": "列表"}
    written = html.escape(str(data | {"pageId": str(number(entry))}))
    return (
        '<script src="/AuthorizedRead/unitbuild.js" url="/api-gateway/jpaas-publish-server/front/page/build/unit" '
        f'queryData="{written}"></script>'
    )


def _search(found: Sequence[tuple[str, str, str]], current: int) -> Answer:
    count = -(-len(found) // PER_PAGE)
    listed = found[(current - 1) * PER_PAGE : current * PER_PAGE]
    text = "".join(
        f'<tr class="tr_main_value_{"odd" if n % 2 else "even"}"><td>001008003/2024-{n}</td>'
        f'<td><a href="{path}" title="{title}">{title[:16]}…</a></td><td>{day}</td></tr>'
        for n, (path, title, day) in enumerate(listed)
    )
    return Answer(f"<table>{text}</table><div>第{current}页/共&nbsp;{count}&nbsp;页</div>".encode())
