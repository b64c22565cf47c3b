"""Which official tables a table of a document shows, by the words of their heads."""

from __future__ import annotations

from extract import forms
from extract.content import Table
from extract.labels import key

TABLES = ("disclosures", "applications", "disputes")


def official(table: Table) -> frozenset[str]:
    """The official tables of which a head stands there; none for the rest of a table that a page break cut."""
    heads = next(iter(forms.load().values())).heads
    texts = [key(cell.text) for row in table.rows for cell in row if cell.origin and cell.text.strip()]
    return frozenset(name for name in TABLES if any(word in text for word in heads[name] for text in texts))
