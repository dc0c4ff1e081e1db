# What a contributor needs; `make help` lists it. Only Python 3.11+ and make are expected on the machine.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready

# The demo takes a real release where there is one, else the embedded sample.
SHARED_DATA := $(wildcard ../shared/data/esco/v1.1.1)
SHARED_PAGE := $(wildcard ../shared/data/seed/occupational-therapy-assistant.txt)
ESCO_DATA   ?= $(SHARED_DATA)
PAGE        ?= $(SHARED_PAGE)
export ESCO_DATA

.PHONY: help demo test lint types check format context shapes-doc bench dist clean

help:           ## list the targets
	@grep -E '^[a-z-]+: .*##' Makefile | sed 's/:.*## /\t/' | expand -t 12

demo: $(READY)  ## build a graph, import a page, validate, answer, export to out/
	$(BIN)/esco-graph demo $(if $(PAGE),--page '$(PAGE)') --out out

test: $(READY)  ## run all tests
	$(BIN)/python -m pytest -n 2 --dist loadgroup

lint: $(READY)  ## ruff and codespell
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/codespell README.md CHANGELOG.md docs src queries shapes ontology

types: $(READY) ## mypy --strict
	$(BIN)/mypy

check: lint types test ## all of it

format: $(READY) ## format the code
	$(BIN)/ruff format .

context: $(READY) ## make ontology/context.jsonld again from the prefixes and the ontology
	$(BIN)/python -m esco_graph.publish.context > ontology/context.jsonld.new
	mv ontology/context.jsonld.new ontology/context.jsonld

shapes-doc: $(READY) ## make docs/shapes.md again from the shapes, checks, policies and fixes
	$(BIN)/python tools/make_shapes_doc.py > docs/shapes.md.new
	mv docs/shapes.md.new docs/shapes.md

bench: $(READY)  ## measure; needs a real release in ESCO_DATA (benchmarks/validation.py and w3c.py need the extra "bench")
	$(BIN)/python benchmarks/core.py

dist: $(READY)  ## build the wheel
	$(BIN)/python -m build --wheel

clean:          ## remove what was made here
	rm -rf $(VENV) out dist build .pytest_cache .mypy_cache .ruff_cache

$(READY): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[dev]'
	touch $@
