"""The oddities that real reports show: all of them by name, and which go together."""

from __future__ import annotations

import re
from collections.abc import Iterable
from random import Random

from crawler.replica import fault_cells, fault_figures, fault_variants, fault_words
from crawler.replica.fault import Fault

# In the order in which they are applied: figures first, then what loses cells.
ALL: dict[str, Fault] = fault_figures.ALL | fault_variants.ALL | fault_cells.ALL | fault_words.ALL

# Faults of which only one can show: they meet in a cell, a label or a sentence, or one takes the other's operands away.
_CLASHES: tuple[frozenset[str], ...] = tuple(
    frozenset(names.split())
    for names in (
        "yuan_in_cell money_without_unit wan_header",
        "no_date impossible_date",
        "no_period wrong_period lost_digits",
        "email_as_postcode short_postcode no_contact",
        "unfilled_blank only_none",
        "long_disputes disputes_sum more_disputes_than_answers",
        "blank_totals row_sum narrative_count split_digits more_disputes_than_answers lost_row_break",
        "results_sum short_row",
        "results_sum long_row",
        "results_sum missing_row",
        "results_sum split_digits",
        "results_sum word_in_cell blank_totals",
        "row_sum split_digits",
        "total_header split_column_label",
        "extra_column lost_article",
        "old_item_label note_in_cell item_remark",
        "published_over_made in_force_below_issued note_in_cell",
        "year_in_header note_in_cell in_force_below_issued",
        "stray_cell lost_row_break split_digits",
        "other_as_one_row lost_row_break results_sum missing_row short_row long_row",
    )
)
_TELLS = "outcome_told disputes_told growth_told carried_told applicants_told"  # one passage, against whole tables
_LOSES = """negative blank_cell blank_totals short_row long_row long_disputes split_digits word_in_cell slash
    leading_zero missing_row lost_row_break stray_value stray_cell zero_totals blanks_for_zeros row_sum results_sum
    identity disputes_sum more_disputes_than_answers note_in_cell placeholder hard_spaces other_as_one_row
    extra_column"""
# Blanks for zeros want tables 三 and 四 to be whole, and a cell that says something needs its own character
_ALONE = {
    name: frozenset(re.findall(r"\w+", others))
    for name, others in {
        "blanks_for_zeros": """negative blank_cell blank_totals short_row long_row long_disputes split_digits
            word_in_cell slash leading_zero hard_spaces missing_row lost_row_break stray_value row_sum results_sum
            identity disputes_sum narrative_count more_disputes_than_answers other_as_one_row stray_cell""",
        "zero_totals": """blank_totals row_sum results_sum identity narrative_count split_digits
            more_disputes_than_answers lost_row_break disputes_sum blanks_for_zeros""",
        **{name: f"{_LOSES} {_TELLS.replace(name, '')}" for name in _TELLS.split()},
        "fee_untold": "missing_section",
        "traditional_characters": """word_in_cell placeholder direction_word glyph_variant traditional_label
            yuan_in_cell""",
    }.items()
}


def compatible(names: Iterable[str]) -> bool:
    """Whether a report can show all these faults at once."""
    chosen = list(names)
    if any(name in chosen and others & set(chosen) for name, others in _ALONE.items()):
        return False
    return len(set(chosen)) == len(chosen) and all(len(clash & set(chosen)) < 2 for clash in _CLASHES)


def choose(rng: Random, form: str, unit: str, most: int = 3) -> tuple[str, ...]:
    """Up to `most` faults that go together, for a form and a unit."""
    names = [name for name, fault in ALL.items() if form in fault.forms and fits(name, unit)]
    chosen: list[str] = []
    for name in rng.sample(names, rng.randint(0, most)):
        if compatible([*chosen, name]):
            chosen.append(name)
    return tuple(chosen)


def fits(name: str, unit: str) -> bool:
    """Whether a unit can have the fault: a prefecture may make regulations, a province may speak of the province."""
    return len(unit.partition("-")[0]) >= 6 or name not in ("regulations_by_town", "foreign_level")
