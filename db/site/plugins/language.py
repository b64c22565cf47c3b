"""`t`, `lang` and `html_lang` on every page; `?lang=` is remembered in a cookie, the only one of this site."""

from functools import partial, wraps
from urllib.parse import parse_qs, parse_qsl, urlencode

from datasette import hookimpl

from db.language import LANGUAGES, described, flag_words, of, speaker

YEAR = 365 * 24 * 3600


@hookimpl
def extra_template_vars(request):
    """What templates need to speak: `{{ t("site.about") }}`, and the address of the page in the other language."""
    spoken = of(request)
    other = next(name for name in LANGUAGES if name != spoken)
    asked = parse_qsl(request.query_string, keep_blank_values=True) if request else []
    query = urlencode([pair for pair in asked if pair[0] != "lang"] + [("lang", other)])
    return {
        "t": speaker(spoken),
        "described": partial(described, spoken),
        "flag_words": partial(flag_words, speaker(spoken)),
        "lang": spoken,
        "html_lang": LANGUAGES[spoken],
        "other_html_lang": LANGUAGES[other],
        "other_language": f"?{query}",  # without the path: one like //host would lead away
        "other_name": speaker(other)("site.language"),
    }


@hookimpl
def asgi_wrapper():
    """Keeps the choice, and tells caches that pages differ by language."""

    def wrap(app):
        @wraps(app)
        async def speaking(scope, receive, send):
            asked = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("lang", [""])[-1]

            async def send_with_language(event):
                if event["type"] == "http.response.start":
                    added = [(b"vary", b"accept-language, cookie")]
                    if asked in LANGUAGES:
                        cookie = f"lang={asked}; Path=/; Max-Age={YEAR}; SameSite=Lax; HttpOnly"
                        added.append((b"set-cookie", cookie.encode()))
                    event = event | {"headers": [*event["headers"], *added]}
                await send(event)

            await app(scope, receive, send_with_language)

        return speaking

    return wrap
