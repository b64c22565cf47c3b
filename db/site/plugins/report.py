"""/report/<id>: one report in the layout of the official form; the same as .json and .csv."""

import re

from datasette import NotFound, Response, hookimpl

from crawler.settings import CONTACT
from db import asking, export, language, page, said
from db.original import address


async def _load(datasette, request):
    """(what the page shows, None), or (None, the address at which an unresolved report stands now)."""
    id, t = request.url_vars["id"], language.speaker(language.of(request))

    async def load(query):
        found = await page.load(query, id, t)
        return found, None if found else await _resolved(query, id)

    found, resolved = await asking.read(datasette, request, load)
    if not found and not resolved:
        raise NotFound(t("report.none", id=id))
    return found, resolved


async def _resolved(query, id):
    unresolved = re.fullmatch(r"x-([0-9a-f]{12})(?:-(\d{1,3}))?", id)
    if unresolved is None:
        return None
    digest, part = f"sha256:{unresolved[1]}", int(unresolved[2] or 1)
    found = await query(
        "SELECT id AS report, part FROM reports WHERE document >= ?1 AND document < ?2 UNION ALL"
        " SELECT report, 0 FROM report_documents WHERE document >= ?1 AND document < ?2 UNION ALL"
        " SELECT report, part FROM report_versions WHERE document >= ?1 AND document < ?2",
        digest,
        digest + "g",
    )
    found.sort(key=lambda row: row["part"] != part)  # a document may hold several reports
    return found[0]["report"] if found else None


async def report(datasette, request):
    """The page; an unresolved report's old address leads on once it is resolved."""
    found, resolved = await _load(datasette, request)
    if resolved:
        return Response.redirect(f"/report/{resolved}")
    found |= {"write_to": CONTACT, "address": address, "rule_words": said.rule, "detail": said.detail}
    return Response.html(await datasette.render_template("report.html", found, request=request))


async def data(datasette, request):
    """The same as data: JSON, or CSV that spreadsheets open."""
    found, resolved = await _load(datasette, request)
    kind = request.url_vars["kind"]
    if resolved:
        return Response.redirect(f"/report/{resolved}.{kind}")
    if kind == "json":
        return Response(export.as_json(found), content_type="application/json; charset=utf-8")
    name = {"content-disposition": f'attachment; filename="{found["report"]["id"]}.csv"'}
    return Response(export.as_csv(found), headers=name, content_type="text/csv; charset=utf-8")


@hookimpl
def register_routes():
    """The more special one first."""
    return [(r"^/report/(?P<id>[^/]+)\.(?P<kind>json|csv)$", data), (r"^/report/(?P<id>[^/]+)$", report)]
