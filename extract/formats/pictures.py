"""Pictures that stand in a page: which ones may hold a table, and what the recogniser reads from those in the page."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from urllib.parse import unquote_to_bytes

from extract.content import Content, Paragraph, Picture, Remark, Table
from extract.official import TABLES, official
from extract.records import ReportError

ICON = 120  # points: a picture that is declared smaller on a side is an ornament
LEAST_BYTES = 3000  # a table of a few rows takes more in any format
ORNAMENT = re.compile(
    r"logo|icon|/ico|btn|button|qrcode|ewm|erweima|arrow|banner|filetype|share|weixin|print", re.IGNORECASE
)
DATA = re.compile(r"^data:image/[\w.+-]+((?:;[\w=-]+)*),", re.IGNORECASE)
MOST_PICTURES = 20  # read in one page


def picture(attributes: Mapping[str, str], line: int) -> Picture | None:
    """The picture of an `img` element that stands in a source line; None for an ornament."""
    source = (attributes.get("src") or "").strip()
    sizes = [re.match(r"\s*(\d+)", attributes.get(side) or "") for side in ("width", "height")]
    if not source or any(size and int(size[1]) < ICON for size in sizes):
        return None
    if source[:5].lower() != "data:":
        return None if ORNAMENT.search(source) else Picture(source, None, {"line": line})
    body = _decoded(source)
    return Picture("data:", None, {"line": line}, body) if body and len(body) >= LEAST_BYTES else None


def _decoded(source: str) -> bytes | None:
    found = DATA.match(source)
    if found is None:
        return None
    printed = source[found.end() :]
    try:
        return (
            base64.b64decode(re.sub(r"\s", "", printed)) if ";base64" in found[1].lower() else unquote_to_bytes(printed)
        )
    except (binascii.Error, ValueError):
        return None


def read_inline(content: Content) -> Content:
    """The page with what its own pictures show, each where it stands — if the page lacks one of the official tables.

    Needs the recogniser: without it, or where it gives up, a remark says that a table may be in the picture.
    """
    inside = [p for p in content.pictures if p.body][:MOST_PICTURES]
    if not inside or {name for table in content.tables() for name in official(table)} == set(TABLES):
        return content
    from extract.formats.image import image_blocks  # heavy, and rarely needed

    blocks, unread, remarks = list(content.blocks), [], list(content.remarks)
    for number, shown in enumerate(inside, 1):
        try:
            found = image_blocks(shown.body or b"", number)
        except ReportError as error:
            unread.append(shown)
            remarks.append(
                Remark("S35", f"a table may be in picture {number} of the page: {error.message}", shown.place)
            )
            continue
        if not found:  # no text in it, or nothing that is an image
            unread.append(shown)
            continue
        blocks = insert(blocks, found, shown.after)
    if len(unread) < len(inside):
        remarks.append(Remark("S31", f"{len(inside) - len(unread)} pictures in the page were recognised"))
    left = tuple(p for p in content.pictures if p.body is None or p in unread)
    return replace(content, blocks=tuple(blocks), remarks=tuple(remarks), pictures=left)


def insert(
    blocks: Sequence[Paragraph | Table], found: Sequence[Paragraph | Table], after: Paragraph | Table | None
) -> list[Paragraph | Table]:
    """`blocks` with `found` behind the block `after` and behind what was put there before; at the end if it is gone."""
    if after is None:
        return [*found, *blocks]
    at = next((i for i, block in enumerate(blocks) if block is after), len(blocks) - 1) + 1
    while at < len(blocks) and "image" in blocks[at].place:
        at += 1
    return [*blocks[:at], *found, *blocks[at:]]
