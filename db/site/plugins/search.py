"""/search: full text over titles and sections; zh_match() for the same in SQL."""

from sqlite3 import OperationalError

from datasette import Response, hookimpl
from datasette.database import QueryInterrupted

from db import asking, found, search


async def page(datasette, request):
    """The page; whatever was typed is answered in words."""
    wanted = found.asked({name: request.args.get(name) for name in ("q", *found.VALID, "page")})
    try:
        shown = await asking.read(datasette, request, lambda query: found.load(query, wanted))
    except (QueryInterrupted, OperationalError) as error:
        if not isinstance(error, QueryInterrupted) and "no such table" not in str(error):
            raise
        wanted.said.append("slow" if isinstance(error, QueryInterrupted) else "no_index")
        wanted.narrowed, wanted.words = {}, []
        shown = await asking.read(datasette, request, lambda query: found.load(query, found.asked({})))
        shown |= {"asked": wanted}
    return Response.html(await datasette.render_template("search.html", shown, request=request))


@hookimpl
def register_routes():
    """One route."""
    return [(r"^/search$", page)]


@hookimpl
def prepare_connection(conn):
    """In SQL: `passages WHERE id IN (SELECT rowid FROM passage_words WHERE passage_words MATCH zh_match('公开'))`."""
    conn.create_function("zh_match", 1, lambda words: search.match(str(words or "")), deterministic=True)
