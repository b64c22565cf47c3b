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
_NAME = r"[\u3400-\u9fff·]{2,4}?(?=[^\u3400-\u9fff·]|电话|手机|联系|职务|$)"
# The hundred most frequent surnames and more: a word before 联系 that begins with one and is no office is a person
_SURNAME = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔"
    "谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛阎雷龙史陶贺毛段郝顾龚邵万覃武钱戴严莫孔汤常温康施牛樊葛邢安齐"
)
_OFFICE = "办局府室委科股站厅处所镇乡街队部会心院馆校司社组位家关们区市县省村台署行"
_TITLE = "(?:同志|女士|先生|老师|主任|科长|局长|镇长|乡长|干事)"
MAIL = r"[a-z0-9._+-]+\s?(?:[@#]|[\[(]at[\])])\s?[a-z0-9-]+(?:\s?\.\s?[a-z0-9-]+)+"
MOBILE = r"(?<!\d)(?:\+?86[-\s]?)?1[3-9]\d(?:[-\s]?\d{4}){2}(?!\d|\s?[余多]?[件条人次个篇份万元])"
# In folded text; the named group is hidden, else all that is found
NAMES = (
    rf"(?:联系|经办|填报|填表|审核|签发|负责|拟稿|制表)人(?:姓名)?\s?[:]\s?(?P<hide>{_NAME})",
    rf"联络员\s?[:]\s?(?P<hide>{_NAME})",
    rf"(?:请|可|径)[与向找](?P<hide>[{_SURNAME}][\u3400-\u9fff]?[^\W\d_a-z{_OFFICE}]){_TITLE}?(?=联系|咨询|反映)",
)
PERSONAL = tuple(map(re.compile, (MAIL, MOBILE, *NAMES)))
# Without one of these there is nothing to hide: most texts are looked at once
_TRACE = re.compile(
    r"[@＠#＃]|[\[(（［]at|[1１][3-9３-９]\d[-\s－]?\d{4}|人(?:姓名)?\s?[:：]|联络员\s?[:：]|(?:请|可|径)[与向找]", re.I
)
_PERSON = re.compile(rf"[{_SURNAME}][\u3400-\u9fff]?[^\W\d_a-z{_OFFICE}]{_TITLE}?")
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
