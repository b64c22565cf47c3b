"""Group T: the form against the year, the organ's powers and the contents that the law asks for (DOMAIN §E)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extract.labels import fold
from extract.prose import locate, prose
from extract.reading import Reading
from extract.records import Finding
from extract.rules import finding

# What counts as a result, not as an arrangement: article 50 asks governments for all three.
RESULTS = {
    "工作考核": re.compile(
        r"考核[^。;\n]{0,20}(?:结果|成绩|得分|排名|优秀|良好|合格|位列|名列|达标|第[一二三四五六七八九十\d])|(?:列入|纳入)[^。;\n]{0,14}考核"
    ),
    "社会评议": re.compile(
        r"评议[^。;\n]{0,20}(?:结果|满意|良好|较好|优秀|好评|得分|\d|未|没有|无)|(?:未|没有)[^。;\n]{0,8}评议"
    ),
    "责任追究": re.compile(
        r"(?:未|没有|无|零|不存在)[^。;\n]{0,14}(?:追究|追责|问责)|(?:追究|追责|问责)(?!制度)[^。;\n]{0,10}(?:\d|未|没有|无|零|人次|起)"
    ),
}
# The five aspects that section 一 reviews (国办公开办函〔2021〕30号); any word of an aspect's work counts
ASPECTS = {
    "主动公开": re.compile("公开|发布"),
    "依申请公开": re.compile("申请"),
    "政府信息管理": re.compile("管理|审核|审查|保密|归档|台账|规范性文件|更新"),
    "公开平台建设": re.compile("平台|网站|新媒体|公众号|微信|微博|专栏|专区|公报|公开栏|宣传栏"),
    "监督保障": re.compile("监督|考核|评议|培训|保障|问责|追究|责任|领导|组织"),
}
# Sections of the text form that reports had before 2019 (DOMAIN §A.7, T07)
OLD_SECTIONS = re.compile(
    r"(?m)^(?:[一二三四五六七八九十]{1,2}、|\([一二三四五六七八九十]{1,2}\))?(?:政府信息公开|依申请公开)?(?:政府信息)?(?:的)?(?:收费(?:及|和)?减免|公开的?收费(?:及|和)减免)(?:的?情况)?$"
)
FEES = re.compile(r"收费|费用|信息处理费|收取")
SUPERSEDED = re.compile(r"国?办?公?开?办?函?[〔\[(【]2019[〕\])】]60号")


def edition(reading: Reading) -> Iterator[Finding]:
    """T01: a form of other years; for 2019 the new form was only encouraged."""
    first, last = reading.form.years
    if reading.cells and reading.year and not first <= reading.year <= last:
        message = f"the form of {reading.form.edition} in a report for {reading.year}"
        yield finding("T01", message, variant="for_2019" if reading.year == 2019 else None)


def rules_of_law(reading: Reading) -> Iterator[Finding]:
    """T03: below a city with districts no organ can make 规章; the figures belong elsewhere."""
    if reading.unit.level not in ("county", "township"):
        return
    found = {
        m: v
        for m in ("made", "issued", "published", "published_total", "in_force")
        if (v := reading.value("disclosures", "regulations", m))
    }
    for measure, value in found.items():
        place = reading.cells["disclosures", "regulations", measure].place
        at = {"table": "disclosures", "row": "regulations", "column": measure, "place": place}
        yield finding("T03", f"{measure} {value}", left=value, right=0, **at)


def required_contents(reading: Reading) -> Iterator[Finding]:
    """T04: a government's results of 考核, 评议, 追究; in the 2021 form also whether fees were charged."""
    if reading.section(1) is None:
        return  # S01 says so
    text = "\n".join(prose(s.text).text for s in reading.sections if s.number)
    lacking = [name for name, result in RESULTS.items() if not result.search(text)] if _is_government(reading) else []
    if reading.cells and reading.form.edition == "2021" and reading.section(6) and not FEES.search(text):
        lacking.append("收费")
    if reading.cells and reading.form.edition == "2021":
        lacking += [name for name, words in ASPECTS.items() if not words.search(text)]
    if lacking:
        yield finding("T04", f"nothing is said of {', '.join(lacking)}", quote="、".join(lacking))


def old_text_form(reading: Reading) -> Iterator[Finding]:
    """T07: a report for 2019 or later in the text form of before, without tables. For 2019 the form was voluntary."""
    if not reading.year or reading.year < 2019 or reading.cells or list(reading.content.tables()):
        return
    lines = "\n".join(fold(p.text) for p in reading.content.paragraphs())
    if found := OLD_SECTIONS.search(lines):
        yield finding(
            "T07",
            variant="for_2019" if reading.year == 2019 else None,
            quote=found.group(),
            place=locate(reading.content, found.group()),
        )


def _is_government(reading: Reading) -> bool:
    return reading.unit.kind == "government" or bool(re.search("人民政府$", reading.unit.name or ""))


def superseded_notice(reading: Reading) -> Iterator[Finding]:
    """T05: the notice of 2019 cited in a report for 2021 or later."""
    if not reading.year or reading.year < 2021:
        return
    for section in reading.sections:
        text = prose(section.text)
        if found := SUPERSEDED.search(text.text):
            quote = text.quote(*found.span())
            yield finding("T05", quote=quote, place=locate(reading.content, quote))
            return


CHECKS = (edition, rules_of_law, required_contents, superseded_notice, old_text_form)
