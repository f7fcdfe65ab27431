# Everything a person types: run, test, check, bench. Each sets up what it still needs.
PY ?= python3
V := .venv
# uv does not read pip's own settings; hand over the folder of local wheels, if this machine has one.
UV_FIND_LINKS ?= $(or $(PIP_FIND_LINKS),$(shell $(PY) -m pip config get global.find-links 2>/dev/null))
export UV_FIND_LINKS
# Tests start some hundred interpreters: none compiles again what another has.
unexport PYTHONDONTWRITEBYTECODE
export PATH := $(CURDIR)/$(V)/bin:$(PATH)
STUDIO := src/muybridge/studio/index.html
WEB_SOURCES := $(shell find web/src web/index.html web/vite.config.ts -type f 2>/dev/null)

.PHONY: run test test-full check bench web openapi clean

run: $(V)/.ok $(STUDIO)
	@exec muybridge serve

test: $(V)/.ok $(STUDIO) web/node_modules/.ok
	@python tests/lanes.py

test-full: $(V)/.ok $(STUDIO) web/node_modules/.ok
	@python tests/lanes.py --full

check: $(V)/.ok web/node_modules/.ok
	ruff format --check .
	ruff check .
	mypy
	lint-imports --no-cache
	pytest -q tests/architecture
	cd web && npm run --silent check

bench: $(V)/.ok
	@python benchmarks/run.py $(BENCH)

web: $(STUDIO)

openapi: $(V)/.ok
	muybridge openapi > web/openapi.json
	cd web && npm run --silent api

$(V)/.ok: pyproject.toml
	$(PY) -m venv $(V)
	$(V)/bin/python -m pip install -q uv || true
	@if [ -x $(V)/bin/uv ]; then $(V)/bin/uv pip install -q -p $(V) -e . --group dev; \
	else $(V)/bin/python -m pip install -q -U pip && $(V)/bin/python -m pip install -q -e . --group dev; fi
	@touch $@

web/node_modules/.ok: $(V)/.ok web/package-lock.json
	cd web && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

$(STUDIO): web/node_modules/.ok $(WEB_SOURCES)
	cd web && npm run --silent build
	@touch $@

clean:
	rm -rf $(V) web/node_modules src/muybridge/studio .mypy_cache .ruff_cache .pytest_cache
