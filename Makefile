# The two commands: `make demo` records and builds the Docker deck, `make test` checks and tests everything.
# Both install what they need (Debian or Ubuntu, as root or with sudo) and say so.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
DEMO_RECORDINGS := build/demo/recordings

MACHINE_PACKAGES := qemu-system-x86 qemu-utils mmdebstrap e2fsprogs zstd fakeroot uidmap debian-archive-keyring
TEST_PACKAGES := chromium chromium-headless-shell firefox-esr poppler-utils fonts-dejavu-core fonts-liberation openssh-server bubblewrap iproute2 grub-common grub-pc-bin

.PHONY: demo test test-all machine test-vm test-rest test-browser fuzz check types format codes mutants clean packages-demo packages-test

demo: packages-demo $(VENV)/.installed
	@if $(BIN)/castdeck machine build docker; then \
	    $(BIN)/castdeck build docker --recordings $(DEMO_RECORDINGS); \
	else \
	    echo "No virtual machine can be had here: building from the committed recordings."; \
	    $(BIN)/castdeck build docker --no-record; \
	fi
	@echo "Open it: file://$(CURDIR)/public/docker/index.html"

# All side by side: each waits half of its time, for programs, pages or a machine, and the others use it.
# Virtual machines run one after the other; of the rest, and of the browsers, two tests run at once.
# SLOW=all adds the tests that take minutes, SLOW=changed those of them whose subject has changed (see CONTRIBUTING.md).
SLOW := none
# else each of the five processes that collect tests compiles them all: half of its work
unexport PYTHONDONTWRITEBYTECODE
test: packages-demo packages-test $(VENV)/.installed
	$(MAKE) --jobs=4 --output-sync=target --keep-going check test-vm test-rest test-browser

machine:
	$(BIN)/castdeck machine build docker

test-all:
	$(MAKE) test SLOW=all

test-vm: machine
	$(BIN)/python -m pytest -m vm --slow $(SLOW)

# With a cache of its own: tests look at what is left in it, and the other group has machines running in theirs.
test-rest:
	CASTDECK_CACHE=$(CURDIR)/build/test-cache $(BIN)/python -m pytest -m "not vm and not browser" --slow $(SLOW) \
	    -p no:cacheprovider --numprocesses 2 --dist worksteal

# By themselves: Playwright has an event loop run for as long as its browser lives, and no other can start beside it.
test-browser:
	CASTDECK_CACHE=$(CURDIR)/build/browser-cache $(BIN)/python -m pytest -m "browser and not vm" --slow $(SLOW) \
	    -p no:cacheprovider --numprocesses 2 --dist loadfile

# About an hour: each parser of foreign text with many more examples than in the suite.
fuzz: $(VENV)/.installed
	nice $(BIN)/python -m tests.hostile.fuzz --minutes $(or $(MINUTES),60)

check: $(VENV)/.installed
	$(BIN)/ruff format --check builder tests benchmarks
	$(BIN)/ruff check builder tests benchmarks
	$(BIN)/mypy
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory types; \
	else echo "No npm here: the types of the browser code are not checked."; fi

# The types of the browser code (JavaScript), by TypeScript.
types: builder/types/node_modules/.installed
	builder/types/node_modules/.bin/tsc --project builder/types

builder/types/node_modules/.installed: builder/types/package-lock.json
	cd builder/types && npm ci --ignore-scripts --no-audit --no-fund --silent
	@touch $@

format: $(VENV)/.installed
	$(BIN)/ruff format builder tests benchmarks
	$(BIN)/ruff check --fix builder tests benchmarks

# The tables of problem codes in docs/check.md, from builder/castdeck/codes.py.
codes: $(VENV)/.installed
	$(BIN)/python -m tests.check.codes_table

# Breaks the code in every way that mutmut knows, and tells how many of the changes neither mypy nor a test notices, and
# which. Of those that mypy accepts, every tenth is tested, another sample with FIRST=5. EVERY=1 is all, which takes a
# day; PACKAGE=cast one package.
PACKAGE := deck cast record
EVERY := 10
FIRST := 0
mutants: $(VENV)/.installed
	rm -rf build/mutants && mkdir -p build/mutants/src
	cp -r builder/castdeck build/mutants/src
	cp -r pyproject.toml README.md tests themes docs slides recordings castdeck.toml build/mutants
	cd build/mutants && CASTDECK_CACHE=$(CURDIR)/build/mutants/cache \
	    $(CURDIR)/$(BIN)/python -m tests.mutants --every $(EVERY) --first $(FIRST) $(PACKAGE)

packages-demo:
	@$(call install_missing,$(MACHINE_PACKAGES))
	@command -v $(PYTHON) >/dev/null && $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { $(call install_missing,python3-venv); }

packages-test:
	@$(call install_missing,$(TEST_PACKAGES))

# Installs the packages of $(1) that are not there yet. What this system has not (Ubuntu has no firefox-esr) is said and left
# out: what needs it says so, and its tests are skipped. Where there is no apt, it says what is wanted and goes on.
define install_missing
missing=""; for package in $(1); do dpkg -s $$package >/dev/null 2>&1 || missing="$$missing $$package"; done; \
if [ -n "$$missing" ] && ! command -v apt-get >/dev/null; then echo "Wanted from your system's packages:$$missing"; \
elif [ -n "$$missing" ]; then \
    $(SUDO) apt-get update -qq; found=""; \
    for package in $$missing; do \
        if apt-cache show $$package >/dev/null 2>&1; then found="$$found $$package"; \
        else echo "Not among this system's packages: $$package"; fi; \
    done; \
    if [ -n "$$found" ]; then \
        echo "Installing packages:$$found"; \
        $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$found >/dev/null; \
    fi; \
fi
endef

$(VENV)/.installed: pyproject.toml builder/build_hook.py builder/browser/package-lock.json builder/browser/reveal-changes.toml
	@echo "Installing castdeck and its Python packages into $(VENV)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	@$(BIN)/python -m pip install --quiet --no-compile --group dev --editable .  # each module is compiled at its first use
	@touch $@

clean:
	rm -rf $(VENV) build dist public .mypy_cache .ruff_cache .pytest_cache
