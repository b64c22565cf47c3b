"""No test reaches a real host: spiders refuse to start unless a replica is their proxy."""

import os

os.environ["GONGKAI_TEST"] = "1"
for _name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "no_proxy", "NO_PROXY"):
    os.environ.pop(_name, None)


def pytest_addoption(parser):
    """`--update` rewrites tests/golden/*.json from what is read now."""
    parser.addoption("--update", action="store_true", help="rewrite the golden files; review the diff, then commit")
