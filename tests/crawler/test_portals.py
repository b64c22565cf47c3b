"""A portal's file that is wrong is refused with one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.portals import PortalError, load

GOOD = '[jia]\nname = "甲县"\ndivision = "990101"\nplatform = "hanweb"\nstart = ["https://www.jia.test/col/col1/index.html"]\n'


def test_the_bundled_portals_load() -> None:
    portals = load()
    assert portals["yueqing"].host == "www.yueqing.gov.cn"
    assert portals["yueqing"].organs == {"001008003013016": "330382-nyncj"}
    assert portals["qingxi"].host.endswith(".test")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (GOOD + 'colour = "red"', "unknown key 'colour' — known are name, division"),
        (GOOD.replace("platform", "# platform"), "'platform' is missing"),
        (GOOD.replace('"990101"', "990101"), "'division' must be a division code"),
        (GOOD.replace("jia.test", "jia.example.com"), "is not an http"),
        (GOOD.replace("jia.test", "jiagov.cn"), "is not an http"),
        (GOOD + 'seen = ["https://www.yi.test/a"]', "is not on www.jia.test"),
        (GOOD + "delay = -1", "'delay' must be a number of seconds"),
        (GOOD + "[jia.organs]\na = 1", "'organs' must be a table"),
        (GOOD.replace("start = [", "start = [] # "), "no address"),
        ("name = ", "not TOML"),
        ('name = "甲县"', "'name' stands in no portal's table"),
        (GOOD + "limit = 0", "'limit' must be a number of pages"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "jia.toml").write_text(text)
    with pytest.raises(PortalError, match=message) as caught:
        load(tmp_path)
    assert str(caught.value).startswith("jia.toml: ")


def test_two_portals_on_one_host(tmp_path: Path) -> None:
    (tmp_path / "jia.toml").write_text(GOOD)
    (tmp_path / "yi.toml").write_text(GOOD.replace("[jia]", "[yi]"))
    with pytest.raises(PortalError, match=r"yi.toml: \[yi\]: host www.jia.test is already that of \[jia\]"):
        load(tmp_path)
    (tmp_path / "yi.toml").write_text(GOOD)
    with pytest.raises(PortalError, match=r"yi.toml: \[jia\] is there twice"):
        load(tmp_path)
