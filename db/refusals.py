"""What a reader is told where an answer cannot be given: one clear message in one language, nothing from inside."""

from __future__ import annotations

import html
import logging
import re
import secrets
import sqlite3
import traceback
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import datasette as framework
from datasette import Response
from datasette.database import QueryInterrupted
from datasette.utils.asgi import Base400, Request
from datasette.views.base import DatasetteError

from db import fence, language
from db.fence import THEIRS, Busy

LOG = logging.getLogger("gongkai.site")
METHODS = ("GET", "HEAD")
HOST = re.compile(r"(\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9._-]{1,253})(:[0-9]{1,5})?")
LONGEST = {"path": 2_000, "query": 16_000}  # bytes; SQL stands in the query
MOST = {"parameters": 100, "facets": 6}  # a facet may take 0.2 seconds
LIMIT = re.compile(r"0*[1-9][0-9]{0,8}")  # milliseconds that a query may take
SAID = 500  # characters of a message that is passed on
FRAMEWORK, OURS = str(Path(framework.__file__).parent), str(Path(__file__).parent)
UNCHECKED = (ValueError, TypeError, LookupError, AttributeError, AssertionError, ArithmeticError)
UNCHECKED += (sqlite3.ProgrammingError,)  # a null character


def refused(request: Request) -> int | None:
    """The status with which a request is turned away before anything looks at it; None where it may pass."""
    if request.method not in METHODS:
        return 405
    if not HOST.fullmatch(request.host) or request.path.startswith("//"):
        return 400
    if len(request.path) > LONGEST["path"] or len(request.query_string) > LONGEST["query"]:
        return 414
    given = parse_qsl(request.query_string, keep_blank_values=True)
    names = [name for name, _ in given]
    if any(name == "_timelimit" and not LIMIT.fullmatch(value) for name, value in given):
        return 400
    if len(names) > MOST["parameters"] or sum(name.startswith("_facet") for name in names) > MOST["facets"]:
        return 400
    return None


def told(exception: Exception) -> tuple[int, str, str]:
    """Status, name of our sentence in the catalogue, and what may be passed on of what was raised ("" for nothing)."""
    if isinstance(exception, Busy):
        return 503, "503", ""
    if isinstance(exception, QueryInterrupted):
        return (400, "slow", "") if THEIRS.get() else (503, "503", "")
    if isinstance(exception, Base400):
        status, said = exception.status, str(exception)
        return status, str(status), "" if said == str(status) else said
    if isinstance(exception, DatasetteError):
        if exception.message_is_html:  # only where a reader's own SQL took too long
            return 400, "slow", ""
        return 400, "400", str(exception.message)  # its default, 500, stands for parameters too
    if isinstance(exception, sqlite3.Error) and THEIRS.get():
        return 400, "400", str(exception)
    files = [frame.filename for frame in traceback.extract_tb(exception.__traceback__)]
    ours = any(name.startswith(OURS) and name != fence.__file__ for name in files)
    theirs = any(name.startswith(f"{FRAMEWORK}/views") for name in files) and not ours
    if theirs and isinstance(exception, UNCHECKED):
        return 400, "400", ""  # a parameter that Datasette's own pages take without a look
    return 500, "500", ""


async def page(datasette: Any, request: Request, status: int, word: str, said: str = "", number: str = "") -> Response:
    """The answer in the form that was asked for: a page, or JSON or plain text where the address ends so.

    `number` is that of the entry in the log. Where even our templates fail, it is a page without them."""
    t = language.speaker(language.of(request))
    words, said = t("error." + word), said[:SAID]
    sentences = [words, *([said] if said else []), *([t("error.number", number=number)] if number else [])]
    if request.path.endswith(".json"):
        return Response.json({"ok": False, "status": status, "error": " ".join(sentences)}, status=status)
    if request.path.endswith((".csv", ".atom", ".txt")):
        return Response.text("\n".join(sentences) + "\n", status=status)
    shown = {"status": status, "words": words, "said": said, "number": number}
    try:
        return Response.html(await datasette.render_template("error.html", shown, request=request), status=status)
    except Exception:
        LOG.exception("the page of an error cannot be shown")
        return Response.html(bare(status, sentences), status=status)


def bare(status: int, sentences: list[str]) -> str:
    """A page that needs no template and no database."""
    text = "".join(f"<p>{html.escape(sentence)}</p>" for sentence in sentences)
    return f'<!DOCTYPE html><html lang="zh"><meta charset="utf-8"><title>{status}</title><h1>{status}</h1>{text}</html>'


def logged(request: Request, exception: Exception) -> str:
    """Writes a fault with its traceback to the log, or in a line that there was no time; the number of the entry."""
    number = secrets.token_hex(4)
    if isinstance(exception, QueryInterrupted | Busy):
        LOG.warning("%s: %s %.500r: %s", number, request.method, request.full_path, type(exception).__name__)
    else:
        LOG.error("%s: %s %.500r failed", number, request.method, request.full_path, exc_info=exception)
    return number
