"""What metrics are made of: the operands of every report with their flags, and how each metric is spread among peers.

The formulas are db/metrics/*.sql; names, units, series and least n are registers/metrics.csv; the statements that fill
tables are db/fills/*.sql.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from sqlite_utils import Database

HERE = Path(__file__).parent
# Sums stand beside their parts: one part that was not read empties the sum.
SUMS = {"refused": "refused_", "unable": "unable_", "unprocessed": "unprocessed_", "other": "other_"}
_KEYS = {"applications": "outcome", "disputes": "channel", "disclosures": "item"}
_BEFORE = """SELECT 1 FROM reports AS other
WHERE other.unit = reports.unit AND other.year = reports.year AND other.scope = reports.scope
AND (length(other.id), other.id) < (length(reports.id), reports.id)"""


def register(name: str) -> list[dict[str, Any]]:
    """The lines of registers/`name`.csv; an empty field is None."""
    with (HERE / "registers" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return [{key: value or None for key, value in line.items()} for line in csv.DictReader(file)]


@cache
def operands() -> dict[str, dict[str, Any]]:
    """Operand → the cell of the forms since 2019 that it is."""
    return {line["operand"]: line for line in register("operands")}


@cache
def crosswalk() -> dict[str, list[str]]:
    """Operand → the indicators of the 2014 form that come nearest to it (DOMAIN §A.7); approximate wherever used."""
    return {line["operand"]: line["indicators"].split() for line in register("crosswalk_2014")}


def parts(name: str) -> list[str]:
    """The operands that a name stands for: itself, or those that it sums."""
    return [operand for operand in operands() if operand.startswith(SUMS[name])] if name in SUMS else [name]


def fill(db: Database) -> None:
    """All tables of metrics. Needs reports, findings, derived, reviews and expected."""
    db.table("series").insert_all(register("series"))
    db.table("metrics").insert_all(register("metrics"))
    db.table("metric_operands").insert_all(_uses())
    db.execute(_pivot())
    for name in ("1_quality", "2_flags", "3_areas", "4_counts", "6_sums"):
        run(db, name)
    least = next(metric["min_n"] for metric in register("metrics") if metric["id"] == "M36.peers")
    for metric in register("metrics"):
        if metric["status"] == "implemented" and metric["shape"] not in ("area", "view"):
            run(db, "peers", metric=metric["id"], least=int(least or 0))


def run(db: Database, name: str, **values: Any) -> None:
    """The statements of db/fills/`name`.sql, one after the other."""
    for statement in (HERE / "fills" / f"{name}.sql").read_text(encoding="utf-8").split(";\n"):
        db.conn.execute(statement, values)


def _uses() -> Iterator[dict[str, Any]]:
    for metric in register("metrics"):
        used = [operand for name in (metric["operands"] or "").split() for operand in parts(name)]
        for operand in dict.fromkeys(used):
            for place in _cells(operand):
                yield {"metric": metric["id"], "operand": operand} | place


def _cells(operand: str) -> Iterator[dict[str, Any]]:
    if cell := operands().get(operand):
        yield {f"{key}_name": cell[key] for key in ("table", "row", "column")}
    for indicator in crosswalk().get(operand, ()):
        yield {"table_name": "statistics", "row_name": indicator, "column_name": None}


def _pivot() -> str:
    """The statement that lays the cells of a report into one row."""
    columns = {"report": "reports.id", "unit": "reports.unit"}
    columns["first"] = f"reports.unit IS NOT NULL AND reports.year IS NOT NULL AND NOT EXISTS ({_BEFORE})"
    joined = []
    for table, key in _KEYS.items():
        cells = {name: _pick(key, cell) for name, cell in operands().items() if cell["table"] == table}
        joined.append(_joined(table, table, cells))
        columns |= {name: f"{table}.{name}" for name in cells}
    # A later form that prints these indicators beside its tables says the same twice: its own blank stays blank
    of_2014 = "(SELECT * FROM statistics WHERE report IN (SELECT id FROM reports WHERE form = '2014'))"
    joined.append(_joined(of_2014, "nearest", {name: _nearest(names) for name, names in crosswalk().items()}))
    for name in crosswalk():
        columns[name] = f"coalesce({columns[name]}, nearest.{name})" if name in columns else f"nearest.{name}"
    for name in ("refused", "unable", "unprocessed"):
        columns[name] = " + ".join(parts(name))
    # 2021 reports that print 其他处理 as one row, as the form of 2019 does, have no three
    columns["other"] = "coalesce(other_merged, other_no_correction + other_fee_unpaid + other_else)"
    names, values = ", ".join(columns), ", ".join(columns.values())
    return f"INSERT INTO operands ({names}) SELECT {values} FROM reports {' '.join(joined)} ORDER BY reports.id"


def _joined(table: str, alias: str, cells: dict[str, str]) -> str:
    picked = ", ".join(f"{pick} AS {name}" for name, pick in cells.items())
    return f"LEFT JOIN (SELECT report, {picked} FROM {table} GROUP BY report) AS {alias} ON {alias}.report = reports.id"


def _pick(key: str, cell: dict[str, Any]) -> str:
    """The cell out of the rows of its table. Money without a unit is no figure (U01)."""
    if key == "item":
        unit = " AND unit = '元'" if cell["column"] == "amount" else ""
        return f"max(value) FILTER (WHERE item = '{cell['row']}' AND measure = '{cell['column']}'{unit})"
    return f"max({cell['column']}) FILTER (WHERE {key} = '{cell['row']}')"


def _nearest(indicators: list[str]) -> str:
    """Sum of indicators; a fraction is no count."""
    whole = "max(value) FILTER (WHERE value = CAST(value AS INTEGER) AND indicator = '{}')"
    return " + ".join(whole.format(indicator) for indicator in indicators)
