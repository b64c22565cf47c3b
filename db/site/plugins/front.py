"""What the front page and the banner need; every number is read from `meta`, none is counted per request."""

from datasette import hookimpl

# 3,743 names of towns are borne by more than one: a name alone tells nobody which place it is
ABOVE = "(SELECT up.name FROM divisions own JOIN divisions up ON up.code = own.parent WHERE own.code = units.division)"


@hookimpl
def extra_template_vars(datasette, view_name):
    """`facts` on every page, the newest reports and the units on the front page."""

    async def variables():
        if "gongkai" not in datasette.databases:
            return {"facts": {}}
        database = datasette.get_database("gongkai")

        async def rows(sql):
            return [dict(row) for row in (await database.execute(sql)).rows]

        found = {"facts": {row["key"]: row["value"] for row in await rows("SELECT key, value FROM meta")}}
        if view_name == "index":
            found["newest"] = await rows(
                "SELECT reports.id, reports.name, reports.scope, form, published_on, requests_new, errors, warnings,"
                f" {ABOVE} AS above FROM reports LEFT JOIN units ON units.id = reports.unit"
                " ORDER BY first_fetched DESC, reports.id LIMIT 12"
            )
            found["ailing"] = await rows(
                "SELECT slug, name, health, portals.failing, last_run, runs.blocked, runs.problems FROM portals"
                " LEFT JOIN runs ON runs.id = last_run WHERE health IN ('failing', 'problems') ORDER BY health, slug"
            )
            found["units"] = await rows(
                f"SELECT id, name, level, kind, reports, {ABOVE} AS above"
                " FROM units WHERE reports > 0 ORDER BY id LIMIT 200"
            )
        return found

    return variables
