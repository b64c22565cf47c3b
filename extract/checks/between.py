"""Group B: one table against another."""

from __future__ import annotations

from collections.abc import Iterator

from extract.reading import Reading
from extract.records import Finding
from extract.rules import finding


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


CHECKS = (disputes,)
