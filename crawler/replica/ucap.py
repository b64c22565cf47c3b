"""A UCAP portal between its two generations: organ frames and static lists, a list that only a script fills,
a sister site's article, generation times as dates, and the new lists behind /queryList (PORTALS §7 A and B)."""

from __future__ import annotations

import html
import json
from collections.abc import Sequence
from urllib.parse import urlsplit

from crawler.portals import Portal
from crawler.replica import Answer, Asked
from crawler.replica.publish import Published, Static, hexadecimal, home, number, others, page, publish, rows

PER_PAGE = 20
YEARS = (2021, 2022, 2023)
Listed = list[tuple[str, str, str]]


def site(portal: Portal, organs: Sequence[tuple[str, str]], years: Sequence[int] = YEARS) -> Static:
    """The entry is the directory of organs. The first organ's column is static, the second's filled by a script, the
    others' are new pages; new columns also list what still lies under its old address."""
    start = urlsplit(portal.start[0])
    site_code = start.path.strip("/").partition("/")[0]
    sister = "yzqrmzf" if site_code == "fcsrmzf" else "fcsrmzf"
    pages: dict[str, Answer] = {"/": home(portal)}
    reports: list[Published] = []
    searches: dict[str, Listed] = {}
    queries: dict[str, Listed] = {}
    links = []
    for n, (unit, organ) in enumerate(organs):
        column = f"zfxxgkndbg{number(unit) % 97}"
        new = n >= 2
        found = [_report(site_code, column, unit, organ, y, new=new and y != years[0], files=n == 0) for y in years]
        if n == 0:  # one of its articles still lies under an older slug of the column
            older = f"/{site_code}/zfxxgknb/{years[0]}01/{hexadecimal(unit, 'older')}.shtml"
            found.append(publish(unit, organ, years[0] - 1, older))
        reports += found
        for report in found:
            pages |= _article(portal, report, column)
        listed: Listed = [(r.path, r.title, r.day) for r in found]
        listed += others(portal, 45, lambda k, c=column: f"/{site_code}/{c}/202401/{hexadecimal(c, k)}.shtml")
        if new:
            queries[column] = listed + others(
                portal, 12, lambda k, c=column: f"/{site_code}/{c}/pc/content/content_{10**18 + k}.html"
            )
            links.append((f"/{site_code}/{column}/pc/list.html", organ))
            pages[links[-1][0]] = _new_list(portal, site_code, column, queries[column])
        else:
            listed.insert(
                3,
                (
                    f"/{sister}/zfxxgknb18/202101/{hexadecimal('sister')}.shtml",
                    "同田乡2020年政府信息公开工作年度报告",
                    "2021-01-20",
                ),
            )
            links.append(
                (f"/{site_code}/{column}/xxgk.shtml?code={column}&temp=xxgk_list_nb&parentCode={column}", organ)
            )
            searches[hexadecimal(column)] = listed if n == 1 else []
            pages |= _classic_list(portal, f"/{site_code}/{column}/", column, listed, hidden=n == 1)
    for year in years[-2:]:  # the county's own reports: a column a year, each with an arbitrary suffix
        column = f"{year}nianduu" if year % 2 else f"{year}nf"
        own = publish(
            portal.division,
            f"{portal.name}办公室",
            year,
            f"/{site_code}/{column}/{year + 1}02/{hexadecimal(column)}.shtml",
        )
        reports.append(own)
        pages |= _article(portal, own, column)
        pages |= _classic_list(
            portal, f"/{site_code}/{column}/", column, [(own.path, own.title, own.day)], hidden=False
        )
        links.append((f"/{site_code}/{column}/xxgk_list_nb.shtml", f"{year}年政府信息公开年报"))
    directory = "".join(f'<li><a href="{html.escape(href)}">{organ}</a></li>' for href, organ in links)
    extra = "".join(f'<li><a href="/{site_code}/bm{n}/index.shtml">第{n}科</a></li>' for n in range(3))
    pages[start.path] = page("信息公开目录", f"<ul>{directory}{extra}</ul>", site=portal.name)

    def other(asked: Asked) -> Answer | None:
        if asked.path.startswith("/common/search/"):
            return _search(portal, searches.get(asked.path.rpartition("/")[2], []), int(asked.query.get("page", 1)))
        if asked.path == "/queryList" and asked.method == "POST":
            return _query(queries, asked)
        return None

    return Static(portal.host, start.scheme, tuple(reports), pages, other)


def _report(site_code: str, column: str, unit: str, organ: str, year: int, *, new: bool, files: bool) -> Published:
    path = f"/{site_code}/{column}/{year + 1}01/{hexadecimal(unit, year)}.shtml"
    if new:
        path = f"/{site_code}/{column}/pc/content/content_{10**18 + number(unit, year)}.html"
    if new and year % 3 == 1:  # the file's name on the disk is random
        return publish(
            unit, organ, year, path, found=[f"/doc/ucap/{number(unit)}/document/20250801/{hexadecimal(path)[:8]}.docx"]
        )
    if year % 3 == 0 and files:  # the report is a file, its page nearly empty
        return publish(unit, organ, year, path, found=[path.rpartition("/")[0] + f"/{hexadecimal(unit)[:8]}.docx"])
    return publish(unit, organ, year, path)


def _article(portal: Portal, found: Published, column: str) -> dict[str, Answer]:
    """PubDate is the moment of generation; 生成日期 is the day of publication. `.fj-a` is there, empty or not."""
    generated = f"{found.year + 2}-08-16 09:12:45"
    metas = {
        "ArticleTitle": found.title,
        "PubDate": generated,
        "ContentSource": "",
        "others": f"页面生成时间 {generated}",
    }
    files = ""
    body = found.report.html
    pages: dict[str, Answer] = {}
    if found.found:
        name = found.found[0]
        pages[name] = Answer(found.report.page.encode(), content_type="application/octet-stream")
        files, body = f'<a href="{name.rpartition("/")[2]}">{found.title}.docx</a>', "<p>见附件</p>"
        if name.startswith("/doc/"):
            files, body = "", f'<p class="insertfileTag"><a href="{name}">{name.rpartition("/")[2]}</a></p>'
    dl = "".join(
        f'<dd class="addWidth {name}"><label><font>{label}：</font></label>'
        f'<span class="display-block">{value}</span></dd>'
        for name, label, value in (
            ("IndexNo", "索引号", ""),
            ("scrq", "生成日期", found.day),
            ("ReleaseMechanism", "发布机构", found.organ),
        )
    )
    text = (
        f'<div class="xxgk-crumb"><h2><a href="/">首页</a><a href="#">{found.organ}</a></h2></div>'
        f'<div class="meta-data"><dl>{dl}</dl></div><h1 class="article-title"><ucaptitle>{found.title}</ucaptitle></h1>'
        f'<div id="zoomcon"><ucapcontent>{body}</ucapcontent></div><div class="fj-a">附件：{files}</div>'
        "<script id='kpyfx_js_id_10001'></script>"
    )
    # the whole column in one small file, beside each article
    pages[found.path.rpartition("/")[0] + "/content_page.js"] = Answer(
        f"var content_str='{number(found.path)}@@@@@{found.title}@@@@@{found.path}#####';".encode()
    )
    return pages | {found.path: page(found.title, text, site=portal.name, metas=metas)}


def _classic_list(portal: Portal, base: str, column: str, listed: Listed, *, hidden: bool) -> dict[str, Answer]:
    """`hidden`: rows and page counter stand in a comment, stale; the visible list is filled by a script."""
    count = -(-len(listed) // PER_PAGE)
    pages = {}
    for n in range(1, count + 1):
        listing = f'<ul class="list">{rows(listed[(n - 1) * PER_PAGE : n * PER_PAGE], cut=14)}</ul>'
        call = f"<script>createPageHTML('page_div', {count}, {n}, 'xxgk_list_nb', 'shtml', {len(listed)});</script>"
        body = f"<!-- {listing}{call} --><ul id='ajax'></ul>" if hidden else listing + call
        head = f'<meta name="channelId" content="{hexadecimal(column)}">' if hidden else ""
        name = f"xxgk_list_nb_{n}.shtml" if n > 1 else "xxgk_list_nb.shtml"
        pages[base + name] = page("政府信息公开年报", body, site=portal.name, column="信息公开年报", head=head)
    return pages


def _new_list(portal: Portal, site_code: str, column: str, listed: Listed) -> Answer:
    inlined = json.dumps({"articleList": [{"title": t, "url": u} for u, t, _ in listed[:50]]}, ensure_ascii=False)
    own = json.dumps(
        {"channelCode": column, "channelName": "政府信息公开年报", "articleCount": len(listed)}, ensure_ascii=False
    )
    script = (
        f"<script>var listData={inlined};var channelsTagSelf={own};var channelsTagParent=[{own}];"
        "loadPageData(params,'380055');</script>"
        '<script type="text/x-handlebars-template" id="div380055"></script>'
    )
    return page("政府信息公开年报", script, site=portal.name, head=f'<base href="/{site_code}/">')


def _search(portal: Portal, listed: Listed, number_: int) -> Answer:
    chosen = listed[(number_ - 1) * 20 : number_ * 20]
    results = [
        {"title": title, "url": f"//{portal.host}{path}", "publishedTimeStr": f"{day} 10:20:00"}
        for path, title, day in chosen
    ]
    data = {"data": {"total": len(listed), "rows": 20, "page": number_, "results": results}}
    return Answer(json.dumps(data, ensure_ascii=False).encode(), content_type="application/json")


def _query(queries: dict[str, Listed], asked: Asked) -> Answer:
    """Columns whose name ends in an odd figure want JSON, the others a form: both were seen."""
    as_json = asked.headers.get("content-type", "").startswith("application/json")
    question = json.loads(asked.body) if as_json else asked.form
    column = question["channelCode"][0] if as_json else question.get("channelCode[]", "")
    if column not in queries or (number(column) % 2 == 1) != as_json:
        return Answer(b'{"code":500}', content_type="application/json")
    size, current = int(question["pageSize"]), int(question["current"])
    results = []
    for path, title, day in queries[column][(current - 1) * size : current * size]:
        source = {"showTitle": f"<p>{title}</p>", "pubDate": f"{day} 16:59", "urls": json.dumps({"pc": path})}
        results.append({"source": source | {"contentSource": "", "articleFiles": []}})
    data = {"data": {"total": len(queries[column]), "results": results}}
    return Answer(json.dumps(data, ensure_ascii=False).encode(), content_type="application/json")
