# Everything a person does with the source. `make help` lists the targets; CI calls the same ones.

SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
PY := $(BIN)/python
INSTALLED := $(VENV)/.installed-core
INSTALLED_DEV := $(VENV)/.installed-dev
WEB_INPUTS := web/package-lock.json web/index.html web/vite.config.ts $(shell find web/src -type f 2>/dev/null)

.DEFAULT_GOAL := help
.PHONY: help demo test test-quick format lint types floors web web-test docs bench clean browser

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/.made:
	@python=$$(sh tools/find_python) && $$python -m venv $(VENV)
	@touch $@

$(INSTALLED): $(VENV)/.made pyproject.toml constraints.txt hatch_build.py
	@echo "setup: installing Braid (a minute the first time)"
	@BRAID_SKIP_WEB=1 $(PY) -m pip install -q --no-compile --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(INSTALLED_DEV): $(INSTALLED)
	@echo "setup: installing what the tests need"
	@BRAID_SKIP_WEB=1 $(PY) -m pip install -q --no-compile --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

src/braid/_web/.stamp: $(INSTALLED) tools/web_build.py $(WEB_INPUTS)
	@$(PY) tools/web_build.py build
	@touch $@

demo: $(INSTALLED) src/braid/_web/.stamp ## Start Braid with the sample projects and print its address
	@$(BIN)/braid demo $(ARGS)

test: $(INSTALLED_DEV) src/braid/_web/.stamp lint types floors web-test browser ## Run all checks and tests, browser tests included
	@$(PY) -m pytest $(ARGS)

test-quick: $(INSTALLED_DEV) ## Run the Python tests that take no browser and little time
	@$(PY) -m pytest -q -m "not browser and not slow" $(ARGS)

browser: $(INSTALLED_DEV)
	@$(PY) tools/find_browser.py --install

format: $(INSTALLED_DEV) ## Format Python and TypeScript
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .
	@$(PY) tools/web_build.py npm run format

lint: $(INSTALLED_DEV) ## Lint and check the format of Python
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(INSTALLED_DEV) ## Type-check Python
	@$(PY) -m mypy

floors: $(INSTALLED_DEV) ## Check that modules import only from lower floors
	@$(BIN)/lint-imports

web: src/braid/_web/.stamp ## Build the workspace into the Python package

web-test: $(INSTALLED) ## Type-check, lint, test and weigh the workspace
	@$(PY) tools/web_build.py npm run types
	@$(PY) tools/web_build.py npm run lint
	@$(PY) tools/web_build.py npm run floors
	@$(PY) tools/web_build.py npm test
	@$(PY) tools/web_build.py build
	@$(PY) tools/web_build.py npm run size

docs: $(INSTALLED_DEV) ## Run the examples of the manual
	@$(PY) -m pytest -q tests/docs

bench: $(INSTALLED_DEV) ## Measure side by side against plain libraries
	@for bench in bench/*_bench.py; do $(PY) $$bench || exit 1; done

clean: ## Remove what was installed and built
	@rm -rf $(VENV) src/braid/_web web/node_modules .braid .braid-demo build dist
