# Everything a newcomer runs. `make demo` and `make test` do all the set-up.
.DELETE_ON_ERROR:

PREFIX ?= /usr/local
# One release build serves the command line, the demo and the tests.
SWIFT_BUILD = swift build -c release
SWIFT_TEST = swift test -c release --disable-xctest --disable-testable-imports

.PHONY: demo test build dependencies lint format bench bench-check bench-accept install clean

demo: build
	@scripts/demo

test: dependencies
	$(SWIFT_TEST) $(if $(FILTER),--filter $(FILTER))

build: dependencies
	$(SWIFT_BUILD) --product pejling

dependencies:
	@scripts/dependencies

lint:
	swift format lint --strict --recursive --parallel Package.swift Sources Tests

format:
	swift format --in-place --recursive --parallel Package.swift Sources Tests

install: dependencies
	swift build -c release --product pejling --static-swift-stdlib --scratch-path .build-static
	install -D -m 755 .build-static/release/pejling $(DESTDIR)$(PREFIX)/bin/pejling

clean:
	rm -rf .build .build-static
