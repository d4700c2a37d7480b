# Each target sets up its own environment in .venv the first time and whenever pyproject.toml or
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
DECISIONS ?= results/decisions
PORT ?= 8765
FUZZ ?= 200
PARALLEL ?= -n auto --dist worksteal
PLAIN := $(patsubst %,tests/model/test_%.py,rules law rng world)

.PHONY: help run app validate decisions fit-decisions fit-panel test test-fast lint types tests wheel machine-code baseline docs notebooks reference site figures screenshots scorecard bench coverage mutants fuzz audit clean
.DEFAULT_GOAL := help

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-14s %s\n", $$1, $$2}' Makefile

run: $(VENV)/.ready-run ## run the historical ensemble: tables and figures in results/historical
	$(BIN)/peacekeeping run historical --runs $(RUNS) --seed 1 --out $(OUT)

app: $(VENV)/.ready-app ## start the web app and print its address
	$(BIN)/peacekeeping app --port $(PORT)

validate: $(VENV)/.ready-test ## score forecasts from 2010; rewrites docs/validation.md, .json and docs/figures/validation-*
	$(BIN)/peacekeeping validate --origin 2010-12 --until 2014-08 --runs 200 --out $(VALIDATION)
	cp $(VALIDATION)/validation.md $(VALIDATION)/validation.json docs/
	cp $(VALIDATION)/figures/validation-*.svg $(VALIDATION)/figures/validation-bands.csv docs/figures/
	$(BIN)/python -m viz.briefs.model_brief

decisions: $(VENV)/.ready-run ## the model's chance of every documented decision: docs/decisions.md, docs/flagship_cases.md
	$(BIN)/peacekeeping validate --decisions --runs 200 --out $(DECISIONS)
	cp $(DECISIONS)/decisions.md docs/
	$(BIN)/python -m calibration.documented_decisions.free_history --out calibration/fits/decisions/free_history.csv
	$(BIN)/python -m viz.reports.flagship_cases

fit-decisions: $(VENV)/.ready-test ## refit the decision weights, leave missions out: docs/decision_fit.md (long)
	$(BIN)/python -m calibration.decision_fitting.opinion_series
	$(BIN)/python -m calibration.decision_fitting.decision_posterior
	$(BIN)/python -m calibration.decision_fitting.lead_times
	$(BIN)/python -m calibration.decision_fitting.training_and_dialogue
	$(BIN)/python -m calibration.decision_fitting.missions_left_out
	$(BIN)/python -m calibration.decision_fitting.forward_scores
	$(BIN)/python -m calibration.decision_fitting.rival_theories
	$(BIN)/python -m calibration.decision_fitting.calibration_by_simulation --afresh
	$(BIN)/python -m viz.reports.decision_fit_report

fit-panel: $(VENV)/.ready-test ## refit the weights of all other contributors, and forecast with them (long)
	$(BIN)/python -m calibration.panel_fitting.panel_posterior
	$(BIN)/python -m calibration.validation.fit_comparison
	$(BIN)/python -m calibration.validation.long_run
	$(BIN)/python -m viz.reports.decision_fit_report

# pytest comes last, so that its summary is the last thing to read; the others run even if one fails.
test: $(VENV)/.ready-test ## run everything: lint, types, the wheel in a clean environment, all tests
	@failed=""; \
	$(MAKE) --no-print-directory --keep-going --jobs=2 wheel types lint machine-code \
		|| { failed=yes; echo "failed before the tests, see above"; }; \
	echo "== tests"; $(MAKE) --no-print-directory tests || failed=yes; \
	test -z "$$failed"

test-fast: $(VENV)/.ready-test ## run the quick tests, for daily work
	$(BIN)/python -m pytest -q $(PARALLEL) -m "not slow"

lint: $(VENV)/.ready-test ## check style and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check -q .

types: $(VENV)/.ready-test ## check types
	$(BIN)/mypy

tests: $(VENV)/.ready-test ## run all tests, nothing else
	$(BIN)/python -m pytest $(PARALLEL) --junitxml=results/tests.xml

machine-code: $(VENV)/.ready-test ## compile the rules once for all tests
	$(BIN)/python -m tests.support.machine_code

wheel: $(VENV)/.ready-test ## install the wheel into clean environments and run it there
	$(BIN)/python tests/support/wheel_check.py

baseline: $(VENV)/.ready-test ## print which results of the whole model have changed, and accept them
	$(BIN)/python -m tests.baseline

scorecard: fit-decisions decisions validate bench tests ## measure every target: docs/scorecard.md (hours)
	$(BIN)/python -m viz.reports.scorecard

docs: $(VENV)/.ready-test ## rewrite the generated documents
	$(BIN)/python -m viz.reports.source_catalogue
	$(BIN)/python -m viz.reports.odd
	$(BIN)/python -m viz.reports.glossary_page
	$(BIN)/python -m viz.reports.scenario_catalogue --text

notebooks: $(VENV)/.ready-test ## execute the tutorials as notebooks: docs/notebooks (minutes)
	$(BIN)/python -m viz.notebooks.executed_notebooks

reference: $(VENV)/.ready-test ## build the API reference: build/reference/index.html
	NUMBA_DISABLE_JIT=1 $(BIN)/python -m pdoc --docformat google --output-directory build/reference \
		peacekeeping model scenarios calibration viz 2>/dev/null
	@echo "open build/reference/index.html"

site: $(VENV)/.ready-site ## build the documents as a site with search: build/site/index.html
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --quiet --strict
	NUMBA_DISABLE_JIT=1 $(BIN)/python -m pdoc --docformat google --output-directory \
		build/site/reference peacekeeping model scenarios calibration viz 2>/dev/null
	@echo "open build/site/index.html"

figures: run ## redraw the picture of the README
	cp $(OUT)/figures/personnel-un.png docs/figures/

screenshots: $(VENV)/.ready-test ## photograph every tab of the web app (needs chromium)
	$(BIN)/python -m viz.web.screenshots

bench: $(VENV)/.ready-run ## measure speed, sweeps and the web app, and compare both engines (long)
	$(BIN)/python -m benchmarks

# Compiled rules count as run only where they run as plain Python, hence the first line.
coverage: $(VENV)/.ready-test ## list lines that no test runs
	NUMBA_DISABLE_JIT=1 $(BIN)/coverage run -m pytest -q $(PLAIN)
	$(BIN)/coverage run -m pytest -q
	$(BIN)/coverage combine -q
	$(BIN)/coverage report --skip-covered --sort=cover

mutants: $(VENV)/.ready-audit ## change the model at random places; do the tests notice? (25 minutes)
	$(BIN)/python -m benchmarks.mutants

fuzz: $(VENV)/.ready-test ## try damaged files of every kind, many more than the tests do
	FUZZ_EXAMPLES=$(FUZZ) FUZZ_REPORT=benchmarks/fuzz.json $(BIN)/python -m pytest -q tests/faults/test_fuzz.py

audit: $(VENV)/.ready-audit ## check the pinned packages for known vulnerabilities and licences
	$(BIN)/python -m benchmarks.audit

clean: ## remove the environment and everything built
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage*
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.ready-run: $(VENV)/.made $(INPUTS)
	@echo "Installing the program into $(VENV) (once, a minute or two)."
	@$(PIP) install --constraint constraints.txt --editable '.[analysis]'
	@touch $@

$(VENV)/.ready-app: $(VENV)/.made $(INPUTS)
	@echo "Installing the program and its web app into $(VENV) (once, a few minutes)."
	@$(PIP) install --constraint constraints.txt --editable '.[app]'
	@touch $@

$(VENV)/.ready-test: $(VENV)/.made $(INPUTS)
	@echo "Installing the program and its test tools into $(VENV) (once, a minute or two)."
	@$(PIP) install --constraint constraints.txt --editable '.[app,test,fit,tools]'
	@touch $@

$(VENV)/.ready-site: $(VENV)/.ready-test
	@$(PIP) install --constraint constraints.txt --editable '.[app,test,fit,tools,site]'
	@touch $@

$(VENV)/.ready-audit: $(VENV)/.ready-test
	@$(PIP) install --constraint constraints.txt --editable '.[app,test,fit,tools,audit]'
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
