# Needs Python 3.11 or newer and GNU make; everything else is brought along. `make` alone lists the targets.

PYTHON ?= python3
UV_VERSION := 0.13.8
BIN := .venv/bin
ARGS ?=

.PHONY: help run chat install test test-thorough lint format messages screenshots bench reset clean

help:
	@echo "make run          the whole clinic at http://127.0.0.1:8000 (PORT=... for another port)"
	@echo "make chat         talk with the chatbot of 'make run' in this terminal (ARGS=\"--as patient@example.org\")"
	@echo "make test         all tests, the ones in a browser too (ARGS=... goes to pytest)"
	@echo "make test-thorough  what takes minutes: servers killed and cut off, every page and form with harmful text"
	@echo "make lint         style, types and import rules"
	@echo "make format       put the code into the one format"
	@echo "make messages     bring the translations up to date with the source, and compile them"
	@echo "make screenshots  pictures of the pages"
	@echo "make bench        how to run the benchmarks"
	@echo "make reset        erase the local data: the next 'make run' begins with a fresh demo"
	@echo "make clean        remove what was installed and cached; the data stay"

install: .venv/.installed
	@:

# The stamp is newer than the lock file when the environment is what the lock file says.
.venv/.installed: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Python 3.11 or newer is needed, and '$(PYTHON)' is none: name one, as in 'make run PYTHON=python3.12'." >&2; \
	  exit 1; }
	@$(BIN)/python -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	  || $(PYTHON) -m venv --clear .venv \
	  || { rm -rf .venv; \
	  echo "'$(PYTHON) -m venv' does not work here; on Debian and Ubuntu it needs the package python3-venv." >&2; \
	  exit 1; }
	@echo "Installing into .venv ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@$(BIN)/python -m uv pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock
	@touch $@

run: install
	@exec $(BIN)/python -m clinic.embedded --stop-with-parent run

chat: install
	@settings="$$($(BIN)/python -m clinic.embedded env)" && eval "$$settings" && exec $(BIN)/python manage.py chat $(ARGS)

test: install
	@$(BIN)/python -m tests.chromium
	$(BIN)/python -m pytest -n 2 --dist loadgroup -m "not thorough" $(ARGS)

test-thorough: install
	@$(BIN)/python -m tests.chromium
	$(BIN)/python -m pytest -n 2 --dist loadgroup -m thorough $(ARGS)

lint: install
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m mypy
	$(BIN)/lint-imports

format: install
	$(BIN)/python -m ruff check --fix .
	$(BIN)/python -m ruff format .

messages: install
	@$(BIN)/python -m tests.i18n.catalogue

screenshots: install
	@$(BIN)/python -m tests.chromium
	$(BIN)/python -m tests.screenshots $(ARGS)

bench:
	@echo "Benchmarks are run by hand, one at a time, on a machine that does nothing else: see bench/README.md."

reset: install
	@$(BIN)/python -m clinic.embedded reset

clean:
	rm -rf .venv .mypy_cache .ruff_cache .import_linter_cache .hypothesis .pytest_cache staticfiles test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
