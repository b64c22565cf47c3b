"""Every row and column of the official forms with its article and its English, straight from extract/forms."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from db.language import catalogue
from db.layout import ENGLISH, TITLES
from extract import forms
from extract.forms import Column, Form, FormTable, statistics
from extract.forms import Row as FormRow

# Words that the pages use; what they mean stands in the catalogue as term_<name> and term_<name>_text
TERMS = ("report", "own", "aggregate", "form", "blank", "finding", "origin", "sums", "review", "law2024", "n", "late")
_DIGITS = {digit: number for number, digit in enumerate("零一二三四五六七八九")}


@cache
def glossary() -> dict[str, Any]:
    """For every edition of the form, the newest first, its tables with rows and columns; then the table of 2014."""
    old = statistics.load()
    editions = [_edition(form) for form in reversed(forms.load().values())]
    return {"terms": TERMS, "editions": editions, "indicators": old.indicators, "old": old.form, "article_en": article}


def article(text: str) -> str:
    """`条例第三十六条第（四）（五）项` → `Art. 36 (4) (5)`; a notice keeps its number."""
    text = re.sub("第([一二三四五六七八九十]+)条", lambda found: f"Art. {_number(found[1])}", text.removeprefix("条例"))
    text = re.sub("第([一二三四五六七八九十]+)款", lambda found: f" para. {_number(found[1])}", text)
    text = re.sub("（([一二三四五六七八九十]+)）", lambda found: f" ({_number(found[1])})", text)
    return re.sub("第(?= \\()|项", "", text)


def _number(digits: str) -> int:
    tens, ten, ones = digits.rpartition("十")
    return (_DIGITS[tens] if tens else 1) * 10 * bool(ten) + (_DIGITS[ones] if ones else 0)


def _edition(form: Form) -> dict[str, Any]:
    return {"form": form, "tables": [_table(table) for table in form.tables.values()]}


def _table(table: FormTable) -> dict[str, Any]:
    rows = [_entry(table, row) | {"article": row.article or row.block} for row in table.rows]
    columns = [_entry(table, column) | {"unit": column.printed_unit or column.unit} for column in table.columns]
    return {"name": table.name, "title": TITLES[table.name], "rows": rows, "columns": columns}


def _entry(table: FormTable, line: FormRow | Column) -> dict[str, Any]:
    """A row or column: its labels from the outermost on, and the key of its note where the catalogue has one."""
    key = f"glossary.note_{table.name}_{line.name.replace('.', '_')}"
    groups = [(label, ENGLISH.get(label, "")) for label in line.groups]
    return {"name": line.name, "labels": [*groups, (line.label, line.en)], "note": key if key in catalogue() else None}
