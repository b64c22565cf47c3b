"""Whether recognition of scans can be tested here: the extra [ocr], and what draws the pages."""

from __future__ import annotations

import pytest

from crawler.replica.render import scan
from extract.formats import ocr

LACKING = scan.missing() or ocr.missing()
needs_ocr = pytest.mark.skipif(LACKING is not None, reason=f"{LACKING} is not installed")
