"""The contact that a report prints: from the sentence that invites questions, from nowhere else."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extract.prose import prose
from extract.records import Section

LABEL = r"(?:电话|地址|邮编|邮政编码|邮箱|电子邮件|信箱|传真|致电|拨打|E-?mail)"
INVITES = re.compile(r"联系|疑问|咨询|垂询")
FIELD = re.compile(rf"{LABEL}(?:号码)?[:为是]?", re.I)
NEXT = rf"(?=[,;。)\n]|、?(?:联系|咨询|办公|电子|邮政)?{LABEL}|$)"
ADDRESS = re.compile(rf"(?:联系|通信|通讯|办公|邮寄)?地址[:为]((?:[^,;。()\n]|\([^()\n]*\))+?){NEXT}", re.I)
NUMBER = r"((?:\(?0\d{2,3}\)?[-—－]?)?\d{7,8}(?:[-转]\d{1,5})?|1\d{10}|400[-\d]{7,9}|12345)"
PHONE = re.compile(rf"(?:电话|热线|致电|拨打)(?:号码)?[^\d\n,;。]{{0,6}}?{NUMBER}")
FAX = re.compile(rf"传真(?:号码)?[:为是]?{NUMBER}")
POSTCODE = re.compile(rf"(?:邮编|邮政编码)[:为是]?([^,;。)(\n]*?[^,;。)(\n:]){NEXT}", re.I)
ADDRESS_OF_MAIL = r"[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
EMAIL = re.compile(rf"(?:邮箱|邮件|信箱|E-?mail)(?:地址)?[:为是]?({ADDRESS_OF_MAIL})", re.I)
UNIT = re.compile(
    r"(?:请与|请向|请联系|请径与|可与|可联系|与|向|联系(?:单位|机构|部门)[:为])([^,。;:()、与向]{2,40}?)(?:联系|咨询|反映|垂询|(?=[,;(。\n]))"
)
WEBSITE = re.compile(
    r"https?://[A-Za-z0-9./_?=&%:-]+|(?<![@A-Za-z0-9.-])(?:www\.)[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+(?:/[A-Za-z0-9._/-]*)?"
)


def contact(sections: Sequence[Section]) -> dict[str, str | None]:
    """Unit, address, phone, postcode, email, website, fax; what stood where a postcode is due is kept as written."""
    texts = [prose(s.text).text for s in sections if s.number in (0, 6, 1)]
    asked = next((window for text in texts if (window := _window(text))), "")
    found: dict[str, str | None] = {
        "unit": _first(UNIT, asked[: field.start()] if (field := FIELD.search(asked)) else ""),
        "address": _first(ADDRESS, asked),
        "phone": _first(PHONE, asked),
        "postcode": None,
        "email": _first(EMAIL, asked),
        "website": None,
        "fax": _first(FAX, asked),
    }
    opening = next((prose(s.text).text for s in sections if s.number == 0), "")
    address = WEBSITE.search(asked) or WEBSITE.search(opening)
    found["website"] = address.group().rstrip(".") if address else None
    written = _first(POSTCODE, asked)
    if written and re.fullmatch(r"\d{6}", written):
        found["postcode"] = written
    elif written:
        found["postcode_as_written"] = written
        if re.fullmatch(ADDRESS_OF_MAIL, written):
            found["email_found_elsewhere"] = written
    return found


def _window(text: str) -> str:
    """From the words that invite questions through the fields that follow them."""
    for invitation in INVITES.finditer(text):
        fields = [f for f in FIELD.finditer(text, invitation.start(), invitation.start() + 400)]
        if (
            not fields
            or fields[0].start() - invitation.start() > 120
            or not _belong(text[invitation.end() : fields[0].start()])
        ):
            continue
        start = max(text.rfind(mark, 0, invitation.start()) for mark in "。\n") + 1
        stop = re.search(r"[。\n]", text[fields[-1].end() :])
        return text[start : fields[-1].end() + stop.start()] if stop else text[start:]
    return ""


def _belong(between: str) -> bool:
    """Whether fields belong to an invitation: same sentence, or they open the next one."""
    return "。" not in between or (between.count("。") == 1 and len(between.rpartition("。")[2]) <= 4)


def _first(pattern: re.Pattern[str], text: str) -> str | None:
    found = pattern.search(text)
    return found[1].strip(":,;") or None if found else None
