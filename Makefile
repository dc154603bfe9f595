# The two commands of the README, and the ones for people who change the code. Each is a thin line.
PORT ?= 8000
ARGS ?=
export PYTHON
# The tests start hundreds of programs: what was compiled for one is there for the next.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test check bench soak

run: ## a demo site at http://127.0.0.1:$(PORT)
	@.dev/setup
	@exec .venv/bin/course-engine demo --data instance --port $(PORT)

test: ## the whole suite; ARGS="tests/web -k sign" for a part of it
	@.dev/setup test
	@.venv/bin/pytest --numprocesses=logical --maxprocesses=4 --dist=worksteal $(ARGS)

check: ## format, lint, types, import contracts, and advice on size
	@.dev/setup test
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	@.venv/bin/python .dev/sizes.py

soak: ## everything that takes long: all themes and widths, many kills, wide searches; needs root
	@.dev/setup test
	@HYPOTHESIS_PROFILE=wide .venv/bin/pytest --numprocesses=logical --soak $(or $(ARGS),tests/soak \
		tests/browser/test_every_page.py tests/web/test_server.py tests/properties)

bench: ## budgets, printed as ratios
	@.dev/setup test
	@.venv/bin/python -m tests.bench
