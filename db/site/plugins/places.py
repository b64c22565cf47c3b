"""/place/<code> and /unit/<id>: what was published and what was not, the figures over the years; /unit/<id>.csv."""

from datasette import NotFound, Response, hookimpl

from db import asking, language, places, units


async def place(datasette, request):
    """A division: what lies above and below it, its units' reports, its government's figures and their peers."""
    code, year = request.url_vars["code"], request.args.get("year") or ""
    wanted = int(year) if year.isascii() and year.isdigit() and len(year) == 4 else None
    t = language.speaker(language.of(request))
    found = await asking.read(datasette, request, lambda query: places.place(query, code, t, wanted))
    if found is None:
        raise NotFound(t("place.none", code=code))
    return Response.html(await datasette.render_template("place.html", found, request=request))


async def unit(datasette, request):
    """A unit: its reports by year with their figures, originals and findings."""
    found = await _unit(datasette, request)
    return Response.html(await datasette.render_template("unit.html", found, request=request))


async def _unit(datasette, request):
    id, t = request.url_vars["id"], language.speaker(language.of(request))
    found = await asking.read(datasette, request, lambda query: units.unit(query, id, t))
    if found is None:
        raise NotFound(t("unit.none", id=id))
    return found


async def history(datasette, request):
    """The same as a table that spreadsheets open: UTF-8 with its mark."""
    found = await _unit(datasette, request)
    disposition = {"content-disposition": f'attachment; filename="{found["unit"]["id"]}.csv"'}
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
