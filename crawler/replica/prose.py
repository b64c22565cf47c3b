"""The prose of a synthetic report: sentences of our own about places that do not exist."""

from __future__ import annotations

import re
from random import Random

from crawler.replica import tables
from crawler.replica.chronicle import Told
from crawler.replica.draft import Draft

_WORK = (
    "本年度{we}通过网站、宣传栏和服务窗口主动公开各类信息，共组织业务培训{a}次，更新公开目录{b}项。",
    "{we}把公开要求写进日常办文流程，全年召开专题会议{a}次，整理旧文件{b}份。",
    "{we}围绕群众关心的修路、供水和灌溉事项及时发布信息，全年答复电话咨询{b}次。",
)
_MANAGEMENT = (
    "信息管理方面，{we}落实先审查后公开的做法，由专人登记、核对和归档。",
    "平台建设方面，{we}检查了栏目链接，修复了打不开的页面。",
    "监督保障方面，{we}把公开工作列入年度考核，未发生需要追究责任的情形；社会评议结果为满意。",
)
_PROBLEMS = (
    "一年来的工作仍有不足：有的栏目更新偏慢，有的文件说明不够通俗。",
    "对照要求，{we}的工作还存在人手偏紧、材料报送不够均衡的问题。",
)
_REMEDY = (
    "下一步，{we}将按月核对栏目，请村民代表试读重要文件。",
    "今后{we}将明确每个栏目的负责人，并在季度末通报更新情况。",
)
_NONE = "本年度未收取信息处理费，没有其他需要报告的事项。"


def write(draft: Draft, rng: Random) -> None:
    """Set title and paragraphs of a draft; None in the paragraphs stands for the next table."""
    words = _Words(draft, rng)
    year, organ = draft.year, draft.organ
    draft.title = f"{organ}{year}年政府信息公开工作年度报告"
    basis = words("basis", "国办公开办函〔2019〕60号" if draft.form == "2019" else "国办公开办函〔2021〕30号")
    period = words("period", "本报告所列数据的统计期限自{year}年1月1日起至{year}年12月31日止。")
    intro = (
        f"根据《中华人民共和国政府信息公开条例》和有关格式要求（{basis}），"
        f"{words('named', f'编制{organ}{year}年政府信息公开工作年度报告')}。{period}{words('contact', _contact(words))}"
    )
    usual = Told(rng.choice(_WORK), tuple(rng.sample(_MANAGEMENT, 3)), rng.choice(_PROBLEMS), rng.choice(_REMEDY))
    told = draft.told or usual
    work = words("work", told.work)
    if "parts" in draft.words:
        work += f"全年主动公开信息{words.b}条，{words('parts', '')}。"
    draft.paragraphs = [
        intro,
        words("heading.1", "一、总体情况"),
        work,
        *(words("", text) for text in told.management),
        _requests(draft),
        words("told", _told(draft)),
        words("told.more", ""),
        words("page", ""),
        words("heading.2", "二、主动公开政府信息情况"),
        None,
        words("heading.3", "三、收到和处理政府信息公开申请情况"),
        None,
        words("heading.4", "四、政府信息公开行政复议、行政诉讼情况"),
        None,
        words("heading.5", "五、存在的主要问题及改进情况"),
        words("problems", told.problems),
        words("remedy", told.remedy),
        words("heading.6", "六、其他需要报告的事项"),
        words("section.6", _NONE),
        signature(organ),
        words("date", f"{{next}}年1月{rng.randint(4, 29)}日"),
    ]
    draft.paragraphs = [p for p in draft.paragraphs if p != ""]


def _told(draft: Draft) -> str:
    """What became of the requests, as tables 三 and 四 print it; every other report tells it."""
    rows = draft.applications
    refused = [row[6] for name, row in rows.items() if name.startswith("refused.")]
    told = [rows[name][6] for name in ("granted", "partly_granted", "carried_out")]
    suits = [draft.disputes[name][4] for name in tables.CHANNELS]
    if not draft.stated or draft.stated % 2 or not all(isinstance(v, int) for v in (*told, *refused, *suits)):
        return ""
    return (
        f"申请办理方面，予以公开{told[0]}件，部分公开{told[1]}件，不予公开{sum(refused)}件，"
        f"结转下年度继续办理{told[2]}件。因政府信息公开引起行政复议{suits[0]}件，行政诉讼{sum(suits[1:])}件。"
    )


def signature(organ: str) -> str:
    """How an organ signs: a place signs as its government."""
    return organ + "人民政府" if re.search(r"[省市县区旗州盟镇乡]$", organ) else organ


class _Words:
    """The passages, with a draft's overrides over them and its figures and names filled in."""

    def __init__(self, draft: Draft, rng: Random) -> None:
        self.draft, self.a, self.b = draft, rng.randint(2, 9), rng.randint(10, 200)
        self.phone = f"0199-5550{rng.randint(100, 999)}"
        self.number = rng.randint(1, 200)

    def __call__(self, name: str, usual: str) -> str:
        text = self.draft.words.get(name, usual)
        parts = name == "parts"  # 其中 parts that add up to more than the whole
        year = self.draft.year
        return text.format(
            we=we(self.draft.organ),
            year=year,
            last=year - 1,
            next=year + 1,
            a=self.b if parts else self.a,
            b=self.a if parts else self.b,
        )


def _contact(words: _Words) -> str:
    postcode = words("postcode", "990101")
    return (
        f"公众如有疑问，请与{words.draft.organ}政务公开办公室联系（地址：青石路{words.number}号，"
        f"邮编：{postcode}，电话：{words.phone}）。"
    )


def we(organ: str) -> str:
    """What an organ calls itself."""
    last = organ[-1]
    return "我" + (last if last in "省市县区旗州盟镇乡局" else "单位")


def _requests(draft: Draft) -> str:
    if draft.stated is None:
        return ""
    where = {"county": "全县", "prefecture": "全市", "province": "全省"}.get(draft.level, "")
    who = f"{where}各级行政机关" if draft.scope == "aggregate" else "本机关"
    if draft.stated == 0:
        return f"依申请公开方面，{draft.year}年{who}未收到政府信息公开申请。"
    return f"依申请公开方面，{draft.year}年{who}共收到政府信息公开申请{draft.stated}件。"
