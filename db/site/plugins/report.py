"""/report/<id>: one report in the layout of the official form."""

from datasette import Forbidden, NotFound, Response, hookimpl

from db import page


async def report(datasette, request):
    """The page; an unresolved report's old address leads on once it is resolved."""
    id = request.url_vars["id"]
    if not await datasette.permission_allowed(request.actor, "view-database", "gongkai", default=True):
        raise Forbidden("view-database")
    database = datasette.get_database("gongkai")

    async def query(sql, *values):
        return [dict(row) for row in (await database.execute(sql, values)).rows]

    found = await page.load(query, id)
    if found is not None:
        return Response.html(await datasette.render_template("report.html", found, request=request))
    if id.startswith("x-") and len(id) == 14:
        digest = f"sha256:{id[2:]}"
        resolved = await query(
            "SELECT report FROM report_documents WHERE document >= ? AND document < ?", digest, digest + "g"
        )
        if resolved:
            return Response.redirect(f"/report/{resolved[0]['report']}")
    raise NotFound(f"没有这份报告 No such report: {id}")


@hookimpl
def register_routes():
    """One route."""
    return [(r"^/report/(?P<id>[^/]+)$", report)]
