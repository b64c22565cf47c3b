"""Group B: one table against another."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extract.prose import locate, prose
from extract.reading import Reading
from extract.records import Finding
from extract.rules import finding

FEES = re.compile(r"收费|费用|信息处理费|收取")
# Charging is ruled out. That nothing was collected (未收取) goes well with a request closed for want of payment
NEVER = re.compile(
    r"(?:不|从不|一律不|均不)(?:向[^。;,\n]{0,24})?收取?(?:任何|相关|一切)*(?:信息处理|检索、?复制)?费|(?:全部|一律|均|完全|实行)免费(?:提供|公开|办理)|免费(?:提供|公开)政府信息"
)


def disputes(reading: Reading) -> Iterator[Finding]:
    """B01, B02: reviews and direct suits against answers and requests; a suit after a review is the same matter."""
    reviews = reading.value("disputes", "reconsideration", "total")
    suits = reading.value("disputes", "litigation_direct", "total")
    closed, new, carried = (reading.value("applications", row, "total") for row in ("closed", "new", "carried_in"))
    if reviews is None or suits is None or reviews + suits == 0:
        return
    if closed is not None and reviews + suits > closed:
        yield finding("B01", f"{reviews} + {suits} > {closed}", table="disputes", left=reviews + suits, right=closed)
    if new == 0 and carried == 0:
        yield finding("B02", f"{reviews} + {suits}, no request", table="disputes", left=reviews + suits, right=0)


def unpaid(reading: Reading) -> Iterator[Finding]:
    """B04, B05: requests closed because a fee was not paid, where the text tells of no fee, or of none ever charged."""
    count = reading.value("applications", "other.fee_unpaid", "total")
    if not count or not any(section.number for section in reading.sections):
        return
    at = {"table": "applications", "row": "other.fee_unpaid", "column": "total", "left": count}
    texts = [prose(re.sub("《[^》\n]{0,80}》", lambda m: "※" * len(m.group()), s.text)) for s in reading.sections]
    if not any(FEES.search(text.text) for text in texts):
        yield finding("B04", f"{count} closed for fees not paid, the text tells of no fee", right=0, **at)
    for text in texts:
        if found := NEVER.search(text.text):
            quote = text.quote(*found.span())
            message = f"{count} closed for fees not paid, the text says that none are charged"
            yield finding("B05", message, quote=quote, place=locate(reading.content, quote), right=0, **at)
            return


CHECKS = (disputes, unpaid)
