"""/place/<code> and /unit/<id>: what was published and what was not, the figures over the years; /unit/<id>.csv."""

from datasette import Forbidden, NotFound, Response, hookimpl

from db import places, units


async def _query(datasette, request):
    if not await datasette.permission_allowed(request.actor, "view-database", "gongkai", default=True):
        raise Forbidden("view-database")
    database = datasette.get_database("gongkai")

    async def query(sql, *values):
        return [dict(row) for row in (await database.execute(sql, values)).rows]

    return query


async def place(datasette, request):
    """A division: what lies above and below it, its units' reports, its government's figures and their peers."""
    code, year = request.url_vars["code"], request.args.get("year") or ""
    wanted = int(year) if year.isascii() and year.isdigit() and len(year) == 4 else None
    found = await places.place(await _query(datasette, request), code, wanted)
    if found is None:
        raise NotFound(f"没有这个地方 No such place: {code}")
    return Response.html(await datasette.render_template("place.html", found, request=request))


async def unit(datasette, request):
    """A unit: its reports by year with their figures, originals and findings."""
    id = request.url_vars["id"]
    found = await units.unit(await _query(datasette, request), id)
    if found is None:
        raise NotFound(f"没有这个单位 No such unit: {id}")
    return Response.html(await datasette.render_template("unit.html", found, request=request))


async def history(datasette, request):
    """The same as a table that spreadsheets open: UTF-8 with its mark."""
    id = request.url_vars["id"]
    query = await _query(datasette, request)
    found = await units.unit(query, id)
    if found is None:
        raise NotFound(f"没有这个单位 No such unit: {id}")
    disposition = {"content-disposition": f'attachment; filename="{id}.csv"'}
    return Response(
        units.table(found["years"], found["values"]), headers=disposition, content_type="text/csv; charset=utf-8"
    )


@hookimpl
def register_routes():
    """Three routes; the more special one first."""
    return [
        (r"^/place/(?P<code>[^/]+)$", place),
        (r"^/unit/(?P<id>[^/]+)\.csv$", history),
        (r"^/unit/(?P<id>[^/]+)$", unit),
    ]
