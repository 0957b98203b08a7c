# Everything needs only Python 3.11, make, git and a package index; what is missing of Python packages comes by
# `setup`, from locks with hashes. See `make help`.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input --no-deps --require-hashes
TEST := $(BIN)/python -m tests
OUT ?= demo
CASES ?= 2000
# Debian's names of what only tests and screenshots need: program=package
TOOLS := openssl=openssl softhsm2-util=softhsm2 promtool=prometheus
CLOCKS := faketime=faketime
BROWSER := chromium=chromium

.PHONY: help setup demo up test test-fast check check-law bench chaos histories screenshots openapi pages system clean

help: ## Show this help
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: .venv/.runtime ## Make .venv with what runs Tacite (once; again when the lock changes)

demo: .venv/.runtime ## Play every scenario in a world of its own; documents in demo/ (OUT=folder)
	@$(BIN)/tacite demo --out $(OUT)

up: .venv/.runtime ## Run Tacite on this machine until Ctrl-C; data in .tacite/
	@$(BIN)/tacite up

# Budget on two quiet cores: 35 minutes for setup, check and test together. tests/scheduling.py says which tests begin
# first. `--fast` leaves out what is marked `slow`, and most of what needs a server.
test: TOOLS += $(BROWSER)
test: .venv/.dev system ## Run every test (minutes)
	@$(TEST) -n 3 --dist loadfile

test-fast: .venv/.dev ## Run the tests that a change should not wait for (under 90 s)
	@$(TEST) -n 3 --dist loadfile --fast tests/law tests/models tests/architecture tests/workflows

check: .venv/.dev ## Format, lint, types, who may import whom, locks
	@$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy .
	$(BIN)/lint-imports --no-logo > /dev/null || $(BIN)/lint-imports
	! grep -nE '://|index-url' requirements*.lock
	$(BIN)/python -m pip check > /dev/null || $(BIN)/python -m pip check

check-law: .venv/.runtime ## Say which dated figures of the law to look at (old, missing); fails if they contradict each other
	@$(BIN)/python -m cli.upkeep

bench: .venv/.runtime ## Measure, and write bench/REPORT.md (ONLY="engine doors"; QUICK=1: tiny, writes nothing)
	@$(BIN)/python -m bench $(if $(QUICK),--quick) $(ONLY)

chaos: TOOLS := $(CLOCKS)
chaos: .venv/.dev system ## Break everything at random, audit what is left; docs/faults.md (SEED=7 CASES=2000; an hour or more)
	@$(BIN)/python -m tests.system.chaos --cases $(CASES) $(if $(SEED),--seed $(SEED)) --report docs/faults.md

histories: .venv/.dev ## Store the history of every path of this release (RELEASE=0.2), never to be edited
	@$(BIN)/python -m tests.workflows.histories $(RELEASE)

openapi: .venv/.dev ## Write docs/openapi.json
	@$(BIN)/python -m docs.openapi

screenshots: TOOLS += $(BROWSER)
screenshots: .venv/.dev system ## Take the pictures of the documentation
	@$(BIN)/python -m docs.screenshots

pages: TOOLS += $(BROWSER)
pages: .venv/.dev system ## Look at every page with axe, and take its pictures, narrow and wide, light and dark, in screens/
	@SCREENS=$(CURDIR)/screens $(TEST) -q tests/browser

system: # What is missing of the system's own programs: installed when we may, else said
	@missing=()
	for pair in $(TOOLS); do command -v "$${pair%=*}" > /dev/null || missing+=("$${pair#*=}"); done
	[ $${#missing[@]} -eq 0 ] && exit 0
	if [ "$$(id -u)" -eq 0 ] && command -v apt-get > /dev/null; then
		echo "Installation de $${missing[*]}…"
		apt-get update -qq && apt-get install -qq --no-install-recommends "$${missing[@]}" > /dev/null
	else
		echo "Il manque des programmes du système, à installer : apt install $${missing[*]}" >&2
		exit 1
	fi

clean: ## Remove .venv and what demonstrations and tools left
	rm -rf .venv demo screens .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

.venv/.runtime: requirements-local.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 au moins est nécessaire." >&2; exit 1; }
	began=$$SECONDS
	echo "Installation des bibliothèques dans .venv (une à deux minutes la première fois)…"
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(PIP) -r requirements-local.lock
	printf '#!/bin/sh\nhere=$$(dirname "$$(readlink -f "$$0")")\nexec "$$here/python" "$$here/../../tacite.py" "$$@"\n' > $(BIN)/tacite
	chmod +x $(BIN)/tacite
	touch $@
	echo "Fait en $$((SECONDS - began)) s."

.venv/.dev: .venv/.runtime requirements-dev.lock
	@began=$$SECONDS
	echo "Installation des outils de développement (une minute la première fois)…"
	$(PIP) -r requirements-dev.lock
	touch $@
	echo "Fait en $$((SECONDS - began)) s."
