"""Speed as ratios in one run, so that they hold on any machine: our reader against lxml alone on the same bytes."""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from statistics import median
from time import perf_counter

from lxml import html

from extract.formats import read
from extract.report import read_report
from tests.benchmark.generated import Sample, document, places, samples

PAGE = 250_000  # bytes: a portal's article page with its navigation, styles and scripts
ROUNDS = 9
PAGES = 6


@dataclass(frozen=True, slots=True)
class Speed:
    """Medians in milliseconds a page."""

    kilobytes: float
    bare: float  # lxml alone: parse, expand the tables
    content: float  # bytes → Content
    report: float  # Content → Report

    @property
    def parse_ratio(self) -> float:
        """bytes → Content against lxml alone."""
        return self.content / self.bare

    @property
    def report_ratio(self) -> float:
        """Content → Report against bytes → Content."""
        return self.report / self.content


def padded(sample: Sample, size: int = PAGE) -> bytes:
    """The report inside `<div id="zoom">` of a page as portals serve it: mostly menus, half of them before it."""
    rng = Random(sample.seed)
    title = sample.made.title
    head = (
        f'<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"/><title>{title}</title>'
        f'<meta name="ArticleTitle" content="{title}"/><style>{_STYLE * 60}</style></head><body>'
    )
    article = f'<div id="zoom">{sample.made.html}</div>'
    tail = "<script>" + _SCRIPT * 120 + "</script></body></html>"
    missing = size - len((head + article + tail).encode())
    before = _menus(rng, missing // 2)
    return (head + before + article + _menus(rng, missing - len(before.encode())) + tail).encode()


_STYLE = ".nav li a:hover{color:#c00;background:url(/images/bg.png) no-repeat 0 -24px;padding-left:12px}\n"
_SCRIPT = "function show(i){var e=document.getElementById('m'+i);e.style.display=e.style.display=='none'?'':'none';}\n"


def _menus(rng: Random, size: int) -> str:
    """Menus of about `size` bytes, nested lists of links as a portal's every page repeats them."""
    parts: list[str] = []
    length = 0
    while length < size:
        links = "".join(
            f'<li class="item"><a href="/col/col{rng.randint(1000, 9999)}/art_{rng.randint(1, 9**6)}.html" '
            f'target="_blank" title="栏目{n}">政务公开栏目{n}</a><span class="date">2025-01-{n + 1:02}</span></li>'
            for n in range(10)
        )
        parts.append(f'<div class="menu"><h3>栏目</h3><ul class="list">{links}</ul></div>\n')
        length += len(parts[-1].encode())
    return "".join(parts)


def bare(body: bytes) -> list[list[list[str]]]:
    """What lxml alone needs for parse and expansion: every innermost table as rows of texts, spans filled in."""
    page = html.document_fromstring(body)
    return [_expand(table) for table in page.iter("table") if table.find(".//table") is None]


def _expand(table: html.HtmlElement) -> list[list[str]]:
    rows: list[list[str]] = []
    open_: dict[int, tuple[int, str]] = {}
    for row in table.iter("tr"):
        fields: list[str] = []
        for cell in row.iterchildren("td", "th"):
            _fill(fields, open_)
            text = cell.text_content().strip()
            down, across = int(cell.get("rowspan") or 1), int(cell.get("colspan") or 1)
            for _ in range(across):
                if down > 1:
                    open_[len(fields)] = (down - 1, text)
                fields.append(text)
        _fill(fields, open_)
        rows.append(fields)
    return rows


def _fill(fields: list[str], open_: dict[int, tuple[int, str]]) -> None:
    while (at := len(fields)) in open_:
        left, text = open_.pop(at)
        fields.append(text)
        if left > 1:
            open_[at] = (left - 1, text)


def measure(rounds: int = ROUNDS, pages: int = PAGES) -> Speed:
    """Every page by every way in every round, in turn, so that a slow moment of the machine strikes them alike."""
    bodies = [padded(sample) for sample in samples(pages, seed=7, faulty=0.5)]
    known = places()
    documents = [document(body, f"page {n}") for n, body in enumerate(bodies)]

    def timed(work: Callable[[], object]) -> float:
        start = perf_counter()
        work()
        return (perf_counter() - start) * 1000

    times: dict[str, list[float]] = {"bare": [], "content": [], "whole": [], "report": []}
    gc.collect()
    gc.disable()
    try:
        for turn in range(rounds + 1):
            for body, doc in zip(bodies, documents, strict=True):
                found = {
                    "bare": timed(lambda body=body: bare(body)),
                    "content": timed(lambda body=body: read(body)),
                    "whole": timed(lambda body=body, doc=doc: read_report(body, doc, known)),
                }
                if turn:  # the first round fills caches: forms, rules, register
                    for way, taken in found.items():
                        times[way].append(taken)
                    times["report"].append(found["whole"] - found["content"])
            gc.collect()
    finally:
        gc.enable()
    size = sum(map(len, bodies)) / len(bodies) / 1000
    return Speed(size, median(times["bare"]), median(times["content"]), median(times["report"]))
