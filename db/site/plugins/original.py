"""/report/<id>/original: a document with the field of a figure marked; /original/<digest>: the bytes as archived."""

import asyncio
import json
from functools import lru_cache
from pathlib import Path

from charset_normalizer import from_bytes
from datasette import NotFound, Response, hookimpl

from crawler.archive import INDEX, Archive
from crawler.settings import CONTACT
from crawler.warc import ArchiveError
from db import asking, language, original, reading_room, said
from db.cells import SYMBOLS, in_words
from extract.records import ReportError

SAFE = {
    "content-security-policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:",
    "x-content-type-options": "nosniff",
}
PLAIN = ("text/plain", "text/tab-separated-values", "text/csv")
ATTACHED = """SELECT d.* FROM documents AS d WHERE d.url IN ({marks}) AND (d.digest = ? OR d.digest = (
SELECT f.document FROM documents AS o JOIN fetches AS f ON f.document = o.digest AND f.url = o.url
WHERE o.url = d.url ORDER BY f.fetched DESC, f.id DESC LIMIT 1)) ORDER BY d.url"""
A_DAY = "public, max-age=86400"  # a digest never means other bytes


async def shown(datasette, request):
    """The page: `?cell=table.row.column` marks a figure, `?document=` and `?page=` choose what is looked at."""
    t = language.speaker(language.of(request))
    id = request.url_vars["id"]
    cell = request.args.get("cell")
    where = original.asked(cell) if cell else None
    found = await asking.read(datasette, request, lambda query: original.load(query, id, where, t))
    if found is None or (cell and where is None):
        raise NotFound(t("original.no_cell", id=f"{id} {cell}") if cell else t("report.none", id=id))
    attached = await _attached(datasette, request, found)
    chosen = original.document(found, request.args.get("document"), attached)
    if chosen is None:
        raise NotFound(t("original.no_document", id=id))
    listed = original.listed(found, attached)
    rows = {row["digest"]: row for row, _ in listed}  # as what it is to the report: one that hangs there may carry it
    others = [] if "document" in request.args else [rows[row["digest"]] for row in attached]
    seen, chosen = await _look(datasette, found, chosen, others)
    seen |= await _drawn(datasette, chosen, seen, request.args.get("page") or "")
    words = {"write_to": CONTACT, "symbols": SYMBOLS, "rule_words": said.rule, "detail": said.detail}
    stands = seen["found"][0].place if len(seen["found"]) == 1 else {}
    context = (
        found
        | seen
        | words
        | {
            "cell": cell,
            "document": chosen,
            "listed": listed,
            "where_words": in_words(t, json.dumps(stands)),
            "command": original.command(found),
        }
    )
    return Response.html(await datasette.render_template("original.html", context, request=request))


async def _attached(datasette, request, found):
    """What hangs on the report's page, as far as the archive holds it.

    Of every address the newest document: one that it showed before may be that of another year. And the one that the
    place of the cell names, for the figure was read there."""
    folder = _folder(datasette)
    addresses = await asyncio.to_thread(_hung, folder, found["url"])
    if not addresses:
        return []
    sql = ATTACHED.format(marks=",".join("?" * len(addresses)))
    return await asking.read(datasette, request, lambda query: query(sql, *addresses, original.named(found)))


async def _look(datasette, found, chosen, others):
    """(what was read and where the cell stands, the document): one of `others` where the chosen one lacks the cell."""
    seen = await _see(datasette, found, chosen)
    if found["where"] and seen["why"] is None and not seen["found"]:
        for row in others:
            if row["digest"] == chosen["digest"]:
                continue
            other = await _see(datasette, found, row)
            if other["found"]:
                return other, row
    return seen, chosen


async def _see(datasette, found, row):
    """A document as read, the places of the cell in it, and why there is nothing to see."""
    own = row["digest"] == found["report"]["document"]
    seen = {"blocks": (), "found": [], "keys": set(), "why": None}
    body = await asyncio.to_thread(_read, _folder(datasette), row["digest"])
    if body is None:
        return seen | {"why": "not_archived"}
    part = found["report"]["part"] if own else row.get("part") or 1  # only an attachment has none
    try:
        read = await reading_room.original(row["digest"], body, part, original.scanned(found, row, own))
        why = None if read else "reading"
    except reading_room.Busy:
        read, why = None, "busy"
    except ReportError as error:
        read, why = None, "unreadable"
        seen["fault"] = str(error)
    places = original.places(found, read, own, replaced="replaced_at" in row)
    seen |= {"found": places, "why": why, "body": body}
    if read:
        seen |= {"blocks": read.blocks, "cut": read.cut, "keys": {key for place in places for key in place.keys}}
    return seen


async def _drawn(datasette, chosen, seen, number):
    """The page as a picture, where the document has pages."""
    body = seen.pop("body", None)
    if body is None or chosen["media_type"] not in original.DRAWN:
        return {"sheet": None}
    wanted = int(number) if number.isascii() and number.isdigit() and len(number) < 5 else 0
    wanted = wanted or original.first_page(seen["found"]) or 1
    straight = any(place.recognised for place in seen["found"])
    try:
        sheet = await reading_room.page(chosen["digest"], body, wanted, straight)
    except (reading_room.Busy, ReportError) as error:
        return {"sheet": None, "undrawn": str(error) or "busy"}
    if sheet is None:
        return {"sheet": None, "undrawn": "busy"}
    boxes = original.boxes(seen["found"], wanted)
    address = f"/original/{chosen['digest']}/{'straight' if straight else 'page'}/{wanted}.webp"
    return {"sheet": original.view(sheet, boxes), "number": wanted, "picture": address}


async def picture(datasette, request):
    """A page of a PDF, or a picture, as WebP of bounded size."""
    digest, number = request.url_vars["digest"], int(request.url_vars["number"])
    t = language.speaker(language.of(request))
    found, body = await _bytes(datasette, request, t)
    if found["media_type"] not in original.DRAWN:
        raise NotFound(t("original.no_pages"))
    try:
        sheet = await reading_room.page(digest, body, number, request.url_vars["how"] == "straight")
    except ReportError as error:
        raise NotFound(t("original.no_page", number=number)) from error
    except reading_room.Busy:
        sheet = None
    if sheet is None:
        return Response.text(t("original.busy"), status=503, headers={"retry-after": "5"})
    return Response(sheet.picture, headers={"cache-control": A_DAY}, content_type="image/webp")


async def archived(datasette, request):
    """Text is shown as text, a page as a page without scripts, anything else is a download."""
    digest = request.url_vars["digest"]
    found, body = await _bytes(datasette, request, language.speaker(language.of(request)))
    media = (found["media_type"] or "application/octet-stream").split(";")[0].strip()
    headers = dict(SAFE)
    if media in PLAIN:
        best = from_bytes(body).best()
        words = str(best) if best else body.decode("utf-8", "replace")
        return Response(words, headers=headers, content_type="text/plain; charset=utf-8")
    if media != "text/html":
        suffix = media.rsplit("/", 1)[-1].rsplit(".", 1)[-1]
        name = f"{digest[7:19]}.{suffix if suffix.isalnum() else 'bin'}"
        headers["content-disposition"] = f'attachment; filename="{name}"'
    return Response(body, headers=headers, content_type=media)


async def _bytes(datasette, request, t):
    """(the row of the document that the address names, its bytes)."""
    digest, sql = request.url_vars["digest"], "SELECT media_type FROM documents WHERE digest = ?"
    found = await asking.read(datasette, request, lambda query: query(sql, digest))
    if not found:
        raise NotFound(t("original.no_original", digest=digest))
    body = await asyncio.to_thread(_read, _folder(datasette), digest)
    if body is None:
        raise NotFound(t("original.not_archived"))
    return found[0], body


def _folder(datasette):
    return Path(datasette.get_database("gongkai").path).parent / "archive"


def _read(folder: Path, digest: str) -> bytes | None:
    try:
        archive = _open(folder)
        return archive and archive.read(digest)
    except (ArchiveError, OSError):
        return None


def _hung(folder: Path, page: str | None) -> list[str]:
    """Addresses of what hangs on a page; none where that cannot be told."""
    try:
        archive = _open(folder) if page else None
        return sorted(archive.attached(page))[:50] if archive else []
    except (ArchiveError, OSError):
        return []


def _open(folder: Path) -> Archive | None:
    index = folder / INDEX
    return _archive(folder, index.stat().st_mtime_ns) if index.exists() else None


@lru_cache(maxsize=1)
def _archive(folder: Path, written: int) -> Archive:
    """The archive as of its index; opened again only when something was added."""
    return Archive(folder)


@hookimpl
def register_routes():
    """The page, its pictures, the bytes."""
    digest = r"(?P<digest>sha256:[0-9a-f]{64})"
    return [
        (r"^/report/(?P<id>[^/]+)/original$", shown),
        (rf"^/original/{digest}/(?P<how>page|straight)/(?P<number>\d{{1,4}})\.webp$", picture),
        (rf"^/original/{digest}$", archived),
    ]
