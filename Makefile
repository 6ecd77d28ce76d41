# Everything that is done with this project. `make` alone lists it.
# PYTHON=/path chooses the Python, DATABASE_URL another database than the embedded one.

HOST ?= 127.0.0.1
PORT ?= 8000
ARGS ?=
CLIENTS ?= 10000
NAMES ?=

bootstrap := scripts/with-python.sh scripts/bootstrap.py
python := .venv/bin/python
# The locks carry no index address, only names, versions and hashes, so that they serve behind any mirror.
compile = $(python) scripts/run_uv.py pip compile --quiet $(if $(UPGRADE),--upgrade) --python-version 3.12 --universal \
	--generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup demo data test screenshots bench check format lock stop clean check-format check-lint check-types check-layers \
	check-templates check-migrations check-deployment check-audit check-tests

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

setup: ## make .venv from the lock, build the style sheet, collect the static files
	@$(bootstrap)

demo: ## set up, load demo data and serve on http://localhost:8000/ (HOST=, PORT=)
	@scripts/with-python.sh scripts/check_port.py "$(HOST)" "$(PORT)"
	@$(bootstrap)
	@$(python) manage.py load_demo
	@exec $(python) manage.py serve --host "$(HOST)" --port "$(PORT)"

data: setup ## fill the database with synthetic clients (CLIENTS=10000; FORCE=1 where there are clients already)
	@$(python) manage.py migrate --verbosity 0
	@$(python) -m tests.benchmarks.synthetic --clients "$(CLIENTS)" $(if $(filter 1,$(FORCE)),--force) $(ARGS)

test: setup ## run the tests on a throw-away database server (ARGS="tests/clients -k merge")
	@$(python) -m pytest $(ARGS)

screenshots: setup ## a picture of every page at both widths in both themes, into .data/screenshots
	@$(python) -m pytest -m long tests/browser/test_all_pages.py

bench: setup ## how fast it is, against the bare SQL for the same work (CLIENTS=10000, NAMES="run merge", ARGS="--write FILE")
	@$(python) -m tests.benchmarks $(NAMES) --clients $(CLIENTS) $(ARGS)

check: setup ## what CI runs: format, lint, types, import layers, templates, migrations, deployment settings, known vulnerabilities, tests
	@$(MAKE) --no-print-directory --keep-going check-format check-lint check-types check-layers check-templates \
		check-migrations check-deployment check-audit check-tests

check-format:
	$(python) -m ruff format --check .

check-lint:
	$(python) -m ruff check .

check-types:
	$(python) -m mypy

check-layers:
	.venv/bin/lint-imports --no-logo

check-templates:
	$(python) -m djlint --lint --quiet templates
	@! LC_ALL=C.UTF-8 grep -rnE --include='*.html' '.{121}' templates || { echo "Lines over 120 characters: wrap them."; false; }

check-migrations:
	@echo "manage.py makemigrations --check, and what each migration locks"
	@export DATABASE_URL="$${DATABASE_URL:-$$($(python) -m billing_admin.embedded_database start --throw-away)}"; \
		$(python) manage.py makemigrations --check --dry-run && $(python) -m tests.upgrades.lint

# As in production: behind TLS, with a key from the environment. The tests that follow stop the server.
check-deployment:
	@echo "manage.py check --deploy"
	@DATABASE_URL="$${DATABASE_URL:-$$($(python) -m billing_admin.embedded_database start --throw-away)}" \
		DJANGO_SECRET_KEY="$$($(python) -c 'import secrets; print(secrets.token_urlsafe(60))')" \
		BILLING_HTTPS=1 BILLING_TRUSTED_PROXIES=127.0.0.1 DJANGO_ALLOWED_HOSTS=billing.example.com DJANGO_DEBUG=0 $(python) manage.py check --deploy --fail-level WARNING

check-audit: # skipped, with a word, where what is known cannot be looked up
	$(python) scripts/audit.py

check-tests: # last, so that the last line says how the tests went
	$(python) -m pytest $(ARGS)

format: setup ## format the code and mend what the linter can
	$(python) -m ruff check --fix .
	$(python) -m ruff format .

lock: setup ## compile the lock files from pyproject.toml (UPGRADE=1 takes newer versions)
	$(compile) --group tools -o requirements-tools.lock
	$(compile) pyproject.toml --group dev -o requirements.lock
	@$(bootstrap)

stop: ## stop the embedded database server
	@if [ -x $(python) ]; then $(python) -m billing_admin.embedded_database stop; fi

clean: ## remove all that `make setup` and the tests made; the database stays (it is in .data/)
	@if [ -x $(python) ]; then $(python) -m billing_admin.embedded_database stop --throw-away >/dev/null; fi
	rm -rf .venv .tools .static billing_admin/static/build .data/throw-away-postgres
	rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis test-results
