"""Synthetic reports of 2014 to 2018 with the statistics table of 国办发〔2014〕32号, and their truth."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any

from crawler.replica.chronicle import Told, tell
from crawler.replica.prose import signature, we
from crawler.replica.series import moved
from crawler.replica.statistics_form import MONEY, NAMES, ROWS, SHARED, SUMS
from crawler.replica.tables import Grid, Printed

LAYOUTS = ("plain", "plain", "numbered", "unit_in_label", "year_head", "halves", "no_head")


@dataclass(slots=True)
class Draft:
    """A report while it is made: figures, their print, and what a reader must say."""

    values: dict[str, Any]
    printed: dict[str, str]
    labels: dict[str, str]
    layout: str
    missing: set[str] = field(default_factory=set)
    expect: list[str] = field(default_factory=list)
    flagged: list[str] = field(default_factory=list)
    copies: int = 1

    def put(self, name: str, value: int, text: str | None = None) -> None:
        self.values[name], self.printed[name] = value, str(value) if text is None else text


Apply = Callable[[Draft, Random], str]  # returns the row at which a finding must stand


def _sum_broken(draft: Draft, rng: Random) -> str:
    total = rng.choice(sorted(SUMS))
    draft.put(total, draft.values[total] + rng.randint(1, 5))
    return total


def _blank(draft: Draft, rng: Random) -> str:
    name = rng.choice([n for n in NAMES if draft.values[n]])
    draft.values[name], draft.printed[name] = None, ""
    return name


def _unit_in_cell(draft: Draft, rng: Random) -> str:
    name = rng.choice([n for n in NAMES if n.startswith(("requests", "answered", "closed"))])
    draft.printed[name] += "件"
    return name


def _row_missing(draft: Draft, rng: Random) -> str:
    name = rng.choice(NAMES)
    draft.missing.add(name)
    draft.values[name] = None
    return name


def _renamed(draft: Draft, rng: Random) -> str:
    name, label = rng.choice(
        (
            ("means.staff_full_time", "1．专职人员"),
            ("published", "（一）主动公开信息数"),
            ("reconsiderations", "四、行政复议数"),
            ("answered.not_this_organ", "5．不属于本机关公开数"),
        )
    )
    draft.labels[name] = label
    return name


def _words(draft: Draft, rng: Random) -> str:
    name = rng.choice([n for n in NAMES if n not in MONEY])
    draft.values[name] = draft.printed[name] = rng.choice(("见附表", "待定", "约若干"))
    return name


def _part_above(draft: Draft, rng: Random) -> str:
    part, whole = rng.choice(
        (
            ("responses.press_conferences_led", "responses.press_conferences"),
            ("responses.interviews_led", "responses.interviews"),
        )
    )
    draft.put(part, draft.values[whole] + rng.randint(1, 3))
    return part


def _second_copy(draft: Draft, rng: Random) -> str:
    draft.copies = 2
    return "published"


FAULTS: dict[str, tuple[str, Apply]] = {
    "statistics_sum": ("A15", _sum_broken),
    "statistics_part_above_whole": ("A16", _part_above),
    "statistics_unit_in_cell": ("S13", _unit_in_cell),
    "statistics_renamed_label": ("S07", _renamed),
    "statistics_words": ("S12", _words),
    "statistics_blank": ("S11", _blank),
    "statistics_missing_row": ("S05", _row_missing),
    "statistics_second_copy": ("S09", _second_copy),
}


@dataclass(frozen=True, slots=True)
class Made:
    """What `reports.generate` makes its Synthetic from: paragraphs (a Grid stands for a table), truth by medium."""

    title: str
    blocks: tuple[str | Grid, ...]
    truth: dict[str, Any]
    text_truth: dict[str, Any]


def make(
    seed: int,
    *,
    unit: str,
    organ: str,
    year: int,
    faults: Sequence[str] = (),
    before: Mapping[str, Any] | None = None,
) -> Made:
    """One report; the same arguments give the same report. `before`: see `reports.generate`."""
    for name in faults:
        if name not in FAULTS:
            raise ValueError(f"{name} does not apply to the form of 2014")
    rng = Random(f"{seed}/statistics")
    draft = Draft({}, {}, {name: label for name, _, label, _ in ROWS if name}, rng.choice(LAYOUTS))
    _fill(draft, rng, unit, (before or {}).get("statistics", {}))
    for name, (rule, apply) in FAULTS.items():
        if name in faults:
            row = apply(draft, Random(f"{seed}/{name}"))
            draft.expect.append(rule)
            draft.flagged.append(row)
    grids = [_grid(draft, year)]
    if draft.copies > 1:
        grids.append(_grid(_copied(draft), year - 1))
    title = f"{organ}{year}年政府信息公开工作年度报告"
    told = None if before is None else tell(unit, year)
    blocks = _blocks(draft, Random(f"{seed}/prose"), organ, year, grids, told)
    return Made(title, tuple(blocks), _truth(draft, year, "S11"), _truth(draft, year, "S08"))


def _fill(draft: Draft, rng: Random, unit: str, before: Mapping[str, Any]) -> None:
    small = len(unit.split("-")[0]) > 6
    most = 9 if small else 260
    for name in NAMES:
        draft.put(name, rng.randint(0, most) if rng.random() < 0.6 else 0)
    draft.put("published", rng.randint(most, 40 * most))
    draft.put("published.normative", rng.randint(0, most))
    for name, last in before.items():
        if isinstance(last, int) and name not in MONEY:
            draft.put(name, moved(rng, last, 40 * most))
    draft.put("published.normative", min(draft.values["published.normative"], draft.values["published"]))
    for part, whole in (
        ("responses.press_conferences_led", "responses.press_conferences"),
        ("responses.interviews_led", "responses.interviews"),
    ):
        draft.put(part, rng.randint(0, draft.values[whole]))
    for total in ("answered.refused", *(t for t in SUMS if t != "answered.refused")):  # what others add up comes first
        draft.put(total, sum(draft.values[part] for part in SUMS[total]))
    for name in MONEY:
        amount = Decimal(rng.randint(1, 9999)) / 100 if rng.random() < 0.6 else Decimal(0)
        if isinstance(last := before.get(name), int | float):
            amount = Decimal(moved(rng, round(last / 100), 9999)) / 100
        exact = amount * 10000
        draft.put(name, int(exact) if exact == exact.to_integral_value() else float(exact), f"{amount.normalize():f}")


def _copied(draft: Draft) -> Draft:
    """The table of the year before, printed after this one: every figure that is not 0 differs."""
    printed = {name: _other(text) for name, text in draft.printed.items()}
    return Draft(draft.values, printed, draft.labels, draft.layout, draft.missing)


def _other(text: str) -> str:
    return str(int(text) + 7) if text.isdecimal() and int(text) else text


def _grid(draft: Draft, year: int) -> Grid:
    layout, rows = draft.layout, []
    for number, (name, depth, label, unit) in enumerate(ROWS, 1):
        if name in draft.missing:
            continue
        words = "　　" * depth + (draft.labels[name] if name else label)
        figure = draft.printed[name] if name else ""
        if layout == "unit_in_label":
            rows.append([words + (f"（{unit}）" if name else ""), figure])
        elif layout == "numbered":
            rows.append([str(number), words, unit, figure])
        else:
            rows.append([words, unit, figure])
    heads = {
        "numbered": ["序号", "统计指标", "计量单位", "统计数"],
        "unit_in_label": ["指标名称", "数量"],
        "year_head": ["统计指标", "单位", f"{year}年"],
        "no_head": [],
    }
    head = heads.get(layout, ["统  计  指  标", "单位", "统计数"])
    if layout == "halves":
        middle = (len(rows) + 1) // 2
        right = [*rows[middle:], *[["", "", ""]] * (2 * middle - len(rows))]
        rows = [a + b for a, b in zip(rows[:middle], right, strict=True)]
        head = head * 2
    lines = [head, *rows] if head else rows
    return Grid([[Printed(text) for text in line] for line in lines], columns=len(rows[0]))


def _blocks(
    draft: Draft, rng: Random, organ: str, year: int, grids: Sequence[Grid], told: Told | None
) -> list[str | Grid]:
    opening = (
        f"根据《中华人民共和国政府信息公开条例》，编制{organ}{year}年政府信息公开工作年度报告。"
        f"本报告所列数据的统计期限自{year}年1月1日起至{year}年12月31日止。联系电话：0199-5550{rng.randint(100, 999)}，"
        f"地址：青石路{rng.randint(1, 200)}号，邮编：990101。"
    )
    overview, problems = _told(told, rng, organ)
    requests = draft.values["requests"]
    stated = f"本机关共收到政府信息公开申请{requests}件。" if requests else "本机关未收到政府信息公开申请。"
    return [
        opening,
        "一、概述",
        *overview,
        "二、主动公开政府信息的情况",
        "围绕群众关心的修路、供水和灌溉事项及时发布信息。",
        "三、依申请公开政府信息的情况",
        stated if isinstance(requests, int) else "申请情况见附表。",
        "四、政府信息公开的收费及减免情况",
        "收费情况见附表。",
        "五、因政府信息公开申请行政复议、提起行政诉讼的情况",
        "有关情况见附表。",
        "六、政府信息公开工作存在的主要问题及改进情况",
        *problems,
        "七、其他需要报告的事项",
        "没有其他需要报告的事项。",
        "附件：政府信息公开情况统计表",
        *grids,
        signature(organ),
        f"{year + 1}年3月{rng.randint(4, 29)}日",
    ]


def _told(told: Told | None, rng: Random, organ: str) -> tuple[list[str], list[str]]:
    """What stands under 概述 and under the problems."""
    trainings = rng.randint(2, 9)
    if told is None:
        return [f"本年度通过网站和公开栏公开信息，组织培训{trainings}次。"], ["有的栏目更新偏慢，今后将按月核对栏目。"]
    words = {"we": we(organ), "a": trainings, "b": 10 * trainings}
    overview, problems = (told.work, *told.management), (told.problems, told.remedy)
    return [text.format(**words) for text in overview], [text.format(**words) for text in problems]


def _truth(draft: Draft, year: int, blank: str) -> dict[str, Any]:
    doubtful = {n for n in NAMES if draft.copies > 1 and _other(draft.printed[n]) != draft.printed[n]}
    values = {name: None if name in doubtful else draft.values[name] for name in NAMES}
    broken = {"A15"} if any(_differs(values, total) for total in SUMS) else set()
    expect = {blank if rule == "S11" else rule for rule in draft.expect} - {"A15"} | broken
    flagged = [(n, None) for n in sorted(doubtful)] if draft.copies > 1 else [(n, None) for n in draft.flagged]
    return {
        "year": year,
        "form": "2014",
        "scope": "own",
        "disclosures": {},
        "applications": {},
        "disputes": {},
        "statistics": values,
        "expect": sorted(expect),
        "must_not_fire": sorted({"A15", "A16", "S01", "S04", "T01", "N01"} - expect),
        "cells_flagged": [["statistics", name, column] for name, column in flagged],
        "optional": [["statistics", name, "value"] for name in SHARED] if draft.copies > 1 else [],
        "requests_stated": draft.values["requests"],
        "assumed_zero": [],
    }


def _differs(values: dict[str, Any], total: str) -> bool:
    operands = [values[name] for name in (*SUMS[total], total)]
    return all(isinstance(v, int) for v in operands) and sum(operands[:-1]) != operands[-1]
