# Everything a person needs to run; each target's comment is what `make help` prints.

PYTHON ?= python3
PORT ?= 8000
MODEL ?= none
TESTS ?= tests
SEED ?= 1
BIN := .venv/bin
# Compiled once, not by each of the many processes that the tests start.
export PYTHONDONTWRITEBYTECODE :=
# A process for each core, each with its own database and browser.
CORES := -q -n auto
# One more where there is waiting: for a browser, for a worker, for a clock.
WAITING := -q -n $(shell expr $$(nproc 2>/dev/null || echo 2) + 1)
# Counting lines costs half as much again: what drives a browser, whose patience is
# short, what starts processes, and what holds many cases against one rule is run without.
QUICK := not live and not browser and not processes and not thorough
PURE := screening/domain/*,clinicians/workflow/*,records/fhir/*
TEMPLATES := find templates -name '*.html' -print0 | xargs -0

.DEFAULT_GOAL := help
.PHONY: help setup demo demo-code demo-reset browser test test-fast test-live check check-types check-rest fix mutants faults bench docs soak conformance

help:  ## list these targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 20

setup:  ## make .venv with the dependencies; quick and harmless when it is there
	@$(PYTHON) tools/setup.py

demo: setup  ## run the product here with invented people (PORT=8000 MODEL=local)
	@$(BIN)/python -m tools.demo --port "$(PORT)" --model "$(MODEL)"

demo-code: setup  ## print the one-time codes of the demo's staff
	@$(BIN)/python -m tools.demo --manage demo_code

demo-reset: setup  ## forget what was done in the demo
	@$(BIN)/python -m tools.demo --reset

browser: setup  # a Chromium for the browser tests, and curl and openssl
	@$(BIN)/python -m tools.chromium

test: setup browser check  ## check everything: tools, tests on PostgreSQL, in a browser, on SQLite
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest $(CORES) -m '$(QUICK)' --junitxml=build/postgresql.xml
	$(BIN)/python -m pytest $(WAITING) -rR -m '(browser or processes or thorough) and not live' --junitxml=build/journeys.xml
	TEST_DATABASE=sqlite $(BIN)/python -m pytest $(CORES) --database-only --junitxml=build/sqlite.xml
	$(BIN)/coverage combine -q
	$(BIN)/coverage report
	$(BIN)/coverage report --include='$(PURE)' --fail-under=100
	@$(BIN)/python -m tools.summary build/postgresql.xml build/journeys.xml build/sqlite.xml

test-fast: setup  ## the tests without browser and processes (TESTS=tests/core)
	$(BIN)/python -m pytest -q -m '$(QUICK)' $(TESTS)

test-live: setup  ## the tests against a real model: a small one here, or OPENAI_BASE_URL, _API_KEY, _MODEL
	$(BIN)/python -m pytest -m live --force-enable-socket tests/live

# Enough settings for tools that load them, as strict as a real installation.
check: export DEBUG := false
check: export HTTPS := true
check: export BASE_URL := https://clinic.example
check: export ALLOWED_HOSTS := clinic.example
check: export SECRET_KEY := for-checks-only-0123456789-abcdefghijklmnopqrstuvwxyz
check: export FIELD_KEYS := c1:Zm9yLWNoZWNrcy1vbmx5LWZpZWxkLWtleS0tLS0tMzI=
check: export INDEX_KEY := Zm9yLWNoZWNrcy1vbmx5LWluZGV4LWtleS0tLS0tMzI=
check: export DATABASE_URL := sqlite:///:memory:
check: export EMAIL_URL := smtp://localhost:25
check: export DEFAULT_FROM_EMAIL := team@clinic.example
check: setup  ## what tools can tell; changes nothing
	@$(MAKE) --no-print-directory -j2 check-types check-rest

check-types:  # takes as long as all of the rest
	$(BIN)/mypy .

check-rest:
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py check
	$(BIN)/python manage.py check --deploy --fail-level WARNING
	$(TEMPLATES) $(BIN)/djade --target-version 5.2 --check
	$(TEMPLATES) $(BIN)/djhtml --tabwidth 2 --check

fix: setup  ## put format, imports and templates right
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	-$(TEMPLATES) $(BIN)/djade --target-version 5.2
	-$(TEMPLATES) $(BIN)/djhtml --tabwidth 2

mutants: setup  ## change the pure rules on purpose; every change must turn a test red
	rm -rf mutants
	$(BIN)/mutmut run
	$(BIN)/mutmut results

faults: setup browser  ## plant seventeen faults in the pages; each must turn a test red
	@$(BIN)/python -m tools.faults

soak: setup  ## answer 200 screenings while parts are killed; nothing may be lost (SEED=1)
	@$(BIN)/python -m tests.soak --seed $(SEED)

conformance: setup browser  ## independent parts judge what we emit and refuse what we break
	@$(BIN)/python -m tests.conformance

bench: setup  ## measure, each figure beside its limit
	$(BIN)/python -m bench

docs: setup  ## regenerate the reference; fails if something changed
	$(BIN)/python -m tools.reference
	git diff --exit-code -- docs
