# Two commands: `make demo` and `make test`. Both set up what they need in .venv.
PYTHON ?= python3
BIN := .venv/bin
PACKAGES := chromium fonts-noto-cjk

.PHONY: setup system demo test lint benchmark clean

setup: .venv/.ready

.venv/.ready: pyproject.toml .ci/constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed: make PYTHON=python3.11 …"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --constraint .ci/constraints.txt --editable '.[dev]'
	@touch $@

# Browser tests want Chromium; they say that they did not run where it is missing.
system:
	@if command -v chromium >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && [ -e /etc/debian_version ]; then \
	  apt-get update -qq && apt-get install -y -qq --no-install-recommends $(PACKAGES) >/dev/null || echo "could not install: $(PACKAGES)"; \
	else echo "for the browser tests: sudo apt-get install $(PACKAGES)"; fi

demo: setup
	$(BIN)/gongkai demo

test: setup system lint
	$(BIN)/python -m pytest

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

benchmark: setup
	$(BIN)/python -m tests.benchmark

clean:
	rm -rf .venv data
