"""`schema.sql` as data: its statements, and the comments that describe every table and column."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
_TABLE = re.compile(r"CREATE TABLE (\w+) \( -- (.+)")
_COLUMN = re.compile(r"    (\w+) (?:TEXT|INTEGER|REAL)\b.*?,? -- (.+)")


def statements() -> str:
    """The SQL that makes the empty database."""
    return (HERE / "schema.sql").read_text(encoding="utf-8")


@cache
def descriptions() -> dict[str, tuple[str, dict[str, str]]]:
    """Table → (what it holds, column → what it holds). The comments are the one source of these sentences."""
    found: dict[str, tuple[str, dict[str, str]]] = {}
    columns: dict[str, str] = {}
    for line in statements().splitlines():
        if table := _TABLE.match(line):
            columns = {}
            found[table[1]] = (table[2], columns)
        elif column := _COLUMN.match(line):
            columns[column[1]] = column[2]
    return found


@cache
def sql_files(folder: str) -> tuple[tuple[str, str, str], ...]:
    """(name, first comment line, SQL) of each file of `views`, `checks`, `metrics` or `queries`, by name."""
    files = []
    for path in sorted((HERE / folder).glob("*.sql")):
        sql = path.read_text(encoding="utf-8").strip().rstrip(";")
        files.append((path.stem, sql.splitlines()[0].removeprefix("--").strip(), sql))
    return tuple(files)
