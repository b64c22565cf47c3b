"""The register of divisions: complete, consistent in itself, quick to load, and strict about what is added."""

import subprocess
import sys
from pathlib import Path

import pytest

from extract import register
from extract.register import load


def test_what_it_holds() -> None:
    divisions = load().divisions
    levels = [d.level for d in divisions.values()]
    assert levels.count("province") == 31
    assert levels.count("prefecture") > 330
    assert levels.count("county") > 2800
    assert levels.count("township") > 40_000
    assert not {d.name for d in divisions.values()} & {"市辖区", "县", "省直辖县级行政区划"}


def test_every_division_hangs_on_its_province() -> None:
    divisions = load().divisions
    for code, division in divisions.items():
        parents = load().parents(code)
        assert all(code.startswith(p.code) for p in parents)
        assert (parents[0].level == "province") if parents else division.level == "province"


def test_names_and_parents() -> None:
    names = [d.name for d in load().parents("360983104")]
    assert names == ["江西省", "宜春市", "高安市"]
    assert {d.code for d in load().named("芙蓉镇")} == {"330382105", "360828100", "433127103"}
    assert load().named("无此镇") == ()
    assert [d.name for d in load().parents("110101001")] == ["北京市", "东城区"]  # no 市辖区 between
    assert [d.name for d in load().parents("441900101")] == ["广东省", "东莞市"]  # a city without counties


def test_within() -> None:
    inside = load().within("360983")
    assert inside[0].name == "高安市"
    assert {"八景镇", "建山镇"} <= {d.name for d in inside}
    assert all(d.code.startswith("360983") for d in inside)


def test_extra_folder(tmp_path: Path) -> None:
    (tmp_path / "99.csv").write_text(
        "code,name\n99,云上省\n9901,青川市\n990101,云岭县\n990101101,石桥镇\n", encoding="utf-8"
    )
    extended = load(tmp_path)
    assert [d.name for d in extended.parents("990101101")] == ["云上省", "青川市", "云岭县"]
    assert "99" not in load().divisions
    assert "36" in extended.divisions
    assert load(tmp_path / "nowhere").divisions == load().divisions


@pytest.mark.parametrize(
    "text",
    ["code,name\n99x,云\n", "code,name\n990,云岭\n", "code,name\n99\n", "name,code\n云岭,99\n", "code,name\n99,\n"],
)
def test_bad_extra_file(tmp_path: Path, text: str) -> None:
    (tmp_path / "bad.csv").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match="bad.csv"):
        load(tmp_path)


def test_side_files_name_real_divisions() -> None:
    divisions = load().divisions
    assert set(register.hosts().values()) <= set(divisions)
    assert {code for codes in register.phones().values() for code in codes} <= set(divisions)
    assert register.phones()["0795"] == ("3609",)
    assert register.phones()["0577"] == ("3303",)


def test_kinds_are_unambiguous() -> None:
    kinds = register.kinds()
    names = [name for kind in kinds for name in (kind.name, *kind.aliases)]
    assert len(names) == len(set(names))
    assert len({kind.slug for kind in kinds}) == len(kinds) >= 45
    assert {"zfb", "nyncj", "gaj", "czj"} <= {kind.slug for kind in kinds}


def test_files_stay_small_and_load_fast() -> None:
    assert all(file.stat().st_size < 1_000_000 for file in register.FOLDER.glob("*.csv"))
    clock = "time.process_time()"
    code = f"import time; from extract import register as r; t = {clock}; r.load(); print({clock} - t)"
    took = float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)
    assert took < 0.5
