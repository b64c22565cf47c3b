"""The front page, /about and /glossary; `facts` for the banner and the footer of every page."""

from datasette import Response, hookimpl

from crawler.settings import CONTACT
from db import asking, front, glossary, language


@hookimpl
def extra_template_vars(datasette):
    """`facts` about the build, on every page."""

    async def variables():
        if "gongkai" not in datasette.databases:
            return {"facts": {}}
        return {"facts": dict((await datasette.get_database("gongkai").execute("SELECT key, value FROM meta")).rows)}

    return variables


async def _page(datasette, request, template, found):
    return Response.html(await datasette.render_template(template, found, request=request))


async def home(datasette, request):
    """The front page; `?province=36` lists the places of one province."""
    t = language.speaker(language.of(request))
    province = (request.args.get("province") or "")[:2]
    found = await asking.read(datasette, request, lambda query: front.front(query, t, province))
    return await _page(datasette, request, "index.html", found)


async def about(datasette, request):
    """Method, limits, contact."""
    sql = "SELECT * FROM register_sources ORDER BY part, source"
    sources = await asking.read(datasette, request, lambda query: query(sql))
    return await _page(datasette, request, "about.html", {"contact": CONTACT, "sources": sources})


async def words(datasette, request):
    """Every row of the forms with its article and its English."""
    await asking.allowed(datasette, request)
    return await _page(datasette, request, "glossary.html", glossary.glossary())


@hookimpl
def register_routes():
    """Three pages; the first in the place of Datasette's list of databases, which counts every table."""
    return [(r"^/$", home), (r"^/about$", about), (r"^/glossary$", words)]
