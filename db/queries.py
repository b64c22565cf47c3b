"""The canned queries of `queries/*.sql`: title and explanation in both languages, parameters, SQL."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from db import schema


@dataclass(frozen=True, slots=True)
class Query:
    """A query anyone can run without knowing SQL; its parameters may be left blank."""

    name: str
    title: dict[str, str]  # by language
    says: dict[str, str]  # what it shows, by language
    sql: str
    parameters: tuple[str, ...]


@cache
def load() -> tuple[Query, ...]:
    """All of them, in the order of their files. Raises ValueError where one lacks a title or explanation."""
    return tuple(_query(name, title, sql) for name, title, sql in schema.sql_files("queries"))


def _query(name: str, title: str, sql: str) -> Query:
    head, body = re.match(r"((?:--[^\n]*\n)+)(.*)", sql, re.S).groups()  # type: ignore[union-attr]
    says = dict(re.findall(r"^-- (zh|en): (.+)$", head, re.M))
    zh, parted, en = title.partition(" / ")
    if not parted or set(says) != {"zh", "en"}:
        raise ValueError(f"queries/{name}.sql: its first lines are “-- 标题 / title”, “-- zh: …” and “-- en: …”")
    return Query(name, {"zh": zh, "en": en}, says, body, tuple(sorted(set(re.findall(r":([a-z_]+)", body)))))
