"""The official tables as printed: labels and merged cells.

This is the replica's own knowledge of the forms. It shares nothing with the reader that it tests.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

DISCLOSURES: dict[str, list[tuple[str, list[tuple[str, str]], list[tuple[str, str]]]]] = {
    # form → blocks: article, columns (measure, label), rows (item, label)
    "2019": [
        (
            "第二十条第（一）项",
            [("made", "本年新制作数量"), ("published", "本年新公开数量"), ("published_total", "对外公开总数量")],
            [("regulations", "规章"), ("normative_documents", "规范性文件")],
        ),
        (
            "第二十条第（五）项",
            [("items_last_year", "上一年项目数量"), ("items_change", "本年增/减"), ("decisions", "处理决定数量")],
            [("licensing", "行政许可"), ("other_services", "其他对外管理服务事项")],
        ),
        (
            "第二十条第（六）项",
            [("items_last_year", "上一年项目数量"), ("items_change", "本年增/减"), ("decisions", "处理决定数量")],
            [("penalties", "行政处罚"), ("coercion", "行政强制")],
        ),
        (
            "第二十条第（八）项",
            [("items_last_year", "上一年项目数量"), ("items_change", "本年增/减")],
            [("fees", "行政事业性收费")],
        ),
        (
            "第二十条第（九）项",
            [("projects", "采购项目数量"), ("amount", "采购总金额")],
            [("procurement", "政府集中采购")],
        ),
    ],
    "2021": [
        (
            "第二十条第（一）项",
            [("issued", "本年制发件数"), ("repealed", "本年废止件数"), ("in_force", "现行有效件数")],
            [("regulations", "规章"), ("normative_documents", "行政规范性文件")],
        ),
        ("第二十条第（五）项", [("decisions", "本年处理决定数量")], [("licensing", "行政许可")]),
        (
            "第二十条第（六）项",
            [("decisions", "本年处理决定数量")],
            [("penalties", "行政处罚"), ("coercion", "行政强制")],
        ),
        ("第二十条第（八）项", [("amount", "本年收费金额（单位：万元）")], [("fees", "行政事业性收费")]),
    ],
}
COLUMNS = ("natural_person", "business", "research", "nonprofit", "legal_service", "other_organisation", "total")
COLUMN_LABELS = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计")
NOTE = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
_REFUSED = (
    ("state_secret", "1.属于国家秘密"),
    ("other_law", "2.其他法律行政法规禁止公开"),
    ("security_stability", "3.危及“三安全一稳定”"),
    ("third_party", "4.保护第三方合法权益"),
    ("internal", "5.属于三类内部事务信息"),
    ("deliberative", "6.属于四类过程性信息"),
    ("enforcement_file", "7.属于行政执法案卷"),
    ("registry_query", "8.属于行政查询事项"),
)
_UNABLE = (
    ("not_held", "1.本机关不掌握相关政府信息"),
    ("must_create", "2.没有现成信息需要另行制作"),
    ("still_unclear", "3.补正后申请内容仍不明确"),
)
_UNPROCESSED = (
    ("petition", "1.信访举报投诉类申请"),
    ("repeat", "2.重复申请"),
    ("publication", "3.要求提供公开出版物"),
    ("abusive", "4.无正当理由大量反复申请"),
    ("reissue", "5.要求行政机关确认或重新出具已获取信息"),
)
_OTHER = (
    ("no_correction", "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请"),
    ("fee_unpaid", "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请"),
    ("else", "3.其他"),
)
GROUPS = (
    ("refused", "（三）不予公开", _REFUSED),
    ("unable", "（四）无法提供", _UNABLE),
    ("unprocessed", "（五）不予处理", _UNPROCESSED),
)
SINGLE = {
    "new": "一、本年新收政府信息公开申请数量",
    "carried_in": "二、上年结转政府信息公开申请数量",
    "results": "三、本年度办理结果",
    "granted": "（一）予以公开",
    "partly_granted": "（二）部分公开（区分处理的，只计这一情形，不计其他情形）",
    "other": "（六）其他处理",
    "closed": "（七）总计",
    "carried_out": "四、结转下年度继续办理",
}
CHANNELS = {
    "reconsideration": "行政复议",
    "litigation_direct": "未经复议直接起诉",
    "litigation_after_reconsideration": "复议后起诉",
}
RESULTS = ("upheld", "corrected", "other", "pending", "total")
DISPUTE_LABELS = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")


@dataclass(slots=True)
class Printed:
    """One printed cell; `text` may hold line breaks (a label split over lines).

    `key`: table, row and column of a figure; the column is None in a row that has lost or gained a cell.
    """

    text: str
    rowspan: int = 1
    colspan: int = 1
    key: tuple[str, str, str | None] | None = None


@dataclass(slots=True)
class Grid:
    """A table as printed: rows of cells, covered places left out as in HTML."""

    rows: list[list[Printed]] = field(default_factory=list)
    columns: int = 0
    gluing: dict[int, bool] = field(default_factory=dict)  # row → its break to the next row is lost (text only)
    strays: dict[int, str] = field(default_factory=dict)  # row → a value printed after it, outside any cell (text only)


def outcomes(form: str) -> list[str]:
    """Our names of table 三's rows, in printed order."""
    details = [f"{group}.{key}" for group, _, rows in GROUPS for key, _ in rows]
    other = ["other"] if form == "2019" else [f"other.{key}" for key, _ in _OTHER]
    return ["new", "carried_in", "granted", "partly_granted", *details, *other, "closed", "carried_out"]


def labels(form: str) -> dict[str, str]:
    """Printed label of every row, group and column that a fault may alter."""
    found = dict(SINGLE) | {group: label for group, label, _ in GROUPS} | dict(CHANNELS)
    for group, _, details in (*GROUPS, ("other", "", _OTHER)):
        found |= {f"{group}.{key}": label for key, label in details}
    found |= {f"column.{name}": label for name, label in zip(COLUMNS, COLUMN_LABELS, strict=True)}
    for block, (article, columns, rows) in enumerate(DISCLOSURES[form]):
        found[f"article.{block}"] = article
        found |= {f"measure.{block}.{name}": label for name, label in columns}
        found |= {f"item.{name}": label for name, label in rows}
    return found | {f"dispute.{i}": label for i, label in enumerate(DISPUTE_LABELS)} | {"note": NOTE}


def disclosure_grid(form: str, label: dict[str, str], cells: dict[str, dict[str, str]], extra: int | None) -> Grid:
    """Table 二; `extra` is the block that got an untitled further column with a 0 in its first row."""
    grid = Grid(columns=4)
    for number, (_, columns, rows) in enumerate(DISCLOSURES[form]):
        spans = {1: [3], 2: [1, 2], 3: [1, 1, 1]}[len(columns)]
        untitled = extra == number
        if untitled:
            spans = [1] * len(columns)
        grid.rows.append([Printed(label[f"article.{number}"], colspan=4)])
        heads = [label[f"measure.{number}.{m}"] for m, _ in columns] + [""] * untitled
        grid.rows.append([Printed("信息内容"), *_spanned(heads, [*spans, 1])])
        for item, _ in rows:
            values = [cells[item][m] for m, _ in columns] + ["0"] * untitled
            line = _spanned(values, [*spans, 1])
            for cell, (measure, _) in zip(line, columns, strict=False):
                cell.key = ("disclosures", item, measure)
            grid.rows.append([Printed(label[f"item.{item}"]), *line])
    return grid


def printed_rows(form: str, cells: Collection[str], missing: set[str]) -> list[str]:
    """Table 三's rows as a report prints them: some may be missing, and 其他处理 may be one row on either form."""
    rows = [name for name in outcomes(form) if name not in missing]
    if "other" in cells and "other" not in rows and "other" not in missing:
        rows.insert(next((n for n, row in enumerate(rows) if row in ("closed", "carried_out")), len(rows)), "other")
    return rows


def application_grid(
    form: str,
    label: dict[str, str],
    cells: dict[str, list[str]],
    missing: set[str],
    beside: Collection[str] = (),
) -> Grid:
    """Table 三, its label columns merged as the form prints them; rows in `missing` are not printed.

    Rows in `beside` have an empty cell between label and figures.
    """
    head = [label[f"column.{name}"] for name in COLUMNS]
    grid = Grid(columns=10)
    grid.rows.append([Printed(label["note"], 3, 3), Printed("申请人情况", colspan=7)])
    grid.rows.append([Printed(head[0], rowspan=2), Printed("法人或其他组织", colspan=5), Printed(head[6], rowspan=2)])
    grid.rows.append([Printed(text) for text in head[1:6]])
    rows = printed_rows(form, cells, missing)
    results = [name for name in rows if name not in ("new", "carried_in", "carried_out")]
    groups = {
        name: [r for r in results if r.startswith(name + ".")] for name in ("refused", "unable", "unprocessed", "other")
    }
    for name in rows:
        group = name.partition(".")[0]
        line: list[Printed] = []
        if results and name == results[0]:
            line.append(Printed(label["results"], rowspan=len(results)))
        if "." in name:
            if name == groups[group][0]:
                line.append(Printed(label[group], rowspan=len(groups[group])))
            line.append(Printed(label[name]))
        else:
            line.append(Printed(label[name], colspan=2 if name in results else 3))
            line += [Printed("")] if name in beside else []
        grid.rows.append(line + _figures("applications", name, COLUMNS, cells[name]))
    return grid


def dispute_grid(label: dict[str, str], cells: dict[str, list[str]]) -> Grid:
    """Table 四: one row of fifteen values."""
    grid = Grid(columns=15)
    results = [label[f"dispute.{i}"] for i in range(5)]
    channels = list(CHANNELS)
    grid.rows.append([Printed(label[channels[0]], colspan=5), Printed("行政诉讼", colspan=10)])
    second = [Printed(text, rowspan=2) for text in results]
    grid.rows.append([*second, *(Printed(label[name], colspan=5) for name in channels[1:])])
    grid.rows.append([Printed(text) for text in results * 2])
    grid.rows.append([cell for name in channels for cell in _figures("disputes", name, RESULTS, cells[name])])
    return grid


def _figures(table: str, row: str, columns: Sequence[str], texts: Sequence[str]) -> list[Printed]:
    names = columns if len(texts) == len(columns) else [None] * len(texts)
    return [Printed(text, key=(table, row, name)) for text, name in zip(texts, names, strict=True)]


def _spanned(texts: Sequence[str], spans: Sequence[int]) -> list[Printed]:
    return [Printed(text, colspan=span) for text, span in zip(texts, spans, strict=False)]
