"""Descriptions of tables and columns on every page: the comments of schema.sql and of the views, nothing else."""

from datasette import hookimpl

from db import schema

LABELS = {
    "divisions": "name",
    "units": "name",
    "portals": "name",
    "rules": "zh",
    "reports": "name",
    "documents": "digest",
}
FACETS = {
    "reports": ["year", "level", "scope", "form"],
    "findings": ["severity", "origin", "rule"],
    "documents": ["status"],
}


@hookimpl
def get_metadata(datasette, key, database, table):
    """Metadata of the database `gongkai`, made from the schema's comments."""
    tables = {}
    for name, (sentence, columns) in schema.descriptions().items():
        tables[name] = {"description": sentence, "columns": columns}
        if name in LABELS:
            tables[name]["label_column"] = LABELS[name]
        if name in FACETS:
            tables[name]["facets"] = FACETS[name]
    for folder in ("views", "metrics"):
        tables |= {name: {"description": sentence} for name, sentence, _ in schema.sql_files(folder)}
    return {"title": "公开 gongkai", "databases": {"gongkai": {"tables": tables}}}
