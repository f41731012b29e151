# Thin calls of commands that work everywhere; on Windows type what stands behind a target.
PYTHON ?= python3
BIN := .venv/bin
# Two more than there are cores: much of the tests' time goes into waiting for a portal.
JOBS ?= $(shell $(PYTHON) -c "import os; print(min((os.cpu_count() or 1) + 2, 6))")

.PHONY: help demo test test-all bench page-shapes lint lock clean

help:  ## This list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 8

demo: .prepare  ## File for six fictional employers in each province at the mock portals
	$(BIN)/rpa demo --keep demo

test: lint  ## Everything that must hold: style, types, layers, tests
	$(BIN)/python tools/tests.py -n $(JOBS) --dist worksteal
	$(BIN)/python tools/tests.py -o addopts= -n $(JOBS) --dist worksteal -m "not thorough" tests/qa tests/pages

test-all: lint  ## The same with the thorough tests, which take half as long again
	$(BIN)/python tools/tests.py -n $(JOBS) --dist worksteal -m ""
	$(BIN)/python tools/tests.py -o addopts= -n $(JOBS) --dist worksteal tests/qa tests/pages

lint: .prepare-dev  ## Style, types and layers only
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .prepare-dev  ## Measure, and write the table of docs/benchmarks.md
	$(BIN)/python -m benchmarks

page-shapes: .prepare-dev  ## Write docs/page-shapes.md from the tests' own cases
	$(BIN)/python -m tools.page_shapes

lock:  ## Write the lock files anew
	$(PYTHON) tools/lock.py

clean:  ## Remove what these targets made
	rm -rf .venv demo build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

.PHONY: .prepare .prepare-dev
.prepare:
	@$(PYTHON) tools/bootstrap.py

.prepare-dev:
	@$(PYTHON) tools/bootstrap.py --dev
