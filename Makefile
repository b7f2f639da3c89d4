# `make run` and `make test` do all their own set-up. Everything they make is in .venv and build/.
SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
LINUX := packaging/linux
REQUIREMENTS := packaging/requirements
CHECKED := privacyguard tests packaging main.py
# Which parts of system-packages.txt the target needs.
PARTS := setup run
test check bench screenshots setup-dev: PARTS := setup run test
frozen test-frozen deb test-deb: PARTS := setup run test freeze

# Some machines forbid the files of compiled code: then each process that the tests start would compile the program anew.
unexport PYTHONDONTWRITEBYTECODE

# Plain pip, so that the index is the one that this computer's pip is set to. The one package without a wheel is built
# with the locked setuptools: without isolation pip downloads nothing that is not in the lock.
INSTALL := $(BIN)/python -m pip install -q -q --disable-pip-version-check --no-input \
	--require-hashes --no-deps --use-pep517 --no-build-isolation

.PHONY: run test setup setup-dev system-packages check bench screenshots frozen test-frozen deb test-deb lock clean
.DELETE_ON_ERROR:

run: setup
	@$(BIN)/privacyguard

setup: system-packages $(VENV)/runtime.stamp
setup-dev: setup $(VENV)/dev.stamp

system-packages:
	@$(LINUX)/install-system-packages.sh $(PARTS)

$(VENV)/python.stamp: | system-packages
	@"$$($(LINUX)/find-python.sh)" -m venv --clear $(VENV)
	@touch $@

# While packages go in, the environment counts as not made: after a stop in the middle it is made anew.
$(VENV)/runtime.stamp: $(VENV)/python.stamp requirements.lock $(REQUIREMENTS)/build.lock packaging/install_command.py
	@echo "Installing what PrivacyGuard needs (about 1.1 GB on disk, once) ..."
	@rm $(VENV)/python.stamp
	@$(INSTALL) -r $(REQUIREMENTS)/build.lock
	@$(INSTALL) -r requirements.lock
	@$(BIN)/python packaging/install_command.py
	@touch $(VENV)/python.stamp $@

$(VENV)/dev.stamp: $(VENV)/runtime.stamp requirements-dev.lock
	@echo "Installing what the tests need ..."
	@rm $(VENV)/python.stamp
	@$(INSTALL) -r requirements-dev.lock
	@touch $(VENV)/python.stamp $(VENV)/runtime.stamp $@

check: setup-dev
	@$(BIN)/ruff check $(CHECKED)
	@$(BIN)/ruff format --check $(CHECKED)
	@$(BIN)/mypy $(CHECKED)
	@$(BIN)/lint-imports --no-cache

# Three side by side on two cores: many tests wait for a limit, a server or a window.
test: check
	@$(BIN)/python -m pytest -n 3 --dist loadfile

bench: setup-dev
	@$(BIN)/python -m tests.bench

screenshots: setup-dev
	@$(BIN)/python -m tests.gui.screenshots --out build/screenshots

# The installed app, in build/frozen, and its self-test with a password store of its own. It is made in an environment with
# what the app needs and PyInstaller, so nothing that the tests need can get into it.
FREEZE := build/freeze

frozen: $(FREEZE)/made.stamp
	@$(FREEZE)/bin/python -m PyInstaller --noconfirm --log-level ERROR \
		--distpath build/frozen --workpath build/frozen-work packaging/privacyguard.spec
	@du -sh build/frozen/privacyguard
	@QT_QPA_PLATFORM=offscreen $(FREEZE)/bin/python -m tests.support.keyring_session \
		"$$PWD/build/frozen/privacyguard/privacyguard" --self-test

$(FREEZE)/made.stamp: requirements.lock $(REQUIREMENTS)/build.lock $(REQUIREMENTS)/freeze.lock | system-packages
	@echo "Installing what makes the installed app (about 1.2 GB on disk, once) ..."
	@"$$($(LINUX)/find-python.sh)" -m venv --clear $(FREEZE)
	@for lock in $(REQUIREMENTS)/build.lock requirements.lock $(REQUIREMENTS)/freeze.lock; do \
		$(INSTALL:$(BIN)%=$(FREEZE)/bin%) -r $$lock || exit 1; done
	@touch $@

test-frozen: frozen setup-dev
	@FROZEN=build/frozen/privacyguard $(BIN)/python -m pytest tests/integration/test_frozen.py

# The Debian package of the frozen app, in build/deb. With SITE=https://..., where its pictures are, software centres show them.
deb: frozen setup-dev
	@$(BIN)/python packaging/linux/build_deb.py build/frozen/privacyguard build/deb $(if $(SITE),--site $(SITE))

# In a clean system made with debootstrap, as the superuser.
test-deb: deb
	@DEB=$$(ls build/deb/*.deb) $(BIN)/python -m pytest tests/integration/test_deb.py

# For whoever changes the dependencies: takes the newest versions that fit. uv resolves for every system and Python at
# once, and the lock names no index.
lock: setup
	@test -x build/uv/bin/uv || $(BIN)/python -m venv build/uv
	@build/uv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r $(REQUIREMENTS)/lock-tool.lock
	@for pair in lock-tool:$(REQUIREMENTS)/lock-tool build:$(REQUIREMENTS)/build runtime:requirements development:requirements-dev \
		freeze:$(REQUIREMENTS)/freeze; do \
		UV_PYTHON_DOWNLOADS=never build/uv/bin/uv pip compile $(REQUIREMENTS)/$${pair%%:*}.in \
			--output-file $${pair##*:}.lock --override $(REQUIREMENTS)/overrides.txt --universal \
			--generate-hashes --no-emit-index-url --python-version 3.11 --quiet --upgrade \
			--custom-compile-command "make lock" || exit 1; done

clean:
	@rm -rf $(VENV) build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
