# One command for each thing a person wants; CI runs `make ci`, so here and there are the same.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
READY := $(VENV)/.ready
# Tests run in as many processes; each has a Neo4j server of its own where there are any.
WORKERS ?= 2
TESTS := -m pytest --numprocesses $(WORKERS)
LOCK := --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate

.PHONY: check demo test ci lint types imports fix golden neo4j neo4j-next bench bench-large scale lock clean

check: lint types imports test

demo: $(INSTALLED)  ## environment, install, the sample case, its load, all packs, the money, the charts
	$(BIN)/linkwright demo linkwright-demo

test: $(READY)  ## all tests; what this machine lacks is skipped with a loud line
	$(BIN)/python $(TESTS)

ci: $(READY) lint types imports
	$(BIN)/python $(TESTS) --durations=40

lint: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(READY)
	$(BIN)/mypy -p graphdb -p cli -p tests -p bench

imports: $(READY)
	$(BIN)/lint-imports

fix: $(READY)  ## format, and mend what the linter can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

golden: $(READY)  ## write the golden files anew; read the diff before you commit it
	GRAPHDB_WRITE_GOLDEN=1 $(BIN)/python -m pytest tests/docs tests/packs -k "generated or revision or formats or innocents"

neo4j: $(READY)  ## all tests, against a real Neo4j started from Maven's jars (Java 17)
	$(BIN)/python tests/neo4j/server.py --servers $(WORKERS) -- $(BIN)/python $(TESTS)

neo4j-next: $(READY)  ## every test that needs a server, against Neo4j's newer line (Java 21 or later)
	$(BIN)/python tests/neo4j/server.py --line 2026 --servers $(WORKERS) -- \
		$(BIN)/python $(TESTS) --dist loadfile --durations=10 -m neo4j

bench: $(READY)  ## ours and others' tools on the same million payments
	$(BIN)/python -m bench

scale: $(READY)  ## how time, memory and disk grow with a case, into docs/scale.md (two hours)
	$(BIN)/python -m bench.scale --page docs/scale.md

bench-large: $(READY)  ## every pack at 100,000, a million and five million links, on Neo4j at a million: ten minutes, 11 GB
	$(BIN)/python -m bench.packs --engine neo4j --links 1000000
	$(BIN)/python -m bench.packs --page docs/bench-packs.md

$(INSTALLED): pyproject.toml requirements/run.lock
	$(PYTHON) -c "import sys; assert sys.version_info >= (3, 11), 'Linkwright needs Python 3.11 or later'"
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/run.lock
	$(BIN)/python -m pip install --quiet --no-deps --editable .
	touch $(INSTALLED)

$(READY): $(INSTALLED) requirements/dev.lock
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/dev.lock
	touch $(READY)

lock:  ## resolve the dependencies anew, for every platform, with hashes and without addresses
	uv pip compile pyproject.toml $(LOCK) -o requirements/run.lock
	uv pip compile pyproject.toml $(LOCK) --group dev -c requirements/run.lock -o requirements/dev.lock

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis linkwright-demo
