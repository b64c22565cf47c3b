"""/compare and /compare.csv: any units × metrics × years. The address holds the whole question."""

from datasette import Forbidden, Response, hookimpl

from db import compare


async def _load(datasette, request):
    if not await datasette.permission_allowed(request.actor, "view-database", "gongkai", default=True):
        raise Forbidden("view-database")
    database = datasette.get_database("gongkai")

    async def query(sql, *values):
        return [dict(row) for row in (await database.execute(sql, values, truncate=False)).rows]

    return await compare.compare(
        query, *(",".join(request.args.getlist(name)) for name in ("units", "metric", "years"))
    )


async def page(datasette, request):
    """The comparison, or how to ask for one. What could not be used is said, with status 400."""
    found = await _load(datasette, request)
    html = await datasette.render_template("compare.html", found, request=request)
    return Response.html(html, status=400 if found["problems"] else 200)


async def download(datasette, request):
    """The same for spreadsheets. A table that lacks what was asked for is not given."""
    found = await _load(datasette, request)
    if not found["units"] or not found["metrics"]:
        found["problems"].append("请给出单位与指标 Name units and metrics: /compare.csv?units=…&metric=M1")
    if found["problems"]:
        return Response("\n".join(found["problems"]) + "\n", status=400, content_type="text/plain; charset=utf-8")
    disposition = {"content-disposition": 'attachment; filename="compare.csv"'}
    return Response(compare.table(found), headers=disposition, content_type="text/csv; charset=utf-8")


@hookimpl
def register_routes():
    """Two routes."""
    return [(r"^/compare$", page), (r"^/compare\.csv$", download)]
