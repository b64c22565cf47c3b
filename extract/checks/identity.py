"""Group J: whether title, text and address name one and the same place (DOMAIN §E)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from crawler.titles import compact, parse_title
from extract import credit
from extract.identity import division_of_host, host_map
from extract.labels import fold
from extract.narrative import signature
from extract.organs import department_kind
from extract.prose import locate, prose, sentence
from extract.reading import Reading
from extract.records import Finding
from extract.rules import finding


def _names_parent(reading: Reading) -> bool:
    """Whether a jurisdiction above the unit stands in the title, in full or without its last character."""
    title = fold(reading.title or "")
    names = [name for _, name in reading.unit.parents]
    return any(name in title or (len(name) > 2 and title.startswith(name[:-1])) for name in names)


def parent_missing(reading: Reading) -> Iterator[Finding]:
    """J01: a county or town that is named without what it lies in. Provinces and prefectures need no parent."""
    if (
        reading.title
        and reading.unit.level in ("county", "township")
        and reading.unit.parents
        and not _names_parent(reading)
    ):
        yield finding("J01", quote=reading.title.strip())


def namesakes(reading: Reading) -> Iterator[Finding]:
    """J02: other places bear the name and the title does not tell them apart."""
    if reading.namesakes > 1 and reading.title and not _names_parent(reading):
        yield finding(
            "J02", f"{reading.namesakes} divisions bear this name", quote=reading.title.strip(), left=reading.namesakes
        )


TOWN = re.compile(r"([^省市县区旗州盟镇乡]{2,8})(镇|乡|街道|苏木)(?:人民政府|办事处|党政|党委|政务|便民|综合|$)")
COUNTY = re.compile(r"([^省市县区旗州盟镇乡]{2,8})([县区旗])(?:人民政府|政府)$")
DEPARTMENT = re.compile(r"[市县区旗州盟省]([^省市县区旗州盟镇乡]{2,12}(?:局|委员会|委|厅))$")


def other_names(reading: Reading) -> Iterator[Finding]:
    """J03: the signature or the contact names another unit of the same kind than the title.

    Only names that are alike in kind are compared (镇 with 镇, 局 with 局): an office may sign for its government, and
    a town that became a street keeps its stem.
    """
    parsed = parse_title(reading.title) if reading.title else None
    if not parsed or not parsed.organ:
        return
    signed = signature(reading.content)
    for where, name in (("the signature", signed), ("the contact", reading.contact.get("unit"))):
        towns_only = where == "the contact"  # 政务服务局 may answer questions for every department
        if name and _differ(compact(parsed.organ), compact(name), towns_only):
            message = f"the title names {parsed.organ}, {where} {name.strip()}"
            yield finding("J03", message, quote=name.strip(), place=locate(reading.content, name))


def _differ(one: str, other: str, towns_only: bool = False) -> bool:
    towns = [_last(TOWN, name) for name in (one, other)]
    if any(towns):
        return all(towns) and towns[0][2] == towns[1][2] and not _share(towns[0][1], towns[1][1])
    if towns_only:
        return False
    kinds = [department_kind(found[1]) if (found := DEPARTMENT.search(name)) else None for name in (one, other)]
    if any(kinds):
        return all(kinds) and kinds[0] != kinds[1]
    named = one if one.endswith("政府") else one + "政府"
    counties = [_last(COUNTY, name) for name in (named, other)]
    return all(counties) and counties[0][2] == counties[1][2] and not _share(counties[0][1], counties[1][1])


def _last(pattern: re.Pattern[str], name: str) -> re.Match[str] | None:
    return list(pattern.finditer(name))[-1] if pattern.search(name) else None


def _share(one: str, other: str) -> bool:
    """One is the other with more before it: 丰城上塘 and 上塘."""
    return one.endswith(other) or other.endswith(one)


def foreign_place(reading: Reading) -> Iterator[Finding]:
    """J04: the host, the credit code in the address, or the section kept for a unit, is another unit's."""
    document, division = reading.document, reading.unit.division
    if document is None or not division:
        return
    host = urlsplit(document.url or "").hostname or ""
    owner = division_of_host(host, host_map()) if host else None
    if owner and not (division.startswith(owner) or owner.startswith(division)):
        yield finding("J04", f"{host} is the site of {owner}, the unit lies in {division}", quote=host)
    for code in credit.in_address(document.url or ""):
        owner = credit.division(code)
        if not (division.startswith(owner) or owner.startswith(division)):
            yield finding(
                "J04", f"{code} in the address is an organ of {owner}’s, the unit lies in {division}", quote=code
            )
    of, known = document.unit or "", reading.unit.id or ""
    if "-" in of and "-" in known and of != known and of.partition("-")[0] == known.partition("-")[0]:
        yield finding("J04", f"the address is kept for {of}, the report is {known}’s", quote=document.url)


CHANGED = re.compile(
    r"(?:更名|改名|改称)为|撤[镇乡](?:设|改|建)(?:街道?|镇)|撤[县市](?:设|改)[市区]|(?:合并|并入|整合)(?:成立|组建|设立|为)|(?:正式)?挂牌成立"
)


def renamed(reading: Reading) -> Iterator[Finding]:
    """J05: the text says that the unit itself was renamed, merged or upgraded in the year."""
    parsed = parse_title(reading.title) if reading.title else None
    names = {n for n in (reading.unit.name, parsed.organ if parsed else None) if n}
    stems = {re.sub(r"(?:人民政府|办事处)$", "", fold(n))[-4:] for n in names} | {
        "我镇",
        "我乡",
        "我局",
        "我街道",
        "本机关",
    }
    for section in reading.sections:
        text = prose(re.sub("《[^》\n]{0,80}》", lambda m: "※" * len(m.group()), section.text))
        for found in CHANGED.finditer(text.text):
            before = sentence(text.text, found.start())
            inside = before + re.split("[,。;\n]", text.text[found.start() :], maxsplit=1)[0]
            stated = re.findall(r"(20\d\d)年", before)
            about = any(stem in inside[-40:] for stem in stems) and not re.search(
                "网站|公众号|栏目|账号|科室|村", inside
            )
            if about and (not stated or stated[-1] == str(reading.year)):
                quote = text.quote(found.start() - len(before), found.end())
                yield finding("J05", quote=quote, place=locate(reading.content, quote))
                return


CHECKS = (parent_missing, namesakes, other_names, foreign_place, renamed)
