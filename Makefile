# Every recipe is one line or one script: what CI runs is what a developer runs.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PORT   ?= 6432
FILTER ?=
ARGS   ?=

TIGGER  := Tigger.Proxy/bin/Release/net10.0/tigger
BENCH   := Tigger.Tests/Benchmarks/bin/Release/net10.0/Tigger.Benchmarks.dll
SOURCES := $(shell find Tigger.Bpf -name '*.[ch]' ! -name vmlinux.h 2>/dev/null)

# The built executable looks for the runtime in the system's place only; an SDK in a home directory needs this hint.
ifneq ($(shell command -v dotnet),)
export DOTNET_ROOT ?= $(patsubst %/,%,$(dir $(realpath $(shell command -v dotnet))))
endif
export DOTNET_CLI_TELEMETRY_OPTOUT := 1
export DOTNET_NOLOGO := 1

.PHONY: help deps build run test-deps test test-packages docs soak bench bench-report format check-format clean

help: ## print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

deps: ## install what is missing of PostgreSQL, PgBouncer, clang and libbpf (no-op when all is there)
	@deploy/install-deps.sh

# Build servers would outlive the build and hold its output pipe open, so `make … | tee` would never end.
build: ## build everything; the executable is Tigger.Proxy/bin/Release/net10.0/tigger
	@dotnet build -c Release Tigger.sln --nologo -v minimal --disable-build-servers

run: deps build ## start a throwaway PostgreSQL with Tigger in front (PORT=6432)
	@$(TIGGER) demo --port $(PORT)

test-deps: ## install what deps does, and what only the tests need: an LDAP server, drivers of other languages, tmux, Chromium
	@deploy/install-deps.sh tests
	@cd Tigger.Tests/Drivers/node; [ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --silent

test: test-deps build ## run all tests and print the totals (FILTER=part of a name)
	@Tigger.Tests/run-tests.sh "$(FILTER)"

# Beside the tests proper, because it installs a Docker engine and downloads a Debian.
test-packages: test-deps build ## build the container image, the Debian package and the Helm chart, and test them
	@deploy/install-deps.sh packages
	@TEST_OUT=artifacts/test-packages Tigger.Tests/run-tests.sh "/[Packages=yes]"

docs: build ## write the parts of docs/ that are generated: the configuration reference
	@$(TIGGER) reference >docs/configuration.md

soak: test-deps build ## run the long tests at full size: a million answers, minutes of pgbench, gigabytes that wait
	@TIGGER_SOAK=1 TEST_TIMEOUT=$${TEST_TIMEOUT:-2h} Tigger.Tests/run-tests.sh "/[Soak=yes]"

bench: deps build ## pgbench side by side: direct, PgBouncer, Tigger (ARGS="--help" lists the options)
	@dotnet $(BENCH) $(ARGS)

bench-report: deps build ## the whole matrix and a page with charts, artifacts/bench-report; goes on where it ended (ARGS="--help")
	@dotnet $(BENCH) report $(ARGS)

format: ## format the C# sources, and the C sources where clang-format is there
	@dotnet format Tigger.sln
	@$(if $(SOURCES),if command -v clang-format >/dev/null; then clang-format -i $(SOURCES); fi,:)

check-format: ## fail where `make format` would change a file
	@dotnet format Tigger.sln --verify-no-changes
	@$(if $(SOURCES),if command -v clang-format >/dev/null; then clang-format --dry-run -Werror $(SOURCES); fi,:)

clean: ## remove everything that was built or measured
	@rm -rf artifacts TestResults Tigger.Bpf/build Tigger.*/bin Tigger.*/obj Tigger.Tests/Benchmarks/bin Tigger.Tests/Benchmarks/obj
