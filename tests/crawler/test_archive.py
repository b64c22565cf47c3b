"""The archive keeps bytes unedited, stores them once, and survives a writer that is killed."""

from __future__ import annotations

import gzip
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.cli import main as warcio_cli

from crawler.archive import Archive, ArchiveError, digest_of
from crawler.items import Document

DAY = "2024-01-31T08:00:00Z"
PAGE = "https://www.shuangqiao.test/art/2024/1/31/art_1_1.html"


def records(folder: Path) -> list[tuple[str, dict[str, str]]]:
    found = []
    for path in sorted(folder.glob("*.warc.gz")):
        with path.open("rb") as file:
            found += [(r.rec_type, dict(r.rec_headers.headers)) for r in ArchiveIterator(file)]
    return found


def check(folder: Path) -> int:
    try:
        warcio_cli(["check", *map(str, sorted(folder.glob("*.warc.gz")))])
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def fetch(archive: Archive, body: bytes, url: str = PAGE, **headers: str) -> str:
    return archive.response(
        url=url,
        method="GET",
        request_headers=[("User-Agent", "test")],
        request_body=b"",
        status="HTTP/1.1 200 OK",
        headers=[("Content-Type", "text/html"), ("Transfer-Encoding", "chunked"), *headers.items()],
        body=body,
        fetched=DAY,
    )


def page(digest: str, url: str = PAGE) -> Document:
    return Document(digest, url, DAY, "text/html", None, "99010101", "双桥镇2023年", "demo", "2024-01-31", "双桥镇")


def test_import_reads_back_and_is_idempotent(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    digest = archive.store(b"%PDF-1.7 x", name="报告.pdf", unit="990101", fetched=DAY)
    assert digest == digest_of(b"%PDF-1.7 x")
    before = [p.read_bytes() for p in tmp_path.glob("*.warc.gz")]
    assert archive.store(b"%PDF-1.7 x", name="报告.pdf", unit="990101") == digest
    again = Archive(tmp_path)
    again.store(b"%PDF-1.7 x", name="报告.pdf", unit="990101")
    assert [p.read_bytes() for p in tmp_path.glob("*.warc.gz")] == before
    assert again.read(digest) == b"%PDF-1.7 x"
    [document] = again.documents()
    assert (document.name, document.unit, document.media_type) == ("报告.pdf", "990101", "application/pdf")
    assert again.warcs() == [document.warc] == ["import-20240131T080000Z"]
    assert [kind for kind, _ in records(tmp_path)] == ["warcinfo", "resource", "metadata"]


def test_same_bytes_twice_are_a_revisit_that_refers_to_the_first(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    digest = archive.store(b"same bytes", name="a.txt", fetched=DAY)
    archive.store(b"same bytes", name="b.txt", fetched="2024-02-01T00:00:00Z")
    found = records(tmp_path)
    assert [kind for kind, _ in found] == ["warcinfo", "resource", "metadata", "revisit", "metadata"]
    first, revisit = found[1][1], found[3][1]
    assert revisit["WARC-Profile"].endswith("/revisit/identical-payload-digest")
    assert revisit["WARC-Refers-To"] == first["WARC-Record-ID"]
    assert revisit["WARC-Refers-To-Date"] == first["WARC-Date"] == DAY
    assert revisit["WARC-Refers-To-Target-URI"] == first["WARC-Target-URI"]
    assert revisit["WARC-Payload-Digest"] == first["WARC-Payload-Digest"] == digest
    assert [d.name for d in archive.documents()] == ["a.txt", "b.txt"]
    assert archive.read(digest) == b"same bytes"
    assert check(tmp_path) == 0


def test_a_fetched_page_keeps_its_bytes_as_received(tmp_path: Path) -> None:
    packed = gzip.compress("<html>公开</html>".encode(), mtime=0)
    archive = Archive(tmp_path, portal="demo")
    digest = fetch(archive, packed, **{"Content-Encoding": "gzip"})
    assert digest == digest_of("<html>公开</html>".encode())
    assert fetch(archive, packed, PAGE + "?2", **{"Content-Encoding": "gzip"}) == digest
    assert archive.add(page(digest)) and archive.add(page(digest, PAGE + "?2"))
    assert not archive.add(page(digest))
    kinds = [kind for kind, _ in records(tmp_path)]
    assert kinds == ["warcinfo", "response", "request", "revisit", "request", "metadata", "metadata"]
    with next(tmp_path.glob("*.warc.gz")).open("rb") as file:
        stored = [r.raw_stream.read() for r in ArchiveIterator(file) if r.rec_type == "response"]
    assert stored == [packed]
    again = Archive(tmp_path)
    assert again.read(digest) == "<html>公开</html>".encode()
    assert [d.url for d in again.documents()] == [PAGE, PAGE + "?2"]
    assert check(tmp_path) == 0


def test_index_is_rebuilt_to_the_same_text(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    for n in range(5):
        archive.store(b"body %d" % (n // 2), name=f"{n}.txt", fetched=DAY)
    index = tmp_path / "index.cdxj"
    text, documents = index.read_text(), list(archive.documents())
    index.unlink()
    assert list(Archive(tmp_path).documents()) == documents
    assert index.read_text() == text
    index.write_text(text[: len(text) // 2])  # killed while writing the index
    assert list(Archive(tmp_path).documents()) == documents
    assert index.read_text() == text


def test_the_same_inputs_give_the_same_file(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        archive = Archive(tmp_path / folder)
        archive.store(b"x", name="x.txt", fetched=DAY)
        fetch(archive, b"y")
    [a], [b] = (list((tmp_path / f).glob("*.warc.gz")) for f in ("a", "b"))
    assert a.name == b.name and a.read_bytes() == b.read_bytes()


def test_a_torn_tail_is_cut_and_the_rest_kept(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    kept = archive.store(b"kept", name="kept.txt", fetched=DAY)
    [path] = tmp_path.glob("*.warc.gz")
    whole = path.read_bytes()
    with path.open("ab") as file:
        file.write(whole[: len(whole) // 5])
    again = Archive(tmp_path)
    assert path.read_bytes() == whole
    assert again.read(kept) == b"kept"
    assert check(tmp_path) == 0


def test_damage_before_whole_records_is_not_cut(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    archive.store(b"one" * 500, name="1.txt", fetched=DAY)
    archive.store(b"two" * 500, name="2.txt", fetched=DAY)
    [path] = tmp_path.glob("*.warc.gz")
    body = bytearray(path.read_bytes())
    body[20:30] = b"\xff" * 10
    path.write_bytes(body)
    (tmp_path / "index.cdxj").unlink()
    with pytest.raises(ArchiveError, match="restore it from a copy"):
        Archive(tmp_path)
    assert path.read_bytes() == body


WRITER = """
import sys
from pathlib import Path
from crawler.archive import Archive
archive = Archive(Path(sys.argv[1]), portal=sys.argv[2])
for n in range(int(sys.argv[3])):
    digest = archive.store((f"{sys.argv[2]} {n} " * 20_000).encode(), name=f"{n}.txt")
    print(digest, flush=True)
"""


def writer(folder: Path, portal: str, count: int) -> subprocess.Popen[str]:
    argv = [sys.executable, "-c", WRITER, str(folder), portal, str(count)]
    return subprocess.Popen(argv, stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize("seconds", [0.3, 0.35, 0.42])
def test_kill_9_while_writing_loses_nothing_that_was_stored(tmp_path: Path, seconds: float) -> None:
    process = writer(tmp_path, "import", 100_000)
    assert process.stdout is not None
    said = [process.stdout.readline().strip()]  # it is at work now
    time.sleep(seconds - 0.25)
    process.send_signal(signal.SIGKILL)
    said += process.stdout.read().split()
    process.wait()
    archive = Archive(tmp_path)
    held = [d.digest for d in archive.documents()]
    assert 0 <= len(held) - len(said) <= 1  # the last may have been stored and not yet printed
    assert held[: len(said)] == said
    assert all(digest_of(archive.read(digest)) == digest for digest in held)
    assert check(tmp_path) == 0


def test_two_writers_take_turns(tmp_path: Path) -> None:
    processes = [writer(tmp_path, portal, 30) for portal in ("one", "two")]
    said = {line for p in processes for line in p.communicate()[0].split()}
    assert [p.returncode for p in processes] == [0, 0]
    archive = Archive(tmp_path)
    assert {d.digest for d in archive.documents()} == said and len(said) == 60
    assert len(archive.warcs()) == 2
    assert check(tmp_path) == 0
    text = (tmp_path / "index.cdxj").read_text()
    (tmp_path / "index.cdxj").unlink()
    assert len(list(Archive(tmp_path).documents())) == 60
    assert sorted((tmp_path / "index.cdxj").read_text().splitlines()) == sorted(text.splitlines())
