"""Whether a portal is healthy: what its newest run says beside the one before. Pure functions over Counts."""

from __future__ import annotations

from crawler.items import Counts

DROP = 0.2  # a harvest smaller by more than this share is not a redesign of one page but of the portal
GRAVE = {
    "column": "a column that the portal's entry names is gone",
    "platform": "the pages are no longer those of the platform",
    "archive": "the archive could not be written",
    "spider": "the spider broke off",
    "stopped": "the crawl ended early",
}


def failing(counts: Counts, before: Counts | None) -> tuple[str, ...]:
    """The reasons why a portal needs a person, worst first; none where it is healthy. Single errors are not reasons."""
    reasons = []
    if not counts.reports:
        reasons.append("no report found")
    if counts.blocked and len(counts.blocked) * 5 >= counts.requests:
        reasons.append(f"blocked by a firewall ({', '.join(sorted({kind for kind, _ in counts.blocked}))})")
    reasons += [sentence for kind, sentence in GRAVE.items() if counts.errors.get(kind)]
    if before:
        for name in ("listed", "reports"):
            had, has = getattr(before, name), getattr(counts, name)
            if has and has < had * (1 - DROP):
                reasons.append(f"{name} fell from {had} to {has}")
    failed = sum(n for kind, n in counts.errors.items() if kind not in GRAVE)
    if failed > 10 and failed * 5 > counts.requests:
        reasons.append(f"{failed} of {counts.requests} requests failed")
    return tuple(reasons)
