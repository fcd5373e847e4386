# Everything a person does here. `make help` lists it.
SHELL := /bin/bash
PORT ?= 8000
ENGINE ?= moto
SCALE ?= 5000
SEED ?= 7
STAGE ?= dev
FRONT ?= rest
ONLY ?=
# A launch on paper: people a second in its busiest minute, minutes that they come, what all mail providers take.
RATE ?= 1333
MINUTES ?= 1440
MAILS_PER_SECOND ?= 14
PREPARED ?=
OUT ?= build/surge-plan.svg
CHROMIUM ?= $(shell .ci/find-browser)
# A draw on paper: what is empty here is as infra/draw_plan/options.py says.
ENTRIES ?=
QUOTA ?=
SCHEME ?=
AGAINST ?=
SET ?=
SHARE ?=
DRAWS ?= 20
FROM ?=
# Looked for only when the environment is made, not on every call.
PYTHON ?= $(shell .ci/find-python)
BIN := .venv/bin
# The application refuses to be imported without these; tests and packaging bring their own where they differ.
AWS_DEFAULT_REGION ?= ap-southeast-3
export STAGE AWS_DEFAULT_REGION
export PYTHONUNBUFFERED := 1
ENGINES := $(if $(filter ministack,$(ENGINE)),.venv-ministack/.installed)

# The simulator: how many seeds, the first of them, and on how many processors.
SEEDS ?= 1000
PROCESSES ?=
LIFE_ENGINE = $(if $(filter command environment,$(word 1,$(origin ENGINE))),--engine $(ENGINE))
LIFE_SEED = $(if $(filter command environment,$(word 1,$(origin SEED))),--seed $(SEED))
LIFE_MINUTES = $(if $(filter command environment,$(word 1,$(origin MINUTES))),--minutes $(MINUTES))
LIFE_PROCESSES = $(if $(PROCESSES),--processes $(PROCESSES))
SIMULATOR = STAGE=local $(BIN)/python -m tests.simulation.life

.PHONY: help run demo test test-ministack test-browser check format package docs bench surge-plan draw-plan clean
.PHONY: simulate replay crash-sweep planted-bugs
.DEFAULT_GOAL := help

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

run: .venv/.installed $(ENGINES) ## the whole platform here, at http://127.0.0.1:PORT (PORT=8000 ENGINE=moto|ministack)
	@$(BIN)/python -m infra.local.run --port $(PORT) --engine $(ENGINE) --seed $(SEED)

demo: .venv/.installed $(ENGINES) ## the launch day at 1:SCALE (SCALE=5000 SEED=7 ENGINE=moto|ministack)
	@$(BIN)/python -m infra.local.demo --scale $(SCALE) --seed $(SEED) --engine $(ENGINE)

test: .venv/.installed ## all tests
	@STAGE=local $(BIN)/python -m pytest -n 2 -m "not package and not ministack"

test-ministack: .venv/.installed .venv-ministack/.installed ## the tests that need the faithful engine
	@STAGE=local timeout 900 $(BIN)/python -m pytest -m ministack

test-browser: .venv/.installed tests/browser/node_modules/.installed ## the pages that compute, in a browser (CHROMIUM=FILE)
	@CHROMIUM="$(CHROMIUM)" node --test --test-reporter=spec tests/browser/

check: .venv/.installed ## style, types, import rules, packaged template, cfn-lint, generated documents
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m infra.docs --check
	STAGE=local $(BIN)/python -m pytest -m package

format: .venv/.installed ## put the code into shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

package: .venv/.installed ## template and zip of one stage, in build/package (STAGE=dev FRONT=rest|http-api|direct-queue|own-function)
	$(BIN)/python -m infra.package --stage $(STAGE) --front $(FRONT) --out build/package

docs: .venv/.installed ## write the generated documents anew
	$(BIN)/python -m infra.docs

bench: .venv/.installed $(if $(filter draw%,$(ONLY)),.venv-sortition/.installed) ## one JSON line per figure (ONLY=NAME; REGISTRATIONS=2000 makes surge_replay short)
	@STAGE=local $(BIN)/python -m tests.benchmarks $(if $(ONLY),--only $(ONLY))

surge-plan: .venv/.installed ## a launch on AWS, on paper (RATE=1333 MINUTES= MAILS_PER_SECOND= FRONT= PREPARED=yes OUT=FILE.svg)
	@STAGE=local $(BIN)/python -m infra.surge --rate $(RATE) --minutes $(MINUTES) --mails-per-second $(MAILS_PER_SECOND) \
		--front $(FRONT) $(if $(PREPARED),--prepared) --out $(OUT)

draw-plan: OUT = build/draw-plan.svg
draw-plan: .venv/.installed ## a wave drawn on paper (SCHEME=2023 AGAINST=2020 ENTRIES= QUOTA= SET=women=400 FROM=FILE OUT=FILE.svg)
	@STAGE=local $(BIN)/python -m infra.draw_plan --seed $(SEED) --draws $(DRAWS) $(if $(ENTRIES),--entries $(ENTRIES)) \
		$(if $(QUOTA),--quota $(QUOTA)) $(if $(SCHEME),--scheme $(SCHEME)) $(if $(AGAINST),--against $(AGAINST)) \
		$(if $(SET),--set $(SET)) $(if $(SHARE),--share $(SHARE)) $(if $(FROM),--from $(FROM)) --out $(OUT)

# ENGINE is moto by default for the laptop; lives are simulated on fakes unless the command line says otherwise.
simulate: .venv/.installed ## whole lives under faults (SEEDS=1000 FROM=1 MINUTES= SEED= ENGINE=moto, else on fakes)
	@$(SIMULATOR) simulate --seeds $(SEEDS) $(if $(FROM),--from $(FROM)) $(LIFE_MINUTES) $(LIFE_SEED) $(LIFE_ENGINE) \
		$(LIFE_PROCESSES)

replay: .venv/.installed ## one life again, byte for byte, with its log (SEED=)
	@$(SIMULATOR) replay --seed $(SEED) $(LIFE_ENGINE)

crash-sweep: .venv/.installed ## every call of a life, cut off in three ways
	@$(SIMULATOR) crash-sweep $(LIFE_PROCESSES)

planted-bugs: .venv/.installed ## bugs put in on purpose: each must be found
	@$(SIMULATOR) planted-bugs $(LIFE_PROCESSES)

clean: ## what was made here
	rm -rf .venv .venv-ministack .venv-sortition tests/browser/node_modules .local build .mypy_cache .ruff_cache \
		.pytest_cache .hypothesis

.venv/.installed: requirements.txt requirements-dev.txt
	@echo "making the virtual environment (once) ..."
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

tests/browser/node_modules/.installed: tests/browser/package-lock.json
	@.ci/find-browser > /dev/null
	@echo "fetching what drives the browser (once) ..."
	@cd tests/browser && npm ci --silent --no-audit --no-fund
	@touch $@

.venv-ministack/.installed: requirements-ministack.txt
	@echo "making ministack's virtual environment (once) ..."
	@$(PYTHON) -m venv .venv-ministack
	@.venv-ministack/bin/python -m pip install --quiet --disable-pip-version-check -r requirements-ministack.txt
	@touch $@

.venv-sortition/.installed: requirements-sortition.txt
	@echo "making sortition-algorithms' virtual environment (once) ..."
	@$(PYTHON) -m venv .venv-sortition
	@.venv-sortition/bin/python -m pip install --quiet --disable-pip-version-check -r requirements-sortition.txt
	@touch $@
