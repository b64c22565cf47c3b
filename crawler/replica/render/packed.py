"""The page in other clothes: saved by a word processor as HTML or MHT, often under the name .doc, and in archives."""

from __future__ import annotations

import base64
import html
import io
import quopri
import textwrap
import zipfile
from random import Random

from crawler.replica.render import docx
from crawler.replica.reports import Synthetic

_OFFICE = (
    '<html xmlns:v="urn:schemas-microsoft-com:vml"\r\nxmlns:o="urn:schemas-microsoft-com:office:office"\r\n'
    'xmlns:w="urn:schemas-microsoft-com:office:word"\r\nxmlns="http://www.w3.org/TR/REC-html40">\r\n'
)
_LONG_AGO = (2024, 1, 5, 9, 30, 0)


def _saved(report: Synthetic, charset: str) -> str:
    """The page as a word processor saves it: with its own name spaces and a few conditional comments."""
    title = html.escape(report.title)
    return (
        f'{_OFFICE}<head>\r\n<meta http-equiv=Content-Type content="text/html; charset={charset}">\r\n'
        '<meta name=ProgId content=Word.Document>\r\n<meta name=Generator content="Microsoft Word 14">\r\n'
        f"<title>{title}</title>\r\n<!--[if gte mso 9]><xml><o:DocumentProperties><o:Pages>4</o:Pages>"
        "</o:DocumentProperties></xml><![endif]-->\r\n<style><!-- p.MsoNormal {margin:0cm;} --></style>\r\n</head>\r\n"
        f"<body lang=ZH-CN>\r\n<div class=WordSection1>\r\n<p class=MsoTitle align=center><b>{title}"
        f"</b></p>\r\n{report.html}\r\n</div>\r\n</body>\r\n</html>\r\n"
    )


def doc_html(report: Synthetic, rng: Random) -> bytes:
    """A .doc that is HTML: GBK declared as gb2312, UTF-8 with a mark in front, or UTF-16."""
    declared, encoding = rng.choice((("gb2312", "gb18030"), ("utf-8", "utf-8-sig"), ("unicode", "utf-16")))
    return _saved(report, declared).encode(encoding)


def mht(report: Synthetic, rng: Random) -> bytes:
    """A page saved as one file (MHTML), its text quoted-printable or base64, its charset gb2312 or utf-8."""
    declared, encoding = rng.choice((("gb2312", "gb18030"), ("gb2312", "gb18030"), ("utf-8", "utf-8")))
    body = _saved(report, declared).encode(encoding)
    transfer = rng.choice(("quoted-printable", "base64"))
    if transfer == "base64":
        coded = "\r\n".join(textwrap.wrap(base64.b64encode(body).decode(), 76))
    else:
        coded = quopri.encodestring(body.replace(b"\r\n", b"\n")).decode().replace("\n", "\r\n")
    mark = f"----=_NextPart_01DA3F{rng.randrange(16**6):06X}"
    listing = '<xml xmlns:o="urn:schemas-microsoft-com:office:office"><o:MainFile HRef="../report.htm"/></xml>'
    parts = [
        "MIME-Version: 1.0",
        f'Content-Type: multipart/related; boundary="{mark}"',
        "",
        "This document is a Single File Web Page, also known as a Web Archive file.",
        "",
        f"--{mark}",
        "Content-Location: file:///C:/report.htm",
        f"Content-Transfer-Encoding: {transfer}",
        f'Content-Type: text/html; charset="{declared}"',
        "",
        coded,
        f"--{mark}",
        "Content-Location: file:///C:/report.files/filelist.xml",
        "Content-Transfer-Encoding: quoted-printable",
        'Content-Type: text/xml; charset="utf-8"',
        "",
        quopri.encodestring(listing.encode()).decode(),
        f"--{mark}--",
        "",
    ]
    return "\r\n".join(parts).encode()


class _GbkName(zipfile.ZipInfo):
    """A member whose name is in GBK and not marked as UTF-8, as older Chinese packers write it."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802 - zipfile asks for this name
        return self.filename.encode("gbk"), self.flag_bits & ~0x800


def zipped(report: Synthetic, rng: Random) -> bytes:
    """An archive with the report and a false friend, in a folder, named in GBK or UTF-8; in either order."""
    member = _GbkName if rng.random() < 0.7 else zipfile.ZipInfo
    year = report.truth["year"]
    friend = (
        f"关于{report.title}的解读\n\n为便于公众了解年度报告，现将编制背景和主要内容解读如下。\n"
        "一、编制背景\n报告按照统一格式编制。\n二、主要内容\n报告分为六个部分。\n"
    )
    members = [
        (f"附件/{report.title}.docx", docx.make(report, rng)),
        (f"附件/{year}年年度报告解读.txt", friend.encode("gb18030")),
    ]
    rng.shuffle(members)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members:
            archive.writestr(member(name, _LONG_AGO), body, zipfile.ZIP_DEFLATED)
    return out.getvalue()
