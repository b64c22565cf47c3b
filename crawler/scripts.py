"""Values that a page holds in its scripts: some platforms have the whole article there (PORTALS §2.E)."""

from __future__ import annotations

import json
import re
from typing import Any

_BARE = re.compile(r"([{,]\s*)([A-Za-z_]\w*)\s*:")
LONGEST = 2_000_000  # characters of a script that are looked at where its keys have no quotes


def script_value(source: str, name: str) -> Any:
    """The value of a key in the page's `_CONFIG` object, which is JavaScript and not always JSON; None without it."""
    for found in re.finditer(rf"[{{,\s][\"']?{name}[\"']?\s*:\s*(?=[\[{{])", source):
        for text in (source[found.end() :], _BARE.sub(r'\1"\2":', source[found.end() : found.end() + LONGEST])):
            try:
                return json.JSONDecoder().raw_decode(text)[0]
            except ValueError:
                continue
    return None


def article_in_script(source: str) -> str | None:
    """The article's HTML where the page has it as an escaped string in `_CONFIG.DETAIL.content` (gkmlpt), else None."""
    if "_CONFIG" not in source or "DETAIL" not in source:
        return None
    detail = script_value(source, "DETAIL")
    content = detail.get("content") if isinstance(detail, dict) else None
    return content if isinstance(content, str) and content.strip() else None
