"""Group C: the contact that a report prints (DOMAIN §E)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from extract.identity import division_of_host, host_map
from extract.prose import locate, prose
from extract.reading import Reading
from extract.records import Finding
from extract.register import phones
from extract.rules import finding

PRIVATE = re.compile(
    r"@(?:vip\.)?(?:qq|163|126|sina|sohu|yeah|139|189|foxmail|gmail|hotmail|outlook|aliyun|21cn|tom|263|wo)\.(?:com|cn|net)(?:\.cn)?$",
    re.I,
)


HOST = re.compile(r"(?<![\w@.-])(?:[a-z0-9-]+\.)+(?:gov\.cn|com\.cn|com|cn|net|org)(?![\w-])", re.I)
# The first two figures of postcodes in each province, those of enclaves served from the neighbour's offices included
POSTCODES = {
    "11": "10", "12": "30", "13": "05 06 07", "14": "03 04", "15": "01 02 13 16 73 75", "21": "11 12", "22": "13",
    "23": "15 16", "31": "20", "32": "21 22", "33": "31 32", "34": "23 24", "35": "35 36", "36": "33 34",
    "37": "25 26 27", "41": "45 46 47", "42": "43 44", "43": "41 42", "44": "51 52", "45": "53 54", "46": "57",
    "50": "40", "51": "61 62 63 64", "52": "55 56", "53": "65 66 67", "54": "85 86", "61": "71 72", "62": "73 74",
    "63": "81", "64": "75", "65": "83 84",
}  # fmt: skip


def missing(reading: Reading) -> Iterator[Finding]:
    """C01: neither phone nor address nor e-mail nor office."""
    if reading.sections and not any(
        reading.contact.get(k) for k in ("phone", "address", "email", "unit", "email_found_elsewhere")
    ):
        yield finding("C01")


def email_as_postcode(reading: Reading) -> Iterator[Finding]:
    """C02: an e-mail address where the postcode is due."""
    written = reading.contact.get("postcode_as_written") or ""
    if "@" in written:
        yield finding("C02", quote=written, place=locate(reading.content, written))


def malformed_postcode(reading: Reading) -> Iterator[Finding]:
    """C03: figures in the postcode's place that are not six, or six of another province."""
    written = (reading.contact.get("postcode_as_written") or reading.contact.get("postcode") or "").strip()
    if not re.fullmatch(r"\d+", written):
        return
    place = locate(reading.content, written)
    if len(written) != 6:
        yield finding("C03", f"“{written}”", quote=written, place=place)
    elif written[:2] not in POSTCODES.get((reading.unit.division or "")[:2], written[:2]).split():
        yield finding("C03", f"“{written}” is a postcode of another province", quote=written, place=place)


def foreign_phone(reading: Reading) -> Iterator[Finding]:
    """C04: the trunk code is another prefecture's. Counties under a province itself share their neighbours' codes."""
    printed = reading.contact.get("phone") or ""
    found = re.match(r"\(?(0\d{2,3})\)?\D{0,2}\d{7,8}", printed)
    division = reading.unit.division or ""
    if not found or found[1] not in phones() or len(division) < 4 or division[2:4] == "90":
        return
    served = phones()[found[1]]
    if not any(division.startswith(code) or code.startswith(division) for code in served):
        message = f"{found[1]} serves {', '.join(served)}, the unit lies in {division[:4]}"
        yield finding("C04", message, quote=printed, place=locate(reading.content, found[1]))


def other_site(reading: Reading) -> Iterator[Finding]:
    """C06: the site that the text names is not the one it stands on, nor one of a government above or below."""
    host = _site(urlsplit(reading.document.url or "").hostname or "") if reading.document else ""
    texts = [prose(s.text).text for s in reading.sections if s.number == 0] + [reading.contact.get("website") or ""]
    named = dict.fromkeys(m.group().lower() for text in texts for m in HOST.finditer(text))
    if not host or not named or any(_same_site(host, name) for name in named):
        return
    quote = next(iter(named))
    yield finding(
        "C06", f"the text names {quote}, the report stands on {host}", quote=quote, place=locate(reading.content, quote)
    )


def _same_site(host: str, named: str) -> bool:
    one, other = _site(host), _site(named)
    if one.endswith(other) or other.endswith(one):
        return True
    codes = [division_of_host(name, host_map()) for name in (host, named)]
    return all(codes) and (codes[0].startswith(codes[1]) or codes[1].startswith(codes[0]))


def _site(host: str) -> str:
    """xxgk.place.gov.cn → place.gov.cn: the name that was registered, with every name under it."""
    found = re.search(r"[a-z0-9-]+\.(?:gov|com|org|net|edu)\.cn$|[a-z0-9-]+\.[a-z]+$", host.lower())
    return found.group() if found else host.lower()


def private_mailbox(reading: Reading) -> Iterator[Finding]:
    """C05: the mailbox of an organ is with a private provider."""
    for name in ("email", "email_found_elsewhere"):
        address = reading.contact.get(name)
        if address and PRIVATE.search(address):
            yield finding("C05", quote=address, place=locate(reading.content, address))


def incomplete(reading: Reading) -> Iterator[Finding]:
    """C07: a contact is given, address or postcode is not. What stands wrongly in their place is C02's or C03's."""
    contact = reading.contact
    if not any(contact.get(k) for k in ("phone", "address", "email", "unit")):
        return
    lacking = [k for k in ("address", "postcode") if not contact.get(k) and not contact.get(f"{k}_as_written")]
    if lacking:
        yield finding("C07", f"no {' and no '.join(lacking)}", quote=", ".join(lacking))


CHECKS = (
    missing, email_as_postcode, malformed_postcode, foreign_phone, private_mailbox, other_site, incomplete,
)  # fmt: skip
