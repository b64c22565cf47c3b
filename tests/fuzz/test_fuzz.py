"""A fixed sample of the fuzzer, and that its oracle sees what it is there to see."""

import os
import re
from collections.abc import Iterator
from random import Random

import pytest

from extract.pool import Pool
from tests.benchmark import generated
from tests.fuzz import campaign, oracle
from tests.fuzz.mutants import KNOWN

# Mutations here; `python -m tests.fuzz` makes thousands, also in formats that need other programs
COUNTS = {
    "html": 200,
    "text": 200,
    "docx": 160,
    "tabbed": 80,
    "markdown": 40,
    "dump": 40,
    "mht": 40,
    "xlsx": 40,
    "ofd": 24,
}
COUNTS |= {"pdf": 24}


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    with Pool(os.cpu_count() or 1) as made:
        yield made


@pytest.mark.parametrize("form", COUNTS)
def test_nothing_crashes_hangs_or_changes_unsaid(form: str, pool: Pool) -> None:
    if lacking := generated.missing(form):
        pytest.skip(f"needs {lacking}")
    result = campaign.run(form, COUNTS[form], pool=pool)
    assert result.wrong == []
    assert sum(result.outcomes.values()) == COUNTS[form]
    assert result.outcomes["read"] > COUNTS[form] / 4, "hardly a mutant was read"


def judged(label: str, new: str) -> oracle.Verdict:
    """The verdict where the first figure behind a label is another."""
    body = campaign.originals("text", 1)[0]
    spoilt, count = re.subn(rf"(?m)^(\t{label}\n\t)\d+$", rf"\g<1>{new}", body.decode(), count=1)
    assert count == 1
    return oracle.judge(spoilt.encode(), oracle.truth(body))


def test_a_figure_that_nothing_checks_is_a_silent_change() -> None:
    assert [change.now for change in judged("行政许可", "77777").silent] == [77777]


def test_a_figure_that_breaks_a_sum_is_said() -> None:
    assert judged("（七）总计", "77777").silent == ()


def test_a_figure_that_is_no_figure_is_said() -> None:
    assert judged("行政许可", "若干").silent == ()


def test_what_is_no_report_is_refused() -> None:
    assert oracle.judge(b"<html><body>404</body></html>", {}).outcome == "refused"


@pytest.mark.parametrize("form", [name for name in COUNTS if name in KNOWN])
def test_mutations_change_the_bytes_and_can_be_made_again(form: str) -> None:
    if lacking := generated.missing(form):
        pytest.skip(f"needs {lacking}")
    body = campaign.originals(form, 1)[0]
    keeps, moves = KNOWN[form]
    for mutation in keeps + moves:
        made = [mutation(body, Random(f"{mutation.__name__}/{n}")) for n in range(4)]
        assert any(each not in (None, body) for each in made) or mutation.__name__ in IDLE.get(form, ()), mutation
        if form not in ("pdf", "pdf_clean"):  # a PDF that is saved gets another identifier
            assert made == [mutation(body, Random(f"{mutation.__name__}/{n}")) for n in range(4)], mutation


# What the shape of a format leaves nothing for
CELLS = ("lose_value", "double_value", "glue_values", "lose_label", "lose_break")
IDLE = {"text": ("lose_field", "lose_separator", "swap_rows"), "tabbed": CELLS, "markdown": (*CELLS, "swap_rows")}
IDLE["ofd"] = ("lose_element",)
