"""What a document is, by its magic bytes; its name and the server's Content-Type are not asked."""

from __future__ import annotations

import re
from io import BytesIO
from itertools import islice
from zipfile import BadZipFile, ZipFile

import filetype

from extract.formats import cfb
from extract.formats.charset import from_utf16

OOXML = "application/vnd.openxmlformats-officedocument."
DOCX, XLSX, PPTX = (
    OOXML + "wordprocessingml.document",
    OOXML + "spreadsheetml.sheet",
    OOXML + "presentationml.presentation",
)
XLSB = "application/vnd.ms-excel.sheet.binary.macroenabled.12"
ENCRYPTED, UNKNOWN = "application/x-encrypted-office", "application/octet-stream"
REFUSED = {  # what no reader can be written for: message and remedy
    UNKNOWN: ("a binary file of an unknown kind", "look at it by hand"),
    ENCRYPTED: ("the document is locked by a password", "ask for a copy without one"),
    "application/x-ole-storage": ("a damaged office document, or one of an unknown kind", "fetch it again"),
}
MARKS: tuple[tuple[re.Pattern[bytes], str], ...] = tuple(
    (re.compile(mark, re.DOTALL), name)
    for mark, name in (
        (rb"\s{0,64}\{\\rtf", "application/rtf"),
        (rb"Rar!\x1a\x07(\x00|\x01\x00)", "application/vnd.rar"),
        (rb"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
        (rb"\x1f\x8b\x08", "application/gzip"),
        (rb"\xff\xd8\xff", "image/jpeg"),
        (rb"\x89PNG\r\n\x1a\n", "image/png"),
        (rb"II\*\x00|MM\x00\*|II\+\x00|MM\x00\+", "image/tiff"),
        (rb"GIF8[79]a", "image/gif"),
        (rb"RIFF....WEBP", "image/webp"),
        (rb"BM....\x00{4}....[\x0c-\x7c]\x00\x00\x00", "image/bmp"),
    )
)
MOST_TEXT = 8_000_000  # bytes: more of a text is read by nobody, so no more of it needs to be looked at
PARTS = (("word/", DOCX), ("xl/workbook.bin", XLSB), ("xl/", XLSX), ("ppt/", PPTX))
# A stream under the root says what a compound file is; Kingsoft's .wps and .et bear Microsoft's names
STREAMS = (
    ("EncryptedPackage", ENCRYPTED),
    ("WordDocument", "application/msword"),
    ("Workbook", "application/vnd.ms-excel"),
    ("Book", "application/vnd.ms-excel"),
    ("PowerPoint Document", "application/vnd.ms-powerpoint"),
    ("MatOST", "application/vnd.ms-works"),
    ("MM", "application/vnd.ms-works"),
)
LOCAL = re.compile(rb"PK\x03\x04.{22}(..)..", re.DOTALL)
TAG = rb"(?:!doctype\s|html|head|body|title|table|tbody|tr|td|div|p|br|meta|link|span|font|center|script|style|h[1-6])"
MARKUP = re.compile(rb"<" + TAG + rb"\b", re.IGNORECASE)
OPENING = re.compile(rb"</?" + TAG + rb"\b|<[a-z]{1,20}:?[a-z]{0,20}[\s>]", re.IGNORECASE)
OFFICE_XML = re.compile(
    rb"<\?mso-application|<pkg:package|<w:wordDocument|urn:schemas-microsoft-com:office:spreadsheet\"\s"
)
IN_TABLE = re.compile(rb"(?:<html>\s*<body>\s*)?<table\b.*?(?:</table>|\Z)", re.DOTALL | re.IGNORECASE)
TABLE = re.compile(rb"(?:<html>\s*<body>\s*)?<table\b", re.IGNORECASE)
PIPES = re.compile(rb"^[ \t]*\|[^\n]*\|[ \t\r]*$|^[^\n|]*(?:\|[^\n|]*){3,}$", re.MULTILINE)
HEADER = re.compile(rb"\s*(?:[A-Za-z][A-Za-z-]{1,40}:[^\n]*\r?\n(?:[ \t][^\n]*\r?\n)*)+")
MIME = re.compile(
    rb"^content-type:\s*(?:multipart/(?:related|mixed|alternative)|text/html)", re.IGNORECASE | re.MULTILINE
)


def sniff(body: bytes) -> str:
    """The media type by the bytes themselves; `application/octet-stream` for a binary file of an unknown kind.

    Text is `text/markdown` where it has pipe tables or HTML tables between its lines, `text/html` where markup
    holds it together, otherwise `text/plain`; UTF-16 counts as text with or without its mark.
    """
    for mark, name in MARKS:
        if mark.match(body[:128]):
            return name
    if body[:4] in (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"):
        return _zip(body)
    if body.startswith(cfb.MAGIC):
        names = cfb.streams(body)
        return next((name for stream, name in STREAMS if stream in names), "application/x-ole-storage")
    if _is_pdf(body):
        return "application/pdf"
    text = from_utf16(body[: 2 * MOST_TEXT])
    if text is not None:
        return _text(text.encode()[:MOST_TEXT])
    if b"\0" in body[:8192]:
        known = filetype.guess(body[:8192])
        return known.mime if known is not None else UNKNOWN
    return _text(body[:MOST_TEXT])


def _is_pdf(body: bytes) -> bool:
    """Readers accept up to 1 kB of junk before the mark; a text that only speaks of it has no objects."""
    at = body[:1029].find(b"%PDF-")
    return at == 0 or (at > 0 and re.search(rb"\d+\s+\d+\s+obj\b", body) is not None)


def _zip(body: bytes) -> str:
    names = _members(body)
    if "OFD.xml" in names or "ofd.xml" in {name.lower() for name in names}:
        return "application/ofd"
    if "[Content_Types].xml" in names:
        return next((name for part, name in PARTS if any(n.startswith(part) for n in names)), "application/zip")
    odf = re.match(rb"PK\x03\x04.{26}mimetype(application/[a-z.+-]+)", body[:200], re.DOTALL)
    return odf[1].removesuffix(b"PK").decode() if odf else "application/zip"


def _members(body: bytes) -> set[str]:
    """Names of the members; of a file cut short those that its local headers still show."""
    try:
        with ZipFile(BytesIO(body)) as archive:
            return set(archive.namelist())
    except (BadZipFile, ValueError, NotImplementedError, OSError):
        found = ((m.end(), int.from_bytes(m[1], "little")) for m in LOCAL.finditer(body))
        return {body[at : at + length].decode("utf-8", errors="replace") for at, length in found}


def _text(body: bytes) -> str:
    body = body.removeprefix(b"\xef\xbb\xbf")
    head = body[:65536]
    if (header := HEADER.match(head)) and MIME.search(header.group()):
        ended = head[header.end() :].startswith((b"\n", b"\r\n"))
        if ended or b"mime-version:" in header.group().lower():
            return "message/rfc822"
    if head.lstrip().startswith(b"<?xml") and OFFICE_XML.search(head):
        return "application/xml"
    begin = _begin(head)
    opens = OPENING.match(head, begin) is not None
    if (opens and not TABLE.match(head, begin)) or ((opens or MARKUP.search(head)) and not _is_islands(body)):
        return "text/html"
    return (
        "text/markdown"
        if b"<table" in body.lower() or len(list(islice(PIPES.finditer(body), 2))) == 2
        else "text/plain"
    )


def _begin(head: bytes) -> int:
    """Where a page begins, after blanks, comments and declarations."""
    at = 0
    while True:
        at += len(head[at:]) - len(head[at:].lstrip())
        for opens, closes in ((b"<!--", b"-->"), (b"<?", b">")):
            if head.startswith(opens, at):
                end = head.find(closes, at)
                break
        else:
            return at
        if end < 0:
            return at
        at = end + len(closes)


def _is_islands(body: bytes) -> bool:
    """Whether markup stands only inside tables (and pipe rows) between lines of plain text, as OCR tools write them."""
    rest = IN_TABLE.sub(b"", body)
    rest = re.sub(rb"</body>\s*</html>", b"", rest, flags=re.IGNORECASE)
    lines = [line for line in rest.splitlines() if line.strip() and not PIPES.match(line)]
    return bool(lines) and not any(MARKUP.search(line) for line in lines)
