# One command for each thing a person wants; CI runs `make ci`, so here and there are the same.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
READY := $(VENV)/.ready

.PHONY: check demo test ci fix golden neo4j docs clean

check: lint types imports test

demo: $(INSTALLED)  ## environment, install, the sample case, its load, all packs, the chart
	$(BIN)/linkwright demo linkwright-demo

test: $(READY)  ## all tests; what this machine lacks is skipped with a loud line
	$(BIN)/python -m pytest

ci: $(READY) lint types imports
	$(BIN)/python -m pytest

lint: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(READY)
	$(BIN)/mypy -p graphdb -p cli -p tests

imports: $(READY)
	$(BIN)/lint-imports

fix: $(READY)  ## format, and mend what the linter can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

golden: $(READY)  ## write the golden files anew; read the diff before you commit it
	GRAPHDB_WRITE_GOLDEN=1 $(BIN)/python -m pytest tests/docs

neo4j: $(READY)  ## all tests, against a real Neo4j started from Maven's jars (Java 17)
	$(BIN)/python tests/neo4j/server.py -- $(BIN)/python -m pytest

$(INSTALLED): pyproject.toml
	$(PYTHON) -c "import sys; assert sys.version_info >= (3, 11), 'Linkwright needs Python 3.11 or later'"
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable .
	touch $(INSTALLED)

$(READY): $(INSTALLED)
	$(BIN)/python -m pip install --quiet --group dev
	touch $(READY)

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis linkwright-demo
