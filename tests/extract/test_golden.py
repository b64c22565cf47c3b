"""Golden pairs: a document and the Reports read from it, reviewed by eye. `pytest --update` writes them anew."""

import json
import shutil
from pathlib import Path

import pytest

from extract.formats import READERS, ocr, sniff, soffice
from tests.extract.shapes import read_all

FOLDER = Path(__file__).resolve().parents[1] / "golden"
DOCUMENTS = sorted(path for path in FOLDER.iterdir() if path.is_file() and path.suffix not in {".json", ".py"})
# Of what was recognised in a picture: the figures. Words and confidences differ a little from processor to processor
RECOGNISED = ("unit", "year", "form", "disclosures", "applications", "disputes")
OFFICE = frozenset(name for name, reader in READERS.items() if reader.where == "office:read_office")


def missing(body: bytes) -> str | None:
    """What is not installed of that which the reader of a document needs."""
    media_type = sniff(body)
    if media_type.startswith("image/"):
        return ocr.missing()
    if media_type in OFFICE and not shutil.which("soffice"):
        return soffice.PACKAGE
    return None


def dumped(path: Path) -> str:
    """Every report in the document, a key or an item a line, so that a change reads well in a diff."""
    body = path.read_bytes()
    records = [report.to_json() for report in read_all(body, path.name)]
    if sniff(body).startswith("image/"):
        records = [{key: record[key] for key in RECOGNISED} for record in records]
    return "[\n" + ",\n".join(_record(record) for record in records) + "\n]\n"


def _record(record: dict) -> str:
    lines = []
    for key, value in record.items():
        items = None
        if isinstance(value, list) and value:
            items = [_dump(item) for item in value]
        elif isinstance(value, dict) and key in ("disclosures", "applications", "disputes"):
            items = [f"{_dump(name)}: {_dump(row)}" for name, row in value.items()]
        if items is None:
            lines.append(f"  {_dump(key)}: {_dump(value)}")
        else:
            opening, closing = "[]" if isinstance(value, list) else "{}"
            lines.append(f"  {_dump(key)}: {opening}\n    " + ",\n    ".join(items) + f"\n  {closing}")
    return " {\n" + ",\n".join(lines) + "\n }"


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_golden(path: Path, pytestconfig: pytest.Config) -> None:
    if lacking := missing(path.read_bytes()):
        pytest.skip(f"needs {lacking}")
    read, kept = dumped(path), path.with_suffix(".json")
    new = not kept.exists()
    if new or pytestconfig.getoption("--update"):
        kept.write_text(read, encoding="utf-8")
    assert not new, f"{kept.name} was missing and is now written: review it, then commit"
    # Compared as data first: pytest shows which key differs
    assert json.loads(read) == json.loads(kept.read_text(encoding="utf-8"))
    assert read == kept.read_text(encoding="utf-8"), "the same data, written differently: pytest --update"


def test_every_golden_has_its_document() -> None:
    documents = {path.stem for path in DOCUMENTS}
    assert len(documents) == len(DOCUMENTS) >= 8
    assert {path.stem for path in FOLDER.glob("*.json")} == documents


def test_goldens_stay_small() -> None:
    assert [path.name for path in FOLDER.iterdir() if path.is_file() and path.stat().st_size > 60_000] == []
