"""A synthetic report in the making: what is printed, and beside it the truth about what is printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any

from crawler.replica import tables
from crawler.replica.chronicle import Told


@dataclass(slots=True)
class Draft:
    """Mutable on purpose: faults alter the print and the truth side by side."""

    unit: str
    organ: str
    year: int
    form: str
    medium: str  # html or text: some faults exist only where cells were lost
    disclosures: dict[str, dict[str, Any]] = field(default_factory=dict)
    applications: dict[str, list[Any]] = field(default_factory=dict)
    disputes: dict[str, list[Any]] = field(default_factory=dict)
    printed_disclosures: dict[str, dict[str, str]] = field(default_factory=dict)
    printed_applications: dict[str, list[str]] = field(default_factory=dict)
    printed_disputes: dict[str, list[str]] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    missing_rows: set[str] = field(default_factory=set)
    glued: set[str] = field(default_factory=set)
    strays: dict[str, str] = field(default_factory=dict)
    beside: set[str] = field(default_factory=set)  # rows with an empty cell between label and figures
    blanks: list[tuple[str, str, str]] = field(default_factory=list)  # cells that are blank in place of 0
    traditional: bool = False  # printed in traditional characters, names of places too
    extra_column: int | None = None
    words: dict[str, str] = field(default_factory=dict)  # overrides of the prose, by name of the passage
    stated: int | None = None  # requests received, as the prose will state them
    title: str = ""
    paragraphs: list[str | None] = field(default_factory=list)  # None: here stands the next table
    expect: list[str] = field(default_factory=list)
    forbid: list[str] = field(default_factory=list)
    told: Told | None = None  # what a report of a series tells of its year
    before: Mapping[str, Any] = field(default_factory=dict)  # truth of the year before, in a series
    lender: tuple[str, Mapping[str, Any]] = ("", {})  # unit and truth of another report of the year
    flagged: list[tuple[str, str, str | None]] = field(default_factory=list)
    optional: list[tuple[str, str, str | None]] = field(default_factory=list)

    @property
    def level(self) -> str:
        """Level of the unit's division, from the length of its code."""
        return {2: "province", 4: "prefecture", 6: "county"}.get(len(self.unit.partition("-")[0]), "township")

    @property
    def scope(self) -> str:
        """A government above the township reports for its whole area, everyone else for itself."""
        return "aggregate" if self.level != "township" and "-" not in self.unit else "own"

    def measures(self) -> list[tuple[str, str]]:
        """Every cell of table 二 as (item, measure), in printed order."""
        return [(i, m) for _, columns, rows in tables.DISCLOSURES[self.form] for i, _ in rows for m, _ in columns]

    def stock(self, item: str) -> int:
        """Documents that were in force before this year, on the form of 2021."""
        row = self.disclosures[item]
        return row["in_force"] - row["issued"] + row["repealed"]

    def put(self, item: str, measure: str, value: Any, text: str | None = None) -> None:
        """Set one cell of table 二 and its print."""
        self.disclosures[item][measure] = value
        self.printed_disclosures[item][measure] = str(value) if text is None else text

    def request(self, row: str, column: str, value: int, text: str | None = None) -> None:
        """Set one cell of table 三 and its print."""
        at = tables.COLUMNS.index(column)
        self.applications[row][at] = value
        self.printed_applications[row][at] = str(value) if text is None else text

    def dispute(self, channel: str, at: int, value: int) -> None:
        """Set one cell of table 四 and its print."""
        self.disputes[channel][at] = value
        self.printed_disputes[channel][at] = str(value)


def fill(rng: Random, unit: str, organ: str, year: int, form: str, medium: str) -> Draft:
    """A consistent draft of a report that stands alone."""
    draft = Draft(unit, organ, year, form, medium, labels=tables.labels(form))
    for item, measure in draft.measures():
        draft.disclosures.setdefault(item, {})
        draft.printed_disclosures.setdefault(item, {})
        draft.put(item, measure, 0)
    _disclose(draft, rng)
    _answer(draft, rng)
    _contest(draft, rng)
    _shrink(draft, rng)
    return draft


def _disclose(draft: Draft, rng: Random) -> None:
    busy = {"township": 0.35, "county": 0.9}.get(draft.level, 0.95)
    if rng.random() < busy:
        made = rng.randint(1, 40)
        stock = made + rng.randint(0, 60)
        if draft.form == "2019":
            published = made - rng.randint(0, min(2, made))
            for measure, value in (("made", made), ("published", published), ("published_total", stock)):
                draft.put("normative_documents", measure, value)
        else:
            for measure, value in (("issued", made), ("repealed", rng.randint(0, 3)), ("in_force", stock)):
                draft.put("normative_documents", measure, value)
    for item in ("licensing", "penalties", "coercion"):
        if rng.random() < busy:
            draft.put(item, "decisions", rng.randint(1, 3000))
            if draft.form == "2019":
                draft.put(item, "items_last_year", rng.randint(3001, 4000))  # never the sum that A09 looks for
    if draft.form == "2021" and rng.random() < 0.4:
        money(draft, "fees", rng)


def _shrink(draft: Draft, rng: Random) -> None:
    """Items that became fewer: a negative change is a proper figure."""
    for item, row in draft.disclosures.items():
        spare = int(row.get("items_last_year") or 0) - 3001  # what is left stays above any count of decisions (A09)
        if spare > 0 and rng.random() < 0.3:
            draft.put(item, "items_change", -rng.randint(1, min(spare, 99)))


def money(draft: Draft, item: str, rng: Random) -> Decimal:
    """Print an amount in 万元 and keep it in yuan; returns the number printed."""
    printed = Decimal(rng.randint(101, 99999)) / 100
    draft.put(item, "amount", printed * 10000, str(printed))
    return printed


def _answer(draft: Draft, rng: Random) -> None:
    received, carried_in = [0] * 6, [0] * 6
    most = {"township": 9, "county": 260}.get(draft.level, 900)
    for column, share in enumerate((0.55, 0.25, 0.02, 0.04, 0.06, 0.05)):
        if rng.random() > share + (0.35 if draft.level != "township" else 0.0):
            continue
        new = rng.randint(1, max(1, most if column == 0 else most // 8))
        received[column] = new
        carried_in[column] = rng.randint(0, max(1, new // 6)) if rng.random() < 0.4 else 0
    distribute(draft, rng, received, carried_in)


def distribute(draft: Draft, rng: Random, received: Sequence[int], carried_in: Sequence[int]) -> None:
    """Set table 三: what became of the requests of each kind of applicant."""
    names = tables.outcomes(draft.form)
    counts = {name: [0] * 6 for name in names} | {"new": list(received), "carried_in": list(carried_in)}
    results = [n for n in names if n not in ("new", "carried_in", "closed", "carried_out")]
    weights = [12, 4] + [1] * (len(results) - 2)
    for column in range(6):
        due = counts["new"][column] + counts["carried_in"][column]
        counts["carried_out"][column] = rng.randint(0, max(1, due // 8)) if due and rng.random() < 0.3 else 0
        counts["closed"][column] = due - counts["carried_out"][column]
        for name in rng.choices(results, weights, k=counts["closed"][column]):
            counts[name][column] += 1
    for name in names:
        draft.applications[name] = [*counts[name], sum(counts[name])]
        draft.printed_applications[name] = [str(v) for v in draft.applications[name]]
    draft.stated = draft.applications["new"][6]


def _contest(draft: Draft, rng: Random) -> None:
    closed = draft.applications["closed"][6]
    for channel in tables.CHANNELS:
        values = [0, 0, 0, 0]
        if closed > 8 and rng.random() < 0.5:
            for at in rng.choices(range(4), (5, 2, 2, 2), k=rng.randint(1, max(1, closed // 8))):
                values[at] += 1
        draft.disputes[channel] = [*values, sum(values)]
        draft.printed_disputes[channel] = [str(v) for v in draft.disputes[channel]]


def relations(draft: Draft) -> set[str]:
    """The rules of arithmetic that the print breaks; a relation with an open operand breaks none."""
    broken = set()
    rows = draft.applications
    if any(_unequal(row[:6], row[6]) for row in rows.values()):
        broken.add("A01")
    results = [n for n in rows if n not in ("new", "carried_in", "closed", "carried_out")]
    if "other" in rows:  # printed in place of its details
        results = [n for n in results if not n.startswith("other.")]
    for at in range(7):
        if _unequal([rows[n][at] for n in results], rows["closed"][at]):
            broken.add("A02")
        left = [rows["new"][at], rows["carried_in"][at]]
        right = [rows["closed"][at], rows["carried_out"][at]]
        if all(isinstance(v, int) for v in left + right) and sum(left) != sum(right):
            broken.add("A03")
    if any(_unequal(row[:4], row[4]) for row in draft.disputes.values()):
        broken.add("A04")
    if draft.stated is not None and isinstance(rows["new"][6], int) and draft.stated != rows["new"][6]:
        broken.add("N01")
    return broken


def _unequal(parts: list[Any], whole: Any) -> bool:
    return all(isinstance(v, int) for v in [*parts, whole]) and sum(parts) != whole
