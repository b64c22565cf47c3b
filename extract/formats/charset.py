"""Bytes → text. Portals declare gb2312 and send GB18030, UTF-8 or Big5, or declare nothing (PORTALS §3.2)."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from itertools import islice

from extract.records import ReportError

MARKS = ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\ufffd]")  # with the mark of a lost character
GB = frozenset(("gb2312", "gbk", "gb18030", "gb231280", "cp936", "xgbk"))
# The characters that these reports use most, simplified and traditional: between a third and two thirds of their
# text. Text decoded with the wrong table hits them by chance only (measured: under 6 %)
COMMON = frozenset(
    "的一是在不了有和人这中大为上个国我以要时来用生到作地于出分对成会可主发年动同工也能下过定行学法所民经十三之进等部度"
    "家力理起现实加量体制机使点从业本性应开合其前外政四日社事平形相全表与关各重新线内数正明利或第向此条结解问建月公无情"
    "者立代已通并提题五果位文总次设及管特件求资边路级区统接知组计别期根论指放决被则任取据处信息府报告请依办予网站单务规"
    "章许罚强复议诉讼收费织镇街道局委市县乡村省自治民政申受理答维持纠正审尚未类项目录"
    "這為個國時來於對會發動過學經進現實體機從業應開與關線數條結問無總設資邊級統組計別論決則處訊報請辦單務規許罰強複議訴"
    "訟費織鎮縣鄉維糾審類項錄訂們產種後電當點還間樣邊圖"
)
BAR, SAMPLE = 0.2, 800  # share of COMMON that a text must reach, and how many characters are asked
CLEAR = 0.4  # no other table needs to be tried
FEW = 12  # characters; below, a share says little


def decode(body: bytes, declared: str | None = None) -> str:
    """The text of `body`: byte-order mark, then strict UTF-8, then whatever of declared, GB18030 and Big5 reads best.

    Which reads best is decided by the characters of this domain, never by the declaration alone. Text without any
    Chinese is returned only where it is ASCII. Raises ReportError where no decoding gives plausible Chinese.
    """
    if (text := from_utf16(body)) is not None:
        return text
    body = body.removeprefix(codecs.BOM_UTF8)
    tried: list[str] = []
    for name in _candidates(declared):
        if (text := _strict(body, name)) is None:
            continue
        if body.isascii() or plausibility(text) >= (BAR if name == "utf-8" else CLEAR):
            return text
        tried.append(text)
    best = max(tried, key=plausibility, default="")  # of equals the first
    if plausibility(best) < BAR:
        mended = (text for name in _candidates(declared) if (text := _mended(body, name)) is not None)
        best = max(mended, key=plausibility, default="")
    if plausibility(best) < BAR:
        raise ReportError("no encoding gives readable Chinese text", remedy="save it as UTF-8 and import it again")
    return best


def plausibility(text: str) -> float:
    """Share of the commonest characters among the first Han characters, 0 without any; a lost character is a miss."""
    seen = [m.group() for m in islice(HAN.finditer(text), SAMPLE)]
    if not seen:
        return 0.0
    common = sum(character in COMMON for character in seen)
    share = common / len(seen)
    return share if len(seen) >= FEW else max(share * (CLEAR - 0.01), BAR if common else 0.0)


def from_utf16(body: bytes) -> str | None:
    """The text where `body` is UTF-16: by its mark, or by the zero bytes of its digits and line ends; else None."""
    for mark, name in MARKS:
        if body.startswith(mark):
            return _even(body[2:]).decode(name, errors="replace")
    if b"\0" not in body[:8192]:
        return None
    for name in ("utf-16-le", "utf-16-be"):
        try:
            text = _even(body).decode(name)
        except UnicodeDecodeError:
            continue
        if "\0" not in text and plausibility(text) >= BAR:
            return text
    return None


def _even(body: bytes) -> bytes:
    return body[: len(body) // 2 * 2]


def _candidates(declared: str | None) -> Iterator[str]:
    """UTF-8 first: Chinese in another encoding is hardly ever valid UTF-8, whatever the page says."""
    yield "utf-8"
    wanted = re.sub(r"[^a-z0-9]", "", declared.lower()) if declared else ""
    if wanted in {"big5", "big5hkscs", "cp950", "xxbig5"}:
        yield "big5hkscs"
    elif wanted and wanted not in GB and _known(declared or ""):
        yield declared or ""
    yield "gb18030"
    yield "big5hkscs"


def _strict(body: bytes, name: str) -> str | None:
    """The text, or None where a byte does not fit; a last character that was cut off is left out."""
    try:
        return body.decode(name)
    except UnicodeDecodeError as error:
        if error.start < len(body) - 3 or not error.start:
            return None
        try:
            return body[: error.start].decode(name)
        except UnicodeError:
            return None
    except UnicodeError:
        return None


def _mended(body: bytes, name: str) -> str | None:
    """The text with a few bytes marked as lost; None where more than 1 of 200 characters would be."""
    try:
        text = body.decode(name, errors="replace")
    except UnicodeError:
        return None
    return text if text.count("\ufffd") <= max(3, len(text) // 200) else None


def _known(name: str) -> bool:
    try:
        return codecs.lookup(name)._is_text_encoding
    except (LookupError, ValueError):
        return False
