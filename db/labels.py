"""The rows and columns of the official forms as a table: what our names in the data stand for, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from db.layout import ENGLISH
from extract import forms
from extract.forms import FormTable, statistics


def rows() -> Iterator[dict[str, Any]]:
    """One row a line of each table of each edition, in the order of the print."""
    for position, row in enumerate(_rows(), 1):
        yield row | {"position": position}


def _rows() -> Iterator[dict[str, Any]]:
    for form in forms.load().values():
        for table in form.tables.values():
            for row in table.rows:
                yield _row(form.edition, table, "row", row) | {"article": row.article}
            for column in table.columns:
                yield _row(form.edition, table, "column", column)
    old = statistics.load()
    for indicator in old.rows:
        named = {"name": indicator.name, "zh": indicator.label, "en": indicator.en}
        yield {"form": old.form.edition, "table_name": statistics.TABLE, "axis": "row", "article": None} | named


def _row(edition: str, table: FormTable, axis: str, line: Any) -> dict[str, Any]:
    zh = " › ".join([*line.groups, line.label])
    en = " › ".join([*filter(None, (ENGLISH.get(label) for label in line.groups)), line.en])
    where = {"form": edition, "table_name": table.name, "axis": axis}
    return where | {"name": line.name, "zh": zh, "en": en, "article": None}
