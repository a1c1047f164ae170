# One release build serves run, test and bench: building the tests as well compiles nothing twice.
# Everything is relative to this directory, whose path may contain spaces.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup build run test soak bench prices lint format

# An import that Package.swift does not name is an error: the rings of docs/architecture.md.
FLAGS := -c release --explicit-target-dependency-import-check error

help: ## says what the targets do
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | expand -t 8

setup: ## installs what is missing (Debian packages; asks sudo if need be)
	@./scripts/install-prerequisites.sh $(FOR_TESTS)

build: setup
	swift build $(FLAGS)

run: build ## runs the service in the foreground, with a sample ledger
	@exec ./scripts/run.sh "$$(swift build $(FLAGS) --show-bin-path)/tally"

test soak: FOR_TESTS := --for-tests

test: setup ## runs every test, or those of some targets: make test ONLY=PricingTests,ExportTests
	TALLY_ONLY=$(ONLY) swift build $(FLAGS) --build-tests
	@TALLY_ONLY=$(ONLY) ./scripts/test.sh $(FLAGS) --skip-build --disable-xctest

soak: setup ## runs the exhaustive and fault tests too
	swift build $(FLAGS) --build-tests
	@TALLY_SOAK=1 ./scripts/test.sh $(FLAGS) --skip-build --disable-xctest

bench: build ## measures this machine, each figure beside its limit
	@exec "$$(swift build $(FLAGS) --show-bin-path)/tally" bench all

prices: build ## makes the built-in price book again from its sources, and audits it
	python3 scripts/make-default-price-book.py --tally "$$(swift build $(FLAGS) --show-bin-path)/tally"

lint: ## checks format, file lengths, scripts and the compose file
	@./scripts/lint.sh

format: ## rewrites the Swift files in the house style
	swift format --in-place --recursive --parallel Sources Tests Benchmarks Examples migrations Package.swift
