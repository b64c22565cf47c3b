"""The front page, /about and /glossary; `facts` for the banner and the footer of every page."""

from datasette import Forbidden, Response, hookimpl

from crawler.settings import CONTACT
from db import asking, front, glossary, language


def _reader(datasette):
    """A function that runs SQL on the database and gives rows as dicts."""
    database = datasette.get_database("gongkai")

    async def query(sql, *values):
        return [dict(row) for row in (await database.execute(sql, values)).rows]

    return query


@hookimpl
def extra_template_vars(datasette):
    """`facts` about the build, on every page."""

    async def variables():
        if "gongkai" not in datasette.databases:
            return {"facts": {}}
        return {"facts": {row["key"]: row["value"] for row in await _reader(datasette)("SELECT key, value FROM meta")}}

    return variables


async def _page(datasette, request, template, found):
    if not await datasette.permission_allowed(request.actor, "view-database", "gongkai", default=True):
        raise Forbidden("view-database")
    return Response.html(await datasette.render_template(template, found, request=request))


async def home(datasette, request):
    """The front page; `?province=36` lists the places of one province."""
    t = language.speaker(language.of(request))
    province = (request.args.get("province") or "")[:2]
    found = await asking.read(datasette, request, lambda query: front.front(query, t, province))
    return await _page(datasette, request, "index.html", found)


async def about(datasette, request):
    """Method, limits, contact."""
    sources = await _reader(datasette)("SELECT * FROM register_sources ORDER BY part, source")
    return await _page(datasette, request, "about.html", {"contact": CONTACT, "sources": sources})


async def words(datasette, request):
    """Every row of the forms with its article and its English."""
    return await _page(datasette, request, "glossary.html", glossary.glossary())


@hookimpl
def register_routes():
    """Three pages; the first in the place of Datasette's list of databases, which counts every table."""
    return [(r"^/$", home), (r"^/about$", about), (r"^/glossary$", words)]
