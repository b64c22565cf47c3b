"""Headers of every answer: nothing is loaded from another host, no script that does not come as a file from here."""

from functools import wraps

from datasette import hookimpl

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self';"
    " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    b"content-security-policy": POLICY.encode(),
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
}


@hookimpl
def asgi_wrapper(datasette):
    """Adds the headers that an answer does not set itself (an original has a stricter policy of its own)."""

    def wrap(app):
        @wraps(app)
        async def with_headers(scope, receive, send):
            async def send_with_headers(event):
                if event["type"] == "http.response.start":
                    given = {name.lower() for name, _ in event["headers"]}
                    added = [pair for pair in HEADERS.items() if pair[0] not in given]
                    event = event | {"headers": [*event["headers"], *added]}
                await send(event)

            await app(scope, receive, send_with_headers)

        return with_headers

    return wrap
