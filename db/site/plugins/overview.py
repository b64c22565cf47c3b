"""/findings, /findings/<RULE>, /coverage, /health, /changes and the feeds: what is wrong, absent or new."""

from functools import partial
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

from datasette import NotFound, Response, hookimpl
from datasette.utils.asgi import BadRequest

from db import asking, feeds, language, money, overview


def _speaker(request):
    return language.speaker(language.of(request))


def _page(template, load):
    """A page of `template` with what `load(query, t, request)` gives; what was asked wrongly is answered in words."""

    async def page(datasette, request):
        t = _speaker(request)
        found = await _answered(datasette, request, lambda query: load(query, t, request))
        if isinstance(found, Response):
            return found
        return Response.html(await datasette.render_template(template, found, request=request))

    return page


async def _answered(datasette, request, load):
    try:
        return await asking.read(datasette, request, load)
    except overview.Unknown as error:
        raise BadRequest(str(error)) from error
    except overview.Several as choice:
        rest = [pair for pair in parse_qsl(request.query_string) if pair[0] not in ("place", "after")]
        found = {"asked": choice.asked, "places": choice.places, "path": request.path, "rest": urlencode(rest)}
        return Response.html(await datasette.render_template("which.html", found, request=request), status=300)


def _asked(request, *names):
    return [(request.args.get(name) or "").strip() for name in names]


async def findings(query, t, request):
    """The queue by rule."""
    return await overview.queue(query, t, *_asked(request, "place"))


async def rule(query, t, request):
    """The findings of one rule."""
    id = request.url_vars["rule"]
    place, review, after = _asked(request, "place", "review", "after")
    found = await overview.rule(query, t, id, place, review or "open", after)
    if found is None:
        raise NotFound(t("findings.no_rule", asked=id[:40]))
    return found


async def coverage(query, t, request):
    """Who published and who did not."""
    return await overview.coverage(query, t, *_asked(request, "place", "year", "state", "after"))


async def health(query, t, request):
    """What the newest run of every portal says."""
    return await overview.health(query, t, *_asked(request, "place"))


async def changes(datasette, request):
    """Newest and changed reports, and what the newest build changed."""
    folder = Path(datasette.get_database("gongkai").path).parent

    async def load(query, t, request):
        place = await overview.where(query, t, *_asked(request, "place"))
        built = await query("SELECT value FROM meta WHERE key = 'built_from'")
        found = {"place": place, "feeds": list(feeds.KINDS), "most": feeds.CELLS, "size": overview.PAGE}
        found["amount_read"] = partial(money.read, t)
        found["newest"] = await feeds.reports(query, t, place["code"], overview.PAGE)
        found["changed"] = await feeds.changes(query, t, place["code"], overview.PAGE)
        found["built"] = overview.note(folder, built[0]["value"] if built else None)
        return overview.SIGNS | found

    return await _page("changes.html", load)(datasette, request)


async def feed(datasette, request):
    """An Atom feed in the reader's language."""
    t, kind = _speaker(request), request.url_vars["kind"]

    def absolute(path):
        return datasette.absolute_url(request, datasette.urls.path(path))

    async def load(query):
        place = await overview.where(query, t, *_asked(request, "place"))
        path = f"/feeds/{kind}.atom?" + urlencode({"lang": language.of(request)} | {"place": place["code"]})
        return await feeds.feed(query, t, kind, place, absolute, path)

    body = await _answered(datasette, request, load)
    if isinstance(body, Response):
        return body
    return Response(body, content_type="application/atom+xml; charset=utf-8")


@hookimpl
def register_routes():
    """Six routes."""
    return [
        (r"^/findings$", _page("findings.html", findings)),
        (r"^/findings/(?P<rule>[^/]+)$", _page("rule.html", rule)),
        (r"^/coverage$", _page("coverage.html", coverage)),
        (r"^/health$", _page("health.html", health)),
        (r"^/changes$", changes),
        (r"^/feeds/(?P<kind>reports|changes|findings)\.atom$", feed),
    ]
