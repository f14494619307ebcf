# Sendmill: `make demo` to try it, `make test` to test it, `make help` for the rest.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ENV := $(VENV)/.installed
STATIC := src/sendmill/console/static
ASSETS := $(STATIC)/vendor/.built
COLLECTED := $(STATIC)_collected/staticfiles.json
FOREIGN := tests/foreign/node_modules/.installed
AXE := tests/browser/node_modules/.installed
DEMO_ARGS ?=
TEST_ARGS ?= -n 2 --dist loadfile
ROWS ?= 200000
SECONDS ?= 900

.DEFAULT_GOAL := help
.PHONY: help install demo unit test check lint bench crash screenshots requirements package clean

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

$(ENV): requirements/dev.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("Sendmill needs Python 3.11 or newer.") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements/dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

$(ASSETS): frontend/package.json frontend/build.mjs
	npm --prefix frontend install --no-package-lock --no-audit --no-fund --loglevel=error
	node frontend/build.mjs
	@touch $@

# An SMSC that is not ours, for the tests.
$(FOREIGN): tests/foreign/package.json
	npm --prefix tests/foreign install --no-package-lock --no-audit --no-fund --loglevel=error
	@touch $@

# axe-core, which looks for what not everybody can use, for the tests.
$(AXE): tests/browser/package.json
	npm --prefix tests/browser install --no-package-lock --no-audit --no-fund --loglevel=error
	@touch $@

# Static files under names with a hash of their content, compressed.
$(COLLECTED): $(ENV) $(ASSETS) console_build.py $(shell find $(STATIC)/console -type f)
	$(BIN)/python console_build.py $(@D)

install: $(ENV) $(COLLECTED) ## Create .venv, install everything and build the front-end assets
	@$(BIN)/python console_build.py

demo: install ## Start everything with a simulated carrier and a demo account
	$(BIN)/sendmill demo $(DEMO_ARGS)

unit: install ## Test the rules, the codec and the readers: half a minute
	$(BIN)/python -m pytest tests/unit -m "not slow" -n 2

test: install lint $(FOREIGN) ## Check style and types, then test all but what `check` adds
	$(BIN)/python -m pytest tests/unit tests/integration tests/acceptance $(TEST_ARGS)

check: test $(AXE) ## All that a change must pass: also the pages in Chromium, killed processes, the wheel, other Pythons
	sh tests/browser/install_chromium.sh
	$(BIN)/python -m pytest tests/browser tests/crash tests/package $(TEST_ARGS)

lint: install ## Style, types and layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	SENDMILL_SECRET_KEY=lint $(BIN)/mypy src
	$(BIN)/lint-imports

bench: install ## Measure import, sending, pages and downloads (ROWS=200000)
	$(BIN)/python -m benchmarks import --rows $(ROWS) --json
	$(BIN)/python -m benchmarks send --rows $(ROWS) --json
	$(BIN)/python -m benchmarks console --rows $(ROWS) --json
	$(BIN)/python -m benchmarks export --rows $(ROWS) --json

crash: install ## Kill everything at random for SECONDS=900, then look for what was doubled or lost
	$(BIN)/python -m tests.crash --seconds $(SECONDS) $(if $(SEED),--seed $(SEED))

screenshots: install ## Picture every page at two widths in both languages, into screenshots/
	$(BIN)/python -m tests.browser.screenshots

requirements: ## Compile the pinned requirements anew
	$(BIN)/pip-compile --quiet --strip-extras --no-header --no-annotate --no-emit-index-url --no-emit-find-links --output-file requirements/base.txt pyproject.toml
	$(BIN)/pip-compile --quiet --extra dev --strip-extras --no-header --no-annotate --no-emit-index-url --no-emit-find-links --output-file requirements/dev.txt pyproject.toml

package: install ## Build the wheel, front-end assets included
	$(BIN)/python -m build --wheel

clean: ## Remove the environment and everything built
	rm -rf $(VENV) frontend/node_modules tests/foreign/node_modules tests/browser/node_modules $(STATIC)/vendor $(dir $(COLLECTED)) dist
