"""/findings, /findings/<RULE>, /coverage, /health, /changes and the feeds: what is wrong, absent or new."""

import asyncio
from pathlib import Path

from datasette import Forbidden, NotFound, Response, hookimpl
from datasette.utils.asgi import BadRequest

from db import feeds, overview


async def _query(datasette, request):
    if not await datasette.permission_allowed(request.actor, "view-database", "gongkai", default=True):
        raise Forbidden("view-database")
    database = datasette.get_database("gongkai")

    async def query(sql, *values):
        return [dict(row) for row in (await database.execute(sql, values, truncate=False)).rows]

    return query


async def _page(datasette, request, template, found):
    if found is None:
        raise NotFound("没有这条规则 No such rule")
    return Response.html(await datasette.render_template(template, found, request=request))


def _told(page):
    """A parameter that means nothing is answered in words."""

    async def told(datasette, request):
        try:
            return await page(datasette, request)
        except overview.Unknown as error:
            raise BadRequest(str(error)) from error

    return told


def _asked(request, name):
    return (request.args.get(name) or "").strip()


async def findings(datasette, request):
    """The queue by rule."""
    found = await overview.queue(await _query(datasette, request), _asked(request, "place"))
    return await _page(datasette, request, "findings.html", found)


async def rule(datasette, request):
    """The findings of one rule."""
    asked = _asked(request, "place"), _asked(request, "review") or "open", _asked(request, "after")
    found = await overview.rule(await _query(datasette, request), request.url_vars["rule"], *asked)
    return await _page(datasette, request, "rule.html", found)


async def coverage(datasette, request):
    """Who published and who did not."""
    asked = (_asked(request, name) for name in ("place", "year", "state", "after"))
    found = await overview.coverage(await _query(datasette, request), *asked)
    return await _page(datasette, request, "coverage.html", found)


async def health(datasette, request):
    """What the newest run of every portal says."""
    found = await overview.health(await _query(datasette, request), _asked(request, "place"))
    return await _page(datasette, request, "health.html", found)


async def changes(datasette, request):
    """Newest and changed reports, and what the newest build changed."""
    query = await _query(datasette, request)
    place = await overview.where(query, _asked(request, "place"))
    built = await query("SELECT value FROM meta WHERE key = 'built_from'")
    folder = Path(datasette.get_database("gongkai").path).parent
    found = {
        "place": place,
        "newest": await feeds.reports(query, place["code"], overview.PAGE),
        "changed": await feeds.changes(query, place["code"], overview.PAGE),
        "built": await asyncio.to_thread(overview.note, folder, built[0]["value"] if built else None),
        "most": feeds.CELLS,
    }
    return await _page(datasette, request, "changes.html", overview.WORDS | found)


async def feed(datasette, request):
    """An Atom feed."""
    query, kind = await _query(datasette, request), request.url_vars["kind"]
    place = await overview.where(query, _asked(request, "place"))
    path = f"/feeds/{kind}.atom" + (f"?place={place['code']}" if place["code"] else "")

    def absolute(path):
        return datasette.absolute_url(request, datasette.urls.path(path))

    body = await feeds.feed(query, kind, place, absolute, path)
    return Response(body, content_type="application/atom+xml; charset=utf-8")


@hookimpl
def register_routes():
    """Six routes."""
    return [
        (r"^/findings$", _told(findings)),
        (r"^/findings/(?P<rule>[^/]+)$", _told(rule)),
        (r"^/coverage$", _told(coverage)),
        (r"^/health$", _told(health)),
        (r"^/changes$", _told(changes)),
        (r"^/feeds/(?P<kind>reports|changes|findings)\.atom$", _told(feed)),
    ]
