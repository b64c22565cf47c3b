"""What a crawl costs beside a bare Scrapy spider that downloads the same pages: `python -m tests.benchmark.crawl`."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage

from crawler.portals import HERE, load
from crawler.replica import serve
from crawler.replica.openness import site
from crawler.runs import crawl

START = "http://www.place.test/XxgkContent/showList/9/0/page_1.html"
FAST = {"DOWNLOAD_DELAY": 0, "AUTOTHROTTLE_ENABLED": False, "LOG_LEVEL": "ERROR", "CONCURRENT_REQUESTS_PER_DOMAIN": 1}
BARE = """
import sys, scrapy
from scrapy.crawler import CrawlerProcess
class Bare(scrapy.Spider):
    name = "bare"
    async def start(self):
        for url in open(sys.argv[1]).read().split():
            yield scrapy.Request(url)
    def parse(self, response):
        pass
process = CrawlerProcess({"LOG_LEVEL": "ERROR", "CONCURRENT_REQUESTS_PER_DOMAIN": 1, "ROBOTSTXT_OBEY": True,
                          "TELNETCONSOLE_ENABLED": False, "REMOTE_CONTROL_ENABLED": False})
process.crawl(Bare)
process.start()
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """Processor seconds for the same pages, start of the interpreter included in both."""

    pages: int
    ours: float
    bare: float

    @property
    def ratio(self) -> float:
        return self.ours / self.bare


def _spent() -> float:
    used = getrusage(RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def measure(organs: int = 60, years: tuple[int, ...] = (2019, 2020, 2021, 2022, 2023)) -> Cost:
    """Crawls a replica of organs × years reports, then downloads exactly the addresses that were asked for."""
    entry = f'[place]\nname = "湖口县"\ndivision = "360429"\nplatform = "openness"\nstart = ["{START}"]\n'
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "portals").mkdir()
        (folder / "portals" / "place.toml").write_text(entry, encoding="utf-8")
        portal = load(folder / "portals")["place"]
        replica = site(portal, [(f"360429{100 + n}", f"第{n}镇") for n in range(organs)], years)
        with serve({portal.host: replica}) as proxy:
            os.environ.update(proxy.environment)
            before = _spent()
            counts = crawl("place", folder, FAST, folder / "portals")
            ours = _spent() - before
            asked = [f"http://{host}{path}" for _, host, path in proxy.log if path != "/robots.txt"]
            (folder / "urls").write_text("\n".join(asked), encoding="utf-8")
            before = _spent()
            subprocess.run([sys.executable, "-c", BARE, folder / "urls"], check=True, cwd=HERE.parents[1])
            bare = _spent() - before
        if not counts.ok or counts.reports != len(replica.reports):
            raise RuntimeError(f"the crawl went wrong: {counts.problems[:3]}")
    return Cost(len(asked), ours, bare)


if __name__ == "__main__":
    cost = measure()
    print(
        f"{cost.pages} pages: {1000 * cost.ours / cost.pages:.1f} s of processor per 1,000 pages, "
        f"{cost.ratio:.2f} × a bare spider ({1000 * cost.bare / cost.pages:.1f} s)"
    )
