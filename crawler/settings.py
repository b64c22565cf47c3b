"""The Scrapy settings that we change, each with its reason."""

import os

SPIDER_MODULES = ["crawler.spiders"]
# Who asks, and where to complain: set GONGKAI_CONTACT to an address of yours before any crawl of real portals
CONTACT = os.environ.get("GONGKAI_CONTACT", "https://github.com/gongkai-data/gongkai")
USER_AGENT = f"gongkai/0.1 (annual reports on government openness; +{CONTACT})"

ROBOTSTXT_OBEY = True
DOWNLOAD_DELAY = 2  # seconds: these servers are small, and a crawl has all night
CONCURRENT_REQUESTS_PER_DOMAIN = 1  # a portal is one host: one connection
AUTOTHROTTLE_ENABLED = True  # slows down further when the server does; never below DOWNLOAD_DELAY
AUTOTHROTTLE_START_DELAY = 2
DOWNLOAD_TIMEOUT = 60  # the default of three minutes holds up the only connection
DOWNLOAD_MAXSIZE = 100 * 1024 * 1024  # no report is larger; the default is 1 GiB
# It drops without a word what two redirects lead to; each spider keeps what it met. (Not `dont_filter`: that would also
# let requests through to foreign hosts.)
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"
REDIRECT_MAX_TIMES = 5  # the default of 20 asks a loop for long
CONCURRENT_ITEMS = 1  # Scrapy starts that many tasks a response: the default of 100 cost more than our parsing
HTTPERROR_ALLOW_ALL = True  # error pages are the spider's to record: a challenge (412, 521) goes to a person

DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9",
    "Accept-Encoding": "gzip, deflate",  # what the archive can decode again with the standard library alone
}
RETRY_HTTP_CODES = [500, 502, 503, 504, 522, 524, 408]  # not 429: it says 'slow down', a person decides

DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,  # lets waiting requests through: see ours
    "crawler.middleware.RobotsMiddleware": 100,
    "crawler.middleware.ArchiveMiddleware": 860,  # below HttpCompression (590): bytes as received
}
ITEM_PIPELINES = {"crawler.middleware.DocumentPipeline": 100}

TELNETCONSOLE_ENABLED = False  # on by default: a console on a port
REMOTE_CONTROL_ENABLED = False  # on by default: runs Python that is sent to it
LOG_LEVEL = "INFO"
