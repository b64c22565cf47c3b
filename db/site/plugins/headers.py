"""What every request must be like, and what every answer says: nothing from another host, no script that is no file of
ours, no table or query in a search engine."""

import asyncio
import re
from functools import wraps

from datasette import hookimpl
from datasette.utils.asgi import Request

from db import refusals
from db.fence import THEIRS

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self';"
    " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    b"content-security-policy": POLICY.encode(),
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
    b"permissions-policy": b"camera=(), geolocation=(), microphone=()",
    b"cross-origin-opener-policy": b"same-origin",
    b"x-frame-options": b"DENY",  # for browsers that do not know frame-ancestors
}
WRITTEN = ("sql", "_where")  # parameters in which readers write SQL
UNINDEXED = re.compile(
    r"/(gongkai|original|search|compare|feeds)\b|/report/[^/]+/original|.*\.(json|csv|zip|gz|xlsx|parquet|db)$"
)
LONGEST = 1_000  # bytes of a Link header, in which Datasette repeats the whole address: nginx takes 4 KB of headers
OUR_COOKIE = re.compile(rb"(?:^|;)\s*(lang=(?:zh|en))\s*(?:;|$)")


class Left(BaseException):
    """The reader is gone: nobody waits for the rest. Not an Exception, which Datasette would write into the answer."""


@hookimpl
def asgi_wrapper(datasette):
    """Turns away what cannot be meant, and adds the headers that an answer does not set itself (an original is
    stricter)."""

    def wrap(app):
        @wraps(app)
        async def guarded(scope, receive, send):
            if scope["type"] != "http":
                return await app(scope, receive, send)
            scope = scope | {"headers": list(_meant(scope["headers"])), "csrftoken": str}
            request, started, left = Request(scope, receive), False, None

            async def send_with_headers(event):
                nonlocal started, left
                if event["type"] == "http.response.start":
                    started = True
                    kept = [pair for pair in event["headers"] if pair[0].lower() != b"link" or len(pair[1]) < LONGEST]
                    event = event | {"headers": [*kept, *_added(request, event)]}
                elif event.get("more_body"):
                    left = left or asyncio.create_task(_leaves(receive))
                    if left.done():
                        raise Left
                await send(event)

            if status := refusals.refused(request):
                answer = await refusals.page(datasette, request, status, str(status))
                return await answer.asgi_send(send_with_headers)
            written = (text.strip() for name in WRITTEN for text in request.args.getlist(name))
            THEIRS.set(tuple(text for text in written if text))
            try:
                await app(scope, receive, send_with_headers)
            except Left:
                pass
            except Exception as error:
                number = refusals.logged(request, error)
                if not started:
                    answer = await refusals.page(datasette, request, 500, "500", number=number)
                    await answer.asgi_send(send_with_headers)
            finally:
                if left:
                    left.cancel()

        return guarded

    return wrap


async def _leaves(receive):
    while (await receive())["type"] != "http.disconnect":
        pass


def _meant(headers):
    """The headers without cookies of others: one that is malformed would else fail every page."""
    for name, value in headers:
        if name != b"cookie":
            yield name, value
        elif ours := OUR_COOKIE.search(value):
            yield name, ours[1]


def _added(request, event):
    given = {name.lower() for name, _ in event["headers"]}
    added = dict(HEADERS)
    if UNINDEXED.match(request.path):
        added[b"x-robots-tag"] = b"noindex"
    if event["status"] == 503:
        added[b"retry-after"] = b"10"
    if event["status"] == 405:
        added[b"allow"] = ", ".join(refusals.METHODS).encode()
    return [pair for pair in added.items() if pair[0] not in given]
