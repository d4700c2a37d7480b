# make run    the historical ensemble beside the record: a table and a figure
# make test   the whole test suite: lint, types, a wheel in a clean environment, pytest
# make app    the page, to explore and ask in a browser; prints its address
# make docs   write again the documents that are generated from the program
# make bench  how fast it is, beside what a user would otherwise have, and whether both engines agree
# make baseline  accept the present results of the whole model, after printing what has changed
# make scorecard  every target measured: docs/scorecard.md (hours; STORED=1 reads what is stored)
# make validate  how well it forecasts: forecasts from 2010 scored beside benchmarks, report in docs
#
# Each sets up its own environment in .venv the first time and whenever pyproject.toml or
# constraints.txt change. PYTHON=... names the interpreter; PEACEKEEPING_PYTHONS="... ..." names
# further ones on which `make test` installs the wheel and compares results.

SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
INPUTS := pyproject.toml constraints.txt
RUNS ?= 200
OUT ?= results/historical
VALIDATION ?= results/validation
PORT ?= 8765
FUZZ ?= 200

.PHONY: run validate app screenshots figures docs reference baseline coverage mutants fuzz audit bench scorecard test lint types tests wheel clean help
.DEFAULT_GOAL := help

help:
	@sed -n '1,8p' Makefile | sed 's/^# //'

run: $(VENV)/.ready-run
	$(BIN)/peacekeeping run historical --runs $(RUNS) --seed 1 --out $(OUT)

app: $(VENV)/.ready-app
	$(BIN)/peacekeeping app --port $(PORT)

# Pictures of every tab, from a real browser (chromium).
screenshots: $(VENV)/.ready-test
	$(BIN)/python -m viz.web.screenshots

# The pictures of the README, made anew.
figures: run
	cp $(OUT)/figures/personnel-un.png docs/figures/

docs: $(VENV)/.ready-test
	$(BIN)/python -m calibration.compiler.source_catalogue
	$(BIN)/python -m viz.reports.odd
	$(BIN)/python -m viz.reports.architecture

# Print which results of the whole model have changed, and accept them.
baseline: $(VENV)/.ready-test
	$(BIN)/python -m tests.baseline

# The reference from the docstrings: a static site that opens from disk.
reference: $(VENV)/.ready-test
	NUMBA_DISABLE_JIT=1 $(BIN)/python -m pdoc --docformat google --output-directory build/reference \
		peacekeeping model scenarios calibration viz 2>/dev/null
	@echo "open build/reference/index.html"

# Lines that no test runs; compiled rules count as run only when they run as plain Python.
coverage: $(VENV)/.ready-test
	$(BIN)/python -m benchmarks.coverage

# Would the tests notice a slip in the model?  A seeded sample of mutants, some 25 minutes.
mutants: $(VENV)/.ready-audit
	$(BIN)/python -m benchmarks.mutants

# Damaged files of every kind, many times more than the tests try, counted.
fuzz: $(VENV)/.ready-test
	FUZZ_EXAMPLES=$(FUZZ) FUZZ_REPORT=benchmarks/fuzz.json $(BIN)/python -m pytest -q tests/faults/test_fuzz.py

# Known vulnerabilities of the pinned packages, and their licences.
audit: $(VENV)/.ready-audit
	$(BIN)/python -m benchmarks.audit

# How well the model forecasts: the report in docs, from the stored fit that saw nothing later.
validate: $(VENV)/.ready-run
	$(BIN)/peacekeeping validate --origin 2010-12 --until 2014-08 --runs 200 --out $(VALIDATION)
	cp $(VALIDATION)/validation.* docs/
	cp $(VALIDATION)/figures/* docs/figures/

bench: $(VENV)/.ready-run
	$(BIN)/python -m benchmarks

# Every target of the project measured in one go (hours): docs/scorecard.md. STORED=1 reads what the
# commands have stored.
scorecard: $(VENV)/.ready-test
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m viz.reports.scorecard $(if $(STORED),,--measure)

# pytest comes last, so that its summary is the last thing to read; the others run even if one fails.
test: $(VENV)/.ready-test
	@failed=""; \
	for part in lint types wheel; do \
		echo "== $$part"; $(MAKE) --no-print-directory $$part || failed="$$failed $$part"; \
	done; \
	if [ -n "$$failed" ]; then echo "failed before the tests:$$failed"; fi; \
	echo "== tests"; $(MAKE) --no-print-directory tests || failed="$$failed tests"; \
	test -z "$$failed"

lint: $(VENV)/.ready-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check -q .

types: $(VENV)/.ready-test
	$(BIN)/mypy

wheel: $(VENV)/.ready-test
	$(BIN)/python tests/support/wheel_check.py

tests: $(VENV)/.ready-test
	$(BIN)/python -m pytest

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.ready-run: $(VENV)/.made $(INPUTS)
	@echo "Installing the program into $(VENV) (once, a minute or two)."
	@$(PIP) install --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.ready-app: $(VENV)/.made $(INPUTS)
	@echo "Installing the program and its page into $(VENV) (once, a few minutes)."
	@$(PIP) install --constraint constraints.txt --editable '.[page]'
	@touch $@

$(VENV)/.ready-test: $(VENV)/.made $(INPUTS)
	@echo "Installing the program and its test tools into $(VENV) (once, a minute or two)."
	@$(PIP) install --constraint constraints.txt --editable '.[page,test,fit]'
	@touch $@

$(VENV)/.ready-audit: $(VENV)/.ready-test
	@$(PIP) install --constraint constraints.txt --editable '.[page,test,fit,audit]'
	@touch $@

# A candidate counts only if it runs, is recent enough and can make environments.
$(VENV)/.made:
	@for python in $(PYTHON) python3 python3.13 python3.12 python3.11; do \
		if "$$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' \
				>/dev/null 2>&1; then \
			"$$python" -m venv --clear $(VENV) && touch $@ && exit 0; \
		fi; \
	done; \
	echo "No Python 3.11 or later with the venv module was found; install one (on Debian: python3 and python3-venv) or name it with make PYTHON=..." >&2; \
	exit 1
