"""Checks that one document decides: pure functions, Reading → findings. A new check is one function in one module."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules

from extract.reading import Reading
from extract.records import Finding


def run(reading: Reading) -> Iterator[Finding]:
    """Every check of every module of this package, modules in order of name."""
    for module in sorted(m.name for m in iter_modules(__path__)):
        for check in import_module(f"{__name__}.{module}").CHECKS:
            yield from check(reading)
