# What one does with this repository. `make help` lists it.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

CC := $(shell command -v cc || command -v clang)
PYTHON ?= python3
RELEASE := .build-release
# Relative relocations are packed: 1.2 MB less for every process to read, validators' among them. What nothing outside
# looks up is not exported, so that what nothing inside uses can be left out.
BUILD := swift build -c release --disable-local-rpath --static-swift-stdlib -Xswiftc -use-ld=lld \
	-Xlinker -z -Xlinker pack-relative-relocs -Xlinker --no-export-dynamic -Xlinker --icf=safe \
	-Xswiftc -cross-module-optimization --experimental-lto-mode=full --scratch-path $(RELEASE)
MOONGATE := $(RELEASE)/release/moongate
BENCH := .build-bench
BENCH_FLAGS ?=
FUZZ := .build-fuzz
FUZZ_SECONDS ?= 5

.PHONY: help setup build demo test lint bench fuzz size clean

help: ## list what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 9

setup: .venv/ready .venv-modern/ready ## install what is missing: system packages, Python packages

build: ## build the release program, one file without libraries of its own to install
	@.ci/packages
	$(BUILD) --product moongate

demo: setup build ## watch an agent meet the policy of examples/luma
	@.venv/bin/python examples/luma/demo.py --moongate $(MOONGATE)

test: setup build ## run everything that proves it
	swift test
	.venv/bin/python -m pytest -c Tests/Interop/pytest.ini Tests/Interop

lint: ## hold the sources against the house rules
	@.ci/packages
	swift format lint --strict --recursive Package.swift Sources Tests Fuzz Benchmarks
	git ls-files -z -co --exclude-standard '*.lua' ':!Tests' | xargs -0 -r -n 1 luac5.4 -p --
	$(PYTHON) .ci/tidy.py

bench: build $(BENCH)/echo $(BENCH)/relay $(BENCH)/bench ## measure what the proxy adds, beside a bare relay, deciding and counting
	$(BUILD) --product deciding
	$(BUILD) --product counting
	$(BENCH)/bench --moongate $(MOONGATE) --policies Benchmarks/policies $(BENCH_FLAGS)
	$(RELEASE)/release/deciding --policies Benchmarks/policies $(BENCH_FLAGS)
	$(RELEASE)/release/counting $(filter --json --check,$(BENCH_FLAGS))

fuzz: ## feed arbitrary bytes to all that must stand them, FUZZ_SECONDS each
	@.ci/packages
	@.ci/fuzz $(FUZZ) $(FUZZ_SECONDS)

size: build ## show that the program is small, and needs nothing beyond libc and libstdc++
	@.ci/size $(MOONGATE)

clean: ## remove all that was built or installed here
	rm -rf .build .build-* .venv .venv-modern

$(BENCH)/%: Benchmarks/%.c
	@.ci/packages
	@mkdir -p $(BENCH)
	$(CC) -std=c17 -D_GNU_SOURCE -O2 -Wall -Wextra -Werror -o $@ $<

.venv/ready: Tests/Interop/requirements.txt
	@.ci/packages
	$(PYTHON) -m venv --clear .venv
	.venv/bin/python -m pip install --quiet --disable-pip-version-check --requirement $<
	# The source of jsonschema brings the suite of JSON Schema 2020-12 along, which Debian does not have.
	.venv/bin/python -m pip download --quiet --disable-pip-version-check --no-deps --no-binary jsonschema \
		--dest .venv/schema-suite jsonschema==4.23.0
	tar xzf .venv/schema-suite/jsonschema-4.23.0.tar.gz -C .venv/schema-suite --strip-components=1
	@touch $@

.venv-modern/ready: Tests/Interop/requirements-modern.txt
	@.ci/packages
	$(PYTHON) -m venv --clear .venv-modern
	.venv-modern/bin/python -m pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@
