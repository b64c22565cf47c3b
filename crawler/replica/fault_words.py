"""Oddities of wording: labels and passages of prose that are printed instead of the usual ones."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from crawler.replica import tables
from crawler.replica.draft import Draft
from crawler.replica.fault import FORMS, MEDIA, Fault


def _words(
    rule: str,
    name: str,
    passages: dict[str, str],
    forms: tuple[str, ...] = FORMS,
    media: tuple[str, ...] = MEDIA,
) -> tuple[str, Fault]:
    def apply(draft: Draft, rng: Random) -> None:
        if draft.medium in media:
            draft.words.update(passages)

    return name, Fault(rule, apply, forms, media)


def _label(
    rule: str,
    name: str,
    key: str,
    text: str,
    forms: tuple[str, ...] = FORMS,
    media: tuple[str, ...] = MEDIA,
) -> tuple[str, Fault]:
    """The cells below or beside the label stay as they are."""

    def apply(draft: Draft, rng: Random) -> None:
        if draft.medium in media:
            draft.labels[key] = text

    return name, Fault(rule, apply, forms, media)


_ROWS = (
    _label("S19", "glyph_variant", "measure.1.items_change", "本年増/減", forms=("2019",)),
    _label("S19", "traditional_label", "granted", "（一）予以公開"),
    _label("S07", "label_typo", "partly_granted", "（二）部分公开（区分处理的，只记这一情形，不记其他情形）"),
    _label("S07", "label_order", "unprocessed.petition", "1.信访投诉举报类申请"),
    _label("S07", "result_typo", "dispute.0", "结果维护"),
    _label("S10", "channel_note", "reconsideration", "行政复议（因政府信息公开被行政复议）"),
    _label("S10", "total_header", "column.total", "合计"),
    _label("S06", "missing_group", "results", ""),
    _label("S20", "wrong_article", "article.2", "第二十六条第（六）项"),
    _label("S20", "lost_article", "article.3", "第二十条第（）项"),
    _label("S21", "bare_note", "note", tables.NOTE.strip("（）")),
    _label("S17", "split_column_label", "column.natural_person", "自\n\n然\n\n人", media=("text",)),
    _label("S17", "split_row_label", "refused", "（三）不予\n公\n开", media=("text",)),
    _words("P02", "template_remark", {"heading.1": "一、总体情况（仅供参考）"}),
    _words("S02", "arabic_heading", {"heading.5": "5、存在的主要问题及改进情况"}),
    _words("S02", "bare_heading", {"heading.2": "主动公开政府信息情况"}),
    _words("S01", "missing_section", {"heading.6": "", "section.6": ""}),
    _words("C01", "no_contact", {"contact": ""}),
    _words("C02", "email_as_postcode", {"postcode": "zhengwu@shiqiao.test"}),
    _words("C03", "short_postcode", {"postcode": "99010"}),
    _words("D03", "no_date", {"date": ""}),
    _words("D05", "impossible_date", {"date": "{next}年2月30日"}),
    _words("N08", "no_period", {"period": ""}),
    _words("N08", "wrong_period", {"period": "本报告所列数据的统计期限自{last}年1月1日起至{last}年12月31日止。"}),
    _words("S26", "lost_digits", {"period": "本报告所列数据的统计期限自{year}1月1日起至{year}年12月31日止。"}),
    _words("S25", "page_number", {"page": "-2 -"}, media=("text",)),
    _words("P03", "unfilled_blank", {"problems": "××（单位名称）在主动公开的及时性上还有差距，××科室报送不够主动。"}),
    _words("P04", "foreign_level", {"work": "全省各级部门高度重视，本年度共组织培训{a}次。"}),
    _words("P08", "only_none", {"problems": "无", "remedy": ""}),
    _words("T05", "superseded_notice", {"basis": "国办公开办函〔2019〕60号"}, forms=("2021",)),
    _words("N02", "parts_exceed", {"parts": "其中制度类{a}条，民生类{b}条"}),
)


# --- the prose against the tables: each claim is none of the figures that it may mean


def _claim(rule: str, name: str, say: Callable[[Draft], str]) -> tuple[str, Fault]:
    def apply(draft: Draft, rng: Random) -> None:
        draft.words["told"] = ""
        draft.words["told.more"] = say(draft)

    return name, Fault(rule, apply)


def _granted(draft: Draft) -> str:
    rows = draft.applications
    return f"申请办理方面，予以公开{rows['granted'][6] + rows['partly_granted'][6] + 3}件。"


def _people(draft: Draft) -> str:
    most = sum(draft.applications[row][0] for row in ("new", "carried_in", "closed"))
    return f"政府信息公开申请中，自然人申请{most + 2}件。"


_CLAIMS = (
    _claim("N04", "outcome_told", _granted),
    _claim("N05", "disputes_told", lambda d: f"因政府信息公开引起行政复议{d.disputes['reconsideration'][4] + 2}件。"),
    _claim("N07", "growth_told", lambda d: "全年制作图解3条，同比增长35%。"),
    _claim("N12", "carried_told", lambda d: f"申请中结转下年度继续办理{d.applications['carried_out'][6] + 2}件。"),
    _claim("N14", "applicants_told", _people),
)
_OTHERS = (_words("N13", "fee_untold", {"section.6": "按照规定收取信息处理费。"}, forms=("2021",)),)


def _other_year(draft: Draft, rng: Random) -> None:
    draft.words["named"] = f"编制{draft.organ}{draft.year - 1}年政府信息公开工作年度报告"


ALL: dict[str, Fault] = dict((*_ROWS, *_CLAIMS, *_OTHERS)) | {"other_year_named": Fault("N09", _other_year)}
