"""Error pages like every other page: with the banner, without the locals of the code in the log."""

from datasette import Response, handle_exception, hookimpl
from datasette.utils.asgi import Base400
from datasette.views.base import DatasetteError

handle_exception.rich = None  # else every 404 prints pages of local variables


@hookimpl(specname="handle_exception")
def error_page(datasette, request, exception):
    """Answers for what the reader asked wrongly; a fault of the code is left to Datasette, which logs it."""
    if not isinstance(exception, Base400 | DatasetteError) or request.path.endswith(".json"):
        return None
    status = exception.status
    message = exception.message if isinstance(exception, DatasetteError) else str(exception)

    async def answer():
        page = {"status": status, "error": message, "title": getattr(exception, "title", None)}
        html = await datasette.render_template([f"{status}.html", "error.html"], page, request=request)
        return Response.html(html, status=status)

    return answer
