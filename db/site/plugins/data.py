"""/data: files of the release, with Range; the data dictionary; ten canned queries; links from their results."""

import asyncio
from contextlib import suppress
from pathlib import Path

from datasette import NotFound, Response, hookimpl
from markupsafe import Markup, escape

from db import asking, downloads, language, package, queries

CHUNK = 256 * 1024
TRIES = 5
PAGES = {"report": "/report/", "report_before": "/report/", "unit": "/unit/", "code": "/place/", "place": "/place/"}


def _folder(datasette):
    return Path(datasette.get_database("gongkai").path).parent / downloads.FOLDER


async def data(datasette, request):
    """What can be downloaded, queried and cited."""
    sql = "SELECT part, source, licence, note FROM register_sources ORDER BY part, source"
    sources = await asking.read(datasette, request, lambda query: query(sql))
    held = await asyncio.to_thread(downloads.held, _folder(datasette))
    context = {
        "held": held,
        "groups": downloads.dictionary()[0],
        "kinds": downloads.KINDS,
        "heads": (downloads.DATABASE, downloads.PACKAGE, downloads.SUMS),
        "queries": queries.load(),
        "sources": sources,
        "licences": package.about()["licenses"],
        "in_words": downloads.size_in_words,
    }
    return Response.html(await datasette.render_template("data.html", context, request=request))


async def dictionary(datasette, request):
    """Every table and column, from the schema's comments."""
    await asking.allowed(datasette, request)
    tables, views = downloads.dictionary()
    context = {"groups": tables, "views": views}
    return Response.html(await datasette.render_template("dictionary.html", context, request=request))


async def file(datasette, request, send):
    """A file of the release, or a part of it; only names that its list of digests has."""
    await asking.allowed(datasette, request)
    one, opened = await _open(_folder(datasette), request.url_vars["name"])
    with opened:
        etag = f'"{one.digest}"'
        headers = {"accept-ranges": "bytes", "etag": etag, "cache-control": "no-cache"}
        if etag in request.headers.get("if-none-match", ""):
            return Response("", status=304, headers=headers)
        asked = request.headers.get("range", "") if request.headers.get("if-range", etag) == etag else ""
        try:
            part = downloads.part(asked, one.size)
        except ValueError as error:
            return Response("", status=416, headers=headers | {"content-range": str(error)})
        start, end = part or (0, one.size)
        headers |= {"content-type": downloads.media_type(one.name), "content-length": str(end - start)}
        headers["content-disposition"] = f'attachment; filename="{Path(one.name).name}"'
        if part:
            headers["content-range"] = f"bytes {start}-{end - 1}/{one.size}"
        pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": 206 if part else 200, "headers": pairs})
        opened.seek(start)
        left = 0 if request.method == "HEAD" else end - start
        while left and (body := await asyncio.to_thread(opened.read, min(CHUNK, left))):
            left -= len(body)
            await send({"type": "http.response.body", "body": body, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
    return None


async def _open(folder, name):
    """A file as its release describes it; opened before the answer begins, so that it stays what it is.

    Between two renames of a new release there is none for a moment: looked for again before that is said."""
    for _ in range(TRIES):
        held = await asyncio.to_thread(downloads.held, folder)
        if held and name not in held.files:
            break
        with suppress(FileNotFoundError):
            opened = await asyncio.to_thread((folder / name).open, "rb")
            if held and await asyncio.to_thread(downloads.held, folder) is held:
                return held.files[name], opened
            opened.close()
        await asyncio.sleep(0.02)
    raise NotFound(name)


@hookimpl
def register_routes():
    """/data, /data/dictionary and the files, so that the paths in datapackage.json hold here too."""
    return [
        (r"^/data$", data),
        (r"^/data/dictionary$", dictionary),
        (r"^/data/(?P<name>[A-Za-z0-9_]+(?:\.[a-z]+)?|(?:csv|xlsx|parquet)/[a-z0-9_]+\.[a-z]+)$", file),
    ]


@hookimpl
def canned_queries(database):
    """The queries of db/queries; in JSON and lists there is one title and text for all readers, in both languages."""
    if database != "gongkai":
        return {}
    return {
        query.name: {
            "sql": query.sql,
            "title": f"{query.title['zh']} · {query.title['en']}",
            "description": f"{query.says['zh']} {query.says['en']}",
            "params": list(query.parameters),
        }
        for query in queries.load()
    }


@hookimpl
def extra_template_vars(request):
    """On the page of a canned query, its title and text in the reader's language only."""
    name = request.path.removeprefix("/gongkai/") if request else ""
    for query in queries.load():
        if query.name == name:
            spoken = language.of(request)
            return {"metadata": {"title": query.title[spoken], "description": query.says[spoken]}}
    return {}


@hookimpl
def render_cell(value, column, table, database):
    """In results of queries, ids of reports, units and places lead to their pages."""
    if table is None and database == "gongkai" and column in PAGES and isinstance(value, str) and value:
        return Markup('<a href="{}">{}</a>').format(PAGES[column] + value, escape(value))
    return None
