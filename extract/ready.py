"""What every worker needs, loaded once before they are forked: only the fork server of extract/pool.py imports it."""

from __future__ import annotations

import gc

from extract import forms, register, rules
from extract import report as report
from extract.formats import html as html
from extract.formats import text as text

forms.load()
rules.load()
register.load()
register.kinds()
register.hosts()
register.phones()
gc.collect()
gc.freeze()  # the collector leaves it alone, so its memory stays shared
