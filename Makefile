# The loop of a contributor; .ci/run runs the same targets. `make help` lists them.

# Each tool has a go.mod of its own, so that ours lists only what the program uses and no tool drags another's versions.
SQLC          := go tool -modfile=tools/go.mod sqlc
GOLANGCI_LINT := go tool -modfile=tools/lint/go.mod golangci-lint

# More flags for go test, such as TESTFLAGS='-run Accept'.
TESTFLAGS ?=

.DEFAULT_GOAL := help
.PHONY: help generate lint test race fault browser verify run

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

generate: ## write what is derived: the Go of queries/, formatting, go.mod
	$(SQLC) generate
	$(GOLANGCI_LINT) fmt
	go mod tidy

lint: ## formatting, go vet, linters
	$(GOLANGCI_LINT) fmt --diff
	go vet ./...
	$(GOLANGCI_LINT) run

test: ## every test, on a real PostgreSQL that the tests start
	go test $(TESTFLAGS) ./...

race: ## every test under the race detector
	go test -race $(TESTFLAGS) ./...

fault: ## every fault: killed processes, broken providers, a restarted database, random walks, a burst; some minutes
	go test -tags fault -run Fault -timeout 60m $(TESTFLAGS) . ./desk

browser: ## the pages of the demo in a real browser: every width, both looks
	go test -tags browser $(TESTFLAGS) ./internal/sandbox/web

verify: ## fail if generated code or go.mod is stale, a query does not prepare, or another system does not compile
	go mod tidy -diff
	$(SQLC) diff
	.ci/with-postgres $(SQLC) vet
	GOOS=darwin go build ./...
	GOOS=windows go build ./...

run: ## the demo: a company, a local Slack, phones and mailbox in the browser
	go run . demo
