"""Pages whose tables are pictures, as some portals paste them."""

from __future__ import annotations

import base64
import html
import io
from random import Random

from crawler.replica.printing import as_html
from crawler.replica.render import pdf
from crawler.replica.render.sheet import Look
from crawler.replica.reports import Synthetic
from crawler.replica.tables import Grid

_MARGIN = 20.0


def page(report: Synthetic, rng: Random) -> bytes:
    """The page with some or all of its tables as PNG or JPEG in `data:` addresses; at least one of them is."""
    grids = [block for block in report.blocks if isinstance(block, Grid)]
    drawn = rng.choice(([0, 1, 2], [0, 1, 2], [0, 1], [1]))
    title = html.escape(report.title)
    parts = [f'<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"/><title>{title}</title></head><body>']
    parts.append(f'<h1>{title}</h1><div class="article">')
    for block in report.blocks:
        if isinstance(block, str):
            parts.append(f"<p>{html.escape(block, quote=False)}</p>")
        elif grids.index(block) in drawn:
            kind = rng.choice(("png", "png", "jpeg"))
            coded = base64.b64encode(picture(block, rng, kind)).decode()
            parts.append(f'<p align="center"><img src="data:image/{kind};base64,{coded}" alt="" border="0"/></p>')
        else:
            parts.append(as_html(block, "plain", rng))
    return "\n".join([*parts, "</div></body></html>"]).encode()


def picture(grid: Grid, rng: Random, kind: str = "png", dpi: int = 200) -> bytes:
    """One table as a picture, cut to its rules and a little more."""
    import pypdfium2

    look = Look(height=1400, margin=_MARGIN, size=rng.choice((9.0, 10.0)), numbered="")
    body = pdf.draw("", [grid], look, pdf.Driver(digits=rng.choice(("STSong-Light", "Times-Roman"))), rng)
    document = pypdfium2.PdfDocument(body)
    image = document[0].render(scale=dpi / 72).to_pil().convert("L")
    box = image.point(lambda value: 255 if value < 200 else 0).getbbox()
    edge = rng.randint(4, 20)
    image = image.crop((max(0, box[0] - edge), max(0, box[1] - edge), box[2] + edge, box[3] + edge))
    out = io.BytesIO()
    image.save(out, kind.upper(), dpi=(dpi, dpi), **({"quality": 85} if kind == "jpeg" else {}))
    return out.getvalue()
