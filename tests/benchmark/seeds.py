"""The five real reports with their hand-read truth, in our own names. They lie beside the repository, not in it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[2].parent / "shared" / "reports"
ITEMS = {
    "规章": "regulations",
    "规范性文件": "normative_documents",
    "行政规范性文件": "normative_documents",
    "行政许可": "licensing",
    "其他对外管理服务事项": "other_services",
    "行政处罚": "penalties",
    "行政强制": "coercion",
    "行政事业性收费": "fees",
    "政府集中采购": "procurement",
}
MEASURES = {
    "本年新制作数量": "made",
    "本年新公开数量": "published",
    "对外公开总数量": "published_total",
    "上一年项目数量": "items_last_year",
    "本年增/减": "items_change",
    "处理决定数量": "decisions",
    "采购项目数量": "projects",
    "采购总金额": "amount",
    "本年制发件数": "issued",
    "本年废止件数": "repealed",
    "现行有效件数": "in_force",
    "本年处理决定数量": "decisions",
    "本年收费金额（单位：万元）": "amount",
}
_DETAILS = {
    "3.3": (
        "refused.state_secret refused.other_law refused.security_stability refused.third_party refused.internal "
        "refused.deliberative refused.enforcement_file refused.registry_query"
    ),
    "3.4": "unable.not_held unable.must_create unable.still_unclear",
    "3.5": "unprocessed.petition unprocessed.repeat unprocessed.publication unprocessed.abusive unprocessed.reissue",
    "3.6": "other.no_correction other.fee_unpaid other.else",
}
OUTCOMES = {
    "1": "new",
    "2": "carried_in",
    "3.1": "granted",
    "3.2": "partly_granted",
    **{f"{group}.{n}": name for group, names in _DETAILS.items() for n, name in enumerate(names.split(), 1)},
    "3.6": "other",
    "3.7": "closed",
    "4": "carried_out",
}
APPLICANTS = ("natural_person", "business", "research", "nonprofit", "legal_service", "other_organisation", "total")
CHANNELS = {
    "复议": "reconsideration",
    "直接起诉": "litigation_direct",
    "复议后起诉": "litigation_after_reconsideration",
}
RESULTS = ("upheld", "corrected", "other", "pending", "total")
Key = tuple[str, str, str]


def load(folder: Path = FOLDER) -> dict[str, tuple[bytes, dict[str, Any]]]:
    """Every report's bytes and truth by file name; empty where the folder is missing."""
    found = {}
    for path in sorted(folder.glob("*.truth.json")):
        truth = json.loads(path.read_text(encoding="utf-8"))
        found[truth["file"]] = ((folder / truth["file"]).read_bytes(), truth)
    return found


def cells(truth: Mapping[str, Any]) -> dict[Key, Any]:
    """The truth by (table, row, column); a column that the form lacks is left out (it is S18's)."""
    found: dict[Key, Any] = {}
    for item, measures in truth["table2"].items():
        for measure, printed in measures.items():
            if measure in MEASURES:
                value = _normalised(truth, f"{item}.{measure}", printed)
                found["disclosures", ITEMS[item], MEASURES[measure]] = value
    for table, names, columns in (("table3", OUTCOMES, APPLICANTS), ("table4", CHANNELS, RESULTS)):
        ours = {"table3": "applications", "table4": "disputes"}[table]
        for row, values in truth[table].items():
            for column, printed in zip(columns, values, strict=True):
                found[ours, names[row], column] = int(printed) if str(printed).isdecimal() else printed
    return found


def _normalised(truth: Mapping[str, Any], place: str, printed: Any) -> Any:
    """A printed word or unit as the number it stands for, money in yuan where a unit is printed."""
    known = (truth.get("table2_normalised") or {}).get(place, {})
    return known.get("value_yuan", known.get("value", printed))


def expected(truth: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Findings that must be raised, as (rule, severity)."""
    return [(found["rule"], found["severity"]) for found in truth["expected_findings"]]


def forbidden(truth: Mapping[str, Any]) -> dict[str, str | None]:
    """Rules that must stay silent: rule → the column (our name) that is meant, None for the whole report."""
    columns = {"自然人": "natural_person", "总计": "total"}
    found: dict[str, str | None] = {}
    for entry in truth["must_not_fire"]:
        rule, _, where = entry.partition(" on ")
        found[rule] = columns[where.split()[0]] if where else None
    return found
