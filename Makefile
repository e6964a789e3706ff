# Everything starts here: `make demo`, `make test`, `make check`, `make bench`. `make help` lists the rest.

SHELL := /bin/bash
.DEFAULT_GOAL := help
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
NODE_INSTALLED := node_modules/.installed
LOCK := $(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-emit-index-url \
        --no-emit-trusted-host --no-emit-find-links

.PHONY: help demo audit replay test tests test-long mutants check format extensions bench browser install lock clean

help:  ## This list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

demo: $(INSTALLED)  ## A whole shop on this machine: sandbox, app, 24 months of orders, new ones coming in
	@[ -e $(NODE_INSTALLED) ] || scripts/node.sh || echo "Node's packages could not be installed: the demo leaves out what Shopify hosts." >&2
	@exec $(BIN)/python -m demo $(ARGS)

audit: $(INSTALLED)  ## Of the demo: recompute every balance and lot
	@$(BIN)/python -m plugin.cli --env .suki/settings.env audit

replay: $(INSTALLED)  ## Of the demo: rebuild the ledger from the stored deliveries and compare
	@$(BIN)/python -m plugin.cli --env .suki/settings.env replay --check

test: check tests  ## check, then every test

tests: $(INSTALLED) $(NODE_INSTALLED) browser
	@$(BIN)/python -m pytest -n auto --dist loadfile -q -rsx $(ARGS); outcome=$$?; \
	scripts/missing.sh; exit $$outcome

test-long: $(INSTALLED) $(NODE_INSTALLED)  ## What takes minutes: kills amid clicks, every email as it looks, bodies that nobody has seen, 20,000 orders' histories, mutations
	@$(BIN)/python -m pytest -q tests/chaos/kill_nine_over_http.py
	@$(BIN)/python -m pytest -n auto -q tests/browser/gallery/whole_gallery.py tests/browser/panel/whole_panel.py $(ARGS)
	@SUKI_FUZZ_BODIES=20000 $(BIN)/python -m pytest -q tests/webhooks/test_any_body.py $(ARGS)
	@WORTH_HISTORIES=$${WORTH_HISTORIES:-20000} $(BIN)/python -m pytest -n auto -q tests/worth $(ARGS)
	@$(BIN)/python -m tests.worth.mutations

mutants: $(INSTALLED)  ## Small faults put into rules, reading and doors, one at a time: which does no test find?
	@$(BIN)/python -m tests.mutants $(ARGS)

check: $(INSTALLED)  ## Format, lint, types, house rules
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy plugin webhooks sandbox demo
	@$(BIN)/python -m pytest -q tests/test_house_rules.py

format: $(INSTALLED)  ## Format the code and mend what the linter can
	@$(BIN)/ruff check --fix-only --quiet . && $(BIN)/ruff format .

extensions: $(INSTALLED) $(NODE_INSTALLED)  ## Write the extensions' texts and types, and build their bundles
	@PYTHONPATH=. $(BIN)/python scripts/extension_locales.py write
	@PYTHONPATH=. $(BIN)/python scripts/extension_api.py write
	@npm run --silent extensions:types && npm run --silent extensions:build && npm run --silent extensions:size

bench: $(INSTALLED) $(NODE_INSTALLED)  ## Measure, side by side, against what the design asks
	@scripts/wrk.sh
	@exec $(BIN)/python -m bench $(ARGS)

install: $(INSTALLED) $(NODE_INSTALLED) browser  ## Everything that the other targets need

$(INSTALLED): requirements-dev.txt pyproject.toml scripts/venv.sh
	@scripts/venv.sh $(VENV) requirements-dev.txt
	@touch $@

$(NODE_INSTALLED): package-lock.json
	@scripts/node.sh

browser:
	@scripts/browser.sh

lock: $(INSTALLED)  ## Compile the requirements anew from pyproject.toml
	@$(LOCK) --output-file=requirements.txt pyproject.toml
	@$(LOCK) --extra=dev --output-file=requirements-dev.txt pyproject.toml

clean:  ## Remove what was installed and built; keeps the demo's data in .suki
	rm -rf $(VENV) node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis build *.egg-info
