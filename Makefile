# The commands that people and CI use. Each can also be typed by hand.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# Tools with dependencies of their own are pinned in tools/go.mod, so that they do not
# decide with which versions the server is built.
TOOL := go tool -modfile=tools/go.mod

.PHONY: help
help: ## Say what there is (default).
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

.PHONY: gen
gen: ## Generate graph/ and the stubs of resolvers/ from schema/.
	go run ./schema/gen
	gofmt -w graph resolvers

.PHONY: fresh
fresh: gen ## Fail if the generated code is not what the schema makes.
	git diff --exit-code -- graph resolvers
	@left=$$(git ls-files --others --exclude-standard -- graph resolvers); \
	if [[ -n $$left ]]; then echo "generated, but not committed:"; echo "$$left"; exit 1; fi

.PHONY: zones
zones: ## Take over the time zones of the Go toolchain.
	cp "$$(go env GOROOT)/lib/time/zoneinfo.zip" internal/clock/zoneinfo.zip

.PHONY: graphiql
graphiql: ## Fetch GraphiQL and React anew, as their versions stand here.
	@work=$$(mktemp -d); trap 'rm -rf "$$work"' EXIT; cd "$$work"; \
	npm install --silent --no-save --no-audit --no-fund graphiql@3.9.0 react@18.3.1 react-dom@18.3.1; \
	for file in graphiql/graphiql.min.js graphiql/graphiql.min.css react/umd/react.production.min.js react-dom/umd/react-dom.production.min.js; do \
		gzip -9nc "node_modules/$$file" >"$(CURDIR)/internal/gqlhttp/graphiql/$$(basename "$$file").gz"; \
	done; \
	for of in graphiql react; do cp "node_modules/$$of/LICENSE" "$(CURDIR)/internal/gqlhttp/graphiql/LICENSE-$$of"; done

.PHONY: privacy
privacy: ## Print docs/PRIVACY.md from the register of privacy.
	go test -count=1 -run '^TestTheDocumentIsTheRegister$$' ./internal/community -update

.PHONY: noun
noun: ## Add a throw-away noun to a copy, and count the files it has to edit.
	go run ./internal/architecture/newnoun

.PHONY: fmt
fmt: ## Format what people write.
	$(TOOL) golangci-lint fmt

.PHONY: lint
lint: ## Look for mistakes (.golangci.yml).
	$(TOOL) golangci-lint run ./...

.PHONY: test
test: ## Run the tests, on whichever database is there.
	go test ./...

.PHONY: indexes
indexes: ## Run all tests, and name the indexes that none of their queries needs.
	@file=$$(mktemp); trap 'rm -f "$$file"' EXIT; \
	INDEXES_SERVED=$$file go test -count=1 -timeout 60m -skip '^TestEveryIndexHasServed$$' ./... && INDEXES_SERVED=$$file go test -count=1 -run '^TestEveryIndexHasServed$$' ./server

.PHONY: race
race: ## Look for races where goroutines meet (.ci/race says where).
	.ci/race

.PHONY: faults
faults: ## Kill, cut, pause and refuse at full length. FAULTS_SEED=… repeats a run.
	FAULTS=full go test -count=1 -v -p 1 -timeout 90m -run '^Test(Fault|ACrowd)' ./internal/booking ./internal/delivery ./server

.PHONY: crashes
crashes: ## Crash after every write of every mutation, and take each up soon and late (plain tests leave some out).
	CRASHES=full go test -count=1 -timeout 40m -run '^TestCrashAtEvery' ./server

.PHONY: slow
slow: ## Let the monkey try a million operations. MONKEY_SEED=… repeats a run.
	MONKEY_N=$${MONKEY_N:-1000000} MONKEY_SEED=$${MONKEY_SEED:-$$(date +%s)} go test -count=1 -v -timeout 0 -run '^TestMonkey$$' ./server

.PHONY: check
check: fresh lint test ## What must pass before a push.

.PHONY: run
run: ## Start the server. ARGS="-addr 127.0.0.1:9000" hands it flags.
	go run ./server $(ARGS)

.PHONY: bench
bench: ## Measure. Set MONGODB_URI for figures that mean something.
	@if [[ -z $${MONGODB_URI:-} ]]; then echo "without MONGODB_URI, figures that touch a database say little"; fi
	go test -run '^$$' -bench . -benchmem ./...

.PHONY: bench-notify
bench-notify: ## Measure the delivery of notices, against its goals.
	@if [[ -z $${MONGODB_URI:-} ]]; then echo "without MONGODB_URI, figures that touch a database say little"; fi
	go test -run '^$$' -bench '^BenchmarkNotify' -benchtime 1x -p 1 -timeout 90m ./internal/delivery ./server

SERIES ?= 2000

.PHONY: bench-series
bench-series: ## Measure how long the dates of 2,000 series are made, for 13 months. SERIES=200 makes fewer.
	@if [[ -z $${MONGODB_URI:-} ]]; then echo "without MONGODB_URI, figures that touch a database say little"; fi
	SERIES=$(SERIES) go test -run '^$$' -bench '^BenchmarkDatesOfSeries$$' -benchtime 1x -timeout 60m ./internal/event

.PHONY: bench-attend
bench-attend: ## Measure how long people wait who sign up for the last seats all at once.
	@if [[ -z $${MONGODB_URI:-} ]]; then echo "without MONGODB_URI, figures that touch a database say little"; fi
	go test -run '^$$' -bench '^BenchmarkAttendUnderContention$$' -benchtime 1x ./internal/booking

.PHONY: bench-screens
bench-screens: ## Measure what the screens cost the server itself. ROUNDS=6 for benchstat.
	@binary=$$(mktemp); trap 'rm -f "$$binary"' EXIT; go test -c -o "$$binary" ./server; cd server; \
	for round in $$(seq $${ROUNDS:-1}); do "$$binary" -test.run '^$$' -test.bench '^BenchmarkScreens$$' -test.benchmem; done
