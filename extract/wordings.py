"""How prose states figures: one entry a wording, in the order in which they are tried (DOMAIN §N).

`n` is the figure, `u` its measure word; a wording without `n` says that there was none. `needs` must stand in the
sentence up to the figure's measure word, `unless` must not, nor `beside` in the same clause. In section `home`, which
is about nothing else, `needs` is not asked for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from extract.prose import NUM

REQUEST = (
    r"(?:政府信息公开的?申请|信息公开申请|公开申请|依申请公开(?:政府信息)?(?:的?申请)?"
    r"|公开政府信息的?申请|政府信息申请)"
)
# Another time than the report's year: a sentence that has it is no statement of the year. 上年结转 is a row of the form
BEFORE = r"(?:上年度?|去年|上一年度?)(?!结转|年?度?结转)"
OTHER_TIME = rf"{BEFORE}|往年|历年|以来|累计|同期|季度|上半年|下半年|截[至止]\d{{1,2}}月|若|如果|凡|应当|计划|拟"
CHANNELS = r"网上|网络|在线|邮箱|邮件|书面|信函|邮寄|当面|现场|传真|窗口"
KINDS = r"自然人|公民|法人|企业|个人"
COUNTED = rf"(?P<n>{NUM})(?P<u>[件起宗份例])"
SAID = r"(?:共计?|合计|总计|为|是|有|[:,])*"
ABOUT_DISCLOSURE = r"信息公开|依申请公开|政务公开|公开申请|公开工作"


@dataclass(frozen=True, slots=True)
class Wording:
    """One way to state one kind of figure."""

    kind: str
    pattern: re.Pattern[str]
    needs: re.Pattern[str] | None = None
    unless: re.Pattern[str] | None = None
    beside: re.Pattern[str] | None = None
    home: int | None = None


def _all(
    kind: str, *patterns: str, needs: str = "", unless: str = "", beside: str = "", home: int | None = None
) -> tuple[Wording, ...]:
    unless = f"{OTHER_TIME}|{unless}" if unless else OTHER_TIME
    conditions = (re.compile(needs), re.compile(unless), re.compile(beside) if beside else None, home)
    return tuple(Wording(kind, re.compile(p), *conditions) for p in patterns)


# A count behind 公民、法人和其他组织 is that of all of them; behind a count a link begins the next: 自然人4件、法人2件.
_LINK = r"(?:或者?|以?及|和|与|、|,)"
_UNSHARED = (
    "(?<!公民)(?<!自然人)(?<!个人)(?<!公民,)(?<!自然人,)(?<!个人,)(?<!法人,)"
    "(?<!或者)(?<!以及)(?<![^件起宗份例)][、和及与或])"
)


def _requests_by(kind: str, words: str, unless: str) -> tuple[Wording, ...]:
    by = r"(?:渠道|平台|方式|系统|途径)?(?:接?收到?|受理|提交|提出|递交)*的?(?:政府信息公开|公开)?(?:申请)?"
    pattern = rf"{_UNSHARED}(?:{words}){by}{SAID}{COUNTED}"
    needs = rf"{REQUEST}|(?:收到|受理|新收)申请"
    return _all(kind, pattern, needs=needs, unless="复议|诉讼", beside=rf"予以|不予|答复|办结{unless}")


def _outcome(kind: str, words: str) -> tuple[Wording, ...]:
    tail = r"(?:的|决定|答复|处理|类|情形|申请)*"
    return _all(
        kind,
        rf"(?:{words}){tail}{SAID}{COUNTED}",
        rf"{COUNTED}(?:申请)?(?:已|依法|决定|均|为)*(?:{words})(?=[,。;、)\n]|的)",
        needs="申请",
        unless=rf"复议|诉讼|建议|提案|{CHANNELS}|{KINDS}",
    )


def _active(kind: str, words: str, units: str) -> tuple[Wording, ...]:
    """Items published over one channel; a clause that names another channel beside it says nothing of this one."""
    deed = r"(?:[^,。;:、\n\d]{0,12}?(?:公开|发布|推送|刊登|刊发|更新|上传)[^,。;:、\n\d]{0,12}?)?"
    pattern = rf"(?:{words}){deed}(?:信息|文章|内容)?{SAID}(?P<n>{NUM})(?P<u>[{units}])"
    return _all(
        kind, pattern, unless="清理|关闭|整改|粉丝|关注|阅读|访问|浏览|点击|留言|咨询|问政|信箱|链接|错|投稿|采用"
    )


def _disputes(kind: str, word: str, alone: str) -> tuple[Wording, ...]:
    """Cases because of disclosure; those that an organ decides as the reviewing organ are another matter.

    `alone` keeps a word from taking a count that it shares with the other (复议、诉讼共五件).
    """
    none = r"(?:未(?:曾)?(?:发生|收到|接到|出现|产生|引发|引起|涉及|被|有|因)|没有|无|不存在)"
    result = "维持|纠|撤销|败诉|胜诉|违法|驳回"
    unless = rf"审理|审结|办理|办结|受理|立案|应诉|出庭|[一二再]审|前置|新增|结转|其中|{result}"
    return (
        *_all(
            kind,
            rf"{alone}{word}(?:申请|案件|事项)?(?:情况)?(?:发生|收到)?{SAID}{COUNTED}(?![^,。;\n]{{0,8}}(?:{result}))",
            rf"{COUNTED}(?:因?[^,。;、\n\d]{{0,14}}公开[^,。;、\n\d]{{0,12}}的?)?{word}(?!机关|前置|[、和及或与](?:行政)?诉讼|[^,。;\n]{{0,8}}(?:{result}))",
            needs=ABOUT_DISCLOSURE,
            unless=unless,
        ),
        *_all(
            kind,
            rf"{none}[^。;,\n\d]{{0,30}}?{word}(?!机关|前置|后|(?:申请|案件|事项)?{SAID}[\d一二两三四五六七八九十]|[^,。;\n]{{0,8}}(?:{result}))",
            rf"{word}(?:(?:申请|案件)?[、和及与或](?:行政)?诉讼)?(?:申请|案件)?(?:均|都)?(?:为|是)?(?:0|零)[件起宗例]?(?!\d)",
            unless=rf"{unless}|(?:因|由于|对)(?![^,。;]{{0,8}}公开)|因[^,。;]{{0,16}}(?:收费|不予|答复|[超逾]期)",
        ),
    )


SESSIONS = "次期场班"
MONEY = (
    r"(?P<n>(?<![\d.])\d{1,9}(?:,\d{3}){0,3}(?:\.\d{1,6})?|[一二两三四五六七八九][一二两三四五六七八九十百千零]{0,7})"
    r"(?P<u>万元|元)"
)
NO_AMOUNT = "每|按(?!照|规定|要求|有关|相关)|标准|减免|免除|免收|预算|缓"
FEE = r"(?:信息处理费|依申请公开[^,。;、\n\d]{0,6}费用?|公开[^,。;、\n\d]{0,10}费用)"

WORDINGS: tuple[Wording, ...] = (
    *_requests_by("requests_online", "网上|网络|在线|互联网|电子邮件|邮箱|邮件", "|书面|信函"),
    *_requests_by("requests_paper", "书面|信函|邮寄|来信|信件|纸质", "|网[上络]"),
    *_requests_by("requests_in_person", "当面|现场|窗口|来访|柜台", ""),
    *_requests_by("requests_natural_person", "自然人|公民", "|[、和或]法人|咨询"),
    *_requests_by("requests_organisation", rf"法人(?:{_LINK}其[他它]组织)?|其[他它]组织", ""),
    *_outcome("outcome_granted", "(?<!不)予以公开|(?<![部不])同意公开"),
    *_outcome("outcome_partly_granted", "(?:予以)?部分公开"),
    *_outcome("outcome_refused", "不予(?:以)?公开|不同意公开"),
    *_outcome("outcome_unable", "无法提供"),
    *_outcome("outcome_unprocessed", "不予处理"),
    *_all(
        "requests_closed",
        rf"(?:办结|答复){REQUEST}?(?:申请)?{SAID}{COUNTED}",
        needs="申请",
        unless="电话|咨询|来信|留言|信箱|热线|问政|建议|提案|复议|诉讼",
    ),
    *(
        Wording("carried_out", re.compile(p), None, re.compile(rf"{OTHER_TIME}|复议|诉讼"))
        for p in (
            rf"结转(?:至|到)?(?:下一?年度?|次年度?|明年)(?:继续)?(?:办理|处理|答复)?的?{REQUEST}?(?:申请)?(?:数量)?{SAID}{COUNTED}",
            rf"{COUNTED}{REQUEST}?(?:申请)?(?:已|将|均|需|按规定)*结转(?:至|到)?(?:下一?年|次年|明年)",
            rf"(?:无|没有){REQUEST}?(?:申请)?(?:事项)?(?:需要?)?结转(?:至|到)?(?:下一?年|次年|明年)",
        )
    ),
    *(
        Wording("carried_in", re.compile(p), None, re.compile("复议|诉讼|累计|其中|同期|季度"))
        for p in (
            rf"(?:上年度?|上一年度?|去年)结转(?:的|至本年度?|到本年度?)*{REQUEST}?(?:申请)?(?:数量)?{SAID}{COUNTED}",
            rf"结转(?:上年度?|上一年度?|去年)的?{REQUEST}?(?:申请)?{SAID}{COUNTED}",
            rf"(?:无|没有)(?:上年度?|上一年度?|去年)结转的?{REQUEST}?(?:申请)?",
        )
    ),
    *_active("active_website", "(?:政府|门户|部门|政务)?网站|官网|门户", "条篇则件份"),
    *_active("active_weibo", "微博", "条篇则"),
    *_active("active_wechat", "微信(?:公众(?:平台|号))?|公众号", "条篇则期"),
    *_active("active_gazette", "(?:政府)?公报", "条篇件份期"),
    *_all(
        "trained_people",
        rf"(?:受训|参训|培训)[^,。;、\n\d]{{0,10}}?(?P<n>{NUM})(?P<u>人次|人|名)",
    ),
    *_all(
        "trainings",
        rf"培训(?:班|会议?|活动)?{SAID}(?P<n>{NUM})(?P<u>[{SESSIONS}])",
        rf"(?P<n>{NUM})(?P<u>[{SESSIONS}])(?![^,。;、\n]{{0,16}}(?:未|没有))[^,。;、\n\d]{{0,14}}?培训",
        unless="取消|全[省国]",
    ),
    *_all(
        "meetings",
        rf"(?:会议|座谈会|推进会|专题会|例会|部署会|协调会){SAID}(?P<n>{NUM})(?P<u>[次场期])",
        rf"(?P<n>{NUM})(?P<u>[次场期])[^,。;、\n\d]{{0,16}}?(?:会议|座谈会?|推进会|专题会|例会|部署会|协调会)",
        unless="发布会|取消|培训",
    ),
    *_disputes("reconsiderations", "(?:行政)?复议", ""),
    *_disputes("lawsuits", "(?:行政)?诉讼", "(?<!复议[、和及或与])(?<!复议[、和及或与]行政)"),
    *_all("processing_fee", rf"{FEE}[^。;、\n\d]{{0,12}}?{MONEY}", unless=NO_AMOUNT),
    *_all(  # beside it stand the notices sent and what they ask for: neither was received yet
        "processing_fee",
        rf"实际收取的?(?:信息处理费|费用)?的?(?:总?金额|总额)?(?:共计?|合计|总计|为|是|[:,])*{MONEY}",
        needs=rf"{FEE}|收费通知",
        unless=NO_AMOUNT,
    ),
    *_all(
        "processing_fee",
        rf"(?:未|没有|无)(?:向[^。;,\n\d]{{0,24}}?)?(?:收取|产生|发生)[^。;\n,\d]{{0,18}}?{FEE}",
        rf"{FEE}(?:收取|收费)?(?:情况|金额|总额)?[:为是]*(?:(?:0|零)(?:万?元)?(?![\d.])|无(?=[。;,\n]|$))",
    ),
    *_all(
        "processing_fee",
        r"(?:未|没有|无)(?:向[^。;,\n\d]{0,24}?)?(?:收取|产生|发生)(?:过|任何|相关|有关|其[他它]|(?:政府)?信息公开(?=收费)|的)*"
        r"(?:费用|收费)(?=[。;,\n]|$)",
        needs=rf"{ABOUT_DISCLOSURE}|处理费|收费通知",
        unless="培训|讲座|检索|复制|邮寄|办证|停车|若|因",
        home=6,
    ),
)
GROWTH = re.compile(
    r"(?:同比|环比|[较比](?:上年|去年|上一年度?|20\d\d年)(?:同期|度)?)[^,。;、\n\d]{0,6}?"
    r"(?P<d>增长|上升|增加|提高|提升|增幅|下降|减少|降低|降幅)(?:了|为|达)?(?P<n>\d{1,6}(?:\.\d{1,6})?)(?P<u>%)"
)
