"""A TRS portal: pages counted from 0, year columns, relative links, odd names, a stub, a .doc (PORTALS §7 D)."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from crawler.portals import Portal
from crawler.replica import Answer
from crawler.replica.publish import Static, article, home, number, others, page, publish, rows

PER_PAGE = 15
YEARS = (2021, 2022, 2023)


def site(portal: Portal, organs: Sequence[tuple[str, str]], years: Sequence[int] = YEARS) -> Static:
    """Under the entry: a column for the townships of each year; the county's own reports stand in the list itself."""
    entry = urlsplit(portal.start[0]).path
    base = entry if entry.endswith("/") else entry.rpartition("/")[0] + "/"
    own = [publish(*organs[0], year, f"{base}{year + 1}01/{_name(organs[0][0], year)}") for year in years]
    listed = [(f"./{r.path.removeprefix(base)}", r.title, r.day) for r in own]
    listed += others(portal, 48, lambda n: f"../../news/t20240101_{9000 + n}.html")
    pages = _lists(portal, entry, base, listed, years)
    reports = list(own)
    for year in years:
        found = [publish(u, o, year, f"{base}{year}n/t{year + 1}0122_{number(u, year)}.html") for u, o in organs[1:]]
        if found:  # the last of them holds its report in a file
            last = found[-1]
            file = f"{base}{year}n/P0202{number(last.unit, year)}.doc"
            found[-1] = publish(last.unit, last.organ, year, last.path, found=[file])
            pages[file] = Answer(found[-1].report.page.encode(), content_type="application/msword")
        items = [(f"./{r.path.rpartition('/')[2]}", r.title, r.day) for r in found]
        pages[f"{base}{year}n/"] = page(f"{year}年", f"<ul>{rows(items, cut=16)}</ul>", site=portal.name)
        reports += found
    for found in reports:
        link = f'<p>详见附件</p><p><a href="./{found.documents[0].rpartition("/")[2]}">{found.title}.doc</a></p>'
        pages[found.path] = article(portal, found, 'div class="TRS_Editor"', body=link if found.found else None)
    pages["/"] = home(portal, f'<a href="{base}">政府信息公开年报</a>')
    return Static(portal.host, urlsplit(portal.start[0]).scheme, tuple(reports), pages)


def _name(unit: str, year: int) -> str:
    """1970: so the file is named where the date was lost; without a date; and as it should be."""
    code = number(unit, year)
    return (f"t19700101_{code}.html", f"t{code}.html", f"t{year + 1}0120_{code}.html")[year % 3]


def _lists(
    portal: Portal, entry: str, base: str, listed: Sequence[tuple[str, str, str]], years: Sequence[int]
) -> dict[str, Answer]:
    pages: dict[str, Answer] = {}
    count = -(-len(listed) // PER_PAGE)
    groups = "".join(f'<li><a href="./{year}n/">{year}年</a></li>' for year in years)
    for n in range(count):
        listing = rows(listed[n * PER_PAGE : (n + 1) * PER_PAGE], cut=18)
        call = f'<script>createPageHTML({count}, {n}, "index", "html");</script>'
        body = f'<ul class="years">{groups}</ul><ul>{listing}</ul>{call}'
        path = f"{base}index_{n}.html" if n else entry
        pages[path] = page("政府信息公开年报", body, site=portal.name, column="信息公开年报")
    # what lies beyond the last page answers, with next to nothing
    stub = "<html><head><title></title></head><body>" + " " * 280 + "</body></html>"
    pages[f"{base}index_{count}.html"] = Answer(stub.encode())
    return pages
