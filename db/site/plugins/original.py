"""/original/<digest>: the bytes as archived, served so that they can do nothing in the reader's browser."""

import asyncio
from functools import lru_cache
from pathlib import Path

from charset_normalizer import from_bytes
from datasette import NotFound, Response, hookimpl

from crawler.archive import INDEX, Archive
from crawler.warc import ArchiveError

SAFE = {
    "content-security-policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:",
    "x-content-type-options": "nosniff",
}
PLAIN = ("text/plain", "text/tab-separated-values", "text/csv")


async def original(datasette, request):
    """Text is shown as text, a page as a page without scripts, anything else is a download."""
    digest, database = request.url_vars["digest"], datasette.get_database("gongkai")
    found = (await database.execute("SELECT media_type FROM documents WHERE digest = ?", [digest])).first()
    if found is None:
        raise NotFound(f"没有这份原件 No such document: {digest}")
    body = await asyncio.to_thread(_read, Path(database.path).parent / "archive", digest)
    if body is None:
        raise NotFound(f"原件不在存档中 The archive does not hold {digest}")
    media = (found["media_type"] or "application/octet-stream").split(";")[0].strip()
    headers = dict(SAFE)
    if media in PLAIN:
        best = from_bytes(body).best()
        return Response(
            str(best) if best else body.decode("utf-8", "replace"),
            headers=headers,
            content_type="text/plain; charset=utf-8",
        )
    if media != "text/html":
        suffix = media.rsplit("/", 1)[-1].rsplit(".", 1)[-1]
        name = f"{digest[7:19]}.{suffix if suffix.isalnum() else 'bin'}"
        headers["content-disposition"] = f'attachment; filename="{name}"'
    return Response(body, headers=headers, content_type=media)


def _read(folder: Path, digest: str) -> bytes | None:
    index = folder / INDEX
    if not index.exists():
        return None
    try:
        return _archive(folder, index.stat().st_mtime_ns).read(digest)
    except (ArchiveError, OSError):
        return None


@lru_cache(maxsize=1)
def _archive(folder: Path, written: int) -> Archive:
    """The archive as of its index; opened again only when something was added."""
    return Archive(folder)


@hookimpl
def register_routes():
    """One route."""
    return [(r"^/original/(?P<digest>sha256:[0-9a-f]{64})$", original)]
