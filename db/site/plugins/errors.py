"""Every error is answered by our own page, in the reader's language; faults of the code go to the log."""

from datasette import Forbidden, NotFound, handle_exception, hookimpl
from datasette.plugins import pm

from db import refusals

if pm.is_registered(handle_exception):  # it runs even where another has answered, prints locals, and lacks our words
    pm.unregister(handle_exception)


@hookimpl(specname="handle_exception")
def error_page(datasette, request, exception):
    """The answer to whatever a page raised."""
    status, word, said = refusals.told(exception)
    number = refusals.logged(request, exception) if status >= 500 else ""
    return refusals.page(datasette, request, status, word, said, number)


@hookimpl(specname="forbidden")
def forbidden_page(datasette, request, message):
    """The answer where something is closed."""
    return refusals.page(datasette, request, *refusals.told(Forbidden(message)))


async def closed():
    """Datasette's own pages about itself: they tell paths and versions, and nobody needs them here."""
    raise NotFound("404")


@hookimpl
def register_routes():
    """One route, before Datasette's."""
    return [(r"^/-/(?!static/|static-plugins/)", closed), (r"^/_(internal|memory)", closed)]
