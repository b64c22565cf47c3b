"""Generated titles over the whole register: what is resolved is right, what is ambiguous is not resolved."""

import time

import pytest

from extract.identity import Evidence, resolve
from extract.register import load
from tests.benchmark import identity

COUNT = 400  # python -m tests.benchmark.identity takes 2,000


@pytest.mark.parametrize("seed", [11, 12])
def test_titles_alone(seed: int) -> None:
    counts = identity.run(seed, COUNT, hosted=False)
    assert counts.wrong == []
    assert counts.ambiguous_resolved == []
    assert counts.ambiguous > COUNT / 5
    assert counts.resolved > 0.97 * (COUNT - counts.ambiguous)


@pytest.mark.parametrize("seed", [11, 12])
def test_titles_with_a_host(seed: int) -> None:
    counts = identity.run(seed, COUNT, hosted=True)
    assert counts.wrong == []
    assert counts.resolved >= 0.95 * COUNT, counts.open


def test_shares() -> None:
    sorts = [case.sort for case in identity.cases(11, COUNT)]
    assert sorts.count("shared") == 0.3 * COUNT
    assert sorts.count("changed") == 0.1 * COUNT


def test_a_wrong_host_makes_nothing_right() -> None:
    """Near miss: the host of a place that has no such town must not lead to any."""
    for case in identity.cases(13, 100):
        host = "360983" if not case.unit.startswith("360983") else "330382"
        found = resolve(Evidence(title=case.title, host="www.place.gov.cn"), load(), {"www.place.gov.cn": host})
        assert found.unit.id in (None, case.unit)


@pytest.mark.parametrize(
    ("title", "year"),
    [
        ("2020年信息公开年报", 2020),
        ("政府信息公开工作年度报告（二〇二〇年）", 2020),
        ("二○二○年度政府信息公开\n工作年度报告", 2020),
    ],
)
def test_titles_without_an_organ(title: str, year: int) -> None:
    assert resolve(Evidence(title=title), load()).unit.id is None
    assert resolve(Evidence(title=title, signature="高安市八景镇人民政府"), load()).unit.id == "360983104"
    assert resolve(Evidence(title=title, signature="华亭县人民政府"), load(), year=2016).unit.id in ("620824", "620881")


def test_one_title_costs_less_than_a_millisecond() -> None:
    cases = list(identity.cases(14, 300))
    known = {"www.place.gov.cn": "360983"}
    resolve(Evidence(title=cases[0].title), load(), known)
    start = time.process_time()
    for case in cases:
        resolve(Evidence(title=case.title, host="www.place.gov.cn", contact="0795-0000000"), load(), known)
    assert (time.process_time() - start) / len(cases) < 0.001
