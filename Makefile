# Leeward: make help
SHELL := /bin/sh
PY := .venv/bin/python
PYTHON3 := $(shell command -v python3 || command -v python3.13 || command -v python3.12)

.PHONY: help setup dev demo run test check mutants bench load chaos docs docs-site fuzz messages package sbom audit

help: ## Show what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## Make .venv with the command .venv/bin/leeward
	@$(PYTHON3) tools/bootstrap.py

dev: ## The same with the tools for tests and checks
	@$(PYTHON3) tools/bootstrap.py --dev

demo: setup ## Play the main job against a small world on loopback, then keep the site open
	@.venv/bin/leeward demo

run: setup ## A real, empty installation in ./var: questions first, then serve
	@.venv/bin/leeward setup --if-needed
	@.venv/bin/leeward serve

test: dev ## Run the tests, browser ones included, and a third of the long ones (SHARE=all: all; SLICE=notices: those of one folder, on SQLite)
	@$(if $(SHARE),LEEWARD_TEST_SHARE=$(SHARE) )$(PY) tools/run_tests.py $(if $(SLICE),--only sqlite tests/$(SLICE))

check: dev ## Style, types, import contracts, migrations, templates, words, terms, messages, documents
	@$(PY) tools/run_checks.py

format: dev ## Format Python and the HTML templates
	@.venv/bin/ruff format -q . && $(PY) -m tools.templates

mutants: dev ## Is every rule tested? Changes rules one small thing at a time (SLICE=people: one slice)
	@$(PY) tools/mutants.py $(SLICE)

bench: dev ## Measure against peers in the same run and print ratios
	@$(PY) -m bench

load: dev ## People at all faces at once: what is lost, how soon, how much memory (ARGS="--reports 100 --views 300 --minutes 10")
	@$(PY) -m bench.load $(ARGS)

chaos: dev ## Break a whole installation by chance, and see what must hold (SEED=7 FAULTS=1000 MINUTES=50)
	@$(PY) -m tests.chaos $(if $(SEED),--seed $(SEED)) $(if $(FAULTS),--faults $(FAULTS)) $(if $(MINUTES),--minutes $(MINUTES)) $(if $(ONLY),--only "$(ONLY)") $(if $(HOUSE),--house $(HOUSE))

docs: dev ## Make docs/reference from the code
	@$(PY) tools/make_docs.py

docs-site: dev ## Make the documentation a site in dist/docs, with search and a picture of each screen
	@$(PY) tools/docs_site.py

fuzz: dev ## Give every parser and decoder damaged input for ten minutes (SECONDS=60: for one)
	@$(PY) -m tests.fuzz --seconds $(or $(SECONDS),600)

messages: dev ## Collect the texts for translators and compile the catalogues
	@$(PY) -m leeward.languages.messages collect && $(PY) -m leeward.languages.messages compile

package: dev ## Make wheel, source archive and Debian package in dist/, with the bill of materials
	@$(PY) -m shipping package

sbom: dev ## Make the bill of materials (CycloneDX) in dist/
	@$(PY) -m shipping bill

audit: dev ## Ask for advisories about what is locked (needs the network)
	@$(PY) -m shipping audit
