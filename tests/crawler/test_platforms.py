"""Every platform crawls its replica under a real host: all reports, nothing else, and nothing twice."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest

from crawler.archive import Archive
from crawler.portals import load
from crawler.replica.publish import Static
from tests.crawler.conftest import ORGANS, Run, entry

STARTS = {
    "ucap": "http://www.gaoan.gov.cn/gasrmzf/xxgkml/zzxxgk_bm.shtml",
    "trs": "http://www.hukou.gov.cn/zwgk/zfxxgknb/",
    "vsb": "https://www.schy.gov.cn/zfxxgk/zfxxgknb.htm",
    "openness": "https://www.bzqc.gov.cn/XxgkContent/showList/996/0/page_1.html",
    "lonsun": "https://www.pingwu.gov.cn/public/index",
    "epoint": "http://www.liaoyang.gov.cn/dynamic/zwgk/govInfoPub.html?categorynum=003002&deptcode=033",
    "jpaas": (
        "http://www.huining.gov.cn/xxgk/zfxxgknb/index.html",
        "http://www.huining.gov.cn/module/xxgk/search.jsp?infotypeId=A0102&jdid=14&area=01251010-066&divid=div4021",
    ),
    "truecms": "http://www.qidong.gov.cn/qdsrmzf/zfxxgkzd/index.html",
    "gkmlpt": "http://www.xuwen.gov.cn/gkmlpt/index",
}


@pytest.mark.parametrize("platform", STARTS)
def test_every_report_and_nothing_else(tmp_path: Path, run: Run, platform: str) -> None:
    starts = STARTS[platform]
    name = "hanweb" if platform == "jpaas" else platform
    folder = entry(tmp_path / "portals", name, *([starts] if isinstance(starts, str) else starts))
    portal = load(folder)["place"]
    replica: Static = import_module(f"crawler.replica.{platform}").site(portal, ORGANS)
    counts, first = run("place", {portal.host: replica}, folder)
    documents = {d.url: d for d in Archive(tmp_path / "archive").documents()}
    assert counts.problems == () and counts.blocked == ()
    assert documents.keys() == replica.addresses  # recall 100 %, false reports 0
    assert counts.new == len(documents) and counts.ok
    for report in replica.reports:
        for path in report.documents:
            document = documents[f"{replica.scheme}://{replica.host}{path}"]
            assert (document.title, document.published_on) == (report.title, report.day)
    asked = [path for _, _, path in first.log if path != "/robots.txt"]
    assert len(asked) == len(set(asked)) or platform in {"epoint", "ucap"}  # lists at one address, asked by POST

    again, second = run("place", {portal.host: replica}, folder)
    assert again.ok and again.new == 0 and again.reports == counts.reports
    for report in replica.reports:  # once where the list page is the report, else never
        times = [path for _, _, path in second.log].count(report.path)
        assert times == (platform == "lonsun" or "/xz/" in report.path)
    assert again.bytes < counts.bytes / 2 or platform == "lonsun"
