"""One glyph for its variants, for matching only: what is stored is always what was printed."""

from __future__ import annotations

from importlib.resources import files

# Japanese forms and CJK radicals that converters print for characters, and which NFKC leaves alone. 後 and 徵 stand in
# GB 2312, but no simplified text prints them.
_ALSO = dict(
    zip(
        "増徴訳後徵⺠⻓⻅⻉⻋⻔⻘⻚⻛⻜⻢⻥⻦⻩⻬⻰⺟⻄⻆⻝⻣⻤⻳⻁",
        "增征译后征民长见贝车门青页风飞马鱼鸟黄齐龙母西角食骨鬼龟虎",
        strict=True,
    )
)


def _traditional() -> dict[str, str]:
    """Traditional → simplified, character by character, from OpenCC's table.

    Only what GB 2312 has not: 乾 and 著 are traditional forms too, but simplified names and texts print them.
    """
    table = files("opencc").joinpath("dictionary/TSCharacters.txt").read_text(encoding="utf-8")
    pairs = (line.split("\t") for line in table.splitlines() if "\t" in line)
    return {old: new.split()[0] for old, new in pairs if not _is_simplified(old) and _is_simplified(new.split()[0])}


def _is_simplified(character: str) -> bool:
    try:
        return bool(character.encode("gb2312"))
    except UnicodeEncodeError:
        return False


# Characters in the names of divisions as the register has them: 濛洲街道, 於潜镇
_IN_NAMES = "塚濛鷺洩氾於"

GLYPHS = str.maketrans({old: new for old, new in (_traditional() | _ALSO).items() if old not in _IN_NAMES})
