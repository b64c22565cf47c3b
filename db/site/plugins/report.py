"""/report/<id>: one report in the layout of the official form."""

import re

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
    if unresolved := re.fullmatch(r"x-([0-9a-f]{12})(?:-(\d+))?", id):
        digest, part = f"sha256:{unresolved[1]}", int(unresolved[2] or 1)
        resolved = await query(
            "SELECT id AS report, part FROM reports WHERE document >= ?1 AND document < ?2 UNION ALL"
            " SELECT report, 0 FROM report_documents WHERE document >= ?1 AND document < ?2 UNION ALL"
            " SELECT report, part FROM report_versions WHERE document >= ?1 AND document < ?2",
            digest,
            digest + "g",
        )
        resolved.sort(key=lambda row: row["part"] != part)  # a document may hold several reports
        if resolved:
            return Response.redirect(f"/report/{resolved[0]['report']}")
    raise NotFound(f"没有这份报告 No such report: {id}")


@hookimpl
def register_routes():
    """One route."""
    return [(r"^/report/(?P<id>[^/]+)$", report)]
