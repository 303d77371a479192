# Targets for a person and for CI alike; `make` lists them.

SHELL := bash
GO    ?= go
# nomsgpack: gin without its MessagePack codec, which nothing here speaks.
TAGS  := -tags nomsgpack
# The race detector watches all code but SQLite's, C that was turned into Go, which it makes
# many times slower. `make race` watches that too, and the nightly run in some packages.
RACE  := -race -gcflags='modernc.org/...=-race=false'
LINT  := $(GO) tool -modfile=tools/go.mod golangci-lint

# What `entangle version` says; nothing where this is no repository of git.
VERSION   ?= $(shell git describe --tags --always --dirty 2>/dev/null)
BINARY    ?= entangle
TRIM      ?= -trimpath
FUZZTIME  ?= 10s
BENCH     ?= .
PACKAGES  ?= ./...
SEED      ?= 1
# What the property tests draw: the same for everybody. 0 draws anew: make race RAPID_SEED=0
export RAPID_SEED ?= 1
NEO4J_DIR ?= .neo4j

.DEFAULT_GOAL := help
.PHONY: help check deps-test short build man release nightly mutants test race fuzz bench bench-kernels bench-price large oracles cover lint fmt generate web vuln neo4j-newest neo4j-up neo4j-down

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

check: deps-test ## what a change has to pass: vet, build everything, test with the race detector; ends with what was not run
	$(GO) vet $(TAGS) ./...
	$(GO) vet $(TAGS),large ./queries
	$(GO) build $(TAGS) ./...
	RAPID_SEED= scripts/properties
	set -o pipefail; $(GO) test $(TAGS) $(RACE) -timeout 40m -json ./... | $(GO) run $(TAGS) ./scripts/notrun

deps-test: ## see to what the tests need beside Go: root on Debian gets what is missing of Chromium, Node, Java and Maven
	@scripts/deps

short: ## test each package without its long tests, and tell which took over 15 s
	@set -o pipefail; $(GO) test $(TAGS) -short -count=1 -p 1 ./... | \
		awk '{ print } $$1 == "ok" && $$3 + 0 > 15 { slow = slow " " $$2 } END { if (slow) { print "over 15 s:" slow; exit 1 } }'

build: ## build the binary ./entangle, which tells its version
	$(GO) build $(TAGS) $(TRIM) -buildvcs=auto -ldflags '-X main.version=$(VERSION)' -o $(BINARY) ./cmd/entangle

man: build ## write the manual pages to man/
	./$(BINARY) man man

release: ## build the archives of a tagged commit into dist/: make release VERSION=v1.2.3
	@scripts/release '$(VERSION)'

nightly: ## what is too long for every change: large cascades, fuzzing for FUZZTIME (30s) a target, many fresh draws, the newest Neo4j, a release twice
	@$(if $(filter command line environment,$(origin FUZZTIME)),FUZZTIME=$(FUZZTIME)) scripts/nightly

test: ## run the tests, without the race detector
	$(GO) test $(TAGS) ./...

race: ## run the tests with the race detector, which watches SQLite too
	$(GO) test $(TAGS) -race -timeout 40m ./...

fuzz: ## fuzz each target for FUZZTIME (10s)
	@FUZZTIME=$(FUZZTIME) scripts/fuzz

bench: ## run the Go benchmarks whose names match BENCH (all)
	$(GO) test $(TAGS) -run '^$$' -bench '$(BENCH)' -benchmem ./...

large: ## cascades of the literature at their published size, out of the purge kernel (takes a quarter of an hour)
	$(GO) test $(TAGS),large -run 'AtSize$$' -v -timeout 60m ./queries

oracles: ## ask the Python libraries of bench/oracles the same questions (needs Python and the network once)
	bench/oracles/run

bench-neo4j: ## load and query a Neo4j, held against LOAD CSV and @neo4j/graphql (bench/neo4j/README.md)
	bench/neo4j/run

bench-kernels: ## measure the kernels beside Python's graph libraries (needs Python; takes minutes)
	bench/kernels/run

bench-price: ## fit what questions cost to the processor time that they take (bench/price/README.md)
	$(GO) run $(TAGS) ./bench/price

cover: ## test and report which statements ran, in coverage/
	@mkdir -p coverage
	$(GO) test $(TAGS) -coverpkg=./... -coverprofile=coverage/cover.out ./...
	$(GO) tool cover -html=coverage/cover.out -o coverage/cover.html
	$(GO) tool cover -func=coverage/cover.out | tail -n 1

lint: ## run the linters and look for code that Go now says better
	$(LINT) run
	$(GO) fix -diff $(TAGS) ./...

fmt: ## format the Go files
	$(LINT) fmt

generate: ## write the generated files anew
	$(GO) generate $(TAGS) ./...

web: ## build the browser page anew, web/dist (needs Node)
	cd web/graphiql && npm ci && npm run build

mutants: ## change 40 small things per package and print what no test notices (PACKAGES=./schema/exec SEED=2; some hours for all)
	$(GO) run $(TAGS) ./bench/mutants -packages '$(PACKAGES)' -seed $(SEED)


vuln: ## look for known vulnerabilities (needs the network)
	$(GO) run golang.org/x/vuln/cmd/govulncheck@v1.8.0 $(TAGS) ./...

neo4j-newest: ## test the Neo4j store on the newest Neo4j, in Cypher 5 and in Cypher 25 (needs Java 21 or newer; some minutes)
	@NEO4J_VERSION=newest scripts/neo4j needs
	@set -e; for cypher in 5 25; do \
		echo "the newest Neo4j, Cypher $$cypher:"; \
		env -u ENTANGLE_TEST_NEO4J_URI NEO4J_VERSION=newest ENTANGLE_TEST_NEO4J_CYPHER=$$cypher \
			$(GO) test $(TAGS) -count=1 -timeout 40m ./graph/neo4jstore; \
	done

neo4j-up: ## start a Neo4j in NEO4J_DIR (.neo4j) without Docker
	scripts/neo4j start $(NEO4J_DIR)

neo4j-down: ## stop it
	scripts/neo4j stop $(NEO4J_DIR)
