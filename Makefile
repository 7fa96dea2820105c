# make workbook: the example workbook, built and checked. make test: lint and tests. Both set up everything they need.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
OFFICE := /usr/lib/libreoffice
LOCKED := --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11

.PHONY: workbook examples test wheel reference pictures bench mutants fuzz lock lint format clean

workbook: $(STAMP)
	$(BIN)/xl-aicost build cluster --out cluster.xlsx
	$(BIN)/xl-aicost audit cluster.xlsx

examples: $(STAMP)
	for template in $(notdir $(basename $(wildcard workbooks/*.toml))); do \
		$(BIN)/xl-aicost build $$template --out workbooks/examples/$$template.xlsx || exit 1; done

test: lint
	$(BIN)/python -m pytest -n auto

# dist/xl_aicost-VERSION-py3-none-any.whl: what colleagues install until the package is published
wheel: $(STAMP)
	$(BIN)/python -m hatchling build -t wheel -d dist

# what is written from the catalogue and the model: pages of functions, claims and scenarios, what the task pane reads, the notebook
reference: $(STAMP)
	$(BIN)/python -m xl_aicost.hosts.reference > docs/functions.md
	$(BIN)/python -m xl_aicost.hosts.reference help > udfs/excel_server/static/functions.html
	$(BIN)/python -m xl_aicost.hosts.reference pane > udfs/excel_server/static/pane.json
	$(BIN)/python -m xl_aicost.hosts.reference interface > udfs/libreoffice/functions.idl
	test ! -x $(OFFICE)/sdk/bin/unoidl-write || $(OFFICE)/sdk/bin/unoidl-write $(OFFICE)/program/types.rdb \
		$(OFFICE)/program/types/offapi.rdb udfs/libreoffice/functions.idl udfs/libreoffice/functions.rdb
	$(BIN)/python -m xl_aicost.catalogue.claims > docs/claims.md
	$(BIN)/python -m xl_aicost.catalogue.scenarios > docs/scenarios.md
	$(BIN)/python -m xl_aicost.catalogue.scenarios picture > docs/images/scenarios.svg
	$(BIN)/python -m tests.notebook

# the pictures of README and docs/pages.md, from built workbooks; needs LibreOffice and Poppler
pictures: $(STAMP)
	$(BIN)/python -m tests.pictures

# random cases for an hour, with a coverage-guided fuzzer
fuzz: $(STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check atheris==3.0.0
	$(BIN)/python -m tests.fuzz

# small faults put into our own code, a sample of 400: which do the tests notice? Takes hours; COUNT and ROOM narrow it
mutants: $(STAMP)
	$(BIN)/python -m tests.mutation $(or $(COUNT),400) $(ROOM)

# measures every figure of docs/performance.md; takes less than ten minutes
bench: $(STAMP)
	$(BIN)/python -m benchmarks.run

lint: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(STAMP)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# what is installed, with a hash for each file, and a bill of the materials that a user gets; after a change of pyproject.toml
lock:
	rm -rf build/tools build/runtime && $(PYTHON) -m venv build/tools && $(PYTHON) -m venv --without-pip build/runtime
	build/tools/bin/python -m pip install --quiet --disable-pip-version-check uv cyclonedx-bom
	build/tools/bin/uv pip compile pyproject.toml --all-extras $(LOCKED) -o requirements.lock
	build/tools/bin/uv pip compile pyproject.toml $(LOCKED) --constraints requirements.lock -o build/runtime.txt
	build/tools/bin/python -m pip --python build/runtime install --quiet --disable-pip-version-check --require-hashes -r build/runtime.txt
	build/tools/bin/cyclonedx-py environment build/runtime --pyproject pyproject.toml --mc-type library --output-reproducible -o bom.cdx.json

$(STAMP): pyproject.toml requirements.lock
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is " + sys.version.split()[0])'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $(STAMP)

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
