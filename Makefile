# make workbook: the example workbook, built and checked. make test: lint and tests. Both set up everything they need.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: workbook examples test bench fuzz lint format clean

workbook: $(STAMP)
	$(BIN)/xl-aicost build cluster --out cluster.xlsx
	$(BIN)/xl-aicost audit cluster.xlsx

examples: $(STAMP)
	for template in $(notdir $(basename $(wildcard workbooks/*.toml))); do \
		$(BIN)/xl-aicost build $$template --out workbooks/examples/$$template.xlsx || exit 1; done

test: lint
	$(BIN)/python -m pytest -n auto

# every figure of docs/performance.md; takes a quarter of an hour
fuzz: $(STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check atheris
	$(BIN)/python -m tests.fuzz

bench: $(STAMP)
	$(BIN)/python -m benchmarks.run

lint: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: $(STAMP)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

$(STAMP): pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is " + sys.version.split()[0])'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[scale,test,dev]'
	touch $(STAMP)

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
