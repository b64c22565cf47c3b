"""/compare and /compare.csv: any units × metrics × years. The address holds the whole question."""

from datasette import Response, hookimpl

from db import asking, compare, language


async def _load(datasette, request):
    asked = [",".join(request.args.getlist(name)) for name in ("units", "metric", "years")]
    find = (request.args.get("find") or "").strip()
    t = language.speaker(language.of(request))
    return await asking.read(datasette, request, lambda query: compare.compare(query, t, *asked, find))


async def page(datasette, request):
    """The comparison, or how to ask for one. What could not be used is said, with status 400."""
    found = await _load(datasette, request)
    if found["joined"] and not found["problems"]:  # a name that one unit bears: on to the address that holds it
        units = ",".join(filter(None, [found["asked"]["units"], found["joined"]]))
        return Response.redirect(datasette.urls.path(compare.link(found["asked"], units=units)))
    html = await datasette.render_template("compare.html", found | {"link": compare.link}, request=request)
    return Response.html(html, status=400 if found["problems"] else 200)


async def download(datasette, request):
    """The same for spreadsheets. A table that lacks what was asked for is not given."""
    found = await _load(datasette, request)
    if not found["units"]:
        found["problems"].append(language.speaker(language.of(request))("compare.csv_needs"))
    if found["problems"]:
        return Response("\n".join(found["problems"]) + "\n", status=400, content_type="text/plain; charset=utf-8")
    disposition = {"content-disposition": 'attachment; filename="compare.csv"'}
    return Response(compare.table(found), headers=disposition, content_type="text/csv; charset=utf-8")


@hookimpl
def register_routes():
    """Two routes."""
    return [(r"^/compare$", page), (r"^/compare\.csv$", download)]
