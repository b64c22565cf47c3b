"""Documents that are found beside annual reports and are none: which kind each is, by its title or its contents."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from crawler.titles import compact
from crawler.titles import refuse as false_friend
from extract.blanks import is_empty
from extract.content import Content
from extract.fill import Filled
from extract.records import ReportError, Section

KINDS = {
    "interpretation": "an interpretation (解读) of a report",
    "notice": "a notice (通知) about reports",
    "budget": "a budget or an account (预算、决算)",
    "rule-of-law report": "a report on government under the rule of law (法治政府建设)",
    "website report": "a website’s yearly statement (政府网站工作年度报表)",
    "rule": "a rule of the institution (制度、办法、规定)",
    "guide": "a guide, a catalogue or a pattern (指南、目录、格式)",
    "request form": "a form for requests (依申请公开)",
    "government work report": "a government’s work report (政府工作报告)",
}
# Where no title tells: phrases of each kind, of which two different ones must stand there
CONTENTS: dict[str, tuple[str, ...]] = {
    "website report": ("政府网站标识码", "ICP备案号", "独立用户访问总量", "网站总访问量", "首页网址"),
    "request form": ("申请人信息", "所需(?:政府)?信息", "申请人签名", "证件(?:名称|号码)", "信息的?(?:指定)?提供方式"),
    "budget": ("一般公共预算", "三公经费", "收支(?:预算|决算)?总表", "机关运行经费", "政府性基金"),
    "rule": ("第三条", "第五条", "本(?:制度|办法|规定|细则)自", "(?:制定|制订)本(?:制度|办法|规定|细则)"),
    "guide": ("公开指南", "受理机构", "办公时间", "申请(?:的)?(?:流程|受理)", "获取方式"),
    "rule-of-law report": ("法治政府建设", "依法行政", "行政执法(?:监督|体制|责任制)", "法律顾问", "重大行政决策"),
    "notice": ("通知如下", "(?:请|务必)?于[^。]{1,16}前(?:将|报送|报)", "各(?:乡镇|镇|部门|单位|科室)[^。]{0,30}:"),
    "interpretation": ("(?:编制|起草|制定)(?:背景|依据)", "解读", "问:", "答:", "一图读懂"),
}
FEWEST = 2
SITE = re.compile(r"[-_|–—]")
PATH = re.compile(r"[>›»]|当前位置")


def refuse(content: Content, title: str | None, sections: Sequence[Section], filled: Filled) -> None:
    """Raises ReportError for what is no annual report, naming its kind.

    A report has official rows, or its own title and three of its sections. A form without any figure that hangs on a
    notice is the notice's pattern; official tables under another document's title are that document's.
    """
    if filled.shown and title and not is_empty(filled.placed):
        return
    kind = _by_title(content) or (None if filled.shown or title else _by_contents(content))
    if kind:
        raise ReportError(f"not a report: {KINDS[kind]}", remedy="leave it out")
    if filled.shown or (title and len(sections) >= 3):
        return
    if title:
        raise ReportError(
            "the title of an annual report stands there, but neither its sections nor its tables",
            remedy="look for an attachment, and import that",
        )
    raise ReportError(
        "no title, table or section of an annual report is found", remedy="check that it is the report itself"
    )


def _by_title(content: Content) -> str | None:
    return next((kind for text in _titles(content) if (kind := false_friend(text))), None)


def _titles(content: Content) -> Iterator[str]:
    """What may be the document's title: what its page says, and the short lines that it begins with."""
    for text in (content.meta.get("articletitle"), content.title):
        if text:
            yield SITE.split(text)[0]
    for number, paragraph in enumerate(content.paragraphs()):
        if number >= 4:
            return
        text = compact(paragraph.text)
        if len(text) <= 60 and not PATH.search(text) and not text.endswith(("。", "；", "：", ":")):
            yield text


def _by_contents(content: Content) -> str | None:
    """The kind of which most phrases stand in the text or the tables, if there are enough of them."""
    cells = (cell.text for table in content.tables() for row in table.rows for cell in row if cell.origin)
    text = compact("\n".join([*(p.text for p in content.paragraphs()), *cells]))
    found = {
        kind: hits
        for kind, phrases in CONTENTS.items()
        if (hits := sum(bool(re.search(phrase, text)) for phrase in phrases)) >= FEWEST
    }
    return max(found, key=lambda kind: found[kind], default=None)
