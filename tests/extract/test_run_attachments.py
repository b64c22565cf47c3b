"""Extraction: a page and what hangs on it are read together, and every document is known by some line."""

from pathlib import Path

from crawler.archive import Archive, digest_of
from crawler.items import Document
from extract.run import extract, grouped
from tests.extract import misbehaving
from tests.extract.archived import FETCHED, lines, page


def crawled(archive: Archive, url: str, body: bytes, fetched: str, via: str | None = None) -> None:
    """What a crawl leaves of one report."""
    request = {"method": "GET", "request_headers": [], "request_body": b"", "status": "HTTP/1.1 200 OK", "headers": []}
    archive.response(url=url, body=body, fetched=fetched, **request)
    media = "text/html" if body.startswith(b"<html") else "image/png" if body.startswith(b"\x89") else "application/pdf"
    name = url.rpartition("/")[2]
    archive.add(Document(digest_of(body), url, fetched, media, name, None, None, "demo", None, None), via)


def test_files_are_read_with_their_page(tmp_path: Path) -> None:
    """A page that is a Document has its files with it; files of a page that is none stand alone, pictures together."""
    host, second = "https://www.shuangqiao.test", "2024-03-01T00:00:00Z"
    archive = Archive(tmp_path / "archive", "demo", FETCHED)
    crawled(archive, f"{host}/a.html", b"<html>a", FETCHED)
    crawled(archive, f"{host}/a1.pdf", b"%PDF a1", FETCHED, f"{host}/a.html")
    crawled(archive, f"{host}/b1.pdf", b"%PDF b1", FETCHED, f"{host}/b.html")
    crawled(archive, f"{host}/b2.pdf", b"%PDF b2", FETCHED, f"{host}/b.html")
    crawled(archive, f"{host}/a2.pdf", b"%PDF a2", FETCHED, f"{host}/a.html")
    crawled(archive, f"{host}/c1.png", b"\x89PNG c1", FETCHED, f"{host}/c.html")
    crawled(archive, f"{host}/c2.png", b"\x89PNG c2", FETCHED, f"{host}/c.html")
    later = Archive(tmp_path / "archive", "demo", second)
    crawled(later, f"{host}/a.html", b"<html>a changed", second)
    crawled(later, f"{host}/a1.pdf", b"%PDF a1 changed", second, f"{host}/a.html")
    done = extract(tmp_path, read=misbehaving.name)
    assert (done.read, done.errors) == (9, ())
    assert [line["names"] for line in lines(tmp_path)] == [
        ["a.html", "a1.pdf", "a2.pdf"],
        ["b1.pdf"],
        ["b2.pdf"],
        ["c1.png", "c2.png"],
        ["a.html", "a1.pdf", "a2.pdf"],  # as it is now, with the file that did not change
    ]
    units = [unit for found in grouped(later).values() for unit in found]
    assert units[-1].attachments[0].fetched == second and units[-1].attachments[1].fetched == FETCHED
    assert extract(tmp_path, read=misbehaving.name).read == 0


def test_every_document_is_known_by_some_line(tmp_path: Path) -> None:
    """Also one that was read with a page, and could not be: the page's report says so."""
    archive, url = Archive(tmp_path / "archive", "demo", FETCHED), "https://www.shuangqiao.test/a.html"
    report, broken = b"<html>" + page(1), b"%PDF-1.7\n%%EOF"
    crawled(archive, url, report, FETCHED)
    crawled(archive, url + ".pdf", broken, FETCHED, url)
    assert extract(tmp_path).read == 2
    (line,) = lines(tmp_path)
    assert (line["document"]["digest"], line["read_with"]) == (digest_of(report), [digest_of(broken)])
    assert "S35" in {finding["rule"] for finding in line["findings"]}
