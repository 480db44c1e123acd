# `make run` and `make test` work from a bare checkout; what they need is installed first (.ci/tools.sh).

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run build check test screenshots bench lint fuzz chaos audit tools clean

# The pinned tools, whatever else is installed.
export PATH := $(CURDIR)/.tools/bin:$(PATH)

help: ## Lists the targets
	@sed -nE 's/^([a-z]+):.*## (.*)/  make \1	\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 16

run: build ## Builds and serves it at http://127.0.0.1:3000
	@exec target/release/portaria serve

build: ## Leaves target/release/portaria, pages and assets inside
	@.ci/tools.sh build
	cargo leptos build --release -P
	@test -x target/release/portaria || { echo "no target/release/portaria: the build failed above" >&2; exit 1; }
	@ls -l target/release/portaria

test: ## Runs every test: formatting, lints, documentation, Rust, the audit, chaos, made-up requests, OpenID clients of others, the examples, proxies, then a browser against the release build, twice: as it is, and under another brand
	@.ci/tools.sh test
	@$(MAKE) --no-print-directory check
	cargo test -p portaria -p text -p app -p live -p server -p photo -p private-postgres -p settings -p fuzz-targets
	@.ci/audit.sh
	@$(MAKE) --no-print-directory build
	@if command -v python3 >/dev/null; then ops/chaos/run.py target/release/portaria; else echo "chaos: SKIPPED: no python3"; fi
	ops/schemathesis/run.sh target/release/portaria
	ops/openid-clients/run.sh target/release/portaria
	examples/test.sh target/release/portaria
	ops/nginx/test.sh target/release/portaria
	cd end2end && npm test && npm run branded

screenshots: ## Takes pictures of every page and state, and renews those that `make test` compares with (CONTRIBUTING.md); PORTARIA_BIN: a release build that is there
	@.ci/tools.sh pictures
	@if [ -z "$$PORTARIA_BIN" ]; then $(MAKE) --no-print-directory build; fi
	cd end2end && npm run screenshots
	@git status --short end2end/pictures end2end/trees style/readme-screenshot.png

bench: ## Measures the product beside a bare server, and its pages by Lighthouse (bench/README.md); PORTARIA_BIN: a release build that is there
	@.ci/tools.sh bench
	@mkdir -p target/site
	@if [ -z "$$PORTARIA_BIN" ]; then $(MAKE) --no-print-directory build; fi
	cargo build --release -p bench
	target/release/bench

lint: ## What `make test` checks first: formatting, clippy and the documentation of the code, warnings refused
	@.ci/tools.sh rust
	@$(MAKE) --no-print-directory check

check:
	cargo fmt --all --check
	@mkdir -p target/site
	cargo clippy -p portaria -p text -p app -p live -p server -p photo -p private-postgres -p settings -p fuzz-targets -p bench --all-targets -- -D warnings
	cargo clippy -p frontend --target wasm32-unknown-unknown --target-dir target/front -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --no-deps --document-private-items --lib -p portaria -p text -p server -p photo -p private-postgres -p settings

audit: ## Checks what it is made of: licences, sources and bans of crates, open advisories
	@.ci/tools.sh audit
	@.ci/audit.sh

FUZZ_SECONDS ?= 600

fuzz: ## A million sequences through the model of the sign-up; then every parser that strangers reach, FUZZ_SECONDS (600) each
	@.ci/tools.sh rust
	@mkdir -p target/site
	fuzz/run.sh $(FUZZ_SECONDS)

chaos: ## Breaks what it stands on: killed nodes, a failing Postgres, a cluster that fails over, lying carriers, floods
	@.ci/tools.sh chaos
	@$(MAKE) --no-print-directory build
	ops/chaos/run.py --all target/release/portaria

tools: ## Installs what the other targets need
	@.ci/tools.sh test

clean: ## Removes what was built; the data folder .portaria stays
	cargo clean
	rm -rf .tools end2end/node_modules end2end/test-results end2end/playwright-report examples/node_modules ops/openid-clients/node_modules examples/*/dist examples/client/src/generated
