"""What lies on a portal unread or unattributed: as long as it may be a unit's report, that report is not missing."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass

from crawler.titles import compact, parse_title

_OFFICE = re.compile(r"(?:人民政府)?(?:办事处|办公室|办公厅|人民政府|政府办|政府)?$")
_LEVEL = re.compile(r"^[本我]?[省市县区旗州盟](?=.)")  # 市农业农村局: a level, no place
_FOUND = """
SELECT DISTINCT d.digest, coalesce(r.title, d.title), r.unit, r.year
FROM fetches AS f JOIN documents AS d ON d.digest = f.document
LEFT JOIN report_documents AS c ON c.document = d.digest LEFT JOIN reports AS r ON r.id = c.report
WHERE f.portal = ? AND (d.status != 'read' OR (r.id IS NOT NULL AND (r.unit IS NULL OR r.year IS NULL)))
ORDER BY d.digest"""


@dataclass(frozen=True, slots=True)
class Unread:
    """A document of which it is not known whose report it is, or for which year."""

    digest: str
    organ: str
    unit: str | None
    year: int | None

    def may_be(self, unit: str, name: str, year: int) -> bool:
        """Whether it can be the report of a unit for a year. One that names nobody can be anyone's, of any year that
        it does not exclude: nothing is missing beside it."""
        if self.year is not None and self.year != year:
            return False
        if self.unit is not None:
            return self.unit == unit
        return alike(self.organ, name) if self.organ else True


def find(connection: sqlite3.Connection, portal: str) -> list[Unread]:
    """All such documents of a portal."""
    found = []
    for digest, printed, unit, year in connection.execute(_FOUND, [portal]):
        title = parse_title(printed) if printed else None
        stated = year if year is not None else title.year if title else None
        found.append(Unread(digest, title.organ if title else "", unit, stated))
    return found


def alike(organ: str, name: str) -> bool:
    """Whether a printed name can mean a unit: one ends with the other, offices and a leading level left aside."""
    one, other = _bare(organ), _bare(name)
    return bool(one and other) and (one.endswith(other) or other.endswith((one, _LEVEL.sub("", one))))


def _bare(name: str) -> str:
    plain = compact(name)
    return _OFFICE.sub("", plain) or plain
