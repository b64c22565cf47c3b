"""Writes the golden documents: synthetic reports, altered by hand into the shapes of real ones. Run it as a module.

Places and figures are invented. The JSON beside a document is what was read from it and reviewed by eye.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from crawler.replica import render, reports
from crawler.replica.render import scan

HERE = Path(__file__).parent
TOWN = {"unit": "990101101", "organ": "清溪县双桥镇"}
OTHER_TOWN = {"unit": "990101102", "organ": "清溪县白石镇"}


def busy(seed: int, **arguments) -> reports.Synthetic:
    """The first report from `seed` on that has requests of several kinds: in one full of zeros a slip does not show."""
    for number in range(seed, seed + 500):
        report = reports.generate(number, **arguments)
        rows = report.text_truth["applications"]
        if (
            (rows["new"][6] or 0) > 3
            and (rows["granted"][6] or 0)
            and (rows["partly_granted"][6] or 0)
            and "<span>" in report.html
        ):
            return report
    raise ValueError("no such report")


def altered(text: str, *edits: tuple[str, str]) -> str:
    """The text with each pattern replaced once; an edit that finds nothing is a mistake here."""
    for pattern, replacement in edits:
        text, count = re.subn(pattern, replacement, text, count=1, flags=re.MULTILINE)
        if not count:
            raise ValueError(f"nothing matches {pattern!r}")
    return text


def page(title: str, body: str, charset: str = "utf-8") -> str:
    """A portal's page around an article, dated in the year after the report's."""
    year = int(re.search(r"20\d\d", title)[0]) + 1
    return (
        f'<!DOCTYPE html>\n<html><head><meta http-equiv="Content-Type" content="text/html; charset={charset}">'
        f'<meta name="PubDate" content="{year}-02-03 10:00"><title>{title}</title></head>\n'
        f'<body><div class="nav">首页 &gt; 公开年报</div>'
        f'<h1>{title}</h1>\n<div id="zoom">\n{body}\n</div>'
        '<div class="footer">主办：清溪县人民政府</div></body></html>\n'
    )


def cells() -> str:
    """One cell a line; the unit of money stands in the header; no-break spaces pad labels."""
    report = reports.generate(11, **TOWN, year=2020, faults=("wan_header", "split_column_label"))
    return altered(report.text, (r"^\t规章$", "\t规\u00a0\u00a0章"), (r"^一、总体情况", "1、 总体情况"))


def sixteen() -> str:
    """One cell a line: sixteen values for fifteen, one of them loose; instructions left in; short rows."""
    report = busy(12, **TOWN, year=2020)
    return altered(
        report.text,
        (
            r"^\t规范性文件\n\t\d+\n\t\d+\n\t\d+",
            "\t规范性文件（本单位制发的）\n\t本年度审查后发文的文件数量\n"
            "\t本年度已公开的文件数量\n\t2000年以来对外公开总数量",
        ),
        (r"^(\t（一）予以公开(?:\n\t\d+){5})(?:\n\t\d+){2}", r"\1"),
        (r"^(\t（六）其他处理(?:\n\t\d+){4})(?:\n\t\d+){3}", r"\1"),
        (r"(尚未审结\n\t总计\n\n(?:\t\d+\n){4})", "\\1\n0\n\n\t0\n"),
        (r"一、总体情况", "总体情况(仅供参考）"),
        (r"邮编：990101", "邮编：qingxi@gongkai.test"),
    )


def debris() -> str:
    """Tab rows as a layout tool leaves them: empty fields, a label continued below, stacked characters, stray marks."""
    report = busy(13, **TOWN, year=2020, faults=("glyph_variant",))
    return altered(
        report.tabbed,
        (r"^(一、本年新收政府信息公开申请数量\t\t\t)\d+", r"\1"),
        (r"^(二、上年结转政府信息公开申请数量\t\t\t)\d+\t\d+", r"\1\t"),
        (
            r"^\t（二）部分公开（区分处理的，只计这一情形，不计其他情形）(\t.*)$",
            r"\t（二）部分公开（区分处理的，只计这\1\n\t一情形，不计其他情形）\t\t\t\t\t\t\t\t",
        ),
        (r"^(\t\t4\.无正当理由大量反复申请.*)\t0$", r"\1\t00"),
        (r"^(\t\t2\.其他法律行政法规禁止公开)", r"三\t\t\t\t\t\t\t\t\t\n、\t\t\t\t\t\t\t\t\t\n\1"),
        (r"^(\t\t8\.属于行政查询事项.*)$", r"\1\n-\t*\t\t\t\t\t\t\t\t"),
        (r"^行政许可\t\d+\t\d+\t\d+", "行政许可\t0\t增 115\t115"),
        (r"^政府集中采购\t\d+\t\d+\t?$", "政府集中采购\t29\t\t357595 元"),
        (r"^二、主动公开", "- 2 -\n二、主动公开"),
    )


def lost_break() -> str:
    """One cell a line, form of 2021: a row's last value and its break are lost, the next label stands there."""
    return busy(14, **TOWN, year=2023, faults=("lost_row_break",)).text


def untitled() -> str:
    """A grid with a third column that nobody titled; an article misquoted; a total in the second header row."""
    report = reports.generate(15, **TOWN, year=2020, faults=("extra_column", "money_without_unit"))
    body = altered(
        report.html, (r"第二十条第（六）项", "第二十六条第（六）项"), (r"（三）不予公开", "（三）不予以公开")
    )
    return page(report.title, body)


def nested() -> str:
    """The article in a layout table, the official tables in cells of it, labels cut into spans."""
    report = busy(16, **TOWN, year=2023, faults=("blank_cell",))
    inner = f'<table width="100%" border="0"><tr><td>&nbsp;</td><td colspan="3">\n{report.html}\n</td></tr></table>'
    return page(report.title, f"<table><tbody><tr><td>{inner}</td></tr></tbody></table>")


def loose() -> str:
    """No table at all: each cell of the tables is a paragraph of its own."""
    report = busy(17, **TOWN, year=2020)
    lines = [line.strip() for line in report.text.splitlines()[1:] if line.strip()]
    return page(report.title, "\n".join(f"<p>{line}</p>" for line in lines))


def two() -> str:
    """Two towns in one file."""
    first, second = reports.generate(18, **TOWN, year=2023), reports.generate(19, **OTHER_TOWN, year=2023)
    return first.text + "\n\n" + second.text


def chinese_bytes() -> bytes:
    """GB18030 with characters outside GB2312, declared as gb2312."""
    report = reports.generate(20, **TOWN, year=2020, faults=("word_in_cell",))
    body = report.html.replace("今后我镇", "今后我镇在䶮塘村和喆园")
    return page(report.title, body, "gb2312").encode("gb18030")


def wrong_sums() -> str:
    """A plain grid whose sums do not hold and whose text says something else."""
    report = busy(21, **TOWN, year=2023, faults=("identity", "disputes_sum", "narrative_count", "no_date"))
    return page(report.title, report.html)


def scanned() -> bytes:
    """The first page of a report on a scanner that knows only black and white; the others were not laid in."""
    report = busy(32, **TOWN, year=2023)
    pages, dpi = scan.scan(report.title, report.blocks, 32, scan.Quality((200,), skew=0.2, noise=0.0, jpeg=(95, 95)))
    body = io.BytesIO()
    black = pages[0].convert("L").point(lambda grey: 255 if grey > 150 else 0).convert("1", dither=0)
    black.save(body, "TIFF", compression="group4", dpi=(dpi, dpi))
    return body.getvalue()


def statistics(medium: str, seed: int, *faults: str) -> str:
    """The statistics table of 2014 behind a county's text."""
    report = reports.generate(seed, unit="990101", organ="清溪县", year=2016, form="2014", faults=faults)
    return page(report.title, report.html) if medium == "html" else getattr(report, medium)


# Format by format: name → rendering, seed, year, faults
RENDERED: dict[str, tuple[str, int, int, tuple[str, ...]]] = {
    "pipes.md": ("markdown", 22, 2020, ("wan_header", "missing_row")),
    "recognised_dump.txt": ("dump", 23, 2023, ("row_sum",)),
    "cut_by_pages.pdf": ("pdf", 24, 2020, ("short_row", "money_without_unit")),
    "written.docx": ("docx", 25, 2023, ("note_in_cell", "identity")),
    "tracked.docx": ("docx_tracked", 26, 2020, ("yuan_in_cell",)),
    "binary.doc": ("doc", 27, 2023, ("slash",)),
    "other_office.wps": ("wps", 28, 2020, ("unsigned_change",)),
    "rich_text.rtf": ("rtf", 29, 2023, ("label_typo",)),
    "web_archive.doc": ("doc_mht", 30, 2020, ("word_in_cell",)),
    "sheet.xlsx": ("xlsx", 31, 2023, ("fees_without_unit", "disputes_sum")),
    "old_sheet.xls": ("xls", 33, 2020, ("long_row",)),
    "standard.ofd": ("ofd", 34, 2023, ("blank_cell",)),
    "with_attachment.zip": ("zip", 35, 2020, ("results_sum",)),
}
# A word processor writes other bytes each time: these stay as they were written once
WRITTEN_ONCE = frozenset({"binary.doc", "other_office.wps", "old_sheet.xls"})


def rendered(name: str) -> bytes:
    """A report of the town in another format."""
    form, seed, year, faults = RENDERED[name]
    return render.render(busy(seed, **TOWN, year=year, faults=faults), form, seed)


DOCUMENTS = {
    "cells.txt": cells,
    "sixteen_values.txt": sixteen,
    "tabs_with_debris.txt": debris,
    "lost_row_break.txt": lost_break,
    "untitled_column.html": untitled,
    "nested_layout.html": nested,
    "loose_paragraphs.html": loose,
    "two_reports.txt": two,
    "gb18030_as_gb2312.html": chinese_bytes,
    "wrong_sums.html": wrong_sums,
    "scanned.tiff": scanned,
    "statistics_table.html": partial(statistics, "html", 41, "statistics_sum", "statistics_renamed_label"),
    "statistics_cells.txt": partial(statistics, "text", 42, "statistics_blank", "statistics_unit_in_cell"),
    "statistics_lines.txt": partial(statistics, "tabbed", 44, "statistics_missing_row", "statistics_words"),
    **{name: partial(rendered, name) for name in RENDERED},
}


def main(names: Sequence[str]) -> None:
    """Write the documents of these names, all where there are none; the JSON is left to `pytest --update`."""
    for name in names or DOCUMENTS:
        if name in WRITTEN_ONCE and (HERE / name).exists():
            continue
        made = DOCUMENTS[name]()
        (HERE / name).write_bytes(made if isinstance(made, bytes) else made.encode())


if __name__ == "__main__":
    main(sys.argv[1:])
