# Everything a newcomer needs, one word each; `make help` lists them.
PYTHON ?= python3
PYTEST_ARGS ?= -n auto --maxprocesses=4 --dist=worksteal
BIN := .venv/bin
READY := .venv/.ready

.PHONY: help demo test check bench docs engines clean
.DEFAULT_GOAL := help

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(READY) ## the 2024 Azerbaijani checklist, from definition to findings, into out/
	PATH="$(CURDIR)/$(BIN):$$PATH" sh examples/az_2024/demo.sh

test: $(READY) ## all tests (an engine that is not installed is skipped, and named)
	$(BIN)/python -m pytest $(PYTEST_ARGS)

check: $(READY) ## lint, format, types, layers, dependencies, spelling, size
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .
	$(BIN)/codespell
	$(BIN)/python -m pytest tests/test_gates.py

bench: $(READY) ## speed and memory beside the peers
	$(BIN)/python -m benchmarks

docs: $(READY) ## write the reference pages anew from the code, and the site into out/site/
	$(BIN)/python docs/generate.py
	$(BIN)/python -m sphinx -W -q -b html -c docs . out/site

engines: $(READY) ## install what the tests ask: LibreOffice, Chromium, survey-core, Java
	sh tests/engines/install.sh
	$(BIN)/python -m tests.engines

clean: ## remove the environment and everything that was built
	rm -rf .venv out tests/engines/node/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis

# One environment, made anew when pyproject.toml changes. Some systems ship venv without ensurepip: then their own pip fills it.
$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11")'
	@test -x $(BIN)/pip || $(PYTHON) -m venv .venv || { $(PYTHON) -m venv --clear --without-pip .venv && $(PYTHON) -m pip --python $(BIN)/python install -q pip; }
	$(BIN)/python -m pip install -q --disable-pip-version-check -e '.[dev]'
	@touch $@
