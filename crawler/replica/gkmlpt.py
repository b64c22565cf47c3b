"""A Guangdong portal: the directory's tree and API, bodies as escaped strings, a report of pictures (PORTALS §7 E)."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from urllib.parse import urlsplit

from crawler.portals import Portal
from crawler.replica import Answer, Asked
from crawler.replica.publish import Published, Static, article, home, number, others, page, publish

YEARS = (2021, 2022, 2023)
PER_PAGE = 20
SID = "755001"
# A white picture of one pixel stands for the scans of the tables: a crawl must keep them, reading is another matter
PIXEL = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsTrKVQAAAABJRU5ErkJggg==")


def site(portal: Portal, organs: Sequence[tuple[str, str]], years: Sequence[int] = YEARS) -> Static:
    """The first organ's newest report has pictures instead of tables."""
    base = urlsplit(portal.start[0]).path.rpartition("/index")[0]
    reports: list[Published] = []
    pages: dict[str, Answer] = {"/": home(portal)}
    for unit, organ in organs:
        for year in years:
            code = number(unit, year)
            reports.append(publish(unit, organ, year, f"{base}/content/{code // 10000}/{code // 10}/post_{code}.html"))
    pictured = reports[len(years) - 1]
    pictures = [f"/img/{number(pictured.unit, n)}.png" for n in range(3)]
    reports[len(years) - 1] = pictured = publish(
        pictured.unit, pictured.organ, pictured.year, pictured.path, found=[pictured.path, *pictures]
    )
    pages |= {path: Answer(PIXEL + str(n).encode(), content_type="image/png") for n, path in enumerate(pictures)}
    for found in reports:
        body = found.report.html
        if found.found:
            words = "".join(f"<p>{found.organ}第{n}项工作的情况如下图所示，具体数据见图。</p>" for n in range(40))
            body = words + "".join(f'<p><img src="{path}"></p>' for path in pictures)
        pages[found.path] = _detail(portal, found, body)
    listed = [(f"{portal.start[0].split('://')[0]}://{portal.host}{r.path}", r.title, r.day) for r in reports]
    listed[4:4] = others(portal, 30, lambda n: f"/news/content/post_{3000 + n}.html")
    tree = [{"id": 1, "name": "政务公开", "children": [{"id": 9, "name": "政府信息公开年报", "children": []}]}]
    config = f"window._CONFIG={{SID:'{SID}',TREE:{json.dumps(tree, ensure_ascii=False)},LOADED:1}}"
    pages[urlsplit(portal.start[0]).path] = page("信息公开目录", f"<script>{config}</script>", site=portal.name)

    def other(asked: Asked) -> Answer | None:
        if asked.path != f"{base}/api/all/9" or asked.query.get("sid") != SID:
            return None
        first = (int(asked.query.get("page", 1)) - 1) * PER_PAGE
        articles = [
            {"id": n, "title": title, "url": url, "display_publish_time": f"{day} 09:00:00", "attachment": []}
            for n, (url, title, day) in enumerate(listed[first : first + PER_PAGE])
        ]
        answer = {"total": len(listed), "classify": {"post_count": len(listed)}, "articles": articles}
        return Answer(json.dumps(answer, ensure_ascii=False).encode(), content_type="application/json")

    return Static(portal.host, urlsplit(portal.start[0]).scheme, tuple(reports), pages, other)


def _detail(portal: Portal, found: Published, body: str) -> Answer:
    """No HTML to select: the body is a string in a script."""
    detail = json.dumps({"title": found.title, "content": body, "publisher": found.organ}, ensure_ascii=False)
    detail = detail.replace("</", "<\\/")
    script = f"<script>window._CONFIG={{SID:'{SID}',DETAIL:{detail}}}</script>"
    return article(portal, found, 'div id="app"', body=script)
