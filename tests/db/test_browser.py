"""The site as its readers see it: Chromium on the demo's database, with one report more that is a PDF."""

from __future__ import annotations

import csv
import hashlib
import io
import random
import re
import shutil
import subprocess
import sys
import threading
import urllib.request
from pathlib import Path

import pytest

from crawler.replica.render import render
from crawler.replica.reports import generate
from db.build import NAME
from tests.db.served import running

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: extra `dev`")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed: extra `dev`")
CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed: see `make system`"),
    pytest.mark.timeout(900),
]

SHOTS = Path(__file__).parents[2] / "data" / "screenshots"  # kept, so that a person can look
TOWN = "990101101"
PDF = f"{TOWN}-2019"
FLAGS = [f"--{flag}" for flag in ("no-sandbox", "disable-gpu", "disable-quic", "disable-background-networking")]
PAGES = {
    "front": "/",
    "place": "/place/990101",
    "unit": f"/unit/{TOWN}",
    "report": f"/report/{TOWN}-2022",
    "pdf": f"/report/{PDF}",
    "original": f"/report/{TOWN}-2022/original?cell=applications.new.total",
    "original-pdf": f"/report/{PDF}/original?cell=applications.new.total",
    "search": "/search?q=公开",
    "search-empty": "/search?q=火星",
    "compare": f"/compare?units={TOWN}&metric=M1,M4",
    "compare-empty": "/compare",
    "findings": "/findings",
    "rule": "/findings/S11",
    "coverage": "/coverage",
    "health": "/health",
    "changes": "/changes",
    "data": "/data",
    "dictionary": "/data/dictionary",
    "about": "/about",
    "glossary": "/glossary",
    "missing": "/report/nothing",
}
DATASETTE = ["/gongkai", "/gongkai/reports", f"/gongkai/reports/{TOWN}-2022", "/gongkai?sql=select+1"]
# What axe finds on Datasette's own pages, in its own markup; their inline scripts are refused, and not needed
UPSTREAM = {"heading-order", "label", "scrollable-region-focusable", "select-name"}
REFUSED = "Executing inline script violates"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's data folder with a PDF imported and a release written."""
    folder = tmp_path_factory.mktemp("site")

    def gongkai(*arguments: str) -> None:
        command = [sys.executable, "-m", "gongkai", "--data", *arguments]
        subprocess.run(command, check=True, capture_output=True, cwd=folder)

    gongkai(str(folder), "demo", "--no-serve")
    demo = folder / "demo"
    paper = generate(7, unit=TOWN, organ="清溪县双桥镇", year=2019)
    (folder / "paper.pdf").write_bytes(render(paper, "pdf_clean", random.Random(7).randrange(99)))
    gongkai(str(demo), "import", str(folder / "paper.pdf"), "--unit", TOWN, "--fetched", "2026-01-02")
    for step in ("extract", "build", "release"):
        gongkai(str(demo), step)
    return demo


@pytest.fixture(scope="module")
def site(data: Path):
    with running(data) as (_, port):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture(scope="module")
def browser():
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def page(browser, site):
    """A new reader with an English browser; no page may ask another host, nor fail at anything it asks for."""
    context = browser.new_context(base_url=site, locale="en-GB", viewport={"width": 1280, "height": 900})
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    wrong: list[str] = []
    page = context.new_page()
    page.on("console", lambda said: wrong.append(f"{page.url}: {said.text}") if said.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    yield page
    context.close()
    assert [url for url in asked if not url.startswith((site, "data:"))] == []
    assert [text for text in wrong if "404" not in text and not ("/gongkai" in text and REFUSED in text)] == []


def fetch(url: str) -> bytes:
    with urllib.request.urlopen(url) as answer:
        return answer.read()


def test_from_the_front_page_to_the_number_its_history_its_original_and_a_csv(page, site) -> None:
    page.goto("/")
    page.locator('main a[href^="/report/"]').first.click()
    number = page.locator("table.applications td").filter(has_text=re.compile(r"^\s*[1-9]")).first
    assert number.is_visible()
    page.locator('a[href^="/unit/"]').last.click()
    assert page.locator("figure svg").first.is_visible()
    page.locator('main a[href*="/original"]').first.click()
    assert page.locator("h1").first.is_visible() or "/original/sha256" in page.url
    page.go_back()
    link = page.locator('main a[href$=".csv"]').first.get_attribute("href")
    body = fetch(site + link)
    assert body.startswith(b"\xef\xbb\xbf")
    assert len(list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))) > 1


def test_search_from_the_front_page(page) -> None:
    page.goto("/")
    page.locator('input[type="search"]').first.fill("双桥")
    page.keyboard.press("Enter")
    page.locator("main mark").first.wait_for()
    page.locator('main a[href^="/report/"]').first.click()
    assert "双桥" in page.locator("main").inner_text()


def test_search_in_pinyin_finds_the_place(page) -> None:
    page.goto("/search?q=shuangqiao")
    page.locator(f'main a[href$="/{TOWN}"]').first.click()
    assert "双桥" in page.locator("h1").inner_text()


def test_compare_is_its_address(page, site) -> None:
    page.goto(PAGES["compare"])
    assert page.locator("main table").first.is_visible()
    before = page.locator("main").inner_text()
    page.goto(page.url)
    assert page.locator("main").inner_text() == before
    link = page.locator('main a[href^="/compare.csv"]').first.get_attribute("href")
    assert fetch(site + link).decode("utf-8-sig").count("\n") > 1


def test_a_download_is_what_the_page_says(page, site) -> None:
    page.goto("/data")
    with page.expect_download() as started:
        page.locator('main a[href$="gongkai.db"]').first.click()
    digest = hashlib.sha256(Path(started.value.path()).read_bytes()).hexdigest()
    assert digest in page.locator("main").inner_text()


def test_the_language_is_chosen_once(page) -> None:
    page.goto("/")
    assert page.locator("html").get_attribute("lang") == "en"
    page.locator('a[hreflang="zh-CN"]').first.click()
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    page.goto("/coverage")
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    page.locator('a[hreflang="en"]').first.click()
    assert page.locator("html").get_attribute("lang") == "en"


@pytest.mark.parametrize("name", PAGES)
def test_looks(page, name: str) -> None:
    """Screenshots at 360 and 1,280 pixels, dark and in print; only tables in a frame are wider than a narrow screen."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.goto(PAGES[name])
    page.screenshot(path=SHOTS / f"{name}-1280.png", full_page=True)
    page.emulate_media(color_scheme="dark")
    page.screenshot(path=SHOTS / f"{name}-dark.png", full_page=True)
    page.emulate_media(media="print", color_scheme="light")
    page.screenshot(path=SHOTS / f"{name}-print.png", full_page=True)
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 360, "height": 740})
    page.screenshot(path=SHOTS / f"{name}-360.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def violations(page) -> dict[str, list[str]]:
    found = axe.Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}).response
    return {one["id"]: [node["html"][:160] for node in one["nodes"][:4]] for one in found["violations"]}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_nobody_is_left_out(page, name: str, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto(PAGES[name])
    assert violations(page) == {}


@pytest.mark.parametrize("path", DATASETTE)
def test_datasettes_own_pages_have_no_other_barriers_than_named(page, path: str) -> None:
    page.goto(path)
    assert set(violations(page)) <= UPSTREAM


def test_without_javascript_the_pages_say_the_same(browser, site) -> None:
    texts = []
    for script in (True, False):
        context = browser.new_context(base_url=site, locale="en-GB", java_script_enabled=script)
        page = context.new_page()
        page.goto(PAGES["unit"])
        texts.append(page.locator("main").inner_text())
        context.close()
    assert texts[0] == texts[1]


def test_a_new_build_appears_while_readers_are_at_work(page, site, data: Path) -> None:
    """A correction is built under load: no request fails, and the open reader sees the new figure on reloading."""
    stop, failed = threading.Event(), []

    def reader() -> None:
        while not stop.is_set():
            for path in ("/", f"/report/{TOWN}-2022", "/coverage"):
                try:
                    fetch(site + path)
                except OSError as error:
                    failed.append((path, error))

    readers = [threading.Thread(target=reader) for _ in range(4)]
    for thread in readers:
        thread.start()
    try:
        page.goto(f"/report/{TOWN}-2022")
        assert "987,654" not in page.locator("main").inner_text()
        old = (data / NAME).stat().st_ino
        correct = ["correct", f"{TOWN}-2022", "applications", "new", "total", "987654", "--why", "a test"]
        for arguments in (correct, ["build"]):
            command = [sys.executable, "-m", "gongkai", "--data", str(data), *arguments]
            subprocess.run(command, check=True, capture_output=True)
        assert (data / NAME).stat().st_ino != old
        for _ in range(60):
            page.reload()
            if "987,654" in page.locator("main").inner_text():
                break
            page.wait_for_timeout(500)
        assert "987,654" in page.locator("main").inner_text()
    finally:
        stop.set()
        for thread in readers:
            thread.join()
    assert failed == []
