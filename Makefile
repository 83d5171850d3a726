# Two commands for a newcomer: `make run` and `make test`. The others are for those who change the code.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PORT ?= 8501
HOST ?= 127.0.0.1
export PORT HOST
# Tests start many processes: where compiled modules may not be kept, each compiles the whole package anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := run
.PHONY: help run test test-fast test-postgresql check lint lock clean

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(VENV)/.run  ## set everything up, publish the curated data, open the application
	@$(BIN)/python -m observatory serve

test: $(VENV)/.dev  ## set everything up and run every test, including those in a real browser
	@sh tests/chromium.sh $(BIN)/python
	@sh tests/readers.sh
	@sh tests/postgresql.sh
	@OBSERVATORY_TEST_CACHE=.pytest_cache/stores $(BIN)/python -m pytest -n 2 --dist worksteal

test-fast: $(VENV)/.dev  ## the tests for daily work: no browser, no cluster, no PostgreSQL, no LibreOffice, nothing slow
	@OBSERVATORY_TEST_CACHE=.pytest_cache/stores OBSERVATORY_TEST_PROFILE=fast $(BIN)/python -m pytest -n 2 --dist worksteal -m "not (browser or cluster or postgresql or readers or slow)"

test-postgresql: $(VENV)/.dev  ## every test, with the shared stores in a PostgreSQL that the tests start
	@sh tests/chromium.sh $(BIN)/python
	@sh tests/readers.sh
	@sh tests/postgresql.sh
	@OBSERVATORY_TEST_BACKEND=postgresql $(BIN)/python -m pytest -n 2 --dist worksteal

check: lint test  ## what CI runs

lint: $(VENV)/.dev  ## format, style, types, layers, catalogue and data package
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m observatory check
	@$(BIN)/python -m observatory datapackage --check
	@cd data && ../$(BIN)/frictionless validate datapackage.json > /dev/null && echo "data/datapackage.json: valid"

$(VENV)/.run: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed; this is " + sys.version.split()[0] + ". Set PYTHON=python3.x.")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.run
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

lock:  ## pin every version with its hashes; no address of an index goes into the files
	uv pip compile pyproject.toml --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate -o requirements.txt
	uv pip compile pyproject.toml --extra postgresql --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate -o requirements-postgresql.txt
	uv pip compile pyproject.toml --extra dev --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate -o requirements-dev.txt

clean:  ## remove the environment and all caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
