"""Titles of annual reports: which ones they are, what they name, and which false friends they are not."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from crawler.glyphs import GLYPHS

_DIGITS = str.maketrans("〇○零一二三四五六七八九OoО", "0001234567890" + "00")
_YEAR = re.compile(
    r"(?<!\d)(?:((?:19|20)\d\d)|([一二][〇○零OoО九][〇○零OoО一二三四五六七八九]{2}))(?!\d)(?:年度|年|度(?!过))?"
)
_SPOILT_YEAR = re.compile(r"\d{5,}年度?")  # 202020年: a year is meant, none is stated
_CORE = re.compile(
    r"^(?P<before>.*?)(?:政府信息公开|政务信息公开|政务公开|信息公开)(?:工作)?(?:情况)?的?"
    r"(?P<annual>年度|年)?(?:工作)?(?:情况)?(?:总结)?(?P<noun>报告|年报)(?P<after>.*)$"
)
# What may follow 报告: nothing, a bracket, a site's name behind a separator, a file suffix, a formal announcement.
_TAIL = re.compile(r"^(?:$|[(\[【〔_|\-—–~·>》].*|\.\w{2,5}$|的?(?:公告|公示)$|全文$|正文$)")
_ORGAN_END = re.compile(
    r"(?:省|市|区|县|旗|盟|州|镇|乡|苏木|街道|政府|局|厅|委|办|办公室|委员会|办事处|队|院|中心|会)(?:\(?本级\)?)?$"
)
_BRACKET = re.compile(r"[(\[【〔][^()\[\]【】〔〕]*[)\]】〕]")
_MARKS = "的-—_:·,、."
_LONGEST = 120  # characters; what is longer is a sentence that mentions a report

# First match wins. Words that are also parts of organs' names (财政局) are caught only where no organ can carry them.
_FALSE_FRIENDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("interpretation", re.compile(r"解读|图解|一图读懂|一图看懂|问答|答记者问")),
    ("notice", re.compile(r"通知|通报|征集|征求意见|编制(?:工作)?方案")),
    ("budget", re.compile(r"预算|决算|三公经费|财政(?:信息|收支|专项|资金)")),
    ("rule-of-law report", re.compile(r"法治政府|依法行政|法治建设")),
    (
        "website report",
        re.compile(
            r"网站.{0,8}(?:年度)?(?:工作)?(?:年度)?(?:报表|年报表|工作年报|年度报告)(?!.*信息公开)|工作年度报表|监管年度报表"
        ),
    ),
    ("request form", re.compile(r"申请(?:公开)?(?:申请)?表|依申请公开(?!.{0,12}报告)|公开申请(?:书|流程|须知)")),
    ("rule", re.compile(r"公开(?:工作)?(?:制度|规定|办法|细则|条例)|报告(?:公开|发布|公布)?(?:制度|规定|办法|细则)")),
    (
        "guide",
        re.compile(r"公开(?:工作)?(?:指南|目录)|报告\(?(?:公开)?(?:指南|格式|模板|模版|样式|样表|范本|目录|编制说明)"),
    ),
    ("government work report", re.compile(r"(?<!公开)政府工作报告")),
)


@dataclass(frozen=True, slots=True)
class Title:
    """What a report's title says: the organ as printed ("" where it names none), the year if it states one."""

    organ: str
    year: int | None
    raw: str


@lru_cache(maxsize=4096)
def compact(text: str) -> str:
    """The text without white space, zero-width characters and title marks, in compatibility form and simplified."""
    normal = unicodedata.normalize("NFKC", text).translate(GLYPHS)
    return "".join(
        c for c in normal if not c.isspace() and unicodedata.category(c) != "Cf" and c not in "《》〈〉\"“”'"
    )


def refuse(text: str) -> str | None:
    """The name of the false friend that a title is (budget, interpretation, …), or None."""
    plain = compact(text)
    return next((name for name, pattern in _FALSE_FRIENDS if pattern.search(plain)), None)


def parse_title(text: str) -> Title | None:
    """The organ and year of an annual report's title; None where the text is not such a title."""
    plain = compact(text)
    if len(plain) > _LONGEST or refuse(plain):
        return None
    years = list(_YEAR.finditer(plain))
    found = _CORE.match(_SPOILT_YEAR.sub("", _YEAR.sub("", plain)))
    spoilt = bool(_SPOILT_YEAR.search(plain))
    if found is None or not _TAIL.match(found["after"]):
        return None
    if not (years or spoilt or found["annual"] or found["noun"] == "年报"):
        return None
    return Title(_organ(found["before"], found["after"]), None if spoilt else _year(years, plain), text)


def _year(years: list[re.Match[str]], plain: str) -> int | None:
    # The report's year stands before the word 报告 where there is one; a later one is more often that of publication.
    noun = max(plain.find("报告"), plain.find("年报"))
    stated = {_number(y) for y in years if y.start() < noun} or {_number(y) for y in years}
    return stated.pop() if len(stated) == 1 else None


def _number(year: re.Match[str]) -> int:
    return int(year[1] or year[2].translate(_DIGITS))


def _organ(before: str, after: str) -> str:
    organ = re.sub(r"^(?:【[^】]*】|\[[^\]]*\])", "", before)
    organ = re.sub(r"^关[于於](?:公布|发布|印发|公开|报送)?", "", organ)
    organ = re.sub(r"[(\[]\)?$|[(\[][)\]]", "", organ).strip(_MARKS)
    if organ:
        return (
            organ + "政府" if organ.endswith("人民") else organ
        )  # 某县人民|政府信息公开: one word lent the other two characters
    inside = re.match(r"^[(\[_|\-—–·]+([^()\[\]_|\-—–]+)", after)  # 年度报告（某镇）, 年度报告-某市人民政府
    return inside[1] if inside and _ORGAN_END.search(inside[1]) else ""
