"""The evidence of what is missing or late, told in the reader's language."""

from __future__ import annotations

import ast
import inspect
import re

from crawler import health
from db import completeness, deadlines, evidence, publishers


def sentences(*functions):
    """The words that functions write down, with a figure or word for what they fill in."""
    filled = {"kind": "merge", "name": "listed", "due.source": "第四十九条 names no townships"}
    for function in functions:
        for node in ast.walk(ast.parse(inspect.getsource(function))):
            if isinstance(node, ast.JoinedStr):
                parts = [
                    v.value if isinstance(v, ast.Constant) else filled.get(ast.unparse(v.value), "7")
                    for v in node.values
                ]
                yield "".join(map(str, parts))


def test_evidence_is_told_in_the_readers_language():
    """Whatever a build writes down, and the bundled deadlines: no English is left in the Chinese words."""
    why = "no date is known; not among the reports of the portal when it was read on 2026-11-21"
    assert evidence.told("zh", why) == "日期不明；2026-11-21 读网站时，其中没有该年报告"
    assert evidence.told("en", why) == why and evidence.told("zh", "看了原件 <b>") == "看了原件 <b>"
    judged = (completeness._judged, completeness._published, completeness._excused)
    written = [*sentences(*judged, publishers._townships, publishers.expected, health.failing)]
    written += health.GRAVE.values()
    written += [
        "the government of the portal’s place",
        "the portal’s directory lists it",
        "date stated in the document",
    ]
    assert len(written) > 10
    for sentence in (*written, *(due.source for due in deadlines.load())):
        left = evidence.told("zh", sentence)
        assert not re.search("[a-z]{3}", left), (sentence, left)
