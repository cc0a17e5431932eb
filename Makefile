# The four words a newcomer needs. Each does its own set-up.
.PHONY: help demo test check bench

help:
	@echo 'make demo    start HealthSync with invented patients at http://$(LISTEN)'
	@echo 'make test    run every test'
	@echo 'make check   format, lints, types and house rules, without running anything'
	@echo 'make bench   measure the release build'

DATA ?= ./data/demo
LISTEN ?= 127.0.0.1:8080

demo:
	@DATA='$(DATA)' LISTEN='$(LISTEN)' scripts/demo

test:
	@scripts/test

check:
	@scripts/check

bench:
	@scripts/bench
