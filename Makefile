# Everything runs from .venv, which `make venv` builds and keeps up with pyproject.toml.
PYTHON ?= python3
BIN := .venv/bin
CORES ?= 2
N ?= 2000
FORMATS := txt docx pdf html

.PHONY: venv run test lint check fuzz update samples bench bench-tools docs clean

venv: .venv/.installed

.venv/.installed: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo 'planparse needs Python 3.11 or later; name one: make PYTHON=python3.12' >&2; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	touch $@

# Every sample in every format, as JSON and as YAML, into out/.
run: venv
	$(BIN)/planparse ingest $(foreach format,$(FORMATS),$(wildcard samples/*/*.$(format))) --out out --format json,yaml

test: venv
	$(BIN)/python -m pytest -n $(CORES) --cov --cov-report=term

lint: venv
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/planparse schema --check
	$(BIN)/planparse grammar test

check: lint test

# N mutated files a format: none may crash, hang, eat memory or fail without a sentence. What falls is kept in out/fuzz.
fuzz: venv
	$(BIN)/python -m tests.fuzz $(N)

# Writes the snapshots anew and then fails, so that the difference is read before it is committed.
update: venv
	PLANPARSE_UPDATE=1 $(BIN)/python -m pytest -p no:cacheprovider tests/test_samples.py -k snapshot

samples: venv
	$(BIN)/python samples/make.py

bench: venv
	$(BIN)/python -m benchmarks

# planparse beside other tools; TOOLS_PYTHON is a Python that has pdfplumber, markitdown, kreuzberg … (pip install them there).
TOOLS_PYTHON ?= $(BIN)/python
bench-tools: venv
	$(BIN)/python -m benchmarks.tools $(foreach tool,pdfplumber markitdown kreuzberg xberg docling,--python $(tool)=$(TOOLS_PYTHON))

# The site, into build/site; a warning is an error.
docs: venv
	$(BIN)/python docs/generate.py --check
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

clean:
	rm -rf .venv out build dist .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -prune -exec rm -rf {} +
