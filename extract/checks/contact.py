"""Group C: the contact that a report prints (DOMAIN §E)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extract.prose import locate
from extract.reading import Reading
from extract.records import Finding
from extract.rules import finding

PRIVATE = re.compile(
    r"@(?:vip\.)?(?:qq|163|126|sina|sohu|yeah|139|189|foxmail|gmail|hotmail|outlook|aliyun|21cn|tom|263|wo)\.(?:com|cn|net)(?:\.cn)?$",
    re.I,
)


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
    """C03: figures in the postcode's place that are not six."""
    written = (reading.contact.get("postcode_as_written") or reading.contact.get("postcode") or "").strip()
    if re.fullmatch(r"\d+", written) and len(written) != 6:
        yield finding("C03", f"“{written}”", quote=written, place=locate(reading.content, written))


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


CHECKS = (missing, email_as_postcode, malformed_postcode, private_mailbox, incomplete)
