"""A VSB portal: older pages counting down, columns that are their only article, download.jsp (PORTALS §7 G/H)."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from crawler.portals import Portal
from crawler.replica import Answer
from crawler.replica.publish import Published, Static, article, home, number, others, page, publish, rows

PER_PAGE = 20
YEARS = (2021, 2022, 2023)


def site(portal: Portal, organs: Sequence[tuple[str, str]], years: Sequence[int] = YEARS) -> Static:
    """The entry lists the county's reports and links a column for each town and year, which is the report itself."""
    entry = urlsplit(portal.start[0]).path
    stem = entry.removesuffix(".htm")
    pages: dict[str, Answer] = {"/": home(portal, f'<a href="{entry}">政府信息公开年报</a>')}
    reports: list[Published] = []
    for year in years:
        reports.append(publish(*organs[0], year, f"/info/{number(stem)}/{number(organs[0][0], year)}.htm"))
    code = number(organs[0][0], years[0])
    query = {"urltype": "news.DownloadAttachUrl", "owner": "1", "wbfileid": str(code)}
    file = "/system/_content/download.jsp?" + "&".join(f"{k}={v}" for k, v in query.items())
    reports[0] = publish(*organs[0], years[0], reports[0].path, found=[file])
    pages[file] = Answer(reports[0].report.page.encode(), content_type="application/octet-stream")
    listed = [(r.path, r.title, r.day) for r in reports]
    listed += others(portal, 50, lambda n: f"/info/1001/{3000 + n}.htm")
    single = [(unit, organ, year) for unit, organ in organs[1:] for year in years]
    links = "".join(f'<li><a href="{stem}/n{y}n/xz/{number(u)}.htm">{y}年{o}</a></li>' for u, o, y in single)
    count = -(-len(listed) // PER_PAGE)
    for n in range(count):
        # page 2 of five is 4.htm, the oldest is 1.htm
        following = f'<a href="{stem}/{count - n - 1}.htm">下页</a>' if n + 1 < count else ""
        listing = rows(listed[n * PER_PAGE : (n + 1) * PER_PAGE])
        body = f"<ul>{links}</ul><ul>{listing}</ul>{following}"
        pages[f"{stem}/{count - n}.htm" if n else entry] = page("政府信息公开年报", body, site=portal.name)
    for found in reports:
        text = f'<p>附件</p><p><a href="{found.documents[0]}">{found.title}.docx</a></p>' if found.found else None
        pages[found.path] = article(portal, found, 'div id="vsb_content"', body=text)
    for unit, organ, year in single:
        found = publish(unit, organ, year, f"{stem}/n{year}n/xz/{number(unit)}.htm")
        reports.append(found)
        pages[found.path] = article(portal, found, 'div id="vsb_content_2"')
    return Static(portal.host, urlsplit(portal.start[0]).scheme, tuple(reports), pages)
