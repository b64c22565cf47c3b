"""Firewalls in front of the portals: which kind answered, so that a person can look. Nothing here gets past one.

The forms are those seen in PORTALS §3.3.
"""

from __future__ import annotations

import re

from scrapy.http import Response, TextResponse

from crawler import page

# Statuses that these firewalls use; an ordinary server does not answer a plain GET of a public page with them
STATUSES = {
    202: "script",
    403: "forbidden",
    405: "forbidden",
    412: "ruishu",
    429: "throttled",
    468: "waf-468",
    521: "jiasule",
}
SMALL = 4096  # bytes; a challenge is a script and little else
MARKS = (
    ("jiasule", re.compile(rb"__jsl_clearance|__jsluid")),
    ("aliyun", re.compile(rb"acw_sc__v2")),
    ("yunsuo", re.compile(rb"security_session_verify")),
    ("stub", re.compile(rb"[?&/]l=1166\b")),
    ("slider", re.compile("滑块|滑动验证|拖动.{0,6}验证".encode())),
)


def kind(response: Response) -> str | None:
    """The kind of challenge that a response is, or None where it is an answer of the portal itself."""
    body = response.body[:SMALL]
    marked = next((name for name, mark in MARKS if mark.search(body)), None)
    if response.status in STATUSES:
        return marked or STATUSES[response.status]
    if 300 <= response.status < 400 and response.headers.get("Set-Cookie"):
        return "cookie-redirect" if location(response) == response.url else None
    if response.status != 200 or len(response.body) > SMALL or not isinstance(response, TextResponse):
        return None
    if b"<datastore>" in body or b"<script" not in body and marked is None:
        return None
    titled = response.css("title::text").get("").strip()
    if marked and not (titled and marked == "jiasule"):
        return marked
    if titled:
        return None
    bare = not page.text(response.css("body")) or b"document.cookie" in body
    return "script" if bare else None


def location(response: Response) -> str | None:
    """Where a redirect leads, absolute."""
    given = response.headers.get("Location")
    return response.urljoin(given.decode("latin-1")) if given else None
