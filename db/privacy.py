"""What nobody shall find by searching or in bulk: the mobile numbers, private mailboxes and names of officials.

They are stars from the build on, so that no page, SQL, feed, download or release can hold them. Mailboxes under gov.cn,
office telephones and addresses belong to the organ and stay. The archived originals keep everything.

Every text passes here on its way in: readings (writer.py), documents and what failed (build.py), runs (inputs.py),
what people decide (decisions.py). Add a new way in to this list: then the rule bears another name, and a database that
was built without it is not released.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from extract import credit

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
_NO_NAME = "(?!联系|电话|手机|职务|姓名|单位|部门|地址|邮箱|日期|时间|签[名字]|盖章)"
_ORGAN = rf"(?!{_HAN}{{2,}}(?:[办科股室局站处所]|中心)(?!{_HAN}))"
_CALLS = "(?:联系|经办|填报|填表|审核|签发|负责|拟稿|制表)人(?:姓名)?"
# In folded text; the named group is hidden
NAMES = (
    rf"{_CALLS}\s?{_COLON}\s?{_NO_NAME}(?P<hide>{_NAME})",
    rf"{_CONTACT}\s?{_COLON}\s?{_NO_NAME}{_ORGAN}(?P<hide>{_NAME})",
    rf"{_CONTACT}(?:\s|\s?\(\s?)(?P<hide>[{_SURNAME}]{_BLANK}?[\u3400-\u9fff]?{_LAST}){_ENDS}",
    rf"联络员\s?{_COLON}\s?{_NO_NAME}(?P<hide>{_NAME})",
    rf"(?:请|可|径)[与向找](?P<hide>[{_SURNAME}][\u3400-\u9fff]?{_LAST}){_TITLE}?(?=联系|咨询|反映)",
    rf"(?:请|可|径)[与向找]{_HAN}{{0,16}}?(?:办公室|[科股处])(?!方面)"
    rf"(?P<hide>[{_SURNAME}][\u3400-\u9fff]?(?!员){_LAST}){_TITLE}?(?=联系|咨询|反映)",
    rf"(?<![\u3400-\u9fff])(?!金额|余额|方式)(?P<hide>[{_SURNAME}][\u3400-\u9fff]?{_LAST}){_TITLE}?"
    rf"[\s:,(]{{0,2}}(?={MOBILE})",
)
_MAIL, _NUMBERS, _NAMES = re.compile(MAIL), tuple(map(re.compile, (MOBILE, CALLED))), tuple(map(re.compile, NAMES))
# Addresses, digests, ids and credit codes in a text: digits in them are no telephone number, # no @
_KEPT = re.compile(
    r"(?<![a-z0-9@#._-])(?:https?://|www\.|(?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d+)?/)[a-z0-9!#$%&+./:=?@_~^-]*"
    r"|(?<![a-z0-9])(?:x-[0-9a-f]{12}|[0-9a-f]{16}|[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})(?![a-z0-9])"
    r"|(?<![a-z0-9])(?P<credit>1[a-z0-9]{17})(?![a-z0-9])"
)
# Without one of these there is nothing to hide: most texts are looked at once
_TRACE = re.compile(
    r"[@＠﹫#＃]|[\[(（［]at|[1１][3-9３-９]\d\W?\d\W?\d{2}|联系人|(?:人(?:姓名)?|联络员)\s?[:：﹕︓︰∶]|(?:请|可|径)[与向找]",
    re.I,
)
_PERSON = re.compile(rf"[{_SURNAME}][\u3400-\u9fff]?{_LAST}{_TITLE}?")
_AMOUNT = re.compile(r"1[3-9]\d{9}")
_OFFICIAL = re.compile(r"\.gov\.cn$")
# Fields of a table: what calls for a name, and what may be one
_LABEL = re.compile(rf"(?:{_CALLS}|{_CONTACT}|联络员|姓\s?名)\s?{_COLON}?")
_FIELD = re.compile(rf"{_NO_NAME}{_HAN}(?:{_BLANK}*{_HAN}){{0,2}}{_BLANK}*(?![{_OFFICE}]){_HAN}{_TITLE}?")
_AS_THEY_ARE = frozenset({"document", "digest", "url", "warc", "fingerprint", "place", "parents", "candidates", "id"})
_HOLDS_TEXT = frozenset({str, dict, list})


@cache
def rule() -> str:
    """The name of this rule, which changes with every line here: `meta` keeps the one that a database was built by."""
    return hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:16]


def fold(text: str) -> str:
    """The same length in plain characters: `ＡＢ１` → `ab1`."""
    return text.translate(_FOLDS)


def hide(text: str, figures: Collection[str] = ()) -> str:
    """The text with stars in the place of private mailboxes, mobile numbers and names of contacts; same length.

    `figures`: digits that are known to be a figure, whatever they look like."""
    if not _TRACE.search(text):
        return text
    while (shown := _starred(text, figures)) != text:  # a number beside another shows only once that one is hidden
        text = shown
    return text


def _starred(text: str, figures: Collection[str]) -> str:
    for start, end in _private(fold(text), figures):
        text = text[:start] + HIDDEN * (end - start) + text[end:]
    return text


def _private(folded: str, figures: Collection[str]) -> Iterator[tuple[int, int]]:
    kept = [found.span() for found in _KEPT.finditer(folded) if _believed(found["credit"])]

    def stays(start: int, end: int) -> bool:
        return any(first <= start and end <= last for first, last in kept)

    for found in _MAIL.finditer(folded):
        official = _OFFICIAL.search(re.sub(r"\s", "", found[0]))
        if not official and ("@" in found[0] or not stays(*found.span())):
            yield found.span()
    for pattern in _NUMBERS:
        for found in pattern.finditer(folded):
            start, end = found.span("hide" if pattern.groups else 0)
            if folded[start:end] not in figures and not stays(start, end):
                yield start, end
    for pattern in _NAMES:
        yield from (found.span("hide") for found in pattern.finditer(folded))


def _believed(code: str | None) -> bool:
    return code is None or credit.valid(code.upper())


def hide_field(text: str) -> str:
    """The same for a field of the contact, which stands alone: a number in it is a telephone, a name a person."""
    return HIDDEN * len(text) if _PERSON.fullmatch(fold(text).strip()) else hide(text)


def hide_table(rows: Iterable[Sequence[str]], figures: Collection[str] = ()) -> list[list[str]]:
    """The same for the fields of a table: a name may stand right of `联系人`, or below it where that heads a column."""
    shown: list[list[str]] = []
    columns: set[int] = set()
    for row in rows:
        fields, plain = [hide(field, figures) for field in row], [fold(field).strip() for field in row]
        below = _PERSON if fields == list(row) else _FIELD  # beside a hidden number any name is believed
        named = {n for n in columns if n < len(row) and below.fullmatch(plain[n])}
        for n in (n for n, field in enumerate(plain) if _LABEL.fullmatch(field)):
            beside = next((k for k in range(n + 1, len(row)) if plain[k]), None)
            if beside is not None and _FIELD.fullmatch(plain[beside]) and not _LABEL.fullmatch(plain[beside]):
                named.add(beside)
            else:
                columns.add(n)
        shown.append([HIDDEN * len(field) if n in named else field for n, field in enumerate(fields)])
    return shown


def figures(found: Iterable[Any]) -> frozenset[str]:
    """Of the figures of the official tables, printed or as numbers, those that look like a mobile number: amounts."""
    texts = (fold(value).strip() if isinstance(value, str) else _digits(value) for value in found)
    return frozenset(text for text in texts if _AMOUNT.fullmatch(text))


def _digits(value: Any) -> str:
    return str(int(value)) if isinstance(value, int | float) and 13e9 <= value < 2e10 else ""


def hide_all(record: Any, known: Collection[str] | None = None) -> Any:
    """A reading (a line of data/reports), or what else is made of dicts and lists, in which all text is hidden so.

    Addresses, digests and ids stay, and digits that the reading's own tables hold as a figure (or that are `known`)."""
    if known is None:
        known = _figures(record) if isinstance(record, dict) else ()
    return _hidden(record, "", known)


def _figures(record: dict[str, Any]) -> frozenset[str]:
    """Money stands in two of the tables."""
    amounts = [v for measures in record.get("disclosures", {}).values() for v in measures.values()]
    printed = [c["raw"] for c in record.get("cells", ()) if c.get("value") is not None]
    return figures([*amounts, *record.get("statistics", {}).values(), *printed])


def _hidden(value: Any, within: str, known: Collection[str]) -> Any:
    if isinstance(value, str):
        return hide_field(value) if within == "contact" else hide(value, known)
    if isinstance(value, dict):
        return {
            k: v if type(v) not in _HOLDS_TEXT or k in _AS_THEY_ARE else _hidden(v, within or k, known)
            for k, v in value.items()
        }
    if value and all(isinstance(v, str) for v in value):  # the row of a table
        return hide_table([value], known)[0]
    return [v if type(v) not in _HOLDS_TEXT else _hidden(v, within, known) for v in value]
