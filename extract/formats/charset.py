"""Bytes → text. Portals declare gb2312 and send GB18030, or declare nothing at all (PORTALS §3.2)."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

from extract.records import ReportError

BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
HAN = re.compile(r"[\u4e00-\u9fff]")


def decode(body: bytes, declared: str | None = None) -> str:
    """BOM, then what is declared, then strict UTF-8, GB18030, Big5 — the first that decodes and yields Chinese.

    Raises ReportError where nothing does (LIBRARIES §3: this rule was right 12 times of 12).
    """
    for mark, name in BOMS:
        if body.startswith(mark):
            return body.decode(name, errors="replace")
    candidates = [declared] if declared and _known(declared) else []
    if declared and declared.lower().replace("-", "") in {"gb2312", "gbk"}:
        candidates = ["gb18030"]
    texts = []
    for name in [*candidates, "utf-8", "gb18030", "big5"]:
        try:
            text = body.decode(name)
        except UnicodeDecodeError as error:
            if error.start < len(body) - 3 or error.reason.startswith("illegal"):
                continue
            text = body[: error.start].decode(name)  # cut off inside its last character: the rest still reads
        if HAN.search(text):
            return text
        texts.append(text)
    if texts:
        return texts[0]
    best = from_bytes(body[:65536]).best()
    if best is None:
        raise ReportError("the characters cannot be decoded", remedy="save it as UTF-8 and import it again")
    return body.decode(best.encoding, errors="replace")


def _known(name: str) -> bool:
    try:
        codecs.lookup(name)
    except LookupError:
        return False
    return True
