# Everything a newcomer runs. `make demo` and `make test` do all the set-up.
.DELETE_ON_ERROR:

PREFIX ?= /usr/local
# One release build serves the command line, the demo and the tests.
SWIFT_BUILD = swift build -c release
SWIFT_TEST = swift test -c release --disable-xctest --disable-testable-imports

.PHONY: demo test build dependencies lint format bench bench-check bench-accept fuzz install clean

demo: build
	@scripts/demo

test: dependencies
	$(SWIFT_TEST) $(if $(FILTER),--filter $(FILTER))

build: dependencies
	$(SWIFT_BUILD) --product pejling

dependencies:
	@scripts/dependencies

bench:
	swift run -c release bench $(WORKLOADS)

# No hot path slower than the committed numbers; at most three minutes.
bench-check: dependencies
	$(SWIFT_BUILD) --product bench
	.build/release/bench --check Benchmarks/guard.json

# make bench-accept REASON="why it may be slower, or that it is faster" [WORKLOADS="W1 W4"]
bench-accept: dependencies
	$(SWIFT_BUILD) --product bench
	.build/release/bench --accept Benchmarks/guard.json --reason "$(REASON)" $(WORKLOADS)

# Damaged copies of a small file of each format, and libFuzzer on each grammar:
# make fuzz COPIES=20000 SEED=1 TIME=120 GRAMMARS="csv sav"
fuzz: dependencies
	$(SWIFT_BUILD) --product fuzz
	@scripts/fuzz $(or $(COPIES),20000) $(or $(SEED),1)
	PEJLING_FUZZ=1 $(SWIFT_BUILD) --product grammar-fuzz --scratch-path .build-fuzz \
	  -Xswiftc -sanitize=fuzzer -Xswiftc -use-ld=lld -Xcc -fsanitize=fuzzer-no-link
	@scripts/fuzz-grammars $(or $(TIME),120) $(GRAMMARS)

lint:
	swift format lint --strict --recursive --parallel Package.swift Sources Tests Benchmarks/bench

format:
	swift format --in-place --recursive --parallel Package.swift Sources Tests Benchmarks/bench

install: dependencies
	swift build -c release --product pejling --static-swift-stdlib --scratch-path .build-static
	install -D -m 755 .build-static/release/pejling $(DESTDIR)$(PREFIX)/bin/pejling

clean:
	rm -rf .build .build-static .build-fuzz
