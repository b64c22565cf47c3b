"""What nobody shall find by searching or in bulk: the mobile numbers, private mailboxes and names of officials.

They are stars from the build on, so that no page, SQL, feed, download or release can hold them. Mailboxes under gov.cn,
office telephones and addresses belong to the organ and stay. The archived originals keep everything.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

HIDDEN = "*"


class _Folds(dict[int, str]):
    """Code point → its plain form (half width, lower case), always one character, so that places stay the same."""

    def __missing__(self, point: int) -> str:
        plain = unicodedata.normalize("NFKC", chr(point))
        plain = plain.lower() if len(plain) == len(plain.lower()) == 1 else chr(point)
        self[point] = plain
        return plain


_FOLDS = _Folds()
_HAN = r"[\u3400-\u9fff·]"
_COLON = "[:︰∶]"
_BLANK = r"[^\S\r\n]"  # a line break ends a number or a name
_ENDS = r"(?=[^\u3400-\u9fff·]|电话|手机|联系|职务|通[讯信]|地址|邮箱|$)"
_NAME = rf"(?:{_HAN}{{2,4}}?|(?![无略]){_HAN}{_BLANK}{_HAN}{{1,2}}?){_ENDS}"
# The hundred most frequent surnames and more: a word before 联系 that begins with one and is no office is a person
_SURNAME = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔"
    "谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛阎雷龙史陶贺毛段郝顾龚邵万覃武钱戴严莫孔汤常温康施牛樊葛邢安齐"
)
_OFFICE = "办局府室委科股站厅处所镇乡街队部会心院馆校司社组位家关们区市县省村台署行"
_TITLE = "(?:同志|女士|先生|老师|主任|科长|局长|镇长|乡长|干事)"
_LAST = rf"[^\W\d_a-z{_OFFICE}]"
# White space round a dot only before the end of the domain: a sentence may end behind a mailbox, and a host may follow
_SPACED = r"(?:\s?\.\s?(?:com|cn|net|org)(?![a-z0-9-]))"
MAIL = (
    r"[a-z0-9._+-]+\s?(?:[@#]|[\[(]at[\])])\s?[a-z0-9-]+"
    rf"(?:(?:\.[a-z0-9-]+)+{_SPACED}*|{_SPACED}+)"
)
# What makes eleven digits a figure. 人民路, 次日, 个旧市 or 万载县 may follow a telephone number: behind a blank the
# unit must therefore be the last word
MEASURE = (
    r"(?:[余多]?(?:[件条篇份]|个(?!旧)|人(?![民和])|次(?!日)|万(?=[元余多件条人次个篇份]|\W|$)|元(?![氏江谋阳宝坝]))"
    rf"|{_BLANK}[余多]?万?(?:元|[件条次个篇份]|人次?)(?![\u3400-\u9fff]))"
)
_APART = rf"(?:[-‐–—−]|{_BLANK})"
_DIGITS = rf"1[3-9]\d(?:{_APART}?\d{{4}}){{2}}"
# Other groupings need the same mark twice (`13812345.678` is a figure) and no further number beside them (a table)
_GROUPED = "|".join(
    rf"1[3-9]\d(?:{mark}\d{{4}}{mark}\d{{4}}|\d{mark}\d{{4}}{mark}\d{{3}}|{mark}\d{{3}}{mark}\d{{5}})"
    for mark in ("[-‐–—−]", _BLANK, r"\.")
)
_ABROAD = rf"(?:\+?86{_APART}?)?"
MOBILE = (
    rf"(?<!\d)(?<!\b0\.){_ABROAD}(?:{_DIGITS}(?!\.\d{{1,2}}(?!\d))|(?<!\d\s)(?:{_GROUPED})(?!{_BLANK}?\d))"
    rf"(?!\d|{MEASURE})"
)
# Right behind such a word it is no figure, whatever follows
CALLED = (
    rf"(?:电话|手机|联系|微信)(?:[号码方式人同或及和、/()]|电话|手机|联系|微信){{0,8}}(?:{_BLANK}|[^\w\s]){{0,4}}"
    rf"(?P<hide>{_ABROAD}(?:{_DIGITS}|{_GROUPED}))(?!\d)"
)
_CONTACT = "联系人(?:姓名)?(?:及|、|和)?(?:联系)?(?:电话|方式)?"
_ORGAN = rf"(?!{_HAN}{{2,}}(?:[办科股室局站处所]|中心)(?!{_HAN}))"
# In folded text; the named group is hidden, else all that is found
NAMES = (
    rf"(?:联系|经办|填报|填表|审核|签发|负责|拟稿|制表)人(?:姓名)?\s?{_COLON}\s?(?P<hide>{_NAME})",
    rf"{_CONTACT}\s?{_COLON}\s?{_ORGAN}(?P<hide>{_NAME})",
    rf"{_CONTACT}(?:\s|\s?\(\s?)(?P<hide>[{_SURNAME}]{_BLANK}?[\u3400-\u9fff]?{_LAST}){_ENDS}",
    rf"联络员\s?{_COLON}\s?(?P<hide>{_NAME})",
    rf"(?:请|可|径)[与向找](?P<hide>[{_SURNAME}][\u3400-\u9fff]?{_LAST}){_TITLE}?(?=联系|咨询|反映)",
    rf"(?:请|可|径)[与向找]{_HAN}{{0,16}}?(?:办公室|[科股处])(?!方面)"
    rf"(?P<hide>[{_SURNAME}][\u3400-\u9fff]?(?!员){_LAST}){_TITLE}?(?=联系|咨询|反映)",
)
PERSONAL = tuple(map(re.compile, (MAIL, MOBILE, CALLED, *NAMES)))
# Without one of these there is nothing to hide: most texts are looked at once
_TRACE = re.compile(
    r"[@＠﹫#＃]|[\[(（［]at|[1１][3-9３-９]\d\W?\d\W?\d{2}|联系人|(?:人(?:姓名)?|联络员)\s?[:：﹕︓︰∶]|(?:请|可|径)[与向找]",
    re.I,
)
_PERSON = re.compile(rf"[{_SURNAME}][\u3400-\u9fff]?{_LAST}{_TITLE}?")
_FIGURE = re.compile(r"[\d\s.,]*")
_OFFICIAL = re.compile(r"\.gov\.cn$")
# Addresses, digests and codes
_AS_THEY_ARE = frozenset({"document", "fingerprint", "place", "parents", "candidates", "id"})


def fold(text: str) -> str:
    """The same length in plain characters: `ＡＢ１` → `ab1`."""
    return text.translate(_FOLDS)


def hide(text: str) -> str:
    """The text with stars in the place of private mailboxes, mobile numbers and names of contacts; same length."""
    if not _TRACE.search(text):
        return text
    while (shown := _starred(text)) != text:  # a number beside another shows only once that one is hidden
        text = shown
    return text


def _starred(text: str) -> str:
    folded, shown = fold(text), text
    for pattern in PERSONAL:
        for found in pattern.finditer(folded):
            if pattern.groups == 0 and _OFFICIAL.search(re.sub(r"\s", "", found[0])):
                continue
            start, end = found.span("hide" if pattern.groups else 0)
            shown = shown[:start] + HIDDEN * (end - start) + shown[end:]
    return shown


def hide_field(text: str) -> str:
    """The same for a field of the contact, which stands alone: a number in it is a telephone, a name a person."""
    return HIDDEN * len(text) if _PERSON.fullmatch(fold(text).strip()) else hide(text)


def hide_all(record: Any, within: str = "") -> Any:
    """A reading (a line of data/reports) in which all text is hidden so; addresses, digests and figures stay."""
    if isinstance(record, str):
        if within == "contact":
            return hide_field(record)
        return record if _FIGURE.fullmatch(record) and within != "unit" else hide(record)
    if isinstance(record, dict):
        return {k: v if k in _AS_THEY_ARE else hide_all(v, within or k) for k, v in record.items()}
    if isinstance(record, list):
        return [hide_all(v, within) if isinstance(v, str | dict | list) else v for v in record]
    return record
