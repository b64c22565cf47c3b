"""What a unit of a series tells of one year: sentences of our own about places that do not exist.

A sentence is put together of one clause from each bank of its topic. A unit goes through every bank in an order of its
own, a clause a year: two years running it never repeats one, and no two units tell the same. `{places}` are names that
are the unit's own, year after year, as villages and roads are in real reports.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

Topic = tuple[tuple[str, ...], ...]  # banks of clauses; the last one closes the sentence

_FIRST, _SECOND = "柏枫桐榆槐杏梅荷菱苇鹭雁鹿驼麂獾霁岚泓澄砚墨磬笛", "坞垄坪垭峪汀浦渚埠墩岗陂塬圩滩沱洼坳埂陌"
_THIRD = ("村", "社区", "水库", "集市", "渡口", "茶场", "小学", "驿站", "渠道", "林场")
OWN_PLACES, NAMED = 14, 3  # names that a unit has, and that a sentence names

WORK: Topic = (
    (
        "{we}把公开写进办文流程，全年召开专题会议{a}次，",
        "围绕{places}居民关心的事，{we}共组织业务培训{a}次，",
        "{we}按事项梳理目录，先后到{places}走访{b}户，",
        "这一年{we}翻检旧文件{b}份，把与{places}有关的挑出来，",
        "{we}在{places}设点听取意见，接待来访群众{b}人次，",
        "春耕前后{we}编发简报{a}期，送到{places}，",
        "{we}为{places}的住户答复电话咨询{b}次，",
    ),
    (
        "逐条对照后补齐了缺漏的栏目。",
        "并把修路、供水和灌溉的安排讲给大家听。",
        "凡是可以公开的都贴上了墙。",
        "回来后当周就把答案写进问答集。",
        "村民看得懂、找得着成了改稿的标准。",
        "由值班人员登记在册，月底对账销号。",
        "还请几位老教师帮忙把术语改成白话。",
    ),
)

MANAGEMENT: tuple[Topic, ...] = (
    (
        (
            "信息管理方面，",
            "在文件怎样管理上，",
            "说到保密和存档，",
            "为了守住审查这道关，",
            "就台账与更新而言，",
            "从拟稿到审核，",
            "对每份等着归档的材料，",
        ),
        (
            "{we}落实先审查后公开的做法，{places}的材料由专人核对",
            "涉及{places}的批复一律标明公开属性",
            "经办人、科长和分管领导依次签字，{places}的补偿名册另设保密栏",
            "{we}给{places}的历年文件编了号并归档",
            "凡写到{places}个人信息的地方先遮盖再张贴",
            "旧文件由{places}的联络员提出存废意见，汇总后集中审核",
            "{we}将{places}三处台账并成一本",
        ),
        (
            "，错字和过时表述明显减少。",
            "，年底抽查时没有发现漏登。",
            "，查一份老文件只要几分钟。",
            "，值班表和移交单一并留底。",
            "，审核意见都能追溯到人。",
            "，来借阅的人自己就能翻到。",
            "，做到件件有着落。",
        ),
    ),
    (
        (
            "平台建设方面，",
            "网站这一块，",
            "谈到专栏和公示牌，",
            "为方便老人看宣传栏，",
            "门户网站改版以后，",
            "考虑到有人不用微信，",
            "公众号日常巡检中，",
        ),
        (
            "{we}检查了栏目链接，{places}的宣传栏也换了玻璃",
            "{places}各添一块电子屏，与网站同步滚动",
            "{we}把{places}的公交时刻和停水通知放到首页",
            "{places}的广播每逢集日念一遍新发的文件",
            "公众号新开专栏，请{places}的乡亲留言点题",
            "{we}替{places}的查阅点配齐桌椅和老花镜",
            "专区里按{places}分了页签，点开便是当地的事",
        ),
        (
            "，打不开的页面当天修好。",
            "，留言由办公室统一回复。",
            "，搜索框里输入地名即可跳转。",
            "，纸质版和电子版保持一致。",
            "，过期内容满一年自动下架。",
            "，夜里也有灯照着看。",
            "，图片都配了文字说明。",
        ),
    ),
    (
        (
            "解读回应上，",
            "政策出台之后，",
            "遇到争议较大的事项，",
            "为了讲清来龙去脉，",
            "入户宣讲时，",
            "年中座谈会上，",
            "针对集中反映的疑问，",
        ),
        (
            "起草人到{places}当面说明补助怎样算",
            "{we}画了流程图发往{places}",
            "{places}的代表旁听了预算讨论并提出修改意见",
            "{we}录下方言短片，在{places}轮流播放",
            "以{places}的实例写成问答，夹在通知后面",
            "{we}邀{places}的网格员先试读一遍",
            "把{places}土地流转的合同样本附在文后",
        ),
        (
            "，误会当场解开。",
            "，随后的办理少跑了冤枉路。",
            "，会后形成的纪要照样公布。",
            "，听不明白的段落重新写过。",
            "，提出的点子采纳了大半。",
            "，收回的问卷评价平稳。",
            "，第二天便贴出更正说明。",
        ),
    ),
    (
        (
            "重点领域里，",
            "民生项目方面，",
            "就工程建设来说，",
            "资金去向是大家最在意的，",
            "涉农补贴发放之前，",
            "环境整治期间，",
            "招工和救助信息，",
        ),
        (
            "{places}的危房改造名单张榜七天",
            "{we}公布{places}道路硬化的造价和工期",
            "{places}饮水管网的中标结果与验收照片一起发布",
            "{we}逐户核对{places}的耕地地力款",
            "{places}的垃圾清运由谁承包、何时到点都写明",
            "{we}将{places}临时救助的条件和结果对照列出",
            "{places}采砂点的整改进度每半月更新",
        ),
        (
            "，有异议的复核后再定。",
            "，监督电话印在告示下角。",
            "，施工牌上也印了同样的内容。",
            "，村务公开栏同步转载。",
            "，尾款支付情况随后补充。",
            "，未通过的也写明原因。",
            "，钱花在哪里一目了然。",
        ),
    ),
    (
        (
            "监督保障方面，",
            "压实责任上，",
            "为把事情做到位，",
            "队伍这一头，",
            "检查与问效方面，",
            "在作风建设中，",
            "年终盘点，",
        ),
        (
            "{we}把公开事项列入季度考核，请{places}的代表评议后多数满意",
            "考核成绩居同类单位中游，{places}住户的评议较好",
            "这项工作纳入目标考核，{places}三处评议得到好评",
            "考核结果为良好，由{places}选出的评议员打分后评议结果为满意",
            "上级考核达标，{places}听众的社会评议良好",
            "公开任务列入个人考核，向{places}发出的评议表收回后满意居多",
            "考核等次为合格，在{places}开展的评议没有差评",
        ),
        (
            "，未发生需要追究责任的情形。",
            "，没有人因此被问责。",
            "，不存在应当追责的事。",
            "，未出现追究责任的情况。",
            "，全年无问责事项。",
            "，没有启动责任追究。",
            "，也无追责情形。",
        ),
    ),
)

PROBLEMS: Topic = (
    (
        "一年来的工作仍有不足：",
        "对照要求还有差距：",
        "回头看，短板主要是：",
        "群众提得最多的毛病是：",
        "自查中发现的欠缺有：",
        "几个老毛病还没有根治：",
        "和先进的相比，落后在于：",
    ),
    (
        "有的栏目更新偏慢，{places}的内容隔月才换",
        "文件说明不够通俗，{places}的老人读来吃力",
        "人手偏紧，{places}的联络员身兼数职",
        "材料报送不均衡，{places}常要催要",
        "解读只有文字，{places}反映看不进去",
        "目录分得太细，{places}来的人找不到入口",
        "历史文件数字化滞后，{places}的旧档还在纸上",
    ),
    (
        "；业务骨干换岗之后衔接不畅。",
        "；个别科室等到检查才补材料。",
        "；征求意见的时间留得太短。",
        "；线下场所开放的钟点偏少。",
        "；对新出的规定吃得不透。",
        "；回应关切有时慢了半拍。",
        "；图表与正文口径偶有出入。",
    ),
)

REMEDY: Topic = (
    (
        "下一步，{we}将按月核对栏目，",
        "今后{we}打算给每个栏目定下负责人，",
        "接下来要做的，是把学习排进周例会，",
        "{we}准备从三件小事改起，",
        "来年的办法已经议定，",
        "为此{we}会增设一名校对员，",
        "改进从源头开始，",
    ),
    (
        "请{places}的村民代表试读重要文件，",
        "到{places}轮流蹲点，",
        "让{places}结成互查的对子，",
        "先在{places}试行预约查阅，",
        "替{places}各培训一名讲解员，",
        "把{places}的意见箱改成每周开启，",
        "将{places}的旧档扫描上线，",
    ),
    (
        "季度末通报落实情况。",
        "做得好的经验写成手册推广。",
        "进度贴在办公室门口。",
        "完不成的要在会上说明。",
        "半年后再回访一遍。",
        "以看得见的变化作答。",
        "结果写进下一份年报。",
    ),
)
# A report whose table 四 counts corrected decisions says so
CORRECTED = (
    "对复议、诉讼中被纠正的答复，{we}逐件复盘，改了文书样式。",
    "经复议或诉讼纠正的决定均已重新作出，经办人写了说明。",
    "{we}把纠错的复议决定印发各科室学习。",
    "败诉和被纠错的案子由法律顾问讲评。",
)


@dataclass(frozen=True, slots=True)
class Told:
    """Passages of one year: sections 一 (the work, then the rest) and 五. `{we}`, `{a}` and `{b}` are still open."""

    work: str
    management: tuple[str, ...]
    problems: str
    remedy: str


def tell(unit: str, year: int, corrected: bool = False) -> Told:
    """The passages of a unit and year; `corrected`: decisions of its were corrected, and it says so."""
    own, rng = Random(f"{unit}/places"), Random(f"{unit}/{year}")
    places = [own.choice(_FIRST) + own.choice(_SECOND) + own.choice(_THIRD) for _ in range(OWN_PLACES)]
    told = [_sentence(topic, f"{unit}/management{n}", year, places, rng) for n, topic in enumerate(MANAGEMENT)]
    rng.shuffle(told)
    if corrected:
        told.append(_turn(CORRECTED, f"{unit}/corrected", year))
    return Told(
        _sentence(WORK, f"{unit}/work", year, places, rng),
        tuple(told),
        _sentence(PROBLEMS, f"{unit}/problems", year, places, rng),
        _sentence(REMEDY, f"{unit}/remedy", year, places, rng),
    )


def _sentence(topic: Topic, key: str, year: int, places: Sequence[str], rng: Random) -> str:
    text = "".join(_turn(bank, f"{key}/{n}", year) for n, bank in enumerate(topic))
    first, second, third = rng.sample(places, NAMED)
    return text.replace("{places}", f"{first}、{second}和{third}")


def _turn(bank: Sequence[str], key: str, year: int) -> str:
    """The clause whose turn it is this year."""
    return Random(key).sample(bank, len(bank))[year % len(bank)]
