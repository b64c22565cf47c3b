"""Search: recall against a LIKE scan, size of the index, time of pages: `python -m tests.benchmark.search`."""

from __future__ import annotations

import asyncio
import random
import sqlite3
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from time import perf_counter
from urllib.parse import urlencode

import click
from sqlite_utils import Database

from db import schema, search
from db.build import NAME
from db.serve import site

# fmt: off
FIXED = (
    "政府信息公开", "依申请公开", "主动公开", "行政复议", "行政诉讼", "行政执法", "公开条例", "法定主动公开内容",
    "规范性文件", "政务新媒体", "政府网站", "政策解读", "重点领域", "营商环境", "乡村振兴", "财政预算",
    "民生实事", "生态环境", "食品安全", "安全生产", "公共资源配置", "社会救助", "监督保障", "平台建设",
    "工作考核", "社会评议", "责任追究", "信息审查", "保密审查", "公文属性", "申请办理", "答复文书", "逾期未答复",
    "补正告知", "政务公开专区", "基层政务公开标准化", "档案移交", "12345热线", "微信公众号", "第三方评估",
    "领导小组", "业务培训", "人员变动", "能力不足", "意识不强", "形式单一", "更新不及时", "解读质量不高",
    "加强学习", "完善制度", "压实责任", "拓展渠道",
)
LINKS = (
    "认真落实", "进一步完善", "不断加强", "着力推进", "严格规范", "全面梳理", "及时更新", "坚持", "围绕", "对照",
    "结合", "按照", "共发布", "共收到", "办结", "未收到", "未发生", "存在", "有待提高", "有所不足", "下一步将",
    "已于年内", "由办公室牵头", "会同有关部门", "组织", "开展", "通过", "依托", "收取信息处理费",
)
# fmt: on
ENDS = ("，", "；", "。", "。\n", "、", "（", "）", "：“", "” ")
YEARS = range(2019, 2025)


@dataclass(frozen=True, slots=True)
class Measured:
    """What one run found; times in milliseconds, sizes in bytes."""

    passages: int
    text: int
    index: int
    built: float
    wanted: int  # (word, passage) pairs that a LIKE scan finds
    missed: int
    beyond: int
    times: dict[str, list[float]]


def text(source: random.Random, characters: int = 290) -> str:
    """Sentences of such reports, with names and figures strung between them at random."""
    made: list[str] = []
    while sum(map(len, made)) < characters:
        name = "".join(chr(source.randint(0x4E00, 0x9FA5)) for _ in range(source.randint(1, 4)))
        rare = name if source.random() < 0.25 else f"{source.randint(0, 9999)}件" if source.random() < 0.3 else ""
        made.append(source.choice(LINKS) + rare + source.choice(FIXED) + source.choice(ENDS))
    return "".join(made)


def fill(path: Path, sections: int, seed: int = 6) -> float:
    """A database with six sections a report; returns the seconds that the index took."""
    source, connection = random.Random(seed), sqlite3.connect(path)
    connection.executescript(schema.statements())
    connection.execute("INSERT INTO meta VALUES ('first_year', '2019'), ('last_year', '2024')")
    connection.execute("INSERT INTO documents (digest, status) VALUES ('sha256:0', 'read')")
    places = list(_places(max(sections // 6 // len(YEARS), 1)))
    codes = {code[:n] for code in places for n in search.PLACE_LENGTHS if n <= len(code)}
    level = {2: "province", 4: "prefecture", 6: "county", 9: "township"}
    parent = {n: max([m for m in level if m < n], default=0) for n in level}
    connection.executemany(
        "INSERT INTO divisions (code, name, level, parent) VALUES (?, ?, ?, ?)",
        [(c, f"地{c}", level[len(c)], c[: parent[len(c)]] or None) for c in sorted(codes, key=lambda c: (len(c), c))],
    )
    for number in range(-(-sections // 6)):
        place, year = places[number // len(YEARS) % len(places)], YEARS[number % len(YEARS)]
        id = f"{place}-{year}-{number}"
        title = f"{text(source, 4)[:6]}{year}年政府信息公开工作年度报告"
        row = (id, f"地{place} {year}", place, place[:2], level[len(place)], year, title)
        connection.execute(
            "INSERT INTO reports (id, name, division, province, level, year, scope, form, title, document, reading)"
            " VALUES (?, ?, ?, ?, ?, ?, 'own', '2021', ?, 'sha256:0', '')",
            row,
        )
        rows = [(id, part, f"第{part}部分", text(source)) for part in range(1, 7)]
        connection.executemany("INSERT INTO sections (report, number, heading, text) VALUES (?, ?, ?, ?)", rows)
    start = perf_counter()
    search.fill(Database(connection))
    connection.commit()
    connection.execute("ANALYZE")
    taken = perf_counter() - start
    connection.close()
    return taken


def _places(many: int) -> Iterator[str]:
    """Codes of divisions of all levels below the provinces, spread over 31 of them."""
    for n in range(many):
        province, inner = 11 + n % 31, n // 31
        yield f"{province}{inner % 20:02}{inner // 20 % 12:02}{inner // 240:03}"[: (9, 9, 6, 4)[n % 4]]


def sought(path: Path, each: int = 40, seed: int = 7) -> dict[int, list[str]]:
    """Length → words: pieces of real terms, and pieces cut at random out of the texts, also across terms."""
    source, connection = random.Random(seed), sqlite3.connect(path)
    texts = [t for (t,) in connection.execute("SELECT text FROM sections WHERE text != '' ORDER BY id LIMIT 2000")]
    connection.close()
    found: dict[int, list[str]] = {}
    for length in (1, 2, 3, 4):
        words = {term[:length] for term in FIXED if len(term) >= length}
        words = set(sorted(words)[: each // 2])
        while len(words) < each:
            run = source.choice(search.RUN.findall(search.fold(source.choice(texts))))
            start = source.randrange(max(len(run) - length, 0) + 1)
            words |= {run[start : start + length]} if len(run) >= length else set()
        found[length] = sorted(words)
    return found


def recall(path: Path, words: Sequence[str]) -> tuple[int, int, int]:
    """(hits of a LIKE scan, hits that the index misses, hits beyond them) over all words."""
    connection = sqlite3.connect(path)
    connection.create_function("searchable", 2, lambda head, body: search.searchable(search.passage(head, body)))
    connection.execute(
        "CREATE TEMP TABLE plain AS SELECT p.id, searchable(CASE WHEN p.section IS NULL THEN r.name ELSE s.heading END,"
        " CASE WHEN p.section IS NULL THEN r.title ELSE s.text END) AS text FROM passages p"
        " JOIN reports r ON r.id = p.report LEFT JOIN sections s ON s.id = p.section"
    )
    wanted = missed = beyond = 0
    for word in words:
        sql, match = search.find(word)
        truth = {id for (id,) in connection.execute("SELECT id FROM plain WHERE text LIKE ?", [f"%{word}%"])}
        found = {id for (id,) in connection.execute(sql, [match, -1])}
        wanted, missed, beyond = wanted + len(truth), missed + len(truth - found), beyond + len(found - truth)
    connection.close()
    return wanted, missed, beyond


async def _times(folder: Path, queries: dict[str, list[dict[str, str]]]) -> dict[str, list[float]]:
    datasette, times = site(folder), {}
    await datasette.invoke_startup()
    await datasette.client.get("/search?q=公开")
    for kind, each in queries.items():
        times[kind] = []
        for query in each:
            start = perf_counter()
            answer = await datasette.client.get("/search?" + urlencode(query))
            times[kind].append((perf_counter() - start) * 1000)
            if answer.status_code != 200 or "用时过长" in answer.text:
                print("not answered:", query, answer.status_code, file=sys.stderr)
    return times


def queries(words: dict[int, list[str]], seed: int = 8) -> dict[str, list[dict[str, str]]]:
    """What readers would ask: words of each length, two words, words narrowed, the widest of all, later pages."""
    source = random.Random(seed)
    plain = [word for length in (2, 3, 4) for word in words[length]]
    narrow = {"year": "2021", "place": "13", "level": "township", "section": "5"}
    made = {f"{length} characters": [{"q": word} for word in found] for length, found in words.items()}
    made["two words"] = [{"q": " ".join(source.sample(plain, 2))} for _ in range(40)]
    made["narrowed"] = [
        {"q": source.choice(plain)} | dict(source.sample(list(narrow.items()), source.randint(1, 3))) for _ in range(40)
    ]
    made["everywhere"] = [
        {"q": word, "page": str(page)} for word in ("公开", "政府信息公开", "的", "年") for page in (1, 9)
    ]
    return made


def measure(folder: Path, sections: int, scan: bool = True) -> Measured:
    """Makes the database, looks for every word both ways, asks for every page."""
    path = Path(folder) / NAME
    built = fill(path, sections)
    words = sought(path)
    connection = sqlite3.connect(path)
    (passages,) = connection.execute("SELECT count(*) FROM passages").fetchone()
    (size,) = connection.execute("SELECT sum(length(CAST(text AS BLOB))) FROM sections").fetchone()
    sizes = [connection.execute(f"SELECT sum(length(block)) FROM {i}_data").fetchone()[0] for i in search.INDEXES]
    connection.close()
    found = recall(path, [word for each in words.values() for word in each]) if scan else (0, 0, 0)
    times = asyncio.run(_times(Path(folder), queries(words)))
    return Measured(passages, size, sum(sizes), built, *found, times)


@click.command()
@click.option("--sections", default=50_000, show_default=True, help="How many sections to generate.")
@click.option("--scan/--no-scan", default=True, help="Compare with a LIKE scan, which takes long over a million.")
def main(sections: int, scan: bool) -> None:
    """Measure search on generated sections."""
    with tempfile.TemporaryDirectory() as folder:
        found = measure(Path(folder), sections, scan)
    print(f"{found.passages:,} passages, text {found.text / 1e6:.1f} MB, index {found.index / 1e6:.1f} MB", end="")
    print(f" ({found.index / found.text:.2f} x), indexed in {found.built:.1f} s")
    if scan:
        print(f"recall {1 - found.missed / found.wanted:.6f} of {found.wanted:,}, {found.beyond:,} beyond a LIKE scan")
    times = found.times | {"all": [t for each in found.times.values() for t in each]}
    for kind, each in times.items():
        cuts = quantiles(each, n=100, method="inclusive")
        print(f"{kind:>12}: n {len(each):3}  p50 {cuts[49]:6.1f} ms  p95 {cuts[94]:6.1f} ms  max {max(each):6.1f} ms")


if __name__ == "__main__":
    main()
