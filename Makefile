# `make run` and `make test` do all their own set-up. Everything they make is in .venv and build/.
SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
REQUIREMENTS := packaging/requirements
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps
SOURCES := privacyguard tests main.py

.PHONY: run test setup setup-dev check bench screenshots lock clean
.DELETE_ON_ERROR:

run: setup
	@$(BIN)/privacyguard

setup: $(VENV)/runtime.stamp
setup-dev: $(VENV)/dev.stamp

$(BIN)/python:
	@PYTHON="$$(packaging/linux/find-python.sh)" && export PYTHON && packaging/linux/install-system-packages.sh setup && \
		"$$PYTHON" -m venv --clear $(VENV)

$(VENV)/runtime.stamp: $(BIN)/python requirements.lock pyproject.toml packaging/linux/system-packages.txt
	@packaging/linux/install-system-packages.sh run
	@echo "Installing what PrivacyGuard needs (about 900 MB on disk, once) ..."
	@$(INSTALL) -r requirements.lock
	@$(BIN)/python packaging/install_command.py
	@touch $@

$(VENV)/dev.stamp: $(VENV)/runtime.stamp requirements-dev.lock
	@packaging/linux/install-system-packages.sh test
	@$(INSTALL) -r requirements-dev.lock
	@touch $@

check: setup-dev
	@$(BIN)/ruff check $(SOURCES) packaging
	@$(BIN)/ruff format --check $(SOURCES) packaging
	@$(BIN)/mypy $(SOURCES)
	@$(BIN)/lint-imports --no-cache

test: check
	@$(BIN)/python -m pytest

bench: setup-dev
	@$(BIN)/python -m tests.bench

screenshots: setup-dev
	@$(BIN)/python -m tests.gui.screenshots --out build/screenshots

# uv resolves for every system and Python at once; the lock names no index.
lock:
	@test -x build/uv/bin/uv || { python3 -m venv build/uv && build/uv/bin/pip install --quiet uv; }
	@for pair in runtime:requirements.lock development:requirements-dev.lock; do \
		UV_PYTHON_DOWNLOADS=never build/uv/bin/uv pip compile $(REQUIREMENTS)/$${pair%%:*}.in --output-file $${pair##*:} \
			--override $(REQUIREMENTS)/overrides.txt --universal \
			--generate-hashes --no-emit-index-url --python-version 3.11 --quiet --upgrade \
			--custom-compile-command "make lock" || exit 1; done

clean:
	@rm -rf $(VENV) build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
