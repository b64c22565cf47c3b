"""The generator of synthetic reports: deterministic, consistent where clean, and its truth is what it prints."""

import re
from random import Random

import lxml.html
import pytest

from crawler.replica import fault_years, faults, reports, tables

UNITS = (("990101101", "石桥镇"), ("990101", "云岭县"), ("990101-nyncj", "云岭县农业农村局"))


def _rows(body: str) -> list[list[str]]:
    """Every innermost table row as the texts of its cells."""
    rows = lxml.html.fromstring(f"<div>{body}</div>").xpath(".//tr[not(.//table)]")
    return [["".join(cell.itertext()).strip() for cell in row.xpath("./td")] for row in rows]


@pytest.mark.parametrize("year", [2020, 2023])
@pytest.mark.parametrize(("unit", "organ"), UNITS)
def test_clean_report_is_consistent(unit: str, organ: str, year: int) -> None:
    made = [reports.generate(seed, unit=unit, organ=organ, year=year) for seed in range(30)]
    assert all(report.truth["expect"] == [] and report.text_truth["expect"] == [] for report in made)
    assert all(report.truth["applications"] == report.text_truth["applications"] for report in made)
    busy = sum(any(any(row) for row in report.truth["applications"].values()) for report in made)
    assert busy > 10, "too few reports with figures: a reader that answers 0 would score"


def test_same_arguments_same_report() -> None:
    assert list(reports.many(5, 20)) == list(reports.many(5, 20))
    assert next(iter(reports.many(5, 1))) != next(iter(reports.many(6, 1)))


@pytest.mark.parametrize("form", ["2019", "2021"])
def test_truth_is_what_the_table_prints(form: str) -> None:
    for seed in range(40):
        report = reports.generate(seed, unit="990101", organ="云岭县", year=2020, form=form)
        values = [row[-7:] for row in _rows(report.html) if len(row) >= 8 and row[-1].isdigit()]
        printed = [[int(text) for text in row] for row in values if all(text.isdigit() for text in row)]
        truth = list(report.truth["applications"].values())
        assert printed[: len(truth)] == truth


@pytest.mark.parametrize("name", list(reports.FAULTS))
def test_fault_shows(name: str) -> None:
    fault = faults.ALL[name]
    year = 2020 if "2019" in fault.forms else 2023
    clean = reports.generate(3, unit="990101101", organ="石桥镇", year=year)
    spoilt = reports.generate(3, unit="990101101", organ="石桥镇", year=year, faults=(name,))
    assert (spoilt.text != clean.text) == ("text" in fault.media)
    # A tab line has no line breaks inside a cell
    assert (spoilt.tabbed != clean.tabbed) == ("text" in fault.media and not re.fullmatch("split_.*_label", name))
    assert (spoilt.html != clean.html) == ("html" in fault.media)
    truth = spoilt.text_truth if "text" in fault.media else spoilt.truth
    assert truth["expect"], "a fault that no rule is expected to see"
    assert not set(spoilt.truth["expect"]) & set(spoilt.truth["must_not_fire"])


@pytest.mark.parametrize("form", ["2019", "2021"])
def test_faults_combine(form: str) -> None:
    for seed in range(150):
        chosen = faults.choose(Random(seed), form, "990101101", most=5)
        report = reports.generate(seed, unit="990101101", organ="石桥镇", year=2022, form=form, faults=chosen)
        wanted = {reports.FAULTS[name] for name in chosen if "html" in faults.ALL[name].media} - {"A14"}
        assert wanted <= set(report.truth["expect"])
        assert {"A01", "A02", "A03", "A04"} & set(report.truth["must_not_fire"] + report.truth["expect"])


def test_lost_cells_have_no_value() -> None:
    report = reports.generate(1, unit="990101101", organ="石桥镇", year=2020, faults=("short_row",))
    ((_, row, _),) = report.truth["cells_flagged"]
    assert report.truth["applications"][row] == [None] * 7
    label = tables.labels("2019")[row]
    printed = next(cells for cells in _rows(report.html) if label in cells)
    assert len(printed) - 1 - printed.index(label) < 7


def test_lost_row_break_is_only_in_text() -> None:
    report = reports.generate(1, unit="990101101", organ="石桥镇", year=2023, faults=("lost_row_break",))
    assert re.search(r"\n \t四、结转下年度继续办理", report.text)
    assert report.text_truth["applications"]["closed"][6] is None
    assert report.truth["applications"]["closed"][6] is not None


def test_money_is_in_yuan_where_a_unit_is_printed() -> None:
    wan = reports.generate(1, unit="990101", organ="云岭县", year=2020, faults=("wan_header",))
    printed = next(row for row in _rows(wan.html) if row[0] == "政府集中采购")
    assert wan.truth["disclosures"]["procurement"]["amount"] == round(float(printed[2]) * 10000)
    bare = reports.generate(1, unit="990101", organ="云岭县", year=2020, faults=("money_without_unit",))
    printed = next(row for row in _rows(bare.html) if row[0] == "政府集中采购")
    assert bare.truth["disclosures"]["procurement"]["amount"] == int(printed[2])


def test_negative_changes_are_printed_and_kept() -> None:
    made = [reports.generate(seed, unit="990101", organ="云岭县", year=2020) for seed in range(30)]
    changes = [
        (r, i, row["items_change"]) for r in made for i, row in r.truth["disclosures"].items() if "items_change" in row
    ]
    below = [(report, item, change) for report, item, change in changes if change < 0]
    assert len(below) > 5
    for report, item, change in below:
        label = tables.labels("2019")[f"item.{item}"]
        assert next(row for row in _rows(report.html) if row[0] == label)[2] == str(change)
        assert report.truth["disclosures"][item]["items_last_year"] + change > 0


def test_blanks_for_zeros_close_every_relation() -> None:
    for seed in range(20):
        report = reports.generate(seed, unit="990101101", organ="石桥镇", year=2023, faults=("blanks_for_zeros",))
        rows, blank = report.truth["applications"], report.truth["assumed_zero"]
        assert all(value != 0 for row in rows.values() for value in row) and any(rows["new"])
        nulls = sum(
            v is None for table in ("applications", "disputes") for r in report.truth[table].values() for v in r
        )
        assert len(blank) == nulls
        assert all(sum(v or 0 for v in row[:6]) == (row[6] or 0) for row in rows.values())
        assert "0" not in [cell for row in _rows(report.html) if len(row) > 6 for cell in row]


def test_other_as_one_row_takes_the_place_of_three() -> None:
    for seed in range(10):
        args = {"unit": "990101", "organ": "云岭县", "year": 2023}
        clean = reports.generate(seed, **args).truth["applications"]
        merged = reports.generate(seed, faults=("other_as_one_row",), **args)
        parts = [clean[f"other.{name}"] for name in ("no_correction", "fee_unpaid", "else")]
        assert merged.truth["applications"]["other"] == [sum(values) for values in zip(*parts, strict=True)]
        assert not any(name.startswith("other.") for name in merged.truth["applications"])
        printed = next(row for row in _rows(merged.html) if "（六）其他处理" in row)
        assert list(map(int, printed[1:])) == merged.truth["applications"]["other"]


def test_traditional_characters_reach_every_label() -> None:
    report = reports.generate(1, unit="990101101", organ="石桥镇", year=2023, faults=("traditional_characters",))
    assert "石橋鎮" in report.title and "行政復議" in report.html and "总计" not in report.html + report.tabbed


def _series(unit: str, organ: str) -> list[reports.Synthetic]:
    """Ten years of a unit, on all three forms."""
    made: list[reports.Synthetic] = []
    for year in range(2014, 2024):
        form = "2014" if year < 2019 else "2019" if year < 2021 else "2021"
        before = made[-1].truth if made else {}
        made.append(reports.generate(year, unit=unit, organ=organ, year=year, form=form, before=before))
    return made


@pytest.mark.parametrize(("unit", "organ"), UNITS)
def test_years_of_a_series_go_on(unit: str, organ: str) -> None:
    made = _series(unit, organ)
    assert made == _series(unit, organ)
    assert [report.truth["expect"] + report.text_truth["expect"] for report in made] == [[]] * 10
    for last, now in zip(made[5:], made[6:], strict=False):
        one, two = (report.truth["applications"] for report in (last, now))
        assert two["carried_in"] == one["carried_out"] and two != one
        assert two["new"][6] < 20 or two["new"][6] / 5 < one["new"][6] < two["new"][6] * 5
    for last, now in zip(made[7:], made[8:], strict=False):
        one, two = (report.truth["disclosures"]["normative_documents"] for report in (last, now))
        assert two["in_force"] == one["in_force"] + two["issued"] - two["repealed"]


def test_each_year_of_a_series_tells_its_own() -> None:
    texts = {(unit, n): _said(made) for unit, organ in UNITS for n, made in enumerate(_series(unit, organ))}
    for (unit, n), said in texts.items():
        assert all(len(said & texts[other, n]) < len(said) / 2 for other, _ in UNITS if other != unit)
        assert not n or len(said & texts[unit, n - 1]) < len(said) / 2


def _said(report: reports.Synthetic) -> set[str]:
    """Five characters in a row, figures and marks left out, of all paragraphs but the opening, which is the law's."""
    text = re.sub(r"[\d\W]", "", "".join(block for block in report.blocks[1:] if isinstance(block, str)))
    return {text[at : at + 5] for at in range(len(text) - 4)}


@pytest.mark.parametrize("name", list(fault_years.ALL))
def test_fault_between_years_shows(name: str) -> None:
    year = 2020 if fault_years.ALL[name].forms == ("2019",) else 2023
    args = {"unit": "990101-nyncj", "organ": "云岭县农业农村局", "year": year}
    lender = {"unit": "990101-jyj", "organ": "云岭县教育局", "year": year}
    with pytest.raises(ValueError, match="no such fault"):
        reports.generate(3, faults=(name,), **args)
    before = reports.generate(2, **args | {"year": year - 1}, before={}).truth
    beside = ("990101-jyj", reports.generate(4, **lender, before={}).truth)
    clean = reports.generate(3, before=before, beside=beside, **args)
    spoilt = reports.generate(3, before=before, beside=beside, faults=(name,), **args)
    assert spoilt.html != clean.html and spoilt.text != clean.text
    assert clean.truth["expect"] == [] and fault_years.ALL[name].rule in spoilt.truth["expect"]


def test_what_the_year_before_owes_is_known() -> None:
    """The year behind rules made by a town: the truth says itself that its stock does not follow."""
    args = {"unit": "990101101", "organ": "石桥镇"}
    wrong = reports.generate(1, **args, year=2022, faults=("regulations_by_town",), before={}).truth
    assert reports.generate(2, **args, year=2023, before=wrong).truth["expect"] == ["Y02"]


def test_refuses_what_does_not_fit() -> None:
    with pytest.raises(ValueError, match="no such fault"):
        reports.generate(1, unit="990101", organ="云岭县", year=2020, faults=("typo",))
    with pytest.raises(ValueError, match="does not apply"):
        reports.generate(1, unit="990101", organ="云岭县", year=2023, faults=("wan_header",))
    with pytest.raises(ValueError, match="cannot stand"):
        reports.generate(1, unit="990101", organ="云岭县", year=2020, faults=("no_date", "impossible_date"))
