"""Group P: what a filler forgot to take out or copied from elsewhere (DOMAIN §E). P01 is raised at its cell."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from extract.prose import locate, prose, sentence
from extract.reading import Reading
from extract.records import Finding
from extract.rules import finding

HAN = "\u4e00-\u9fff"
REMARK = re.compile(
    r"[(\[【][^()\[\]【】]{0,6}(?:仅供参考|文字描述|可续页|可附页|填写说明|填报说明|请填写|此处填写|参照填写)[^()\[\]【】]{0,20}[)\]】]"
    r"|^(?:填写说明|填报说明|文字描述)(?::|$)|^仅供参考$",
    re.M,
)
BLANK = re.compile(
    rf"(?<![A-Za-z0-9])(?:[×✕╳]{{2,}}|[Xx]{{2,}})(?=[{HAN}〕\]）)])"
    rf"|(?<=[{HAN}])(?:_{{3,}}|\*{{3,}}|×{{2,}})|(?:_{{3,}}|\*{{3,}})(?=[{HAN}])"
    r"|20[xX×]{2}|[(](?:单位名称|机关名称|行政机关名称|单位全称|填报单位名称)[)]"
)
DEEDS = "提高|提升|推进|推动|加强|加快|促进|规范|组织|指导|督促|部署|统筹|强化"
# What follows shows that the wider area is only named: its platform, its ranking, its meeting.
NAMED_ONLY = r"(?!统一|会议|考核|排名|通报|平台|系统|培训|大会|第|前列|范围|政务公开工作(?:会议|要点|考核))"


NONE = re.compile(
    r"(?:我[镇乡局区县市]|本机关|本单位)?(?:暂)?(?:无|没有)(?:存在)?(?:的)?(?:主要)?(?:问题|其他需要报告的事项)?[。.]?"
)


def template_remarks(reading: Reading) -> Iterator[Finding]:
    """P02: a remark of the template, in brackets or at the head of a paragraph."""
    for paragraph in reading.content.paragraphs():
        line = prose(paragraph.text)
        if found := REMARK.search(line.text):
            yield finding("P02", quote=line.quote(*found.span()), place=paragraph.place)


def unfilled_blanks(reading: Reading) -> Iterator[Finding]:
    """P03: ××, XX, ___ beside words, or a name's label left for the name; masked personal names are none."""
    for paragraph in reading.content.paragraphs():
        text = unicodedata.normalize("NFKC", paragraph.text)
        for found in BLANK.finditer(text):
            if not re.search(r"(?:申请人|公民|市民|居民|村民|原告)[^,。;]{0,2}$", text[: found.start()]):
                yield finding(
                    "P03", quote=text[max(0, found.start() - 6) : found.end() + 10].strip(), place=paragraph.place
                )
                break


def other_units(reading: Reading) -> Iterator[Finding]:
    """P04: words that another kind of unit would use of itself. That a wider area is merely named is no sign."""
    patterns = _foreign(reading)
    if not patterns:
        return
    pattern = re.compile("|".join(patterns))
    for section in reading.sections:
        text = prose(re.sub(r"《[^》]*》", lambda m: "某" * len(m.group()), section.text))
        for found in pattern.finditer(text.text):
            quote = text.quote(found.start() - len(sentence(text.text, found.start(), ",。;\n")), found.end())
            yield finding(
                "P04",
                f"“{found.group()[-8:]}” in a report of {reading.unit.name or 'this unit'}",
                quote=quote,
                place=locate(reading.content, quote),
            )


def _foreign(reading: Reading) -> list[str]:
    """Patterns of self-description that do not fit the unit's level and the last word of its name."""
    level, government = reading.unit.level, reading.unit.kind in ("government", "street_office", None)
    name = re.sub(r"(?:人民)?政府$|办事处$", "", reading.unit.name or "")
    if level not in ("township", "county", "prefecture") or not name:
        return []
    wider = "省市县区" if level == "township" and government else "省"
    # `全省各级部门高度重视` as the subject of a sentence
    patterns = [
        rf"(?<![^。;\n])全[{wider}](?:各级|各)(?:行政机关|部门|机关|单位|政府)(?:高度重视|认真|积极|坚持|深入|共|全面)"
    ]
    if level == "township" and government:
        own = next((kind for kind in ("街道", "镇", "乡") if name.endswith(kind)), "")
        others = "|".join(kind for kind in ("街道", "镇", "乡") if own and kind != own)
        patterns.append(rf"(?:{DEEDS})[^,。;\n“”]{{0,3}}全[市县区]{NAMED_ONLY}(?=[^,。;\n]{{2}})")
        if others:
            patterns.append(rf"全(?:{others})(?:范围|各|上下|共|政务|政府信息|公开|干部|居民|群众)")
            patterns.append(rf"(?<![{HAN}])我(?:{others}|局)(?=[{HAN}])")
    return patterns


def no_figures(reading: Reading) -> Iterator[Finding]:
    """P07: section 一 has no figure beside years, numbers of documents and numbering."""
    section = reading.section(1)
    if section is None or not section.text.strip():
        return
    text = prose(section.text).text
    for other in (
        r"\d{4}年(?:度)?(?:\d{1,2}月)?(?:\d{1,2}日)?",
        r"[〔\[(]\d{4}[〕\])]\d*号?",
        r"(?m)^[(]?\d{1,2}[).、]",
        r"[(]\d{1,2}[)]",
    ):
        text = re.sub(other, "", text)
    if not re.search(
        r"\d|[一二三四五六七八九十百两]+(?:件|条|次|起|项|篇|份|期|场|名|人)|[两三四五六七八九十百]+个|未收到|未发生|没有收到",
        text,
    ):
        yield finding("P07", quote=section.heading, place=section.place)


def only_none(reading: Reading) -> Iterator[Finding]:
    """P08: 五 must tell problems and remedies, 六 the processing fee where one was charged; 无 alone tells neither."""
    charged = any(s.kind == "processing_fee" and s.value for s in reading.statements)
    for section in (reading.section(5), reading.section(6) if charged else None):
        if section and NONE.fullmatch(prose(section.text).text.strip()):
            yield finding("P08", quote=section.text.strip(), place=section.place)


CHECKS = (template_remarks, unfilled_blanks, other_units, no_figures, only_none)
